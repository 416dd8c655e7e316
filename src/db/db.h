/*
 * db/db.h: one call of a stored procedure, in one round trip.
 *
 * Connections are mod_dbd's; the libpq handle below them is used directly.  A gate in front of the pool
 * bounds the wait for a connection, which mod_dbd's own list does not.  Statements are made when the configuration is
 * checked; a connection prepares each the first time it needs it and remembers so on itself (libpq events), so a reset
 * connection starts afresh.  This folder knows no HTTP.
 *
 * What it asks of the configuration: DBDriver pgsql; in DBDParams a connect_timeout (seconds a host), since
 * connecting is the one thing that only the DSN bounds; DBDKeep as DBDMax, and DBDMin 1 or 0, since mod_dbd
 * opens connections under a lock that every call needs.  Behind PgBouncer in transaction mode,
 * statement_timeout must be set on the role, since a SET reaches any session.
 */
#ifndef MACT_DB_H
#define MACT_DB_H

#include <httpd.h>

#include "openapi/openapi.h"

/* ---- statements: made by check_config, in pconf, read-only afterwards ---------------------------------- */

typedef struct {
    int id;           /* of the text: bit in a connection's set of prepared statements */
    const char *name; /* of the prepared statement: a hash of its text; two configurations never meet in one */
    const char *sql;
    int nparams;
    const mact_oapi_arg_t **params; /* $1 … $n: where each value comes from */
    int read_only;
} mact_db_statement_t;

/* All statements of a configuration, made once by its check. */
typedef struct mact_db_book_t mact_db_book_t;

apr_status_t mact_db_book_make(mact_db_book_t **book, apr_pool_t *pool);

/*
 * The statement that calls `call`.  With `caller`, its row is made first, in the same statement, and `call`
 * runs only if its refusal is null or among `admits`; columns of it are the CALLER arguments.  Without, those
 * are NULL. The same text twice is prepared once.  A source that stands twice in one call is one parameter;
 * caller and procedure share none, as their signatures may give one source two types. The statement is in
 * `pool`, which lives as long as the book's.  Never NULL.  Not thread-safe: for check_config.
 */
const mact_db_statement_t *mact_db_statement(mact_db_book_t *book, const mact_oapi_call_t *call,
                                             const mact_oapi_call_t *caller, const apr_array_header_t *admits,
                                             int read_only, apr_pool_t *pool);

/* ---- a child's pool ------------------------------------------------------------------------------------ */

/* What bounds a call; each from a directive. */
typedef struct {
    apr_interval_time_t pool_wait;         /* longest wait for a free connection; 0: none at all */
    apr_interval_time_t statement_timeout; /* longest run of the statement; 0: no bound */
    int retries;                           /* of 40001 and 40P01 */
} mact_db_bounds_t;

/*
 * For child_init: the gate of `connections` (at most DBDMax) for this server.  Checks of the book's
 * procedures come with the first connection. Servers that share a pool of mod_dbd come to share a gate, of
 * the smaller number.  A server that requests name (r->server) needs its own call. APR_ENOTIMPL, logged:
 * mod_dbd is not loaded; calls are then UNAVAILABLE.
 */
apr_status_t mact_db_child(apr_pool_t *pchild, server_rec *server, mact_db_book_t *book, int connections);

/* ---- calls: any thread --------------------------------------------------------------------------------- */

typedef enum {
    MACT_DB_DONE,
    MACT_DB_UNAVAILABLE, /* no connection, lost, refused, too many, the procedure is missing, or conflicts without end */
    MACT_DB_TIMEOUT,     /* 57014 or the statement's time has passed */
    MACT_DB_FAILED       /* anything else: `sqlstate` and `cause` say what */
} mact_db_outcome_e;

/* What came back; it lives in the pool of the call and holds no connection. */
typedef struct {
    mact_db_outcome_e outcome;
    const char *refusal; /* of the caller, or NULL; NULL also where it was admitted */
    int status;          /* of activity.reply; 0 when refused or not there */
    const char *body;    /* the bytes as PostgreSQL sent them, NULL for SQL null */
    apr_size_t body_length;
    const char *headers;              /* a JSON object, or NULL */
    const char *sqlstate;             /* five characters, or "" */
    const char *cause;                /* for the log: primary message, no parameter values; or NULL */
    apr_interval_time_t waited, took; /* for a connection; for the database */
    const void *result;               /* PGresult, for mact_db_column */
} mact_db_reply_t;

/*
 * Calls the statement with `values` ($1 … $n as text, NULL for null). Retries serialization failure and
 * deadlock (not on a standby) up to bounds->retries and within statement_timeout, a lost connection once
 * where nothing can have been executed or the statement is read-only.  The connection is given back before
 * this returns. `server` names the pool.  Errors are in the outcome; the return is never NULL. Longest:
 * pool_wait, a connect (the DSN's connect_timeout), statement_timeout (for all tries but the last together)
 * and one second.
 */
const mact_db_reply_t *mact_db_call(server_rec *server, const mact_db_statement_t *statement, const char *const *values,
                                    const mact_db_bounds_t *bounds, apr_pool_t *pool);

/*
 * A further column of the reply's row by name (a procedure made for a native may return more than a reply):
 * text, NULL for null or unknown.
 */
const char *mact_db_column(const mact_db_reply_t *reply, const char *name);

/*
 * A further column that is bytea: its bytes, in the reply's pool, and their number.  NULL for null, unknown,
 * or a text that is no bytea (then *length is 0).
 */
const unsigned char *mact_db_bytes(const mact_db_reply_t *reply, const char *name, apr_size_t *length,
                                   apr_pool_t *pool);

/* ---- health: any thread -------------------------------------------------------------------------------- */

/*
 * Is the database there?  One round trip over a pooled connection, within bounds->pool_wait and
 * bounds->statement_timeout (five seconds if 0). Looks at the procedures when that is due, so that a health
 * check finds what is missing, and what has come since. Outcome, cause, waited and took of the reply are
 * set.  Never NULL.
 */
const mact_db_reply_t *mact_db_ping(server_rec *server, const mact_db_bounds_t *bounds, apr_pool_t *pool);

/*
 * Lets the next ping look at the procedures again, though nothing speaks for one having gone: for a health check that promises them.
 * They are looked at once a second at most.
 */
void mact_db_doubt(server_rec *server);

/* Whether the last look found whatever the statement calls.  NULL calls nothing. */
int mact_db_present(server_rec *server, const mact_db_statement_t *statement);

/* Gauges of this child's gate, for status pages: connections in use, threads waiting, waits refused. */
typedef struct {
    apr_uint32_t limit, used, waiting;
    apr_uint64_t refused;
} mact_db_gauges_t;
void mact_db_gauges(mact_db_gauges_t *gauges, server_rec *server);

#endif
