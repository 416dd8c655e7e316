/*
 * A secret that callers send: `x-secret` of a security scheme.  It comes before everything else that could be said of a request, so that
 * who does not have it learns nothing, not even how often others call.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

int mact_http_secret(mact_exchange_t *x)
{
    const mact_oapi_secret_t *asked = x->op->secret;
    const char *secret = asked ? mact_config_secret(x->config, asked->setting, x->r->pool) : NULL;
    const char *given;

    if (!secret) {
        return DECLINED;
    }
    given = apr_table_get(x->r->headers_in, "Authorization");
    if (given && mact_auth_equal(given, apr_pstrcat(x->r->pool, asked->scheme, " ", secret, NULL))) {
        return DECLINED;
    }
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, x->r, "ACT0315: request %s, operation %s: %s", x->request_id, x->op->id,
                  given ? "the secret is another" : "no secret was sent");
    return mact_http_fault(x, asked->fault, NULL);
}
