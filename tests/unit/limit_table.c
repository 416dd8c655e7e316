/*
 * The table of counters: keys, pressure, and several processes at once.
 */
#include <apr_atomic.h>
#include <apr_general.h>
#include <apr_shm.h>
#include <apr_strings.h>
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "limit/inside.h"

#define NOW APR_TIME_C(1900000000000000)
#define SEC APR_TIME_C(1000000)

static apr_pool_t *process;
static mact_limit_t *limit;
static mact_verdict_t v;

static const mact_rate_t ten_a_minute = {.count = 10, .window = 60};
static const mact_rate_t one_a_minute = {.count = 1, .window = 60};
static const mact_rate_t one_a_second = {.count = 1, .window = 1};
static const mact_rate_t one_a_day = {.count = 1, .window = 86400};

static void open_table(void)
{
    apr_initialize();
    ck_assert_int_eq(apr_pool_create(&process, NULL), APR_SUCCESS);
    ck_assert_int_eq(mact_limit_open(&limit, 64 * 1024, process), APR_SUCCESS);
}

static void close_table(void)
{
    const char *why = mact_limit_unsound(limit, NULL);

    ck_assert_msg(why == NULL, "%s", why ? why : "");
    apr_pool_destroy(process);
    apr_terminate();
}

static int take(apr_uint64_t key, const mact_rate_t *rate, apr_time_t now)
{
    mact_limit_take(&v, limit, key, rate, now);
    return v.allowed;
}

static apr_uint64_t numbered(int n)
{
    return mact_limit_key(limit, "mount", "operation", apr_itoa(process, n), NULL);
}

static apr_size_t used(void)
{
    apr_size_t n;

    ck_assert_ptr_null(mact_limit_unsound(limit, &n));
    return n;
}

START_TEST(the_table_is_found_again)
{
    mact_limit_t *again, *other;

    ck_assert_int_eq(mact_limit_open(&again, 64 * 1024, process), APR_SUCCESS);
    ck_assert_ptr_eq(again, limit);
    ck_assert_int_eq(mact_limit_open(&again, 1, process), APR_SUCCESS);
    ck_assert_ptr_eq(again, limit);
    ck_assert_int_eq(mact_limit_open(&other, 1024 * 1024 + 5, process), APR_SUCCESS);
    ck_assert_ptr_ne(other, limit);
    ck_assert_uint_eq(mact_limit_slots(limit), 64 * 1024 / 16);
    ck_assert_uint_eq(mact_limit_slots(other), 1024 * 1024 / 16);
    ck_assert_uint_ne(mact_limit_key(limit, "a", NULL), mact_limit_key(other, "a", NULL));
}
END_TEST

START_TEST(a_segment_that_cannot_be_is_an_error)
{
    mact_limit_t *none = NULL;

    ck_assert_int_ne(mact_limit_open(&none, (apr_size_t)1 << 62, process), APR_SUCCESS);
    ck_assert_ptr_null(none);
}
END_TEST

START_TEST(parts_do_not_run_together)
{
    char lengthy[2000], longer[2000];

    memset(lengthy, 'x', sizeof lengthy);
    lengthy[1999] = '\0';
    memcpy(longer, lengthy, sizeof longer);
    longer[1998] = 'y';
    ck_assert_uint_eq(mact_limit_key(limit, "a", "b", NULL), mact_limit_key(limit, "a", "b", NULL));
    ck_assert_uint_ne(mact_limit_key(limit, "ab", NULL), mact_limit_key(limit, "a", "b", NULL));
    ck_assert_uint_ne(mact_limit_key(limit, "a", "", NULL), mact_limit_key(limit, "a", NULL));
    ck_assert_uint_ne(mact_limit_key(limit, "", "a", NULL), mact_limit_key(limit, "a", "", NULL));
    ck_assert_uint_eq(mact_limit_key(limit, lengthy, "b", NULL), mact_limit_key(limit, lengthy, "b", NULL));
    ck_assert_uint_ne(mact_limit_key(limit, lengthy, "b", NULL), mact_limit_key(limit, longer, "b", NULL));
    ck_assert_uint_ne(mact_limit_key(limit, lengthy, NULL), mact_limit_key(limit, lengthy, "", NULL));
}
END_TEST

START_TEST(keys_have_counters_of_their_own)
{
    for (int i = 0; i < 100; i++) {
        ck_assert(take(numbered(i), &one_a_minute, NOW));
    }
    for (int i = 0; i < 100; i++) {
        ck_assert(!take(numbered(i), &one_a_minute, NOW));
    }
    ck_assert_uint_eq(used(), 100);
}
END_TEST

