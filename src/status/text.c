/*
 * status/text.c: the counters in Prometheus' text format, version 0.0.4.
 */
#include <apr_strings.h>
#include <apr_tables.h>

#include "status/status.h"

#define REQUESTS "activities_http_requests_total"
#define DURATION "activities_http_request_duration_seconds"
#define LIMITED  "activities_rate_limited_total"
#define DATABASE "activities_database_up"

static void say(apr_array_header_t *lines, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(apr_array_header_t *lines, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    APR_ARRAY_PUSH(lines, const char *) = apr_pvsprintf(lines->pool, format, args);
    va_end(args);
}

static void head(apr_array_header_t *lines, const char *family, const char *type, const char *help)
{
    say(lines, "# HELP %s %s\n# TYPE %s %s\n", family, help, family, type);
}

/* A label's value: backslash, quote and line feed are escaped. */
static const char *escaped(const char *text, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, 2 * strlen(text) + 1), *p = out;

    for (; *text; text++) {
        if (*text == '\\' || *text == '"' || *text == '\n') {
            *p++ = '\\';
        }
        *p++ = *text == '\n' ? 'n' : *text;
    }
    *p = '\0';
    return out;
}

static const char *labels_of(const mact_status_sum_t *sum, apr_pool_t *pool)
{
    return apr_psprintf(pool, "api=\"%s\",operation=\"%s\"", escaped(sum->api, pool), escaped(sum->name, pool));
}

/* Microseconds as seconds; whole thousandths without further zeros. */
static const char *seconds(apr_uint64_t took, apr_pool_t *pool)
{
    char *text = apr_psprintf(pool, "%" APR_UINT64_T_FMT ".%06u", took / 1000000, (unsigned)(took % 1000000));
    char *end = text + strlen(text) - 1;

    while (*end == '0') {
        *end-- = '\0';
    }
    if (*end == '.') {
        *end = '\0';
    }
    return text;
}

static void say_requests(apr_array_header_t *lines, const mact_status_sum_t *sum, const char *labels)
{
    for (int i = 0; i < sum->n_codes; i++) {
        const char *code = sum->codes[i] ? apr_itoa(lines->pool, sum->codes[i]) : "other";

        say(lines, REQUESTS "{%s,status=\"%s\"} %" APR_UINT64_T_FMT "\n", labels, code, sum->counts[i]);
    }
}

/* Buckets are cumulative, and the last is the count: so they agree whatever is counted at this moment. */
static void say_duration(apr_array_header_t *lines, const mact_status_sum_t *sum, const char *labels)
{
    apr_uint64_t count = 0;

    if (!sum->requests) {
        return;
    }
    for (int i = 0; i <= MACT_STATUS_BUCKETS; i++) {
        const char *bound = i < MACT_STATUS_BUCKETS ? seconds((apr_uint64_t)mact_status_bounds[i], lines->pool) : "+Inf";

        count += sum->buckets[i];
        say(lines, DURATION "_bucket{%s,le=\"%s\"} %" APR_UINT64_T_FMT "\n", labels, bound, count);
    }
    say(lines, DURATION "_sum{%s} %s\n", labels, seconds(sum->took, lines->pool));
    say(lines, DURATION "_count{%s} %" APR_UINT64_T_FMT "\n", labels, count);
}

/* From the first time that it is asked for, so that an increase can be seen. */
static void say_limited(apr_array_header_t *lines, const mact_status_sum_t *sum, const char *labels)
{
    say(lines, LIMITED "{%s} %" APR_UINT64_T_FMT "\n", labels, sum->limited);
}

typedef void say_fn(apr_array_header_t *lines, const mact_status_sum_t *sum, const char *labels);

static void say_all(apr_array_header_t *lines, say_fn *fn, const mact_status_t *status)
{
    const mact_status_op_t *op = status ? mact_status_first(status) : NULL;
    mact_status_sum_t sum;

    for (; op; op = mact_status_next(op)) {
        mact_status_sum(&sum, op);
        fn(lines, &sum, labels_of(&sum, lines->pool));
    }
}

const char *mact_status_text(const mact_status_t *status, int database_up, apr_pool_t *pool)
{
    apr_array_header_t *lines = apr_array_make(pool, 256, sizeof(const char *));

    head(lines, REQUESTS, "counter", "Requests answered, by API, operation and HTTP status.");
    say_all(lines, say_requests, status);
    head(lines, DURATION, "histogram", "Time from the request's first byte to its answer, in seconds.");
    say_all(lines, say_duration, status);
    head(lines, LIMITED, "counter", "Requests that exceeded a rate limit.");
    say_all(lines, say_limited, status);
    head(lines, DATABASE, "gauge", "Whether the database answers: 1, or 0.");
    say(lines, DATABASE " %d\n", database_up ? 1 : 0);
    return apr_array_pstrcat(pool, lines, 0);
}
