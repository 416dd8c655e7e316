/*
 * The native `health`: is the service fit to answer?
 *
 *     x-native: {name: health, database: true, timeout: 2s, healthy: {status: healthy}, unhealthy: {status: unhealthy}}
 *
 * With `database` (or a procedure) the database is asked, within `timeout`, which bounds both the wait for a connection and the answer.  An
 * answer is 200 with `healthy` (or the procedure's own reply where that is left out), anything else 503 with `unhealthy`.  Templates may
 * name `{latency_ms}` besides what faults may.
 */
#include <apr_strings.h>

#include "http/inside.h"

#define TIMEOUT_DEFAULT apr_time_from_sec(2)

/* The option `timeout`, a number of seconds or a duration such as 500ms; 0 if it is neither. */
static apr_interval_time_t timeout_of(const json_t *options)
{
    const json_t *said = json_object_get(options, "timeout");
    apr_interval_time_t timeout;

    if (!said) {
        return TIMEOUT_DEFAULT;
    }
    if (json_is_integer(said)) {
        return apr_time_from_sec(json_integer_value(said));
    }
    if (json_is_string(said) && ap_timeout_parameter_parse(json_string_value(said), &timeout, "s") == APR_SUCCESS) {
        return timeout;
    }
    return 0;
}

const char *mact_http_health_flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    const json_t *options = op->native_options, *database = json_object_get(options, "database");
    apr_interval_time_t timeout = timeout_of(options);
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)options, name, value) {
        if (strcmp(name, "database") && strcmp(name, "timeout") && strcmp(name, "healthy") && strcmp(name, "unhealthy")) {
            return apr_psprintf(pool, "there is no option `%s'; there are database, timeout, healthy and unhealthy", name);
        }
    }
    if (timeout <= 0 || timeout > apr_time_from_sec(60)) {
        return "`timeout' is no duration from 1ms to 60s, such as 500ms or 2s";
    }
    if (database && !json_is_boolean(database)) {
        return "`database' is neither true nor false";
    }
    if (!op->call && !json_object_get(options, "healthy")) {
        return "without x-procedure it needs `healthy', the body of a good reply";
    }
    return NULL;
}

/* The configured bounds, or this native's where those are wider. */
static void bounds_of(mact_db_bounds_t *bounds, const mact_exchange_t *x, apr_interval_time_t timeout)
{
    mact_config_bounds(bounds, x->config);
    if (bounds->pool_wait > timeout) {
        bounds->pool_wait = timeout;
    }
    if (!bounds->statement_timeout || bounds->statement_timeout > timeout) {
        bounds->statement_timeout = timeout;
    }
}

static int send_template(mact_exchange_t *x, int status, const char *option, apr_interval_time_t latency)
{
    json_t *extra = json_pack("{s:f}", "latency_ms", (double)(latency / 10) / 100);
    mact_facts_t facts = {.status = status, .extra = extra};
    json_t *body = mact_http_fill(json_object_get(x->op->native_options, option), NULL, x, &facts);
    int answer;

    if (status == HTTP_SERVICE_UNAVAILABLE) {
        apr_table_setn(x->r->headers_out, "Retry-After", apr_itoa(x->r->pool, HTTP_RETRY_AFTER));
    }
    apr_table_setn(x->r->headers_out, "Cache-Control", "no-store");
    answer = mact_http_send_json(x, status, body);
    json_decref(body);
    json_decref(extra);
    return answer;
}

int mact_http_health(mact_exchange_t *x)
{
    const json_t *options = x->op->native_options;
    apr_time_t start = apr_time_now();
    const mact_db_reply_t *reply = NULL;
    mact_db_bounds_t bounds;
    int good = 1;

    bounds_of(&bounds, x, timeout_of(options));
    if (x->op->call) {
        reply = mact_http_call_within(x, &bounds);
        good = reply->outcome == MACT_DB_DONE && reply->status < 400;
    }
    else if (json_is_true(json_object_get(options, "database"))) {
        good = mact_db_ping(x->r->server, &bounds, x->r->pool)->outcome == MACT_DB_DONE;
    }
    if (!good) {
        return json_object_get(options, "unhealthy") ? send_template(x, HTTP_SERVICE_UNAVAILABLE, "unhealthy", apr_time_now() - start)
                                                     : mact_http_fault(x, "unavailable", NULL);
    }
    if (!json_object_get(options, "healthy") && reply) {
        return mact_http_reply(x, reply);
    }
    return send_template(x, HTTP_OK, "healthy", apr_time_now() - start);
}
