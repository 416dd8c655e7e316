/*
 * Faults: every error that does not come from a procedure, in the words and the form of the mount's document.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>
#include <http_protocol.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

/* Sets those headers of a fault that its document need not name. */
static void own_headers(apr_table_t *headers, const mact_facts_t *facts, apr_pool_t *pool)
{
    int seconds = facts->verdict && !facts->verdict->allowed ? (int)facts->verdict->retry_after : facts->retry_after;

    if (seconds) {
        apr_table_setn(headers, "Retry-After", apr_itoa(pool, seconds));
    }
}

const char *mact_http_fault_body(int *status, apr_size_t *length, apr_table_t *headers, const mact_exchange_t *x, const char *name,
                                 const mact_facts_t *facts)
{
    const mact_oapi_fault_t *fault = mact_oapi_fault(x->mount->doc, x->op, name);
    mact_facts_t all = facts ? *facts : (mact_facts_t){0};
    apr_pool_t *pool = x->r->pool;
    const char *text;
    json_t *body;

    if (!fault) {
        return NULL;
    }
    if (fault->status) {
        all.status = fault->status;
    }
    if (!all.status) {
        all.status = HTTP_INTERNAL_SERVER_ERROR;
    }
    if (!strcmp(name, "unavailable") && !all.retry_after) {
        all.retry_after = HTTP_RETRY_AFTER;
    }
    own_headers(headers, &all, pool);
    if (fault->headers) {
        const apr_array_header_t *pairs = apr_table_elts(fault->headers);

        for (int i = 0; i < pairs->nelts; i++) {
            const apr_table_entry_t *pair = &APR_ARRAY_IDX(pairs, i, apr_table_entry_t);

            apr_table_setn(headers, pair->key, mact_http_fill_text(pair->val, fault->members, x, &all));
        }
    }
    body = mact_http_fill(fault->body, fault->members, x, &all);
    text = mact_http_json_text(length, body, pool);
    json_decref(body);
    *status = all.status;
    return text;
}

int mact_http_fault(mact_exchange_t *x, const char *name, const mact_facts_t *facts)
{
    apr_table_t *headers = x->r->headers_out;
    apr_size_t length;
    int status;
    const char *body = mact_http_fault_body(&status, &length, headers, x, name, facts);

    if (!body) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, x->r, "ACT0304: request %s, operation %s: the document has no fault `%s' under x-errors: "
                      "add it to %s", x->request_id, x->op ? x->op->id : "none", name, x->mount->doc->file);
        body = mact_http_fault_body(&status, &length, headers, x, "internal", NULL);
    }
    if (!body) {
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return mact_http_send(x, status, HTTP_JSON, body, length);
}
