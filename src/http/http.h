/*
 * http/http.h: a request's way through the house, on httpd's worker thread: match, authenticate, limit, bind, call, reply.
 *
 * Everything of a request is in its exchange, from the request's pool.  This folder knows no SQL.
 */
#ifndef MACT_HTTP_H
#define MACT_HTTP_H

#include <httpd.h>

#include "auth/auth.h"
#include "config/config.h"
#include "db/db.h"
#include "openapi/openapi.h"

#define MACT_VERSION "1.0.0"          /* of the module */

/* One request below a mount. */
typedef struct {
    request_rec *r;
    const mact_config_t *config;
    const mact_mount_t *mount;
    const char *path;                      /* below the mount; begins with "/" */
    const mact_oapi_op_t *op;              /* NULL until matched */
    const char **path_values;
    const mact_auth_token_t *token;        /* NULL: anonymous */
    const mact_oapi_input_t *input;        /* NULL until read */
    const char *body;                      /* the raw body, for natives that must see its bytes; NULL: none */
    apr_size_t body_length;
    int unread;                            /* set by a native that has seen the raw body: it is not parsed, no value comes of it */
    apr_table_t *made;                     /* `native.X` values, put there by the native */
    int over_limit;                        /* a rate limit was exceeded, whether it was enforced or not */
    int counted;                           /* mact_http_count has had it */
    void *native_state;                    /* the native's own, from one of its parts to the next */
    const char *request_id;
} mact_exchange_t;

/*
 * A native: C in front of, around, or in place of the procedure.  It returns DECLINED to go on to the operation's next step, or what a
 * handler returns, having sent the reply itself.
 */
typedef int mact_native_fn(mact_exchange_t *x);

typedef struct {
    const char *name;                      /* as x-native names it */
    mact_native_fn *early;                 /* before the token and the limit are looked at; or NULL */
    mact_native_fn *raw;                   /* when the body's bytes are there and nothing has been parsed; or NULL */
    mact_native_fn *run;                   /* when the request has been read and found good; or NULL */
    void (*undo)(mact_exchange_t *x);      /* when it ran, and the procedure then failed without a reply of its own; or NULL */
    const char *const *procedures;         /* the names of those that it calls, up to a NULL; or NULL: it calls none */
    /* at configtest: what is wrong with its options, or NULL; or NULL: it has none */
    const char *(*flaw)(const mact_oapi_op_t *op, apr_pool_t *pool);
} mact_native_t;

/*
 * For register_hooks: makes natives known by their names, to which documents of any mount may then refer.  `natives` ends with one without
 * a name, and lives as long as the module.
 */
void mact_http_provide_natives(apr_pool_t *pool, const mact_native_t *natives);

/* What the check of the configuration has to know of them. */
extern const mact_config_natives_t mact_http_natives;

/* Something that the native `health` may ask for under `checks`. */
typedef struct {
    const char *name;
    int (*good)(server_rec *server);       /* whether all is well, as far as this child knows; from any thread, and at once */
} mact_check_t;

/* For register_hooks, likewise. */
void mact_http_provide_check(apr_pool_t *pool, const mact_check_t *check);

/* ---- hooks ------------------------------------------------------------------------------------------------- */

/* child_init: a start for request ids of its own, and room for the health answers that are kept. */
void mact_http_child(apr_pool_t *pchild, server_rec *main_server);
int mact_http_translate(request_rec *r);         /* translate_name: below a mount no file is looked for */
int mact_http_map_to_storage(request_rec *r);
int mact_http_type(request_rec *r);              /* type_checker: the handler is ours, whatever the path ends in */
int mact_http_handler(request_rec *r);
int mact_http_index(request_rec *r);             /* handler `activities-index`: a page that lists the mounted APIs */
void mact_http_error_filter(request_rec *r);     /* insert_error_filter: errors that httpd raises below a mount get the API's body */
void mact_http_register(apr_pool_t *pool);       /* register_hooks: natives and filters of this room */

/* ---- calls ------------------------------------------------------------------------------------------------- */

/* Calls the operation's procedure with everything bound. */
const mact_db_reply_t *mact_http_call(mact_exchange_t *x);

/*
 * Calls a procedure of the native's option `procedures`, by its key there, with everything bound as it is at this moment (so that
 * `native.X` values made since count).  NULL if the document gives none of that key.
 */
const mact_db_reply_t *mact_http_call_named(mact_exchange_t *x, const char *key);

/*
 * For natives that limit something else than the operation's client: takes a unit of `rate` for `key` among the keys of the kind `what`
 * (both are hashed), unless the operation itself is not limited here.  DECLINED, or the answer to one too many.
 */
int mact_http_limit_by(mact_exchange_t *x, const char *what, const char *key, const mact_rate_t *rate);

/* Sends what a procedure answered (or the fault that it ended in).  A handler's return value. */
int mact_http_reply(mact_exchange_t *x, const mact_db_reply_t *reply);

/*
 * Sends `length` bytes of `body`, which lives as long as the request, as they are.  NULL `type` or `body`: none.  A handler's return value.
 */
int mact_http_send(mact_exchange_t *x, int status, const char *type, const char *body, apr_size_t length);

/*
 * Counts the request as answered with `status`, once: a later call does nothing.  The handler does it in the end; a native that gives the
 * request away, or answers without end, does it when the reply has begun.
 */
void mact_http_count(mact_exchange_t *x, int status);

/* ---- faults ------------------------------------------------------------------------------------------------ */

/* Facts that a fault's template may name; zeroed where they do not apply. */
typedef struct {
    const mact_verdict_t *verdict;
    const mact_rate_t *rate;
    const apr_array_header_t *violations;
    int status;                            /* of fault `http` */
    int retry_after;                       /* seconds, where no verdict says it */
    const json_t *extra;                   /* an object of further values, before all others; NULL: none */
} mact_facts_t;

/* Answers with the document's fault of that name.  `facts` may be NULL.  A handler's return value. */
int mact_http_fault(mact_exchange_t *x, const char *name, const mact_facts_t *facts);

/* A template with its placeholders filled in; a new reference.  `members` may be NULL. */
json_t *mact_http_fill(const json_t *template, const json_t *members, const mact_exchange_t *x, const mact_facts_t *facts);

#endif
