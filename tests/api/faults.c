/*
 * Faults: the database goes away, is slow, is full, or is not what the document says. What a client is told, how soon all is well again, and that
 * no child dies of it and no request is done twice or by halves.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness_api.h"

#define NOWHERE "00000000-0000-4000-8000-000000000000"
#define AWAY "503 UNAVAILABLE Service unavailable"
#define NO_ACTIVITY "404 ACTIVITY_NOT_FOUND Activity not found"

/* One child, so that what is said of a pool is said of this one. */
#define ONE_CHILD "ActivitiesRateLimit * off\nServerLimit 1\nStartServers 1\nMaxRequestWorkers 64\nMinSpareThreads 8\nMaxSpareThreads 64\n"

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The lines that a database's absence may leave, here and by mod_dbd. */
static void expect_an_outage(void)
{
    live_expect_log("ACT0231");
    live_expect_log("ACT0308");
    live_expect_log("ACT0520");
    live_expect_log("ACT0513");
    live_expect_log("[dbd:error]");
    live_expect_log("[dbd:crit]");
}

/* Its children, sorted by time of birth: "pid pid …". One that has died and was replaced changes it. */
static char *children(const char *base)
{
    long parent = strtol(live_read(live_text("%s/httpd.pid", live_directory(base))), NULL, 10);
    char *list = live_text("%s", "");
    DIR *proc = opendir("/proc");

    for (struct dirent *entry; proc && (entry = readdir(proc));) {
        FILE *f = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? fopen(live_text("/proc/%s/stat", entry->d_name), "r") : NULL;
        long of = 0;
        char state = 0;

        if (f && fscanf(f, "%*d (%*[^)]) %c %ld", &state, &of) == 2 && of == parent && state != 'Z') {
            list = live_text("%s%s ", list, entry->d_name);
        }
        if (f) {
            fclose(f);
        }
    }
    if (proc) {
        closedir(proc);
    }
    ck_assert_msg(*list != '\0', "%ld has no children", parent);
    return list;
}

static int times(const char *text, const char *part)
{
    int n = 0;

    for (; (text = strstr(text, part)); text++) {
        n++;
    }
    return n;
}

/* ---- away --------------------------------------------------------------------------------------------------- */

START_TEST(without_a_database_all_is_unavailable)
{
    person_t mira = person("mira");
    char *id = outing(&mira, NULL), *before = children(NULL);
    live_reply_t *reply;
    double back;

    expect_an_outage();
    live_database_stop();
    for (int i = 0; i < 8; i++) {                       /* whichever child */
        reply = api_get(&mira, "/activities/%s", id);
        expect_refusal(reply, AWAY);
        ck_assert_msg(reply->seconds < 5.5, "it took %.1f seconds to say so", reply->seconds);
        expect_refusal(api_post(&mira, NULL, "/activities/%s/join", id), AWAY);
    }
    reply = api_get(NULL, "/health");
    live_expect(reply, 503);
    expect_shape(reply, "", "status:text service:text version:text timestamp:time");
    expect_like(reply, "", "{'status': 'unhealthy', 'service': 'participation-api', 'version': '1.0.0'}");
    live_expect(live_ask("HEAD", API "/health", NULL, NULL), 503);
    /* what needs no database goes on */
    live_expect(api_get(NULL, "/openapi.json"), 200);
    expect_refusal(api_get(NULL, "/blocks"), "401 NOT_AUTHENTICATED Not authenticated");
    expect_places(api_get(&mira, "/blocks?limit=0"), "query.limit");
    live_database_start();
    back = seconds() + 1;
    do {
        reply = api_get(&mira, "/activities/%s", id);
        ck_assert_msg(reply->status == 200 || (reply->status == 503 && seconds() < back), "%ld after it was back: %s", reply->status, reply->body);
    } while (seconds() < back);
    reply = api_get(NULL, "/health");
    live_expect(reply, 200);
    expect_like(reply, "", "{'status': 'healthy', 'service': 'participation-api', 'version': '1.0.0'}");
    ck_assert_str_eq(children(NULL), before);
}
END_TEST

