/*
 * Participation API, 5.1, 5.2, 5.5, 7.2, 7.3: joining and leaving, who takes part, co-organizers, the waitlist.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_api.h"

#define NO_ACTIVITY "404 ACTIVITY_NOT_FOUND Activity not found"
#define NOWHERE "00000000-0000-4000-8000-000000000000"

/* An activity with that status, said by the organizer. */
static char *outing_in(const person_t *organizer, const char *status)
{
    char *id = outing(organizer, NULL);

    live_expect(api_patch(organizer, live_text("{'status': '%s'}", status), "/activities/%s", id), 200);
    return id;
}

/* ---- join -------------------------------------------------------------------------------------------------- */

START_TEST(who_joins_has_a_place_or_waits)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann"), cy = person("cy");
    char *id = outing(&mira, "'max_participants': 2");
    live_reply_t *reply = api_post(&jo, NULL, "/activities/%s/join", id);

    live_expect(reply, 200);
    expect_shape(reply, "", "activity_id:uuid user_id:uuid role:text participation_status:text waitlist_position:any joined_at:time message:text");
    expect_like(reply, "", "{'activity_id': '%s', 'user_id': '%s', 'role': 'member', 'participation_status': 'registered',"
                " 'waitlist_position': null, 'message': 'Successfully joined activity'}", id, jo.id);
    live_expect(api_post(&ann, NULL, "/activities/%s/join/", id), 200);
    reply = api_post(&cy, NULL, "/activities/%s/join", id);
    live_expect(reply, 200);
    expect_shape(reply, "", "joined_at:time");
    expect_like(reply, "", "{'activity_id': '%s', 'user_id': '%s', 'role': null, 'participation_status': 'waitlisted', 'waitlist_position': 2,"
                " 'message': 'Activity is full. You have been added to the waitlist at position 2.'}", id, cy.id);
    expect_like(api_get(&jo, "/activities/%s", id), "", "{'current_participants_count': 2, 'waitlist_count': 2}");
}
END_TEST

START_TEST(ids_may_be_written_large)
{
    person_t mira = person("mira"), jo = person("jo");
    char *id = outing(&mira, NULL), *large = live_text("%s", id);

    for (char *c = large; *c; c++) {
        *c = *c >= 'a' && *c <= 'f' ? *c - 32 : *c;
    }
    expect_like(api_post(&jo, NULL, "/activities/%s/join", large), "", "{'activity_id': '%s'}", id);
}
END_TEST

START_TEST(a_body_is_ignored_where_none_is_described)
{
    person_t mira = person("mira"), jo = person("jo");

    live_expect(api_post(&jo, "{'reason': ", "/activities/%s/join", outing(&mira, NULL)), 200);
    live_expect(live_send(&(live_request_t){.path = live_text(API "/users/%s", mira.id), .token = jo.token, .body = "\xff{", .type = "text/plain"}),
                200);
}
END_TEST

