/*
 * Who calls?  What the operation's `security` and the mount's ActivitiesAuth ask together:
 *
 *     security \ ActivitiesAuth   none      optional    required
 *     []                          no look   no look     no look
 *     [{}, {bearer}]              no look   may come    may come
 *     [{bearer}]                  no look   may come    must come
 *
 * A token that may come must be good if it does.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

int mact_http_token(mact_exchange_t *x)
{
    request_rec *r = x->r;
    mact_auth_e auth = mact_config_auth(x->config);
    mact_auth_token_t *token;
    const char *fault;

    if (x->op->security == MACT_SECURITY_NONE || auth == MACT_AUTH_NONE) {
        return DECLINED;
    }
    switch (mact_auth_bearer(&token, apr_table_get(r->headers_in, "Authorization"), mact_config_token_rules(x->config),
                             apr_time_now(), r->pool)) {
    case MACT_TOKEN_GOOD:
        x->token = token;
        r->user = (char *)token->sub;
        r->ap_auth_type = "Bearer";
        apr_table_setn(r->notes, "activities-user", token->sub);
        return DECLINED;
    case MACT_TOKEN_MISSING:
        if (auth == MACT_AUTH_OPTIONAL || x->op->security == MACT_SECURITY_OPTIONAL) {
            return DECLINED;
        }
        fault = "token-missing";
        break;
    case MACT_TOKEN_EXPIRED:
        fault = "token-expired";
        break;
    default:
        fault = "token-invalid";
    }
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r, "ACT0300: request %s, operation %s: %s: %s", x->request_id, x->op->id, fault,
                  token->why ? token->why : "no reason given");
    return mact_http_fault(x, fault, NULL);
}
