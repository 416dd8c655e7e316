/*
 * realtime/lead.c: the hub that publishes for all: numbers what is committed, tells the other hubs, ends votes, prunes.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

#include <apr_atomic.h>

#include "config/config.h"
#include "feed.h"

APLOG_USE_MODULE(activities);

#define SQL_LEAD "SELECT pg_try_advisory_lock(1094931527, 1)"
#define SQL_PUBLISH "SELECT moved, position, highest, xid, oldest FROM activity.publish($1)"
#define SQL_ANNOUNCE "SELECT activity.announce($1)"
#define SQL_END_VOTES "SELECT activity.end_votes()"
#define SQL_PRUNE "SELECT activity.prune()"

#define PUBLISH_FAST apr_time_from_msec(20)
#define PUBLISH_SLOW apr_time_from_msec(200)
#define PUBLISH_FAILED apr_time_from_sec(10)
#define PRUNE_EVERY apr_time_from_sec(10)        /* often, so that each is short: publishing waits for it */

/* ---- leading ------------------------------------------------------------------------------------------------- */

void mact_realtime_hub_seat(mact_realtime_feed_t *feed, apr_time_t now)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = mact_realtime_seat();

    if (!feed->seated && now >= feed->next_seat) {
        feed->seated = (fd < 0 || fcntl(fd, F_SETLK, &lock) == 0);
        feed->next_seat = now + MACT_REALTIME_SECOND;
    }
}

void mact_realtime_hub_leave_seat(mact_realtime_feed_t *feed)
{
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
    int fd = mact_realtime_seat();

    if (feed->seated && fd >= 0) {
        (void)fcntl(fd, F_SETLK, &lock);
    }
    feed->seated = 0;
}

static void try_to_lead(mact_realtime_feed_t *feed, apr_time_t now)
{
    PGresult *result = mact_realtime_hub_ask(feed, SQL_LEAD, 0, NULL);

    feed->next_lead = now + MACT_REALTIME_SECOND;
    if (result == NULL) {
        return;
    }
    if (mact_realtime_hub_good(feed, result, "pg_try_advisory_lock") && strcmp(mact_realtime_field(result, 0, 0), "t") == 0) {
        feed->leading = 1;
        feed->publish_every = PUBLISH_FAST;
        feed->next_publish = feed->next_votes = 0;
        feed->next_prune = now + PRUNE_EVERY;
        feed->floor = feed->settling = 0;
        ap_log_error(APLOG_MARK, APLOG_DEBUG, 0, feed->hub->server, "ACT0523: this child's hub publishes for all from now on");
    }
    PQclear(result);
}

/* Moves the floor up once every transaction is over that ran when the highest moved change was seen. */
static void settle_floor(mact_realtime_feed_t *feed, const PGresult *result, apr_int64_t moved)
{
    if (feed->settling != 0 && mact_realtime_number(result, 0, 4) > feed->settling_xid) {
        feed->floor = feed->settling;
        feed->settling = 0;
    }
    if (feed->settling == 0 && moved > 0) {
        feed->settling = mact_realtime_number(result, 0, 2);
        feed->settling_xid = mact_realtime_number(result, 0, 3);
    }
}

static void publish(mact_realtime_feed_t *feed)
{
    const char *values[1] = {mact_realtime_decimal(feed, feed->floor)};
    PGresult *result = mact_realtime_hub_ask(feed, SQL_PUBLISH, 1, values);
    apr_int64_t moved = 0;

    if (result == NULL) {
        return;
    }
    if (mact_realtime_hub_good(feed, result, "activity.publish")) {
        moved = mact_realtime_number(result, 0, 0);
        settle_floor(feed, result, moved);
        values[0] = mact_realtime_decimal(feed, mact_realtime_number(result, 0, 1));
        feed->publish_every = moved > 0 ? PUBLISH_FAST : feed->publish_every * 3 / 2;
        feed->publish_every = feed->publish_every < PUBLISH_SLOW ? feed->publish_every : PUBLISH_SLOW;
    } else {
        feed->publish_every = PUBLISH_FAILED;
    }
    PQclear(result);
    feed->next_publish = apr_time_now() + feed->publish_every;
    if (moved > 0) {
        feed->news = 1;
        PQclear(mact_realtime_hub_ask(feed, SQL_ANNOUNCE, 1, values));
    }
}

static void call_plainly(mact_realtime_feed_t *feed, const char *sql, const char *what)
{
    PGresult *result = mact_realtime_hub_ask(feed, sql, 0, NULL);

    if (result != NULL) {
        (void)mact_realtime_hub_good(feed, result, what);
        PQclear(result);
    }
}

void mact_realtime_hub_lead(mact_realtime_feed_t *feed, apr_time_t now)
{
    if (!feed->leading && feed->seated && now >= feed->next_lead) {
        try_to_lead(feed, now);
    }
    if (!feed->leading) {
        return;
    }
    if (now >= feed->next_votes) {
        feed->next_votes = now + MACT_REALTIME_SECOND;
        call_plainly(feed, SQL_END_VOTES, "activity.end_votes");
    }
    if (feed->ready && now >= feed->next_publish) {
        publish(feed);
    }
    if (feed->ready && now >= feed->next_prune) {
        feed->next_prune = now + PRUNE_EVERY;
        call_plainly(feed, SQL_PRUNE, "activity.prune");
    }
}

