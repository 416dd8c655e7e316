/*
 * db/call.c: one call, from the gate to the reply.
 *
 * A call passes the gate once and then makes tries.  Each try borrows a connection, readies it (timeout,
 * prepared statement) and sends one command; the verdict on what came back says whether there is another
 * try.  Everything before that command leaves the database as it was, so that a connection lost there costs
 * nothing but another try.
 */
#include <limits.h>

#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>

#include "db/inside.h"

APLOG_USE_MODULE(activities);

#define CALL_GRACE 500000       /* microseconds that the server may be late with its own timeout before we cancel */
#define CALL_READY_MOST 5000000 /* the longest that SET or PREPARE may take */
#define CALL_BACKOFF 4000       /* microseconds: the first wait is up to this, each further up to twice as much */
#define CALL_BACKOFF_MOST 100000
#define CALL_TOLD_EVERY 10000000 /* between two log lines about calls that the database does not know */

/* What a try leaves to be done. */
typedef enum { CALL_OVER, CALL_AGAIN, CALL_AGAIN_LATER } call_next_e;

/* A call under way. */
typedef struct {
    const mact_db_statement_t *statement;
    const char *const *values;
    const mact_db_bounds_t *bounds;
    server_rec *server;
    apr_pool_t *pool;
    mact_db_pool_t *home;
    mact_db_reply_t *reply;
    apr_int64_t started;
    int borrowed;   /* there was a connection */
    int fresh;      /* and it is a new one */
    int probe;      /* let in to find out whether connections can be made */
    int sent;       /* the statement itself has been sent in this try */
    int conflicts;  /* tries lost to 40001 and 40P01 */
    int relinked;   /* a lost connection has been forgiven */
    int reprepared; /* so has a statement that the session did not know */
} call_t;

/* ---- verdicts ------------------------------------------------------------------------------------------ */

static call_next_e call_end(call_t *call, mact_db_outcome_e outcome, const char *cause)
{
    call->reply->outcome = outcome;
    call->reply->cause = cause;
    return CALL_OVER;
}

/*
 * Where nothing can have been executed, or executing twice is as good as once, losing the connection is
 * forgiven once.
 */
static call_next_e call_lost(call_t *call, const char *cause)
{
    if (*call->reply->sqlstate == '\0') {
        call->reply->sqlstate = "08006";
    }
    call_end(call, MACT_DB_UNAVAILABLE, cause);
    if (call->relinked || (call->sent && !call->statement->read_only)) {
        return CALL_OVER;
    }
    call->relinked = 1;
    return CALL_AGAIN;
}

static int call_on_standby(const mact_db_link_t *link)
{
    const char *standby = PQparameterStatus(link->conn, "in_hot_standby");

    return standby && strcmp(standby, "on") == 0;
}

/* On a standby these codes are recovery conflicts: the next try meets the same one. */
static call_next_e call_conflict(call_t *call, const mact_db_link_t *link, const char *cause)
{
    apr_int64_t most = call->bounds->statement_timeout;

    call_end(call, MACT_DB_UNAVAILABLE, cause);
    if (call_on_standby(link) || call->conflicts >= call->bounds->retries ||
        (most > 0 && mact_db_now() - call->started >= most)) {
        return CALL_OVER;
    }
    call->conflicts++;
    return CALL_AGAIN_LATER;
}

/* The statement's text is bad for this database.  Said now and then only: each request would say the same. */
static call_next_e call_disagrees(call_t *call, const char *cause)
{
    const mact_db_entry_t *entry = (const mact_db_entry_t *)call->statement;
    const mact_db_proc_t *proc = APR_ARRAY_IDX(call->home->book->procs, entry->proc, mact_db_proc_t *);
    apr_int64_t now = mact_db_now();
    long long told = atomic_load(&call->home->told);

    atomic_store(&call->home->doubted, 1);
    if ((told == 0 || now - told >= CALL_TOLD_EVERY) && atomic_compare_exchange_strong(&call->home->told, &told, now)) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, call->server,
                     "ACT0230: %s.%s cannot be called, document and database disagree: %s %s. "
                     "Install the SQL of this release, or grant EXECUTE",
                     proc->schema, proc->name, call->reply->sqlstate, cause);
    }
    return call_end(call, MACT_DB_UNAVAILABLE, cause);
}

