/*
 * db/gate.c: bounds how many threads are at mod_dbd's pool at once, and how long one waits for its turn.
 *
 * mod_dbd's own list waits without a timeout when it is full, and holds its lock while it opens a connection,
 * so that many who need one queue behind each other's connect_timeout.  Neither happens behind this gate: it
 * lets in as many threads as there are good connections, and beyond that one at a time to open another, up to
 * the limit.  After an attempt has failed the next is made PROBE_EVERY later; in the meantime callers wait
 * for one of the open connections, or, where there is none, are refused at once: the database is away.
 *
 * The common way is one compare-and-swap.  Who may not pass sleeps on a condition, and no wake-up is lost: a
 * waiter first adds itself to `waiting`, then looks at the counters once more, then sleeps; who leaves, or
 * has opened, first changes the counters, then looks at `waiting`. Both orders are sequentially consistent,
 * so at least one of the two sees the other: either the waiter finds the place, or the leaver finds the
 * waiter.  In the latter case it signals under the mutex, which the waiter holds from before it added itself
 * until it sleeps, so the signal finds it asleep.  A waiter whose time runs out while it is being woken tries
 * once more before it gives up. A newcomer may overtake those who sleep; it will wake one when it leaves.
 */
#include <errno.h>
#include <time.h>

#include "db/inside.h"

#define PROBE_EVERY 250000 /* microseconds from a failed attempt to the next */
#define PROBE_SOON 5000    /* the shortest sleep of a waiter that may become the next to open */

apr_int64_t mact_db_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (apr_int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void mact_db_gate_make(mact_db_gate_t *gate, unsigned limit)
{
    pthread_condattr_t monotonic;

    atomic_init(&gate->limit, limit);
    atomic_init(&gate->used, 0);
    atomic_init(&gate->waiting, 0);
    atomic_init(&gate->open, 0);
    atomic_init(&gate->probing, 0);
    atomic_init(&gate->again, 0);
    atomic_init(&gate->away_since, 0);
    atomic_init(&gate->refused, 0);
    pthread_mutex_init(&gate->mutex, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&gate->freed, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

/* Takes a place if fewer than `most` are taken. */
static int gate_take(mact_db_gate_t *gate, unsigned most)
{
    unsigned used = atomic_load(&gate->used);

    while (used < most) {
        if (atomic_compare_exchange_weak(&gate->used, &used, used + 1)) {
            return 1;
        }
    }
    return 0;
}

static mact_db_gate_e gate_try(mact_db_gate_t *gate)
{
    unsigned limit = atomic_load(&gate->limit);
    unsigned open = atomic_load(&gate->open);

    if (gate_take(gate, open < limit ? open : limit)) {
        return MACT_DB_GATE_PASSED;
    }
    if (atomic_load(&gate->used) < limit && mact_db_now() >= atomic_load(&gate->again) &&
        !atomic_exchange(&gate->probing, 1)) {
        if (gate_take(gate, limit)) {
            return MACT_DB_GATE_PROBE;
        }
        atomic_store(&gate->probing, 0);
    }
    return open == 0 && atomic_load(&gate->away_since) != 0 ? MACT_DB_GATE_AWAY : MACT_DB_GATE_FULL;
}

/* How long a waiter may sleep: to its deadline, or until it may be the one that opens. */
static apr_int64_t gate_sleep_until(mact_db_gate_t *gate, apr_int64_t now, apr_int64_t deadline)
{
    apr_int64_t again = atomic_load(&gate->again);

    if (atomic_load(&gate->used) >= atomic_load(&gate->limit) || atomic_load(&gate->probing) || again >= deadline) {
        return deadline; /* who leaves, or has opened, wakes it */
    }
    again = again > now + PROBE_SOON ? again : now + PROBE_SOON;
    return again < deadline ? again : deadline;
}

static mact_db_gate_e gate_wait(mact_db_gate_t *gate, apr_interval_time_t wait)
{
    apr_int64_t deadline = mact_db_now() + wait;
    mact_db_gate_e verdict;

    pthread_mutex_lock(&gate->mutex);
    atomic_fetch_add(&gate->waiting, 1);
    while ((verdict = gate_try(gate)) == MACT_DB_GATE_FULL) {
        apr_int64_t now = mact_db_now();
        apr_int64_t until = gate_sleep_until(gate, now, deadline);
        struct timespec at = {.tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000};

        if (now >= deadline) {
            break;
        }
        pthread_cond_timedwait(&gate->freed, &gate->mutex, &at);
    }
    atomic_fetch_sub(&gate->waiting, 1);
    pthread_mutex_unlock(&gate->mutex);
    return verdict;
}

mact_db_gate_e mact_db_gate_enter(mact_db_gate_t *gate, apr_interval_time_t wait)
{
    mact_db_gate_e verdict = gate_try(gate);

    if (verdict == MACT_DB_GATE_FULL && wait > 0) {
        verdict = gate_wait(gate, wait);
    }
    if (verdict == MACT_DB_GATE_FULL || verdict == MACT_DB_GATE_AWAY) {
        atomic_fetch_add(&gate->refused, 1);
    }
    return verdict;
}

void mact_db_gate_leave(mact_db_gate_t *gate)
{
    atomic_fetch_sub(&gate->used, 1);
    if (atomic_load(&gate->waiting) > 0) {
        pthread_mutex_lock(&gate->mutex);
        pthread_cond_signal(&gate->freed);
        pthread_mutex_unlock(&gate->mutex);
    }
}

/* There is more, or less, to be had than there was: everybody who waits looks again. */
static void gate_wake(mact_db_gate_t *gate)
{
    if (atomic_load(&gate->waiting) > 0) {
        pthread_mutex_lock(&gate->mutex);
        pthread_cond_broadcast(&gate->freed);
        pthread_mutex_unlock(&gate->mutex);
    }
}

int mact_db_gate_opened(mact_db_gate_t *gate, int probe, int fresh)
{
    int back = 0;

    if (fresh) {
        atomic_store(&gate->again, 0);
    }
    if (atomic_load(&gate->away_since) != 0) {
        back = atomic_exchange(&gate->away_since, 0) != 0;
    }
    if (probe) {
        atomic_store(&gate->probing, 0);
    }
    if (probe || fresh) {
        gate_wake(gate);
    }
    return back;
}

int mact_db_gate_failed(mact_db_gate_t *gate, int probe)
{
    apr_int64_t now = mact_db_now();
    long long none = 0;
    int away = 0;

    atomic_store(&gate->again, now + PROBE_EVERY);
    if (atomic_load(&gate->open) == 0) {
        away = atomic_compare_exchange_strong(&gate->away_since, &none, now);
    }
    if (probe) {
        atomic_store(&gate->probing, 0);
    }
    gate_wake(gate);
    return away;
}
