/*
 * How often?  Each operation of a mount counts for itself, by client address or by user.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

static void tell(const mact_exchange_t *x, const mact_verdict_t *verdict)
{
    apr_table_t *headers = x->r->headers_out;
    apr_pool_t *pool = x->r->pool;

    apr_table_setn(headers, "X-RateLimit-Limit", apr_psprintf(pool, "%u", verdict->limit));
    apr_table_setn(headers, "X-RateLimit-Remaining", apr_psprintf(pool, "%u", verdict->remaining));
    apr_table_setn(headers, "X-RateLimit-Reset", apr_psprintf(pool, "%" APR_INT64_T_FMT, verdict->reset));
}

/* What is done about a verdict. */
static int answer(mact_exchange_t *x, const mact_verdict_t *verdict, const mact_rate_t *rate)
{
    request_rec *r = x->r;
    mact_facts_t facts = {.verdict = verdict, .rate = rate};

    if (verdict->allowed) {
        return DECLINED;
    }
    x->over_limit = 1;
    if (mact_config_rate_dry_run(x->config)) {
        ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r, "ACT0301: request %s, operation %s: over its limit of %u in %u s, let through by "
                      "ActivitiesRateLimitDryRun", x->request_id, x->op->id, rate->count, rate->window);
        return DECLINED;
    }
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r, "ACT0302: request %s, operation %s: over its limit of %u in %u s", x->request_id,
                  x->op->id, rate->count, rate->window);
    return mact_http_fault(x, "rate-limited", &facts);
}

int mact_http_limit(mact_exchange_t *x)
{
    mact_limit_t *limiter = mact_config_limiter(x->config);
    mact_rate_t rate;
    mact_rate_key_e by;
    mact_verdict_t verdict;
    apr_uint64_t key;

    if (!mact_config_rate(&rate, &by, x->config, x->op) || !limiter) {
        return DECLINED;
    }
    key = by == MACT_KEY_USER && x->token
        ? mact_limit_key(limiter, x->mount->identity, x->op->id, "user", x->token->sub, NULL)
        : mact_limit_key(limiter, x->mount->identity, x->op->id, "address", mact_limit_address(x->r->useragent_ip, x->r->pool), NULL);
    mact_limit_take(&verdict, limiter, key, &rate, apr_time_now());
    tell(x, &verdict);
    return answer(x, &verdict, &rate);
}

/* The headers go on telling of the client's own limit, unless it is this one that refuses. */
int mact_http_limit_by(mact_exchange_t *x, const char *what, const char *key, const mact_rate_t *rate)
{
    mact_limit_t *limiter = mact_config_limiter(x->config);
    mact_rate_t unused;
    mact_rate_key_e by;
    mact_verdict_t verdict;

    if (!mact_config_rate(&unused, &by, x->config, x->op) || !limiter) {
        return DECLINED;
    }
    mact_limit_take(&verdict, limiter, mact_limit_key(limiter, x->mount->identity, x->op->id, what, key, NULL), rate, apr_time_now());
    if (!verdict.allowed) {
        tell(x, &verdict);
    }
    return answer(x, &verdict, rate);
}
