/*
 * Errors that httpd itself raises below a mount (a refusal by Require, a request that is too slow, a filter that fails): they get the body
 * of the mount's API in place of httpd's page.  What fails before a request is known to be below a mount keeps httpd's own.
 */
#include <apr_buckets.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>
#include <http_protocol.h>
#include <util_filter.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

#define FILTER_NAME "ACTIVITIES_ERROR"

/* The fault of a status, where the document has one of its own for it. */
static const struct {
    int status;
    const char *fault;
} faults[] = {
    {HTTP_NOT_FOUND, "not-found"},
    {HTTP_METHOD_NOT_ALLOWED, "method-not-allowed"},
    {HTTP_REQUEST_ENTITY_TOO_LARGE, "body-too-large"},
    {HTTP_INTERNAL_SERVER_ERROR, "internal"},
    {HTTP_SERVICE_UNAVAILABLE, "unavailable"},
    {HTTP_GATEWAY_TIME_OUT, "timeout"},
};

static const char *body_for(apr_size_t *length, const mact_exchange_t *x, int status)
{
    mact_facts_t facts = {.status = status};
    apr_table_t *headers = x->r->headers_out;
    int answered;

    for (apr_size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const mact_oapi_fault_t *fault = faults[i].status == status ? mact_oapi_fault(x->mount->doc, x->op, faults[i].fault) : NULL;

        if (fault && fault->status == status) {
            return mact_http_fault_body(&answered, length, headers, x, faults[i].fault, &facts);
        }
    }
    return mact_http_fault_body(&answered, length, headers, x, "http", &facts);
}

/* Puts the API's body in place of whatever comes, which may be one brigade or several. */
static apr_status_t replace(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    request_rec *r = f->r;
    mact_exchange_t *x = mact_http_exchange(r);
    apr_bucket_brigade *ours;
    apr_size_t length;
    const char *body;

    if (f->ctx) {
        apr_brigade_cleanup(brigade);
        return APR_SUCCESS;
    }
    body = x ? body_for(&length, x, r->status) : NULL;
    if (!body) {
        ap_remove_output_filter(f);
        return ap_pass_brigade(f->next, brigade);
    }
    f->ctx = x;
    apr_brigade_cleanup(brigade);
    mact_http_common_headers(x, r->headers_out);
    ap_set_content_type(r, HTTP_JSON);
    ap_set_content_length(r, (apr_off_t)length);
    ours = apr_brigade_create(r->pool, f->c->bucket_alloc);
    APR_BRIGADE_INSERT_TAIL(ours, apr_bucket_pool_create(body, length, r->pool, f->c->bucket_alloc));
    APR_BRIGADE_INSERT_TAIL(ours, apr_bucket_eos_create(f->c->bucket_alloc));
    return ap_pass_brigade(f->next, ours);
}

void mact_http_register_filters(void)
{
    ap_register_output_filter(FILTER_NAME, replace, NULL, AP_FTYPE_RESOURCE);
}

void mact_http_error_filter(request_rec *r)
{
    if (r->status >= 400 && mact_http_exchange(r)) {
        ap_add_output_filter(FILTER_NAME, NULL, r, r->connection);
    }
}
