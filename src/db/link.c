/*
 * db/link.c: one connection: what is known of it, whether it lives, and waiting for it with a deadline.
 *
 * What is known (which statements it has prepared, its statement_timeout) hangs on the libpq handle as
 * instance data of an event procedure.  libpq tells it when the connection is reset, so a new session never
 * passes for the old one, whoever resets it: we, or mod_dbd in its own check.  The data comes from malloc:
 * mod_dbd ends connections when it likes (DBDExptime), from any thread, and no pool lives exactly as long;
 * libpq tells that too, and then it is freed.
 *
 * libpq is used in its non-blocking form throughout, so that every wait has a bound.  When the bound is
 * passed the statement is cancelled and the connection given up: a cancellation that arrives late would hit
 * whatever runs next on it.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <httpd.h>
#include <http_log.h>
#include <libpq-events.h>

#include "db/inside.h"

APLOG_USE_MODULE(activities);

#define CANCEL_WAIT 500000 /* microseconds for a cancelled statement to end */
#define CANCELS_MOST 8     /* threads that cancel at once; beyond that statements are left to end by themselves */

static atomic_int link_cancelling;

/* ---- instance data ------------------------------------------------------------------------------------- */

static void link_count(mact_db_link_t *link, int good)
{
    if (good && !link->counted) {
        atomic_fetch_add(&link->pool->gate.open, 1);
    } else if (!good && link->counted) {
        atomic_fetch_sub(&link->pool->gate.open, 1);
    }
    link->counted = good;
}

/* A new session knows nothing of what was prepared or set in the old one. */
static void link_renew(mact_db_link_t *link)
{
    if (link->prepared) {
        memset(link->prepared, 0, (size_t)link->bytes);
    }
    link->timeout = -1;
    link->doomed = 0;
    link->fresh = 1;
    link_count(link, 1);
}

static int link_event(PGEventId id, void *info, void *unused)
{
    mact_db_link_t *link;

    (void)unused;
    if (id == PGEVT_CONNRESET) {
        link = PQinstanceData(((PGEventConnReset *)info)->conn, link_event);
        if (link) {
            link_renew(link);
        }
    } else if (id == PGEVT_CONNDESTROY) {
        link = PQinstanceData(((PGEventConnDestroy *)info)->conn, link_event);
        if (link) {
            link_count(link, 0);
            free(link->prepared);
            free(link);
        }
    }
    return 1;
}

/*
 * Notices go to the debug log: severity, SQLSTATE and the primary message, in which an author of SQL speaks;
 * detail and context may hold data of a person.  A FATAL that comes while nothing runs is a notice for libpq;
 * it is the session's last word.
 */
static void link_notice(void *arg, const PGresult *result)
{
    mact_db_link_t *link = arg;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    char clean[256];

    if (severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0)) {
        link->doomed = 1;
    }
    mact_db_fault_clean(clean, sizeof(clean), message ? message : "", sqlstate);
    ap_log_error(APLOG_MARK, APLOG_DEBUG, 0, link->pool->server, "ACT0210: PostgreSQL says %s %s: %s",
                 severity ? severity : "NOTICE", sqlstate ? sqlstate : "", clean);
}

mact_db_link_t *mact_db_link(PGconn *conn, mact_db_pool_t *pool)
{
    mact_db_link_t *link = PQinstanceData(conn, link_event);

    if (link) {
        return link;
    }
    link = calloc(1, sizeof(*link));
    if (!link) {
        return NULL;
    }
    if (!PQregisterEventProc(conn, link_event, "mod_activities", NULL) || !PQsetInstanceData(conn, link_event, link)) {
        free(link);
        return NULL;
    }
    link->conn = conn;
    link->pool = pool;
    link_renew(link);
    PQsetNoticeReceiver(conn, link_notice, link);
    return link;
}

int mact_db_link_has(const mact_db_link_t *link, int id)
{
    return id / 8 < link->bytes && (link->prepared[id / 8] & (1 << id % 8));
}

/*
 * Without memory the statement stays unmarked: it is prepared again, which the server refuses with 42P05,
 * which is as good.
 */
void mact_db_link_mark(mact_db_link_t *link, int id, int prepared)
{
    if (prepared && id / 8 >= link->bytes) {
        int bytes = id / 8 + 32;
        unsigned char *grown = realloc(link->prepared, (size_t)bytes);

        if (!grown) {
            return;
        }
        memset(grown + link->bytes, 0, (size_t)(bytes - link->bytes));
        link->prepared = grown;
        link->bytes = bytes;
    }
    if (prepared) {
        link->prepared[id / 8] |= (unsigned char)(1 << id % 8);
    } else if (id / 8 < link->bytes) {
        link->prepared[id / 8] &= (unsigned char)~(1 << id % 8);
    }
}

/* ---- does it live? ------------------------------------------------------------------------------------- */

/*
 * A server that ends a session says so (57P01) and closes; both lie in the socket's buffer and cost one poll
 * to see, so that every loan looks, however short the connection was idle.  Nothing unread: as alive as can
 * be known without a round trip.
 */
int mact_db_link_sound(mact_db_link_t *link)
{
    int reads;

    for (reads = 0; reads < 16; reads++) {
        struct pollfd fd = {.fd = PQsocket(link->conn), .events = POLLIN};
        PGnotify *notify;

        if (PQstatus(link->conn) != CONNECTION_OK || link->doomed || PQtransactionStatus(link->conn) != PQTRANS_IDLE) {
            return 0;
        }
        if (poll(&fd, 1, 0) <= 0) {
            return PQisnonblocking(link->conn) || PQsetnonblocking(link->conn, 1) == 0;
        }
        if (!PQconsumeInput(link->conn)) {
            return 0;
        }
        (void)PQisBusy(link->conn); /* reads the messages: notices reach link_notice */
        while ((notify = PQnotifies(link->conn)) != NULL) {
            PQfreemem(notify);
        }
    }
    return 0;
}

