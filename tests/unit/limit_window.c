/*
 * The arithmetic of a sliding window: the clock is an argument, nothing waits.
 */
#include <apr_general.h>
#include <check.h>
#include <stdlib.h>

#include "limit/inside.h"

#define AT(seconds) ((apr_time_t)((seconds) * 1000000.0))
#define BASE        APR_TIME_C(1900000000000000)    /* a whole minute and hour, not a day */

static mact_verdict_t v;
static apr_uint64_t word;

static int take(apr_uint32_t count, apr_uint32_t window, apr_time_t now)
{
    mact_rate_t rate = {.count = count, .window = window};

    word = mact_limit_judge(&v, word, &rate, now);
    return v.allowed;
}

static int take_many(int n, apr_uint32_t count, apr_uint32_t window, apr_time_t now)
{
    int passed = 0;

    while (n-- > 0) {
        passed += take(count, window, now);
    }
    return passed;
}

static void quiet(void)
{
    word = 0;
}

static const apr_uint32_t windows[] = {1, 60, 3600, 86400};

START_TEST(a_word_is_its_fields)
{
    mact_limit_word_t in = {.opened = 1, .age = 2, .start = MACT_LIMIT_STARTS - 1, .previous = 7, .current = MACT_LIMIT_COUNT_MOST};
    mact_limit_word_t out;

    mact_limit_unpack(&out, mact_limit_pack(&in));
    ck_assert_int_eq(out.opened, 1);
    ck_assert_uint_eq(out.age, 2);
    ck_assert_uint_eq(out.start, in.start);
    ck_assert_uint_eq(out.previous, 7);
    ck_assert_uint_eq(out.current, MACT_LIMIT_COUNT_MOST);
}
END_TEST

/* A word keeps a start to some microseconds: what a client is told is what the word says. */
START_TEST(the_counter_is_quiet_when_it_was_told)
{
    for (int i = 0; i < 4; i++) {
        for (apr_time_t offset = 999900; offset <= 1000000; offset++) {
            quiet();
            ck_assert(take(1, windows[i], BASE + offset));
            ck_assert_int_eq(mact_limit_remains(word, i, (apr_time_t)v.reset * 1000000), 0);
        }
    }
}
END_TEST

START_TEST(periods_are_four)
{
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(mact_limit_period(windows[i]), i);
    }
    ck_assert_int_eq(mact_limit_period(0), -1);
    ck_assert_int_eq(mact_limit_period(61), -1);
}
END_TEST

START_TEST(exactly_n_pass_at_once)
{
    static const apr_uint32_t counts[] = {1, 2, 3, 10, 60, 999, 250000};

    for (int w = 0; w < 4; w++) {
        for (int i = 0; i < 7; i++) {
            quiet();
            ck_assert_int_eq(take_many((int)counts[i] + 5, counts[i], windows[w], BASE + 123), (int)counts[i]);
            ck_assert_int_eq(v.remaining, 0);
            ck_assert_int_ge(v.retry_after, 1);
            ck_assert_int_le(v.retry_after, 2 * windows[w]);
        }
    }
}
END_TEST

/* Wherever the wall clock's minute ends in it: a burst that is over within a window has exactly N. */
START_TEST(exactly_n_pass_across_any_boundary)
{
    for (int offset = 0; offset < 120; offset++) {
        int passed = 0;

        quiet();
        for (int step = 0; step < 59; step++) {
            passed += take_many(3, 100, 60, BASE + AT(offset * 0.5) + AT(step));
        }
        ck_assert_msg(passed == 100, "%d of 100 passed with the burst at %d", passed, offset);
    }
}
END_TEST

/* From a quiet start never more than N in the `window` seconds from the first request on, wherever in a second it came. */
START_TEST(n_in_the_window_from_the_first_request)
{
    srand(6);
    for (int i = 0; i < 3000; i++) {
        apr_uint32_t window = windows[rand() % 2];
        apr_uint32_t count = 1 + (apr_uint32_t)rand() % 30;
        apr_time_t first = BASE + rand() % 5000000;
        apr_time_t now = first;
        int passed = 0;

        quiet();
        while (now < first + AT(window)) {
            passed += take(count, window, now);
            now += 1 + rand() % AT(window / 40.0);
        }
        ck_assert_msg(passed <= (int)count, "%d of %u in %u s", passed, count, window);
    }
}
END_TEST

