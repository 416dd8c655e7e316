/*
 * Participation API, 5.6: activities are made, read, listed, changed and deleted; and what a field may be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness_api.h"

#define NO_ACTIVITY "404 ACTIVITY_NOT_FOUND Activity not found"
#define NOWHERE "00000000-0000-4000-8000-000000000000"
#define ACTIVITY "activity_id:uuid number:int slug:text? organizer_user_id:uuid? organizer_username:text title:text description:text?" \
    " activity_type:text privacy:text status:text scheduled_at:time? duration_minutes:int? joinable_at_free:time? max_participants:int?" \
    " waitlist_enabled:bool organizer_participates:bool current_participants_count:int waitlist_count:int location_name:text? city:text?" \
    " language:text tags:list created_at:time updated_at:time completed_at:time? cancelled_at:time?"

/* ---- create ------------------------------------------------------------------------------------------------ */

START_TEST(what_is_left_out_has_its_default)
{
    person_t mira = person("mira");
    live_reply_t *reply = api_post(&mira, "{'title': 'Night ride', 'scheduled_at': '2131-05-04T18:00:00+02:00', 'status': 'published', 'x': {}}",
                                   "/activities");

    live_expect(reply, 201);
    expect_shape(reply, "", ACTIVITY);
    expect_like(reply, "", "{'slug': null, 'organizer_user_id': '%s', 'title': 'Night ride', 'description': null, 'activity_type': 'standard',"
                " 'privacy': 'public', 'status': 'published', 'scheduled_at': '2131-05-04T16:00:00Z', 'duration_minutes': null, 'joinable_at_free': null,"
                " 'max_participants': null, 'waitlist_enabled': true, 'organizer_participates': true, 'current_participants_count': 1,"
                " 'waitlist_count': 0, 'location_name': null, 'city': null, 'language': 'en', 'tags': [], 'completed_at': null, 'cancelled_at': null}",
                mira.id);
    ck_assert_str_eq(live_header(reply, "Location"), live_text(API "/activities/%s", live_string(reply, "activity_id")));
    ck_assert_ptr_null(live_header(reply, "ETag"));
    expect_like(api_get(&mira, "/activities/%s", live_string(reply, "activity_id")), "", "%s", reply->body);
}
END_TEST

START_TEST(all_that_is_given_is_kept)
{
    person_t mira = person("mira");
    const char *members = "'title': '  T\\u00eate-\\u00e0-t\\u00eate \\ud83d\\ude00\\t', 'description': '', 'activity_type': 'womens_only',"
        " 'privacy': 'invite_only', 'status': 'draft', 'scheduled_at': '2131-05-04T18:00:00.123456Z', 'duration_minutes': 10080,"
        " 'joinable_at_free': '2131-05-04T18:00:00.123456Z', 'max_participants': 100000, 'waitlist_enabled': false, 'organizer_participates': false,"
        " 'location_name': '', 'city': 'Gent', 'language': 'nl-BE', 'tags': ['b', 'a', 'B']";
    live_reply_t *reply = api_post(&mira, live_text("{%s}", members), "/activities");

    live_expect(reply, 201);
    expect_like(reply, "", "{%s, 'current_participants_count': 0}", members);
    reply = api_post(&mira, "{'title': 'x', 'scheduled_at': '2131-05-04T18:00:00Z', 'tags': ['a', 'b', 'a', 'c', 'b']}", "/activities");
    expect_like(reply, "tags", "['a', 'b', 'c']");
}
END_TEST

START_TEST(a_schedule_must_be_ahead)
{
    person_t mira = person("mira");

    expect_refusal(api_post(&mira, "{'title': 'x', 'scheduled_at': '2020-05-04T18:00:00Z', 'joinable_at_free': '2030-05-04T18:00:00Z'}", "/activities"),
                   "400 INVALID_SCHEDULE scheduled_at must be in the future");
    expect_refusal(api_post(&mira, "{'title': 'x', 'status': 'draft', 'scheduled_at': '2020-05-04T18:00:00Z'}", "/activities"),
                   "400 INVALID_SCHEDULE scheduled_at must be in the future");
    expect_refusal(api_post(&mira, "{'title': 'x', 'scheduled_at': '2131-05-04T18:00:00Z', 'joinable_at_free': '2131-05-04T18:00:00.000001Z'}", "/activities"),
                   "400 INVALID_SCHEDULE joinable_at_free must not be after scheduled_at");
}
END_TEST

