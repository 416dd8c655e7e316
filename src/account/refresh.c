/*
 * The native `refresh-token`: takes back what x-issue has made.
 *
 *     x-native: {name: refresh-token, member: refresh_token, optional: true, expired: true}
 */
#include <httpd.h>

#include "account/inside.h"

int mact_account_refresh_token(mact_exchange_t *x)
{
    mact_auth_rules_t rules = *mact_config_token_rules(x->config);
    int optional = mact_account_option_set(x, "optional"), expired = mact_account_option_set(x, "expired");
    mact_auth_token_t *token;
    mact_token_e verdict;
    apr_size_t length;
    const char *text = mact_account_member(&length, x, mact_account_option(x, "member"));

    rules.use = "refresh";
    rules.issuer = rules.audience = NULL;      /* ours say neither: they are for us alone */
    verdict = text ? mact_auth_token(&token, text, &rules, apr_time_now(), x->r->pool) : MACT_TOKEN_MISSING;
    if (verdict != MACT_TOKEN_GOOD && !(verdict == MACT_TOKEN_EXPIRED && expired)) {
        return optional ? DECLINED : mact_http_fault(x, "refresh-invalid", NULL);
    }
    if (!token->sid || !token->jti) {
        return optional ? DECLINED : mact_http_fault(x, "refresh-invalid", NULL);
    }
    mact_account_made(x, "refresh_sub", token->sub);
    mact_account_made(x, "refresh_sid", token->sid);
    mact_account_made(x, "refresh_jti", token->jti);
    return DECLINED;
}

const char *mact_account_refresh_token_flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    static const char *const options[] = {"member", "optional", "expired", NULL};
    static const char *const faults[] = {"refresh-invalid", NULL};
    const json_t *optional = json_object_get(op->native_options, "optional"), *expired = json_object_get(op->native_options, "expired");
    const char *flaw = mact_account_known_options(op, options, pool);

    flaw = flaw ? flaw : mact_account_needs_member(op, "member", pool);
    if (!flaw && ((optional && !json_is_boolean(optional)) || (expired && !json_is_boolean(expired)))) {
        flaw = "`optional' and `expired' are true or false";
    }
    return flaw || json_is_true(optional) ? flaw : mact_account_needs_faults(op, faults, pool);
}
