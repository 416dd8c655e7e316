/*
 * auth/claims.c: what a token says, once it is known who said it.
 *
 * Nothing here knows a signature or a clock: claims and `now` in, an answer out.  That a token has expired is said only when nothing else is
 * wrong with it, since a client reads it as "get a new one".
 */
#include <apr_strings.h>
#include <math.h>
#include <string.h>

#include "auth/inside.h"

/* Seconds of the years 1 and 9999: what the database takes, and no less true of a token that never ends. */
#define YEAR_1    APR_INT64_C(-62135596800)
#define YEAR_9999 APR_INT64_C(253402300799)

/* A NumericDate (RFC 7519, 2: a number, which may have a fraction) in µs; 0 if the claim is none. */
static int read_time(apr_time_t *time, const json_t *claim)
{
    double seconds;

    if (json_is_integer(claim)) {
        json_int_t whole = json_integer_value(claim);

        *time = apr_time_from_sec(whole < YEAR_1 ? YEAR_1 : whole > YEAR_9999 ? YEAR_9999 : whole);
        return 1;
    }
    if (!json_is_real(claim)) {
        return 0;
    }
    seconds = json_real_value(claim);
    *time = seconds < YEAR_1 ? apr_time_from_sec(YEAR_1) : seconds > YEAR_9999 ? apr_time_from_sec(YEAR_9999)
          : (apr_time_t)floor(seconds * APR_USEC_PER_SEC);
    return 1;
}

/* Whole seconds, rounded down, as text. */
static const char *as_seconds(apr_time_t time, apr_pool_t *pool)
{
    apr_time_t below = ((time % APR_USEC_PER_SEC) + APR_USEC_PER_SEC) % APR_USEC_PER_SEC;

    return apr_psprintf(pool, "%" APR_INT64_T_FMT, (time - below) / APR_USEC_PER_SEC);
}

static int is_string(const json_t *claim, const char *wanted)
{
    const char *value = json_string_value(claim);

    return value && json_string_length(claim) == strlen(wanted) && !strcmp(value, wanted);      /* it may hold U+0000 */
}

/* A string, or one of an array of them (RFC 7519, 4.1.3). */
static int names(const json_t *audience, const char *wanted)
{
    size_t i;
    json_t *one;

    json_array_foreach(audience, i, one) {
        if (is_string(one, wanted)) {
            return 1;
        }
    }
    return is_string(audience, wanted);
}

/* What the token is for, under whichever of the two names its issuer has for that. */
static int is_for(const json_t *claims, const char *use)
{
    const json_t *type = json_object_get(claims, "type");
    const json_t *token_type = json_object_get(claims, "token_type");

    if (!type && !token_type) {
        return use == NULL;
    }
    use = use ? use : "access";
    return (!type || is_string(type, use)) && (!token_type || is_string(token_type, use));
}

/* A UUID claim, or NULL: absent, or none. */
static const char *uuid(const json_t *claims, const char *name, apr_pool_t *pool)
{
    const json_t *claim = json_object_get(claims, name);
    const char *text = json_string_value(claim);

    return text && strlen(text) == json_string_length(claim) ? mact_auth_read_uuid(text, pool) : NULL;
}

mact_token_e mact_auth_judge(mact_auth_token_t *token, const json_t *claims, const mact_auth_rules_t *rules, apr_time_t now,
                             apr_pool_t *pool)
{
    apr_time_t leeway = apr_time_from_sec(rules->leeway > 0 ? rules->leeway : 0);
    const json_t *not_before = json_object_get(claims, "nbf");
    apr_time_t time;

    token->claims = claims;
    token->sub = uuid(claims, "sub", pool);
    token->sid = uuid(claims, "sid", pool);
    token->jti = uuid(claims, "jti", pool);
    token->iat = read_time(&time, json_object_get(claims, "iat")) ? as_seconds(time, pool) : NULL;
    if (!token->sub) {
        token->why = "sub is missing or no UUID";
    }
    else if (!is_for(claims, rules->use)) {
        token->why = "type or token_type says that it is for something else";
    }
    else if (rules->issuer && !is_string(json_object_get(claims, "iss"), rules->issuer)) {
        token->why = "iss is not the issuer that is asked for";
    }
    else if (rules->audience && !names(json_object_get(claims, "aud"), rules->audience)) {
        token->why = "aud does not name the audience that is asked for";
    }
    else if (not_before && !read_time(&time, not_before)) {
        token->why = "nbf is no number";
    }
    else if (not_before && time - leeway > now) {
        token->why = "nbf is ahead";
    }
    else if (!read_time(&token->expires, json_object_get(claims, "exp"))) {
        token->why = "exp is missing or no number";
    }
    if (token->why) {
        return MACT_TOKEN_INVALID;
    }
    token->exp = as_seconds(token->expires, pool);
    if (token->expires + leeway <= now) {              /* RFC 7519, 4.1.4: on or after exp it is not accepted */
        token->why = "exp has passed";
        return MACT_TOKEN_EXPIRED;
    }
    return MACT_TOKEN_GOOD;
}

const char *mact_auth_value(const mact_auth_token_t *token, const char *name, apr_pool_t *pool)
{
    const struct {
        const char *name, *value;
    } known[] = {{"sub", token->sub}, {"sid", token->sid}, {"jti", token->jti}, {"iat", token->iat}, {"exp", token->exp}, {"digest", token->digest}};

    for (apr_size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (!strcmp(name, known[i].name)) {
            return known[i].value;
        }
    }
    if (!strcmp(name, "claims")) {
        char *text = token->claims ? json_dumps(token->claims, JSON_COMPACT) : NULL;
        const char *copy = apr_pstrdup(pool, text);

        free(text);
        return copy;
    }
    return apr_pstrdup(pool, json_string_value(json_object_get(token->claims, name)));
}
