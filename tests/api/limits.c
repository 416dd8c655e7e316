/*
 * Participation API, 1.6: how often. The limits are those of the document, in the server as it is shipped; every test has addresses of its own.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness_api.h"

#define NOWHERE "00000000-0000-4000-8000-000000000000"
#define MANY 40

static long number(const live_reply_t *reply, const char *name)
{
    const char *value = live_header(reply, name);
    char *end;
    long n;

    ck_assert_msg(value != NULL, "%s is missing: %ld %s", name, reply->status, reply->headers);
    n = strtol(value, &end, 10);
    ck_assert_msg(end != value && !*end, "%s is `%s'", name, value);
    return n;
}

/* What every reply of a limited operation says of its limit. */
static void expect_limit(const live_reply_t *reply, long limit, long remaining, long window)
{
    long reset = number(reply, "X-RateLimit-Reset");

    ck_assert_int_eq((int)number(reply, "X-RateLimit-Limit"), (int)limit);
    ck_assert_int_eq((int)number(reply, "X-RateLimit-Remaining"), (int)remaining);
    /* two windows ahead at most, said in whole seconds, rounded up */
    ck_assert_msg(reset >= live_now() - 1 && reset <= live_now() + 2 * window + 1, "X-RateLimit-Reset is %ld seconds ahead", reset - (long)live_now());
    ck_assert_int_eq(live_header_count(reply, "X-RateLimit-Limit"), 1);
}

static void expect_refused(const live_reply_t *reply, long limit, long window)
{
    long wait;

    live_expect(reply, 429);
    ck_assert_str_eq(live_header(reply, "Content-Type"), "application/json");
    ck_assert_int_eq((int)json_object_size(reply->json), 2);
    ck_assert_str_eq(live_string(reply, "error"), "Rate limit exceeded");
    wait = (long)live_int(reply, "retry_after");
    ck_assert_int_eq((int)number(reply, "Retry-After"), (int)wait);
    ck_assert_msg(wait >= 1 && wait <= 2 * window, "retry_after is %ld", wait);
    expect_limit(reply, limit, 0, window);
}

/* At the mount (NULL: the usual one), for an activity that is none. */
static live_reply_t *join(const person_t *who, const char *mount, const char *from)
{
    return live_send(&(live_request_t){.method = "POST", .path = live_text("%s/activities/" NOWHERE "/join", mount ? mount : API), .token = who->token,
                                       .from = from});
}

/* ---- the document's own ------------------------------------------------------------------------------------- */

static const struct {
    const char *method, *path, *body;
    int limit;                          /* a minute; 0: none */
} OPERATIONS[] = {
    {"GET", "/health", NULL, 0},
    {"GET", "/openapi.json", NULL, 0},
    {"GET", "/docs", NULL, 0},
    {"POST", "/activities/" NOWHERE "/join", NULL, 10},
    {"DELETE", "/activities/" NOWHERE "/leave", NULL, 10},
    {"POST", "/activities/" NOWHERE "/cancel", NULL, 10},
    {"GET", "/activities/" NOWHERE "/participants", NULL, 60},
    {"GET", "/users/" NOWHERE "/activities", NULL, 60},
    {"POST", "/activities/" NOWHERE "/promote", "{}", 10},
    {"POST", "/activities/" NOWHERE "/demote", "{}", 10},
    {"POST", "/activities/" NOWHERE "/attendance", "{}", 5},
    {"POST", "/attendance/confirm", "{}", 20},
    {"GET", "/attendance/pending", NULL, 60},
    {"POST", "/activities/" NOWHERE "/invitations", "{}", 5},
    {"POST", "/invitations/" NOWHERE "/accept", NULL, 10},
    {"POST", "/invitations/" NOWHERE "/decline", NULL, 10},
    {"DELETE", "/invitations/" NOWHERE, NULL, 10},
    {"GET", "/invitations/received", NULL, 60},
    {"GET", "/invitations/sent", NULL, 60},
    {"GET", "/activities/" NOWHERE "/waitlist", NULL, 60},
    {"POST", "/activities", "{}", 10},
    {"GET", "/activities", NULL, 60},
    {"GET", "/activities/" NOWHERE, NULL, 60},
    {"PATCH", "/activities/" NOWHERE, "{}", 10},
    {"DELETE", "/activities/" NOWHERE, NULL, 10},
    {"GET", "/activities/" NOWHERE "/participation", NULL, 60},
    {"DELETE", "/activities/" NOWHERE "/participants/" NOWHERE, NULL, 10},
    {"GET", "/users/" NOWHERE, NULL, 60},
    {"PUT", "/users/" NOWHERE "/block", NULL, 10},
    {"DELETE", "/users/" NOWHERE "/block", NULL, 10},
    {"GET", "/blocks", NULL, 60},
    {"POST", "/users/" NOWHERE "/friend", NULL, 10},
    {"POST", "/users/" NOWHERE "/friend/accept", NULL, 10},
    {"POST", "/users/" NOWHERE "/friend/decline", NULL, 10},
    {"DELETE", "/users/" NOWHERE "/friend", NULL, 10},
    {"GET", "/friends", NULL, 60},
    {"GET", "/stream", NULL, 10},
};

