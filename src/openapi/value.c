/*
 * openapi/value.c: JSON values as JSON Schema sees them: numbers by value whatever their spelling, equality, and
 * JSON text.
 *
 * A number is an int64 or a double.  A double stands for the shortest decimal that reads back as it, which is
 * what its sender wrote: so 0.3 is a multiple of 0.1 here.
 */
#include "inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

unsigned mact_oapi_type_of(const json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return MACT_TYPE_OBJECT;
    case JSON_ARRAY:
        return MACT_TYPE_ARRAY;
    case JSON_STRING:
        return MACT_TYPE_STRING;
    case JSON_INTEGER:
        return MACT_TYPE_INTEGER | MACT_TYPE_NUMBER;
    case JSON_REAL:
        return MACT_TYPE_NUMBER | (mact_oapi_integral(json) ? MACT_TYPE_INTEGER : 0);
    case JSON_NULL:
        return MACT_TYPE_NULL;
    default:
        return MACT_TYPE_BOOLEAN;
    }
}

int mact_oapi_integral(const json_t *number)
{
    return json_is_integer(number) ||
           (isfinite(json_real_value(number)) && trunc(json_real_value(number)) == json_real_value(number));
}

/* ---- order ------------------------------------------------------------------------------------------------- */

static int order(double a, double b)
{
    return (a > b) - (a < b);
}

/* An int64 and a double, without turning the former into the latter: that would lose its last digits. */
static int order_mixed(json_int_t a, double b)
{
    double whole = trunc(b);

    if (whole >= 9223372036854775808.0) {
        return -1;
    }
    if (whole < -9223372036854775808.0) {
        return 1;
    }
    if (a != (json_int_t)whole) {
        return a < (json_int_t)whole ? -1 : 1;
    }
    return order(0, b - whole);
}

int mact_oapi_compare(const json_t *a, const json_t *b)
{
    if (json_is_integer(a) && json_is_integer(b)) {
        return (json_integer_value(a) > json_integer_value(b)) - (json_integer_value(a) < json_integer_value(b));
    }
    if (json_is_integer(a)) {
        return order_mixed(json_integer_value(a), json_real_value(b));
    }
    if (json_is_integer(b)) {
        return -order_mixed(json_integer_value(b), json_real_value(a));
    }
    return order(json_real_value(a), json_real_value(b));
}

/* ---- decimals ---------------------------------------------------------------------------------------------- */

#define REAL_MOST 40 /* characters of a double, generously */

/* The shortest decimal that reads back as the same double. */
static void shortest(char *text, double real)
{
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, REAL_MOST, "%.*g", digits, real);
        if (strtod(text, NULL) == real) {
            break;
        }
    }
    for (; *text; text++) {
        if (!strchr("0123456789+-e", *text)) {
            *text = '.'; /* whatever the locale has for it */
        }
    }
}

/* digits * 10^exponent; digits ends in no zero. */
typedef struct {
    apr_uint64_t digits;
    int exponent;
} decimal_t;