START_TEST(joining_is_refused_in_this_order)
{
    person_t mira = person("mira"), jo = person("jo"), eve = person("eve"), bob = person_like("bob", "gender = 'male'");
    person_t ann = person_like("ann", "gender = 'female'");
    char *past = outing(&mira, NULL), *draft = outing(&mira, "'status': 'draft'"), *ride = outing(&mira, NULL);
    char *hosted = outing(&mira, "'organizer_participates': false"), *full = outing(&mira, "'max_participants': 1, 'waitlist_enabled': false");
    char *soon = live_text("'joinable_at_free': '%s'", in_seconds(3600));
    struct {
        const person_t *who;
        char *activity;
        const char *refusal;
    } cases[] = {
        {&jo, NOWHERE, NO_ACTIVITY},
        {&jo, draft, "400 ACTIVITY_NOT_PUBLISHED Activity is not published"},
        {&mira, draft, "400 ACTIVITY_NOT_PUBLISHED Activity is not published"},
        {&jo, outing_in(&mira, "cancelled"), "400 ACTIVITY_NOT_PUBLISHED Activity is not published"},
        {&mira, past, "400 ACTIVITY_IN_PAST Cannot join past activities"},
        {&mira, ride, "400 USER_IS_ORGANIZER Organizer cannot join own activity"},
        {&mira, hosted, "400 USER_IS_ORGANIZER Organizer cannot join own activity"},
        {&jo, ride, "400 ALREADY_JOINED Already joined this activity"},
        {&eve, outing(&mira, "'privacy': 'friends_only'"), "403 BLOCKED_USER Cannot join this activity"},
        {&jo, outing(&mira, "'privacy': 'friends_only', 'activity_type': 'womens_only'"), "403 FRIENDS_ONLY Activity is friends only"},
        {&bob, outing(&mira, "'privacy': 'invite_only', 'activity_type': 'womens_only'"), "403 INVITE_ONLY Activity is invite only"},
        {&bob, outing(&mira, live_text("'activity_type': 'womens_only', %s", soon)), "403 GENDER_RESTRICTED Activity is for women only"},
        {&ann, outing(&mira, live_text("'activity_type': 'mens_only', %s", soon)), "403 GENDER_RESTRICTED Activity is for men only"},
        {&bob, outing(&mira, live_text("'max_participants': 1, 'waitlist_enabled': false, %s", soon)),
         "403 PREMIUM_ONLY_PERIOD Activity is currently only open to Premium members"},
        {&bob, full, "400 ACTIVITY_FULL Activity is full"},
    };

    joins(&jo, ride);
    outing_begins(past);
    block(&eve, &mira);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_refusal(api_post(cases[i].who, NULL, "/activities/%s/join", cases[i].activity), cases[i].refusal);
    }
    live_expect(api_delete(&mira, "/activities/%s", full), 200);
    expect_refusal(api_post(&jo, NULL, "/activities/%s/join", full), NO_ACTIVITY);
}
END_TEST

START_TEST(who_waits_has_joined_already)
{
    person_t mira = person("mira"), jo = person("jo");
    char *id = outing(&mira, "'max_participants': 1");

    joins(&jo, id);
    expect_refusal(api_post(&jo, NULL, "/activities/%s/join", id), "400 ALREADY_JOINED Already joined this activity");
}
END_TEST

START_TEST(these_pass)
{
    person_t mira = person("mira"), eve = person("eve"), jo = person("jo"), ann = person_like("ann", "gender = 'female'");
    person_t flo = person_like("flo", "subscription_level = 'club'"), fay = person("fay");
    char *period = outing(&mira, live_text("'joinable_at_free': '%s'", in_seconds(3600)));
    char *invited = outing(&mira, "'privacy': 'invite_only'"), *invitation = invites(&mira, &jo, invited);

    block(&mira, &eve);
    befriend(&mira, &jo);
    joins(&eve, outing(&mira, "'activity_type': 'xxl'"));
    joins(&jo, outing(&mira, "'privacy': 'friends_only'"));
    joins(&ann, outing(&mira, "'activity_type': 'womens_only'"));
    joins(&jo, outing(&mira, "'activity_type': 'mens_only'"));      /* a gender that is not known passes */
    joins(&flo, period);
    /* the token's level holds for the request; one that is unknown does not */
    fay.token = live_token_of(quoted(live_text("{'sub': '%s', 'exp': %lld, 'subscription_level': 'gold'}", fay.id, live_now() + 60)));
    live_expect(api_post(&fay, NULL, "/activities/%s/join", period), 403);
    fay.token = live_token_of(quoted(live_text("{'sub': '%s', 'exp': %lld, 'subscription_level': 'premium'}", fay.id, live_now() + 60)));
    joins(&fay, period);
    flo.token = live_token_of(quoted(live_text("{'sub': '%s', 'exp': %lld, 'subscription_level': 'free'}", flo.id, live_now() + 60)));
    live_expect(api_delete(&flo, "/activities/%s/leave", period), 200);
    expect_refusal(api_post(&flo, NULL, "/activities/%s/join", period),
                   "403 PREMIUM_ONLY_PERIOD Activity is currently only open to Premium members");
    joins(&jo, invited);
    expect_like(api_get(&jo, "/invitations/received"), "invitations", "[{'invitation_id': '%s', 'status': 'accepted'}]", invitation);
}
END_TEST

/* ---- leave and cancel -------------------------------------------------------------------------------------- */

