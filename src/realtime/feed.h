/*
 * realtime/feed.h: what the four files of the hub's database connection share: link.c (the connection, and asking it), lead.c (publishing for
 * all hubs), render.c (the procedures of the streams), feed.c (what is due when).
 *
 * All of it runs on the hub thread and never blocks it: a query is sent, and the hub goes on taking its turns until the answer is there.
 * So after every query subscribers may have come or gone (they are known by slot and birth, and looked up again), and the connection may
 * have been lost (`ready`).
 */
#ifndef MACT_REALTIME_FEED_H
#define MACT_REALTIME_FEED_H

#include <apr_dbd.h>
#include <libpq-fe.h>
#include <mod_dbd.h>

#include "inside.h"

#define MACT_REALTIME_SECOND apr_time_from_sec(1)

/* One operation with subscribers, as the hub calls its procedures. */
typedef struct mact_realtime_stream_t {
    struct mact_realtime_stream_t *next;
    const mact_oapi_op_t *op;
    const char *render, *alive;            /* SQL; alive may be NULL */
    apr_time_t next_alive;
    apr_int64_t done;                      /* position up to which it has rendered for all but the fresh */
} mact_realtime_stream_t;

typedef struct {
    apr_int64_t position;
    const char *kind, *user_id, *activity_id, *json;     /* in the result; ids "" for null */
} mact_realtime_change_t;

/* Bytes that grow, kept from call to call. */
typedef struct {
    char *bytes;
    apr_size_t length, room;
    int failed;
} mact_realtime_text_t;

struct mact_realtime_feed_t {
    mact_realtime_hub_t *hub;
    apr_pool_t *pool;
    apr_pool_t *scratch;                   /* of one batch */
    APR_OPTIONAL_FN_TYPE(ap_dbd_open) *dbd_open;
    APR_OPTIONAL_FN_TYPE(ap_dbd_close) *dbd_close;

    const char **keywords, **values;       /* connection parameters, once mod_dbd has told them */
    PGconn *conn;                          /* NULL: none */
    int ready;                             /* connected and set up */
    int lost;                              /* found broken: to be closed */
    apr_pollfd_t pfd;
    int polled;
    apr_time_t retry_at;
    apr_interval_time_t backoff;
    apr_time_t idle_since;                 /* nothing is wanted of the connection; 0: something is */
    int told;                              /* that the database is away */
    apr_time_t complain_at;                /* when a statement's failure may be logged again */

    int seated, leading;
    apr_time_t next_seat, next_lead, next_publish, next_votes, next_prune;
    apr_interval_time_t publish_every;
    apr_int64_t floor;                     /* what publish need not look below */
    apr_int64_t settling, settling_xid;    /* the floor to be, once that transaction is over; 0: none */

    apr_int64_t cursor;                    /* position of the last change offered; -1: unknown */
    int news;                              /* there may be changes after it */
    apr_time_t next_look;
    apr_time_t seen_at;                    /* when the changes were last read, or need not be */

    mact_realtime_stream_t *streams;
    mact_realtime_text_t subscribers, changes;
};

/* ---- link.c -------------------------------------------------------------------------------------------------- */

/* Connects, LISTENs.  False: not yet; `retry_at` says when to try again. */
int mact_realtime_hub_connect(mact_realtime_feed_t *feed);

/* The connection is of no more use: closes it; the next try is later each time.  `doing` is for the log. */
void mact_realtime_hub_lose(mact_realtime_feed_t *feed, const char *doing);

/*
 * Sends a statement with `n` parameters (-1: several statements without any) and waits for its last result, to be cleared by the caller.
 * NULL: the connection was lost and has been closed.  An error of the statement itself is a result.
 */
PGresult *mact_realtime_hub_ask(mact_realtime_feed_t *feed, const char *sql, int n, const char *const *values);

/* Whether a result is one.  If not, logs the database's reason; `what` was called. */
int mact_realtime_hub_good(mact_realtime_feed_t *feed, const PGresult *result, const char *what);

const char *mact_realtime_field(const PGresult *result, int row, int column);         /* "" for null */
const char *mact_realtime_text(const PGresult *result, int row, int column);          /* NULL for null */
apr_int64_t mact_realtime_number(const PGresult *result, int row, int column);        /* 0 for null */
const char *mact_realtime_decimal(mact_realtime_feed_t *feed, apr_int64_t value);     /* in `scratch` */

/* ---- lead.c -------------------------------------------------------------------------------------------------- */

/*
 * Of a generation's children on this host one holds the seat: its hub is connected even without subscribers, and tries to lead.  These try to
 * take it and give it up.
 */
void mact_realtime_hub_seat(mact_realtime_feed_t *feed, apr_time_t now);
void mact_realtime_hub_leave_seat(mact_realtime_feed_t *feed);

/* Tries to become, or is, the one who publishes: does what is due. */
void mact_realtime_hub_lead(mact_realtime_feed_t *feed, apr_time_t now);

/* ---- render.c ------------------------------------------------------------------------------------------------ */

/* What the hub knows of an operation; its first subscriber brings it. */
mact_realtime_stream_t *mact_realtime_hub_stream(mact_realtime_feed_t *feed, const mact_oapi_op_t *op, apr_time_t now);

/*
 * Has a batch of `n` > 0 changes rendered for the subscribers of one operation (the fresh ones, or the others), as far as it concerns them, and
 * gives out the messages.  False: the connection was lost, and not all have got them.  A fault of the procedure's is logged, and they go without.
 */
int mact_realtime_hub_render(mact_realtime_feed_t *feed, mact_realtime_stream_t *stream, const mact_realtime_change_t *changes,
                             int n, int fresh);

/* Asks each operation's `alive`, where it is due, which subscribers must go. */
void mact_realtime_hub_ask_alive(mact_realtime_feed_t *feed, apr_time_t now);

#endif