START_TEST(restarted_under_load)
{
    enum { AT_ONCE = 24, LEAST = 10 };
    person_t mira = person("mira"), people[AT_ONCE];
    char *id = outing(&mira, "'max_participants': 5"), *before = children(NULL);
    live_request_t requests[AT_ONCE];
    int status, away = 0, good = 0, rounds = 0;
    pid_t other;

    expect_an_outage();
    live_expect_log("ACT0310");
    for (int i = 0; i < AT_ONCE; i++) {
        people[i] = person("jo");
        requests[i] = i % 3 == 0 ? (live_request_t){.path = live_text(API "/activities/%s", id), .token = mira.token}
                    : (live_request_t){.method = i % 3 == 1 ? "POST" : "DELETE", .path = live_text(API "/activities/%s/%s", id, i % 3 == 1 ? "join" : "leave"),
                                       .token = people[i - i % 3].token};
    }
    other = fork();
    if (other == 0) {
        live_database_stop();
        usleep(300000);
        live_database_start();
        _exit(0);
    }
    while (waitpid(other, &status, WNOHANG) == 0 || rounds < LEAST) {
        live_reply_t **replies = live_together(AT_ONCE, requests);

        for (int i = 0; i < AT_ONCE; i++) {
            int ok = replies[i]->status == 200 || (replies[i]->status == 400 && i % 3);

            ck_assert_msg(ok || replies[i]->status == 503, "%s: %ld %s%s", requests[i].path, replies[i]->status, replies[i]->body,
                          replies[i]->error ? replies[i]->error : "");
            if (replies[i]->status == 503) {
                expect_refusal(replies[i], AWAY);
                away++;
            }
            good += ok;
            live_free(replies[i]);
        }
        free(replies);
        rounds++;
    }
    ck_assert_msg(away > 0 && good > 0, "%d were refused, %d were served", away, good);
    live_expect(api_get(&mira, "/activities/%s", id), 200);
    ck_assert_str_eq(children(NULL), before);
    ck_assert_ptr_null(live_sql("SELECT string_agg(invariant, '; ') FROM activity.broken()", NULL));
}
END_TEST

START_TEST(connections_that_were_cut_while_idle_are_not_noticed)
{
    person_t mira = person("mira"), jo = person("jo");
    char *id = outing(&mira, NULL);

    for (int i = 0; i < 12; i++) {
        live_free(api_get(&mira, "/activities/%s", id));
    }
    live_expect_log("ACT0520");                         /* the stream's own connection is cut too */
    live_expect_log("[dbd:error]");
    live_sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'activity_web'", NULL);
    usleep(100000);
    for (int i = 0; i < 12; i++) {
        live_expect(api_get(&mira, "/activities/%s", id), 200);
        live_expect(api_post(&jo, NULL, "/activities/%s/join", id), 200);
        live_expect(api_delete(&jo, "/activities/%s/leave", id), 200);
    }
}
END_TEST

START_TEST(no_request_is_lost_in_a_graceful_restart)
{
    enum { AT_ONCE = 12 };
    person_t mira = person("mira");
    live_request_t requests[AT_ONCE];
    int status, good = 0;
    pid_t other;

    for (int i = 0; i < AT_ONCE; i++) {
        requests[i] = (live_request_t){.path = API "/blocks", .token = mira.token};
    }
    other = fork();
    if (other == 0) {
        live_graceful();
        usleep(300000);
        live_graceful();
        _exit(0);
    }
    while (waitpid(other, &status, WNOHANG) == 0) {
        live_reply_t **replies = live_together(AT_ONCE, requests);

        for (int i = 0; i < AT_ONCE; i++) {
            ck_assert_msg(replies[i]->status == 200, "%ld %s%s", replies[i]->status, replies[i]->body, replies[i]->error ? replies[i]->error : "");
            live_free(replies[i]);
            good++;
        }
        free(replies);
    }
    ck_assert_int_gt(good, 0);
}
END_TEST

/* ---- slow, full --------------------------------------------------------------------------------------------- */

/* From now until release() nobody else gets the activity's row. */
static void hold(const char *activity)
{
    live_sql("BEGIN", NULL);
    live_sql("SELECT 1 FROM activity.places WHERE activity_id = $1::uuid FOR UPDATE", activity, NULL);
}

static void release(void)
{
    live_sql("ROLLBACK", NULL);
}

START_TEST(what_takes_too_long_is_stopped)
{
    person_t mira = person("mira"), jo = person("jo");
    char *base = live_server(ONE_CHILD "ActivitiesStatementTimeout 300ms\n"), *id = outing(&mira, NULL);
    live_request_t q = {.base = base, .method = "POST", .path = live_text(API "/activities/%s/join", id), .token = jo.token};
    live_reply_t *reply;

    live_expect_log("ACT0309");
    hold(id);
    reply = live_send(&q);
    expect_refusal(reply, "504 TIMEOUT Request timed out");
    ck_assert_msg(reply->seconds >= 0.3 && reply->seconds < 2, "it took %.2f seconds", reply->seconds);
    release();
    expect_like(api_get(&mira, "/activities/%s", id), "", "{'current_participants_count': 1}");     /* it has changed nothing */
    live_expect(live_send(&q), 200);                    /* on the same connection: there is but one child, and nothing is stuck */
    live_stop(base);
}
END_TEST