/* HEAD is the GET of it: counted with it, and told of it. */
START_TEST(each_operation_has_its_limit)
{
    person_t jo = person("jo");
    live_request_t q = {.method = OPERATIONS[_i].method, .path = live_text(API "%s", OPERATIONS[_i].path), .token = jo.token,
                        .json = OPERATIONS[_i].body, .from = "127.0.1.1", .timeout = 1000};
    live_reply_t *reply = live_send(&q);

    if (!OPERATIONS[_i].limit) {
        ck_assert_ptr_null(live_header(reply, "X-RateLimit-Limit"));
        return;
    }
    expect_limit(reply, OPERATIONS[_i].limit, OPERATIONS[_i].limit - 1, 60);
    if (!strcmp(q.method, "GET") && strcmp(OPERATIONS[_i].path, "/stream")) {
        q.method = "HEAD";
        expect_limit(live_send(&q), OPERATIONS[_i].limit, OPERATIONS[_i].limit - 2, 60);
    }
}
END_TEST

/* ---- exactly so many ---------------------------------------------------------------------------------------- */

START_TEST(of_forty_at_once_exactly_ten_pass)
{
    person_t mira = person("mira"), people[MANY];
    char *id = live_activity(mira.id, 0);
    live_request_t requests[MANY];
    live_reply_t **replies;
    int left[10] = {0};

    /* of different people, to different activities, with and without a slash, and with headers that say where they come from */
    for (int i = 0; i < MANY; i++) {
        static const char *const headers[] = {"X-Forwarded-For: 192.0.2.1", "Forwarded: for=192.0.2.2", "X-Real-IP: 192.0.2.3", NULL};

        people[i] = person("jo");
        requests[i] = (live_request_t){.method = "POST", .path = live_text(API "/activities/%s/join%s", i % 2 ? id : live_activity(mira.id, 0), i % 3 ? "/" : ""),
                                       .token = people[i].token, .headers = i % 4 ? NULL : headers, .from = "127.0.1.2"};
    }
    replies = live_together(MANY, requests);
    ck_assert_int_eq(live_count(replies, MANY, 200), 10);
    ck_assert_int_eq(live_count(replies, MANY, 429), MANY - 10);
    for (int i = 0; i < MANY; i++) {
        if (replies[i]->status == 429) {
            expect_refused(replies[i], 10, 60);
        } else {
            left[number(replies[i], "X-RateLimit-Remaining")]++;
        }
    }
    for (int i = 0; i < 10; i++) {
        ck_assert_msg(left[i] == 1, "%d replies say that %d are left", left[i], i);
    }
    /* another address, and another operation of the same address, have limits of their own */
    live_expect(live_send(&(live_request_t){.method = "POST", .path = live_text(API "/activities/%s/join", id), .token = person("jo").token, .from = "127.0.1.3"}), 200);
    expect_limit(live_send(&(live_request_t){.method = "DELETE", .path = live_text(API "/activities/%s/leave", id), .token = mira.token, .from = "127.0.1.2"}), 10, 9, 60);
}
END_TEST

