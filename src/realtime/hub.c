/*
 * realtime/hub.c: the hub, one thread a child: its table of subscribers, its turns (sockets, inbox, heartbeats, ends), its beginning
 * and its end.  What it writes comes from the feed; how it writes is wire.c's.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <httpd.h>
#include <http_config.h>
#include <http_connection.h>
#include <http_log.h>
#include <ap_mpm.h>

#include <apr_atomic.h>
#include <apr_file_io.h>
#include <apr_portable.h>
#include <apr_strings.h>

#include "config/config.h"
#include "inside.h"
#include "realtime.h"

APLOG_USE_MODULE(activities);

#define TICK apr_time_from_msec(250)
#define POLLED_AT_ONCE 4096                      /* events taken in one turn; with poll(2), the most sockets */
#define JOIN_TIME apr_time_from_msec(500)        /* for all streams, when the workers have gone */
#define JOIN_PATIENCE apr_time_from_sec(5)       /* for the thread to leave a call that blocks (name resolution, mod_dbd's connect) */

static mact_realtime_hub_t *hubs;                /* of this child; made in child_init, fixed afterwards */
static int seat = -1;                            /* made in post_config */
static double worker_factor = 2;                 /* AsyncRequestWorkerFactor; 2 is the event MPM's default */

/* ---- the table of subscribers -------------------------------------------------------------------------------- */

static apr_status_t take_slot(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub)
{
    int slot = hub->lowest_free;

    while (slot < hub->slots && hub->subs[slot] != NULL) {
        slot++;
    }
    if (slot == hub->slots) {
        int slots = hub->slots == 0 ? 64 : hub->slots * 2;
        mact_realtime_sub_t **subs = realloc(hub->subs, (size_t)slots * sizeof(*subs));

        if (subs == NULL) {
            return APR_ENOMEM;
        }
        memset(subs + hub->slots, 0, (size_t)(slots - hub->slots) * sizeof(*subs));
        hub->subs = subs;
        hub->slots = slots;
    }
    hub->subs[slot] = sub;
    hub->lowest_free = slot + 1;
    hub->used++;
    sub->slot = slot;
    sub->born = ++hub->births;
    return APR_SUCCESS;
}

static void give_slot(mact_realtime_hub_t *hub, int slot)
{
    hub->subs[slot] = NULL;
    hub->used--;
    if (slot < hub->lowest_free) {
        hub->lowest_free = slot;
    }
}

/* ---- sending and ending -------------------------------------------------------------------------------------- */

/* Wakes the thread that serves the stream; a full pipe has woken it already. */
static void wake_thread(mact_realtime_sub_t *sub)
{
    ssize_t written = write(sub->wake[1], "", 1);

    (void)written;
}

void mact_realtime_hub_end(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub)
{
    if (sub->state != MACT_SUB_OPEN) {
        return;
    }
    sub->state = MACT_SUB_DRAINING;
    sub->deadline = apr_time_now() + (hub->stopping ? MACT_REALTIME_STOP_TIME : MACT_REALTIME_DRAIN_TIME);
    if (sub->threaded) {
        apr_thread_mutex_lock(hub->mutex);
        sub->closing = 1;
        apr_thread_mutex_unlock(hub->mutex);
        wake_thread(sub);
    } else {
        mact_realtime_hub_write(hub, sub);
    }
}

static void drop_slow(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub)
{
    ap_log_error(APLOG_MARK, APLOG_DEBUG, 0, hub->server,
                 "ACT0510: closing a stream of %s: its client has not read %" APR_SIZE_T_FMT " bytes in %" APR_SIZE_T_FMT
                 " messages", sub->op->id, sub->bytes, sub->count);
    if (sub->threaded) {
        mact_realtime_hub_end(hub, sub);
    } else {
        mact_realtime_hub_break(hub, sub);
    }
}

void mact_realtime_hub_send(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub, mact_realtime_frame_t *frame)
{
    apr_status_t rv;

    if (sub->state != MACT_SUB_OPEN) {
        return;
    }
    if (sub->threaded) {
        apr_thread_mutex_lock(hub->mutex);
        rv = mact_realtime_sub_push(sub, frame);
        apr_thread_mutex_unlock(hub->mutex);
        wake_thread(sub);
    } else {
        rv = mact_realtime_sub_push(sub, frame);
    }
    if (rv != APR_SUCCESS) {
        drop_slow(hub, sub);
        return;
    }
    if (!sub->threaded) {
        mact_realtime_hub_write(hub, sub);
    }
}

