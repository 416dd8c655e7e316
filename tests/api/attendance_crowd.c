/*
 * The attendance API under many requests at once, over several children: one mark a person and event, capacity exact, one account an address.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_attendance.h"

#define N 60

static live_request_t posting(const char *token, const char *path, const char *json)
{
    return (live_request_t){.method = "POST", .path = live_text(ATT "%s", path), .token = token, .json = json ? quoted(json) : NULL};
}

static long long counted(const char *sql, long long event)
{
    return atoll(live_sql(sql, live_text("%lld", event), NULL));
}

#define ROWS "SELECT count(*) FROM activity.participants p JOIN activity.activities a USING (activity_id) WHERE a.number = $1::bigint AND p.attended_at IS NOT NULL"
#define COUNT "SELECT attended_count FROM activity.places p JOIN activity.activities a USING (activity_id) WHERE a.number = $1::bigint"

/* How many replies say this of themselves. */
static int saying(live_reply_t **replies, int n, const char *member_name, const char *text)
{
    int found = 0;

    for (int i = 0; i < n; i++) {
        const char *said = json_string_value(json_object_get(replies[i]->json, member_name));

        found += said && !strcmp(said, text);
    }
    return found;
}

START_TEST(one_mark_whatever_the_number_of_attempts)
{
    member_t host = member("host"), m = member("eager");
    long long event = running(&host, NULL);
    live_request_t all[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        all[i] = posting(m.token, live_text("/events/%lld/attend", event), NULL);
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 200), 1);
    ck_assert_int_eq(live_count(replies, N, 400), N - 1);
    for (int i = 0; i < N; i++) {
        if (replies[i]->status == 400) {
            ck_assert_str_eq(live_string(replies[i], "detail.error"), "Already marked as attended");
        }
    }
    ck_assert_int_eq((int)counted(ROWS, event), 1);
    ck_assert_int_eq((int)counted(COUNT, event), 1);
}
END_TEST

START_TEST(one_mark_by_discord_and_all_are_told_so)
{
    member_t host = member("host");
    long long event = running(&host, NULL);
    char *id = snowflake();
    live_request_t all[N];
    live_reply_t **replies;

    discord_person(id, "jo");
    for (int i = 0; i < N; i++) {
        all[i] = posting(NULL, live_text("/discord/attend/%lld?discord_user_id=%s", event, id), NULL);
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 200), N);
    ck_assert_int_eq(saying(replies, N, "message", "Successfully attended 'A gathering'!"), 1);
    ck_assert_int_eq(saying(replies, N, "message", "You have already been marked as attended for this event"), N - 1);
    ck_assert_int_eq((int)counted(ROWS, event), 1);
}
END_TEST

START_TEST(capacity_is_exact)
{
    enum { PLACES = 17 };
    member_t host = member("host");
    long long event = running(&host, live_text("'capacity': %d", PLACES));
    live_request_t all[N];
    live_reply_t **replies;
    char *times;

    for (int i = 0; i < N; i++) {
        all[i] = posting(outsider("crowd").token, live_text("/events/%lld/attend", event), NULL);
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 200), PLACES);
    ck_assert_int_eq(live_count(replies, N, 400), N - PLACES);
    ck_assert_int_eq((int)counted(ROWS, event), PLACES);
    ck_assert_int_eq((int)counted(COUNT, event), PLACES);
    times = live_sql("SELECT count(DISTINCT attended_at) FROM activity.participants p JOIN activity.activities a USING (activity_id) WHERE a.number = $1::bigint",
                     live_text("%lld", event), NULL);
    ck_assert_int_eq(atoi(times), PLACES);
}
END_TEST

/* Whoever comes, goes and comes again, and whoever changes the capacity meanwhile: rows, counts and places agree afterwards. */
START_TEST(a_crowd_that_comes_and_goes)
{
    enum { PEOPLE = 15 };
    member_t host = member("host"), people[PEOPLE];
    long long event = running(&host, "'capacity': 8");
    live_request_t all[4 * PEOPLE];
    live_reply_t **replies;
    int n = 0;

    for (int i = 0; i < PEOPLE; i++) {
        people[i] = outsider("mover");
    }
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < PEOPLE; i++) {
            all[n++] = posting(people[i].token, live_text("/events/%lld/attend", event), NULL);
            all[n++] = (live_request_t){.method = i % 5 ? "DELETE" : "PUT", .token = i % 5 ? people[i].token : host.token,
                                        .json = i % 5 ? NULL : quoted(live_text("{'capacity': %d}", 6 + i)),
                                        .path = i % 5 ? live_text(ATT "/events/%lld/attendees/%lld", event, people[i].id) : live_text(ATT "/events/%lld", event)};
        }
    }
    replies = live_together(n, all);
    for (int i = 0; i < n; i++) {
        ck_assert_msg(replies[i]->status >= 200 && replies[i]->status < 500, "status %ld", replies[i]->status);
    }
    ck_assert_int_eq((int)counted(ROWS, event), (int)counted(COUNT, event));
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.places p JOIN activity.activities a USING (activity_id) WHERE a.number = $1::bigint"
                              " AND current_participants_count <= max_participants", live_text("%lld", event), NULL), "1");
}
END_TEST

