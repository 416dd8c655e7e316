/*
 * The native `metrics`, and what it tells: every answered request is counted.
 *
 *     x-native: metrics
 *
 * It answers without the database, of which it tells one thing: whether it is there.  That is asked over the pool, within a second; where
 * all connections are busy they say it themselves.
 */
#include "http/inside.h"
#include "status/status.h"

#define PATIENCE apr_time_from_sec(1)

void mact_http_count(mact_exchange_t *x, int status)
{
    mact_status_op_t *counters = x->op && !x->counted ? mact_status_of(x->op) : NULL;

    if (counters) {
        x->counted = 1;
        mact_status_count(counters, status, apr_time_now() - x->r->request_time, x->over_limit);
    }
}

static int database_up(const mact_exchange_t *x)
{
    mact_db_bounds_t bounds = {.pool_wait = apr_time_from_msec(200), .statement_timeout = PATIENCE};
    mact_db_gauges_t gauges;

    mact_db_gauges(&gauges, x->r->server);
    if (gauges.limit && gauges.used >= gauges.limit) {
        return 1;
    }
    return mact_db_ping(x->r->server, &bounds, x->r->pool)->outcome == MACT_DB_DONE;
}

int mact_http_metrics(mact_exchange_t *x)
{
    const char *text;

    if (!mact_config_metrics(x->config)) {
        return mact_http_fault(x, "not-found", NULL);
    }
    text = mact_status_text(mact_status_here(), database_up(x), x->r->pool);
    apr_table_setn(x->r->headers_out, "Cache-Control", "no-store");
    return mact_http_send(x, HTTP_OK, MACT_STATUS_TYPE, text, strlen(text));
}
