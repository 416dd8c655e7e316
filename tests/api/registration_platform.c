/*
 * One platform: what registration and participation see of each other's activities and people, with one waiting line; and what an anonymous
 * caller, or a stranger with a token, may not touch.
 */
#include <string.h>

#include "harness_api.h"

#define REG "/registration"
#define OPT "/reg-optional"

static live_reply_t *ask(const char *method, const char *path, const person_t *who, const char *json)
{
    return live_ask(method, path, who ? who->token : NULL, json ? quoted(json) : NULL);
}

static void guest(const char *id)
{
    live_expect(ask("POST", REG "/users", NULL, live_text("{'userId': '%s', 'name': 'n'}", id)), 201);
}

/* An event of that id made by that person (NULL: nobody); its UUID. */
static char *event(const person_t *who, const char *id, const char *more)
{
    live_expect(ask("POST", OPT "/events", who, live_text("{'eventId': '%s', 'title': 'T', 'description': 'D', 'date': '2031-05-02', 'location': 'L', "
                                                          "'capacity': 2, 'organizer': 'Club', 'hasWaitlist': true%s}", id, more)), 201);
    return live_sql("SELECT activity_id FROM activity.activities WHERE slug = $1", id, NULL);
}

static live_reply_t *enroll(const person_t *who, const char *user, const char *event_id)
{
    return ask("POST", OPT "/registrations", who, live_text("{'userId': '%s', 'eventId': '%s'}", user, event_id));
}

static void expect_detail(const live_reply_t *reply, long status, const char *detail)
{
    live_expect_problem(reply, status, detail, NULL);
}

/* The account takes a userId here. */
static person_t named(const char *id)
{
    person_t who = person(id);

    live_expect(ask("POST", OPT "/users", &who, live_text("{'userId': '%s', 'name': 'Name of %s'}", id, id)), 201);
    return who;
}

START_TEST(an_event_made_here_is_joined_there)
{
    person_t ann = person("here-ann"), bob = named("here-bob");
    char *id = event(NULL, "here", "");
    live_reply_t *seen = api_get(&ann, "/activities/%s", id);

    live_expect(seen, 200);
    expect_like(seen, "", "{'slug': 'here', 'organizer_user_id': null, 'organizer_username': 'Club', 'privacy': 'public', 'status': 'published', "
                "'max_participants': 2, 'waitlist_enabled': true, 'scheduled_at': '2031-05-02T00:00:00Z'}");
    guest("here-guest");
    live_expect(enroll(NULL, "here-guest", "here"), 201);
    live_expect(api_post(&ann, NULL, "/activities/%s/join", id), 200);
    expect_like(enroll(&bob, "here-bob", "here"), "", "{'status': 'waitlisted', 'waitlistPosition': 1}");
    expect_like(ask("GET", REG "/events/here", NULL, NULL), "", "{'confirmedCount': 2, 'waitlistedCount': 1}");
    ck_assert_str_eq(gather(ask("GET", REG "/events/here/registrations", NULL, NULL), "", "userId"), "here-guest here-bob");
    /* one line: who leaves there makes room for who waits here */
    expect_like(api_delete(&ann, "/activities/%s/leave", id), "waitlist_promoted", "{'user_id': '%s'}", bob.id);
    expect_like(ask("GET", REG "/registrations/here-bob/here", NULL, NULL), "", "{'status': 'confirmed'}");
    expect_like(api_post(&ann, NULL, "/activities/%s/join", id), "", "{'participation_status': 'waitlisted', 'waitlist_position': 1}");
    /* and the other way; ann has no userId, so she is not named */
    expect_like(ask("DELETE", REG "/registrations/here-guest/here", NULL, NULL), "", "{'promotedUserId': null}");
    expect_like(api_get(&ann, "/activities/%s/participation", id), "", "{'participation_status': 'registered'}");
}
END_TEST

START_TEST(an_activity_made_there_is_an_event_here)
{
    person_t org = person("there-org"), ann = named("there-ann"), bob = named("there-bob");
    char *id = outing(&org, "'max_participants': 2");
    live_reply_t *seen = ask("GET", live_text(REG "/events/%s", id), NULL, NULL);

    live_expect(seen, 200);
    expect_like(seen, "", "{'eventId': '%s', 'capacity': 2, 'status': 'active', 'hasWaitlist': true, 'confirmedCount': 1, 'location': '', 'description': ''}",
                id);
    live_expect(enroll(&ann, "there-ann", id), 201);
    expect_like(api_get(&ann, "/activities/%s/participation", id), "", "{'participation_status': 'registered', 'role': 'member'}");
    expect_like(enroll(&bob, "there-bob", id), "", "{'status': 'waitlisted', 'waitlistPosition': 1}");
    expect_like(api_get(&org, "/activities/%s/waitlist", id), "", "{'total_count': 1}");
    expect_like(api_delete(&ann, "/activities/%s/leave", id), "waitlist_promoted", "{'user_id': '%s'}", bob.id);
    expect_like(ask("GET", live_text(REG "/registrations/there-bob/%s", id), NULL, NULL), "", "{'status': 'confirmed'}");
    live_expect(api_patch(&org, "{'status': 'cancelled'}", "/activities/%s", id), 200);
    expect_like(ask("GET", live_text(REG "/events/%s", id), NULL, NULL), "", "{'status': 'cancelled'}");
    expect_detail(enroll(&ann, "there-ann", id), 409, live_text("Event %s takes no registrations", id));
    live_expect(api_delete(&org, "/activities/%s", id), 200);
    expect_detail(ask("GET", live_text(REG "/events/%s", id), NULL, NULL), 404, live_text("Event with ID %s not found", id));
}
END_TEST