int mact_db_link_reset(mact_db_link_t *link)
{
    link_count(link, 0);
    PQreset(link->conn);
    return PQstatus(link->conn) == CONNECTION_OK && PQsetnonblocking(link->conn, 1) == 0;
}

/* libpq calls a connection bad when a read finds its end; so the end is made, and read. */
void mact_db_link_kill(mact_db_link_t *link)
{
    link_count(link, 0);
    link->doomed = 1;
    if (PQstatus(link->conn) == CONNECTION_OK && PQsocket(link->conn) >= 0) {
        shutdown(PQsocket(link->conn), SHUT_RDWR);
        while (PQstatus(link->conn) == CONNECTION_OK && PQconsumeInput(link->conn)) {
        }
    }
}

/* ---- cancelling ---------------------------------------------------------------------------------------- */

/* PQcancel connects, and has no timeout: it gets a thread, for which nobody waits. */
static void *link_cancel_run(void *arg)
{
    PGcancel *cancel = arg;
    char error[256];

    PQcancel(cancel, error, sizeof(error));
    PQfreeCancel(cancel);
    atomic_fetch_sub(&link_cancelling, 1);
    return NULL;
}

static void link_cancel(mact_db_link_t *link)
{
    PGcancel *cancel = PQgetCancel(link->conn);
    pthread_attr_t detached;
    pthread_t thread;

    if (!cancel) {
        return;
    }
    if (atomic_fetch_add(&link_cancelling, 1) >= CANCELS_MOST) {
        atomic_fetch_sub(&link_cancelling, 1);
        PQfreeCancel(cancel);
        return;
    }
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &detached, link_cancel_run, cancel) != 0) {
        atomic_fetch_sub(&link_cancelling, 1);
        PQfreeCancel(cancel);
    }
    pthread_attr_destroy(&detached);
}

void mact_db_link_quiesce(void)
{
    int i;

    for (i = 0; i < 200 && atomic_load(&link_cancelling) > 0; i++) {
        usleep(10000);
    }
}

/* ---- waiting ------------------------------------------------------------------------------------------- */

/* Milliseconds for poll(), rounded up so that it does not spin through the last one. */
static int link_remaining(apr_int64_t deadline)
{
    apr_int64_t left;

    if (deadline == 0) {
        return -1;
    }
    left = deadline - mact_db_now();
    if (left <= 0) {
        return 0;
    }
    left = (left + 999) / 1000;
    return left < 3600000 ? (int)left : 3600000;
}

/* Sends and reads until a result can be had without waiting.  APR_SUCCESS, APR_TIMEUP, or APR_ECONNRESET. */
static apr_status_t link_pump(mact_db_link_t *link, apr_int64_t deadline)
{
    for (;;) {
        struct pollfd fd = {.fd = PQsocket(link->conn), .events = POLLIN};
        int unsent = PQflush(link->conn);
        int ready;

        if (unsent < 0 || fd.fd < 0) { /* poll() would wait on a descriptor below 0 for ever */
            return APR_ECONNRESET;
        }
        if (unsent == 0 && !PQisBusy(link->conn)) {
            return APR_SUCCESS;
        }
        if (unsent > 0) {
            fd.events |= POLLOUT;
        }
        ready = poll(&fd, 1, link_remaining(deadline));
        if (ready == 0 && deadline != 0 && mact_db_now() >= deadline) {
            return APR_TIMEUP;
        }
        if (ready < 0 && errno != EINTR) {
            return APR_ECONNRESET;
        }
        if (ready > 0 && !PQconsumeInput(link->conn)) {
            return APR_ECONNRESET;
        }
    }
}

static int link_is_error(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
}

/* Keeps the first error, for it is the cause of those after it; else the last result. */
static void link_keep(mact_db_answer_t *answer, PGresult *result)
{
    if (answer->result && link_is_error(answer->result)) {
        PQclear(result);
        return;
    }
    PQclear(answer->result);
    answer->result = result;
}

static apr_status_t link_collect(mact_db_answer_t *answer, mact_db_link_t *link, apr_int64_t deadline)
{
    for (;;) {
        apr_status_t rv = link_pump(link, deadline);
        PGresult *result;

        if (rv != APR_SUCCESS) {
            return rv;
        }
        result = PQgetResult(link->conn);
        if (!result) {
            return PQstatus(link->conn) == CONNECTION_OK ? APR_SUCCESS : APR_ECONNRESET;
        }
        link_keep(answer, result);
    }
}

void mact_db_link_await(mact_db_answer_t *answer, mact_db_link_t *link, apr_int64_t deadline)
{
    apr_status_t rv;
    PGresult *result;

    memset(answer, 0, sizeof(*answer));
    rv = link_collect(answer, link, deadline);
    if (rv == APR_TIMEUP) {
        answer->late = 1;
        link_cancel(link);
        rv = link_collect(answer, link, mact_db_now() + CANCEL_WAIT);
        mact_db_link_kill(link);
    }
    if (rv != APR_SUCCESS) {
        answer->lost = 1;
        /* what was read before the end may say why: with the connection bad, none of this waits */
        mact_db_link_kill(link);
        while (PQstatus(link->conn) != CONNECTION_OK && (result = PQgetResult(link->conn)) != NULL) {
            link_keep(answer, result);
        }
    }
}
