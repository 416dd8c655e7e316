/*
 * auth/claims.c: what a well signed token's claims say, RFC 7519 section 4.1, as of a time that is an argument.
 */
#include "auth/auth.h"
#include "auth/inside.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

/* A UUID in lower case, or NULL. */
static const char *uuid(const json_t *claim, apr_pool_t *pool)
{
    const char *text = json_string_value(claim);
    char *lower;
    int i;

    if (text == NULL || json_string_length(claim) != 36) {
        return NULL;
    }
    lower = apr_pstrdup(pool, text);
    for (i = 0; i < 36; i++) {
        int dash = i == 8 || i == 13 || i == 18 || i == 23;

        if (dash ? lower[i] != '-' : !apr_isxdigit(lower[i])) {
            return NULL;
        }
        lower[i] = (char)apr_tolower(lower[i]);
    }
    return lower;
}

/* A NumericDate, which may have a fraction; 0 when it is none or beyond what a time can be. */
static int numeric_date(double *seconds, const json_t *claim)
{
    if (!json_is_number(claim)) {
        return 0;
    }
    *seconds = json_number_value(claim);
    return *seconds >= 0 && *seconds < 253402300800.0;   /* the year 10000 */
}

static const char *seconds_text(const json_t *claim, apr_pool_t *pool)
{
    double seconds;

    return numeric_date(&seconds, claim) ? apr_psprintf(pool, "%" APR_INT64_T_FMT, (apr_int64_t)seconds) : NULL;
}

static int is_for(const json_t *audience, const char *wanted)
{
    size_t i;

    if (json_is_string(audience)) {
        return strcmp(json_string_value(audience), wanted) == 0;
    }
    for (i = 0; i < json_array_size(audience); i++) {
        const char *one = json_string_value(json_array_get(audience, i));

        if (one != NULL && strcmp(one, wanted) == 0) {
            return 1;
        }
    }
    return 0;
}

static int is_access(const json_t *claim)
{
    return claim == NULL || (json_is_string(claim) && strcmp(json_string_value(claim), "access") == 0);
}

/* What is wrong with the claims but for the expiry, or NULL. */
static const char *flaw(const json_t *claims, const mact_auth_rules_t *rules, double now)
{
    const json_t *not_before = json_object_get(claims, "nbf");
    const char *issuer = json_string_value(json_object_get(claims, "iss"));
    double seconds;

    if (!numeric_date(&seconds, json_object_get(claims, "exp"))) {
        return "it has no exp";
    }
    if (not_before != NULL && (!numeric_date(&seconds, not_before) || seconds > now + rules->leeway)) {
        return "it is not valid yet";
    }
    if (rules->issuer != NULL && (issuer == NULL || strcmp(issuer, rules->issuer) != 0)) {
        return "it is of another issuer";
    }
    if (rules->audience != NULL && !is_for(json_object_get(claims, "aud"), rules->audience)) {
        return "it is for another audience";
    }
    if (!is_access(json_object_get(claims, "type")) || !is_access(json_object_get(claims, "token_type"))) {
        return "it is no access token";
    }
    return NULL;
}

mact_token_e mact_auth_judge(mact_auth_token_t *token, const mact_auth_rules_t *rules, apr_time_t now, apr_pool_t *pool)
{
    const json_t *claims = token->claims;
    double at = (double)now / APR_USEC_PER_SEC, expires = 0;

    token->why = flaw(claims, rules, at);
    token->sub = uuid(json_object_get(claims, "sub"), pool);
    if (token->why == NULL && token->sub == NULL) {
        token->why = "its sub is no UUID";
    }
    if (token->why != NULL) {
        return MACT_TOKEN_INVALID;
    }
    token->sid = uuid(json_object_get(claims, "sid"), pool);
    token->jti = uuid(json_object_get(claims, "jti"), pool);
    token->iat = seconds_text(json_object_get(claims, "iat"), pool);
    token->exp = seconds_text(json_object_get(claims, "exp"), pool);
    numeric_date(&expires, json_object_get(claims, "exp"));
    token->expires = (apr_time_t)(expires * APR_USEC_PER_SEC);
    if (at >= expires + rules->leeway) {
        token->why = "it has expired";
        return MACT_TOKEN_EXPIRED;
    }
    return MACT_TOKEN_GOOD;
}

const char *mact_auth_value(const mact_auth_token_t *token, const char *name, apr_pool_t *pool)
{
    const json_t *claim;

    if (strcmp(name, "sub") == 0) {
        return token->sub;
    }
    if (strcmp(name, "sid") == 0) {
        return token->sid;
    }
    if (strcmp(name, "jti") == 0) {
        return token->jti;
    }
    if (strcmp(name, "iat") == 0) {
        return token->iat;
    }
    if (strcmp(name, "exp") == 0) {
        return token->exp;
    }
    if (strcmp(name, "digest") == 0) {
        return token->digest;
    }
    if (strcmp(name, "claims") == 0) {
        char *text = json_dumps(token->claims, JSON_COMPACT);
        const char *copy = text == NULL ? NULL : apr_pstrdup(pool, text);

        free(text);
        return copy;
    }
    claim = json_object_get(token->claims, name);
    return json_is_string(claim) && strlen(json_string_value(claim)) == json_string_length(claim)
           ? apr_pstrdup(pool, json_string_value(claim)) : NULL;
}