START_TEST(nobody_touches_what_belongs_to_an_account)
{
    person_t org = named("own-org"), other = named("own-other");
    char *id = outing(&org, NULL), *said = live_text("Event %s may only be changed by its organizer", id);

    event(&org, "own", "");
    for (int i = 0; i < 2; i++) {
        const person_t *who = i ? &other : NULL;

        expect_detail(ask("PUT", live_text(OPT "/events/%s", id), who, "{'title': 'x'}"), 403, said);
        expect_detail(ask("DELETE", live_text(OPT "/events/%s", id), who, NULL), 403, said);
        expect_detail(ask("PUT", OPT "/events/own", who, "{'title': 'x'}"), 403, "Event own may only be changed by its organizer");
        expect_detail(ask("PUT", OPT "/users/own-org", who, "{'name': 'x'}"), 403, "Not permitted to act for user own-org");
        expect_detail(ask("DELETE", OPT "/users/own-org", who, NULL), 403, "Not permitted to act for user own-org");
        expect_detail(enroll(who, "own-org", "own"), 403, "Not permitted to act for user own-org");
    }
    live_expect(enroll(&org, "own-org", "own"), 201);
    expect_detail(ask("DELETE", OPT "/registrations/own-org/own", NULL, NULL), 403, "Not permitted to act for user own-org");
    expect_detail(ask("DELETE", OPT "/registrations/own-org/own", &other, NULL), 403, "Not permitted to act for user own-org");
    live_expect(ask("PUT", OPT "/events/own", &org, "{'title': 'mine'}"), 200);
    live_expect(ask("PUT", OPT "/users/own-org", &org, "{'name': 'Me'}"), 200);
    live_expect(ask("DELETE", OPT "/events/own", &org, NULL), 200);
}
END_TEST

START_TEST(staff_register_guests_and_put_anybody_out)
{
    person_t org = named("staff-org"), ann = named("staff-ann");
    char *id = event(&org, "staff", "");

    guest("staff-guest");
    live_expect(enroll(&org, "staff-guest", "staff"), 201);
    expect_detail(enroll(&org, "staff-ann", "staff"), 403, "Not permitted to act for user staff-ann");
    live_expect(enroll(&ann, "staff-ann", "staff"), 201);
    expect_detail(enroll(&ann, "staff-guest", "staff"), 403, "Not permitted to act for user staff-guest");
    live_expect(api_post(&org, live_text("{'user_id': '%s'}", ann.id), "/activities/%s/promote", id), 200);
    live_expect(ask("PUT", OPT "/events/staff", &ann, "{'title': 'by a co-organizer'}"), 200);
    expect_detail(ask("DELETE", OPT "/events/staff", &ann, NULL), 403, "Event staff may only be changed by its organizer");
    live_expect(ask("DELETE", OPT "/registrations/staff-guest/staff", &ann, NULL), 200);
    live_expect(ask("DELETE", OPT "/registrations/staff-ann/staff", &org, NULL), 200);
}
END_TEST

START_TEST(what_one_may_not_see_does_not_exist)
{
    person_t org = person("hid-org"), friend = named("hid-friend"), other = named("hid-other");
    char *secret = outing(&org, "'privacy': 'invite_only'"), *friends = outing(&org, "'privacy': 'friends_only'"),
         *draft = outing(&org, "'status': 'draft'");

    befriend(&org, &friend);
    expect_detail(ask("GET", live_text(REG "/events/%s", secret), NULL, NULL), 404, live_text("Event with ID %s not found", secret));
    live_expect(ask("GET", live_text(REG "/events/%s", friends), NULL, NULL), 404);
    live_expect(ask("GET", live_text(OPT "/events/%s", friends), &other, NULL), 404);
    live_expect(ask("GET", live_text(OPT "/events/%s", friends), &friend, NULL), 200);
    live_expect(enroll(&friend, "hid-friend", friends), 201);
    live_expect(ask("GET", live_text(OPT "/events/%s", draft), &org, NULL), 404);
    guest("hid-guest");
    expect_detail(enroll(NULL, "hid-guest", secret), 404, live_text("Event with ID %s not found", secret));
    ck_assert_ptr_null(strstr(ask("GET", REG "/events", NULL, NULL)->body, secret));
    /* a list of somebody's registrations shows what the caller may see */
    ck_assert_str_eq(ask("GET", REG "/users/hid-friend/registrations", NULL, NULL)->body, "[]");
    ck_assert_str_eq(gather(ask("GET", OPT "/users/hid-friend/registrations", &friend, NULL), "", "eventId"), friends);
}
END_TEST

