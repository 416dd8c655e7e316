/*
 * Who gets a name that a thousand ask for at once: one, and each of the others is told so, whichever API they came by.
 */
#include <string.h>

#include "harness_api.h"

#define N 1000

/* A registration as each API takes it; the format gets the name, which is also the address's, and how a name that is taken is answered. */
static const struct {
    const char *path, *json;
    long refused;
} apis[] = {
    {"/gatherhub/api/v1/auth/register/", "{'username': '%s', 'email': '%s@example.org', 'password': 'lakeside 2031'}", 409},
    {"/collaboration/api/v1/auth/register", "{'username': '%s', 'email': '%s@example.org', 'password': 'Lakeside 2031'}", 400},
    {"/attendance/auth/register", "{'name': '%s', 'email': '%s@example.org', 'password': 'lakeside 2031'}", 400},
};

#define APIS ((int)(sizeof apis / sizeof apis[0]))

static char *new_name(void)
{
    return live_sql("SELECT 'n' || left(gen_random_uuid()::text, 8)", NULL);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static live_request_t registration(int api, const char *name, const char *base)
{
    return (live_request_t){.base = base, .method = "POST", .path = apis[api].path, .json = quoted(live_text(apis[api].json, name, name))};
}
#pragma GCC diagnostic pop

static void expect_one_account(const char *name)
{
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.users WHERE lower(email) = $1 || '@example.org'", name, NULL), "1");
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.name_claims", NULL), "0");
}

START_TEST(one_of_a_thousand)
{
    live_request_t all[N];
    char *name = new_name();
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        all[i] = registration(_i, name, NULL);
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 201), 1);
    ck_assert_int_eq(live_count(replies, N, apis[_i].refused), N - 1);
    expect_one_account(name);
}
END_TEST

/* Three APIs and one platform: a name is claimed for all of them. */
START_TEST(one_of_a_crowd_at_every_door)
{
    live_request_t all[60];
    char *name = new_name();
    live_reply_t **replies;
    int refused = 0;

    for (int i = 0; i < 60; i++) {
        all[i] = registration(i % APIS, name, NULL);
    }
    replies = live_together(60, all);
    ck_assert_int_eq(live_count(replies, 60, 201), 1);
    for (int i = 0; i < 60; i++) {
        refused += replies[i]->status == apis[i % APIS].refused;
    }
    ck_assert_int_eq(refused, 59);
    expect_one_account(name);
}
END_TEST

/* The procedure fails after the name was claimed: whoever tries again is not told that somebody has it. */
START_TEST(a_failure_leaves_the_name_free)
{
    char *base = live_server("ActivitiesRateLimit * off\nActivitiesPasswordCost 4\nActivitiesStatementTimeout 300ms\n"), *name = new_name();
    live_request_t q = registration(_i, name, base);

    live_expect_log("ACT0309");
    live_sql("BEGIN", NULL);
    live_sql("LOCK TABLE activity.users IN SHARE MODE", NULL);         /* read, but not written */
    live_expect(live_send(&q), 504);
    live_sql("ROLLBACK", NULL);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.name_claims", NULL), "0");
    live_expect(live_send(&q), 201);
    expect_one_account(name);
    live_stop(base);
}
END_TEST

/* More names than can wait for a turn: some are told to come again, and that is not held against them. */
START_TEST(no_turn_leaves_the_name_free)
{
    enum { MANY = 128 };                     /* three in four may wait, and some are served meanwhile */
    char *base = live_server("ActivitiesRateLimit * off\nServerLimit 1\nStartServers 1\nThreadsPerChild 128\nMaxRequestWorkers 128\n"
                             "MinSpareThreads 1\nMaxSpareThreads 128\nActivitiesPasswordCost 10\n");
    live_request_t all[MANY];
    live_reply_t **replies;
    int waved_off = 0;

    for (int i = 0; i < MANY; i++) {
        all[i] = registration(i % APIS, new_name(), base);
    }
    replies = live_together(MANY, all);
    ck_assert_int_eq(live_count(replies, MANY, 201) + live_count(replies, MANY, 503), MANY);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.name_claims", NULL), "0");
    for (int i = 0; i < MANY && waved_off < 2; i++) {
        if (replies[i]->status == 503) {
            waved_off++;
            live_expect(live_send(&all[i]), 201);
        }
    }
    ck_assert_msg(waved_off > 0, "all %d had a turn", MANY);
    live_stop(base);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("names");
    TCase *tc = tcase_create("names");

    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, one_of_a_thousand, 0, APIS);
    tcase_add_test(tc, one_of_a_crowd_at_every_door);
    tcase_add_loop_test(tc, a_failure_leaves_the_name_free, 0, APIS);
    tcase_add_test(tc, no_turn_leaves_the_name_free);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
