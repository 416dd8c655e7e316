/*
 * db/check.c: do the documents and the database agree?
 *
 * With the first connection of a child, and from time to time while something is missing, every procedure in
 * the book is looked up in the catalogue: is it there, does it take as many arguments, can it take what the
 * document knows of their types, may our role execute it?  What is missing is named once in the error log;
 * its calls are answered without being sent, until a later look finds it.
 *
 * Only a plain contradiction of types counts, such as a JSON object for an integer: values travel as text,
 * and PostgreSQL reads more out of a text than a document says.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>

#include "db/inside.h"

APLOG_USE_MODULE(activities);

#define CHECK_AGAIN 2000000    /* microseconds between looks while something is missing */
#define CHECK_DOUBT 1000000    /* and at least between looks for any other reason */
#define CHECK_RENEWED 60000000 /* and between looks because a connection is new, with nothing missing */
#define CHECK_MOST 5000000     /* the longest that one may take */

/*
 * One row a procedure, in order of position: NULL, or what is wrong.  typcategory makes classes of types (N
 * numbers, S strings, B boolean, D and T times, A arrays, P any …); uuid, bytea and the json types share
 * category U with what extensions bring.
 */
static const char check_sql[] =
    "SELECT w.i, CASE"
    " WHEN n.oid IS NULL THEN 'there is no schema ' || w.schema"
    " WHEN NOT has_schema_privilege(n.oid, 'USAGE') THEN 'role ' || current_user || ' has no USAGE on schema ' || "
    "w.schema"
    " WHEN f.named IS NULL THEN 'there is no such function'"
    " WHEN NOT f.fits THEN 'it takes other arguments: ' || f.named"
    " WHEN NOT f.granted THEN 'role ' || current_user || ' has no EXECUTE'"
    " END"
    " FROM unnest($1::text[], $2::text[], $3::int4[], $4::text[]) WITH ORDINALITY w(schema, name, n, types, i)"
    " LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema"
    " LEFT JOIN LATERAL ("
    "  SELECT string_agg('(' || pg_get_function_identity_arguments(p.oid) || ')', ', ') AS named,"
    "   bool_or(t.fits) AS fits,"
    "   bool_or(t.fits AND has_function_privilege(p.oid, 'EXECUTE')) AS granted"
    "  FROM pg_catalog.pg_proc p, LATERAL ("
    "   SELECT (w.n = p.pronargs OR p.provariadic <> 0 AND w.n >= p.pronargs - 1"
    "    OR w.n < p.pronargs AND w.n >= p.pronargs - p.pronargdefaults)"
    "    AND NOT EXISTS ("
    "     SELECT FROM unnest(string_to_array(w.types, ',')) WITH ORDINALITY a(said, k)"
    "     JOIN pg_catalog.pg_type y ON y.oid = p.proargtypes[(a.k - 1)::int]"
    "     WHERE NOT (p.provariadic <> 0 AND a.k >= p.pronargs) AND CASE a.said"
    "      WHEN 'integer' THEN y.typcategory IN ('B', 'D', 'T', 'A', 'C', 'I', 'R')"
    "       OR y.typname IN ('uuid', 'bytea')"
    "      WHEN 'number' THEN y.typcategory IN ('B', 'D', 'T', 'A', 'C', 'I', 'R')"
    "       OR y.typname IN ('uuid', 'bytea', 'int2', 'int4', 'int8', 'oid')"
    "      WHEN 'boolean' THEN y.typcategory IN ('N', 'D', 'T', 'A', 'C', 'I', 'R')"
    "       OR y.typname IN ('uuid', 'bytea')"
    "      WHEN 'uuid' THEN y.typcategory IN ('N', 'B', 'D', 'T', 'A', 'C', 'I', 'R')"
    "       OR y.typname IN ('json', 'jsonb')"
    "      WHEN 'json' THEN y.typcategory IN ('N', 'B', 'D', 'T', 'A', 'C', 'I', 'R')"
    "       OR y.typname IN ('uuid', 'bytea')"
    "      ELSE false END) AS fits) t"
    "  WHERE p.pronamespace = n.oid AND p.proname = w.name AND p.prokind = 'f') f ON true"
    " ORDER BY w.i";

int mact_db_check_due(mact_db_pool_t *pool, int fresh)
{
    apr_int64_t looked = atomic_load(&pool->looked);
    apr_int64_t age;

    if (looked == 0) {
        return 1;
    }
    age = mact_db_now() - looked;
    if (atomic_load(&pool->lacking) > 0 && age >= (fresh ? CHECK_DOUBT : CHECK_AGAIN)) {
        return 1;
    }
    return (atomic_load(&pool->doubted) && age >= CHECK_DOUBT) || (fresh && age >= CHECK_RENEWED);
}

const mact_db_proc_t *mact_db_check_missing(const mact_db_pool_t *pool, const mact_db_statement_t *statement)
{
    const mact_db_entry_t *entry = (const mact_db_entry_t *)statement;

    if (atomic_load(&pool->lacking) == 0) {
        return NULL;
    }
    if (atomic_load(&pool->missing[entry->proc])) {
        return APR_ARRAY_IDX(pool->book->procs, entry->proc, mact_db_proc_t *);
    }
    if (entry->caller >= 0 && atomic_load(&pool->missing[entry->caller])) {
        return APR_ARRAY_IDX(pool->book->procs, entry->caller, mact_db_proc_t *);
    }
    return NULL;
}

