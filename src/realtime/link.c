/*
 * realtime/link.c: the hub's connection to the database, and asking it.  Its parameters are those of mod_dbd's connections.
 */
#include <poll.h>
#include <string.h>

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

#include <apr_atomic.h>
#include <apr_portable.h>
#include <apr_strings.h>

#include "config/config.h"
#include "feed.h"

APLOG_USE_MODULE(activities);

/*
 * Whoever leads holds a lock as long as its session lives: a host that has vanished must lose its session in seconds, not in the two hours
 * of the system's default.
 */
#define SQL_SESSION                                                                                                   \
    "SET statement_timeout = '10s'; SET idle_session_timeout = 0; SET application_name = 'mod_activities hub'; "       \
    "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3; "                     \
    "SET tcp_user_timeout = '20s'; LISTEN activity_changes"

#define ANSWER_WITHIN apr_time_from_sec(15)      /* else the connection counts as lost */
#define CONNECT_WITHIN apr_time_from_sec(10)
#define BACKOFF_FIRST apr_time_from_msec(500)
#define BACKOFF_MOST apr_time_from_sec(15)
#define COMPLAIN_EVERY apr_time_from_sec(10)     /* of statements that fail */

/* ---- the connection ------------------------------------------------------------------------------------------ */

static void leave_pollset(mact_realtime_feed_t *feed)
{
    if (feed->polled) {
        (void)apr_pollset_remove(feed->hub->pollset, &feed->pfd);
        feed->polled = 0;
    }
}

void mact_realtime_hub_feed_close(mact_realtime_feed_t *feed)
{
    leave_pollset(feed);
    if (feed->conn != NULL) {
        PQfinish(feed->conn);              /* and with the session go its lock and its LISTEN */
        feed->conn = NULL;
    }
    feed->ready = 0;
    feed->lost = 0;
    feed->leading = 0;
    feed->idle_since = 0;
    apr_atomic_set32(&feed->hub->connected, 0);
}

/* The connection is of no more use: closes it and waits before the next try. */
void mact_realtime_hub_lose(mact_realtime_feed_t *feed, const char *doing)
{
    const char *cause = feed->conn != NULL ? PQerrorMessage(feed->conn) : "mod_dbd has no connection";
    apr_size_t length = strcspn(cause, "\r\n");

    if (!feed->told && !feed->hub->stopping) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, feed->hub->server,
                     "ACT0520: the hub has no database (%s: %.*s); open streams wait, it tries again", doing, (int)length, cause);
        feed->told = 1;
    }
    mact_realtime_hub_feed_close(feed);
    feed->backoff = feed->backoff == 0 ? BACKOFF_FIRST : feed->backoff * 2;
    if (feed->backoff > BACKOFF_MOST) {
        feed->backoff = BACKOFF_MOST;
    }
    feed->retry_at = apr_time_now() + feed->backoff;
}

/* Takes what has arrived, notifications with it. */
void mact_realtime_hub_feed_readable(mact_realtime_feed_t *feed)
{
    PGnotify *notice;

    if (feed->conn == NULL) {
        return;
    }
    if (!PQconsumeInput(feed->conn)) {
        feed->lost = 1;
        leave_pollset(feed);
        return;
    }
    while ((notice = PQnotifies(feed->conn)) != NULL) {
        feed->news = 1;
        PQfreemem(notice);
    }
}

/* Keywords and values of a connection, copied. */
static void copy_parameters(mact_realtime_feed_t *feed, PQconninfoOption *options)
{
    int n = 0, i;

    while (options[n].keyword != NULL) {
        n++;
    }
    feed->keywords = apr_pcalloc(feed->pool, (apr_size_t)(n + 1) * sizeof(*feed->keywords));
    feed->values = apr_pcalloc(feed->pool, (apr_size_t)(n + 1) * sizeof(*feed->values));
    for (i = n = 0; options[i].keyword != NULL; i++) {
        if (options[i].val != NULL && options[i].val[0] != '\0') {
            feed->keywords[n] = apr_pstrdup(feed->pool, options[i].keyword);
            feed->values[n] = apr_pstrdup(feed->pool, options[i].val);
            n++;
        }
    }
}

/*
 * Learns once from a connection of mod_dbd's how to connect.  This may wait for that connection, at most connect_timeout of DBDParams, and
 * only until it has succeeded for the first time.
 */
static int learn_parameters(mact_realtime_feed_t *feed)
{
    ap_dbd_t *dbd;
    PGconn *conn;
    PQconninfoOption *options;

    if (feed->keywords != NULL) {
        return 1;
    }
    dbd = feed->dbd_open(feed->scratch, feed->hub->server);
    if (dbd == NULL) {
        return 0;
    }
    conn = strcmp(apr_dbd_name(dbd->driver), "pgsql") == 0 ? apr_dbd_native_handle(dbd->driver, dbd->handle) : NULL;
    options = conn != NULL ? PQconninfo(conn) : NULL;
    if (options != NULL) {
        copy_parameters(feed, options);
        PQconninfoFree(options);
    }
    feed->dbd_close(feed->hub->server, dbd);
    return feed->keywords != NULL;
}

static void ignore_notice(void *baton, const PGresult *result)
{
    (void)baton;
    (void)result;
}

static int socket_ready(PGconn *conn, short events)
{
    struct pollfd fd = {.fd = PQsocket(conn), .events = events};

    return fd.fd < 0 || poll(&fd, 1, 0) != 0;
}

