/*
 * Participation API, 5.4: invitations are sent, answered, taken back and listed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness_api.h"

#define NOWHERE "00000000-0000-4000-8000-000000000000"
#define NO_INVITATION "404 INVITATION_NOT_FOUND Invitation not found"

START_TEST(invitations_are_sent_one_by_one)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann"), bob = person("bob"), eve = person("eve"), cy = person("cy");
    char *id = outing(&mira, "'privacy': 'invite_only', 'max_participants': 2");
    live_reply_t *reply;

    live_expect(api_post(&ann, NULL, "/invitations/%s/accept", invites(&mira, &ann, id)), 200);
    live_expect(api_post(&bob, NULL, "/invitations/%s/accept", invites(&mira, &bob, id)), 200);     /* who waits now */
    invites(&mira, &cy, id);
    block(&eve, &mira);
    reply = api_post(&mira, live_text("{'user_ids': ['" NOWHERE "', '%s', '%s', '%s', '%s', '%s', '%s', '%s'], 'message': 'Come along',"
                                      " 'expires_in_hours': 1}", mira.id, ann.id, bob.id, cy.id, eve.id, jo.id, jo.id),
                     "/activities/%s/invitations", id);
    live_expect(reply, 200);
    expect_shape(reply, "", "activity_id:uuid invited_count:int failed_count:int invitations:list failed_invitations:list message:text");
    expect_shape(reply, "invitations.0", "invitation_id:uuid user_id:uuid status:text invited_at:time expires_at:time");
    expect_like(reply, "", "{'activity_id': '%s', 'invited_count': 1, 'failed_count': 7, 'invitations': [{'user_id': '%s', 'status': 'pending'}],"
                " 'failed_invitations': [{'user_id': '" NOWHERE "', 'reason': 'User does not exist'}, {'user_id': '%s', 'reason': 'Already a participant'},"
                " {'user_id': '%s', 'reason': 'Already a participant'}, {'user_id': '%s', 'reason': 'Already on the waitlist'},"
                " {'user_id': '%s', 'reason': 'Already invited'}, {'user_id': '%s', 'reason': 'User is blocked'}, {'user_id': '%s', 'reason': 'Already invited'}],"
                " 'message': '1 invitation(s) sent successfully'}", id, jo.id, mira.id, ann.id, bob.id, cy.id, eve.id, jo.id);
    ck_assert_str_eq(live_sql("SELECT expires_at - invited_at FROM activity.activity_invitations WHERE invitation_id = $1::uuid",
                              live_string(reply, "invitations.0.invitation_id"), NULL), "01:00:00");
    ck_assert_str_eq(live_sql("SELECT expires_at - invited_at FROM activity.activity_invitations WHERE user_id = $1::uuid", cy.id, NULL), "3 days");
}
END_TEST

START_TEST(sending_is_refused_in_this_order)
{
    person_t mira = person("mira"), jo = person("jo");
    char *body = live_text("{'user_ids': ['%s']}", jo.id), *draft = outing(&mira, "'status': 'draft'"), *open = outing(&mira, NULL);
    char *past = outing(&mira, "'privacy': 'invite_only'"), *old_open = outing(&mira, NULL);

    outing_begins(past);
    outing_begins(old_open);
    expect_refusal(api_post(&mira, body, "/activities/" NOWHERE "/invitations"), "404 ACTIVITY_NOT_FOUND Activity not found");
    expect_refusal(api_post(&jo, body, "/activities/%s/invitations", draft), "404 ACTIVITY_NOT_FOUND Activity not found");
    expect_refusal(api_post(&jo, body, "/activities/%s/invitations", open), "403 NOT_AUTHORIZED Only organizer or co-organizer can send invitations");
    expect_refusal(api_post(&mira, body, "/activities/%s/invitations", draft), "400 ACTIVITY_NOT_PUBLISHED Activity is not published");
    expect_refusal(api_post(&mira, body, "/activities/%s/invitations", old_open), "400 NOT_INVITE_ONLY Activity is not invite-only");
    expect_refusal(api_post(&mira, body, "/activities/%s/invitations", past), "400 ACTIVITY_IN_PAST Activity has already occurred");
}
END_TEST

