/*
 * The attendance API's limits, by class and key as its contract has them (section 3), the limit of an account, and what a flood of logins
 * leaves to others.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_attendance.h"

/* Tests do not share an address: it is 127.0.x.y of the test's own. */
static char *address(int x, int y)
{
    return live_text("127.0.%d.%d", x, y);
}

static live_reply_t *from(const char *where, const char *method, const char *token, const char *path, const char *json)
{
    return live_send(&(live_request_t){.method = method, .path = live_text(ATT "%s", path), .token = token, .json = json ? quoted(json) : NULL, .from = where});
}

static const struct {
    const char *method, *path, *json;
    int limit;                                     /* 0: none */
    int by_user;
} classes[] = {
    {"GET", "/users/me", NULL, 60, 1}, {"PUT", "/users/me", "{}", 10, 1}, {"GET", "/events", NULL, 60, 1}, {"POST", "/events/999999999/attend", NULL, 10, 1},
    {"PUT", "/users/me/password", "{}", 10, 1}, {"POST", "/auth/login", "{}", 10, 0}, {"POST", "/auth/register", "{}", 10, 0},
    {"GET", "/discord/events/active", NULL, 600, 0}, {"POST", "/discord/commands", "{}", 600, 0}, {"GET", "/", NULL, 0, 0}, {"GET", "/health", NULL, 0, 0},
};

START_TEST(each_class_has_its_limit)
{
    char *where = address(20, 1 + _i);
    member_t one = outsider("one"), other = outsider("other");
    live_reply_t *reply = from(where, classes[_i].method, one.token, classes[_i].path, classes[_i].json);

    if (!classes[_i].limit) {
        ck_assert_ptr_null(live_header(reply, "X-RateLimit-Limit"));
        return;
    }
    ck_assert_int_eq(atoi(live_header(reply, "X-RateLimit-Limit")), classes[_i].limit);
    ck_assert_int_eq(atoi(live_header(reply, "X-RateLimit-Remaining")), classes[_i].limit - 1);
    reply = from(address(21, 1 + _i), classes[_i].method, one.token, classes[_i].path, classes[_i].json);
    ck_assert_int_eq(atoi(live_header(reply, "X-RateLimit-Remaining")), classes[_i].limit - (classes[_i].by_user ? 2 : 1));
    reply = from(where, classes[_i].method, other.token, classes[_i].path, classes[_i].json);
    ck_assert_int_eq(atoi(live_header(reply, "X-RateLimit-Remaining")), classes[_i].limit - (classes[_i].by_user ? 1 : 2));
}
END_TEST

START_TEST(one_too_many_is_told_when_to_come_again)
{
    char *where = address(22, 1);
    live_reply_t *reply = NULL;
    const char *again;

    for (int i = 0; i < 10; i++) {
        live_expect(from(where, "POST", NULL, "/auth/login", "{'email': 'x@y.example'}"), 422);
    }
    reply = from(where, "POST", NULL, "/auth/login", "{'email': 'x@y.example'}");
    live_expect(reply, 429);
    again = live_header(reply, "Retry-After");
    ck_assert_ptr_nonnull(again);
    expect_like(reply, "", "{'detail': 'Rate limit exceeded', 'error': 'Rate limit exceeded', 'retry_after': %d}", atoi(again));
    ck_assert_uint_eq(json_object_size(reply->json), 3);
    ck_assert_str_eq(live_header(reply, "X-RateLimit-Remaining"), "0");
    ck_assert_ptr_nonnull(live_header(reply, "X-RateLimit-Reset"));
    /* Who the caller is comes before how often. */
    live_expect(from(where, "GET", NULL, "/users/me", NULL), 401);
}
END_TEST

/* From a dozen addresses, none of which is over its own limit. */
START_TEST(an_account_is_tried_only_so_often)
{
    static const char *const spellings[] = {"kept", "KEPT", "\xE2\x84\xAA" "ept"};        /* the last begins with U+212A, which folds to k */
    live_request_t all[120];
    live_reply_t **replies;
    int refused;

    for (int i = 0; i < 120; i++) {
        all[i] = (live_request_t){.method = "POST", .path = ATT "/auth/login", .from = address(23, 1 + i / 10),
                                  .json = quoted(live_text("{'email': '%s@example.org', 'password': 'x'}", spellings[i % 3]))};
    }
    replies = live_together(120, all);
    refused = live_count(replies, 120, 429);
    ck_assert_int_eq(refused, 20);
    ck_assert_int_eq(live_count(replies, 120, 401), 100);
    live_expect(from(address(23, 200), "POST", NULL, "/auth/login", "{'email': 'kept@example.org', 'password': 'x'}"), 429);
    live_expect(from(address(23, 200), "POST", NULL, "/auth/login", "{'email': 'other@example.org', 'password': 'x'}"), 401);
}
END_TEST

/* Logins from hundreds of addresses at once, with passwords as costly as they come: who reads is served meanwhile. */
START_TEST(a_flood_of_logins_leaves_the_others_alone)
{
    enum { FLOOD = 300, READS = 40 };
    char *base = live_server("ActivitiesPasswordCost 12\n");
    member_t reader = outsider("reader");
    live_request_t all[FLOOD + READS];
    live_reply_t **replies;
    double slowest = 0;
    int odd = 0;

    live_expect_log("AH10159");                    /* httpd is busy, and says so */
    live_expect_log("AH00484");
    for (int i = 0; i < FLOOD + READS; i++) {
        all[i] = i % ((FLOOD + READS) / READS) == 3 && i / ((FLOOD + READS) / READS) < READS
            ? (live_request_t){.path = ATT "/users/me", .base = base, .token = reader.token, .from = address(24, 1)}
            : (live_request_t){.method = "POST", .path = ATT "/auth/login", .base = base, .from = address(25 + i / 200, 1 + i % 200),
                               .json = quoted(live_text("{'email': 'flood%d@example.org', 'password': 'x'}", i))};
        all[i].timeout = 60000;
    }
    replies = live_together(FLOOD + READS, all);
    for (int i = 0; i < FLOOD + READS; i++) {
        if (!all[i].method) {
            live_expect(replies[i], 200);
            slowest = replies[i]->seconds > slowest ? replies[i]->seconds : slowest;
        }
        else {
            odd += replies[i]->status != 401 && replies[i]->status != 503;
        }
    }
    ck_assert_int_eq(odd, 0);
    ck_assert_msg(slowest < 5, "a read took %.1f s", slowest);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("attendance: limits");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, each_class_has_its_limit, 0, sizeof classes / sizeof classes[0]);
    tcase_add_test(tc, one_too_many_is_told_when_to_come_again);
    tcase_add_test(tc, an_account_is_tried_only_so_often);
    tcase_add_test(tc, a_flood_of_logins_leaves_the_others_alone);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
