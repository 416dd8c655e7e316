/*
 * db/inside.h: what the files of this folder share with one another.  Nobody else includes it.
 *
 * A child has one pool (mact_db_pool_t) for each pool of mod_dbd: a gate that bounds how many threads are
 * inside, and what is known of the procedures.  A connection has one link (mact_db_link_t), hung on it
 * through libpq's events, which lives exactly as long as it does. A link belongs to the thread that has
 * borrowed it; a pool belongs to all threads, so everything in it that changes is atomic or under its mutex.
 */
#ifndef MACT_DB_INSIDE_H
#define MACT_DB_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include <apr_dbd.h>
#include <apr_hash.h>
#include <libpq-fe.h>
#include <mod_dbd.h>

#include "db/db.h"

/* ---- book.c: statements -------------------------------------------------------------------------------- */

/* A procedure that some document names, as check.c looks it up. */
typedef struct {
    const char *schema;
    const char *name;
    int nargs;
    const char *types; /* of mact_oapi_arg_t, joined by commas, "" where unknown */
} mact_db_proc_t;

/* Every statement that book.c has made is one of these. */
typedef struct {
    mact_db_statement_t statement; /* first: the public part */
    int proc;                      /* index in book->procs */
    int caller;                    /* the same, or -1 */
} mact_db_entry_t;

struct mact_db_book_t {
    apr_pool_t *pool;
    apr_array_header_t *procs; /* of mact_db_proc_t * */
    apr_hash_t *by_text;       /* text of a statement -> its id (int *) */
    apr_hash_t *by_shape;      /* schema.name(types) -> index in procs, plus one */
};

/* ---- gate.c: who may go to mod_dbd --------------------------------------------------------------------- */

typedef struct {
    atomic_uint limit; /* most connections in use */
    atomic_uint used;
    atomic_uint waiting;
    atomic_uint open;        /* connections known to be good, in use or idle */
    atomic_uint probing;     /* 1: somebody is opening another */
    atomic_llong again;      /* not before then, since the last attempt failed */
    atomic_llong away_since; /* 0: not away */
    atomic_ullong refused;
    pthread_mutex_t mutex; /* for waiting on `freed` only */
    pthread_cond_t freed;
} mact_db_gate_t;

typedef enum {
    MACT_DB_GATE_PASSED,
    MACT_DB_GATE_PROBE, /* passed in order to open another connection, and has to say how that went */
    MACT_DB_GATE_FULL,  /* refused: nothing came free in time */
    MACT_DB_GATE_AWAY   /* refused: the database is known to be away */
} mact_db_gate_e;

void mact_db_gate_make(mact_db_gate_t *gate, unsigned limit);

/* Passes or refuses within `wait`; who has passed leaves. */
mact_db_gate_e mact_db_gate_enter(mact_db_gate_t *gate, apr_interval_time_t wait);
void mact_db_gate_leave(mact_db_gate_t *gate);

/*
 * How getting a connection went.  `probe` says that the caller was let in to open one; `fresh` that the
 * connection is a new one. Each returns 1 when that changed whether the database is away.
 */
int mact_db_gate_opened(mact_db_gate_t *gate, int probe, int fresh);
int mact_db_gate_failed(mact_db_gate_t *gate, int probe);

/* ---- pool.c: a child's pools --------------------------------------------------------------------------- */

typedef struct mact_db_pool_t {
    server_rec *server; /* for the log */
    mact_db_book_t *book;
    mact_db_gate_t gate;
    const void *group; /* mod_dbd's pool behind it: see pool.c */
    struct mact_db_pool_t *next;

    /* check.c */
    atomic_uchar *missing; /* by procedure: 1 when the database has it not, or not for us */
    atomic_uint lacking;   /* how many are */
    atomic_llong looked;   /* when it was last looked, 0: never */
    atomic_uint looking;   /* 1: somebody is */
    atomic_uint doubted;   /* 1: a call failed as if one were missing, or somebody wants to know */
    atomic_llong told;     /* when a call's disagreement with the database was last logged */
} mact_db_pool_t;

typedef struct {
    PGconn *conn;
    mact_db_pool_t *pool;
    unsigned char *prepared; /* a bit for each statement */
    int bytes;               /* of it */
    apr_int64_t timeout;     /* statement_timeout of the session in milliseconds, -1 unknown */
    int counted;             /* in gate.open */
    int doomed;              /* the server has said that it ends this session */
    int fresh;               /* connected since it was last borrowed */
} mact_db_link_t;

