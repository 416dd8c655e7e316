/*
 * Collaboration: what holds for simultaneous requests, whichever child has them.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_collaboration.h"

#define N 24

static live_reply_t **all(live_request_t *requests)
{
    return live_together(N, requests);
}

START_TEST(one_name_is_registered_once)
{
    char *mark = live_sql("SELECT left(gen_random_uuid()::text, 8)", NULL);
    live_request_t requests[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        requests[i] = col_request("POST", NULL, live_text("{'username': '%s-%s', 'email': '%d-%s@example.org', 'password': 'correct horse'}",
                                  i % 2 ? "same" : "SAME", mark, i, mark), "/api/v1/auth/register");
    }
    replies = all(requests);
    ck_assert_int_eq(live_count(replies, N, 201), 1);
    ck_assert_int_eq(live_count(replies, N, 400), N - 1);
}
END_TEST

START_TEST(one_refresh_token_works_once)
{
    for (int round = 0; round < 3; round++) {
        keeper_t mira = keeper("mira");
        live_request_t requests[N];
        live_reply_t **replies;

        for (int i = 0; i < N; i++) {
            requests[i] = col_request("POST", NULL, live_text("{'refresh_token': '%s'}", mira.refresh), "/api/v1/auth/refresh");
        }
        replies = all(requests);
        ck_assert_int_eq(live_count(replies, N, 200), 1);
        ck_assert_int_eq(live_count(replies, N, 401), N - 1);
        for (int i = 0; i < N; i++) {
            if (replies[i]->status == 200) {
                live_expect(col("GET", live_string(replies[i], "access_token"), NULL, "/api/v1/auth/me"), 401);
                live_expect(col("POST", NULL, live_text("{'refresh_token': '%s'}", live_string(replies[i], "refresh_token")), "/api/v1/auth/refresh"), 401);
            }
        }
    }
}
END_TEST

START_TEST(a_refresh_that_races_a_logout_leaves_nothing)
{
    for (int round = 0; round < 10; round++) {
        keeper_t mira = keeper("mira");
        live_request_t requests[2] = {
            col_request("POST", NULL, live_text("{'refresh_token': '%s'}", mira.refresh), "/api/v1/auth/refresh"),
            col_request("POST", mira.token, NULL, "/api/v1/auth/logout"),
        };
        live_reply_t **replies = live_together(2, requests);

        live_expect(replies[1], 200);
        if (replies[0]->status == 200) {
            live_expect(col("GET", live_string(replies[0], "access_token"), NULL, "/api/v1/auth/me"), 401);
            live_expect(col("POST", NULL, live_text("{'refresh_token': '%s'}", live_string(replies[0], "refresh_token")), "/api/v1/auth/refresh"), 401);
        }
    }
}
END_TEST

START_TEST(one_place_in_the_calendar)
{
    keeper_t mira = keeper("mira");
    live_request_t requests[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        const char *from = i % 2 ? "09:00" : "09:30";

        requests[i] = i % 3 ? col_request("POST", mira.token, live_text("{'title': 'n%d', 'start_time': '2035-01-01T%s', 'end_time': '2035-01-01T10:00'}",
                                          i, from), "/api/v1/events")
                            : col_request("POST", mira.token, live_text("{'events': [{'title': 'a%d', 'start_time': '2035-01-02T%02d:00', 'end_time': "
                                          "'2035-01-02T%02d:30'}, {'title': 'b%d', 'start_time': '2035-01-01T%s', 'end_time': '2035-01-01T10:00'}]}",
                                          i, i, i, i, from), "/api/v1/events/batch");
    }
    replies = all(requests);
    ck_assert_int_eq(live_count(replies, N, 201), 1);
    ck_assert_int_eq(live_count(replies, N, 409) + live_count(replies, N, 400), N - 1);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.activities WHERE organizer_user_id = $1::uuid AND scheduled_at::date = '2035-01-01'",
                              mira.uuid, NULL), "1");
    ck_assert_int_le(atoi(live_sql("SELECT count(*) FROM activity.activities WHERE organizer_user_id = $1::uuid", mira.uuid, NULL)), 2);
}
END_TEST

START_TEST(others_move_into_one_place)
{
    keeper_t mira = keeper("mira"), jo = keeper("jo");
    live_request_t requests[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        long long event = occasion(&mira, "Moves");

        shares(&mira, event, &jo, "editor");
        requests[i] = col_request("PUT", i % 2 ? mira.token : jo.token, "{'start_time': '2036-01-01T09:00', 'end_time': '2036-01-01T10:00'}",
                                  live_text("/api/v1/events/%lld", event));
    }
    replies = all(requests);
    ck_assert_int_eq(live_count(replies, N, 200), 1);
    ck_assert_int_eq(live_count(replies, N, 409), N - 1);
}
END_TEST

START_TEST(if_match_lets_one_through)
{
    static const char *const headers[] = {"If-Match: \"1\"", NULL};
    keeper_t mira = keeper("mira");
    long long event = occasion(&mira, "Matched");
    live_request_t requests[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        requests[i] = col_request("PUT", mira.token, live_text("{'title': 'n%d'}", i), live_text("/api/v1/events/%lld", event));
        requests[i].headers = headers;
    }
    replies = all(requests);
    ck_assert_int_eq(live_count(replies, N, 200), 1);
    ck_assert_int_eq(live_count(replies, N, 412), N - 1);
}
END_TEST

START_TEST(every_update_makes_its_version)
{
    keeper_t mira = keeper("mira");
    long long event = occasion(&mira, "Counted");
    live_request_t requests[N];
    live_reply_t **replies, *history;
    int seen[N + 2] = {0};

    for (int i = 0; i < N; i++) {
        requests[i] = i % 4 ? col_request("PUT", mira.token, live_text("{'title': 'n%d'}", i), live_text("/api/v1/events/%lld", event))
                            : col_request("POST", mira.token, NULL, live_text("/api/v1/events/%lld/rollback/1", event));
    }
    replies = all(requests);
    ck_assert_int_eq(live_count(replies, N, 200), N);
    for (int i = 0; i < N; i++) {
        long long version = live_int(replies[i], "version");

        ck_assert_int_ge((int)version, 2);
        ck_assert_int_le((int)version, N + 1);
        ck_assert_int_eq(seen[version]++, 0);
        ck_assert_str_eq(live_header(replies[i], "ETag"), live_text("\"%lld\"", version));
        if (i % 4) {
            ck_assert_str_eq(live_string(replies[i], "title"), live_text("n%d", i));
        }
    }
    history = col("GET", mira.token, NULL, "/api/v1/events/%lld/history", event);
    ck_assert_int_eq(live_int(history, "total_versions"), N + 1);
    for (int i = 0; i <= N; i++) {
        ck_assert_int_eq(live_int(history, live_text("versions.%d.version_number", i)), N + 1 - i);
        ck_assert(json_is_true(live_member(history, live_text("versions.%d.is_current", i))) == (i == 0));
    }
}
END_TEST

START_TEST(one_deletes)
{
    keeper_t mira = keeper("mira");
    long long event = occasion(&mira, "Deleted");
    live_request_t requests[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        requests[i] = i % 2 ? col_request("DELETE", mira.token, NULL, live_text("/api/v1/events/%lld", event))
                            : col_request("PUT", mira.token, live_text("{'title': 'n%d'}", i), live_text("/api/v1/events/%lld", event));
    }
    replies = all(requests);
    ck_assert_int_eq(live_count(replies, N, 204), 1);
    ck_assert_int_eq(live_count(replies, N, 204) + live_count(replies, N, 200) + live_count(replies, N, 404), N);
}
END_TEST

START_TEST(shares_of_one_person_leave_one_row)
{
    static const char *const levels[] = {"viewer", "editor", "owner"};
    keeper_t mira = keeper("mira"), jo = keeper("jo");
    long long event = occasion(&mira, "Shared");
    live_request_t requests[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        requests[i] = col_request("POST", mira.token, live_text("{'users': [{'user_id': %lld, 'permission_level': '%s'}]}", jo.id, levels[i % 3]),
                                  live_text("/api/v1/events/%lld/share", event));
    }
    replies = all(requests);
    ck_assert_int_eq(live_count(replies, N, 201), N);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.permissions WHERE activity_id = $1::uuid", activity_of(event), NULL), "1");
    for (int i = 0; i < N; i++) {
        requests[i] = col_request("DELETE", mira.token, NULL, live_text("/api/v1/events/%lld/permissions/%lld", event, jo.id));
    }
    replies = all(requests);
    ck_assert_int_eq(live_count(replies, N, 200), 1);
    ck_assert_int_eq(live_count(replies, N, 404), N - 1);
}
END_TEST

START_TEST(one_restores)
{
    keeper_t mira = keeper("mira");
    long long event = occasion(&mira, "Restored");
    live_request_t requests[N];
    live_reply_t **replies;

    live_expect(col("DELETE", mira.token, NULL, "/api/v1/events/%lld", event), 204);
    for (int i = 0; i < N; i++) {
        requests[i] = col_request("POST", mira.token, NULL, live_text("/api/v1/events/%lld/restore", event));
    }
    replies = all(requests);
    ck_assert_int_eq(live_count(replies, N, 200), 1);
    ck_assert_int_eq(live_count(replies, N, 404), N - 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("collaboration_crowd");
    TCase *tcase = tcase_create("crowd");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, one_name_is_registered_once);
    tcase_add_test(tcase, one_refresh_token_works_once);
    tcase_add_test(tcase, a_refresh_that_races_a_logout_leaves_nothing);
    tcase_add_test(tcase, one_place_in_the_calendar);
    tcase_add_test(tcase, others_move_into_one_place);
    tcase_add_test(tcase, if_match_lets_one_through);
    tcase_add_test(tcase, every_update_makes_its_version);
    tcase_add_test(tcase, one_deletes);
    tcase_add_test(tcase, shares_of_one_person_leave_one_row);
    tcase_add_test(tcase, one_restores);
    suite_add_tcase(suite, tcase);
    return live_run(suite);
}