/* The kept answers of two mounts, with a procedure that does not come back: one of each waits for it, nobody else does. */
START_TEST(health_is_told_while_the_database_does_not_answer)
{
    enum { EACH = 8 };
    static const char *const paths[] = {"/gatherhub/health/status", "/other/health/status"};
    char *base = live_server(ONE_CHILD "<Location /other>\nActivitiesAPI gatherhub\nRequire all granted\n</Location>\n");
    live_request_t requests[2 * EACH];
    live_reply_t **replies;
    int waited = 0, ok = 0;

    live_expect_log("ACT0309");
    for (int i = 0; i < 2 * EACH; i++) {
        requests[i] = (live_request_t){.base = base, .path = paths[i % 2]};
    }
    replies = live_together(2, requests);
    ck_assert_str_eq(live_string(replies[0], "status"), "ok");
    ck_assert_str_eq(live_string(replies[1], "status"), "ok");
    live_sql("ALTER FUNCTION gatherhub.status() RENAME TO was_status", NULL);
    live_sql("CREATE FUNCTION gatherhub.status() RETURNS activity.reply LANGUAGE plpgsql AS"
             " $$ BEGIN PERFORM pg_sleep(5); RETURN activity.reply(200, '{}'); END $$", NULL);
    usleep(1100000);                                    /* the answers are kept for a second, and stale answers given for one more */
    replies = live_together(2 * EACH, requests);
    for (int i = 0; i < 2 * EACH; i++) {
        live_expect(replies[i], 200);
        ok += !strcmp(live_string(replies[i], "status"), "ok");
        waited += replies[i]->seconds > 0.8;
        ck_assert_msg(replies[i]->seconds < 1.6, "it took %.2f seconds", replies[i]->seconds);
    }
    ck_assert_msg(waited <= 2, "%d have waited for the database", waited);
    ck_assert_int_eq(ok, 2 * EACH - waited);
    usleep(2500000);                                    /* too old to be given again: what is known is that nobody answers */
    replies = live_together(2 * EACH, requests);
    for (int i = 0; i < 2 * EACH; i++) {
        live_expect(replies[i], 200);
        ck_assert_str_eq(live_string(replies[i], "status"), "degraded");
        ck_assert_str_eq(live_string(replies[i], "database.status"), "error");
    }
    live_sql("DROP FUNCTION gatherhub.status()", NULL);
    live_sql("ALTER FUNCTION gatherhub.was_status() RENAME TO status", NULL);
    live_stop(base);
}
END_TEST

START_TEST(a_full_pool_says_so_in_time)
{
    enum { POOL = 2, WAITERS = 5 };
    person_t mira = person("mira");
    char *base = live_server(ONE_CHILD "DBDMax 4\nDBDKeep 2\nActivitiesPoolSize 2\nActivitiesPoolWait 300ms\n"), *id = outing(&mira, NULL);
    live_request_t requests[POOL + WAITERS];
    int waiter, status;

    live_expect_log("ACT0308");
    hold(id);
    waiter = fork();                                    /* takes both connections and waits for the row */
    if (waiter == 0) {
        live_reply_t **replies;

        for (int i = 0; i < POOL; i++) {
            requests[i] = (live_request_t){.base = base, .method = "POST", .path = live_text(API "/activities/%s/join", id), .token = live_token(live_user("jo"))};
        }
        replies = live_together(POOL, requests);
        _exit(live_count(replies, POOL, 200) == POOL ? 0 : 1);
    }
    usleep(700000);
    for (int i = 0; i < WAITERS; i++) {
        requests[i] = (live_request_t){.base = base, .path = API "/blocks", .token = mira.token};
    }
    {
        live_reply_t **replies = live_together(WAITERS, requests);

        for (int i = 0; i < WAITERS; i++) {
            expect_refusal(replies[i], AWAY);
            ck_assert_msg(replies[i]->seconds >= 0.29 && replies[i]->seconds < 1.5, "it took %.2f seconds", replies[i]->seconds);
        }
    }
    live_expect(live_send(&(live_request_t){.base = base, .path = API "/health"}), 503);
    release();
    ck_assert_int_eq(waitpid(waiter, &status, 0), waiter);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "those who held the connections were not served");
    live_expect(live_send(&requests[0]), 200);
    ck_assert_int_le(times(live_read(live_text("%s/error.log", live_directory(base))), "ACT0308"), 4);      /* not one line a request */
    live_stop(base);
}
END_TEST

