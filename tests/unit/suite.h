/*
 * tests/unit/suite.h: what every unit test of a room begins with: APR, a pool for each test, and a main.
 *
 * A file is a program: it includes this, writes its tests and a function that adds them to a suite, and its main returns
 * suite_run("name", that function).  Where a test needs a file, suite_path() finds it beside the tests, whatever the working directory.
 */
#ifndef MACT_TESTS_SUITE_H
#define MACT_TESTS_SUITE_H

#include <stdlib.h>
#include <string.h>

#include <apr_file_io.h>
#include <apr_general.h>
#include <apr_pools.h>
#include <apr_strings.h>
#include <check.h>

/* A pool of the running test: made and destroyed around each. */
static apr_pool_t *suite_pool;

static inline void suite_begin(void)
{
    apr_pool_create(&suite_pool, NULL);
}

static inline void suite_end(void)
{
    apr_pool_destroy(suite_pool);
    suite_pool = NULL;
}

/* The path of a file in the folder of the unit tests. */
static inline const char *suite_path(const char *name)
{
    const char *file = __FILE__;
    const char *slash = strrchr(file, '/');

    return apr_psprintf(suite_pool, "%.*s/%s", slash ? (int)(slash - file) : 1, slash ? file : ".", name);
}

/* The text of such a file. */
static inline const char *suite_text(const char *name)
{
    apr_file_t *file;
    apr_finfo_t finfo;
    char *text;

    ck_assert_int_eq(apr_file_open(&file, suite_path(name), APR_FOPEN_READ, APR_FPROT_OS_DEFAULT, suite_pool), APR_SUCCESS);
    ck_assert_int_eq(apr_file_info_get(&finfo, APR_FINFO_SIZE, file), APR_SUCCESS);
    text = apr_pcalloc(suite_pool, (apr_size_t)finfo.size + 1);
    ck_assert_int_eq(apr_file_read_full(file, text, (apr_size_t)finfo.size, NULL), APR_SUCCESS);
    apr_file_close(file);
    return text;
}

/* A case with a pool around each of its tests. */
static inline TCase *suite_case(Suite *suite, const char *name)
{
    TCase *tests = tcase_create(name);

    tcase_add_checked_fixture(tests, suite_begin, suite_end);
    suite_add_tcase(suite, tests);
    return tests;
}

static inline int suite_run(const char *name, void (*add)(Suite *suite))
{
    Suite *suite = suite_create(name);
    SRunner *runner = srunner_create(suite);
    int failed;

    apr_initialize();
    add(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    apr_terminate();
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