/* The wait for `reset` is a quiet time, too: what comes then is a burst in a window of its own. */
START_TEST(reset_is_a_quiet_start)
{
    for (int offset = 1; offset < 60; offset++) {
        apr_time_t now;
        int passed = 0;

        quiet();
        take_many(offset % 10 + 1, 10, 60, BASE);
        now = AT(v.reset) + AT(offset * 0.7);
        for (int step = 0; step < 59; step++) {
            passed += take_many(2, 10, 60, now + AT(step));
        }
        ck_assert_int_eq(passed, 10);
    }
}
END_TEST

/* Whenever in a second a burst begins: who is refused in it need not wait for longer than the window, and then passes. */
START_TEST(a_burst_waits_for_the_window_at_most)
{
    srand(10);
    for (int i = 0; i < 20000; i++) {
        apr_uint32_t window = windows[rand() % 4], wait;
        apr_uint32_t count = 1 + (apr_uint32_t)rand() % 20;
        apr_time_t first = BASE + rand() % 3000000, last = first + 10 + rand() % 900000;
        apr_uint64_t before;

        quiet();
        ck_assert_int_eq(take_many((int)count, count, window, first), (int)count);
        ck_assert(!take(count, window, last));
        wait = v.retry_after;
        ck_assert_msg(wait <= window, "%u s of %u", wait, window);
        before = word;
        ck_assert(!take(count, window, first + AT(window) - 1));
        word = before;
        ck_assert(take(count, window, last + AT(wait)));
    }
}
END_TEST

START_TEST(what_is_left_is_told)
{
    quiet();
    for (int left = 9; left >= 0; left--) {
        ck_assert(take(10, 60, BASE));
        ck_assert_int_eq(v.limit, 10);
        ck_assert_int_eq(v.remaining, left);
        ck_assert_int_eq(v.retry_after, 0);
        ck_assert_int_gt(v.reset, BASE / 1000000);
        ck_assert_int_le(v.reset, BASE / 1000000 + 120);
    }
    ck_assert(!take(10, 60, BASE));
    ck_assert_int_eq(v.remaining, 0);
}
END_TEST

START_TEST(a_refused_one_counts_nothing)
{
    apr_uint64_t full;

    quiet();
    take_many(10, 10, 60, BASE);
    full = word;
    ck_assert_int_eq(take_many(1000, 10, 60, BASE + AT(30)), 0);
    ck_assert_uint_eq(word, full);
}
END_TEST

START_TEST(one_a_minute_is_one_a_minute)
{
    quiet();
    for (int i = 0; i < 10; i++) {
        ck_assert(take(1, 60, BASE + AT(61.0 * i)));
        ck_assert(!take(1, 60, BASE + AT(61.0 * i + 59)));
    }
}
END_TEST

/* From many random states: waiting as told is enough, a µs less than the exact moment is not, and retry_after is no longer than it must be. */
START_TEST(who_waits_as_told_passes)
{
    srand(7);
    for (int i = 0; i < 300000; i++) {
        apr_uint32_t window = windows[rand() % 4];
        apr_uint32_t count = (apr_uint32_t)(rand() % 3 ? 1 + rand() % 20 : 1 + rand() % MACT_RATE_MOST);
        mact_limit_word_t state = {
            .opened = rand() % 2,
            .previous = (apr_uint32_t)rand() % (count + 1),
            .current = (apr_uint32_t)rand() % (count + 1),
        };
        apr_time_t unit = window == 1 ? 62500 : 1000000;
        apr_time_t start = BASE + rand() % 1000 * unit;
        apr_time_t now = start + (apr_time_t)((double)rand() / RAND_MAX * 2.1e6 * window);
        apr_uint64_t before;

        state.start = (apr_uint32_t)((start / unit) % MACT_LIMIT_STARTS);
        word = before = mact_limit_pack(&state);
        if (take(count, window, now)) {
            continue;
        }
        ck_assert_uint_eq(word, before);
        ck_assert_int_ge(v.retry_after, 1);
        ck_assert_int_le(v.retry_after, 2 * window);
        {
            apr_uint32_t wait = v.retry_after;

            ck_assert_msg(take(count, window, now + AT(wait)), "refused after %u s of a wait that was told (%u in %u s)", wait, count, window);
            word = before;
            ck_assert_msg(wait == 1 || !take(count, window, now + AT(wait - 1)), "one second less would have done");
        }
    }
}
END_TEST

