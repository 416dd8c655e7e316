/*
 * db_away: src/db/ while PostgreSQL goes and comes, stands still, or has no room: see db_fixture.h.
 */
#include <stdatomic.h>

#include "db_fixture.h"

/* ---- a database that goes and comes -------------------------------------------------------------------- */

static atomic_int load_stop;
static atomic_int load_done, load_unavailable, load_other;

static void *load_run(void *arg)
{
    const mact_db_statement_t *statement = arg;
    const char *values[] = {GOOD_SUB, "x"};
    apr_pool_t *pool;

    apr_pool_create(&pool, NULL);
    while (!load_stop) {
        const mact_db_reply_t *reply = mact_db_call(server, statement, values, &usual, pool);
        atomic_int *which = reply->outcome == MACT_DB_DONE          ? &load_done
                            : reply->outcome == MACT_DB_UNAVAILABLE ? &load_unavailable
                                                                    : &load_other;

        atomic_fetch_add(which, 1);
        apr_pool_clear(pool);
        usleep(2 * MS);
    }
    apr_pool_destroy(pool);
    return NULL;
}

/* Milliseconds until a call succeeds, asking every few. */
static int until_done(const mact_db_statement_t *statement)
{
    apr_time_t from = apr_time_now();

    while (CALL(statement, &usual, GOOD_SUB, "x")->outcome != MACT_DB_DONE) {
        ck_assert_msg(apr_time_now() - from < 10000 * MS, "it never came back");
        usleep(5 * MS);
    }
    return (int)((apr_time_now() - from) / MS);
}

START_TEST(a_restart_under_load_is_survived)
{
    const mact_db_statement_t *statement = who(NULL);
    pthread_t threads[8];
    int i, back, round;
    mact_db_gauges_t gauges;

    child_init(4);
    load_stop = load_done = load_unavailable = load_other = 0;
    for (i = 0; i < 8; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, load_run, (void *)statement), 0);
    }
    for (round = 0; round < 2; round++) {
        usleep(300 * MS);
        ck_assert(load_done > 0);
        ck_assert(cluster_stop());
        usleep(500 * MS);
        ck_assert(cluster_start());
        back = until_done(statement);
        ck_assert_msg(back < 1000, "back after %d ms", back);
        usleep(600 * MS);
        i = load_unavailable;
        usleep(500 * MS);
        ck_assert_msg(load_unavailable == i, "%d calls were refused long after the restart", load_unavailable - i);
    }
    load_stop = 1;
    for (i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
    }
    ck_assert_int_eq(load_other, 0);
    ck_assert_int_gt(load_unavailable, 0);
    ck_assert_int_eq(logged("ACT0231"), 2);
    ck_assert_int_eq(logged("ACT0232"), 2);
    mact_db_gauges(&gauges, server);
    ck_assert_uint_eq(gauges.used, 0);
    ck_assert_uint_eq(gauges.waiting, 0);
}
END_TEST

/* Idle connections are replaced unnoticed: no call after the restart fails. */
START_TEST(a_restart_while_idle_costs_nothing)
{
    const mact_db_statement_t *statement = who(NULL);
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    thread_call_t calls[4];
    int i;

    child_init(4);
    done(CALL(statement, &usual, GOOD_SUB, "x"));
    for (i = 0; i < 4; i++) {
        thread_begin(&calls[i], slow, "0.1", &usual);
    }
    for (i = 0; i < 4; i++) {
        done(thread_end(&calls[i]));
        apr_pool_destroy(calls[i].pool);
    }
    ck_assert(cluster_stop() && cluster_start());
    for (i = 0; i < 4; i++) {
        thread_begin(&calls[i], slow, "0.1", &usual);
    }
    for (i = 0; i < 4; i++) {
        done(thread_end(&calls[i]));
        apr_pool_destroy(calls[i].pool);
    }
}
END_TEST