START_TEST(leaving_promotes_the_first_in_line)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann"), bob = person("bob"), cy = person("cy");
    char *id = outing(&mira, "'max_participants': 2");
    live_reply_t *reply;

    joins(&jo, id);
    joins(&ann, id);
    joins(&bob, id);
    joins(&cy, id);
    reply = api_delete(&ann, "/activities/%s/leave", id);       /* out of the line: nobody is promoted */
    live_expect(reply, 200);
    expect_like(reply, "", "{'waitlist_promoted': null}");
    expect_like(api_get(&cy, "/activities/%s/participation", id), "", "{'waitlist_position': 2}");
    reply = api_delete(&jo, "/activities/%s/leave", id);
    live_expect(reply, 200);
    expect_shape(reply, "", "activity_id:uuid user_id:uuid left_at:time waitlist_promoted:object message:text");
    expect_shape(reply, "waitlist_promoted", "user_id:uuid promoted_at:time");
    expect_like(reply, "", "{'activity_id': '%s', 'user_id': '%s', 'waitlist_promoted': {'user_id': '%s'}, 'message': 'Successfully left activity'}",
                id, jo.id, bob.id);
    expect_like(api_get(&bob, "/activities/%s/participation", id), "", "{'role': 'member', 'participation_status': 'registered'}");
    expect_like(api_get(&cy, "/activities/%s/participation", id), "", "{'waitlist_position': 1}");
    expect_refusal(api_delete(&jo, "/activities/%s/leave", id), "400 NOT_PARTICIPANT Not a participant of this activity");
}
END_TEST

START_TEST(leaving_is_refused_in_this_order)
{
    person_t mira = person("mira"), jo = person("jo");
    char *past = outing(&mira, NULL), *ride = outing(&mira, NULL), *off = outing(&mira, NULL);

    joins(&jo, past);
    joins(&jo, off);
    outing_begins(past);
    expect_refusal(api_delete(&jo, "/activities/" NOWHERE "/leave"), NO_ACTIVITY);
    expect_refusal(api_delete(&jo, "/activities/%s/leave", outing(&mira, "'status': 'draft'")), NO_ACTIVITY);
    expect_refusal(api_delete(&mira, "/activities/%s/leave", past), "403 IS_ORGANIZER Organizer cannot leave activity");
    expect_refusal(api_delete(&jo, "/activities/%s/leave", past), "400 ACTIVITY_IN_PAST Cannot leave past activities");
    expect_refusal(api_delete(&jo, "/activities/%s/leave", ride), "400 NOT_PARTICIPANT Not a participant of this activity");
    live_expect(api_patch(&mira, "{'status': 'cancelled'}", "/activities/%s", off), 200);
    live_expect(api_delete(&jo, "/activities/%s/leave", off), 200);        /* a cancelled activity ahead may be left */
}
END_TEST

START_TEST(who_cancels_frees_the_place_and_may_come_again)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann");
    char *id = outing(&mira, "'max_participants': 2");
    live_reply_t *reply;

    joins(&jo, id);
    live_expect(api_post(&mira, live_text("{'user_id': '%s'}", jo.id), "/activities/%s/promote", id), 200);
    joins(&ann, id);
    reply = api_post(&jo, "{'reason': 'a cold \\u00e9 \\ud83d\\ude00', 'unknown': [1, {}]}", "/activities/%s/cancel", id);
    live_expect(reply, 200);
    expect_shape(reply, "", "activity_id:uuid user_id:uuid participation_status:text left_at:time waitlist_promoted:object message:text");
    expect_like(reply, "", "{'activity_id': '%s', 'user_id': '%s', 'participation_status': 'cancelled', 'waitlist_promoted': {'user_id': '%s'},"
                " 'message': 'Participation cancelled successfully'}", id, jo.id, ann.id);
    expect_like(api_get(&mira, "/activities/%s/participants?status=cancelled", id), "participants",
                "[{'user_id': '%s', 'role': 'member', 'cancel_reason': 'a cold \\u00e9 \\ud83d\\ude00'}]", jo.id);
    expect_like(api_get(&ann, "/activities/%s/participants?status=cancelled", id), "participants.0", "{'cancel_reason': null}");
    expect_refusal(api_post(&jo, NULL, "/activities/%s/cancel", id), "400 ALREADY_CANCELLED Participation already cancelled");
    expect_refusal(api_delete(&jo, "/activities/%s/leave", id), "400 NOT_PARTICIPANT Not a participant of this activity");
    reply = api_post(&jo, NULL, "/activities/%s/join", id);
    expect_like(reply, "", "{'participation_status': 'waitlisted', 'waitlist_position': 1}");
    expect_like(api_get(&jo, "/activities/%s/participation", id), "", "{'role': null, 'participation_status': 'waitlisted', 'attendance_status': null}");
    expect_refusal(api_post(&jo, NULL, "/activities/%s/cancel", id), "400 ALREADY_CANCELLED Participation already cancelled");
    live_expect(api_delete(&ann, "/activities/%s/leave", id), 200);
    expect_like(api_get(&jo, "/activities/%s/participation", id), "", "{'role': 'member', 'participation_status': 'registered'}");
}
END_TEST