/* At `reset` all N are there again, and not a second before. */
START_TEST(reset_is_when_all_are_there)
{
    srand(8);
    for (int i = 0; i < 20000; i++) {
        apr_uint32_t window = windows[rand() % 4];
        apr_uint32_t count = 1 + (apr_uint32_t)rand() % 12;
        apr_time_t now = BASE + rand() % 1000000;
        int n = 1 + rand() % 30;
        apr_uint64_t before;
        apr_int64_t reset;

        quiet();
        while (n-- > 0) {
            take(count, window, now);
            if (rand() % 3 == 0) {
                now += rand() % (2 * window) * APR_TIME_C(500000);
            }
        }
        take(count, window, now);
        before = word;
        reset = v.reset;
        ck_assert_int_le(reset, (now + 999999) / 1000000 + 2 * window);
        ck_assert_int_eq(take_many((int)count + 1, count, window, AT(reset)), (int)count);
        word = before;
        if (AT(reset - 1) > now) {
            ck_assert_int_lt(take_many((int)count, count, window, AT(reset - 1)), (int)count);
        }
    }
}
END_TEST

/* A steady stream gets N a window, and no window has twice N. */
START_TEST(a_steady_stream_gets_n_a_window)
{
    int passed = 0;

    quiet();
    for (int i = 0; i < 60000; i++) {
        passed += take(10, 60, BASE + AT(i * 0.1));
    }
    ck_assert_int_ge(passed, 980);
    ck_assert_int_le(passed, 1020);
}
END_TEST

START_TEST(a_clock_that_steps_back_frees_nobody)
{
    static const double steps[] = {0.000001, 0.5, 1, 4.9, 5.1, 59, 60, 61, 119, 121, 3600, 86400, 172800};

    for (int w = 0; w < 4; w++) {
        for (int i = 0; i < 13; i++) {
            apr_time_t now = BASE + AT(0.3);

            quiet();
            ck_assert_int_eq(take_many(10, 10, windows[w], now), 10);
            now -= AT(steps[i]);
            ck_assert_msg(!take(10, windows[w], now), "a step of %g s back freed one of %u s", steps[i], windows[w]);
            ck_assert_int_ge(v.retry_after, 1);
            ck_assert_int_le(v.retry_after, 2 * windows[w]);
            ck_assert_int_le(v.reset, now / 1000000 + 1 + 2 * windows[w]);
            if (steps[i] > 5) {
                ck_assert_msg(take(10, windows[w], now + AT(v.retry_after)), "a step of %g s back keeps one of %u s out", steps[i], windows[w]);
            }
        }
    }
}
END_TEST

START_TEST(a_clock_that_steps_back_half_way_keeps_both_windows)
{
    apr_time_t now = BASE - AT(1000);

    quiet();
    take_many(10, 10, 60, BASE);
    ck_assert_int_eq(take_many(10, 10, 60, BASE + AT(90)), 5);
    ck_assert(!take(10, 60, now));
    ck_assert_int_le(v.retry_after, 120);
    now += AT(v.retry_after);
    ck_assert(!take(10, 60, now - AT(1)));
    ck_assert(take(10, 60, now));
}
END_TEST

START_TEST(a_request_that_was_overtaken_loses_nothing)
{
    quiet();
    ck_assert_int_eq(take_many(6, 10, 1, BASE), 6);
    ck_assert_int_eq(take_many(2, 10, 1, BASE + AT(1.5)), 2);
    ck_assert_int_eq(take_many(10, 10, 1, BASE + AT(0.9)), 2);        /* judged at 1.0, where 6 and 2 are used */
    ck_assert_int_eq(take_many(1, 10, 1, BASE + AT(1)), 0);
    ck_assert_int_eq(take_many(2, 10, 1, BASE + AT(1.01)), 1);        /* the 6 begin to leave */
}
END_TEST

START_TEST(a_clock_that_jumps_ahead_is_a_quiet_time)
{
    quiet();
    take_many(10, 10, 60, BASE);
    ck_assert_int_eq(take_many(11, 10, 60, BASE + AT(120)), 10);
    ck_assert_int_eq(take_many(11, 10, 60, BASE + AT(2e7)), 10);
}
END_TEST

START_TEST(the_ends_of_time_are_good)
{
    static const apr_time_t ends[] = {APR_INT64_MIN, -1, 0, 1, 999999, APR_TIME_C(253402300800000000)};

    for (int w = 0; w < 4; w++) {
        for (int i = 0; i < 6; i++) {
            quiet();
            ck_assert_int_eq(take_many(5, 3, windows[w], ends[i]), 3);
        }
    }
}
END_TEST