START_TEST(one_connection_serves_many)
{
    person_t mira = person("mira");
    char *base = live_server(ONE_CHILD "DBDMax 1\nDBDKeep 1\nActivitiesPoolSize 1\nActivitiesPoolWait 2s\n");
    live_request_t requests[40];
    live_reply_t **replies;

    for (int i = 0; i < 40; i++) {
        requests[i] = (live_request_t){.base = base, .path = API "/blocks", .token = mira.token};
    }
    replies = live_together(40, requests);
    ck_assert_int_eq(live_count(replies, 40, 200), 40);
    live_stop(base);
}
END_TEST

/* ---- disagreement ------------------------------------------------------------------------------------------- */

START_TEST(a_missing_procedure_is_said_once)
{
    person_t mira = person("mira");
    char *base, *log, *id = outing(&mira, NULL);
    live_request_t q = {.path = live_text(API "/activities/%s/waitlist", id), .token = mira.token};
    live_reply_t *reply;

    live_expect_log("ACT0220");
    live_expect_log("ACT0308");
    live_sql("ALTER FUNCTION activity.sp_get_waitlist(uuid, uuid, int, int) RENAME TO sp_was_get_waitlist", NULL);
    base = live_server(ONE_CHILD);
    q.base = base;
    for (int i = 0; i < 10; i++) {
        expect_refusal(live_send(&q), AWAY);
    }
    live_expect(live_send(&(live_request_t){.base = base, .path = API "/blocks", .token = mira.token}), 200);
    live_expect(live_send(&(live_request_t){.base = base, .path = API "/health"}), 200);
    log = live_read(live_text("%s/error.log", live_directory(base)));
    ck_assert_int_eq(times(log, "ACT0220"), 1);
    ck_assert_ptr_nonnull(strstr(log, "activity.sp_get_waitlist"));
    live_sql("ALTER FUNCTION activity.sp_was_get_waitlist(uuid, uuid, int, int) RENAME TO sp_get_waitlist", NULL);
    for (int i = 0; i < 30 && (reply = live_send(&q))->status != 200; i++) {
        expect_refusal(reply, AWAY);
        usleep(200000);
    }
    live_expect(reply, 200);
    ck_assert_ptr_nonnull(strstr(live_read(live_text("%s/error.log", live_directory(base))), "ACT0221"));
    live_stop(base);
}
END_TEST

START_TEST(a_right_that_is_taken_is_unavailable)
{
    person_t mira = person("mira");
    char *base = live_server(ONE_CHILD);
    live_request_t q = {.base = base, .path = API "/friends", .token = mira.token};
    live_reply_t *reply;

    live_expect_log("ACT0220");
    live_expect_log("ACT0230");
    live_expect_log("ACT0308");
    live_expect(live_send(&q), 200);
    live_sql("REVOKE EXECUTE ON FUNCTION participation.list_friends FROM activity_web, PUBLIC", NULL);
    expect_refusal(live_send(&q), AWAY);
    live_sql("GRANT EXECUTE ON FUNCTION participation.list_friends TO activity_web", NULL);
    for (int i = 0; i < 30 && (reply = live_send(&q))->status != 200; i++) {
        expect_refusal(reply, AWAY);
        usleep(200000);
    }
    live_expect(reply, 200);
    live_stop(base);
}
END_TEST

/* The body of listBlocks' procedure in these tests; restored by the caller. */
static void list_blocks_does(const char *body)
{
    live_sql("ALTER FUNCTION participation.list_blocks(uuid, int, int) RENAME TO was_list_blocks", NULL);
    live_sql(live_text("CREATE FUNCTION participation.list_blocks(uuid, int, int) RETURNS activity.reply LANGUAGE plpgsql SECURITY DEFINER AS $$ %s $$", body), NULL);
    live_sql("GRANT EXECUTE ON FUNCTION participation.list_blocks(uuid, int, int) TO activity_web", NULL);
}

static void list_blocks_is_itself(void)
{
    live_sql("DROP FUNCTION participation.list_blocks(uuid, int, int)", NULL);
    live_sql("ALTER FUNCTION participation.was_list_blocks(uuid, int, int) RENAME TO list_blocks", NULL);
}

static const struct {
    const char *body, *refusal, *log;
} FAILURES[] = {
    {"BEGIN RAISE 'secret of %', current_user; END", "500 INTERNAL Internal server error", "ACT0310"},
    {"BEGIN RETURN ROW(1 / 0, NULL::text, NULL::text); END", "500 INTERNAL Internal server error", "ACT0310"},
    {"BEGIN RETURN NULL; END", "500 INTERNAL Internal server error", "ACT0307"},
    {"BEGIN RAISE SQLSTATE '57014'; END", "504 TIMEOUT Request timed out", "ACT0309"},
    {"BEGIN RAISE SQLSTATE '40001'; END", AWAY, "ACT0308"},
    {"BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END", AWAY, "ACT0308"},
};