/* ---- a turn -------------------------------------------------------------------------------------------------- */

/* Gives a newcomer its place. */
static void welcome(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub, apr_time_t now)
{
    apr_status_t rv = take_slot(hub, sub);

    sub->next_beat = now + sub->heartbeat;
    if (rv == APR_SUCCESS) {
        sub->fresh = 1;
        hub->fresh++;
        apr_atomic_inc32(&hub->n_open);
        rv = sub->threaded ? APR_SUCCESS : mact_realtime_hub_adopt(hub, sub);
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, hub->server,
                     "ACT0511: a stream of %s could not be taken over and is closed; is this child out of memory or file descriptors?",
                     sub->op->id);
    }
    /* Without a slot it stays as it is until the child ends: there was no memory for a pointer. */
    if (sub->slot >= 0 && (rv != APR_SUCCESS || hub->stopping)) {
        mact_realtime_hub_end(hub, sub);
    }
}

static void take_inbox(mact_realtime_hub_t *hub, apr_time_t now)
{
    mact_realtime_sub_t *sub, *next;

    apr_thread_mutex_lock(hub->mutex);
    sub = hub->inbox;
    hub->inbox = NULL;
    apr_thread_mutex_unlock(hub->mutex);
    for (; sub != NULL; sub = next) {
        next = sub->next;
        welcome(hub, sub, now);
    }
}

static void beat(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub, apr_time_t now)
{
    mact_realtime_frame_t *frame;

    sub->next_beat = now + sub->heartbeat;
    if (!sub->threaded && sub->count > 0) {
        return;                            /* bytes enough on the way */
    }
    frame = sub->framing->beat();
    if (frame != NULL) {
        mact_realtime_hub_send(hub, sub, frame);
        mact_realtime_frame_drop(frame);
    }
}

/* What time alone brings to one subscriber.  True: it is no more. */
static int age(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub, apr_time_t now)
{
    if (sub->fresh && (sub->state != MACT_SUB_OPEN || sub->gone)) {
        sub->fresh = 0;
        hub->fresh--;
    }
    if (sub->threaded && sub->gone) {
        mact_realtime_sub_release(sub);
        return 1;
    }
    if (sub->state == MACT_SUB_OPEN) {
        if (hub->stopping || (sub->expires != 0 && sub->expires <= now)) {
            mact_realtime_hub_end(hub, sub);
        } else if (sub->next_beat <= now) {
            beat(hub, sub, now);
        }
    }
    if (sub->threaded) {
        return 0;
    }
    if (sub->state != MACT_SUB_OPEN && sub->deadline <= now) {
        mact_realtime_hub_break(hub, sub);
    }
    return sub->state == MACT_SUB_OVER && mact_realtime_hub_bury(hub, sub, now);
}

static void tick(mact_realtime_hub_t *hub, apr_time_t now)
{
    int slot;

    for (slot = 0; slot < hub->slots; slot++) {
        if (hub->subs[slot] != NULL && age(hub, hub->subs[slot], now)) {
            give_slot(hub, slot);
            apr_atomic_dec32(&hub->n_open);
        }
    }
    hub->next_tick = now + TICK;
}

static void serve(mact_realtime_hub_t *hub, const apr_pollfd_t *event)
{
    mact_realtime_sub_t *sub = event->client_data;

    if (sub == NULL) {
        mact_realtime_hub_feed_readable(hub->feed);
        return;
    }
    if (event->rtnevents & (APR_POLLIN | APR_POLLHUP | APR_POLLERR)) {
        mact_realtime_hub_read(hub, sub);
    }
    if (sub->state == MACT_SUB_OVER) {
        return;
    }
    if (event->rtnevents & (APR_POLLHUP | APR_POLLERR)) {
        mact_realtime_hub_break(hub, sub);
    } else if ((event->rtnevents & APR_POLLOUT) || sub->c->data_in_output_filters) {
        mact_realtime_hub_write(hub, sub);
    }
}