/* The pool of a server in this child, or NULL: none was made. */
mact_db_pool_t *mact_db_pool_of(server_rec *server);

/* A connection out of mod_dbd. */
typedef struct {
    mact_db_link_t *link;
    ap_dbd_t *dbd;
    server_rec *server;
} mact_db_loan_t;

/*
 * Borrows a connection that was sound a moment ago; a dead one is connected anew.  *fresh says that it was
 * opened or reset just now. APR_SUCCESS; APR_ECONNREFUSED: none to be had, *cause says why.
 */
apr_status_t mact_db_borrow(mact_db_loan_t *loan, int *fresh, const char **cause, server_rec *server, apr_pool_t *tmp);
void mact_db_return(mact_db_loan_t *loan);

/* ---- link.c: one connection ---------------------------------------------------------------------------- */

/* What came back for one command. */
typedef struct {
    PGresult *result; /* the error if there was one, else the last; NULL: nothing came. The receiver clears it. */
    int lost;         /* the connection is gone */
    int late;         /* the deadline passed; the command was cancelled and the connection is gone */
} mact_db_answer_t;

/* The link of a connection, made if it has none.  NULL: no memory. */
mact_db_link_t *mact_db_link(PGconn *conn, mact_db_pool_t *pool);

/* Whether the connection can take a command: nothing is sent, what lies unread is read. */
int mact_db_link_sound(mact_db_link_t *link);

/* Connects anew, in at most the DSN's connect_timeout a host.  Whether it succeeded. */
int mact_db_link_reset(mact_db_link_t *link);

/* Makes the connection useless, so that whoever borrows it next connects anew. */
void mact_db_link_kill(mact_db_link_t *link);

int mact_db_link_has(const mact_db_link_t *link, int id);
void mact_db_link_mark(mact_db_link_t *link, int id, int prepared);

/* Waits for the end of what was sent with PQsend….  `deadline` as mact_db_now, 0: none. */
void mact_db_link_await(mact_db_answer_t *answer, mact_db_link_t *link, apr_int64_t deadline);

/*
 * Waits, for two seconds at most, for cancellations still under way: their code must not be unmapped under
 * them.
 */
void mact_db_link_quiesce(void);

/* Microseconds of a clock that nobody sets. */
apr_int64_t mact_db_now(void);

/* ---- check.c: do documents and database agree? --------------------------------------------------------- */

/* Whether it is time to look at the procedures (again). */
int mact_db_check_due(mact_db_pool_t *pool, int fresh);

/* Looks at them over this connection, unless another thread does. */
void mact_db_check_run(mact_db_link_t *link);

/* The procedure of the statement that is missing, or NULL. */
const mact_db_proc_t *mact_db_check_missing(const mact_db_pool_t *pool, const mact_db_statement_t *statement);

/* ---- fault.c: SQLSTATEs -------------------------------------------------------------------------------- */

typedef enum {
    MACT_DB_FAULT_OTHER,      /* an error that trying again would meet again */
    MACT_DB_FAULT_CONFLICT,   /* 40001, 40P01: the next try may pass */
    MACT_DB_FAULT_AWAY,       /* the server goes, comes up, has no room, or is the wrong one */
    MACT_DB_FAULT_TIME,       /* 57014 */
    MACT_DB_FAULT_UNPREPARED, /* 26000: this session has no such prepared statement */
    MACT_DB_FAULT_PREPARED,   /* 42P05: it has one already */
    MACT_DB_FAULT_STALE,      /* the prepared statement's result type is no longer what it was */
    MACT_DB_FAULT_DISAGREES   /* no such function or schema, or no right to it */
} mact_db_fault_e;

mact_db_fault_e mact_db_fault(const PGresult *result);

/* Primary message without what a client sent, and the PL/pgSQL line that it came from. */
const char *mact_db_fault_cause(const PGresult *result, apr_pool_t *pool);

/* The first line of a libpq error message. */
const char *mact_db_fault_lost(const char *message, apr_pool_t *pool);

/*
 * Copies a message without the values that PostgreSQL quotes in errors of class 22; `out` has room for `size`
 * bytes.
 */
void mact_db_fault_clean(char *out, size_t size, const char *message, const char *sqlstate);

#endif
