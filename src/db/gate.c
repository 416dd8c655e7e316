/*
 * db/gate.c: bounds how many threads are at mod_dbd's pool at once, and how long one waits for its turn.
 *
 * mod_dbd's own list waits without a timeout when it is full, so nobody gets there who would have to wait: at most `limit` threads
 * are past the gate.  Where no more connections can be opened, the gate closes to as many as there are (the ceiling): with
 * none, callers are refused at once in place of queueing behind a connect attempt each; every PROBE_EVERY one of them may try,
 * and the first that succeeds opens the gate again.
 *
 * The common way is one compare-and-swap.  Who finds the gate full sleeps on a condition, and no wake-up is lost: a waiter first adds itself to
 * `waiting`, then looks at `used` once more, then sleeps; who leaves first takes itself out of `used`, then looks at `waiting`.  Both orders are
 * sequentially consistent, so at least one of the two sees the other: either the waiter finds the place, or the leaver finds
 * the waiter.  In the latter case it signals under the mutex, which the waiter holds from before it added itself until it sleeps, so the
 * signal finds it asleep.  A waiter whose time runs out while it is being woken tries once more before it gives up.
 * A newcomer may overtake those who sleep; it will wake one when it leaves.
 */
#include <errno.h>
#include <time.h>

#include "db/inside.h"

#define PROBE_EVERY 250000           /* microseconds between two attempts while connections cannot be made */
#define PROBE_SOON 5000              /* the shortest sleep of a waiter that may become the next to try */

apr_int64_t mact_db_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (apr_int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/*
 * Until the first connection stands, one caller is let through and the others wait for it: a database that is away when httpd starts
 * is then found so once, not once a thread, one after another on mod_dbd's mutex.
 */
void mact_db_gate_make(mact_db_gate_t *gate, unsigned limit)
{
    pthread_condattr_t monotonic;

    atomic_init(&gate->limit, limit);
    atomic_init(&gate->ceiling, 1);
    atomic_init(&gate->used, 0);
    atomic_init(&gate->waiting, 0);
    atomic_init(&gate->open, 0);
    atomic_init(&gate->probing, 0);
    atomic_init(&gate->again, INT64_MAX);
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
    unsigned ceiling = atomic_load(&gate->ceiling);
    unsigned limit = atomic_load(&gate->limit);

    if (gate_take(gate, ceiling)) {
        return MACT_DB_GATE_PASSED;
    }
    if (ceiling < limit && mact_db_now() >= atomic_load(&gate->again) && !atomic_exchange(&gate->probing, 1)) {
        if (gate_take(gate, limit)) {
            return MACT_DB_GATE_PROBE;
        }
        atomic_store(&gate->probing, 0);
    }
    return ceiling == 0 ? MACT_DB_GATE_AWAY : MACT_DB_GATE_FULL;
}

/* How long a waiter may sleep: to its deadline, or until it may be the one that tries again. */
static apr_int64_t gate_sleep_until(mact_db_gate_t *gate, apr_int64_t now, apr_int64_t deadline)
{
    apr_int64_t again = atomic_load(&gate->again);

    if (atomic_load(&gate->ceiling) >= atomic_load(&gate->limit) || atomic_load(&gate->probing) || again >= deadline) {
        return deadline;
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

/* The ceiling has changed: everybody who waits looks again. */
static void gate_wake(mact_db_gate_t *gate)
{
    pthread_mutex_lock(&gate->mutex);
    pthread_cond_broadcast(&gate->freed);
    pthread_mutex_unlock(&gate->mutex);
}

/*
 * A connection that was open already says nothing about whether more can be opened: it lifts the ceiling only where that was 0, or
 * where it was what the prober found.
 */
int mact_db_gate_opened(mact_db_gate_t *gate, int probe, int fresh)
{
    unsigned ceiling = atomic_load(&gate->ceiling);
    unsigned limit = atomic_load(&gate->limit);
    int back = 0;

    if (ceiling < limit && (probe || fresh || ceiling == 0)) {
        atomic_store(&gate->ceiling, limit);
        back = atomic_exchange(&gate->away_since, 0) != 0;
    }
    if (probe) {
        atomic_store(&gate->probing, 0);
    }
    if (ceiling < limit) {
        gate_wake(gate);
    }
    return back;
}

int mact_db_gate_failed(mact_db_gate_t *gate, int probe)
{
    unsigned open = atomic_load(&gate->open);
    unsigned limit = atomic_load(&gate->limit);
    apr_int64_t now = mact_db_now();
    long long none = 0;
    int away = 0;

    atomic_store(&gate->again, now + PROBE_EVERY);
    atomic_store(&gate->ceiling, open < limit ? open : limit);
    if (open == 0) {
        away = atomic_compare_exchange_strong(&gate->away_since, &none, now);
    }
    if (probe) {
        atomic_store(&gate->probing, 0);
    }
    gate_wake(gate);
    return away;
}