/* Bodies; @ stands for a good id. */
static const struct {
    const char *body, *places;          /* NULL: accepted */
} BODIES[] = {
    {"{'user_ids': ['@']}", NULL},
    {"{'user_ids': ['@'], 'message': null, 'expires_in_hours': 168}", NULL},
    {"{'user_ids': ['@'], 'message': ''}", NULL},
    {"{}", "body.user_ids"},
    {"{'user_ids': []}", "body.user_ids"},
    {"{'user_ids': null}", "body.user_ids"},
    {"{'user_ids': '@'}", "body.user_ids"},
    {"{'user_ids': ['@', 'x', 7, null]}", "body.user_ids[1] body.user_ids[2] body.user_ids[3]"},
    {"{'user_ids': ['{@}']}", "body.user_ids[0]"},
    {"{'user_ids': ['@'], 'message': 7}", "body.message"},
    {"{'user_ids': ['@'], 'expires_in_hours': 0}", "body.expires_in_hours"},
    {"{'user_ids': ['@'], 'expires_in_hours': 169}", "body.expires_in_hours"},
    {"{'user_ids': ['@'], 'expires_in_hours': null}", "body.expires_in_hours"},
    {"{'user_ids': ['@'], 'expires_in_hours': '72'}", "body.expires_in_hours"},
    {"{'user_ids': ['@'], 'expires_in_hours': 72.5}", "body.expires_in_hours"},
    {"{'user_ids': [], 'message': [], 'expires_in_hours': {}}", "body.user_ids body.message body.expires_in_hours"},
};

START_TEST(what_may_be_sent)
{
    person_t mira = person("mira"), jo = person("jo");
    char *id = outing(&mira, "'privacy': 'invite_only'"), *body = live_text("%s", ""), *from = live_text("%s", BODIES[_i].body), *part;
    live_reply_t *reply;

    for (int i = 0; (part = strsep(&from, "@")); i++) {
        body = live_text("%s%s%s", body, i ? jo.id : "", part);
    }
    reply = api_post(&mira, body, "/activities/%s/invitations", id);
    if (BODIES[_i].places) {
        expect_places(reply, BODIES[_i].places);
    } else {
        live_expect(reply, 200);
    }
}
END_TEST

START_TEST(fifty_at_a_time_and_a_message_of_a_thousand)
{
    person_t mira = person("mira");
    char *id = outing(&mira, "'privacy': 'invite_only'"), *ids = live_text("'" NOWHERE "'"), text[1002];
    live_reply_t *reply;

    for (int i = 1; i < 50; i++) {
        ids = live_text("%s, '" NOWHERE "'", ids);
    }
    memset(text, 'm', sizeof text);
    text[1001] = '\0';
    reply = api_post(&mira, live_text("{'user_ids': [%s], 'message': '%s'}", ids, text + 1), "/activities/%s/invitations", id);
    live_expect(reply, 200);
    expect_like(reply, "", "{'invited_count': 0, 'failed_count': 50, 'message': '0 invitation(s) sent successfully'}");
    expect_places(api_post(&mira, live_text("{'user_ids': [%s, '" NOWHERE "'], 'message': '%s'}", ids, text), "/activities/%s/invitations", id),
                  "body.user_ids body.message");
}
END_TEST

START_TEST(who_accepts_joins)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann"), bob = person("bob");
    char *id = outing(&mira, live_text("'privacy': 'invite_only', 'max_participants': 2, 'joinable_at_free': '%s'", in_seconds(3600)));
    char *first = invites(&mira, &jo, id), *second = invites(&mira, &ann, id), *third = invites(&mira, &bob, id);
    live_reply_t *reply = api_post(&jo, NULL, "/invitations/%s/accept", first);

    live_expect(reply, 200);
    expect_shape(reply, "", "invitation_id:uuid activity_id:uuid status:text participation_status:text waitlist_position:int? responded_at:time message:text");
    expect_like(reply, "", "{'invitation_id': '%s', 'activity_id': '%s', 'status': 'accepted', 'participation_status': 'registered', 'waitlist_position': null,"
                " 'message': 'Invitation accepted and joined activity successfully'}", first, id);
    reply = api_post(&ann, NULL, "/invitations/%s/accept", second);
    expect_like(reply, "", "{'status': 'accepted', 'participation_status': 'waitlisted', 'waitlist_position': 1,"
                " 'message': 'Invitation accepted and added to the waitlist at position 1.'}");
    expect_refusal(api_post(&jo, NULL, "/invitations/%s/accept", first), "400 ALREADY_RESPONDED Invitation already responded to");
    expect_refusal(api_post(&jo, NULL, "/invitations/%s/decline", first), "400 ALREADY_RESPONDED Invitation already responded to");
    expect_refusal(api_delete(&mira, "/invitations/%s", first), "400 ALREADY_RESPONDED Invitation already responded to");
    reply = api_post(&bob, NULL, "/invitations/%s/decline", third);
    live_expect(reply, 200);
    expect_shape(reply, "", "responded_at:time");
    expect_like(reply, "", "{'invitation_id': '%s', 'activity_id': '%s', 'status': 'declined', 'message': 'Invitation declined'}", third, id);
    expect_refusal(api_post(&bob, NULL, "/invitations/%s/accept", third), "400 ALREADY_RESPONDED Invitation already responded to");
}
END_TEST