START_TEST(what_counts_and_what_does_not)
{
    person_t jo = person("jo");
    const char *from = "127.0.1.4";
    live_request_t q = {.method = "POST", .path = API "/attendance/confirm", .from = from};

    live_expect(live_send(&q), 401);
    q.token = "forged.to.ken";
    live_expect(live_send(&q), 401);
    q.token = live_token_of(quoted(live_text("{'sub': '%s', 'exp': %lld}", jo.id, live_now() - 5)));
    live_expect(live_send(&q), 401);
    q.token = jo.token;
    q.method = "PUT";
    live_expect(live_send(&q), 405);
    q.method = "POST";
    q.path = API "/attendance/confirm/x";
    live_expect(live_send(&q), 404);
    q.path = API "/attendance/confirm";
    q.json = "{";
    expect_limit(live_send(&q), 20, 19, 60);
    live_free(live_send(&q));
    q.json = "{}";
    expect_limit(live_send(&q), 20, 17, 60);
    q.json = quoted(live_text("{'activity_id': '" NOWHERE "', 'confirmed_user_id': '" NOWHERE "'}"));
    live_expect(live_send(&q), 404);
    q.token = stranger().token;
    live_expect(live_send(&q), 404);
    q.json = NULL;
    q.body = live_text("%01048577d", 0);
    q.token = jo.token;
    live_expect(live_send(&q), 413);
    q.body = NULL;
    expect_limit(live_send(&q), 20, 13, 60);
}
END_TEST

START_TEST(a_limit_comes_before_validation_and_after_the_token)
{
    person_t jo = person("jo"), gone = person_like("gone", "is_active = false");
    live_request_t q = {.method = "POST", .path = API "/activities/" NOWHERE "/attendance", .token = jo.token, .json = "{", .from = "127.0.1.5"};

    for (int i = 0; i < 5; i++) {
        live_expect(live_send(&q), 400);
    }
    expect_refused(live_send(&q), 5, 60);
    q.token = gone.token;
    expect_refused(live_send(&q), 5, 60);
    q.token = "bad";
    live_expect(live_send(&q), 401);
    q.method = "GET";
    live_expect(live_send(&q), 405);
}
END_TEST

START_TEST(every_address_counts_apart)
{
    person_t jo = person("jo");
    live_reply_t *first = join(&jo, NULL, "127.0.1.6"), *second = join(&jo, NULL, "127.0.1.7");

    expect_limit(first, 10, 9, 60);
    expect_limit(second, 10, 9, 60);
}
END_TEST

/* Through the proxy of limits.conf. */
static live_reply_t *join_for(const person_t *who, const char *client)
{
    const char *headers[] = {live_text("X-Client: %s", client), NULL};

    return live_send(&(live_request_t){.method = "POST", .path = API "/activities/" NOWHERE "/join", .token = who->token,
                                       .from = "127.0.1.200", .headers = headers});
}

START_TEST(an_ipv6_network_counts_as_one)
{
    person_t jo = person("jo");

    expect_limit(join_for(&jo, "2001:db8:1:2::1"), 10, 9, 60);
    expect_limit(join_for(&jo, "2001:db8:1:2:ffff::2"), 10, 8, 60);
    expect_limit(join_for(&jo, "2001:db8:1:3::1"), 10, 9, 60);
    expect_limit(join_for(&jo, "192.0.2.1"), 10, 9, 60);
    expect_limit(join_for(&jo, "192.0.2.2"), 10, 9, 60);
    expect_limit(join_for(&jo, "::ffff:192.0.2.2"), 10, 8, 60);
}
END_TEST

/* ---- the window slides -------------------------------------------------------------------------------------- */