START_TEST(any_word_is_good)
{
    srand(9);
    for (int i = 0; i < 300000; i++) {
        apr_uint32_t window = windows[rand() % 4];

        word = (apr_uint64_t)rand() << 42 ^ (apr_uint64_t)rand() << 21 ^ (apr_uint64_t)rand();
        if (!take(1 + (apr_uint32_t)rand() % MACT_RATE_MOST, window, BASE + rand())) {
            ck_assert_int_ge(v.retry_after, 1);
            ck_assert_int_le(v.retry_after, 2 * window);
        }
    }
}
END_TEST

START_TEST(counts_at_their_ends_do_not_wrap)
{
    mact_limit_word_t state = {
        .start = (apr_uint32_t)(BASE / 1000000 % MACT_LIMIT_STARTS),
        .previous = MACT_LIMIT_COUNT_MOST,
        .current = MACT_LIMIT_COUNT_MOST,
    };
    mact_limit_word_t after;

    word = mact_limit_pack(&state);
    ck_assert(!take(MACT_RATE_MOST, 86400, BASE));
    ck_assert(!take(MACT_RATE_MOST, 86400, BASE - AT(4000)));          /* set back: both counts become one, at most what fits */
    mact_limit_unpack(&after, word);
    ck_assert_uint_eq(after.current, MACT_LIMIT_COUNT_MOST);
    ck_assert_uint_eq(after.previous, 0);
    ck_assert(!take(MACT_RATE_MOST + 1000, 86400, BASE - AT(4000)));
    ck_assert_uint_eq(v.limit, MACT_RATE_MOST);
}
END_TEST

START_TEST(a_rate_made_smaller_holds_at_once)
{
    quiet();
    take_many(100, 100, 60, BASE);
    ck_assert(!take(3, 60, BASE + AT(1)));
    ck_assert_int_le(v.retry_after, 120);
    ck_assert(!take(3, 60, BASE + AT(61)));
    ck_assert(take(200, 60, BASE + AT(1)));
}
END_TEST

START_TEST(what_remains_of_a_counter)
{
    quiet();
    ck_assert_int_eq(mact_limit_remains(word, 1, BASE), 0);
    take(10, 60, BASE);
    take(10, 60, BASE);
    ck_assert_int_eq(mact_limit_remains(word, 1, BASE), AT(90) + 1);        /* less than one of two: after half the next window */
    ck_assert_int_eq(mact_limit_remains(word, 1, BASE + AT(90)), 1);
    ck_assert_int_eq(mact_limit_remains(word, 1, BASE + AT(91)), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("limit: window");
    TCase *tcase = tcase_create("window");
    SRunner *runner;
    int failed;

    apr_initialize();
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, a_word_is_its_fields);
    tcase_add_test(tcase, the_counter_is_quiet_when_it_was_told);
    tcase_add_test(tcase, periods_are_four);
    tcase_add_test(tcase, exactly_n_pass_at_once);
    tcase_add_test(tcase, exactly_n_pass_across_any_boundary);
    tcase_add_test(tcase, n_in_the_window_from_the_first_request);
    tcase_add_test(tcase, reset_is_a_quiet_start);
    tcase_add_test(tcase, a_burst_waits_for_the_window_at_most);
    tcase_add_test(tcase, what_is_left_is_told);
    tcase_add_test(tcase, a_refused_one_counts_nothing);
    tcase_add_test(tcase, one_a_minute_is_one_a_minute);
    tcase_add_test(tcase, who_waits_as_told_passes);
    tcase_add_test(tcase, reset_is_when_all_are_there);
    tcase_add_test(tcase, a_steady_stream_gets_n_a_window);
    tcase_add_test(tcase, a_clock_that_steps_back_frees_nobody);
    tcase_add_test(tcase, a_clock_that_steps_back_half_way_keeps_both_windows);
    tcase_add_test(tcase, a_request_that_was_overtaken_loses_nothing);
    tcase_add_test(tcase, a_clock_that_jumps_ahead_is_a_quiet_time);
    tcase_add_test(tcase, the_ends_of_time_are_good);
    tcase_add_test(tcase, any_word_is_good);
    tcase_add_test(tcase, counts_at_their_ends_do_not_wrap);
    tcase_add_test(tcase, a_rate_made_smaller_holds_at_once);
    tcase_add_test(tcase, what_remains_of_a_counter);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    apr_terminate();
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
