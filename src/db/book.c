/*
 * db/book.c: the text of every statement, made when the configuration is checked.
 *
 * A call with a caller is one statement of two functions, so that knowing the caller costs no second round
 * trip.  `OFFSET 0` in it is not decoration: without it the planner pulls the inner SELECT up, makes the
 * guard a join filter, and calls the procedure of a refused caller.
 *
 * Parameter types are left to PostgreSQL, which takes them from the function's signature.  One source that
 * stands twice in one call is one parameter; but the caller and the procedure do not share theirs, since the
 * two functions may declare different types for the same source, and a parameter has one type only.
 */
#include <apr_escape.h>
#include <apr_sha1.h>
#include <apr_strings.h>

#include "db/inside.h"

/* A text that grows, and the parameters that it has used. */
typedef struct {
    apr_array_header_t *parts;  /* of const char *, joined at the end */
    apr_array_header_t *params; /* of const mact_oapi_arg_t * */
    apr_pool_t *pool;
} book_text_t;

apr_status_t mact_db_book_make(mact_db_book_t **book, apr_pool_t *pool)
{
    mact_db_book_t *b = apr_pcalloc(pool, sizeof(*b));

    b->pool = pool;
    b->procs = apr_array_make(pool, 64, sizeof(mact_db_proc_t *));
    b->by_text = apr_hash_make(pool);
    b->by_shape = apr_hash_make(pool);
    *book = b;
    return APR_SUCCESS;
}

static void book_add(book_text_t *text, const char *part)
{
    APR_ARRAY_PUSH(text->parts, const char *) = part;
}

/* `name` between two quotes, those inside it doubled: for identifiers (") and literals ('). */
static const char *book_quoted(const char *name, char quote, apr_pool_t *pool)
{
    char *quoted = apr_palloc(pool, 2 * strlen(name) + 3);
    char *to = quoted;

    *to++ = quote;
    for (; *name != '\0'; name++) {
        if (*name == quote) {
            *to++ = quote;
        }
        *to++ = *name;
    }
    *to++ = quote;
    *to = '\0';
    return quoted;
}

/* The position ($n) of a source among the parameters from `first` on, added if it is new. */
static int book_param(book_text_t *text, int first, const mact_oapi_arg_t *arg)
{
    int i;

    for (i = first; i < text->params->nelts; i++) {
        const mact_oapi_arg_t *other = APR_ARRAY_IDX(text->params, i, const mact_oapi_arg_t *);

        if (other->source == arg->source && other->index == arg->index &&
            (other->name == arg->name || (other->name && arg->name && strcmp(other->name, arg->name) == 0))) {
            return i + 1;
        }
    }
    APR_ARRAY_PUSH(text->params, const mact_oapi_arg_t *) = arg;
    return text->params->nelts;
}

/* `"schema"."name"($1, c."user_id", …)`; CALLER sources are NULL where there is no caller. */
static void book_call(book_text_t *text, const mact_oapi_call_t *call, int has_caller)
{
    int first = text->params->nelts;
    int i;

    book_add(text, book_quoted(call->schema, '"', text->pool));
    book_add(text, ".");
    book_add(text, book_quoted(call->name, '"', text->pool));
    book_add(text, "(");
    for (i = 0; i < call->args->nelts; i++) {
        const mact_oapi_arg_t *arg = &APR_ARRAY_IDX(call->args, i, mact_oapi_arg_t);

        if (i > 0) {
            book_add(text, ", ");
        }
        if (arg->source != MACT_FROM_CALLER) {
            book_add(text, apr_psprintf(text->pool, "$%d", book_param(text, first, arg)));
        } else if (has_caller && arg->name) {
            book_add(text, "c.");
            book_add(text, book_quoted(arg->name, '"', text->pool));
        } else {
            book_add(text, "NULL");
        }
    }
    book_add(text, ")");
}

/* `'a', 'b'` */
static const char *book_list(const apr_array_header_t *names, apr_pool_t *pool)
{
    apr_array_header_t *quoted = apr_array_make(pool, names->nelts, sizeof(const char *));
    int i;

    for (i = 0; i < names->nelts; i++) {
        APR_ARRAY_PUSH(quoted, const char *) = book_quoted(APR_ARRAY_IDX(names, i, const char *), '\'', pool);
        if (i + 1 < names->nelts) {
            APR_ARRAY_PUSH(quoted, const char *) = ", ";
        }
    }
    return apr_array_pstrcat(pool, quoted, '\0');
}

