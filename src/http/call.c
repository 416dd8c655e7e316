/*
 * The call: one statement, which makes the caller and runs the procedure; what it took is noted for the access log.
 */
#include <apr_strings.h>

#include "http/inside.h"

static const mact_db_reply_t *call(mact_exchange_t *x, const mact_db_statement_t *statement, const mact_db_bounds_t *bounds)
{
    request_rec *r = x->r;
    const mact_db_reply_t *reply = mact_db_call(r->server, statement, mact_http_values(x, statement), bounds, r->pool);
    const char *before = apr_table_get(r->notes, "activities-db-time");
    apr_int64_t took = reply->took + (before ? apr_atoi64(before) : 0);

    apr_table_setn(r->notes, "activities-db-time", apr_psprintf(r->pool, "%" APR_INT64_T_FMT, took));
    return reply;
}

const mact_db_reply_t *mact_http_call_within(mact_exchange_t *x, const mact_db_bounds_t *bounds)
{
    int i = x->op->index;

    return call(x, x->token ? x->mount->with_caller[i] : x->mount->without_caller[i], bounds);
}

const mact_db_reply_t *mact_http_call(mact_exchange_t *x)
{
    mact_db_bounds_t bounds;

    mact_config_bounds(&bounds, x->config);
    return mact_http_call_within(x, &bounds);
}

const mact_db_reply_t *mact_http_call_named(mact_exchange_t *x, const char *key)
{
    int at = mact_oapi_procedure(x->op, key);
    mact_db_bounds_t bounds;

    if (at < 0) {
        return NULL;
    }
    mact_config_bounds(&bounds, x->config);
    return call(x, x->mount->named[x->op->index][2 * at + (x->token != NULL)], &bounds);
}

int mact_http_procedure(mact_exchange_t *x)
{
    const mact_db_reply_t *reply = mact_http_call(x);

    if (reply->outcome != MACT_DB_DONE) {
        mact_http_native_undo(x);          /* before the client knows, who may try again at once */
    }
    return x->op->issue ? mact_http_issue(x, reply) : mact_http_reply(x, reply);
}