/* The four arrays as PostgreSQL writes them. */
static void check_params(const char **params, const mact_db_book_t *book, apr_pool_t *tmp)
{
    apr_array_header_t *parts[4];
    int i, k;

    for (k = 0; k < 4; k++) {
        parts[k] = apr_array_make(tmp, book->procs->nelts + 1, sizeof(const char *));
    }
    for (i = 0; i < book->procs->nelts; i++) {
        const mact_db_proc_t *proc = APR_ARRAY_IDX(book->procs, i, const mact_db_proc_t *);

        APR_ARRAY_PUSH(parts[0], const char *) = apr_pstrcat(tmp, "\"", proc->schema, "\"", NULL);
        APR_ARRAY_PUSH(parts[1], const char *) = apr_pstrcat(tmp, "\"", proc->name, "\"", NULL);
        APR_ARRAY_PUSH(parts[2], const char *) = apr_itoa(tmp, proc->nargs);
        APR_ARRAY_PUSH(parts[3], const char *) = apr_pstrcat(tmp, "\"", proc->types, "\"", NULL);
    }
    for (k = 0; k < 4; k++) {
        params[k] = apr_pstrcat(tmp, "{", apr_array_pstrcat(tmp, parts[k], ','), "}", NULL);
    }
}

/* Notes one procedure and says what has changed. */
static void check_note(mact_db_pool_t *pool, int i, const char *wrong)
{
    const mact_db_proc_t *proc = APR_ARRAY_IDX(pool->book->procs, i, const mact_db_proc_t *);
    int before = atomic_exchange(&pool->missing[i], wrong != NULL);

    if (wrong && !before) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, pool->server,
                     "ACT0220: the database cannot be asked for %s.%s with %d argument%s (%s): "
                     "%s. Its operations answer 503. Install the SQL of this release, or grant EXECUTE",
                     proc->schema, proc->name, proc->nargs, proc->nargs == 1 ? "" : "s", proc->types, wrong);
    } else if (!wrong && before) {
        ap_log_error(APLOG_MARK, APLOG_NOTICE, 0, pool->server,
                     "ACT0221: %s.%s is there now, its operations are served", proc->schema, proc->name);
    }
}

static void check_judge(mact_db_pool_t *pool, const PGresult *result)
{
    unsigned lacking = 0;
    int i;

    for (i = 0; i < PQntuples(result) && i < pool->book->procs->nelts; i++) {
        const char *wrong = PQgetisnull(result, i, 1) ? NULL : PQgetvalue(result, i, 1);

        check_note(pool, i, wrong);
        lacking += wrong != NULL;
    }
    atomic_store(&pool->lacking, lacking);
}

/* A DSN without connect_timeout lets a lost packet stop a thread for minutes. */
static void check_dsn(const mact_db_link_t *link)
{
    PQconninfoOption *options = PQconninfo(link->conn);
    const PQconninfoOption *option;

    for (option = options; option && option->keyword; option++) {
        if (strcmp(option->keyword, "connect_timeout") == 0 && (!option->val || atoi(option->val) <= 0)) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, link->pool->server,
                         "ACT0222: DBDParams has no connect_timeout: while the database's "
                         "host is silent, a request waits for minutes. Add connect_timeout=3");
        }
    }
    PQconninfoFree(options);
}

void mact_db_check_run(mact_db_link_t *link)
{
    mact_db_pool_t *pool = link->pool;
    const char *params[4];
    mact_db_answer_t answer;
    apr_pool_t *tmp;

    if (atomic_exchange(&pool->looking, 1)) {
        return;
    }
    if (atomic_load(&pool->looked) == 0) {
        check_dsn(link);
    }
    apr_pool_create(&tmp, NULL);
    check_params(params, pool->book, tmp);
    memset(&answer, 0, sizeof(answer));
    if (PQsendQueryParams(link->conn, check_sql, 4, NULL, params, NULL, NULL, 0)) {
        mact_db_link_await(&answer, link, mact_db_now() + CHECK_MOST);
    }
    if (answer.result && PQresultStatus(answer.result) == PGRES_TUPLES_OK) {
        check_judge(pool, answer.result);
        atomic_store(&pool->doubted, 0);
        atomic_store(&pool->looked, mact_db_now());
    } else if (!answer.lost && !answer.late) {
        /* a catalogue that cannot be read says nothing about the procedures: their calls are sent */
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, pool->server, "ACT0223: the procedures could not be looked up: %s",
                     answer.result ? mact_db_fault_cause(answer.result, tmp) : "not sent");
        atomic_store(&pool->looked, mact_db_now());
    }
    PQclear(answer.result);
    apr_pool_destroy(tmp);
    atomic_store(&pool->looking, 0);
}

void mact_db_doubt(server_rec *server)
{
    mact_db_pool_t *home = mact_db_pool_of(server);

    if (home) {
        atomic_store(&home->doubted, 1);
    }
}

int mact_db_present(server_rec *server, const mact_db_statement_t *statement)
{
    const mact_db_pool_t *home = mact_db_pool_of(server);

    return !home || !statement || !mact_db_check_missing(home, statement);
}