/* A caller who is admitted in spite of a refusal is no refused one: the reply then shows none. */
static void book_with_caller(book_text_t *text, const mact_oapi_call_t *call, const mact_oapi_call_t *caller,
                             const apr_array_header_t *admits)
{
    const char *admitted = (admits && admits->nelts > 0) ? book_list(admits, text->pool) : NULL;

    if (admitted) {
        book_add(text, apr_pstrcat(text->pool, "SELECT CASE WHEN c.refusal IN (", admitted,
                                   ") THEN NULL ELSE c.refusal END AS refusal, r.* FROM ", NULL));
    } else {
        book_add(text, "SELECT c.refusal, r.* FROM ");
    }
    book_call(text, caller, 0);
    book_add(text, " c LEFT JOIN LATERAL (SELECT p.* FROM ");
    book_call(text, call, 1);
    book_add(text, " p WHERE c.refusal IS NULL");
    if (admitted) {
        book_add(text, apr_pstrcat(text->pool, " OR c.refusal IN (", admitted, ")", NULL));
    }
    book_add(text, " OFFSET 0) r ON true");
}

/* `act_` and 160 bits of the text: the same name on every host means the same statement. */
static const char *book_name(const char *sql, apr_pool_t *pool)
{
    apr_sha1_ctx_t sha1;
    unsigned char digest[APR_SHA1_DIGESTSIZE];

    apr_sha1_init(&sha1);
    apr_sha1_update_binary(&sha1, (const unsigned char *)sql, (unsigned)strlen(sql));
    apr_sha1_final(digest, &sha1);
    return apr_pstrcat(pool, "act_", apr_pescape_hex(pool, digest, sizeof(digest), 0), NULL);
}

/* The index of the procedure in the book; two statements that call it alike share it. */
static int book_proc(mact_db_book_t *book, const mact_oapi_call_t *call)
{
    apr_array_header_t *types = apr_array_make(book->pool, call->args->nelts + 1, sizeof(const char *));
    mact_db_proc_t *proc;
    const char *shape;
    void *known;
    int i;

    for (i = 0; i < call->args->nelts; i++) {
        const mact_oapi_arg_t *arg = &APR_ARRAY_IDX(call->args, i, mact_oapi_arg_t);

        APR_ARRAY_PUSH(types, const char *) = arg->type ? arg->type : "";
    }
    proc = apr_pcalloc(book->pool, sizeof(*proc));
    proc->schema = apr_pstrdup(book->pool, call->schema);
    proc->name = apr_pstrdup(book->pool, call->name);
    proc->nargs = call->args->nelts;
    proc->types = "";
    for (i = 0; i < types->nelts; i++) {
        proc->types = apr_pstrcat(book->pool, proc->types, i ? "," : "", APR_ARRAY_IDX(types, i, const char *), NULL);
    }
    shape = apr_psprintf(book->pool, "%s.%s/%d(%s)", proc->schema, proc->name, proc->nargs, proc->types);
    known = apr_hash_get(book->by_shape, shape, APR_HASH_KEY_STRING);
    if (known) {
        return (int)(intptr_t)known - 1;
    }
    APR_ARRAY_PUSH(book->procs, mact_db_proc_t *) = proc;
    apr_hash_set(book->by_shape, shape, APR_HASH_KEY_STRING, (void *)(intptr_t)book->procs->nelts);
    return book->procs->nelts - 1;
}

const mact_db_statement_t *mact_db_statement(mact_db_book_t *book, const mact_oapi_call_t *call,
                                             const mact_oapi_call_t *caller, const apr_array_header_t *admits,
                                             int read_only, apr_pool_t *pool)
{
    book_text_t text;
    mact_db_entry_t *entry;
    const char *sql;
    int *id;

    text.pool = pool;
    text.parts = apr_array_make(pool, 64, sizeof(const char *));
    text.params = apr_array_make(pool, 16, sizeof(const mact_oapi_arg_t *));
    if (caller) {
        book_with_caller(&text, call, caller, admits);
    } else {
        book_add(&text, "SELECT NULL::text AS refusal, p.* FROM ");
        book_call(&text, call, 0);
        book_add(&text, " p");
    }
    sql = apr_array_pstrcat(pool, text.parts, '\0');

    /* Two operations may have one text and draw its parameters from different sources, or differ in read_only: for PostgreSQL
     * that is one statement, with one id and one name, which a connection prepares once. */
    id = apr_hash_get(book->by_text, sql, APR_HASH_KEY_STRING);
    if (!id) {
        id = apr_palloc(book->pool, sizeof(*id));
        *id = (int)apr_hash_count(book->by_text);
        apr_hash_set(book->by_text, sql, APR_HASH_KEY_STRING, id);
    }
    entry = apr_pcalloc(pool, sizeof(*entry));
    entry->statement.id = *id;
    entry->statement.name = book_name(sql, pool);
    entry->statement.sql = sql;
    entry->statement.nparams = text.params->nelts;
    entry->statement.params = (const mact_oapi_arg_t **)text.params->elts;
    entry->statement.read_only = read_only;
    entry->proc = book_proc(book, call);
    entry->caller = caller ? book_proc(book, caller) : -1;
    return &entry->statement;
}