/* ---- what a field may be: for create and, but for the last three, for update alike -------------------------- */

#define TEXT_255 "LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL" \
                 "LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL"
#define TEXT_100 "LLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLLL"

static const struct {
    const char *member, *place;         /* NULL: it is accepted */
} FIELDS[] = {
    {"'title': '" TEXT_255 "'", NULL},
    {"'title': '" TEXT_255 "L'", "body.title"},
    {"'title': ''", "body.title"},
    {"'title': ' \\t\\n\\u3000'", "body.title"},
    {"'title': '.'", NULL},
    {"'title': null", "body.title"},
    {"'title': 5", "body.title"},
    {"'title': ['x']", "body.title"},
    {"'title': 'a\\u0000'", "body.title"},
    {"'description': null", NULL},
    {"'description': {}", "body.description"},
    {"'description': true", "body.description"},
    {"'activity_type': 'xxl'", NULL},
    {"'activity_type': 'mens_only'", NULL},
    {"'activity_type': 'XXL'", "body.activity_type"},
    {"'activity_type': ''", "body.activity_type"},
    {"'activity_type': null", "body.activity_type"},
    {"'privacy': 'friends_only'", NULL},
    {"'privacy': 'private'", "body.privacy"},
    {"'privacy': null", "body.privacy"},
    {"'status': 'gone'", "body.status"},
    {"'status': null", "body.status"},
    {"'status': 1", "body.status"},
    {"'scheduled_at': '2131-05-04T18:00:00Z'", NULL},
    {"'scheduled_at': '2131-05-04t18:00:00z'", NULL},
    {"'scheduled_at': '2131-05-04T18:00:00.1+23:59'", NULL},
    {"'scheduled_at': '2132-02-29T18:00:00-00:00'", NULL},
    {"'scheduled_at': '9999-12-31T23:59:59Z'", NULL},
    {"'scheduled_at': '9999-12-31T23:59:59-00:01'", "body.scheduled_at"},
    {"'scheduled_at': '0000-05-04T18:00:00Z'", "body.scheduled_at"},
    {"'scheduled_at': '2131-05-04T18:00:00'", "body.scheduled_at"},
    {"'scheduled_at': '2131-05-04 18:00'", "body.scheduled_at"},
    {"'scheduled_at': '2131-02-29T18:00:00Z'", "body.scheduled_at"},
    {"'scheduled_at': '2131-13-01T18:00:00Z'", "body.scheduled_at"},
    {"'scheduled_at': '2131-05-04T24:00:00Z'", "body.scheduled_at"},
    {"'scheduled_at': '2131-05-04T18:00:00+24:00'", "body.scheduled_at"},
    {"'scheduled_at': '2131-05-04'", "body.scheduled_at"},
    {"'scheduled_at': 'tomorrow'", "body.scheduled_at"},
    {"'scheduled_at': 4102444800", "body.scheduled_at"},
    {"'scheduled_at': null", "body.scheduled_at"},
    {"'duration_minutes': 1", NULL},
    {"'duration_minutes': null", NULL},
    {"'duration_minutes': 0", "body.duration_minutes"},
    {"'duration_minutes': 10081", "body.duration_minutes"},
    {"'duration_minutes': 1.5", "body.duration_minutes"},
    {"'duration_minutes': '60'", "body.duration_minutes"},
    {"'duration_minutes': true", "body.duration_minutes"},
    {"'joinable_at_free': null", NULL},
    {"'joinable_at_free': '2030-05-04'", "body.joinable_at_free"},
    {"'joinable_at_free': 0", "body.joinable_at_free"},
    {"'max_participants': 1", NULL},
    {"'max_participants': null", NULL},
    {"'max_participants': 0", "body.max_participants"},
    {"'max_participants': -1", "body.max_participants"},
    {"'max_participants': 100001", "body.max_participants"},
    {"'max_participants': 9223372036854775807", "body.max_participants"},
    {"'max_participants': '12'", "body.max_participants"},
    {"'waitlist_enabled': false", NULL},
    {"'waitlist_enabled': 1", "body.waitlist_enabled"},
    {"'waitlist_enabled': 'true'", "body.waitlist_enabled"},
    {"'waitlist_enabled': null", "body.waitlist_enabled"},
    {"'location_name': '" TEXT_255 "'", NULL},
    {"'location_name': '" TEXT_255 "L'", "body.location_name"},
    {"'location_name': null", NULL},
    {"'city': '" TEXT_100 "'", NULL},
    {"'city': '" TEXT_100 "L'", "body.city"},
    {"'city': null", NULL},
    {"'city': 9000", "body.city"},
    {"'language': 'de'", NULL},
    {"'language': 'DE'", "body.language"},
    {"'language': 'de-be'", "body.language"},
    {"'language': 'deu'", "body.language"},
    {"'language': 'de\\n'", "body.language"},
    {"'language': ''", "body.language"},
    {"'language': null", "body.language"},
    {"'tags': []", NULL},
    {"'tags': ['" TEXT_100 "']", NULL},
    {"'tags': ['a', '" TEXT_100 "L']", "body.tags[1]"},
    {"'tags': ['']", "body.tags[0]"},
    {"'tags': ['a', 'b', 3, null]", "body.tags[2] body.tags[3]"},
    {"'tags': ['1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16','17','18','19','20']", NULL},
    {"'tags': ['1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16','17','18','19','20','21']", "body.tags"},
    {"'tags': 'a'", "body.tags"},
    {"'tags': {'0': 'a'}", "body.tags"},
    {"'tags': null", "body.tags"},
    {"'title': 3, 'city': 4, 'tags': [5]", "body.title body.city body.tags[0]"},
    /* of createActivity alone */
    {"'organizer_participates': 0", "body.organizer_participates"},
    {"'organizer_participates': null", "body.organizer_participates"},
    {"'status': 'cancelled'", "body.status"},
};
#define FIELD_COUNT ((int)(sizeof FIELDS / sizeof *FIELDS))
#define OF_CREATE_ALONE 3