START_TEST(accepting_is_refused_in_this_order)
{
    person_t mira = person("mira"), jo = person("jo"), eve = person("eve"), bob = person_like("bob", "gender = 'male'");
    char *ride = outing(&mira, "'privacy': 'invite_only'"), *off = outing(&mira, "'privacy': 'invite_only'"), *late = outing(&mira, "'privacy': 'invite_only'");
    char *past = outing(&mira, "'privacy': 'invite_only'"), *women = outing(&mira, "'privacy': 'invite_only', 'activity_type': 'womens_only',"
                                                                            " 'max_participants': 1, 'waitlist_enabled': false");
    char *full = outing(&mira, "'privacy': 'invite_only', 'max_participants': 1, 'waitlist_enabled': false"), *in = outing(&mira, "'privacy': 'invite_only'");
    char *of_ride = invites(&mira, &jo, ride), *of_off = invites(&mira, &jo, off), *of_past = invites(&mira, &jo, past), *of_late = invites(&mira, &jo, late);
    char *of_full = invites(&mira, &jo, full), *of_eve = invites(&mira, &eve, full), *of_bob = invites(&mira, &bob, women), *of_in = invites(&mira, &jo, in);

    live_expect(api_patch(&mira, "{'status': 'cancelled'}", "/activities/%s", off), 200);
    outing_begins(past);
    outing_begins(late);
    block(&eve, &mira);
    live_sql("UPDATE activity.activity_invitations SET expires_at = now() WHERE invitation_id = $1::uuid", of_late, NULL);
    /* in, and yet with a pending invitation: it was public when they joined */
    live_expect(api_patch(&mira, "{'privacy': 'public'}", "/activities/%s", in), 200);
    live_sql("UPDATE activity.activity_invitations SET status = 'expired' WHERE invitation_id = $1::uuid", of_in, NULL);
    joins(&jo, in);
    live_sql("UPDATE activity.activity_invitations SET status = 'pending' WHERE invitation_id = $1::uuid", of_in, NULL);

    expect_refusal(api_post(&jo, NULL, "/invitations/" NOWHERE "/accept"), NO_INVITATION);
    expect_refusal(api_post(&eve, NULL, "/invitations/%s/accept", of_late), "403 NOT_YOUR_INVITATION This invitation is not for you");
    expect_refusal(api_post(&eve, NULL, "/invitations/%s/decline", of_late), "403 NOT_YOUR_INVITATION This invitation is not for you");
    expect_refusal(api_post(&jo, NULL, "/invitations/%s/accept", of_late), "400 INVITATION_EXPIRED Invitation has expired");
    expect_refusal(api_post(&jo, NULL, "/invitations/%s/decline", of_late), "400 INVITATION_EXPIRED Invitation has expired");
    expect_refusal(api_post(&jo, NULL, "/invitations/%s/accept", of_off), "400 ACTIVITY_NOT_PUBLISHED Activity is not published");
    expect_refusal(api_post(&jo, NULL, "/invitations/%s/accept", of_past), "400 ACTIVITY_IN_PAST Activity has already occurred");
    expect_refusal(api_post(&jo, NULL, "/invitations/%s/accept", of_in), "400 ALREADY_JOINED Already joined this activity");
    expect_refusal(api_post(&eve, NULL, "/invitations/%s/accept", of_eve), "403 BLOCKED_USER Cannot join this activity");
    expect_refusal(api_post(&bob, NULL, "/invitations/%s/accept", of_bob), "403 GENDER_RESTRICTED Activity is for women only");
    expect_refusal(api_post(&jo, NULL, "/invitations/%s/accept", of_full), "400 ACTIVITY_FULL Activity is full");
    expect_like(api_get(&jo, "/invitations/received?status=pending"), "", "{'total_count': 5}");   /* on an error it stays as it was */
    live_expect(api_post(&jo, NULL, "/invitations/%s/decline", of_ride), 200);
    live_expect(api_post(&jo, NULL, "/invitations/%s/decline", of_off), 200);
}
END_TEST