/*
 * The session and we disagree on what is prepared (PgBouncer, DISCARD, a type replaced): its word counts,
 * once.
 */
static call_next_e call_unprepared(call_t *call, mact_db_link_t *link, mact_db_fault_e fault, const char *cause)
{
    mact_db_answer_t answer;

    if (call->reprepared) {
        return call_end(call, MACT_DB_FAILED, cause);
    }
    call->reprepared = 1;
    mact_db_link_mark(link, call->statement->id, 0);
    if (fault == MACT_DB_FAULT_STALE) {
        if (PQsendQuery(link->conn, apr_psprintf(call->pool, "DEALLOCATE \"%s\"", call->statement->name))) {
            mact_db_link_await(&answer, link, mact_db_now() + CALL_READY_MOST);
            PQclear(answer.result);
        }
    }
    return CALL_AGAIN;
}

/*
 * A write on a server that cannot write: what was the primary is none any more, so the connection must find
 * the new one.
 */
static call_next_e call_other(call_t *call, mact_db_link_t *link, const char *cause)
{
    if (strcmp(call->reply->sqlstate, "25006") == 0 && call_on_standby(link)) {
        mact_db_link_kill(link);
        return call_end(call, MACT_DB_UNAVAILABLE, cause);
    }
    /* refused while it was prepared: unknown column, ambiguous function, mismatched type */
    if (!call->sent && strncmp(call->reply->sqlstate, "42", 2) == 0) {
        return call_disagrees(call, cause);
    }
    return call_end(call, MACT_DB_FAILED, cause);
}

/* Judges an answer that is no success. */
static call_next_e call_judge(call_t *call, mact_db_link_t *link, const mact_db_answer_t *answer)
{
    const char *sqlstate = answer->result ? PQresultErrorField(answer->result, PG_DIAG_SQLSTATE) : NULL;
    const char *cause = sqlstate ? mact_db_fault_cause(answer->result, call->pool)
                                 : mact_db_fault_lost(PQerrorMessage(link->conn), call->pool);
    mact_db_fault_e fault = answer->result ? mact_db_fault(answer->result) : MACT_DB_FAULT_OTHER;

    call->reply->sqlstate = sqlstate ? apr_pstrdup(call->pool, sqlstate) : "";
    if (answer->late || fault == MACT_DB_FAULT_TIME) {
        if (answer->late && !sqlstate) {
            cause = "no answer within the statement's time";
        }
        return call_end(call, MACT_DB_TIMEOUT, cause);
    }
    if (answer->lost) {
        return call_lost(call, cause);
    }
    switch (fault) {
    case MACT_DB_FAULT_CONFLICT:
        return call_conflict(call, link, cause);
    case MACT_DB_FAULT_AWAY:
        mact_db_link_kill(link);
        return call_lost(call, cause);
    case MACT_DB_FAULT_UNPREPARED:
    case MACT_DB_FAULT_STALE:
        return call_unprepared(call, link, fault, cause);
    case MACT_DB_FAULT_DISAGREES:
        return call_disagrees(call, cause);
    default:
        return call_other(call, link, cause);
    }
}

/* ---- one try ------------------------------------------------------------------------------------------- */

static int call_succeeded(const mact_db_answer_t *answer)
{
    ExecStatusType status = answer->result ? PQresultStatus(answer->result) : PGRES_FATAL_ERROR;

    return (!answer->lost || answer->late) &&
           (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY);
}

/*
 * Waits for what `started` (libpq's word for "sent") says is under way.  1: it succeeded, and answer->result
 * is to be cleared.
 */
static int call_answer(mact_db_answer_t *answer, call_next_e *next, call_t *call, mact_db_link_t *link, int started,
                       apr_int64_t deadline)
{
    memset(answer, 0, sizeof(*answer));
    if (started) {
        mact_db_link_await(answer, link, deadline);
    } else {
        answer->lost = PQstatus(link->conn) != CONNECTION_OK;
    }
    if (call_succeeded(answer)) {
        return 1;
    }
    *next = call_judge(call, link, answer);
    PQclear(answer->result);
    if (!started) {
        mact_db_link_kill(link); /* libpq refused to send: whatever state it is in is not ours */
    }
    return 0;
}

