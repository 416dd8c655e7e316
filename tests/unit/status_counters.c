/*
 * Counters of operations: what is added, from several processes, is what is read, and the text is Prometheus'.
 */
#include <apr_general.h>
#include <apr_strings.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "status/status.h"

static apr_pool_t *process;
static mact_status_t *status;
static mact_status_op_t *op;
static mact_status_sum_t sum;

static void begin(void)
{
    apr_initialize();
    ck_assert_int_eq(apr_pool_create(&process, NULL), APR_SUCCESS);
    ck_assert_int_eq(mact_status_open(&status, process), APR_SUCCESS);
    ck_assert_int_eq(mact_status_operation(&op, status, "clubs", "joinClub"), APR_SUCCESS);
}

static void end(void)
{
    apr_pool_destroy(process);
    apr_terminate();
}

START_TEST(nothing_is_nothing)
{
    mact_status_sum(&sum, op);
    ck_assert_str_eq(sum.api, "clubs");
    ck_assert_str_eq(sum.name, "joinClub");
    ck_assert_int_eq(sum.n_codes, 0);
    ck_assert_uint_eq(sum.requests + sum.limited + sum.took, 0);
}
END_TEST

START_TEST(it_is_found_again)
{
    mact_status_t *again;
    mact_status_op_t *other;

    mact_status_count(op, 200, 10, 0);
    ck_assert_int_eq(mact_status_open(&again, process), APR_SUCCESS);
    ck_assert_ptr_eq(again, status);
    ck_assert_int_eq(mact_status_operation(&other, again, "clubs", "joinClub"), APR_SUCCESS);
    ck_assert_ptr_eq(other, op);
    ck_assert_int_eq(mact_status_operation(&other, again, "teams", "joinClub"), APR_SUCCESS);
    ck_assert_ptr_ne(other, op);
    mact_status_sum(&sum, other);
    ck_assert_uint_eq(sum.requests, 0);
    ck_assert_ptr_eq(mact_status_first(status), op);
    ck_assert_ptr_eq(mact_status_next(op), other);
    ck_assert_ptr_null(mact_status_next(other));
}
END_TEST

START_TEST(statuses_come_in_order)
{
    static const int codes[] = {503, 200, 404, 200, 201, 404, 200};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        mact_status_count(op, codes[i], 0, codes[i] == 503);
    }
    mact_status_sum(&sum, op);
    ck_assert_int_eq(sum.n_codes, 4);
    ck_assert_int_eq(sum.codes[0], 200);
    ck_assert_uint_eq(sum.counts[0], 3);
    ck_assert_int_eq(sum.codes[1], 201);
    ck_assert_int_eq(sum.codes[2], 404);
    ck_assert_uint_eq(sum.counts[2], 2);
    ck_assert_int_eq(sum.codes[3], 503);
    ck_assert_uint_eq(sum.requests, 7);
    ck_assert_uint_eq(sum.limited, 1);
}
END_TEST

START_TEST(more_statuses_than_there_is_room_for)
{
    apr_uint64_t all = 0;

    for (int code = 400; code < 400 + MACT_STATUS_CODES + 10; code++) {
        mact_status_count(op, code, 0, 0);
    }
    mact_status_sum(&sum, op);
    ck_assert_int_eq(sum.n_codes, MACT_STATUS_CODES + 1);
    ck_assert_int_eq(sum.codes[MACT_STATUS_CODES], 0);
    ck_assert_uint_eq(sum.counts[MACT_STATUS_CODES], 10);
    for (int i = 0; i < sum.n_codes; i++) {
        all += sum.counts[i];
    }
    ck_assert_uint_eq(all, sum.requests);
}
END_TEST

START_TEST(a_bound_belongs_to_its_bucket)
{
    for (int i = 0; i < MACT_STATUS_BUCKETS; i++) {
        mact_status_count(op, 200, mact_status_bounds[i], 0);
        mact_status_count(op, 200, mact_status_bounds[i] + 1, 0);
    }
    mact_status_count(op, 200, -5, 0);
    mact_status_sum(&sum, op);
    ck_assert_uint_eq(sum.buckets[0], 2);
    for (int i = 1; i < MACT_STATUS_BUCKETS; i++) {
        ck_assert_uint_eq(sum.buckets[i], 2);
    }
    ck_assert_uint_eq(sum.buckets[MACT_STATUS_BUCKETS], 1);
}
END_TEST