START_TEST(the_sender_takes_back)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann");
    char *id = outing(&mira, "'privacy': 'invite_only'"), *by_ann, *old;
    live_reply_t *reply;

    live_expect(api_post(&ann, NULL, "/invitations/%s/accept", invites(&mira, &ann, id)), 200);
    live_expect(api_post(&mira, live_text("{'user_id': '%s'}", ann.id), "/activities/%s/promote", id), 200);
    by_ann = invites(&ann, &jo, id);
    expect_refusal(api_delete(&mira, "/invitations/%s", by_ann), "403 NOT_AUTHORIZED Not authorized to cancel this invitation");
    expect_refusal(api_delete(&jo, "/invitations/%s", by_ann), "403 NOT_AUTHORIZED Not authorized to cancel this invitation");
    reply = api_delete(&ann, "/invitations/%s", by_ann);
    live_expect(reply, 200);
    expect_shape(reply, "", "cancelled_at:time");
    expect_like(reply, "", "{'invitation_id': '%s', 'activity_id': '%s', 'message': 'Invitation cancelled successfully'}", by_ann, id);
    expect_refusal(api_delete(&ann, "/invitations/%s", by_ann), NO_INVITATION);
    expect_refusal(api_post(&jo, NULL, "/invitations/%s/accept", by_ann), NO_INVITATION);
    expect_like(api_get(&jo, "/invitations/received"), "", "{'total_count': 0, 'invitations': []}");
    expect_places(api_delete(&ann, "/invitations/x"), "path.invitation_id");
    /* declined: a new one with a new id, and the old one stays in the lists */
    old = invites(&mira, &jo, id);
    live_expect(api_post(&jo, NULL, "/invitations/%s/decline", old), 200);
    ck_assert_str_ne(invites(&mira, &jo, id), old);
    expect_like(api_get(&jo, "/invitations/received"), "", "{'total_count': 2, 'invitations': [{'status': 'pending'}, {'status': 'declined'}]}");
}
END_TEST

START_TEST(invitations_are_listed)
{
    person_t mira = person("mira"), jo = person("jo");
    char *a = outing(&mira, "'privacy': 'invite_only', 'title': 'First'"), *b = outing(&mira, "'privacy': 'invite_only'"), *first = invites(&mira, &jo, a);
    char *second = invites(&mira, &jo, b);
    live_reply_t *reply = api_get(&jo, "/invitations/received");

    live_expect(reply, 200);
    expect_shape(reply, "invitations.1", "invitation_id:uuid activity_id:uuid activity_title:text activity_scheduled_at:time? invited_by_user_id:uuid"
                 " invited_by_username:text status:text message:text? invited_at:time expires_at:time? responded_at:time?");
    expect_like(reply, "", "{'total_count': 2, 'invitations': [{'invitation_id': '%s'}, {'invitation_id': '%s', 'activity_id': '%s', 'activity_title': 'First',"
                " 'invited_by_user_id': '%s', 'status': 'pending', 'message': null, 'responded_at': null}]}", second, first, a, mira.id);
    reply = api_get(&mira, "/invitations/sent?activity_id=%s", a);
    expect_shape(reply, "invitations.0", "invitation_id:uuid activity_id:uuid activity_title:text user_id:uuid username:text status:text message:text?"
                 " invited_at:time expires_at:time? responded_at:time?");
    expect_like(reply, "", "{'total_count': 1, 'invitations': [{'invitation_id': '%s', 'user_id': '%s'}]}", first, jo.id);
    live_sql("UPDATE activity.activity_invitations SET expires_at = now() - interval '1 hour' WHERE invitation_id = $1::uuid", first, NULL);
    expect_like(api_get(&jo, "/invitations/received?status=expired"), "", "{'total_count': 1, 'invitations': [{'invitation_id': '%s', 'status': 'expired'}]}", first);
    expect_like(api_get(&mira, "/invitations/sent?status=pending"), "", "{'total_count': 1, 'invitations': [{'invitation_id': '%s'}]}", second);
    expect_like(api_get(&mira, "/invitations/sent?status=accepted"), "", "{'total_count': 0, 'invitations': []}");
    expect_like(api_get(&mira, "/invitations/sent?limit=1&offset=1"), "", "{'total_count': 2, 'invitations': [{'invitation_id': '%s'}]}", first);
    expect_places(api_get(&mira, "/invitations/sent?status=open&activity_id=1&limit=0"), "query.status query.activity_id query.limit");
    expect_places(api_get(&mira, "/invitations/received?status=Pending&limit=1000&offset=2147483648"), "query.status query.limit query.offset");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("participation: invitations");
    TCase *tc = tcase_create("invitations");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, invitations_are_sent_one_by_one);
    tcase_add_test(tc, sending_is_refused_in_this_order);
    tcase_add_loop_test(tc, what_may_be_sent, 0, sizeof BODIES / sizeof *BODIES);
    tcase_add_test(tc, fifty_at_a_time_and_a_message_of_a_thousand);
    tcase_add_test(tc, who_accepts_joins);
    tcase_add_test(tc, accepting_is_refused_in_this_order);
    tcase_add_test(tc, the_sender_takes_back);
    tcase_add_test(tc, invitations_are_listed);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
