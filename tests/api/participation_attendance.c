/*
 * Participation API, 5.3: attendance as staff mark it, confirmed by those who were there.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness_api.h"

#define NOWHERE "00000000-0000-4000-8000-000000000000"
#define NO_ACTIVITY "404 ACTIVITY_NOT_FOUND Activity not found"

static live_reply_t *mark(const person_t *staff, const char *activity, const person_t *whom, const char *status)
{
    return api_post(staff, live_text("{'attendances': [{'user_id': '%s', 'status': '%s'}]}", whom->id, status), "/activities/%s/attendance", activity);
}

static live_reply_t *confirm(const person_t *who, const char *activity, const char *whom)
{
    return api_post(who, live_text("{'activity_id': '%s', 'confirmed_user_id': '%s'}", activity, whom), "/attendance/confirm");
}

static int no_shows(const person_t *who)
{
    return (int)live_int(api_get(who, "/users/%s", who->id), "no_show_count");
}

START_TEST(attendance_is_marked_item_by_item)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann"), bob = person("bob"), cy = person("cy");
    char *id = outing(&mira, NULL);
    live_reply_t *reply;

    joins(&jo, id);
    joins(&ann, id);
    joins(&bob, id);
    live_expect(api_post(&bob, NULL, "/activities/%s/cancel", id), 200);
    outing_begins(id);
    reply = api_post(&mira, live_text("{'attendances': [{'user_id': '%s', 'status': 'no_show'}, {'user_id': '%s', 'status': 'attended'},"
                                      " {'user_id': '" NOWHERE "', 'status': 'attended'}, {'user_id': '%s', 'status': 'attended'},"
                                      " {'user_id': '%s', 'status': 'attended', 'why': 1}]}", jo.id, bob.id, cy.id, ann.id), "/activities/%s/attendance", id);
    live_expect(reply, 200);
    expect_shape(reply, "", "activity_id:uuid updated_count:int attendances:list failed_updates:list message:text");
    expect_shape(reply, "attendances.0", "user_id:uuid attendance_status:text updated_at:time");
    expect_like(reply, "", "{'activity_id': '%s', 'updated_count': 2, 'attendances': [{'user_id': '%s', 'attendance_status': 'no_show'},"
                " {'user_id': '%s', 'attendance_status': 'attended'}], 'failed_updates': [{'user_id': '%s', 'reason': 'Not a registered participant'},"
                " {'user_id': '" NOWHERE "'}, {'user_id': '%s', 'reason': 'Not a registered participant'}], 'message': 'Attendance updated successfully'}",
                id, jo.id, ann.id, bob.id, cy.id);
    ck_assert_int_eq(no_shows(&jo), 1);
    live_expect(mark(&mira, id, &jo, "no_show"), 200);          /* a repetition holds too, and counts no second time */
    expect_like(mark(&mira, id, &jo, "no_show"), "", "{'updated_count': 1}");
    ck_assert_int_eq(no_shows(&jo), 1);
    live_expect(mark(&mira, id, &jo, "attended"), 200);
    ck_assert_int_eq(no_shows(&jo), 0);
    live_expect(mark(&mira, id, &mira, "attended"), 200);       /* the organizer takes part */
    live_expect(mark(&mira, id, &jo, "no_show"), 200);
    live_expect(api_delete(&mira, "/activities/%s", id), 200);
    ck_assert_int_eq(no_shows(&jo), 1);                         /* which outlives the activity */
    expect_like(api_get(&ann, "/users/%s", jo.id), "", "{'no_show_count': null}");
}
END_TEST

