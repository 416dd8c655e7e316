/*
 * limit/limit.h: may this key go on?
 *
 * Sliding-window counters in shared memory, shared by all children, made in post_config from the process pool so that they
 * outlive a graceful restart.  Every take is safe from any thread of any child and never blocks.
 *
 * From a quiet start, which is when all N are available, exactly N pass in the first window, whenever in a minute it begins; then N a window, weighted
 * by what is left of the window before.  How it is counted is said in window.c, how children share it in table.c.
 */
#ifndef MACT_LIMIT_H
#define MACT_LIMIT_H

#include <apr_pools.h>
#include <apr_time.h>

#include "openapi/openapi.h"         /* mact_rate_t */

typedef struct mact_limit_t mact_limit_t;

/* The outcome of a take, and what the X-RateLimit-* headers say of it. */
typedef struct {
    int allowed;
    apr_uint32_t limit;              /* N */
    apr_uint32_t remaining;          /* what is left after this one */
    apr_int64_t reset;               /* Unix seconds when all N are available again if nothing more comes */
    apr_uint32_t retry_after;        /* seconds, at least 1, when refused; else 0 */
} mact_verdict_t;

/*
 * The table of `bytes` (rounded down to whole sets, at least 64 KiB), found again by every later call in this process whose size is the same.
 * `process` is the pool of the process (it must outlive restarts).  For post_config.  Errors: what apr_shm_create says.
 */
apr_status_t mact_limit_open(mact_limit_t **limit, apr_size_t bytes, apr_pool_t *process);

/*
 * A key of the text parts given (NULL-terminated: mount, operation, client …), by a keyed hash, so that nobody outside can choose
 * two that meet.
 */
apr_uint64_t mact_limit_key(const mact_limit_t *limit, ...);

/*
 * Whom a limit by that address limits: of IPv6 the /64 network, which is the least that a subscriber is given; an IPv4 address as it
 * is, also where an IPv6 one holds it; and what is no address as it is.
 */
const char *mact_limit_address(const char *ip, apr_pool_t *pool);

/*
 * Takes one unit for `key` as of `now`.  A refused take counts nothing.  A full table costs the stalest key of its set its place.  A clock
 * that was set back frees nobody.  A rate that is off passes always.
 */
void mact_limit_take(mact_verdict_t *verdict, mact_limit_t *limit, apr_uint64_t key, const mact_rate_t *rate, apr_time_t now);

#endif