START_TEST(one_account_an_address)
{
    live_request_t all[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        all[i] = posting(NULL, "/auth/register", live_text("{'email': '%s@example.org', 'name': 'N', 'password': '12345678'}", i % 2 ? "once" : "ONCE"));
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 201), 1);
    ck_assert_int_eq(live_count(replies, N, 400), N - 1);
    ck_assert_int_eq(saying(replies, N, "detail", "Email already registered"), N - 1);
}
END_TEST

START_TEST(one_account_an_identity)
{
    live_request_t all[N];
    live_reply_t **replies;
    char *id = snowflake(), *chat = snowflake();

    for (int i = 0; i < N; i++) {
        all[i] = posting(NULL, "/auth/register", live_text("{'email': 'i%d@identity.example', 'name': 'N', 'password': '12345678', 'discord_user_id': '%s'}", i, id));
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 201), 1);
    ck_assert_int_eq(saying(replies, N, "detail", "Discord user already registered"), N - 1);

    for (int i = 0; i < N; i++) {
        all[i] = posting(NULL, "/discord/users/register", live_text("{'name': 'jo', 'discord_user_id': '%s', 'discord_username': 'jo'}", chat));
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 200), N);
    ck_assert_int_eq(saying(replies, N, "message", "Welcome, jo! You are registered for event attendance."), 1);
    ck_assert_int_eq(saying(replies, N, "message", "You are already registered, jo."), N - 1);
}
END_TEST

START_TEST(changes_of_different_members_both_last)
{
    member_t m = member("both");
    long long event = running(&m, NULL);
    live_request_t all[4] = {
        {.method = "PUT", .token = m.token, .path = ATT "/users/me", .json = "{\"name\": \"Changed\"}"},
        {.method = "PUT", .token = m.token, .path = ATT "/users/me", .json = "{\"discord_username\": \"changed\"}"},
        {.method = "PUT", .token = m.token, .path = live_text(ATT "/events/%lld", event), .json = "{\"title\": \"Changed\"}"},
        {.method = "PUT", .token = m.token, .path = live_text(ATT "/events/%lld", event), .json = "{\"capacity\": 77}"},
    };

    ck_assert_int_eq(live_count(live_together(4, all), 4, 200), 4);
    expect_like(att("GET", m.token, NULL, "/users/me"), "", "{'name': 'Changed', 'discord_username': 'changed'}");
    expect_like(att("GET", m.token, NULL, "/events/%lld", event), "", "{'title': 'Changed', 'capacity': 77}");
}
END_TEST

START_TEST(a_code_works_once)
{
    member_t m = member("linker");
    live_reply_t *reply = att("POST", m.token, NULL, "/users/me/discord-link"), **replies;
    live_request_t all[20];
    int linked = 0;

    for (int i = 0; i < 20; i++) {
        all[i] = posting(NULL, "/discord/commands", live_text("{'discord_user_id': '%s', 'discord_username': 'jo', 'content': '!link %s'}", snowflake(),
                                                             live_string(reply, "code")));
    }
    replies = live_together(20, all);
    ck_assert_int_eq(live_count(replies, 20, 200), 20);
    linked = saying(replies, 20, "reply", "Linked to linker.");
    ck_assert_int_eq(linked, 1);
    ck_assert_int_eq(saying(replies, 20, "reply", "That code is not valid. Ask for a new one."), 19);
}
END_TEST

START_TEST(many_log_in_at_once)
{
    member_t m = member("popular");
    live_request_t all[N];

    for (int i = 0; i < N; i++) {
        all[i] = posting(NULL, "/auth/login", live_text("{'email': '%s', 'password': '%s'}", m.email, i % 3 ? PASSWORD : "wrong horse battery"));
    }
    live_reply_t **replies = live_together(N, all);

    ck_assert_int_eq(live_count(replies, N, 200), N * 2 / 3);
    ck_assert_int_eq(live_count(replies, N, 401), N / 3);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("attendance: crowds");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, one_mark_whatever_the_number_of_attempts);
    tcase_add_test(tc, one_mark_by_discord_and_all_are_told_so);
    tcase_add_test(tc, capacity_is_exact);
    tcase_add_test(tc, a_crowd_that_comes_and_goes);
    tcase_add_test(tc, one_account_an_address);
    tcase_add_test(tc, one_account_an_identity);
    tcase_add_test(tc, changes_of_different_members_both_last);
    tcase_add_test(tc, a_code_works_once);
    tcase_add_test(tc, many_log_in_at_once);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