START_TEST(marking_is_refused_in_this_order)
{
    person_t mira = person("mira"), jo = person("jo");
    char *draft = outing(&mira, "'status': 'draft'"), *ride = outing(&mira, NULL), *off = outing(&mira, NULL), *past = outing(&mira, NULL);
    char *twice = live_text("{'attendances': [{'user_id': '%s', 'status': 'attended'}, {'user_id': '%s', 'status': 'no_show'}]}", jo.id, jo.id);

    joins(&jo, ride);
    joins(&jo, past);
    outing_begins(past);
    live_expect(api_patch(&mira, "{'status': 'cancelled'}", "/activities/%s", off), 200);
    expect_refusal(mark(&jo, NOWHERE, &jo, "attended"), NO_ACTIVITY);
    expect_refusal(mark(&jo, draft, &jo, "attended"), NO_ACTIVITY);
    expect_refusal(mark(&jo, ride, &jo, "attended"), "403 NOT_AUTHORIZED Only organizer or co-organizer can mark attendance");
    expect_refusal(mark(&mira, draft, &jo, "attended"), "400 ACTIVITY_NOT_PUBLISHED Activity is not published");
    expect_refusal(mark(&mira, off, &jo, "attended"), "400 ACTIVITY_NOT_PUBLISHED Activity is not published");
    expect_refusal(api_post(&mira, twice, "/activities/%s/attendance", ride), "400 ACTIVITY_NOT_COMPLETED Activity has not yet completed");
    expect_refusal(api_post(&mira, twice, "/activities/%s/attendance", past), "400 DUPLICATE_USER Duplicate user_id in attendances");
    live_expect(api_patch(&mira, "{'status': 'completed'}", "/activities/%s", past), 200);
    live_expect(mark(&mira, past, &jo, "attended"), 200);
}
END_TEST

#define GOOD "{'user_id': '" NOWHERE "', 'status': 'attended'}"

static const struct {
    const char *body, *places;
} BODIES[] = {
    {"{}", "body.attendances"},
    {"{'attendances': []}", "body.attendances"},
    {"{'attendances': null}", "body.attendances"},
    {"{'attendances': " GOOD "}", "body.attendances"},
    {"{'attendances': [" GOOD ", " GOOD ", " GOOD ", {'user_id': '" NOWHERE "', 'status': 'registered'}]}", "body.attendances[3].status"},
    {"{'attendances': [" GOOD ", {'user_id': 'x'}, 7, {}]}", "body.attendances[1].user_id body.attendances[1].status body.attendances[2]"
                                                              " body.attendances[3].user_id body.attendances[3].status"},
    {"{'attendances': [{'user_id': null, 'status': null}]}", "body.attendances[0].user_id body.attendances[0].status"},
    {"{'attendances': [{'user_id': '" NOWHERE "', 'status': true}]}", "body.attendances[0].status"},
};

START_TEST(what_may_be_marked)
{
    person_t mira = person("mira");

    expect_places(api_post(&mira, BODIES[_i].body, "/activities/" NOWHERE "/attendance"), BODIES[_i].places);
}
END_TEST

START_TEST(a_hundred_at_a_time)
{
    person_t mira = person("mira");
    char *items = live_text(GOOD);

    for (int i = 1; i < 100; i++) {
        items = live_text("%s, " GOOD, items);
    }
    expect_refusal(api_post(&mira, live_text("{'attendances': [%s]}", items), "/activities/" NOWHERE "/attendance"), NO_ACTIVITY);
    expect_places(api_post(&mira, live_text("{'attendances': [%s, " GOOD "]}", items), "/activities/" NOWHERE "/attendance"), "body.attendances");
}
END_TEST

