/*
 * The native `blob`: bytes that are no JSON, such as a picture, from the database.
 *
 *     x-native: {name: blob, headers: {Cache-Control: 'public, max-age=31536000, immutable'}}
 *     x-procedure: schema.name(path.file)
 *
 * The procedure's row is a reply that has, where there is something to send, a `content` (bytea) and its `media_type` besides.  It should
 * give an ETag, by which a client that has the bytes already is answered 304.  `headers` are of these two replies alone: a refusal has
 * those of every other.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_protocol.h>

#include "http/inside.h"

/* One type and subtype, as tokens; what it came from decides nothing else of the reply. */
static int is_media_type(const char *text)
{
    static const char token[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$&^_.+-";
    apr_size_t type = strspn(text, token), subtype = text[type] == '/' ? strspn(text + type + 1, token) : 0;

    return type && subtype && !text[type + 1 + subtype];
}

/* A strong one (RFC 9110, 8.8.3) of visible ASCII: nothing else could come from us. */
static int is_etag(const char *text)
{
    apr_size_t end = strlen(text) - 1;

    if (*text != '"' || end == 0 || text[end] != '"') {
        return 0;
    }
    for (apr_size_t i = 1; i < end; i++) {
        if (text[i] < 0x21 || text[i] > 0x7E || text[i] == '"') {
            return 0;
        }
    }
    return 1;
}

/* The ETag that the procedure gave: its other headers are for replies without content. */
static const char *etag_of(const mact_db_reply_t *reply, apr_pool_t *pool)
{
    json_t *headers = reply->headers ? json_loads(reply->headers, 0, NULL) : NULL;
    const char *said = json_string_value(json_object_get(headers, "ETag"));
    const char *etag = said && is_etag(said) ? apr_pstrdup(pool, said) : NULL;

    json_decref(headers);
    return etag;
}

/* What the document says of the bytes: nothing that a refusal should be kept by. */
static void set_headers(mact_exchange_t *x, const char *etag)
{
    const char *name;
    json_t *value;

    json_object_foreach(json_object_get(x->op->native_options, "headers"), name, value) {
        apr_table_setn(x->r->headers_out, name, json_string_value(value));
    }
    if (etag) {
        apr_table_setn(x->r->headers_out, "ETag", etag);
    }
}

int mact_http_blob(mact_exchange_t *x)
{
    request_rec *r = x->r;
    const mact_db_reply_t *reply = mact_http_call(x);
    apr_size_t length = 0;
    const unsigned char *bytes = NULL;
    const char *type = NULL, *etag;

    if (reply->outcome == MACT_DB_DONE && !reply->refusal && reply->status == HTTP_OK) {
        bytes = mact_db_bytes(reply, "content", &length, r->pool);
        type = mact_db_column(reply, "media_type");
    }
    if (!bytes || !type || !is_media_type(type)) {
        return mact_http_reply(x, reply);
    }
    etag = etag_of(reply, r->pool);
    set_headers(x, etag);
    if (etag && mact_http_client_has_it(r)) {
        return mact_http_send(x, HTTP_NOT_MODIFIED, NULL, NULL, 0);
    }
    return mact_http_send(x, HTTP_OK, apr_pstrdup(r->pool, type), (const char *)bytes, length);
}

const char *mact_http_blob_flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)op->native_options, name, value) {
        if (strcmp(name, "headers") || !json_is_object(value)) {
            return apr_psprintf(pool, "there is no option `%s'; there is headers, an object", name);
        }
    }
    json_object_foreach(json_object_get(op->native_options, "headers"), name, value) {
        if (!json_is_string(value) || strpbrk(json_string_value(value), "\r\n") || strpbrk(name, "\r\n: ")) {
            return apr_psprintf(pool, "the header `%s' is no line of text", name);
        }
    }
    return op->call ? NULL : "it sends what a procedure answers: give the operation an x-procedure";
}
