/*
 * The one place where a reply leaves: status, length and bytes, from the memory they are in.
 */
#include <apr_buckets.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>
#include <http_protocol.h>
#include <util_filter.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

int mact_http_send(mact_exchange_t *x, int status, const char *type, const char *body, apr_size_t length)
{
    request_rec *r = x->r;
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_status_t rv;

    r->status = status;
    if (!mact_http_reason(status)) {
        r->status_line = apr_psprintf(r->pool, "%d Other", status);     /* else httpd makes a 500 of a status that it does not know */
    }
    if (body) {
        if (type) {
            ap_set_content_type(r, type);
        }
        ap_set_content_length(r, (apr_off_t)length);
        if (length) {
            APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_pool_create(body, length, r->pool, r->connection->bucket_alloc));
        }
    }
    APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(r->connection->bucket_alloc));
    rv = ap_pass_brigade(r->output_filters, brigade);
    if (rv != APR_SUCCESS) {
        ap_log_rerror(APLOG_MARK, APLOG_TRACE1, rv, r, "request %s: the reply could not be sent", x->request_id);
    }
    return OK;                           /* whatever became of it: it is too late for another reply */
}
