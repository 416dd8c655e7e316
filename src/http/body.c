/*
 * The bytes of a request's body.  A length that is announced and too large is refused before anything is read (and before `100 Continue`
 * is sent); one that is not announced, as soon as it has passed the limit.  Where no body is described none is read: httpd discards it
 * after the reply, so that the connection can go on.
 */
#include <apr_buckets.h>
#include <httpd.h>
#include <http_log.h>
#include <http_protocol.h>
#include <util_filter.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

#define FIRST_BUFFER 8192            /* bytes, for a length that is not announced */

/* The body as it grows; all of it in the request's pool. */
typedef struct {
    char *bytes;
    apr_size_t length, room;
} buffer_t;

static void append(buffer_t *buffer, const char *bytes, apr_size_t n, apr_pool_t *pool)
{
    if (buffer->length + n > buffer->room) {
        apr_size_t room = buffer->room ? buffer->room : FIRST_BUFFER;
        char *larger;

        while (room < buffer->length + n) {
            room *= 2;
        }
        larger = apr_palloc(pool, room + 1);
        memcpy(larger, buffer->bytes ? buffer->bytes : "", buffer->length);
        buffer->bytes = larger;
        buffer->room = room;
    }
    memcpy(buffer->bytes + buffer->length, bytes, n);
    buffer->length += n;
}

/* An error of httpd's input filters: too slow, badly chunked, over LimitRequestBody, or the client has gone. */
static int read_failed(mact_exchange_t *x, apr_status_t rv)
{
    mact_facts_t facts = {.status = ap_map_http_request_error(rv, HTTP_BAD_REQUEST)};

    if (facts.status == AP_FILTER_ERROR) {
        return AP_FILTER_ERROR;                       /* a filter has sent the reply */
    }
    x->r->connection->keepalive = AP_CONN_CLOSE;      /* nobody knows where the next request would begin */
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, rv, x->r, "ACT0303: request %s: the body cannot be read", x->request_id);
    return mact_http_fault(x, facts.status == HTTP_REQUEST_ENTITY_TOO_LARGE ? "body-too-large" : "http", &facts);
}

/* The buckets of one brigade; *end is set at the end of the stream. */
static apr_status_t take(buffer_t *buffer, int *end, apr_bucket_brigade *brigade, apr_size_t limit, apr_pool_t *pool)
{
    for (apr_bucket *b = APR_BRIGADE_FIRST(brigade); b != APR_BRIGADE_SENTINEL(brigade); b = APR_BUCKET_NEXT(b)) {
        const char *bytes;
        apr_size_t n;
        apr_status_t rv;

        if (APR_BUCKET_IS_EOS(b)) {
            *end = 1;
            return APR_SUCCESS;
        }
        if (APR_BUCKET_IS_METADATA(b)) {
            continue;
        }
        rv = apr_bucket_read(b, &bytes, &n, APR_BLOCK_READ);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        if (n > limit - buffer->length) {
            return APR_ENOSPC;
        }
        append(buffer, bytes, n, pool);
    }
    return APR_SUCCESS;
}

static apr_status_t read_all(buffer_t *buffer, request_rec *r, apr_size_t limit)
{
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_status_t rv = APR_SUCCESS;
    int end = 0;

    while (!end && rv == APR_SUCCESS) {
        rv = ap_get_brigade(r->input_filters, brigade, AP_MODE_READBYTES, APR_BLOCK_READ, HUGE_STRING_LEN);
        if (rv == APR_SUCCESS) {
            rv = take(buffer, &end, brigade, limit, r->pool);
        }
        apr_brigade_cleanup(brigade);
    }
    apr_brigade_destroy(brigade);
    return rv;
}

/* The room that an operation asks for is for files, where it takes any: its other bodies are as long as everybody's. */
static apr_off_t limit_of(const mact_exchange_t *x)
{
    const char *type = apr_table_get(x->r->headers_in, "Content-Type");
    int has_files = type && !ap_cstr_casecmpn(type, "multipart/form-data", strlen("multipart/form-data"));

    return mact_config_body_limit(x->config, has_files || !mact_oapi_takes_files(x->op) ? x->op : NULL);
}

int mact_http_body(mact_exchange_t *x)
{
    request_rec *r = x->r;
    apr_off_t limit = limit_of(x), announced = 0;
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    buffer_t buffer = {0};
    apr_status_t rv;

    if (!x->op->has_body || !ap_request_has_body(r)) {
        return DECLINED;
    }
    if (length && !apr_table_get(r->headers_in, "Transfer-Encoding") && ap_parse_strict_length(&announced, length)) {
        if (announced > limit) {
            return mact_http_fault(x, "body-too-large", NULL);
        }
        buffer.room = (apr_size_t)announced;
        buffer.bytes = apr_palloc(r->pool, buffer.room + 1);
    }
    rv = read_all(&buffer, r, (apr_size_t)limit);
    if (rv == APR_ENOSPC) {
        r->connection->keepalive = AP_CONN_CLOSE;     /* the rest would be read for nothing */
        return mact_http_fault(x, "body-too-large", NULL);
    }
    if (rv != APR_SUCCESS) {
        return read_failed(x, rv);
    }
    if (buffer.length) {
        buffer.bytes[buffer.length] = '\0';
        x->body = buffer.bytes;
        x->body_length = buffer.length;
    }
    return DECLINED;
}