START_TEST(a_field_of_create)
{
    person_t mira = person("mira");
    int has_time = strstr(FIELDS[_i].member, "scheduled_at") != NULL, has_title = strstr(FIELDS[_i].member, "title") != NULL;
    live_reply_t *reply = api_post(&mira, live_text("{%s%s%s}", has_title ? "" : "'title': 'x', ",
                                                    has_time ? "" : "'scheduled_at': '2131-05-04T18:00:00Z', ", FIELDS[_i].member), "/activities");

    if (FIELDS[_i].place) {
        expect_places(reply, FIELDS[_i].place);
    } else {
        live_expect(reply, 201);
    }
}
END_TEST

START_TEST(a_field_of_update)
{
    person_t mira = person("mira");
    char *id = outing(&mira, NULL);
    live_reply_t *reply = api_patch(&mira, live_text("{%s}", FIELDS[_i].member), "/activities/%s", id);

    if (FIELDS[_i].place) {
        expect_places(reply, FIELDS[_i].place);
    } else {
        live_expect(reply, 200);
    }
}
END_TEST

START_TEST(title_and_time_are_required)
{
    person_t mira = person("mira");
    char description[10001 + 1];

    expect_places(api_post(&mira, "{}", "/activities"), "body.title body.scheduled_at");
    expect_places(api_post(&mira, "{'city': 1, 'title': ''}", "/activities"), "body.title body.scheduled_at body.city");
    expect_places(api_post(&mira, NULL, "/activities"), "body");
    memset(description, 'd', 10001);
    description[10001] = '\0';
    expect_places(api_post(&mira, live_text("{'title': 'x', 'scheduled_at': '2131-05-04T18:00:00Z', 'description': '%s'}", description), "/activities"),
                  "body.description");
    live_expect(api_post(&mira, live_text("{'title': 'x', 'scheduled_at': '2131-05-04T18:00:00Z', 'description': '%s'}", description + 1), "/activities"),
                201);
}
END_TEST