START_TEST(cancelling_is_refused_in_this_order)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann");
    char *past = outing(&mira, NULL), *tight = outing(&mira, "'max_participants': 1");

    joins(&jo, past);
    joins(&ann, tight);
    outing_begins(past);
    expect_refusal(api_post(&jo, NULL, "/activities/" NOWHERE "/cancel"), NO_ACTIVITY);
    expect_refusal(api_post(&mira, NULL, "/activities/%s/cancel", past), "403 IS_ORGANIZER Organizer cannot leave activity");
    expect_refusal(api_post(&jo, NULL, "/activities/%s/cancel", past), "400 ACTIVITY_IN_PAST Cannot cancel past activities");
    expect_refusal(api_post(&jo, NULL, "/activities/%s/cancel", tight), "400 NOT_PARTICIPANT Not a participant of this activity");
    expect_refusal(api_post(&ann, NULL, "/activities/%s/cancel", tight), "400 NOT_PARTICIPANT Not a participant of this activity");
}
END_TEST

/* What a reason may be; the activity is none, so that what passes validation is 404. */
static const struct {
    const char *body;
    int good;
} REASONS[] = {
    {"{}", 1}, {"{'reason': null}", 1}, {"{'reason': ''}", 1}, {"{'reason': 1}", 0}, {"{'reason': ['x']}", 0}, {"{'reason': 'a\\u0000b'}", 0},
};

START_TEST(a_reason_is_text)
{
    person_t jo = person("jo");
    live_reply_t *reply = api_post(&jo, REASONS[_i].body, "/activities/" NOWHERE "/cancel");

    if (REASONS[_i].good) {
        expect_refusal(reply, NO_ACTIVITY);
    } else {
        expect_places(reply, "body.reason");
    }
}
END_TEST

START_TEST(a_reason_has_500_code_points)
{
    person_t jo = person("jo");
    char text[501 * 4 + 1] = "";

    for (int i = 0; i < 500; i++) {
        strcpy(text + i * 4, "\xf0\x9f\x98\x80");
    }
    expect_refusal(api_post(&jo, live_text("{'reason': '%s'}", text), "/activities/" NOWHERE "/cancel"), NO_ACTIVITY);
    expect_places(api_post(&jo, live_text("{'reason': '%sx'}", text), "/activities/" NOWHERE "/cancel"), "body.reason");
}
END_TEST

/* ---- who takes part ---------------------------------------------------------------------------------------- */