START_TEST(any_hash_is_good)
{
    static const apr_uint64_t hashes[] = {0, 1, 3, 4, 7, 8, APR_UINT64_MAX};

    ck_assert(take(0, &one_a_minute, NOW));
    ck_assert(!take(0, &one_a_minute, NOW));
    for (int i = 0; i < 7; i++) {
        take(hashes[i], &one_a_minute, NOW);
        ck_assert(!take(hashes[i], &one_a_minute, NOW));
    }
}
END_TEST

START_TEST(no_rate_is_no_limit)
{
    mact_rate_t off = {.count = 0, .window = 0};
    mact_rate_t odd = {.count = 1, .window = 7};

    for (int i = 0; i < 10; i++) {
        ck_assert(take(1, &off, NOW));
        ck_assert(take(1, &odd, NOW));
    }
    ck_assert_uint_eq(used(), 0);
}
END_TEST

START_TEST(a_full_table_costs_the_stalest_only)
{
    int slots = (int)mact_limit_slots(limit);
    int refused = 0, recent = 0;

    /* Twice as many as fit, a millisecond apart. */
    for (int i = 0; i < 2 * slots; i++) {
        ck_assert_msg(take(numbered(i), &one_a_minute, NOW + i * 1000), "a newcomer was refused");
    }
    ck_assert_uint_gt(used(), mact_limit_slots(limit) * 97 / 100);
    for (int i = 2 * slots - slots / 4; i < 2 * slots; i++) {
        recent++;
        refused += !take(numbered(i), &one_a_minute, NOW + 2 * slots * 1000);
    }
    ck_assert_msg(refused > recent * 95 / 100, "of %d recent keys only %d were remembered", recent, refused);
}
END_TEST

START_TEST(pressure_goes_by_what_is_worth_least)
{
    int slots = (int)mact_limit_slots(limit);
    int kept = 0;

    for (int i = 0; i < slots / 4; i++) {
        take(numbered(i), &one_a_day, NOW);
    }
    for (int i = 0; i < slots * 8; i++) {
        take(numbered(1000000 + i), &one_a_minute, NOW + 1000);
    }
    for (int i = 0; i < slots / 4; i++) {
        kept += !take(numbered(i), &one_a_day, NOW + 2000);
    }
    ck_assert_msg(kept > slots / 4 * 95 / 100, "a flood of clients made %d of %d daily counters forget", slots / 4 - kept, slots / 4);
}
END_TEST

START_TEST(what_is_out_of_its_window_is_used_again)
{
    int slots = (int)mact_limit_slots(limit);

    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < slots / 32; i++) {
            take(numbered(round * slots + i), &one_a_second, NOW + round * 3 * SEC);
        }
        for (int i = 0; i < slots / 32; i++) {
            ck_assert(!take(numbered(round * slots + i), &one_a_second, NOW + round * 3 * SEC));
        }
    }
}
END_TEST

START_TEST(another_period_is_another_counter)
{
    ck_assert(take(5, &one_a_minute, NOW));
    ck_assert(take(5, &one_a_second, NOW));
    ck_assert(!take(5, &one_a_minute, NOW));
    ck_assert(!take(5, &one_a_second, NOW));
}
END_TEST

/* ---- many at once ------------------------------------------------------------------------------------------- */

#define CHILDREN 6
#define KEYS     40

/* What the children have let through, in memory that they share. */
typedef struct {
    apr_uint32_t passed[KEYS];
    apr_uint32_t started;
} tally_t;

static tally_t *share_tally(void)
{
    apr_shm_t *segment;

    ck_assert_int_eq(apr_shm_create(&segment, sizeof(tally_t), NULL, process), APR_SUCCESS);
    return memset(apr_shm_baseaddr_get(segment), 0, sizeof(tally_t));
}

static void in_children(void (*work)(tally_t *tally, int child), tally_t *tally)
{
    pid_t children[CHILDREN];

    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        ck_assert_int_ge(children[i], 0);
        if (!children[i]) {
            apr_atomic_inc32(&tally->started);
            while (apr_atomic_read32(&tally->started) < CHILDREN) {
                usleep(100);
            }
            work(tally, i);
            _exit(0);
        }
    }
    for (int i = 0; i < CHILDREN; i++) {
        int status;

        ck_assert_int_eq(waitpid(children[i], &status, 0), children[i]);
        ck_assert_int_eq(status, 0);
    }
}

static void take_all_keys(tally_t *tally, int child)
{
    mact_rate_t rate = {.count = 500, .window = 3600};
    mact_verdict_t verdict;

    for (int i = 0; i < 200 * KEYS; i++) {
        int key = (i + child * 7) % KEYS;

        mact_limit_take(&verdict, limit, numbered(key), &rate, NOW);
        if (verdict.allowed) {
            apr_atomic_inc32(&tally->passed[key]);
        }
    }
}