/* More children than stripes, all at once. */
START_TEST(many_children_lose_nothing)
{
    enum { CHILDREN = MACT_STATUS_STRIPES + 3, EACH = 20000 };

    for (int c = 0; c < CHILDREN; c++) {
        if (fork() == 0) {
            mact_status_child(status);
            for (int i = 0; i < EACH; i++) {
                mact_status_count(op, i % 2 ? 200 : 409 + i % 10, 7, i % 4 == 0);
            }
            _exit(0);
        }
    }
    for (int c = 0; c < CHILDREN; c++) {
        int how;

        ck_assert_int_gt(wait(&how), 0);
        ck_assert_int_eq(how, 0);
    }
    mact_status_sum(&sum, op);
    ck_assert_uint_eq(sum.requests, (apr_uint64_t)CHILDREN * EACH);
    ck_assert_int_eq(sum.n_codes, 6);
    ck_assert_uint_eq(sum.counts[0], (apr_uint64_t)CHILDREN * EACH / 2);
    ck_assert_uint_eq(sum.limited, (apr_uint64_t)CHILDREN * EACH / 4);
    ck_assert_uint_eq(sum.took, (apr_uint64_t)CHILDREN * EACH * 7);
}
END_TEST

START_TEST(the_text)
{
    const char *text;

    mact_status_count(op, 200, 2000, 0);
    mact_status_count(op, 429, 3000000, 1);
    text = mact_status_text(status, 1, process);
    ck_assert_ptr_nonnull(strstr(text, "# TYPE activities_http_requests_total counter\n"
                                       "activities_http_requests_total{api=\"clubs\",operation=\"joinClub\",status=\"200\"} 1\n"
                                       "activities_http_requests_total{api=\"clubs\",operation=\"joinClub\",status=\"429\"} 1\n# HELP "));
    ck_assert_ptr_nonnull(strstr(text, "_bucket{api=\"clubs\",operation=\"joinClub\",le=\"0.001\"} 0\n"));
    ck_assert_ptr_nonnull(strstr(text, "_bucket{api=\"clubs\",operation=\"joinClub\",le=\"0.0025\"} 1\n"));
    ck_assert_ptr_nonnull(strstr(text, "_bucket{api=\"clubs\",operation=\"joinClub\",le=\"10\"} 2\n"));
    ck_assert_ptr_nonnull(strstr(text, "_bucket{api=\"clubs\",operation=\"joinClub\",le=\"+Inf\"} 2\n"));
    ck_assert_ptr_nonnull(strstr(text, "_sum{api=\"clubs\",operation=\"joinClub\"} 3.002\n"));
    ck_assert_ptr_nonnull(strstr(text, "_count{api=\"clubs\",operation=\"joinClub\"} 2\n"));
    ck_assert_ptr_nonnull(strstr(text, "activities_rate_limited_total{api=\"clubs\",operation=\"joinClub\"} 1\n"));
    ck_assert_str_eq(strstr(text, "# TYPE activities_database_up"), "# TYPE activities_database_up gauge\nactivities_database_up 1\n");
}
END_TEST

START_TEST(families_are_there_without_counters)
{
    const char *text = mact_status_text(NULL, 0, process);

    ck_assert_ptr_nonnull(strstr(text, "# TYPE activities_http_requests_total counter\n# HELP"));
    ck_assert_ptr_nonnull(strstr(text, "# TYPE activities_http_request_duration_seconds histogram\n# HELP"));
    ck_assert_ptr_nonnull(strstr(text, "# TYPE activities_rate_limited_total counter\n# HELP"));
    ck_assert_ptr_nonnull(strstr(text, "activities_database_up 0\n"));
}
END_TEST

START_TEST(labels_are_escaped)
{
    mact_status_op_t *odd;

    ck_assert_int_eq(mact_status_operation(&odd, status, "a\\b", "say \"hi\"\n"), APR_SUCCESS);
    ck_assert_ptr_nonnull(strstr(mact_status_text(status, 1, process), "{api=\"a\\\\b\",operation=\"say \\\"hi\\\"\\n\"} 0\n"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("status_counters");
    TCase *tcase = tcase_create("counters");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_checked_fixture(tcase, begin, end);
    tcase_add_test(tcase, nothing_is_nothing);
    tcase_add_test(tcase, it_is_found_again);
    tcase_add_test(tcase, statuses_come_in_order);
    tcase_add_test(tcase, more_statuses_than_there_is_room_for);
    tcase_add_test(tcase, a_bound_belongs_to_its_bucket);
    tcase_add_test(tcase, many_children_lose_nothing);
    tcase_add_test(tcase, the_text);
    tcase_add_test(tcase, families_are_there_without_counters);
    tcase_add_test(tcase, labels_are_escaped);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