/* Brings the session's statement_timeout to what this call wants; a round trip only where it differs. */
static int call_set_timeout(call_next_e *next, call_t *call, mact_db_link_t *link)
{
    apr_int64_t wanted = (call->bounds->statement_timeout + 999) / 1000;
    mact_db_answer_t answer;
    const char *sql;

    if (wanted > INT_MAX) {
        wanted = INT_MAX; /* milliseconds: the setting's own bound */
    }
    if (link->timeout == wanted) {
        return 1;
    }
    sql = apr_psprintf(call->pool, "SET statement_timeout = %" APR_INT64_T_FMT, wanted);
    if (!call_answer(&answer, next, call, link, PQsendQuery(link->conn, sql), mact_db_now() + CALL_READY_MOST)) {
        return 0;
    }
    PQclear(answer.result);
    link->timeout = wanted;
    return 1;
}

/*
 * 42P05 is no failure here: the name is a hash of the text, so what the session has under it is this very
 * statement.
 */
static int call_prepare(call_next_e *next, call_t *call, mact_db_link_t *link)
{
    const mact_db_statement_t *statement = call->statement;
    mact_db_answer_t answer = {0};
    int started;

    if (mact_db_link_has(link, statement->id)) {
        return 1;
    }
    started = PQsendPrepare(link->conn, statement->name, statement->sql, 0, NULL);
    if (started) {
        mact_db_link_await(&answer, link, mact_db_now() + CALL_READY_MOST);
    } else {
        answer.lost = 1;
        mact_db_link_kill(link);
    }
    if (call_succeeded(&answer) ||
        (!answer.lost && !answer.late && answer.result && mact_db_fault(answer.result) == MACT_DB_FAULT_PREPARED)) {
        PQclear(answer.result);
        mact_db_link_mark(link, statement->id, 1);
        return 1;
    }
    *next = call_judge(call, link, &answer);
    PQclear(answer.result);
    return 0;
}

static apr_status_t call_clear(void *result)
{
    PQclear(result);
    return APR_SUCCESS;
}

/* Reads the row.  Without one, or without a status, the reply's status stays 0. */
static void call_read(mact_db_reply_t *reply, PGresult *result)
{
    int fields = PQnfields(result);
    int i;

    reply->outcome = MACT_DB_DONE;
    reply->result = result;
    if (PQntuples(result) < 1) {
        return;
    }
    for (i = 0; i < fields; i++) {
        const char *name = PQfname(result, i);
        const char *value = PQgetisnull(result, 0, i) ? NULL : PQgetvalue(result, 0, i);

        if (!value) {
            continue;
        }
        if (i == 0) {
            reply->refusal = value;
        } else if (strcmp(name, "status") == 0) {
            reply->status = atoi(value);
        } else if (strcmp(name, "body") == 0) {
            reply->body = value;
            reply->body_length = (apr_size_t)PQgetlength(result, 0, i);
        } else if (strcmp(name, "headers") == 0) {
            reply->headers = value;
        }
    }
}

static call_next_e call_send(call_t *call, mact_db_link_t *link)
{
    const mact_db_statement_t *statement = call->statement;
    apr_interval_time_t most = call->bounds->statement_timeout;
    mact_db_answer_t answer;
    call_next_e next;
    int started;

    started = PQsendQueryPrepared(link->conn, statement->name, statement->nparams, call->values, NULL, NULL, 0);
    call->sent = started; /* if not, the command's last byte never left, and an unfinished one does nothing */
    if (!call_answer(&answer, &next, call, link, started, most > 0 ? mact_db_now() + most + CALL_GRACE : 0)) {
        return next;
    }
    apr_pool_cleanup_register(call->pool, answer.result, call_clear, apr_pool_cleanup_null);
    call_read(call->reply, answer.result);
    return CALL_OVER;
}

/* Looks at the procedures when that is due.  0: the connection did not outlive it. */
static int call_look(call_t *call, mact_db_link_t *link)
{
    call->sent = 0;
    call->reply->sqlstate = "";
    call->reply->cause = NULL;
    if (mact_db_check_due(link->pool, call->fresh)) {
        mact_db_check_run(link);
    }
    return PQstatus(link->conn) == CONNECTION_OK;
}