/* ---- read -------------------------------------------------------------------------------------------------- */

START_TEST(who_may_see_an_activity)
{
    person_t mira = person("mira"), jo = person("jo"), eve = person("eve"), ann = person("ann");
    char *draft = outing(&mira, "'status': 'draft'"), *friends = outing(&mira, "'privacy': 'friends_only'");
    char *invited = outing(&mira, "'privacy': 'invite_only'"), *open = outing(&mira, NULL), *xxl = outing(&mira, "'activity_type': 'xxl'");

    block(&eve, &mira);
    live_expect(api_get(&mira, "/activities/%s", draft), 200);
    expect_refusal(api_get(&jo, "/activities/%s", draft), NO_ACTIVITY);
    expect_refusal(api_get(&jo, "/activities/%s", friends), "403 ACCESS_DENIED Access denied");
    expect_refusal(api_get(&jo, "/activities/%s", invited), "403 ACCESS_DENIED Access denied");
    expect_refusal(api_get(&eve, "/activities/%s", open), "403 ACCESS_DENIED Access denied");
    live_expect(api_get(&eve, "/activities/%s", xxl), 200);
    block(&mira, &ann);                                 /* whichever of the two blocks the other */
    expect_refusal(api_get(&ann, "/activities/%s", open), "403 ACCESS_DENIED Access denied");
    live_expect(api_get(&ann, "/activities/%s", xxl), 200);
    expect_refusal(api_get(&jo, "/activities/" NOWHERE), NO_ACTIVITY);
    expect_places(api_get(&jo, "/activities/7d0c"), "path.activity_id");
    befriend(&mira, &jo);
    live_expect(api_get(&jo, "/activities/%s", friends), 200);
    invites(&mira, &jo, invited);
    live_expect(api_get(&jo, "/activities/%s", invited), 200);
    live_sql("UPDATE activity.activity_invitations SET expires_at = now() - interval '1 second' WHERE activity_id = $1::uuid", invited, NULL);
    expect_refusal(api_get(&jo, "/activities/%s", invited), "403 ACCESS_DENIED Access denied");
}
END_TEST

