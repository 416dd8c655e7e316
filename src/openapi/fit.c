/*
 * openapi/fit.c: what JSON can say and nobody here can hold: numbers beyond 64 bits or a double, and U+0000.
 *
 * Most of what a client sends beyond what is described is ignored, and so must not be the reason of a refusal.  The
 * parser refuses the whole text where it meets such a number, or such a name: then the text is parsed once more with
 * marks in their places (or doubles, where they are near), and who looks at a place decides what a mark means there.  A number's mark is a text that
 * begins with U+0000, a name's is U+FDD0 in it, which Unicode keeps for a program's own use.
 */
#include "inside.h"

#include <float.h>
#include <math.h>
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

/* What follows the quote at `p`: the end of the text, behind its closing quote if it has one. */
static const char *string_end(const char *p, const char *end)
{
    while (p < end && *p != '"') {
        p += *p == '\\' && p + 1 < end ? 2 : 1;
    }
    return p < end ? p + 1 : end;
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
        const char *next = *p == '"' ? string_end(p + 1, end) : number_end(p, end);

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

json_t *mact_oapi_json(const char *text, apr_size_t length, size_t flags, int *wide, apr_pool_t *pool)
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

static int has_nul(const json_t *text)
{
    return memchr(json_string_value(text), '\0', json_string_length(text)) != NULL;
}

static int is_marked(const char *name)
{
    return strstr(name, NAME_MARK) != NULL;
}

int mact_oapi_unfit(const json_t *json)
{
    const char *name;
    size_t i;
    json_t *value;

    if (json_is_string(json)) {
        return has_nul(json);
    }
    json_object_foreach((json_t *)json, name, value) {
        if (is_marked(name) || mact_oapi_unfit(value)) {
            return 1;
        }
    }
    json_array_foreach(json, i, value) {
        if (mact_oapi_unfit(value)) {
            return 1;
        }
    }
    return 0;
}

/* Whether an integer beyond 64 bits is in it, as the double that it has become. */
static int has_wide(const json_t *json)
{
    const char *name;
    size_t i;
    json_t *value;

    json_object_foreach((json_t *)json, name, value) {
        if (has_wide(value)) {
            return 1;
        }
    }
    json_array_foreach(json, i, value) {
        if (has_wide(value)) {
            return 1;
        }
    }
    return mact_oapi_wide(json);
}

/* The number that the mark is for, or NULL. */
static const char *number_of(const json_t *text)
{
    const char *number = json_string_value(text) + 1;
    apr_size_t length = json_string_length(text);

    return length > HARMLESS && !number[-1] && number_end(number, number + length - 1) == number + length - 1 ? number : NULL;
}

/* The double that is nearest. */
static json_t *nearest(const char *number)
{
    double real = strpbrk(number, ".eE") ? HUGE_VAL : strtod(number + (*number == '-'), NULL);

    real = isinf(real) ? DBL_MAX : real;
    return json_real(*number == '-' ? -real : real);
}

/* ---- what is described ------------------------------------------------------------------------------------- */

typedef enum { LISTS = 1, OPEN = 2 } members_e;

static int members_of(const mact_oapi_schema_t *schema);

static int members_of_all(const apr_array_header_t *branches)
{
    int members = 0;

    for (int i = 0; branches && i < branches->nelts; i++) {
        members |= members_of(APR_ARRAY_IDX(branches, i, const mact_oapi_schema_t *));
    }
    return members;
}

static int members_of(const mact_oapi_schema_t *schema)
{
    return (schema->properties ? LISTS : 0) | (schema->additional ? OPEN : 0) | (schema->ref ? members_of(schema->ref) : 0) |
           members_of_all(schema->all_of) | members_of_all(schema->any_of) | members_of_all(schema->one_of);
}

/* Whether members that the schema does not name mean nothing: it names some, and says nothing of others. */
static int ignores_others(const mact_oapi_schema_t *schema)
{
    return members_of(schema) == LISTS;
}

static const mact_oapi_schema_t *items_of(const mact_oapi_schema_t *schema);

static const mact_oapi_schema_t *items_of_any(const apr_array_header_t *branches)
{
    const mact_oapi_schema_t *found = NULL;

    for (int i = 0; branches && i < branches->nelts && !found; i++) {
        found = items_of(APR_ARRAY_IDX(branches, i, const mact_oapi_schema_t *));
    }
    return found;
}

/* The schema of an array's elements, through $ref, allOf, anyOf and oneOf; NULL if none says anything of them. */
static const mact_oapi_schema_t *items_of(const mact_oapi_schema_t *schema)
{
    const mact_oapi_schema_t *found = schema->items;

    found = found || !schema->ref ? found : items_of(schema->ref);
    found = found ? found : items_of_any(schema->all_of);
    found = found ? found : items_of_any(schema->any_of);
    return found ? found : items_of_any(schema->one_of);
}

/* ---- a body ------------------------------------------------------------------------------------------------ */

/* `at` is where flaws are told in what nothing describes, and so has no places in it; NULL: where they stand. */
static json_t *examine(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *value, const mact_place_t *place,
                       const mact_place_t *at);

/* What shall stand in the text's place. */
static json_t *examine_text(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *text, const mact_place_t *place,
                            const mact_place_t *at)
{
    const char *number;

    if (!has_nul(text)) {
        return text;
    }
    number = number_of(text);
    if (number && schema && !(schema->effective & MACT_TYPE_NUMBER)) {
        return nearest(number); /* the schema asks for integers, or for no number at all, and so has something to say of it */
    }
    if (number) {
        mact_oapi_flaw_plain(run, at ? NULL : place, "number");
    } else {
        mact_oapi_flaw_plain(run, at ? at : place, "nul");
    }
    return text;
}

static void examine_member(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *object, const char *name, json_t *before,
                           const mact_place_t *place, const mact_place_t *at)
{
    const mact_oapi_schema_t *property = schema ? mact_oapi_property(schema, name) : NULL;
    int unknown = schema && !property && ignores_others(schema);
    const mact_place_t below = {place, name, 0, place ? place->depth + 1 : 1};
    json_t *after;

    if (unknown && !run->doc->inside->members_checked) {
        if (is_marked(name) || mact_oapi_unfit(before)) {
            json_object_del(object, name); /* or the database would be given it */
        }
        return;
    }
    if (unknown && run->wide && has_wide(before)) {
        mact_oapi_flaw_plain(run, NULL, "number");
    }
    if (is_marked(name)) {
        mact_oapi_flaw_plain(run, NULL, "nul");
        json_object_del(object, name);
        return;
    }
    after = examine(run, property, before, &below, at ? at : !property && (unknown || !place) ? &below : NULL);
    if (after != before) {
        json_object_set_new(object, name, after);
    }
}

static json_t *examine(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *value, const mact_place_t *place,
                       const mact_place_t *at)
{
    const char *name;
    json_t *member;
    void *next;

    if (run->violations->nelts >= MACT_VIOLATIONS_MOST) {
        return value;
    }
    if (json_is_string(value)) {
        return examine_text(run, schema, value, place, at);
    }
    json_object_foreach_safe(value, next, name, member) {
        examine_member(run, schema, value, name, member, place, at);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const mact_place_t below = {place, NULL, i, place ? place->depth + 1 : 1};
        json_t *before = json_array_get(value, i);
        json_t *after = examine(run, schema ? items_of(schema) : NULL, before, &below, at);

        if (after != before) {
            json_array_set_new(value, i, after);
        }
    }
    return value;
}

void mact_oapi_fit(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *body)
{
    examine(run, schema, body, NULL, NULL);
}