START_TEST(the_next_passes_after_retry_after)
{
    person_t jo = person("jo");
    const char *mount = "/seconds";
    live_reply_t *reply = NULL;
    long long before;
    int passed;

    /* three within a second, which a busy machine may need several tries for */
    for (int tries = 0; tries < 5; tries++) {
        before = live_now();
        for (passed = 0; passed < 3 && (reply = join(&jo, mount, NULL))->status == 404; passed++) {
            expect_limit(reply, 3, 2 - passed, 1);
        }
        ck_assert_int_eq(passed, 3);
        reply = join(&jo, mount, NULL);
        if (reply->status == 429) {
            break;
        }
        sleep(3);
    }
    expect_refused(reply, 3, 1);
    /* refused ones do not count: however often it is asked meanwhile */
    for (int i = 0; i < 10; i++) {
        live_free(join(&jo, mount, NULL));
    }
    usleep((useconds_t)live_int(reply, "retry_after") * 1000000);
    live_expect(join(&jo, mount, NULL), 404);
    ck_assert_msg(live_now() - before <= 6, "it took %lld seconds", live_now() - before);
    sleep(3);
    expect_limit(join(&jo, mount, NULL), 3, 2, 1);       /* quiet again: all of them */
}
END_TEST

/* ---- which limit counts ------------------------------------------------------------------------------------- */

/* Mounts beside the usual one, with limits of their own. The main server says `* off`, so that what they leave open is off. */
static const char OUTER_OFF[] =
    "ActivitiesRateLimit * off\n"
    "<Location /read>\n ActivitiesAPI participation\n Require all granted\n ActivitiesRateLimit read 5/minute\n</Location>\n"
    "<Location /star>\n ActivitiesAPI participation\n Require all granted\n ActivitiesRateLimit * 4/hour\n</Location>\n"
    "<Location /all>\n ActivitiesAPI participation\n Require all granted\n"
    " ActivitiesRateLimit joinActivity 3/minute\n ActivitiesRateLimit * 1/minute\n ActivitiesRateLimit write 2/minute\n</Location>\n"
    "<Location /default>\n ActivitiesAPI participation\n Require all granted\n ActivitiesRateLimit * default\n</Location>\n"
    "<Location /twice>\n ActivitiesAPI participation\n Require all granted\n"
    " ActivitiesRateLimit joinActivity 8/minute\n ActivitiesRateLimit joinActivity 9/day\n</Location>\n";

static const char OUTER_SAYS[] =
    "ActivitiesRateLimit joinActivity 30/minute\nActivitiesRateLimit read 31/minute\nActivitiesRateLimit * 32/minute\n"
    "<Location /none>\n ActivitiesAPI participation\n Require all granted\n</Location>\n"
    "<Location /star>\n ActivitiesAPI participation\n Require all granted\n ActivitiesRateLimit * 4/minute\n</Location>\n"
    "<Location /class>\n ActivitiesAPI participation\n Require all granted\n ActivitiesRateLimit write 6/minute\n</Location>\n"
    "<Location /off>\n ActivitiesAPI participation\n Require all granted\n ActivitiesRateLimit joinActivity off\n</Location>\n"
    "<Location /default>\n ActivitiesAPI participation\n Require all granted\n ActivitiesRateLimit write default\n</Location>\n";

static const struct {
    int says;                           /* OUTER_SAYS, else OUTER_OFF */
    const char *mount;
    int join, confirm, user;            /* limits of joinActivity, confirmAttendance, getUser; 0: none */
} PRECEDENCE[] = {
    {0, API, 0, 0, 0},
    {0, "/read", 0, 0, 5},
    {0, "/star", 4, 4, 4},
    {0, "/all", 3, 2, 1},
    {0, "/default", 10, 20, 60},
    {0, "/twice", 9, 0, 0},
    {1, API, 30, 32, 31},
    {1, "/none", 30, 32, 31},
    {1, "/star", 4, 4, 4},
    {1, "/class", 6, 6, 31},
    {1, "/off", 0, 32, 31},
    {1, "/default", 10, 20, 31},
};