START_TEST(participants_are_listed)
{
    person_t mira = person_like("mira", "first_name = 'Mira', is_verified = true, verification_count = 0"), jo = person("jo"), ann = person("ann");
    person_t cy = person("cy");
    char *id = outing(&mira, NULL);
    live_reply_t *reply;

    joins(&jo, id);
    joins(&ann, id);
    joins(&cy, id);
    live_expect(api_post(&mira, live_text("{'user_id': '%s'}", ann.id), "/activities/%s/promote", id), 200);
    live_expect(api_post(&jo, NULL, "/activities/%s/cancel", id), 200);
    reply = api_get(&cy, "/activities/%s/participants", id);
    live_expect(reply, 200);
    expect_shape(reply, "", "activity_id:uuid total_count:int participants:list");
    expect_shape(reply, "participants.0", "user_id:uuid username:text first_name:text? last_name:text? profile_photo_url:text? role:text"
                 " participation_status:text attendance_status:text joined_at:time is_verified:bool verification_count:int cancel_reason:text?");
    expect_like(reply, "", "{'activity_id': '%s', 'total_count': 4, 'participants': ["
                "{'user_id': '%s', 'first_name': 'Mira', 'last_name': null, 'role': 'organizer', 'participation_status': 'registered',"
                " 'attendance_status': 'registered', 'is_verified': true, 'verification_count': 0},"
                "{'user_id': '%s', 'role': 'co_organizer'}, {'user_id': '%s', 'role': 'member', 'participation_status': 'cancelled'},"
                "{'user_id': '%s', 'role': 'member'}]}", id, mira.id, ann.id, jo.id, cy.id);
    expect_like(api_get(&cy, "/activities/%s/participants?limit=1&offset=1", id), "", "{'total_count': 4, 'participants': [{'user_id': '%s'}]}", ann.id);
    expect_like(api_get(&cy, "/activities/%s/participants?offset=2147483647", id), "", "{'total_count': 4, 'participants': []}");
    expect_like(api_get(&cy, "/activities/%s/participants?status=registered&role=member", id), "", "{'total_count': 1, 'participants': [{'user_id': '%s'}]}", cy.id);
    expect_like(api_get(&cy, "/activities/%s/participants?status=waitlisted", id), "", "{'total_count': 0, 'participants': []}");
    expect_like(api_get(&cy, "/activities/%s/participants?status=declined", id), "", "{'total_count': 0, 'participants': []}");
    block(&cy, &ann);
    expect_like(api_get(&ann, "/activities/%s/participants", id), "", "{'total_count': 3}");
    expect_like(api_get(&mira, "/activities/%s/participants", id), "", "{'total_count': 4}");
    expect_refusal(api_get(&cy, "/activities/%s/participants", NOWHERE), NO_ACTIVITY);
    expect_refusal(api_get(&cy, "/activities/%s/participants", outing(&mira, "'privacy': 'invite_only'")), "403 ACCESS_DENIED Access denied");
    expect_places(api_get(&cy, "/activities/%s/participants?role=boss&status=Registered&limit=101&offset=-1", id),
                  "query.role query.status query.limit query.offset");
}
END_TEST

START_TEST(where_one_stands)
{
    person_t mira = person("mira"), jo = person("jo"), eve = person("eve");
    char *id = outing(&mira, NULL);
    live_reply_t *reply = api_get(&jo, "/activities/%s/participation", id);

    live_expect(reply, 200);
    expect_like(reply, "", "{'activity_id': '%s', 'user_id': '%s', 'role': null, 'participation_status': null, 'waitlist_position': null,"
                " 'attendance_status': null, 'joined_at': null}", id, jo.id);
    joins(&jo, id);
    reply = api_get(&jo, "/activities/%s/participation", id);
    expect_like(reply, "", "{'role': 'member', 'participation_status': 'registered', 'waitlist_position': null, 'attendance_status': 'registered'}");
    expect_shape(reply, "", "joined_at:time");
    expect_like(api_get(&mira, "/activities/%s/participation", id), "", "{'role': 'organizer'}");
    block(&mira, &eve);
    expect_refusal(api_get(&eve, "/activities/%s/participation", id), "403 ACCESS_DENIED Access denied");
    expect_refusal(api_get(&eve, "/activities/%s/participation", NOWHERE), NO_ACTIVITY);
}
END_TEST