static const char *call_named(const mact_db_proc_t *proc, apr_pool_t *pool)
{
    return apr_pstrcat(pool, proc->schema, ".", proc->name, " is missing in the database", NULL);
}

/* A statement's try. */
static call_next_e call_try(call_t *call, mact_db_link_t *link)
{
    const mact_db_proc_t *missing;
    call_next_e next = CALL_OVER;

    if (!call_look(call, link)) {
        return call_lost(call, "the connection is lost");
    }
    missing = mact_db_check_missing(link->pool, call->statement);
    if (missing) {
        return call_end(call, MACT_DB_UNAVAILABLE, call_named(missing, call->pool));
    }
    if (!call_set_timeout(&next, call, link) || !call_prepare(&next, call, link)) {
        return next;
    }
    return call_send(call, link);
}

/* A health check's try. */
static call_next_e call_ping(call_t *call, mact_db_link_t *link)
{
    apr_interval_time_t most = call->bounds->statement_timeout;
    mact_db_answer_t answer;
    call_next_e next;

    if (!call_look(call, link)) {
        return call_lost(call, "the connection is lost");
    }
    if (!call_answer(&answer, &next, call, link, PQsendQuery(link->conn, "SELECT 1"),
                     mact_db_now() + (most > 0 ? most : CALL_READY_MOST))) {
        return next;
    }
    PQclear(answer.result);
    return call_end(call, MACT_DB_DONE, NULL);
}

/* ---- the whole call ------------------------------------------------------------------------------------ */

/* Two victims of one deadlock that wait equally long meet again: a random part of a growing bound. */
static void call_back_off(const call_t *call)
{
    apr_uint64_t bound = CALL_BACKOFF;
    apr_uint64_t chance = (apr_uint64_t)mact_db_now() ^ (apr_uint64_t)(uintptr_t)call;
    int i;

    for (i = 1; i < call->conflicts && bound < CALL_BACKOFF_MOST; i++) {
        bound *= 2;
    }
    chance = (chance ^ chance >> 29) * APR_UINT64_C(0xbf58476d1ce4e5b9); /* any odd constant with mixed bits */
    chance ^= chance >> 32;
    apr_sleep((apr_interval_time_t)(500 + chance % bound));
}

/* Borrows, and tells the gate and, when it changes, the log whether connections can be had. */
static int call_borrow(mact_db_loan_t *loan, call_t *call, mact_db_gate_t *gate)
{
    const char *cause = NULL;

    if (mact_db_borrow(loan, &call->fresh, &cause, call->server, call->pool) != APR_SUCCESS) {
        if (mact_db_gate_failed(gate, call->probe)) {
            ap_log_error(APLOG_MARK, APLOG_ERR, 0, call->server,
                         "ACT0231: the database is away: %s. Requests answer 503 until it is back; "
                         "see DBDParams and the lines of mod_dbd",
                         cause);
        }
        call->probe = 0;
        call->reply->sqlstate = "08001";
        call_end(call, MACT_DB_UNAVAILABLE, cause);
        return 0;
    }
    if (mact_db_gate_opened(gate, call->probe, call->fresh)) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, call->server, "ACT0232: the database is back");
    }
    call->probe = 0;
    return 1;
}

/* From a borrowed connection to the end.  0: there was no connection. */
static int call_inside(call_t *call, mact_db_gate_t *gate, call_next_e (*try)(call_t *call, mact_db_link_t *link))
{
    mact_db_loan_t loan;
    call_next_e next = CALL_AGAIN;

    while (next != CALL_OVER) {
        if (!call_borrow(&loan, call, gate)) {
            return 0;
        }
        if (!call->borrowed) {
            call->borrowed = 1;
            call->reply->waited = mact_db_now() - call->started;
        }
        next = try(call, loan.link);
        mact_db_return(&loan);
        if (next == CALL_AGAIN_LATER) {
            call_back_off(call);
        }
    }
    return 1;
}

/*
 * Through the gate and out again.  Where no connection could be opened but some are open (the server's limit
 * is below ours), the call goes back and waits for one of those; where none are, the gate says so at once.
 */