static void expect_number(const live_reply_t *reply, int limit, const char *mount)
{
    const char *said = live_header(reply, "X-RateLimit-Limit");

    ck_assert_msg(limit ? said && atoi(said) == limit : !said, "%s: the limit is %s, not %d", mount, said ? said : "none", limit);
}

START_TEST(the_innermost_that_says_anything_wins)
{
    person_t jo = person("jo");
    char *off = live_server(OUTER_OFF), *says = live_server(OUTER_SAYS);

    for (size_t i = 0; i < sizeof PRECEDENCE / sizeof *PRECEDENCE; i++) {
        const char *base = PRECEDENCE[i].says ? says : off, *mount = PRECEDENCE[i].mount;
        live_request_t q = {.base = base, .token = jo.token, .method = "POST", .path = live_text("%s/activities/" NOWHERE "/join", mount)};

        expect_number(live_send(&q), PRECEDENCE[i].join, mount);
        q.path = live_text("%s/attendance/confirm", mount);
        expect_number(live_send(&q), PRECEDENCE[i].confirm, mount);
        q.method = "GET";
        q.path = live_text("%s/users/" NOWHERE, mount);
        expect_number(live_send(&q), PRECEDENCE[i].user, mount);
    }
    live_stop(off);
    live_stop(says);
}
END_TEST

/* ---- other settings ----------------------------------------------------------------------------------------- */

START_TEST(each_mount_and_each_user_counts_apart)
{
    person_t jo = person("jo"), ann = person("ann");

    expect_limit(join(&jo, "/by-user", NULL), 2, 1, 60);
    expect_limit(join(&jo, "/by-user", "127.0.1.8"), 2, 0, 60);         /* the same user from elsewhere */
    expect_refused(join(&jo, "/by-user", NULL), 2, 60);
    expect_limit(join(&ann, "/by-user", NULL), 2, 1, 60);
    expect_limit(join(&jo, "/by-user-too", NULL), 2, 1, 60);
}
END_TEST

START_TEST(a_dry_run_refuses_nothing)
{
    person_t jo = person("jo");
    long from = live_log_end();
    live_reply_t *reply = NULL;

    for (int i = 0; i < 5; i++) {
        reply = join(&jo, "/dry", NULL);
        live_expect(reply, 404);
    }
    expect_limit(reply, 2, 0, 60);
    ck_assert_ptr_null(live_header(reply, "Retry-After"));
    live_await_log(from, live_text("ACT0301: request %s,", live_header(reply, "X-Request-Id")));
}
END_TEST

START_TEST(counters_outlive_a_graceful_restart)
{
    person_t jo = person("jo");
    const char *from = "127.0.1.9";

    for (int i = 0; i < 10; i++) {
        live_expect(join(&jo, NULL, from), 404);
    }
    expect_refused(join(&jo, NULL, from), 10, 60);
    live_graceful();
    for (int i = 0; i < 8; i++) {                       /* whichever child answers */
        expect_refused(join(&jo, NULL, from), 10, 60);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("limits");
    TCase *tc = tcase_create("limits");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, each_operation_has_its_limit, 0, sizeof OPERATIONS / sizeof *OPERATIONS);
    tcase_add_test(tc, of_forty_at_once_exactly_ten_pass);
    tcase_add_test(tc, what_counts_and_what_does_not);
    tcase_add_test(tc, a_limit_comes_before_validation_and_after_the_token);
    tcase_add_test(tc, every_address_counts_apart);
    tcase_add_test(tc, an_ipv6_network_counts_as_one);
    tcase_add_test(tc, the_next_passes_after_retry_after);
    tcase_add_test(tc, the_innermost_that_says_anything_wins);
    tcase_add_test(tc, each_mount_and_each_user_counts_apart);
    tcase_add_test(tc, a_dry_run_refuses_nothing);
    tcase_add_test(tc, counters_outlive_a_graceful_restart);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
