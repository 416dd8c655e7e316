/*
 * openapi/form.c: forms as a client sends them, in either encoding, as pairs of name and value.
 *
 * How many there are is bounded before they are kept: what is three bytes on the wire is a hundred here.
 */
#include "inside.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

/* ---- application/x-www-form-urlencoded --------------------------------------------------------------------- */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static apr_status_t decode(const char **decoded, apr_size_t *decoded_length, const char *text, apr_size_t length,
                           apr_pool_t *pool)
{
    char *to = apr_palloc(pool, length + 1);
    apr_size_t n = 0;

    for (apr_size_t i = 0; i < length; i++) {
        if (text[i] == '+') {
            to[n++] = ' ';
        } else if (text[i] != '%') {
            to[n++] = text[i];
        } else if (i + 2 < length && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
            to[n++] = (char)(hex(text[i + 1]) << 4 | hex(text[i + 2]));
            i += 2;
        } else {
            return APR_EGENERAL;
        }
    }
    to[n] = '\0';
    *decoded = to;
    *decoded_length = n;
    return mact_oapi_utf8(to, n) ? APR_SUCCESS : APR_EGENERAL;
}

/* One pair as it was sent.  What is broken in it is told by who knows where it stands. */
static mact_pair_t decode_pair(const char *text, apr_size_t length, apr_pool_t *pool)
{
    const char *end = text + length;
    const char *equals = memchr(text, '=', length);
    const char *value = equals ? equals + 1 : end;
    mact_pair_t pair = {"", "", 0, 0, 0};

    equals = equals ? equals : end;
    if (decode(&pair.name, &pair.name_length, text, (apr_size_t)(equals - text), pool) != APR_SUCCESS) {
        return (mact_pair_t){"", "", 0, 0, 1};
    }
    if (decode(&pair.value, &pair.value_length, value, (apr_size_t)(end - value), pool) != APR_SUCCESS) {
        pair.broken = 1;
    }
    return pair;
}

apr_status_t mact_oapi_form(apr_array_header_t **pairs, const char *text, apr_size_t length, apr_pool_t *pool)
{
    const char *end = text + length;
    apr_status_t rv = APR_SUCCESS;

    *pairs = apr_array_make(pool, 8, sizeof(mact_pair_t));
    while (text < end) {
        const char *stop = memchr(text, '&', (apr_size_t)(end - text));

        stop = stop ? stop : end;
        if (stop > text) {
            mact_pair_t pair;

            if ((*pairs)->nelts == MACT_PAIRS_MOST) {
                return APR_ENOSPC;
            }
            pair = decode_pair(text, (apr_size_t)(stop - text), pool);
            rv = pair.broken ? APR_EGENERAL : rv;
            APR_ARRAY_PUSH(*pairs, mact_pair_t) = pair;
        }
        text = stop + 1;
    }
    return rv;
}

/* ---- multipart/form-data ----------------------------------------------------------------------------------- */

/* A field's charset is UTF-8, or one in which ASCII is ASCII while the value has nothing else: many name one that they do not use. */
static int is_text(const mact_multipart_part_t *part)
{
    if (part->charset && apr_cstr_casecmp(part->charset, "utf-8") && apr_cstr_casecmp(part->charset, "us-ascii")) {
        for (apr_size_t i = 0; i < part->length; i++) {
            if ((unsigned char)part->data[i] > 0x7F) {
                return 0;
            }
        }
    }
    return mact_oapi_utf8(part->data, part->length);
}

apr_status_t mact_oapi_parts(apr_array_header_t **pairs, apr_array_header_t **files, const char *content_type, const char *body,
                             apr_size_t length, apr_pool_t *pool)
{
    apr_array_header_t *parts;

    *pairs = apr_array_make(pool, 4, sizeof(mact_pair_t));
    *files = apr_array_make(pool, 2, sizeof(mact_multipart_part_t));
    if (mact_multipart_read(&parts, content_type, body, length, MACT_PARTS_MOST, pool)) {
        return APR_EGENERAL;
    }
    for (int i = 0; i < parts->nelts; i++) {
        const mact_multipart_part_t *part = &APR_ARRAY_IDX(parts, i, const mact_multipart_part_t);

        if (!mact_oapi_utf8(part->name, strlen(part->name)) || (!part->filename && !is_text(part))) {
            return APR_EGENERAL;
        }
        if (!part->filename) {
            mact_pair_t pair = {part->name, apr_pstrmemdup(pool, part->data, part->length), strlen(part->name), part->length, 0};
            APR_ARRAY_PUSH(*pairs, mact_pair_t) = pair;
        } else if (part->length || *part->filename) { /* a form's file field that was left alone has neither */
            APR_ARRAY_PUSH(*files, mact_multipart_part_t) = *part;
        }
    }
    return APR_SUCCESS;
}
