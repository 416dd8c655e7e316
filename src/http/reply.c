/*
 * Replies.  What a procedure answered goes out as the bytes that PostgreSQL sent, from the memory they came in: no JSON is parsed, rebuilt
 * or copied.  A call that failed becomes a fault, and a line in the error log that says why.
 */
#include <apr_atomic.h>
#include <apr_siphash.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>
#include <http_protocol.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

/* ---- headers that the procedure gave ------------------------------------------------------------------------ */

static int is_header_name(const char *name)
{
    return *name && !*ap_scan_http_token(name);
}

/* Nothing that could end the line, and so begin another header or the body. */
static int is_header_value(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)value[i];

        if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return 0;
        }
    }
    return 1;
}

/* Framing is httpd's. */
static int is_ours_to_set(const char *name)
{
    return ap_cstr_casecmp(name, "Content-Length") && ap_cstr_casecmp(name, "Transfer-Encoding") && ap_cstr_casecmp(name, "Connection");
}

/* One header; 0 if it cannot be one. */
static int set_header(mact_exchange_t *x, const char *name, const json_t *value, int add)
{
    request_rec *r = x->r;
    const char *text;

    if (json_is_null(value)) {
        return 1;
    }
    if (json_is_array(value)) {
        const json_t *one;
        size_t i;

        json_array_foreach(value, i, one) {
            if (json_is_array(one) || !set_header(x, name, one, i > 0)) {
                return 0;
            }
        }
        return 1;
    }
    if (json_is_string(value)) {
        if (!is_header_value(json_string_value(value), json_string_length(value))) {
            return 0;
        }
        text = apr_pstrdup(r->pool, json_string_value(value));
    } else if (json_is_object(value)) {
        return 0;
    } else {
        text = mact_http_json_text(NULL, value, r->pool);
    }
    if (!is_header_name(name) || !is_ours_to_set(name)) {
        return 0;
    }
    if (!ap_cstr_casecmp(name, "Content-Type")) {
        ap_set_content_type(r, text);
    } else if (add) {
        apr_table_addn(r->headers_out, apr_pstrdup(r->pool, name), text);
    } else {
        apr_table_setn(r->headers_out, apr_pstrdup(r->pool, name), text);
    }
    return 1;
}

static void set_headers(mact_exchange_t *x, const char *text)
{
    json_error_t error;
    json_t *headers = json_loads(text, 0, &error), *value;
    const char *name;

    if (!json_is_object(headers)) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, x->r, "ACT0305: request %s, operation %s: the headers of the procedure's reply are no JSON "
                      "object and were left out: correct the procedure", x->request_id, x->op->id);
    }
    json_object_foreach(headers, name, value) {
        if (!set_header(x, name, value, 0)) {
            ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, x->r, "ACT0306: request %s, operation %s: a header of the procedure's reply (%s) has a "
                          "name or a value that none may have, and was left out: correct the procedure", x->request_id, x->op->id,
                          ap_escape_logitem(x->r->pool, name));
        }
    }
    json_decref(headers);
}

/* ---- conditional reads -------------------------------------------------------------------------------------- */

/*
 * Gives a good reply to a GET an ETag, where the procedure gave none: a hash of its bytes.  It need not resist attack: whoever could make
 * two bodies of one hash would only fool their own cache.
 */
static void set_etag(request_rec *r, const char *body, apr_size_t length)
{
    static const unsigned char key[APR_SIPHASH_KSIZE] = "activities etag";

    if (!apr_table_get(r->headers_out, "ETag")) {
        apr_table_setn(r->headers_out, "ETag", apr_psprintf(r->pool, "\"%016" APR_UINT64_T_HEX_FMT "\"",
                                                            apr_siphash24(body, length, key)));
    }
}

int mact_http_client_has_it(request_rec *r)
{
    ap_condition_e condition = ap_condition_if_none_match(r, r->headers_out);

    return condition == AP_CONDITION_STRONG || condition == AP_CONDITION_WEAK;
}

