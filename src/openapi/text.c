/*
 * openapi/text.c: text as it comes from a client: UTF-8, white space, and numbers written in a URL.
 */
#include "inside.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

/* RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF. */
long mact_oapi_next(const char **text, const char *end)
{
    const unsigned char *p = (const unsigned char *)*text;
    apr_size_t left = (apr_size_t)(end - *text);
    long code;
    int more;

    if (left == 0) {
        return -1;
    }
    if (p[0] < 0x80) {
        *text += 1;
        return p[0];
    }
    if (p[0] < 0xC2 || p[0] > 0xF4) {
        return -1;
    }
    more = p[0] < 0xE0 ? 1 : p[0] < 0xF0 ? 2 : 3;
    if (left <= (apr_size_t)more) {
        return -1;
    }
    code = p[0] & (0x3F >> more);
    for (int i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return -1;
        }
        code = code << 6 | (p[i] & 0x3F);
    }
    if ((more == 2 && code < 0x800) || (more == 3 && code < 0x10000) || code > 0x10FFFF ||
        (code >= 0xD800 && code <= 0xDFFF)) {
        return -1;
    }
    *text += more + 1;
    return code;
}

int mact_oapi_utf8(const char *text, apr_size_t length)
{
    const char *end = text + length;

    while (text < end) {
        if (mact_oapi_next(&text, end) < 0) {
            return 0;
        }
    }
    return 1;
}

apr_size_t mact_oapi_characters(const char *text, apr_size_t length)
{
    apr_size_t count = 0;

    for (apr_size_t i = 0; i < length; i++) {
        count += ((unsigned char)text[i] & 0xC0) != 0x80;
    }
    return count;
}

/* Unicode's White_Space property. */
static int is_space(long code)
{
    return (code >= 0x09 && code <= 0x0D) || code == 0x20 || code == 0x85 || code == 0xA0 || code == 0x1680 ||
           (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 || code == 0x202F || code == 0x205F ||
           code == 0x3000;
}

void mact_oapi_trimmed(const char **text, apr_size_t *length)
{
    const char *end = *text + *length;
    const char *p = *text, *first = NULL, *last = *text;

    while (p < end) {
        const char *from = p;
        long code = mact_oapi_next(&p, end);
        if (code < 0) {
            return; /* not UTF-8: somebody else's matter */
        }
        if (!is_space(code)) {
            first = first ? first : from;
            last = p;
        }
    }
    *length = first ? (apr_size_t)(last - first) : 0;
    *text = first ? first : *text;
}

int mact_oapi_blank(const char *text, apr_size_t length)
{
    mact_oapi_trimmed(&text, &length);
    return length == 0;
}

/* ---- values written as text -------------------------------------------------------------------------------- */

static json_t *parse_integer(const char *text, apr_size_t length, int nearest)
{
    const char *digits = text + (*text == '-');
    char *end;
    long long number;

    if (!*digits || strspn(digits, "0123456789") != length - (apr_size_t)(digits - text)) {
        return NULL;
    }
    errno = 0;
    number = strtoll(text, &end, 10);
    return (errno && !nearest) || *end ? NULL : json_integer(number); /* beyond its range strtoll gives the nearest */
}

/* Exactly a JSON number: the parser of JSON says so. */
static json_t *parse_number(const char *text, apr_size_t length)
{
    json_t *json;

    if (length == 0 || strspn(text, "0123456789+-.eE") != length) {
        return NULL;
    }
    json = json_loadb(text, length, JSON_DECODE_ANY, NULL);
    if (json && !json_is_number(json)) {
        json_decref(json);
        return NULL;
    }
    return json;
}

static json_t *parse_boolean(const char *text)
{
    if (!apr_cstr_casecmp(text, "true") || !strcmp(text, "1")) {
        return json_true();
    }
    return !apr_cstr_casecmp(text, "false") || !strcmp(text, "0") ? json_false() : NULL;
}

json_t *mact_oapi_parse(const char **kind, const mact_oapi_schema_t *schema, const char *text, apr_size_t length)
{
    unsigned types = schema->effective;
    int whole = strlen(text) == length; /* U+0000 is in no number, and a string may not hold it */

    *kind = NULL;
    if (types & MACT_TYPE_STRING) {
        return json_stringn(text, length);
    }
    if (types & MACT_TYPE_NUMBER) {
        *kind = "parse-number";
        return whole ? parse_number(text, length) : NULL;
    }
    if (types & MACT_TYPE_INTEGER) {
        *kind = "parse-integer";
        return whole ? parse_integer(text, length, schema->nearest) : NULL;
    }
    *kind = "parse-boolean";
    return whole ? parse_boolean(text) : NULL;
}