START_TEST(what_a_procedure_fails_with_is_not_told)
{
    person_t mira = person("mira");
    long from;
    live_reply_t *reply;

    live_expect_log(FAILURES[_i].log);
    live_expect_log("[dbd:error]");
    if (!strcmp(FAILURES[_i].log, "ACT0308")) {
        sleep(2);                       /* of these, each child writes one a second */
    }
    from = live_log_end();
    list_blocks_does(FAILURES[_i].body);
    reply = api_get(&mira, "/blocks");
    list_blocks_is_itself();
    expect_refusal(reply, FAILURES[_i].refusal);
    ck_assert_int_eq((int)json_object_size(reply->json), 2);
    live_await_log(from, FAILURES[_i].log);
    live_await_log(from, live_header(reply, "X-Request-Id"));
    live_expect(api_get(&mira, "/blocks"), 200);
}
END_TEST

START_TEST(contention_is_tried_again)
{
    person_t mira = person("mira");
    live_reply_t *reply;

    live_sql("CREATE SEQUENCE participation.tries", NULL);
    list_blocks_does("BEGIN IF nextval('participation.tries') < 4 THEN RAISE SQLSTATE '40P01'; END IF; RETURN ROW(200, '{\"tried\": true}'::text, NULL::text); END");
    reply = api_get(&mira, "/blocks");
    list_blocks_is_itself();
    live_expect(reply, 200);
    ck_assert_str_eq(live_sql("SELECT last_value FROM participation.tries", NULL), "4");
    live_sql("DROP SEQUENCE participation.tries", NULL);
}
END_TEST

/* The connection is lost in the middle of a call, once. */
START_TEST(a_read_is_asked_again_and_a_write_is_not)
{
    person_t mira = person("mira"), jo = person("jo");
    char *id = outing(&mira, NULL);
    live_reply_t *reply;

    live_expect_log("ACT0308");
    live_expect_log("[dbd:error]");
    live_sql("CREATE SEQUENCE participation.tries", NULL);
    list_blocks_does("BEGIN IF nextval('participation.tries') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;"
                     " RETURN ROW(200, '{}'::text, NULL::text); END");
    reply = api_get(&mira, "/blocks");
    list_blocks_is_itself();
    live_expect(reply, 200);
    ck_assert_str_eq(live_sql("SELECT last_value FROM participation.tries", NULL), "2");

    live_sql("CREATE FUNCTION participation.cut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
             " IF nextval('participation.tries') = 3 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$", NULL);
    live_sql("CREATE TRIGGER cut BEFORE INSERT ON activity.participants FOR EACH ROW EXECUTE FUNCTION participation.cut()", NULL);
    reply = api_post(&jo, NULL, "/activities/%s/join", id);
    live_sql("DROP TRIGGER cut ON activity.participants", NULL);
    live_sql("DROP FUNCTION participation.cut()", NULL);
    expect_refusal(reply, AWAY);
    ck_assert_str_eq(live_sql("SELECT last_value FROM participation.tries", NULL), "3");
    live_sql("DROP SEQUENCE participation.tries", NULL);
    expect_like(api_get(&mira, "/activities/%s", id), "", "{'current_participants_count': 1}");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("faults");
    TCase *tc = tcase_create("faults");

    tcase_set_timeout(tc, 90);
    tcase_add_test(tc, without_a_database_all_is_unavailable);
    tcase_add_test(tc, restarted_under_load);
    tcase_add_test(tc, connections_that_were_cut_while_idle_are_not_noticed);
    tcase_add_test(tc, no_request_is_lost_in_a_graceful_restart);
    tcase_add_test(tc, what_takes_too_long_is_stopped);
    tcase_add_test(tc, health_is_told_while_the_database_does_not_answer);
    tcase_add_test(tc, a_full_pool_says_so_in_time);
    tcase_add_test(tc, one_connection_serves_many);
    tcase_add_test(tc, a_missing_procedure_is_said_once);
    tcase_add_test(tc, a_right_that_is_taken_is_unavailable);
    tcase_add_loop_test(tc, what_a_procedure_fails_with_is_not_told, 0, (int)(sizeof FAILURES / sizeof *FAILURES));
    tcase_add_test(tc, contention_is_tried_again);
    tcase_add_test(tc, a_read_is_asked_again_and_a_write_is_not);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
