/*
 * GatherHub, 1: what requests may hold: numbers of any size, media types, addresses and names with white space around them.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_gatherhub.h"

static live_reply_t *post(const char *path, const char *json)
{
    return live_ask("POST", live_text(AUTH "%s", path), NULL, quoted(json));
}

START_TEST(a_name_is_trimmed_at_login_too)
{
    char *name;

    hub_register("trim", &name);
    live_expect(post("/login/", live_text("{'username': '  %s\\n', 'password': '" HUB_PASSWORD "'}", name)), 200);
    live_expect(post("/login/", live_text("{'username': '\\u00a0%s@example.org\\u3000', 'password': '" HUB_PASSWORD "'}", name)), 200);
    live_expect(post("/login/", live_text("{'email': ' %s@example.org ', 'password': '" HUB_PASSWORD "'}", name)), 200);
    expect_error(post("/login/", live_text("{'username': '%s', 'password': ' " HUB_PASSWORD "'}", name)), "400 invalid_credentials Invalid credentials");
    expect_details(post("/login/", "{'email': ' \\u2003', 'password': 'x'}"), "{'email': ['This field may not be blank.']}");
}
END_TEST

/* U+0130 is one character, and two in lower case. */
START_TEST(an_address_that_is_too_long_in_lower_case)
{
    char *local = live_text("%s", "");

    for (int i = 0; i < 40; i++) {
        local = live_text("%s\\u0130", local);
    }
    expect_details(post("/register/", live_text("{'username': 'dotted-i', 'email': '%s@example.org', 'password': '" HUB_PASSWORD "'}", local)),
                   "{'email': ['Enter a valid email address.']}");
    live_expect(post("/register/", "{'username': 'dotted-i', 'email': '\\u0130@example.org', 'password': '" HUB_PASSWORD "'}"), 201);
}
END_TEST

/* A number that no database holds is a number all the same: too many, too few, or of nobody. */
static const struct {
    const char *method, *path, *body, *details;
} WIDE[] = {
    {"POST", "/events/", "{'title': 'T', 'date': '2031-05-04', 'max_participants': 9223372036854775808}", "{'max_participants': ['Must be at most 100000.']}"},
    {"POST", "/events/", "{'title': 'T', 'date': '2031-05-04', 'max_participants': -100000000000000000000}", "{'max_participants': ['Must be at least 1.']}"},
    {"POST", "/events/", "{'title': 100000000000000000000, 'date': 100000000000000000000}",
     "{'title': ['Must be a string.'], 'date': ['Must be a date-time.'], 'max_participants': ['This field is required.']}"},
    {"POST", "/tasks/", "{'event': 100000000000000000000, 'title': 'T'}", "{'event': ['Event does not exist.']}"},
    {"GET", "/events/?page=-9223372036854775809", NULL, "{'page': ['Must be at least 1.']}"},
    {"GET", "/events/?date_from=0000-12-31", NULL, "{'date_from': ['Enter a valid value.']}"},
    {"GET", "/tasks/?due_date_to=0000-01-01", NULL, "{'due_date_to': ['Enter a valid value.']}"},
};

START_TEST(a_number_of_any_size_is_told_at_its_field)
{
    hubber_t who = hubber("wide");

    expect_details(hub(WIDE[_i].method, &who, WIDE[_i].body, "%s", WIDE[_i].path), WIDE[_i].details);
}
END_TEST

START_TEST(a_number_of_any_size_is_a_page_or_somebody)
{
    hubber_t who = hubber("wide");
    long long event = hub_event(&who, 5), options[3], vote = hub_vote(&who, event, 0, options);

    expect_error(hub("GET", &who, NULL, "/events/?page=9223372036854775808"), "404 invalid_page Page does not exist");
    expect_error(hub("GET", &who, NULL, "/voting/?page=9223372036854775807"), "404 invalid_page Page does not exist");
    ck_assert_int_eq((int)live_int(hub("GET", &who, NULL, "/events/?page_size=100000000000000000000&creator=%lld", who.id), "count"), 1);
    ck_assert_int_eq((int)live_int(hub("GET", &who, NULL, "/events/?creator=100000000000000000000"), "count"), 0);
    ck_assert_int_eq((int)live_int(hub("GET", &who, NULL, "/tasks/?event=100000000000000000000&assignee=-100000000000000000000"), "count"), 0);
    expect_details(hub("POST", &who, live_text("{'event': %lld, 'title': 'T', 'assignee': 100000000000000000000}", event), "/tasks/"),
                   "{'assignee': ['Assignee must be a participant of the event.']}");
    expect_error(hub("POST", &who, "{'options': [100000000000000000000]}", "/voting/%lld/vote/", vote), "400 invalid_options Invalid options");
    live_expect(hub("PUT", &who, "{'bio': 'b', 'unknown': {'of': [100000000000000000000]}}", "/auth/profile/"), 200);
}
END_TEST

START_TEST(json_is_of_one_type)
{
    static const char *const types[] = {"application/json", "Application/JSON ; charset=utf-8", NULL, "application/merge-patch+json", "text/json"};
    hubber_t who = hubber("type");

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        live_reply_t *reply = live_send(&(live_request_t){.method = "PUT", .path = AUTH "/profile/", .token = who.token, .body = "{}", .type = types[i]});

        if (i < 3) {
            live_expect(reply, 200);
        } else {
            expect_error(reply, "415 unsupported_media_type Unsupported media type");
        }
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("gatherhub: requests");
    TCase *tc = tcase_create("requests");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_name_is_trimmed_at_login_too);
    tcase_add_test(tc, an_address_that_is_too_long_in_lower_case);
    tcase_add_loop_test(tc, a_number_of_any_size_is_told_at_its_field, 0, (int)(sizeof WIDE / sizeof *WIDE));
    tcase_add_test(tc, a_number_of_any_size_is_a_page_or_somebody);
    tcase_add_test(tc, json_is_of_one_type);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