static decimal_t decimal(const json_t *number)
{
    decimal_t d = {0, 0};

    if (json_is_integer(number)) {
        json_int_t value = json_integer_value(number);
        d.digits = value < 0 ? 0 - (apr_uint64_t)value : (apr_uint64_t)value;
    } else {
        char text[REAL_MOST];
        int fraction = 0;

        shortest(text, json_real_value(number));
        for (const char *p = text; *p && *p != 'e'; p++) {
            if (*p == '.') {
                fraction = 1;
            } else if (*p >= '0' && *p <= '9') {
                d.digits = d.digits * 10 + (apr_uint64_t)(*p - '0');
                d.exponent -= fraction;
            }
        }
        d.exponent += strchr(text, 'e') ? atoi(strchr(text, 'e') + 1) : 0;
    }
    while (d.digits && d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}

/* digits * 10^shift mod of, without overflow. */
static apr_uint64_t scaled_rest(apr_uint64_t digits, int shift, apr_uint64_t of)
{
    __extension__ typedef unsigned __int128 wide_t;
    apr_uint64_t rest = digits % of;

    for (; shift > 0 && rest; shift--) {
        rest = (apr_uint64_t)((wide_t)rest * 10 % of);
    }
    return rest;
}

int mact_oapi_multiple(const json_t *number, const json_t *of)
{
    decimal_t a = decimal(number);
    decimal_t b = decimal(of);

    if (a.digits == 0) {
        return 1;
    }
    /* Below b's last place there is a digit of a that is not zero: no multiple can have it. */
    if (a.exponent < b.exponent) {
        return 0;
    }
    return scaled_rest(a.digits, a.exponent - b.exponent, b.digits) == 0;
}

/* ---- equality ---------------------------------------------------------------------------------------------- */

static int equal_objects(const json_t *a, const json_t *b)
{
    const char *key;
    json_t *value;

    if (json_object_size(a) != json_object_size(b)) {
        return 0;
    }
    json_object_foreach((json_t *)a, key, value) {
        const json_t *other = json_object_get(b, key);
        if (!other || !mact_oapi_equal(value, other)) {
            return 0;
        }
    }
    return 1;
}

int mact_oapi_equal(const json_t *a, const json_t *b)
{
    if (json_is_number(a) && json_is_number(b)) {
        return mact_oapi_compare(a, b) == 0;
    }
    if (json_typeof(a) != json_typeof(b)) {
        return 0;
    }
    switch (json_typeof(a)) {
    case JSON_STRING:
        return json_string_length(a) == json_string_length(b) &&
               !memcmp(json_string_value(a), json_string_value(b), json_string_length(a));
    case JSON_ARRAY:
        if (json_array_size(a) != json_array_size(b)) {
            return 0;
        }
        for (size_t i = 0; i < json_array_size(a); i++) {
            if (!mact_oapi_equal(json_array_get(a, i), json_array_get(b, i))) {
                return 0;
            }
        }
        return 1;
    case JSON_OBJECT:
        return equal_objects(a, b);
    default:
        return 1;
    }
}

/* ---- text -------------------------------------------------------------------------------------------------- */

/* Text that grows by doubling; its leftovers go with the pool. */
typedef struct {
    char *text;
    apr_size_t length, size;
    int sorted; /* members in the order of their names, and 1.0 as 1: equal values give equal text */
    apr_pool_t *pool;
} buffer_t;

static void put(buffer_t *b, const char *text, apr_size_t length)
{
    if (b->length + length + 1 > b->size) {
        char *larger;
        b->size = (b->length + length + 1) * 2;
        larger = apr_palloc(b->pool, b->size);
        memcpy(larger, b->text, b->length);
        b->text = larger;
    }
    memcpy(b->text + b->length, text, length);
    b->length += length;
    b->text[b->length] = '\0';
}

static void put_string(buffer_t *b, const char *text, apr_size_t length)
{
    char escape[8];
    apr_size_t from = 0;

    put(b, "\"", 1);
    for (apr_size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        put(b, text + from, i - from);
        from = i + 1;
        if (c == '"' || c == '\\') {
            snprintf(escape, sizeof(escape), "\\%c", c);
        } else {
            snprintf(escape, sizeof(escape), "\\u%04x", c);
        }
        put(b, escape, strlen(escape));
    }
    put(b, text + from, length - from);
    put(b, "\"", 1);
}

static void put_number(buffer_t *b, const json_t *json)
{
    char text[REAL_MOST];

    if (json_is_integer(json)) {
        snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(json));
    } else if (mact_oapi_integral(json) && fabs(json_real_value(json)) < 9e18) {
        snprintf(text, sizeof(text), "%lld", (long long)json_real_value(json));
    } else {
        shortest(text, json_real_value(json));
    }
    put(b, text, strlen(text));
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void put_value(buffer_t *b, const json_t *json);

static void put_object(buffer_t *b, const json_t *json)
{
    apr_size_t count = json_object_size(json), n = 0;
    const char **names = apr_palloc(b->pool, (count + 1) * sizeof(*names));
    const char *key;
    json_t *member;

    json_object_foreach((json_t *)json, key, member) {
        names[n++] = key;
    }
    if (b->sorted && n > 1) {
        qsort(names, n, sizeof(*names), by_name);
    }
    put(b, "{", 1);
    for (apr_size_t i = 0; i < n; i++) {
        put(b, ",", i > 0);
        put_string(b, names[i], strlen(names[i]));
        put(b, ":", 1);
        put_value(b, json_object_get(json, names[i]));
    }
    put(b, "}", 1);
}

static void put_value(buffer_t *b, const json_t *json)
{
    size_t i;
    json_t *element;

    switch (json_typeof(json)) {
    case JSON_OBJECT:
        put_object(b, json);
        break;
    case JSON_ARRAY:
        put(b, "[", 1);
        json_array_foreach(json, i, element) {
            put(b, ",", i > 0);
            put_value(b, element);
        }
        put(b, "]", 1);
        break;
    case JSON_STRING:
        put_string(b, json_string_value(json), json_string_length(json));
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        put_number(b, json);
        break;
    case JSON_NULL:
        put(b, "null", 4);
        break;
    default:
        put(b, json_is_true(json) ? "true" : "false", json_is_true(json) ? 4 : 5);
    }
}

static const char *text_of(const json_t *json, int sorted, apr_pool_t *pool)
{
    buffer_t b = {apr_pcalloc(pool, 64), 0, 64, sorted, pool};

    put_value(&b, json);
    return b.text;
}

const char *mact_oapi_text(const json_t *json, apr_pool_t *pool)
{
    return text_of(json, 0, pool);
}

/*
 * Equal values have equal text, so sorting finds them: an array of many thousands costs no more than its length
 * times its logarithm.
 */
int mact_oapi_distinct(const json_t *array, apr_pool_t *pool)
{
    apr_size_t count = json_array_size(array);
    apr_pool_t *tmp;
    const char **texts;
    int distinct = 1;

    if (count < 2) {
        return 1;
    }
    apr_pool_create(&tmp, pool);
    texts = apr_palloc(tmp, count * sizeof(*texts));
    for (apr_size_t i = 0; i < count; i++) {
        texts[i] = text_of(json_array_get(array, i), 1, tmp);
    }
    qsort(texts, count, sizeof(*texts), by_name);
    for (apr_size_t i = 1; i < count && distinct; i++) {
        distinct = strcmp(texts[i - 1], texts[i]) != 0;
    }
    apr_pool_destroy(tmp);
    return distinct;
}

static apr_status_t release(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

json_t *mact_oapi_keep(json_t *json, apr_pool_t *pool)
{
    apr_pool_cleanup_register(pool, json, release, apr_pool_cleanup_null);
    return json;
}