START_TEST(activities_are_listed)
{
    person_t mira = person("mira"), jo = person("jo"), eve = person("eve");
    char *one = outing(&mira, "'scheduled_at': '2131-01-01T00:00:00Z', 'city': 'Gent', 'tags': ['a+b', 'c']");
    char *two = outing(&mira, "'scheduled_at': '2131-01-02T00:00:00Z', 'activity_type': 'xxl', 'city': 'gent'");
    char *three = outing(&mira, "'scheduled_at': '2131-01-03T00:00:00Z', 'privacy': 'friends_only'");
    char *draft = outing(&mira, "'scheduled_at': '2131-01-04T00:00:00Z', 'status': 'draft'");
    const struct {
        const person_t *who;
        const char *query;
        const char *ids;
    } cases[] = {
        {&mira, "", live_text("%s %s %s", one, two, three)},
        {&jo, "", live_text("%s %s", one, two)},
        {&eve, "", live_text("%s", two)},
        {&jo, "&city=Gent", one},
        {&jo, "&city=Gent&city=gent", two},                     /* of a repeated parameter the last counts */
        {&jo, "&tag=a%2Bb", one},
        {&jo, "&tag=a+b", ""},                                  /* + is a space */
        {&jo, "&tag=A%2bb", ""},
        {&jo, "&activity_type=xxl", two},
        {&jo, "&from=2131-01-02T00:00:00Z", two},
        {&jo, "&to=2131-01-02T00:00:00Z", one},
        {&jo, "&from=2131-01-01T01:00:00%2B01:00&to=2131-01-02T00:00:00.000001Z", live_text("%s %s", one, two)},
        {&mira, "&status=draft", draft},
        {&jo, "&status=draft", ""},
        {&jo, "&status=cancelled", ""},
        {&mira, "&limit=1&offset=1", two},
        {&mira, "&offset=3", ""},
    };

    block(&eve, &mira);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        live_reply_t *reply = api_get(cases[i].who, "/activities?organizer_user_id=%s&foo=bar%s", mira.id, cases[i].query);

        live_expect(reply, 200);
        ck_assert_msg(!strcmp(gather(reply, "activities", "activity_id"), cases[i].ids), "%s: %s", cases[i].query, reply->body);
        if (!strstr(cases[i].query, "offset")) {
            ck_assert_int_eq((int)live_int(reply, "total_count"), (int)(strlen(cases[i].ids) + 1) / 37);
        }
    }
    expect_like(api_get(&mira, "/activities?organizer_user_id=%s&limit=1&offset=1", mira.id), "", "{'total_count': 3}");
    expect_shape(api_get(&mira, "/activities?limit=1"), "activities.0", ACTIVITY);
    expect_places(api_get(&mira, "/activities?status=gone&activity_type=&organizer_user_id=7&from=2131-01-01&to=&limit=101&offset=x&city=%s", TEXT_100 "L"),
                  "query.status query.activity_type query.organizer_user_id query.from query.to query.limit query.offset query.city");
}
END_TEST

/* ---- update ------------------------------------------------------------------------------------------------ */

START_TEST(what_is_sent_changes_and_nothing_else)
{
    person_t mira = person("mira"), jo = person("jo");
    char *id = outing(&mira, "'description': 'long', 'city': 'Gent', 'duration_minutes': 60, 'max_participants': 5, 'tags': ['a']");
    live_reply_t *before = api_get(&mira, "/activities/%s", id), *reply = api_patch(&mira, "{}", "/activities/%s", id);

    live_expect(reply, 200);
    expect_shape(reply, "", ACTIVITY);
    expect_like(reply, "", "%s", before->body);
    joins(&jo, id);
    live_expect(api_post(&mira, live_text("{'user_id': '%s'}", jo.id), "/activities/%s/promote", id), 200);
    reply = api_patch(&jo, "{'description': null, 'city': 'Brugge', 'duration_minutes': null, 'organizer_participates': false, 'max_participants': null}",
                      "/activities/%s", id);                    /* staff; the third is of create only, and so unknown */
    expect_like(reply, "", "{'activity_id': '%s', 'description': null, 'city': 'Brugge', 'duration_minutes': null, 'max_participants': null, 'tags': ['a'],"
                " 'title': 'An outing', 'organizer_participates': true, 'current_participants_count': 2}", id);
    expect_like(api_get(&mira, "/activities/%s", id), "", "%s", reply->body);
}
END_TEST

START_TEST(a_higher_limit_promotes_in_order)
{
    person_t mira = person("mira"), a = person("a"), b = person("b"), c = person("c");
    char *id = outing(&mira, "'max_participants': 1");
    live_reply_t *reply;

    joins(&a, id);
    joins(&b, id);
    joins(&c, id);
    reply = api_patch(&mira, "{'max_participants': 3, 'waitlist_enabled': false}", "/activities/%s", id);
    expect_like(reply, "", "{'current_participants_count': 3, 'waitlist_count': 1, 'max_participants': 3}");
    expect_like(api_get(&c, "/activities/%s/participation", id), "", "{'waitlist_position': 1}");
    expect_refusal(api_patch(&mira, "{'max_participants': 2}", "/activities/%s", id),
                   "400 CAPACITY_TOO_LOW max_participants is below the current number of participants");
    expect_like(api_patch(&mira, "{'max_participants': null}", "/activities/%s", id), "", "{'current_participants_count': 4, 'waitlist_count': 0}");
}
END_TEST

