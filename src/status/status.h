/*
 * status/status.h: what the server has done, in numbers.
 *
 * Requests are counted by API, operation and status, with how long they took and how often a limit refused them.  The counters lie in
 * shared memory from the process pool, so that all children count together, a graceful restart takes nothing back, and children of both
 * generations count on meanwhile.  Counting is a few additions without a lock, and each child has a stripe of its own as long as there are
 * no more children than stripes, so that processors do not fight over a cache line; who reads sums the stripes.
 *
 * Readers are the native `metrics` (Prometheus text) and a section of httpd's own status page.
 */
#ifndef MACT_STATUS_H
#define MACT_STATUS_H

#include <apr_pools.h>
#include <apr_time.h>
#include <httpd.h>

typedef struct mact_status_t mact_status_t;
typedef struct mact_status_op_t mact_status_op_t;

#define MACT_STATUS_STRIPES 8
#define MACT_STATUS_CODES 24                    /* statuses of one operation that are told apart; further ones are "other" */
#define MACT_STATUS_BUCKETS 13                  /* of the histogram, without the one for whatever takes longer */

/* The upper bounds of the buckets, in microseconds, ascending. */
extern const apr_interval_time_t mact_status_bounds[MACT_STATUS_BUCKETS];

/* ---- counters (counters.c) ----------------------------------------------------------------------------------- */

/*
 * The counters of this process, made by the first call and found again by every later one, also after the module was loaded anew.
 * `process` is the pool of the process, which outlives restarts.  For post_config.  Errors: what apr_shm_create says.
 */
apr_status_t mact_status_open(mact_status_t **status, apr_pool_t *process);

/*
 * The counters of an operation, by names, which are copied.  Made at the first call of all that name the two; what was counted stays.  For
 * post_config: not thread-safe.  Errors: what apr_shm_create says.
 */
apr_status_t mact_status_operation(mact_status_op_t **op, mact_status_t *status, const char *api, const char *name);

/* For child_init: this process takes the next stripe. */
void mact_status_child(mact_status_t *status);

/* Counts a request that was answered with `code` after `took`; `limited`: a limit was exceeded.  Any thread; never blocks. */
void mact_status_count(mact_status_op_t *op, int code, apr_interval_time_t took, int limited);

/* What has been counted of an operation, over all stripes, as of about now.  No sum ever gets less. */
typedef struct {
    const char *api, *name;
    int codes[MACT_STATUS_CODES + 1];           /* ascending; the first `n_codes` are set; 0: other (last) */
    apr_uint64_t counts[MACT_STATUS_CODES + 1];
    int n_codes;
    apr_uint64_t buckets[MACT_STATUS_BUCKETS + 1];  /* each for itself, the last for what took longer than all bounds */
    apr_uint64_t requests;                      /* their sum */
    apr_uint64_t took;                          /* microseconds, all together */
    apr_uint64_t limited;
} mact_status_sum_t;

void mact_status_sum(mact_status_sum_t *sum, const mact_status_op_t *op);

/* The operations, in the order in which they became known: the first, and the one after another; NULL: no more. */
const mact_status_op_t *mact_status_first(const mact_status_t *status);
const mact_status_op_t *mact_status_next(const mact_status_op_t *op);

/* ---- Prometheus text format 0.0.4 (text.c) -------------------------------------------------------------------- */

#define MACT_STATUS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/* All families, each with HELP and TYPE, whether anything was counted or not. */
const char *mact_status_text(const mact_status_t *status, int database_up, apr_pool_t *pool);

/* ---- within httpd (server.c) ---------------------------------------------------------------------------------- */

/* For post_config: counters for every operation that is mounted.  OK, or an HTTP status that stops the start, with its reason logged. */
int mact_status_start(server_rec *main_server);

/* For child_init. */
void mact_status_child_init(void);

/* For register_hooks: the section of the status page, where mod_status is loaded. */
void mact_status_register_page(apr_pool_t *pool);

/* The counters of this server; NULL before mact_status_start. */
const mact_status_t *mact_status_here(void);

/* The counters of an operation of a mounted document, by its address; NULL where there are none. */
mact_status_op_t *mact_status_of(const void *oapi_op);

#endif