int mact_realtime_hub_turn(mact_realtime_hub_t *hub, apr_time_t until)
{
    const apr_pollfd_t *events = NULL;
    apr_int32_t count = 0, i;
    apr_time_t now = apr_time_now();
    apr_interval_time_t wait = (until < hub->next_tick ? until : hub->next_tick) - now;
    apr_status_t rv = apr_pollset_poll(hub->pollset, wait > 0 ? wait : 0, &count, &events);

    if (rv != APR_SUCCESS && !APR_STATUS_IS_TIMEUP(rv) && !APR_STATUS_IS_EINTR(rv)) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, hub->server, "ACT0512: the hub cannot poll its streams; it tries again");
        apr_sleep(TICK);
        count = 0;
    }
    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        serve(hub, &events[i]);
    }
    now = apr_time_now();
    take_inbox(hub, now);
    if (now >= hub->next_tick || now < hub->next_tick - TICK || hub->stopping) {
        tick(hub, now);
    }
    return !hub->joining;
}

/* ---- the thread ---------------------------------------------------------------------------------------------- */

/* All workers have gone: ends what is still open, in bounded time, and leaves nothing behind. */
static void finish_hub_streams(mact_realtime_hub_t *hub)
{
    apr_time_t until = apr_time_now() + JOIN_TIME;
    int slot;

    while (hub->used > 0 && apr_time_now() < until) {
        (void)mact_realtime_hub_turn(hub, apr_time_now() + apr_time_from_msec(20));
    }
    for (slot = 0; slot < hub->slots; slot++) {
        mact_realtime_sub_t *sub = hub->subs[slot];

        if (sub != NULL && !sub->threaded) {
            mact_realtime_hub_break(hub, sub);
            (void)mact_realtime_hub_bury(hub, sub, apr_time_now());
            give_slot(hub, slot);
        }
    }
}

static void *APR_THREAD_FUNC run_hub(apr_thread_t *thread, void *baton)
{
    mact_realtime_hub_t *hub = baton;
    apr_time_t until = 0;

    hub->thread = thread;
    while (mact_realtime_hub_turn(hub, until)) {
        until = mact_realtime_hub_feed(hub->feed);
    }
    mact_realtime_hub_feed_close(hub->feed);
    finish_hub_streams(hub);
    apr_atomic_set32(&hub->finished, 1);
    return NULL;
}

/* Pre-cleanup of pchild: no worker runs any more. */
static apr_status_t join_hub(void *baton)
{
    mact_realtime_hub_t *hub = baton;
    apr_time_t until = apr_time_now() + JOIN_PATIENCE;
    apr_status_t rv;

    apr_atomic_set32(&hub->stopping, 1);
    apr_atomic_set32(&hub->joining, 1);
    (void)apr_pollset_wakeup(hub->pollset);
    while (!hub->finished && apr_time_now() < until) {
        apr_sleep(apr_time_from_msec(2));
    }
    if (!hub->finished) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, hub->server,
                     "ACT0513: the hub is held up by the database (a name that does not resolve, a host that does not answer) while this "
                     "child ends; set connect_timeout in DBDParams");
        return APR_SUCCESS;
    }
    (void)apr_thread_join(&rv, hub->thread);
    return APR_SUCCESS;
}