START_TEST(updating_is_refused_in_this_order)
{
    person_t mira = person("mira"), jo = person("jo");
    char *past = outing(&mira, NULL), *off = outing(&mira, NULL), *draft = outing(&mira, "'status': 'draft'"), *ride = outing(&mira, NULL);
    char *old_draft = outing(&mira, "'status': 'draft'");
    const struct {
        const person_t *who;
        char *id;
        const char *body, *refusal;
    } cases[] = {
        {&jo, NOWHERE, "{'title': 'x'}", NO_ACTIVITY},
        {&jo, draft, "{'title': 'x'}", NO_ACTIVITY},
        {&jo, ride, "{'status': 'draft'}", "403 NOT_AUTHORIZED Only organizer or co-organizer can update activity"},
        {&mira, off, "{'title': 'x', 'status': 'draft'}", "400 ACTIVITY_CLOSED Activity can no longer be changed"},
        {&mira, off, "{'status': 'published'}", "400 INVALID_STATUS Cannot change status from cancelled to published"},
        {&mira, draft, "{'status': 'completed'}", "400 INVALID_STATUS Cannot change status from draft to completed"},
        {&mira, ride, "{'status': 'draft', 'scheduled_at': '2020-01-01T00:00:00Z'}", "400 INVALID_STATUS Cannot change status from published to draft"},
        {&mira, ride, "{'status': 'completed'}", "400 ACTIVITY_NOT_COMPLETED Activity has not yet completed"},
        {&mira, past, "{'scheduled_at': '2131-01-01T00:00:00Z'}", "400 ACTIVITY_IN_PAST Activity has already occurred"},
        {&mira, old_draft, "{'status': 'published'}", "400 ACTIVITY_IN_PAST Activity has already occurred"},
        {&mira, old_draft, "{'status': 'published', 'scheduled_at': '2020-01-01T00:00:00Z'}", "400 INVALID_SCHEDULE scheduled_at must be in the future"},
        {&mira, ride, "{'scheduled_at': '2020-01-01T00:00:00Z'}", "400 INVALID_SCHEDULE scheduled_at must be in the future"},
        {&mira, ride, "{'joinable_at_free': '2131-01-01T00:00:00Z'}", "400 INVALID_SCHEDULE joinable_at_free must not be after scheduled_at"},
        {&mira, ride, "{'max_participants': 1}", "400 CAPACITY_TOO_LOW max_participants is below the current number of participants"},
    };

    joins(&jo, ride);
    live_expect(api_patch(&mira, "{'status': 'cancelled'}", "/activities/%s", off), 200);
    outing_begins(past);
    outing_begins(old_draft);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_refusal(api_patch(cases[i].who, cases[i].body, "/activities/%s", cases[i].id), cases[i].refusal);
    }
}
END_TEST

START_TEST(a_status_changes_once)
{
    person_t mira = person("mira");
    char *past = outing(&mira, NULL), *off = outing(&mira, NULL), *draft = outing(&mira, "'status': 'draft'"), *old = outing(&mira, "'status': 'draft'");
    live_reply_t *reply;

    outing_begins(past);
    outing_begins(old);
    expect_like(api_patch(&mira, "{'status': 'published'}", "/activities/%s", off), "", "{'status': 'published', 'cancelled_at': null}");
    reply = api_patch(&mira, "{'status': 'cancelled'}", "/activities/%s", off);
    expect_shape(reply, "", "cancelled_at:time");
    expect_like(api_patch(&mira, "{'status': 'cancelled'}", "/activities/%s", off), "", "{'cancelled_at': '%s'}", live_string(reply, "cancelled_at"));
    reply = api_patch(&mira, "{'status': 'completed', 'title': 'Done'}", "/activities/%s", past);
    expect_shape(reply, "", "completed_at:time");
    expect_like(reply, "", "{'status': 'completed', 'title': 'Done', 'cancelled_at': null}");
    live_expect(api_patch(&mira, "{}", "/activities/%s", past), 200);
    expect_refusal(api_patch(&mira, "{'tags': []}", "/activities/%s", past), "400 ACTIVITY_CLOSED Activity can no longer be changed");
    expect_refusal(api_patch(&mira, "{'status': 'cancelled'}", "/activities/%s", past), "400 INVALID_STATUS Cannot change status from completed to cancelled");
    expect_like(api_patch(&mira, "{'status': 'published'}", "/activities/%s", draft), "", "{'status': 'published'}");
    expect_like(api_patch(&mira, "{'scheduled_at': '2131-01-01T00:00:00Z', 'status': 'published'}", "/activities/%s", old), "",
                "{'status': 'published', 'scheduled_at': '2131-01-01T00:00:00Z'}");
}
END_TEST