/* ---- what a procedure answered ------------------------------------------------------------------------------- */

static int answered(mact_exchange_t *x, const mact_db_reply_t *reply)
{
    request_rec *r = x->r;
    mact_facts_t facts = {.status = reply->status};

    if (reply->status < 200 || reply->status > 599) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "ACT0307: request %s, operation %s: the procedure answered with status %d, which is "
                      "none: correct the procedure", x->request_id, x->op->id, reply->status);
        return mact_http_fault(x, "internal", NULL);
    }
    ap_set_content_type(r, HTTP_JSON);
    if (reply->headers) {
        set_headers(x, reply->headers);
    }
    if (AP_STATUS_IS_HEADER_ONLY(reply->status)) {
        r->content_type = NULL;
        return mact_http_send(x, reply->status, NULL, NULL, 0);
    }
    if (!reply->body) {
        return reply->status >= 400 ? mact_http_fault(x, "http", &facts) : mact_http_send(x, reply->status, NULL, "", 0);
    }
    if (reply->status == HTTP_OK && r->method_number == M_GET) {
        set_etag(r, reply->body, reply->body_length);
        if (mact_http_client_has_it(r)) {
            r->content_type = NULL;
            return mact_http_send(x, HTTP_NOT_MODIFIED, NULL, NULL, 0);
        }
    }
    return mact_http_send(x, reply->status, NULL, reply->body, reply->body_length);
}

/*
 * Whether a line may be written now: one a second from each child, so that an outage or an overload does not fill the disk.  *kept_back is
 * how many were not written since the last.
 */
static int may_log(apr_uint32_t *kept_back)
{
    static volatile apr_uint32_t last, held;
    apr_uint32_t now = (apr_uint32_t)apr_time_sec(apr_time_now()), before = apr_atomic_read32(&last);

    if (now == before || apr_atomic_cas32(&last, now, before) != before) {
        apr_atomic_inc32(&held);
        return 0;
    }
    *kept_back = apr_atomic_xchg32(&held, 0);
    return 1;
}

static int unavailable(mact_exchange_t *x, const mact_db_reply_t *reply)
{
    apr_uint32_t kept_back;

    if (may_log(&kept_back)) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, x->r, "ACT0308: request %s, operation %s: 503, the database did not serve it%s%s: %s "
                      "(waited %" APR_TIME_T_FMT " ms; %u such lines were kept back)", x->request_id, x->op->id,
                      reply->sqlstate && *reply->sqlstate ? ", SQLSTATE " : "", reply->sqlstate ? reply->sqlstate : "",
                      reply->cause ? reply->cause : "no cause given", apr_time_as_msec(reply->waited), kept_back);
    }
    return mact_http_fault(x, "unavailable", NULL);
}

int mact_http_reply(mact_exchange_t *x, const mact_db_reply_t *reply)
{
    switch (reply->outcome) {
    case MACT_DB_DONE:
        return reply->refusal && !reply->status ? mact_http_fault(x, reply->refusal, NULL) : answered(x, reply);
    case MACT_DB_UNAVAILABLE:
        return unavailable(x, reply);
    case MACT_DB_TIMEOUT:
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, x->r, "ACT0309: request %s, operation %s: 504, the procedure took longer than "
                      "ActivitiesStatementTimeout allows and was stopped after %" APR_TIME_T_FMT " ms: find out why it is slow, or allow "
                      "more", x->request_id, x->op->id, apr_time_as_msec(reply->took));
        return mact_http_fault(x, "timeout", NULL);
    case MACT_DB_FAILED:
        break;
    }
    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, x->r, "ACT0310: request %s, operation %s: 500, the procedure failed, SQLSTATE %s: %s",
                  x->request_id, x->op->id, reply->sqlstate && *reply->sqlstate ? reply->sqlstate : "none",
                  reply->cause ? reply->cause : "no cause given");
    return mact_http_fault(x, "internal", NULL);
}