START_TEST(staff_put_somebody_out)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann"), bob = person("bob"), cy = person("cy");
    char *id = outing(&mira, "'max_participants': 3"), *past = outing(&mira, NULL);
    live_reply_t *reply;

    joins(&jo, id);
    joins(&ann, id);
    joins(&bob, id);
    joins(&cy, id);
    joins(&ann, past);
    outing_begins(past);
    live_expect(api_post(&mira, live_text("{'user_id': '%s'}", ann.id), "/activities/%s/promote", id), 200);
    expect_refusal(api_delete(&mira, "/activities/%s/participants/%s", NOWHERE, jo.id), NO_ACTIVITY);
    expect_refusal(api_delete(&jo, "/activities/%s/participants/%s", id, mira.id),
                   "403 NOT_AUTHORIZED Only organizer or co-organizer can remove participants");
    expect_refusal(api_delete(&ann, "/activities/%s/participants/%s", id, mira.id), "403 IS_ORGANIZER Organizer cannot leave activity");
    expect_refusal(api_delete(&ann, "/activities/%s/participants/%s", id, ann.id), "403 NOT_ORGANIZER Only organizer can remove co-organizers");
    expect_refusal(api_delete(&mira, "/activities/%s/participants/%s", past, ann.id), "400 ACTIVITY_IN_PAST Activity has already occurred");
    expect_refusal(api_delete(&ann, "/activities/%s/participants/%s", id, NOWHERE), "400 NOT_PARTICIPANT User is not a participant of this activity");
    reply = api_delete(&ann, "/activities/%s/participants/%s", id, jo.id);
    live_expect(reply, 200);
    expect_shape(reply, "", "activity_id:uuid user_id:uuid left_at:time waitlist_promoted:object message:text");
    expect_like(reply, "", "{'activity_id': '%s', 'user_id': '%s', 'waitlist_promoted': {'user_id': '%s'}, 'message': 'Participant removed'}",
                id, jo.id, bob.id);
    expect_like(api_delete(&ann, "/activities/%s/participants/%s", id, cy.id), "", "{'waitlist_promoted': null}");
    live_expect(api_delete(&mira, "/activities/%s/participants/%s", id, ann.id), 200);
    expect_refusal(api_delete(&ann, "/activities/%s/participants/%s", id, bob.id),
                   "403 NOT_AUTHORIZED Only organizer or co-organizer can remove participants");
}
END_TEST

/* ---- what a person takes part in --------------------------------------------------------------------------- */

START_TEST(a_persons_activities)
{
    person_t mira = person("mira"), jo = person("jo"), eve = person("eve");
    char *far = outing(&mira, live_text("'scheduled_at': '%s', 'title': 'Far', 'city': 'Gent', 'max_participants': 2", in_seconds(9 * 86400)));
    char *line = outing(&mira, "'max_participants': 1, 'organizer_participates': true"), *past = outing(&mira, NULL), *off = outing(&mira, NULL);
    char *draft = outing(&mira, "'status': 'draft'");
    live_reply_t *reply;

    joins(&jo, far);
    joins(&jo, line);
    joins(&jo, past);
    joins(&jo, off);
    outing_begins(past);
    live_expect(api_post(&mira, live_text("{'attendances': [{'user_id': '%s', 'status': 'attended'}]}", jo.id), "/activities/%s/attendance", past), 200);
    live_expect(api_patch(&mira, "{'status': 'cancelled'}", "/activities/%s", off), 200);
    reply = api_get(&jo, "/users/%s/activities", jo.id);
    live_expect(reply, 200);
    expect_shape(reply, "", "user_id:uuid total_count:int activities:list");
    expect_shape(reply, "activities.0", "activity_id:uuid title:text scheduled_at:time location_name:text? city:text? organizer_user_id:uuid?"
                 " organizer_username:text current_participants_count:int max_participants:int? activity_type:text status:text role:text?"
                 " participation_status:text attendance_status:text joined_at:time");
    expect_like(reply, "activities.0", "{'activity_id': '%s', 'title': 'Far', 'location_name': null, 'city': 'Gent', 'organizer_user_id': '%s',"
                " 'current_participants_count': 2, 'max_participants': 2, 'activity_type': 'standard', 'status': 'published', 'role': 'member',"
                " 'participation_status': 'registered', 'attendance_status': 'registered'}", far, mira.id);
    expect_like(reply, "", "{'user_id': '%s', 'total_count': 4}", jo.id);
    ck_assert_str_eq(live_string(reply, "activities.3.activity_id"), past);
    expect_like(api_get(&jo, "/users/%s/activities?type=upcoming&status=waitlisted", jo.id), "",
                "{'total_count': 1, 'activities': [{'activity_id': '%s', 'role': null, 'participation_status': 'waitlisted', 'attendance_status': 'registered'}]}", line);
    expect_like(api_get(&mira, "/users/%s/activities?status=waitlisted", jo.id), "", "{'total_count': 0, 'activities': []}");
    expect_like(api_get(&mira, "/users/%s/activities", jo.id), "", "{'total_count': 3}");
    expect_like(api_get(&jo, "/users/%s/activities?type=attended", jo.id), "activities",
                "[{'activity_id': '%s', 'attendance_status': 'attended'}]", past);
    expect_like(api_get(&jo, "/users/%s/activities?type=past", jo.id), "activities", "[{'activity_id': '%s'}]", past);
    expect_like(api_get(&jo, "/users/%s/activities?type=upcoming", jo.id), "", "{'total_count': 2}");
    expect_like(api_get(&jo, "/users/%s/activities?type=organized", mira.id), "", "{'total_count': 4}");
    expect_like(api_get(&jo, "/users/%s/activities?limit=1&offset=3", jo.id), "", "{'total_count': 4, 'activities': [{'activity_id': '%s'}]}", past);
    block(&jo, &eve);
    expect_like(api_get(&eve, "/users/%s/activities", jo.id), "", "{'user_id': '%s', 'total_count': 0, 'activities': []}", jo.id);
    expect_refusal(api_get(&jo, "/users/%s/activities", NOWHERE), "404 USER_NOT_FOUND User not found");
    expect_places(api_get(&jo, "/users/x/activities?type=all&status=&limit=0"), "path.user_id query.type query.status query.limit");
    ck_assert_ptr_nonnull(draft);
}
END_TEST