/* ---- delete ------------------------------------------------------------------------------------------------ */

START_TEST(a_deleted_activity_is_gone_everywhere)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann");
    char *id = outing(&mira, "'privacy': 'invite_only'"), *first = invites(&mira, &jo, id), *second = invites(&mira, &ann, id);
    live_reply_t *reply;

    live_expect(api_post(&jo, NULL, "/invitations/%s/accept", first), 200);
    live_expect(api_post(&mira, live_text("{'user_id': '%s'}", jo.id), "/activities/%s/promote", id), 200);
    expect_refusal(api_delete(&jo, "/activities/%s", id), "403 NOT_ORGANIZER Only organizer can delete activity");
    expect_refusal(api_delete(&jo, "/activities/" NOWHERE), NO_ACTIVITY);
    reply = api_delete(&mira, "/activities/%s", id);
    live_expect(reply, 200);
    expect_shape(reply, "", "activity_id:uuid deleted_at:time message:text");
    expect_like(reply, "", "{'activity_id': '%s', 'message': 'Activity deleted successfully'}", id);
    expect_refusal(api_delete(&mira, "/activities/%s", id), NO_ACTIVITY);
    expect_refusal(api_get(&mira, "/activities/%s", id), NO_ACTIVITY);
    expect_refusal(api_get(&jo, "/activities/%s/participants", id), NO_ACTIVITY);
    expect_refusal(api_patch(&mira, "{'title': 'x'}", "/activities/%s", id), NO_ACTIVITY);
    expect_like(api_get(&mira, "/activities?organizer_user_id=%s", mira.id), "", "{'total_count': 0}");
    expect_like(api_get(&jo, "/users/%s/activities", jo.id), "", "{'total_count': 0}");
    expect_like(api_get(&ann, "/invitations/received"), "", "{'total_count': 0}");
    expect_like(api_get(&mira, "/invitations/sent"), "", "{'total_count': 0}");
    expect_refusal(api_post(&ann, NULL, "/invitations/%s/accept", second), "404 INVITATION_NOT_FOUND Invitation not found");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("participation: activities");
    TCase *tc = tcase_create("activities");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, what_is_left_out_has_its_default);
    tcase_add_test(tc, all_that_is_given_is_kept);
    tcase_add_test(tc, a_schedule_must_be_ahead);
    tcase_add_loop_test(tc, a_field_of_create, 0, FIELD_COUNT);
    tcase_add_loop_test(tc, a_field_of_update, 0, FIELD_COUNT - OF_CREATE_ALONE);
    tcase_add_test(tc, title_and_time_are_required);
    tcase_add_test(tc, who_may_see_an_activity);
    tcase_add_test(tc, activities_are_listed);
    tcase_add_test(tc, what_is_sent_changes_and_nothing_else);
    tcase_add_test(tc, a_higher_limit_promotes_in_order);
    tcase_add_test(tc, updating_is_refused_in_this_order);
    tcase_add_test(tc, a_status_changes_once);
    tcase_add_test(tc, a_deleted_activity_is_gone_everywhere);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