/* Eight keys, the ways of a set, begin in all children at once: each gets one slot, and of 1200 exactly 500 pass. */
static void take_one_set(tally_t *tally, int child)
{
    mact_rate_t rate = {.count = 500, .window = 3600};
    mact_verdict_t verdict;

    for (int i = 0; i < 200 * 8; i++) {
        int key = (i + child) % 8;

        mact_limit_take(&verdict, limit, (apr_uint64_t)(key + 1) << 5, &rate, NOW);
        if (verdict.allowed) {
            apr_atomic_inc32(&tally->passed[key]);
        }
    }
}

START_TEST(exactly_n_pass_in_all_children)
{
    for (int round = 0; round < 30; round++) {
        tally_t *tally = share_tally();

        in_children(take_one_set, tally);
        for (int key = 0; key < 8; key++) {
            ck_assert_msg(tally->passed[key] == 500, "%u of 500 passed in round %d", tally->passed[key], round);
        }
        ck_assert_uint_eq(used(), 8);
        apr_pool_clear(process);
        ck_assert_int_eq(mact_limit_open(&limit, 64 * 1024, process), APR_SUCCESS);
    }
}
END_TEST

/* Keys spread over the table, with other keys in all the sets that are out of their window. */
START_TEST(exactly_n_pass_among_stale_keys)
{
    tally_t *tally = share_tally();

    for (int i = 0; i < 20000; i++) {
        take(numbered(i), &one_a_minute, NOW - 3600 * SEC);
    }
    in_children(take_all_keys, tally);
    for (int key = 0; key < KEYS; key++) {
        ck_assert_msg(tally->passed[key] == 500, "%u of 500 passed", tally->passed[key]);
    }
}
END_TEST

static void flood_one_set(tally_t *tally, int child)
{
    mact_verdict_t verdict;

    (void)tally;
    for (int i = 0; i < 30000; i++) {
        mact_limit_take(&verdict, limit, (apr_uint64_t)(1 + (i * 7 + child) % 24) << 5, &ten_a_minute, NOW + i * 1000);
    }
}

/* Three times as many keys as a set has slots, from all children: it comes to an end, and the set is sound. */
START_TEST(a_set_under_siege_stays_sound)
{
    in_children(flood_one_set, share_tally());
    ck_assert_uint_eq(used(), 8);
}
END_TEST

/* A child that dies anywhere holds nobody up. */
START_TEST(a_killed_child_holds_nobody_up)
{
    for (int round = 0; round < 40; round++) {
        pid_t child = fork();

        ck_assert_int_ge(child, 0);
        if (!child) {
            for (apr_uint64_t i = 0;; i++) {
                mact_limit_take(&v, limit, (1 + i % 24) << 5, &ten_a_minute, NOW + (apr_time_t)i * 1000);
            }
        }
        usleep(3000 + round * 37);
        kill(child, SIGKILL);
        ck_assert_int_eq(waitpid(child, NULL, 0), child);
        for (apr_uint64_t i = 0; i < 24; i++) {
            take((1 + i) << 5, &ten_a_minute, NOW);
        }
        ck_assert_ptr_null(mact_limit_unsound(limit, NULL));
    }
}
END_TEST

static void *take_in_thread(void *passed)
{
    mact_verdict_t verdict;

    for (int i = 0; i < 2000; i++) {
        mact_limit_take(&verdict, limit, 77, &(mact_rate_t){.count = 3000, .window = 60}, NOW + i * 10);
        if (verdict.allowed) {
            apr_atomic_inc32(passed);
        }
    }
    return NULL;
}

START_TEST(exactly_n_pass_in_all_threads)
{
    pthread_t threads[4];
    apr_uint32_t passed = 0;

    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, take_in_thread, &passed), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
    }
    ck_assert_uint_eq(passed, 3000);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("limit: table");
    TCase *tcase = tcase_create("table");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, open_table, close_table);
    tcase_add_test(tcase, the_table_is_found_again);
    tcase_add_test(tcase, a_segment_that_cannot_be_is_an_error);
    tcase_add_test(tcase, parts_do_not_run_together);
    tcase_add_test(tcase, keys_have_counters_of_their_own);
    tcase_add_test(tcase, any_hash_is_good);
    tcase_add_test(tcase, no_rate_is_no_limit);
    tcase_add_test(tcase, a_full_table_costs_the_stalest_only);
    tcase_add_test(tcase, pressure_goes_by_what_is_worth_least);
    tcase_add_test(tcase, what_is_out_of_its_window_is_used_again);
    tcase_add_test(tcase, another_period_is_another_counter);
    tcase_add_test(tcase, exactly_n_pass_in_all_children);
    tcase_add_test(tcase, exactly_n_pass_among_stale_keys);
    tcase_add_test(tcase, a_set_under_siege_stays_sound);
    tcase_add_test(tcase, a_killed_child_holds_nobody_up);
    tcase_add_test(tcase, exactly_n_pass_in_all_threads);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