START_TEST(who_only_hosts_is_listed_as_organizer)
{
    person_t mira = person("mira"), jo = person("jo");
    char *id = outing(&mira, "'organizer_participates': false");
    live_reply_t *reply = api_get(&jo, "/users/%s/activities?type=organized", mira.id);

    expect_like(reply, "activities", "[{'activity_id': '%s', 'role': 'organizer', 'participation_status': 'registered', 'current_participants_count': 0}]", id);
    ck_assert_str_eq(live_string(reply, "activities.0.joined_at"), live_string(api_get(&jo, "/activities/%s", id), "created_at"));
}
END_TEST

/* ---- roles ------------------------------------------------------------------------------------------------- */

START_TEST(co_organizers_are_made_and_unmade)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann"), bob = person("bob");
    char *id = outing(&mira, "'max_participants': 3"), *him = live_text("{'user_id': '%s'}", jo.id);
    const char *not_member = "400 TARGET_NOT_MEMBER User is not a member participant";
    live_reply_t *reply;

    joins(&jo, id);
    joins(&ann, id);
    joins(&bob, id);                    /* who waits */
    expect_refusal(api_post(&mira, him, "/activities/%s/promote", NOWHERE), NO_ACTIVITY);
    expect_refusal(api_post(&mira, him, "/activities/%s/demote", NOWHERE), NO_ACTIVITY);
    expect_refusal(api_post(&ann, him, "/activities/%s/promote", id), "403 NOT_ORGANIZER Only organizer can promote participants");
    expect_refusal(api_post(&ann, him, "/activities/%s/demote", id), "403 NOT_ORGANIZER Only organizer can demote participants");
    expect_refusal(api_post(&mira, him, "/activities/%s/demote", id), "400 NOT_CO_ORGANIZER User is not a co-organizer");
    reply = api_post(&mira, him, "/activities/%s/promote", id);
    live_expect(reply, 200);
    expect_shape(reply, "", "activity_id:uuid user_id:uuid role:text promoted_at:time message:text");
    expect_like(reply, "", "{'activity_id': '%s', 'user_id': '%s', 'role': 'co_organizer', 'message': 'User promoted to co-organizer successfully'}", id, jo.id);
    expect_refusal(api_post(&mira, him, "/activities/%s/promote", id), "400 ALREADY_CO_ORGANIZER User is already a co-organizer");
    expect_refusal(api_post(&jo, live_text("{'user_id': '%s'}", ann.id), "/activities/%s/promote", id),
                   "403 NOT_ORGANIZER Only organizer can promote participants");
    expect_refusal(api_post(&mira, live_text("{'user_id': '%s'}", bob.id), "/activities/%s/promote", id), not_member);
    expect_refusal(api_post(&mira, live_text("{'user_id': '%s'}", mira.id), "/activities/%s/promote", id), not_member);
    expect_refusal(api_post(&mira, "{'user_id': '" NOWHERE "'}", "/activities/%s/promote", id), not_member);
    outing_begins(id);
    reply = api_post(&mira, him, "/activities/%s/demote", id);
    live_expect(reply, 200);
    expect_shape(reply, "", "demoted_at:time");
    expect_like(reply, "", "{'activity_id': '%s', 'user_id': '%s', 'role': 'member', 'message': 'User demoted to member successfully'}", id, jo.id);
    expect_places(api_post(&mira, "{}", "/activities/%s/demote", id), "body.user_id");
    expect_places(api_post(&mira, "{'user_id': null}", "/activities/x/promote"), "body.user_id path.activity_id");
    expect_places(api_post(&mira, "{'user_id': 12}", "/activities/%s/promote", id), "body.user_id");
    expect_places(api_post(&mira, "{'user_id': '12'}", "/activities/%s/promote", id), "body.user_id");
    expect_places(api_post(&mira, NULL, "/activities/%s/promote", id), "body");
}
END_TEST