static void call_run(call_t *call, call_next_e (*try)(call_t *call, mact_db_link_t *link))
{
    mact_db_gate_t *gate = &call->home->gate;
    apr_int64_t deadline = call->started + call->bounds->pool_wait;
    int served;

    do {
        mact_db_gate_e verdict = mact_db_gate_enter(gate, deadline - mact_db_now());

        if (verdict == MACT_DB_GATE_FULL || verdict == MACT_DB_GATE_AWAY) {
            if (!*call->reply->sqlstate) { /* else a failed attempt has said more */
                call_end(call, MACT_DB_UNAVAILABLE,
                         verdict == MACT_DB_GATE_FULL ? "no connection came free in time" : "the database is away");
            }
            break;
        }
        call->probe = verdict == MACT_DB_GATE_PROBE;
        served = call_inside(call, gate, try);
        mact_db_gate_leave(gate);
    } while (!served && mact_db_now() < deadline);
    if (!call->borrowed) {
        call->reply->waited = mact_db_now() - call->started;
    }
    call->reply->took = mact_db_now() - call->started - call->reply->waited;
}

static void call_begin(call_t *call, server_rec *server, const mact_db_bounds_t *bounds, apr_pool_t *pool)
{
    memset(call, 0, sizeof(*call));
    call->server = server;
    call->bounds = bounds;
    call->pool = pool;
    call->started = mact_db_now();
    call->home = mact_db_pool_of(server);
    call->reply = apr_pcalloc(pool, sizeof(*call->reply));
    call->reply->sqlstate = "";
    call->reply->outcome = MACT_DB_UNAVAILABLE;
    call->reply->cause = "this server has no pool: see the log of the child's start";
}

const mact_db_reply_t *mact_db_call(server_rec *server, const mact_db_statement_t *statement, const char *const *values,
                                    const mact_db_bounds_t *bounds, apr_pool_t *pool)
{
    const mact_db_proc_t *missing;
    call_t call;

    call_begin(&call, server, bounds, pool);
    call.statement = statement;
    call.values = values;
    if (!call.home) {
        return call.reply;
    }
    missing = mact_db_check_missing(call.home, statement);
    if (missing && !mact_db_check_due(call.home, 0)) {
        call_end(&call, MACT_DB_UNAVAILABLE, call_named(missing, pool));
        return call.reply;
    }
    call_run(&call, call_try);
    return call.reply;
}

const mact_db_reply_t *mact_db_ping(server_rec *server, const mact_db_bounds_t *bounds, apr_pool_t *pool)
{
    call_t call;

    call_begin(&call, server, bounds, pool);
    if (call.home) {
        call_run(&call, call_ping);
    }
    return call.reply;
}

/* ---- further columns ----------------------------------------------------------------------------------- */

/*
 * The position of a non-null column of the first row, or -1.  The procedure's own columns come before the
 * caller's refusal.
 */
static int call_field(const mact_db_reply_t *reply, const char *name)
{
    int fields = reply->result ? PQnfields(reply->result) : 0;
    int i;

    if (fields == 0 || PQntuples(reply->result) < 1) {
        return -1;
    }
    for (i = 1; i <= fields; i++) {
        if (strcmp(PQfname(reply->result, i % fields), name) == 0) {
            return PQgetisnull(reply->result, 0, i % fields) ? -1 : i % fields;
        }
    }
    return -1;
}

const char *mact_db_column(const mact_db_reply_t *reply, const char *name)
{
    int field = call_field(reply, name);

    return field >= 0 ? PQgetvalue(reply->result, 0, field) : NULL;
}

static apr_status_t call_free(void *memory)
{
    PQfreemem(memory);
    return APR_SUCCESS;
}

const unsigned char *mact_db_bytes(const mact_db_reply_t *reply, const char *name, apr_size_t *length, apr_pool_t *pool)
{
    int field = call_field(reply, name);
    unsigned char *bytes;
    size_t size = 0;

    *length = 0;
    if (field < 0 || PQftype(reply->result, field) != 17) { /* pg_type's oid of bytea, fixed for ever */
        return NULL;
    }
    bytes = PQunescapeBytea((const unsigned char *)PQgetvalue(reply->result, 0, field), &size);
    if (!bytes) {
        return NULL;
    }
    apr_pool_cleanup_register(pool, bytes, call_free, apr_pool_cleanup_null);
    *length = size;
    return bytes;
}
