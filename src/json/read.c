/*
 * json/read.c: JSON is read although it says what nobody here can hold: numbers beyond 64 bits or a double, and U+0000.
 *
 * Most of what a client sends beyond what is described is ignored, and so must not be the reason of a refusal.  The parser refuses
 * the whole text where it meets such a number, or such a name: then the text is parsed once more with marks in their places (or
 * doubles, where they are near), and who looks at a place decides what a mark means there.  A number's mark is a text that begins
 * with U+0000, a name's is U+FDD0 in it, which Unicode keeps for a program's own use.
 */
#include "json/inside.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#define NUL_ESCAPED "\\u0000"
#define NAME_MARK_ESCAPED "\\ufdd0"
#define NAME_MARK "\xEF\xB7\x90"

/* ---- marks into the text ----------------------------------------------------------------------------------- */

static const char *digits_end(const char *p, const char *end)
{
    while (p < end && *p >= '0' && *p <= '9') {
        p++;
    }
    return p;
}

/* The end of the number that begins at `p` (RFC 8259, 6), or `p`: none does. */
static const char *number_end(const char *p, const char *end)
{
    const char *from = p, *next;

    p += *p == '-';
    next = p < end && *p == '0' ? p + 1 : digits_end(p, end);
    if (next == p) {
        return from;
    }
    p = next;
    if (p < end && *p == '.') {
        next = digits_end(p + 1, end);
        p = next > p + 1 ? next : p;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        from = p + 1;
        from += from < end && (*from == '+' || *from == '-');
        next = digits_end(from, end);
        p = next > from ? next : p;
    }
    return p;
}

#define HARMLESS 5 /* characters that no number is too large with: 1e308 */

/* Whether the parser cannot hold it. */
static int is_too_large(const char *number, apr_size_t length)
{
    json_error_t error;
    json_t *json;

    if (length < HARMLESS || (length < sizeof("9223372036854775807") - 1 && !memchr(number, 'e', length) && !memchr(number, 'E', length))) {
        return 0;
    }
    json = json_loadb(number, length, JSON_DECODE_ANY, &error);
    if (json) {
        json_decref(json);
        return 0;
    }
    return json_error_code(&error) == json_error_numeric_overflow;
}

static int is_name(const char *after, const char *end)
{
    while (after < end && strchr(" \t\r\n", *after) && *after) {
        after++;
    }
    return after < end && *after == ':';
}

/* Copies a name, U+0000 marked. */
static char *put_name(char *to, const char *p, const char *end)
{
    while (p < end) {
        apr_size_t n = *p == '\\' && p + 1 < end ? 2 : 1;

        if (end - p > (long)strlen(NUL_ESCAPED) && !strncmp(p, NUL_ESCAPED, strlen(NUL_ESCAPED))) {
            n = strlen(NUL_ESCAPED);
            memcpy(to, NAME_MARK_ESCAPED, n);
        } else {
            memcpy(to, p, n);
        }
        to += n;
        p += n;
    }
    return to;
}

static char *put(char *to, const char *text, apr_size_t length)
{
    memcpy(to, text, length);
    return to + length;
}

/* An integer that a double is near. */
static int is_wide(const char *number, apr_size_t length)
{
    return length <= DBL_MAX_10_EXP && !memchr(number, '.', length) && !memchr(number, 'e', length) && !memchr(number, 'E', length);
}

/* A mark, or the double that `e0` makes of an integer. */
static char *put_number(char *to, const char *number, apr_size_t length, int *wide)
{
    if (wide && is_wide(number, length)) {
        *wide = 1;
        return put(put(to, number, length), "e0", 2);
    }
    to = put(to, "\"" NUL_ESCAPED, strlen("\"" NUL_ESCAPED));
    return put(put(to, number, length), "\"", 1);
}

/* The text with marks.  Each is a few characters longer than what it stands for, which has at least HARMLESS. */
static const char *with_marks(apr_size_t *marked_length, const char *text, apr_size_t length, int *wide, apr_pool_t *pool)
{
    const char *end = text + length;
    char *marked = apr_palloc(pool, 3 * length + 1), *to = marked;

    for (const char *p = text; p < end;) {
        const char *next = *p == '"' ? mact_json_string_end(p + 1, end) : number_end(p, end);

        if (*p == '"' && is_name(next, end)) {
            to = put_name(to, p, next);
        } else if (*p != '"' && is_too_large(p, (apr_size_t)(next - p))) {
            to = put_number(to, p, (apr_size_t)(next - p), wide);
        } else {
            next = next > p ? next : p + 1;
            to = put(to, p, (apr_size_t)(next - p));
        }
        p = next;
    }
    *marked_length = (apr_size_t)(to - marked);
    return marked;
}

json_t *mact_json_read(const char *text, apr_size_t length, size_t flags, int *wide, apr_pool_t *pool)
{
    json_error_t error;
    json_t *json = json_loadb(text, length, flags | JSON_ALLOW_NUL, &error);
    enum json_error_code code;
    apr_size_t marked_length;
    const char *marked;

    if (json) {
        return json;
    }
    code = json_error_code(&error);
    if (code != json_error_numeric_overflow && code != json_error_null_byte_in_key) {
        return NULL;
    }
    marked = with_marks(&marked_length, text, length, wide, pool);
    return json_loadb(marked, marked_length, flags | JSON_ALLOW_NUL, NULL);
}

/* ---- marks in values --------------------------------------------------------------------------------------- */

int mact_json_has_nul(const json_t *text)
{
    return memchr(json_string_value(text), '\0', json_string_length(text)) != NULL;
}

int mact_json_marked(const char *name)
{
    return strstr(name, NAME_MARK) != NULL;
}

int mact_json_unfit(const json_t *json)
{
    const char *name;
    size_t i;
    json_t *value;

    if (json_is_string(json)) {
        return mact_json_has_nul(json);
    }
    json_object_foreach((json_t *)json, name, value) {
        if (mact_json_marked(name) || mact_json_unfit(value)) {
            return 1;
        }
    }
    json_array_foreach(json, i, value) {
        if (mact_json_unfit(value)) {
            return 1;
        }
    }
    return 0;
}

const char *mact_json_number(const json_t *text)
{
    const char *number = json_string_value(text) + 1;
    apr_size_t length = json_string_length(text);

    if (length <= HARMLESS || number[-1] || number_end(number, number + length - 1) != number + length - 1) {
        return NULL;
    }
    return is_too_large(number, length - 1) ? number : NULL; /* else none was marked: it is a client's own text */
}
