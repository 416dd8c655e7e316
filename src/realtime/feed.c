/*
 * realtime/feed.c: what the hub has to do with the database, and when: offering changes to subscribers in their order, each once, newcomers from
 * their own position on.
 */
#include <string.h>

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

#include <apr_atomic.h>
#include <apr_optional.h>

#include "config/config.h"
#include "feed.h"

APLOG_USE_MODULE(activities);

#define SQL_CHANGES "SELECT position, kind, user_id, activity_id, row_to_json(c) FROM activity.changes_after($1, $2) c"

#define LOOK_EVERY MACT_REALTIME_SECOND          /* at the changes, should no notification come */
#define LOOK_FAILED apr_time_from_sec(10)
#define IDLE_KEPT apr_time_from_sec(30)          /* a connection that nothing is wanted of any more */
#define AWAY_MOST apr_time_from_sec(540)         /* changes are kept for ten minutes */
#define PAGE 1000                                /* changes read at a time */

/* ---- changes ------------------------------------------------------------------------------------------------- */

/* The changes after a position, up to a page of them, not beyond `upto` (-1: no bound).  -1: the connection was lost, or the call failed. */
static int read_changes(mact_realtime_feed_t *feed, PGresult **result, mact_realtime_change_t **changes, apr_int64_t after, apr_int64_t upto)
{
    const char *values[2] = {mact_realtime_decimal(feed, after), mact_realtime_decimal(feed, PAGE)};
    int i, n;

    *result = mact_realtime_hub_ask(feed, SQL_CHANGES, 2, values);
    if (*result == NULL) {
        return -1;
    }
    if (!mact_realtime_hub_good(feed, *result, "activity.changes_after")) {
        feed->next_look = apr_time_now() + LOOK_FAILED;
        PQclear(*result);
        return -1;
    }
    n = PQntuples(*result);
    *changes = apr_palloc(feed->scratch, ((apr_size_t)n + 1) * sizeof(**changes));
    for (i = 0; i < n; i++) {
        mact_realtime_change_t *change = *changes + i;

        change->position = mact_realtime_number(*result, i, 0);
        change->kind = mact_realtime_field(*result, i, 1);
        change->user_id = mact_realtime_field(*result, i, 2);
        change->activity_id = mact_realtime_field(*result, i, 3);
        change->json = mact_realtime_field(*result, i, 4);
        if (upto >= 0 && change->position > upto) {
            break;
        }
    }
    return i;
}

/* Offers one batch to all operations' subscribers (the fresh ones, or the others).  False: not to all; it must be offered again. */
static int offer(mact_realtime_feed_t *feed, const mact_realtime_change_t *changes, int n, int fresh)
{
    mact_realtime_stream_t *stream;

    for (stream = feed->streams; stream != NULL; stream = stream->next) {
        if (!fresh && stream->done >= changes[n - 1].position) {
            continue;
        }
        if (!mact_realtime_hub_render(feed, stream, changes, n, fresh)) {
            return 0;
        }
        if (!fresh) {
            stream->done = changes[n - 1].position;
        }
    }
    return 1;
}

static void read_news(mact_realtime_feed_t *feed)
{
    int n;

    do {
        PGresult *result;
        mact_realtime_change_t *changes;

        feed->news = 0;
        n = read_changes(feed, &result, &changes, feed->cursor, -1);
        if (n < 0) {
            feed->news = 1;
            return;
        }
        feed->seen_at = apr_time_now();
        feed->next_look = feed->seen_at + LOOK_EVERY;
        if (n > 0 && offer(feed, changes, n, 0)) {
            feed->cursor = changes[n - 1].position;
        } else if (n > 0) {
            feed->news = 1;
            n = 0;
        }
        PQclear(result);
        apr_pool_clear(feed->scratch);
    } while (n == PAGE && feed->ready && !feed->hub->joining);
}

/* The lowest position of a fresh subscriber; -1: there is none. */
static apr_int64_t lowest_fresh(mact_realtime_feed_t *feed, apr_uint64_t *youngest)
{
    mact_realtime_hub_t *hub = feed->hub;
    apr_int64_t lowest = -1;
    int slot;

    *youngest = hub->births;
    for (slot = 0; slot < hub->slots; slot++) {
        const mact_realtime_sub_t *sub = hub->subs[slot];

        if (sub != NULL && sub->fresh && sub->state == MACT_SUB_OPEN) {
            (void)mact_realtime_hub_stream(feed, sub->op, apr_time_now());
            if (lowest < 0 || sub->floor < lowest) {
                lowest = sub->floor;
            }
        }
    }
    return lowest;
}

static void make_old(mact_realtime_feed_t *feed, apr_uint64_t youngest)
{
    int slot;

    for (slot = 0; slot < feed->hub->slots; slot++) {
        mact_realtime_sub_t *sub = feed->hub->subs[slot];

        if (sub != NULL && sub->fresh && sub->born <= youngest) {
            sub->fresh = 0;
            feed->hub->fresh--;
        }
    }
}

/*
 * Brings newcomers up to where the hub is.  Their own position may lie before it: what the hub has offered to the others since is read again
 * and offered to them alone.  Somebody who comes meanwhile stays fresh, and may get some of it now; the floor keeps it from coming again.
 */
