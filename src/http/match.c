/*
 * Path and method to operation.
 */
#include <apr_strings.h>

#include "http/inside.h"

static void find(mact_oapi_match_t *match, const mact_exchange_t *x, const char *method)
{
    mact_oapi_match(match, x->mount->doc, method, x->path, x->r->pool);
}

const char *mact_http_allowed(const mact_exchange_t *x)
{
    mact_oapi_match_t match;

    find(&match, x, "OPTIONS");
    return match.allow;
}

int mact_http_match(mact_exchange_t *x)
{
    request_rec *r = x->r;
    mact_oapi_match_t match;

    find(&match, x, r->method);
    if (!match.allow && !match.op) {
        return mact_http_fault(x, "not-found", NULL);
    }
    if (!match.op) {
        apr_table_setn(r->headers_out, "Allow", match.allow);
        if (!strcmp(r->method, "OPTIONS")) {
            return mact_http_send(x, HTTP_NO_CONTENT, NULL, NULL, 0);
        }
        return mact_http_fault(x, "method-not-allowed", NULL);
    }
    x->op = match.op;
    x->path_values = match.values;
    apr_table_setn(r->notes, "activities-operation", match.op->id);
    if (match.op->headers) {
        mact_http_set_headers(r->headers_out, match.op->headers);
    }
    return DECLINED;
}