START_TEST(an_account_without_a_user_id_is_nobody_here)
{
    person_t ann = person("none-ann");
    char *id = event(NULL, "none", ", 'capacity': 5");

    live_expect(api_post(&ann, NULL, "/activities/%s/join", id), 200);
    ck_assert_str_eq(ask("GET", REG "/events/none/registrations", NULL, NULL)->body, "[]");
    expect_like(ask("GET", REG "/events/none", NULL, NULL), "", "{'confirmedCount': 1}");
    live_expect(ask("POST", OPT "/users", &ann, "{'userId': 'none-ann-id', 'name': 'Ann'}"), 201);
    ck_assert_str_eq(gather(ask("GET", REG "/events/none/registrations", NULL, NULL), "", "userId"), "none-ann-id");
    expect_detail(ask("POST", OPT "/users", &ann, "{'userId': 'none-other', 'name': 'Ann'}"), 409, "Account already has a userId");
}
END_TEST

START_TEST(rules_of_another_api_hold_here_too)
{
    person_t org = person("rule-org"), ann = named("rule-ann"), foe = named("rule-foe");
    char *id = outing(&org, NULL), *men = outing(&org, "'activity_type': 'mens_only'"), *said = live_text("Event %s takes no registrations", id);

    block(&org, &foe);
    live_expect(ask("GET", live_text(OPT "/events/%s", id), &foe, NULL), 404);
    live_sql("UPDATE activity.users SET gender = 'female' WHERE user_id = $1::uuid", ann.id, NULL);
    expect_detail(enroll(&ann, "rule-ann", men), 409, live_text("Event %s takes no registrations", men));
    live_expect(enroll(&ann, "rule-ann", id), 201);
    outing_begins(id);
    expect_detail(ask("DELETE", live_text(OPT "/registrations/rule-ann/%s", id), &ann, NULL), 409,
                  live_text("Registration for event %s cannot be removed", id));
    guest("rule-guest");
    expect_detail(enroll(NULL, "rule-guest", id), 409, said);
}
END_TEST

START_TEST(a_closed_account_writes_nothing)
{
    person_t ann = named("shut-ann");

    event(&ann, "shut", "");
    live_sql(_i ? "UPDATE activity.users SET status = 'banned' WHERE user_id = $1::uuid"
                : "UPDATE activity.users SET is_active = false WHERE user_id = $1::uuid", ann.id, NULL);
    expect_detail(ask("POST", OPT "/users", &ann, "{'userId': 'shut-x', 'name': 'n'}"), 403, "Account is not active");
    expect_detail(enroll(&ann, "shut-ann", "shut"), 403, "Account is not active");
    expect_detail(ask("PUT", OPT "/events/shut", &ann, "{}"), 403, "Account is not active");
    expect_detail(ask("PUT", OPT "/events/nothing", &ann, "{}"), 404, "Event with ID nothing not found");
    live_expect(ask("GET", OPT "/events/shut", &ann, NULL), 200);
    live_sql("SELECT activity.delete_activity(activity_id, NULL) FROM activity.activities WHERE slug = 'shut'", NULL);
    live_sql("UPDATE activity.users SET handle = NULL WHERE handle = 'shut-ann'", NULL);
}
END_TEST

START_TEST(an_unknown_person_with_a_good_token_is_refused)
{
    person_t nobody = stranger();

    expect_detail(ask("GET", OPT "/events", &nobody, NULL), 401, "Could not validate credentials");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("registration, on one platform");
    TCase *both = tcase_create("both");

    tcase_set_timeout(both, 60);
    tcase_add_test(both, an_event_made_here_is_joined_there);
    tcase_add_test(both, an_activity_made_there_is_an_event_here);
    tcase_add_test(both, nobody_touches_what_belongs_to_an_account);
    tcase_add_test(both, staff_register_guests_and_put_anybody_out);
    tcase_add_test(both, what_one_may_not_see_does_not_exist);
    tcase_add_test(both, an_account_without_a_user_id_is_nobody_here);
    tcase_add_test(both, rules_of_another_api_hold_here_too);
    tcase_add_loop_test(both, a_closed_account_writes_nothing, 0, 2);
    tcase_add_test(both, an_unknown_person_with_a_good_token_is_refused);
    suite_add_tcase(s, both);
    return s;
}

int main(void)
{
    return live_run(suite());
}