static void bring_up(mact_realtime_feed_t *feed)
{
    apr_uint64_t youngest;
    apr_int64_t after = feed->hub->fresh > 0 ? lowest_fresh(feed, &youngest) : -1;

    if (after < 0) {
        return;
    }
    if (feed->cursor < 0) {
        mact_realtime_stream_t *stream;

        feed->cursor = after;
        feed->news = 1;
        feed->seen_at = apr_time_now();
        for (stream = feed->streams; stream != NULL; stream = stream->next) {
            stream->done = 0;
        }
    }
    while (after < feed->cursor) {
        PGresult *result;
        mact_realtime_change_t *changes;
        int n = read_changes(feed, &result, &changes, after, feed->cursor), offered;

        if (n < 0) {
            return;
        }
        offered = n == 0 || offer(feed, changes, n, 1);
        after = n == PAGE ? changes[n - 1].position : feed->cursor;
        PQclear(result);
        apr_pool_clear(feed->scratch);
        if (!offered) {
            return;
        }
    }
    make_old(feed, youngest);
}

/* Away for longer than changes are kept: what was missed cannot be told any more, and whoever comes back asks the lists. */
static void end_all_if_gap(mact_realtime_feed_t *feed, apr_time_t now)
{
    mact_realtime_hub_t *hub = feed->hub;
    int slot;

    if (feed->cursor < 0 || now - feed->seen_at < AWAY_MOST) {
        return;
    }
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, hub->server,
                 "ACT0525: the hub was without its database for longer than changes are kept; it closes its %d streams", hub->used);
    for (slot = 0; slot < hub->slots; slot++) {
        if (hub->subs[slot] != NULL && !hub->subs[slot]->fresh) {
            mact_realtime_hub_end(hub, hub->subs[slot]);
        }
    }
    feed->cursor = -1;
}

/* ---- face ---------------------------------------------------------------------------------------------------- */

/* Whether the connection is wanted; one that is not is kept a while, since who closes a stream often opens another. */
static int wanted(mact_realtime_feed_t *feed, apr_time_t now)
{
    if (feed->hub->stopping) {
        mact_realtime_hub_leave_seat(feed);
        mact_realtime_hub_feed_close(feed);
        return 0;
    }
    if (feed->hub->used == 0) {
        feed->cursor = -1;
    }
    if (feed->seated || feed->hub->used > 0) {
        feed->idle_since = 0;
        return 1;
    }
    if (feed->conn != NULL) {
        feed->idle_since = feed->idle_since == 0 ? now : feed->idle_since;
        if (now - feed->idle_since > IDLE_KEPT) {
            mact_realtime_hub_feed_close(feed);
        }
    }
    return 0;
}

static apr_time_t earlier(apr_time_t a, apr_time_t b)
{
    return a < b ? a : b;
}

/* What is due with a connection that works. */
static void work(mact_realtime_feed_t *feed, apr_time_t now)
{
    mact_realtime_hub_lead(feed, now);
    if (feed->ready && feed->hub->used > 0) {
        end_all_if_gap(feed, now);
        bring_up(feed);
        if (feed->ready && feed->cursor >= 0 && (feed->news || now >= feed->next_look)) {
            read_news(feed);
        }
        mact_realtime_hub_ask_alive(feed, now);
    }
}

apr_time_t mact_realtime_hub_feed(mact_realtime_feed_t *feed)
{
    apr_time_t now = apr_time_now(), next;

    if (!feed->hub->stopping) {
        mact_realtime_hub_seat(feed, now);
    }
    if (feed->lost) {
        mact_realtime_hub_lose(feed, "the connection broke");
    }
    if (!wanted(feed, now)) {
        apr_atomic_set32(&feed->hub->wanted, 0);
        return now + LOOK_EVERY;
    }
    apr_atomic_set32(&feed->hub->wanted, 1);
    apr_pool_clear(feed->scratch);
    if (!feed->ready && (now < feed->retry_at || !mact_realtime_hub_connect(feed))) {
        return feed->retry_at > now ? feed->retry_at : now + LOOK_EVERY;
    }
    work(feed, now);
    if (!feed->ready) {
        return feed->retry_at;
    }
    next = now + LOOK_EVERY;
    if (feed->leading) {
        next = earlier(next, feed->next_publish);
    } else if (feed->seated) {
        next = earlier(next, feed->next_lead);
    }
    return feed->hub->used > 0 && feed->news ? now : next;
}

apr_status_t mact_realtime_feed_make(mact_realtime_feed_t **feed, mact_realtime_hub_t *hub)
{
    mact_realtime_feed_t *made = apr_pcalloc(hub->pool, sizeof(*made));

    made->hub = hub;
    made->pool = hub->pool;
    made->cursor = -1;
    made->dbd_open = APR_RETRIEVE_OPTIONAL_FN(ap_dbd_open);
    made->dbd_close = APR_RETRIEVE_OPTIONAL_FN(ap_dbd_close);
    *feed = made;
    if (made->dbd_open == NULL || made->dbd_close == NULL) {
        return APR_ENOTIMPL;
    }
    return apr_pool_create(&made->scratch, hub->pool);
}
