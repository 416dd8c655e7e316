/*
 * http/inside.h: what the files of this folder share.
 *
 * A step takes the exchange one stage further.  It returns DECLINED for the next step to follow, or a handler's return value when
 * the request has been answered.
 */
#ifndef MACT_HTTP_INSIDE_H
#define MACT_HTTP_INSIDE_H

#include "http/http.h"

typedef int http_step_fn(mact_exchange_t *x);

#define HTTP_JSON "application/json"
#define HTTP_INDEX_HANDLER "activities-index"
#define HTTP_DOCS_METHODS "GET, HEAD, OPTIONS"      /* of /openapi.json and the page's paths */

/* Seconds after which a client may come again when the database was not to be had. */
#define HTTP_RETRY_AFTER 2

/* exchange.c: the exchange of a request below a mount, made at the first call; NULL: not ours. */
mact_exchange_t *mact_http_exchange(request_rec *r);

/* exchange.c: puts the headers of every reply of this mount into `headers`. */
void mact_http_common_headers(const mact_exchange_t *x, apr_table_t *headers);

/* exchange.c: sets those that a document says; all else in `headers` stays as it is. */
void mact_http_set_headers(apr_table_t *headers, const apr_table_t *said);

/* request_id.c; the first in child_init: a start for ids of this child's own */
void mact_http_request_id_child(void);
const char *mact_http_request_id(request_rec *r);

/* the steps, in their order */
int mact_http_preflight(mact_exchange_t *x);     /* cors.c */
int mact_http_docs(mact_exchange_t *x);          /* docs.c */
int mact_http_match(mact_exchange_t *x);         /* match.c: path and method */
int mact_http_secret(mact_exchange_t *x);        /* secret.c: x-secret of the operation's security */
int mact_http_native_early(mact_exchange_t *x);  /* native.c */
int mact_http_token(mact_exchange_t *x);         /* token.c */
int mact_http_limit(mact_exchange_t *x);         /* limit.c */
int mact_http_body(mact_exchange_t *x);          /* body.c: the bytes */
int mact_http_native_raw(mact_exchange_t *x);    /* native.c */
int mact_http_read(mact_exchange_t *x);          /* bind.c: the values */
int mact_http_native_run(mact_exchange_t *x);    /* native.c */
int mact_http_procedure(mact_exchange_t *x);     /* call.c */

/* native.c: the operation's procedure has come to nothing. */
void mact_http_native_undo(mact_exchange_t *x);

/* match.c: what the path is, for whichever method; op is not set. */
const char *mact_http_allowed(const mact_exchange_t *x);

/* docs.c: whether the path is one of /openapi.json and the page's. */
int mact_http_is_docs(const mact_exchange_t *x);

/*
 * docs.c: the text of a file of ActivitiesDocsDirectory, from the request's pool; NULL if it cannot be read, which is the admin's affair
 * and said in the error log.
 */
const char *mact_http_docs_text(request_rec *r, const char *name);

/* docs.c: `text` with each `what` replaced. */
const char *mact_http_replaced(const char *text, const char *what, const char *by, apr_pool_t *pool);

/* cors.c: Access-Control-* and Vary of a reply that is no preflight's. */
void mact_http_cors(const mact_exchange_t *x, apr_table_t *headers);

/* bind.c: the values of a statement's parameters, from the exchange. */
const char **mact_http_values(const mact_exchange_t *x, const mact_db_statement_t *statement);

/* call.c: as mact_http_call, within bounds of the caller's. */
const mact_db_reply_t *mact_http_call_within(mact_exchange_t *x, const mact_db_bounds_t *bounds);

/* native.c: a check of that name, or NULL. */
const mact_check_t *mact_http_check(const char *name);

/* issue.c: x-issue: sends what the procedure answered, with tokens made of its row where it answered 2xx with a subject. */
int mact_http_issue(mact_exchange_t *x, const mact_db_reply_t *reply);

/* errors.c */
void mact_http_register_filters(void);

/*
 * reply.c: whether the client holds what the reply's ETag names (If-None-Match).  If-Match and dates are the procedures' affair: we send no
 * Last-Modified.
 */
int mact_http_client_has_it(request_rec *r);

/* fill.c: httpd's words for a status, such as `Not Found`; NULL for one that it does not know. */
const char *mact_http_reason(int status);

/* fill.c: the value as compact JSON text. */
const char *mact_http_json_text(apr_size_t *length, const json_t *value, apr_pool_t *pool);

/* fill.c: a text with its placeholders filled in, for headers. */
const char *mact_http_fill_text(const char *text, const json_t *members, const mact_exchange_t *x, const mact_facts_t *facts);

/* fault.c: status and body of a fault, its headers put into `headers`; NULL if the document has none of that name. */
const char *mact_http_fault_body(int *status, apr_size_t *length, apr_table_t *headers, const mact_exchange_t *x, const char *name,
                                 const mact_facts_t *facts);

/* metrics.c */
mact_native_fn mact_http_metrics;

/* blob.c */
mact_native_fn mact_http_blob;
const char *mact_http_blob_flaw(const mact_oapi_op_t *op, apr_pool_t *pool);

/* health.c */
void mact_http_health_child(apr_pool_t *pchild, server_rec *main_server);    /* makes room for what `keep` keeps */
mact_native_fn mact_http_health;
const char *mact_http_health_flaw(const mact_oapi_op_t *op, apr_pool_t *pool);

#endif