/* Connects while the hub goes on.  The socket may change between steps, so it is looked at and not put into the pollset. */
static int establish(mact_realtime_feed_t *feed)
{
    apr_time_t until = apr_time_now() + CONNECT_WITHIN;
    PostgresPollingStatusType wants = PGRES_POLLING_WRITING;

    feed->conn = PQconnectStartParams(feed->keywords, feed->values, 0);
    if (feed->conn == NULL || PQstatus(feed->conn) == CONNECTION_BAD) {
        return 0;
    }
    while (wants != PGRES_POLLING_OK) {
        if (socket_ready(feed->conn, wants == PGRES_POLLING_READING ? POLLIN : POLLOUT)) {
            wants = PQconnectPoll(feed->conn);
            if (wants == PGRES_POLLING_FAILED) {
                return 0;
            }
        } else if (!mact_realtime_hub_turn(feed->hub, apr_time_now() + apr_time_from_msec(10))
                   || apr_time_now() > until) {
            return 0;
        }
    }
    return 1;
}

static apr_status_t watch(mact_realtime_feed_t *feed)
{
    apr_os_sock_t fd = PQsocket(feed->conn);
    apr_socket_t *sock = NULL;
    apr_status_t rv;

    apr_pool_clear(feed->scratch);
    PQsetnonblocking(feed->conn, 1);
    PQsetNoticeReceiver(feed->conn, ignore_notice, NULL);
    feed->pfd.desc.s = NULL;
    rv = apr_os_sock_put(&sock, &fd, feed->pool);
    feed->pfd.p = feed->pool;
    feed->pfd.desc_type = APR_POLL_SOCKET;
    feed->pfd.desc.s = sock;
    feed->pfd.reqevents = APR_POLLIN;
    feed->pfd.client_data = NULL;          /* marks the feed among the events */
    if (rv == APR_SUCCESS) {
        rv = apr_pollset_add(feed->hub->pollset, &feed->pfd);
    }
    feed->polled = (rv == APR_SUCCESS);
    return rv;
}

/* ---- queries ------------------------------------------------------------------------------------------------- */

/* Waits, turn by turn, until an answer is whole.  False: the connection is lost, or the thread must end. */
static int await_answer(mact_realtime_feed_t *feed)
{
    apr_time_t until = apr_time_now() + ANSWER_WITHIN;

    while (!feed->lost) {
        int unsent = PQflush(feed->conn);

        if (unsent < 0) {
            break;
        }
        if (!PQisBusy(feed->conn)) {
            return 1;
        }
        if (!mact_realtime_hub_turn(feed->hub, apr_time_now() + apr_time_from_msec(unsent ? 5 : 250))) {
            break;
        }
        if (apr_time_now() > until) {
            break;
        }
    }
    return 0;
}

/*
 * Sends a statement and waits for its (last) result, to be cleared by the caller.  NULL: the connection was lost and has been closed.  An
 * error of the statement itself is a result.
 */
PGresult *mact_realtime_hub_ask(mact_realtime_feed_t *feed, const char *sql, int n, const char *const *values)
{
    PGresult *last = NULL, *result;
    int sent = n < 0 ? PQsendQuery(feed->conn, sql)
                     : PQsendQueryParams(feed->conn, sql, n, NULL, values, NULL, NULL, 0);

    if (sent) {
        while (await_answer(feed)) {
            result = PQgetResult(feed->conn);
            if (result == NULL) {
                if (PQstatus(feed->conn) == CONNECTION_OK) {
                    mact_realtime_hub_feed_readable(feed);       /* notifications that came with the answer */
                    return last;
                }
                break;
            }
            PQclear(last);
            last = result;
        }
    }
    PQclear(last);
    mact_realtime_hub_lose(feed, "a query got no answer");
    return NULL;
}

/* Whether a result is good.  If not, says so: the statement's own fault, whose remedy is in the database. */
int mact_realtime_hub_good(mact_realtime_feed_t *feed, const PGresult *result, const char *what)
{
    const char *message, *state;

    if (PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK) {
        return 1;
    }
    if (apr_time_now() < feed->complain_at) {
        return 0;
    }
    feed->complain_at = apr_time_now() + COMPLAIN_EVERY;
    message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, feed->hub->server, "ACT0521: the hub's call of %s failed: %s (SQLSTATE %s); is the schema "
                 "installed as this version needs it?", what, message != NULL ? message : "no message", state != NULL ? state : "none");
    return 0;
}

const char *mact_realtime_field(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? "" : PQgetvalue(result, row, column);
}

const char *mact_realtime_text(const PGresult *result, int row, int column)
{
    return PQgetisnull(result, row, column) ? NULL : PQgetvalue(result, row, column);
}

apr_int64_t mact_realtime_number(const PGresult *result, int row, int column)
{
    return apr_atoi64(mact_realtime_field(result, row, column));
}

const char *mact_realtime_decimal(mact_realtime_feed_t *feed, apr_int64_t value)
{
    return apr_psprintf(feed->scratch, "%" APR_INT64_T_FMT, value);
}

int mact_realtime_hub_connect(mact_realtime_feed_t *feed)
{
    PGresult *result;
    int set_up;

    if (!learn_parameters(feed) || !establish(feed) || watch(feed) != APR_SUCCESS) {
        mact_realtime_hub_lose(feed, "connecting");
        return 0;
    }
    result = mact_realtime_hub_ask(feed, SQL_SESSION, -1, NULL);
    if (result == NULL) {
        return 0;
    }
    set_up = mact_realtime_hub_good(feed, result, "SET and LISTEN");
    PQclear(result);
    if (!set_up) {
        mact_realtime_hub_lose(feed, "setting up");
        return 0;
    }
    if (feed->told) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, feed->hub->server, "ACT0522: the hub has its database again");
    }
    feed->ready = 1;
    feed->told = 0;
    feed->backoff = 0;
    feed->news = 1;
    feed->next_lead = 0;
    apr_atomic_set32(&feed->hub->connected, 1);
    return 1;
}