/* ---- the waitlist ------------------------------------------------------------------------------------------ */

START_TEST(the_waitlist_is_for_staff)
{
    person_t mira = person("mira"), jo = person_like("jo", "first_name = 'Jo'"), ann = person("ann");
    char *id = outing(&mira, "'max_participants': 1");
    live_reply_t *reply = api_get(&mira, "/activities/%s/waitlist", id);

    expect_like(reply, "", "{'activity_id': '%s', 'total_count': 0, 'waitlist': []}", id);
    joins(&jo, id);
    joins(&ann, id);
    reply = api_get(&mira, "/activities/%s/waitlist", id);
    live_expect(reply, 200);
    expect_shape(reply, "waitlist.0", "waitlist_id:uuid user_id:uuid username:text first_name:text? profile_photo_url:text? position:int created_at:time"
                 " notified_at:time?");
    expect_like(reply, "", "{'total_count': 2, 'waitlist': [{'user_id': '%s', 'first_name': 'Jo', 'profile_photo_url': null, 'position': 1},"
                " {'user_id': '%s', 'first_name': null, 'position': 2}]}", jo.id, ann.id);
    expect_like(api_get(&mira, "/activities/%s/waitlist?limit=1&offset=1", id), "", "{'total_count': 2, 'waitlist': [{'position': 2}]}");
    expect_refusal(api_get(&jo, "/activities/%s/waitlist", id), "403 NOT_AUTHORIZED Only organizer or co-organizer can view waitlist");
    expect_refusal(api_get(&jo, "/activities/%s/waitlist", NOWHERE), NO_ACTIVITY);
    expect_places(api_get(&mira, "/activities/%s/waitlist?limit=101", id), "query.limit");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("participation: joining");
    TCase *tc = tcase_create("joining");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, who_joins_has_a_place_or_waits);
    tcase_add_test(tc, ids_may_be_written_large);
    tcase_add_test(tc, a_body_is_ignored_where_none_is_described);
    tcase_add_test(tc, joining_is_refused_in_this_order);
    tcase_add_test(tc, who_waits_has_joined_already);
    tcase_add_test(tc, these_pass);
    tcase_add_test(tc, leaving_promotes_the_first_in_line);
    tcase_add_test(tc, leaving_is_refused_in_this_order);
    tcase_add_test(tc, who_cancels_frees_the_place_and_may_come_again);
    tcase_add_test(tc, cancelling_is_refused_in_this_order);
    tcase_add_loop_test(tc, a_reason_is_text, 0, sizeof REASONS / sizeof *REASONS);
    tcase_add_test(tc, a_reason_has_500_code_points);
    tcase_add_test(tc, participants_are_listed);
    tcase_add_test(tc, where_one_stands);
    tcase_add_test(tc, staff_put_somebody_out);
    tcase_add_test(tc, a_persons_activities);
    tcase_add_test(tc, who_only_hosts_is_listed_as_organizer);
    tcase_add_test(tc, co_organizers_are_made_and_unmade);
    tcase_add_test(tc, the_waitlist_is_for_staff);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
