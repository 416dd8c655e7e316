/*
 * auth/token.c: verifies a bearer token, RFC 7515 and RFC 7519.
 *
 * The header is read before a key is chosen: an algorithm that is not on the mount's list is refused unread, and only keys that can serve the
 * algorithm are tried, so a public key never becomes an HMAC secret.  libjwt judges the signature; what the claims mean is judged here, on the very
 * bytes that were signed.
 */
#include "auth/auth.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>
#include <jwt.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "auth/inside.h"

#define LONGEST 8192                       /* bytes of a token */

static apr_status_t release_json(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

/* base64url without padding (RFC 7515, section 2) to bytes; NULL when it is none. */
static unsigned char *decode(apr_size_t *length, const char *text, apr_size_t size, apr_pool_t *pool)
{
    apr_size_t padded = (size + 3) / 4 * 4, i;
    char *standard;
    unsigned char *bytes;
    int got;

    if (size == 0 || size % 4 == 1) {
        return NULL;
    }
    standard = apr_palloc(pool, padded + 1);
    for (i = 0; i < size; i++) {
        char c = text[i];

        if (!apr_isalnum(c) && c != '-' && c != '_') {
            return NULL;
        }
        standard[i] = c == '-' ? '+' : c == '_' ? '/' : c;
    }
    for (; i < padded; i++) {
        standard[i] = '=';
    }
    standard[padded] = '\0';
    bytes = apr_palloc(pool, padded / 4 * 3 + 1);
    got = EVP_DecodeBlock(bytes, (const unsigned char *)standard, (int)padded);
    if (got < 0) {
        return NULL;
    }
    *length = (apr_size_t)got - (padded - size);
    return bytes;
}

/* One part of the token as a JSON object that lives as long as the pool. */
static json_t *part(const char *text, apr_size_t size, apr_pool_t *pool)
{
    apr_size_t length = 0;
    unsigned char *bytes = decode(&length, text, size, pool);
    json_t *json = bytes == NULL ? NULL : json_loadb((const char *)bytes, length, JSON_REJECT_DUPLICATES, NULL);

    if (json != NULL) {
        apr_pool_cleanup_register(pool, json, release_json, apr_pool_cleanup_null);
    }
    return json_is_object(json) ? json : NULL;
}

/* Whether one of the keys that can serve the algorithm has made the signature. */
static int signed_by_one(const char *token, unsigned algorithm, const mact_auth_rules_t *rules)
{
    int i;

    for (i = 0; i < rules->keys->nelts; i++) {
        const mact_auth_key_t *key = &APR_ARRAY_IDX(rules->keys, i, mact_auth_key_t);
        jwt_t *jwt = NULL;
        int good;

        if (!(mact_auth_serves(key) & algorithm)) {
            continue;
        }
        good = jwt_decode(&jwt, token, key->bytes, key->length) == 0 && (1u << jwt_get_alg(jwt)) == algorithm;
        jwt_free(jwt);
        if (good) {
            return 1;
        }
    }
    return 0;
}

static const char *digest_of(const char *token, apr_pool_t *pool)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned int length = 0, i;
    char *text;

    if (!EVP_Digest(token, strlen(token), bytes, &length, EVP_sha256(), NULL)) {
        return NULL;
    }
    text = apr_palloc(pool, 2 + 2 * length + 1);
    memcpy(text, "\\x", 2);
    for (i = 0; i < length; i++) {
        apr_snprintf(text + 2 + 2 * i, 3, "%02x", bytes[i]);
    }
    return text;
}

mact_token_e mact_auth_token(mact_auth_token_t **made, const char *jwt, const mact_auth_rules_t *rules, apr_time_t now, apr_pool_t *pool)
{
    mact_auth_token_t *token = apr_pcalloc(pool, sizeof(*token));
    const char *dot = strchr(jwt, '.');
    const char *second = dot == NULL ? NULL : strchr(dot + 1, '.');
    const json_t *header;
    unsigned algorithm;

    *made = token;
    if (second == NULL || strchr(second + 1, '.') != NULL || strlen(jwt) > LONGEST) {
        token->why = "it is no token of three parts, or longer than 8192 bytes";
        return MACT_TOKEN_INVALID;
    }
    header = part(jwt, (apr_size_t)(dot - jwt), pool);
    algorithm = mact_auth_algorithm(json_string_value(json_object_get(header, "alg")));
    if (algorithm == 0 || !(rules->algorithms & algorithm)) {
        token->why = "its algorithm is not allowed";
        return MACT_TOKEN_INVALID;
    }
    token->claims = part(dot + 1, (apr_size_t)(second - dot - 1), pool);
    if (token->claims == NULL) {
        token->why = "its claims are no JSON object";
        return MACT_TOKEN_INVALID;
    }
    if (!signed_by_one(jwt, algorithm, rules)) {
        token->why = "no key has signed it";
        return MACT_TOKEN_INVALID;
    }
    token->digest = digest_of(jwt, pool);
    return mact_auth_judge(token, rules, now, pool);
}

mact_token_e mact_auth_bearer(mact_auth_token_t **token, const char *authorization, const mact_auth_rules_t *rules, apr_time_t now,
                              apr_pool_t *pool)
{
    const char *jwt = mact_auth_credentials(authorization, "Bearer", pool);

    if (jwt == NULL) {
        *token = apr_pcalloc(pool, sizeof(**token));
        (*token)->why = "there is no bearer token";
        return MACT_TOKEN_MISSING;
    }
    return mact_auth_token(token, jwt, rules, now, pool);
}