START_TEST(who_was_there_confirms)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann"), bob = person("bob"), eve = person("eve");
    char *id = outing(&mira, NULL), *ahead = outing(&mira, NULL), *off = outing(&mira, NULL);
    live_reply_t *reply;

    joins(&jo, id);
    joins(&ann, id);
    joins(&bob, id);
    joins(&eve, id);
    outing_begins(id);
    outing_begins(off);
    live_expect(api_patch(&mira, "{'status': 'cancelled'}", "/activities/%s", off), 200);
    live_expect(mark(&mira, id, &jo, "attended"), 200);
    live_expect(mark(&mira, id, &ann, "attended"), 200);
    live_expect(mark(&mira, id, &eve, "attended"), 200);
    expect_refusal(confirm(&jo, NOWHERE, jo.id), "400 SELF_CONFIRMATION Cannot confirm your own attendance");
    expect_refusal(confirm(&jo, NOWHERE, ann.id), NO_ACTIVITY);
    expect_refusal(confirm(&jo, ahead, ann.id), "400 ACTIVITY_NOT_COMPLETED Activity has not yet completed");
    expect_refusal(confirm(&jo, off, ann.id), "400 ACTIVITY_NOT_COMPLETED Activity has not yet completed");
    expect_refusal(confirm(&bob, id, NOWHERE), "400 CONFIRMER_NOT_ATTENDED You must have attended status to confirm others");
    expect_refusal(confirm(&jo, id, bob.id), "400 CONFIRMED_NOT_ATTENDED User does not have attended status");
    expect_refusal(confirm(&jo, id, NOWHERE), "400 CONFIRMED_NOT_ATTENDED User does not have attended status");

    reply = api_get(&jo, "/attendance/pending");
    live_expect(reply, 200);
    expect_shape(reply, "", "total_count:int pending_verifications:list");
    expect_shape(reply, "pending_verifications.0", "activity_id:uuid title:text scheduled_at:time participants_to_confirm:list");
    expect_shape(reply, "pending_verifications.0.participants_to_confirm.0", "user_id:uuid username:text first_name:text? profile_photo_url:text?");
    expect_like(reply, "", "{'total_count': 1, 'pending_verifications': [{'activity_id': '%s', 'title': 'An outing',"
                " 'participants_to_confirm': [{'user_id': '%s'}, {'user_id': '%s'}]}]}", id, ann.id, eve.id);
    block(&eve, &jo);
    expect_like(api_get(&jo, "/attendance/pending"), "pending_verifications.0.participants_to_confirm", "[{'user_id': '%s'}]", ann.id);

    reply = confirm(&jo, id, ann.id);
    live_expect(reply, 200);
    expect_shape(reply, "", "confirmation_id:uuid activity_id:uuid confirmed_user_id:uuid confirmer_user_id:uuid created_at:time"
                 " verification_count_updated:int message:text");
    expect_like(reply, "", "{'activity_id': '%s', 'confirmed_user_id': '%s', 'confirmer_user_id': '%s', 'verification_count_updated': 1,"
                " 'message': 'Attendance confirmed successfully'}", id, ann.id, jo.id);
    expect_refusal(confirm(&jo, id, ann.id), "400 ALREADY_CONFIRMED You already confirmed this user for this activity");
    expect_like(confirm(&eve, id, ann.id), "", "{'verification_count_updated': 2}");
    expect_like(api_get(&jo, "/attendance/pending"), "", "{'total_count': 0, 'pending_verifications': []}");
    live_expect(mark(&mira, id, &ann, "no_show"), 200);
    expect_like(api_get(&jo, "/users/%s", ann.id), "", "{'verification_count': 2}");
    expect_refusal(confirm(&jo, id, ann.id), "400 CONFIRMED_NOT_ATTENDED User does not have attended status");
    expect_places(api_post(&jo, "{'confirmed_user_id': 7}", "/attendance/confirm"), "body.activity_id body.confirmed_user_id");
    expect_places(api_get(&jo, "/attendance/pending?limit=51"), "query.limit");
    live_expect(api_get(&jo, "/attendance/pending?limit=50"), 200);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("participation: attendance");
    TCase *tc = tcase_create("attendance");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, attendance_is_marked_item_by_item);
    tcase_add_test(tc, marking_is_refused_in_this_order);
    tcase_add_loop_test(tc, what_may_be_marked, 0, sizeof BODIES / sizeof *BODIES);
    tcase_add_test(tc, a_hundred_at_a_time);
    tcase_add_test(tc, who_was_there_confirms);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