START_TEST(a_database_away_from_the_start_is_a_quick_refusal)
{
    const mact_db_statement_t *statement = who(NULL);
    thread_call_t calls[6];
    apr_time_t from;
    int i, back;

    ck_assert(cluster_stop());
    child_init(4);
    from = apr_time_now();
    for (i = 0; i < 6; i++) {
        thread_begin(&calls[i], statement, GOOD_SUB, &usual);
    }
    for (i = 0; i < 6; i++) {
        ck_assert_int_eq(thread_end(&calls[i])->outcome, MACT_DB_UNAVAILABLE);
        apr_pool_destroy(calls[i].pool);
    }
    for (i = 0; i < 100; i++) {
        ck_assert_int_eq(CALL(statement, &usual, GOOD_SUB, "x")->outcome, MACT_DB_UNAVAILABLE);
    }
    ck_assert_msg(apr_time_now() - from < 500 * MS, "refusing took %d us", (int)(apr_time_now() - from));
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_UNAVAILABLE);
    ck_assert(cluster_start());
    back = until_done(statement);
    ck_assert_msg(back < 1000, "back after %d ms", back);
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_DONE);
    ck_assert_int_eq(logged("ACT0231"), 1);
    ck_assert_int_eq(logged("ACT0232"), 1);
}
END_TEST

/* Stops or wakes the postmaster and its children, as a host does that swaps or is cut off. */
static void cluster_signal(const char *which)
{
    ck_assert(cluster_sh("for p in $(head -n 1 %s/pg/postmaster.pid); do kill -%s $p $(ps -o pid= --ppid $p); done",
                         cluster_dir, which));
}

/* No end, no error, no packet: only our own clock can tell. */
START_TEST(a_server_that_stands_still_is_a_timeout)
{
    const mact_db_statement_t *statement = who(NULL);
    mact_db_bounds_t hasty = usual;
    const mact_db_reply_t *reply;

    hasty.statement_timeout = 200 * MS;
    child_init(2);
    done(CALL(statement, &hasty, GOOD_SUB, "x"));
    cluster_signal("STOP");
    reply = CALL(statement, &hasty, GOOD_SUB, "x");
    cluster_signal("CONT");
    ck_assert_int_eq(reply->outcome, MACT_DB_TIMEOUT);
    ck_assert_msg(reply->took < 1700 * MS, "took %d us", (int)reply->took);
    done(CALL(statement, &hasty, GOOD_SUB, "x"));
}
END_TEST

/* The server has no room for as many as the pool would open: those that are open go on. */
START_TEST(too_few_connections_are_shared)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    thread_call_t calls[6];
    int i, good = 0;

    admin_sql("ALTER ROLE web CONNECTION LIMIT 2");
    child_init(6);
    done(CALL(slow, &usual, "0"));
    for (i = 0; i < 6; i++) {
        thread_begin(&calls[i], slow, "0.1", &usual);
    }
    for (i = 0; i < 6; i++) {
        good += thread_end(&calls[i])->outcome == MACT_DB_DONE;
        apr_pool_destroy(calls[i].pool);
    }
    ck_assert_int_ge(good, 2);
    for (i = 0; i < 3; i++) {
        thread_begin(&calls[i], slow, "0.05", &usual);
    }
    for (i = 0; i < 3; i++) {
        done(thread_end(&calls[i]));
        apr_pool_destroy(calls[i].pool);
    }
    ck_assert_int_eq(logged("ACT0231"), 0);
    admin_sql("ALTER ROLE web CONNECTION LIMIT -1");
}
END_TEST

/* Two virtual hosts on one pool of mod_dbd: together they stay below its size. */
START_TEST(servers_of_one_pool_share_a_gate)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    server_rec *other = apr_pcalloc(child, sizeof(*other));
    mact_db_gauges_t gauges;

    child_init(3);
    ck_assert_int_eq(mact_db_child(child, other, book, 2), APR_SUCCESS);
    done(CALL(slow, &usual, "0"));
    done(mact_db_call(other, slow, (const char *const[]){"0"}, &usual, child));
    mact_db_gauges(&gauges, server);
    ck_assert_uint_eq(gauges.limit, 2);
    mact_db_gauges(&gauges, other);
    ck_assert_uint_eq(gauges.limit, 2);
}
END_TEST

/* ---- all of it ----------------------------------------------------------------------------------------- */

static Suite *suite(void)
{
    Suite *s = suite_create("db away");
    TCase *t = tcase_create("away");

    tcase_add_unchecked_fixture(t, fixture_load, NULL);
    tcase_add_checked_fixture(t, child_begin, child_end);
    tcase_add_test(t, a_restart_under_load_is_survived);
    tcase_add_test(t, a_restart_while_idle_costs_nothing);
    tcase_add_test(t, a_database_away_from_the_start_is_a_quick_refusal);
    tcase_add_test(t, a_server_that_stands_still_is_a_timeout);
    tcase_add_test(t, too_few_connections_are_shared);
    tcase_add_test(t, servers_of_one_pool_share_a_gate);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    return run("db_away", suite());
}
