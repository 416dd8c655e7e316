/*
 * status/counters.c: the counters themselves.
 *
 *     process pool   status -> op -> op -> …        plain data, so that it outlives the module that made it
 *                              |
 *     shared memory            v
 *     +--------+----------+----------+- ... -+
 *     | codes  | stripe 0 | stripe 1 |       |      a segment an operation; a stripe begins on a cache line
 *     +--------+----------+----------+- ... -+
 *
 * An operation's statuses get their places as they come: the place is claimed once, by compare-and-swap, and belongs to all stripes.
 */
#include <apr_shm.h>
#include <apr_strings.h>
#include <string.h>

#include "status/status.h"

#define LINE 64

/*
 * Changed with every change of what lies in the memory: a module that is replaced over a graceful restart must not read the former one's.
 */
#define LAYOUT "mact_status:1"

typedef struct {
    apr_uint64_t counts[MACT_STATUS_CODES + 1];
    apr_uint64_t buckets[MACT_STATUS_BUCKETS + 1];
    apr_uint64_t took;
    apr_uint64_t limited;
    apr_uint64_t unused[7];                     /* up to whole cache lines */
} stripe_t;

typedef struct {
    apr_uint32_t codes[MACT_STATUS_CODES];      /* 0: not claimed */
    apr_uint32_t unused[8];
    stripe_t stripes[MACT_STATUS_STRIPES];
} block_t;

_Static_assert(sizeof(stripe_t) % LINE == 0 && sizeof(block_t) % LINE == 0, "stripes share no cache line");

struct mact_status_op_t {
    const char *api, *name;
    block_t *block;
    mact_status_op_t *next;
};

struct mact_status_t {
    apr_pool_t *process;
    apr_uint32_t *children;                     /* in shared memory: how many have begun */
    mact_status_op_t *first, *last;
};

const apr_interval_time_t mact_status_bounds[MACT_STATUS_BUCKETS] = {
    1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000,
};

/* Of this process: which stripe it adds to. */
static unsigned stripe_here;

/* Zeroed shared memory on a cache line.  Its cleanup is apr's: one of ours would be called when this module is no longer loaded. */
static apr_status_t shared(void **memory, apr_size_t size, apr_pool_t *process)
{
    apr_shm_t *segment;
    apr_status_t rv = apr_shm_create(&segment, size + LINE, NULL, process);

    if (rv == APR_SUCCESS) {
        *memory = (void *)(((apr_uintptr_t)apr_shm_baseaddr_get(segment) + LINE - 1) / LINE * LINE);
    }
    return rv;
}

apr_status_t mact_status_open(mact_status_t **status, apr_pool_t *process)
{
    void *found = NULL, *children;
    apr_status_t rv = apr_pool_userdata_get(&found, LAYOUT, process);

    if (rv == APR_SUCCESS && found) {
        *status = found;
        return APR_SUCCESS;
    }
    rv = shared(&children, sizeof(apr_uint32_t), process);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *status = apr_pcalloc(process, sizeof **status);
    (*status)->process = process;
    (*status)->children = children;
    return apr_pool_userdata_set(*status, LAYOUT, NULL, process);
}

apr_status_t mact_status_operation(mact_status_op_t **op, mact_status_t *status, const char *api, const char *name)
{
    mact_status_op_t *known = status->first;
    void *block;
    apr_status_t rv;

    while (known && (strcmp(known->name, name) || strcmp(known->api, api))) {
        known = known->next;
    }
    *op = known;
    if (known) {
        return APR_SUCCESS;
    }
    rv = shared(&block, sizeof(block_t), status->process);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    known = apr_pcalloc(status->process, sizeof *known);
    known->api = apr_pstrdup(status->process, api);
    known->name = apr_pstrdup(status->process, name);
    known->block = block;
    if (status->last) {
        status->last->next = known;
    } else {
        status->first = known;
    }
    status->last = known;
    *op = known;
    return APR_SUCCESS;
}

void mact_status_child(mact_status_t *status)
{
    stripe_here = __atomic_fetch_add(status->children, 1, __ATOMIC_RELAXED) % MACT_STATUS_STRIPES;
}

/* ---- counting ------------------------------------------------------------------------------------------------ */

static void add(apr_uint64_t *to, apr_uint64_t n)
{
    __atomic_fetch_add(to, n, __ATOMIC_RELAXED);
}

static apr_uint64_t look(const apr_uint64_t *at)
{
    return __atomic_load_n(at, __ATOMIC_RELAXED);
}

/* The place of that status; MACT_STATUS_CODES if all are taken by others. */
static int place_of(block_t *block, apr_uint32_t code)
{
    for (int i = 0; i < MACT_STATUS_CODES; i++) {
        apr_uint32_t there = __atomic_load_n(&block->codes[i], __ATOMIC_RELAXED);

        if (there == 0 && __atomic_compare_exchange_n(&block->codes[i], &there, code, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
            return i;
        }
        if (there == code) {
            return i;
        }
    }
    return MACT_STATUS_CODES;
}

static int bucket_of(apr_interval_time_t took)
{
    int i = 0;

    while (i < MACT_STATUS_BUCKETS && took > mact_status_bounds[i]) {
        i++;
    }
    return i;
}

void mact_status_count(mact_status_op_t *op, int code, apr_interval_time_t took, int limited)
{
    stripe_t *stripe = &op->block->stripes[stripe_here];

    if (took < 0) {
        took = 0;                               /* the clock was set back meanwhile */
    }
    add(&stripe->counts[place_of(op->block, code > 0 ? (apr_uint32_t)code : 500)], 1);
    add(&stripe->buckets[bucket_of(took)], 1);
    add(&stripe->took, (apr_uint64_t)took);
    if (limited) {
        add(&stripe->limited, 1);
    }
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

/* Puts a status where it belongs in the ascending list. */
static void sum_code(mact_status_sum_t *sum, int code, apr_uint64_t count)
{
    int at = sum->n_codes++;

    for (; at > 0 && code && sum->codes[at - 1] > code; at--) {
        sum->codes[at] = sum->codes[at - 1];
        sum->counts[at] = sum->counts[at - 1];
    }
    sum->codes[at] = code;
    sum->counts[at] = count;
}

void mact_status_sum(mact_status_sum_t *sum, const mact_status_op_t *op)
{
    const block_t *block = op->block;

    memset(sum, 0, sizeof *sum);
    sum->api = op->api;
    sum->name = op->name;
    for (int i = 0; i <= MACT_STATUS_CODES; i++) {
        int code = i < MACT_STATUS_CODES ? (int)__atomic_load_n(&block->codes[i], __ATOMIC_RELAXED) : 0;
        apr_uint64_t count = 0;

        for (int s = 0; s < MACT_STATUS_STRIPES; s++) {
            count += look(&block->stripes[s].counts[i]);
        }
        if (count) {
            sum_code(sum, code, count);
        }
    }
    for (int s = 0; s < MACT_STATUS_STRIPES; s++) {
        for (int i = 0; i <= MACT_STATUS_BUCKETS; i++) {
            sum->buckets[i] += look(&block->stripes[s].buckets[i]);
        }
        sum->took += look(&block->stripes[s].took);
        sum->limited += look(&block->stripes[s].limited);
    }
    for (int i = 0; i <= MACT_STATUS_BUCKETS; i++) {
        sum->requests += sum->buckets[i];
    }
}

const mact_status_op_t *mact_status_first(const mact_status_t *status)
{
    return status->first;
}

const mact_status_op_t *mact_status_next(const mact_status_op_t *op)
{
    return op->next;
}