/* The thread takes no signals: they are the MPM's. */
static apr_status_t start_thread(mact_realtime_hub_t *hub)
{
    sigset_t all, before;
    apr_status_t rv;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rv = apr_thread_create(&hub->thread, NULL, run_hub, hub, hub->pool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rv;
}

/* ---- face ---------------------------------------------------------------------------------------------------- */

static apr_status_t close_seat(void *baton)
{
    (void)baton;
    close(seat);
    seat = -1;
    return APR_SUCCESS;
}

/* What the configuration says of AsyncRequestWorkerFactor: the MPM has no query for it. */
static void find_factor(const ap_directive_t *node)
{
    for (; node != NULL; node = node->next) {
        if (strcasecmp(node->directive, "AsyncRequestWorkerFactor") == 0) {
            double factor = strtod(node->args, NULL);

            worker_factor = factor > 0 ? factor : worker_factor;
        }
        find_factor(node->first_child);
    }
}

/*
 * The event MPM accepts ThreadsPerChild + factor * idle workers connections, suspended ones included.  With half of the workers idle, streams
 * may have three quarters of these.
 */
apr_uint32_t mact_realtime_most_suspended(void)
{
    int threads = 0;

    if (ap_mpm_query(AP_MPMQ_MAX_THREADS, &threads) != APR_SUCCESS || threads < 1) {
        threads = 1;
    }
    return (apr_uint32_t)((threads + worker_factor * threads / 2) * 3 / 4);
}

apr_status_t mact_realtime_prepare(apr_pool_t *pconf, server_rec *server)
{
    const char *directory = NULL;
    char *name;
    apr_status_t rv = apr_temp_dir_get(&directory, pconf);

    worker_factor = 2;
    find_factor(ap_conftree);
    if (rv == APR_SUCCESS) {
        name = apr_pstrcat(pconf, directory, "/activities-hub-XXXXXX", NULL);
        seat = mkstemp(name);
        rv = seat < 0 ? errno : APR_SUCCESS;
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, rv, server,
                     "ACT0514: no temporary file for the hubs' election: each child will keep a database connection of its own");
        return APR_SUCCESS;
    }
    unlink(name);
    fcntl(seat, F_SETFD, FD_CLOEXEC);
    apr_pool_cleanup_register(pconf, NULL, close_seat, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

int mact_realtime_seat(void)
{
    return seat;
}

/*
 * A hub is in a pool of its own that nobody destroys: it goes with the process.  In pchild it could be outlived twice over.  join_hub
 * gives up on a thread that a connect holds, and that thread looks at its hub as soon as the connect returns, with pchild gone and
 * exit() not yet done.  And an MPM that leaves in haste (a thread of it met a fatal error) destroys pchild while workers run, of which
 * some push into subscribers under the hub's mutex.  What else of pchild the thread could meet then is mod_dbd's, inside the one call
 * that asks it for a connection (link.c, learn_parameters): that is made once in a child's life, and ends within connect_timeout.
 */
static apr_status_t make_hub(mact_realtime_hub_t **made, server_rec *server)
{
    mact_realtime_hub_t *hub;
    apr_pool_t *pool = NULL;
    apr_status_t rv = apr_pool_create_unmanaged_ex(&pool, NULL, NULL);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    *made = hub = apr_pcalloc(pool, sizeof(*hub));
    hub->pool = pool;
    hub->server = server;
    rv = apr_thread_mutex_create(&hub->mutex, APR_THREAD_MUTEX_DEFAULT, hub->pool);
    if (rv == APR_SUCCESS) {
        rv = apr_pollset_create(&hub->pollset, POLLED_AT_ONCE, hub->pool, APR_POLLSET_WAKEABLE | APR_POLLSET_NOCOPY);
    }
    if (rv == APR_SUCCESS) {
        rv = mact_realtime_feed_make(&hub->feed, hub);
    }
    if (rv == APR_SUCCESS) {
        rv = start_thread(hub);
    }
    if (rv != APR_SUCCESS) {
        apr_pool_destroy(pool);            /* there is no thread */
    }
    return rv;
}

apr_status_t mact_realtime_child(apr_pool_t *pchild, server_rec *server)
{
    mact_realtime_hub_t *hub, **end = &hubs;
    apr_status_t rv = make_hub(&hub, server);

    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, server,
                     "ACT0515: the hub of this child could not be started (is mod_dbd loaded?): no stream can be opened here, and what happens "
                     "is told only by other children");
        return rv;
    }
    apr_pool_pre_cleanup_register(pchild, hub, join_hub);
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = hub;
    return APR_SUCCESS;
}

void mact_realtime_stopping(apr_pool_t *pchild, int graceful)
{
    mact_realtime_hub_t *hub;

    (void)pchild;
    (void)graceful;
    for (hub = hubs; hub != NULL; hub = hub->next) {
        apr_atomic_set32(&hub->stopping, 1);
        (void)apr_pollset_wakeup(hub->pollset);
    }
}

mact_realtime_hub_t *mact_realtime_hub(server_rec *server)
{
    mact_realtime_hub_t *hub;

    for (hub = hubs; hub != NULL; hub = hub->next) {
        if (hub->server == server) {
            return hub;
        }
    }
    return hubs;
}

void mact_realtime_hand_over(mact_realtime_sub_t *sub)
{
    mact_realtime_hub_t *hub = sub->hub;

    apr_thread_mutex_lock(hub->mutex);
    sub->next = hub->inbox;
    hub->inbox = sub;
    apr_thread_mutex_unlock(hub->mutex);
    (void)apr_pollset_wakeup(hub->pollset);
}

int mact_realtime_healthy(server_rec *server)
{
    mact_realtime_hub_t *hub = mact_realtime_hub(server);

    return hub != NULL && !hub->finished && (!apr_atomic_read32(&hub->wanted) || apr_atomic_read32(&hub->connected));
}
