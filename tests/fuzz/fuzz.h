/*
 * tests/fuzz/fuzz.h: what the fuzz targets begin with.
 *
 * A target is one file with LLVMFuzzerTestOneInput, built two ways: with replay.c it runs its corpus, with libFuzzer it looks for more.  Not
 * crashing is not enough: what must hold of every result is written down with MUST.
 */
#ifndef MACT_TESTS_FUZZ_H
#define MACT_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <apr_strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                                                \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);                             \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* A file beside the targets. */
static inline const char *fuzz_path(const char *name, apr_pool_t *pool)
{
    const char *file = __FILE__;
    const char *slash = strrchr(file, '/');

    return apr_psprintf(pool, "%.*s/%s", slash ? (int)(slash - file) : 1, slash ? file : ".", name);
}

/* A pool that lives as long as the process: for what all inputs share. */
static inline apr_pool_t *fuzz_process_pool(void)
{
    static apr_pool_t *pool;

    if (!pool) {
        apr_initialize();
        apr_pool_create(&pool, NULL);
    }
    return pool;
}

#endif
