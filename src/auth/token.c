/*
 * auth/token.c: is this token from one whom we trust?
 *
 * A token is three base64url parts.  Before a key is touched its header is read and must name an algorithm that is allowed, in its own spelling; then only
 * keys that can serve this algorithm are tried.  So neither `none`, nor a public key used as a secret, nor a curve that is not the
 * algorithm's is ever considered.  What the claims say is read from the very bytes that the signature is over (jws.c), by rules that refuse
 * what two parsers could read differently: repeated names, other spellings of base64, depth.
 */
#include <apr_lib.h>
#include <apr_strings.h>
#include <openssl/evp.h>
#include <string.h>

#include "auth/inside.h"
#include "json/json.h"

#define DEPTH_MOST 32

typedef struct {
    const char *header, *payload, *signature;
    apr_size_t header_length, payload_length, signature_length;
} parts_t;

/* Exactly three, none empty. */
static int split(parts_t *parts, const char *jwt, apr_size_t length)
{
    const char *first = memchr(jwt, '.', length);
    const char *second = first ? strchr(first + 1, '.') : NULL;

    if (!second || strchr(second + 1, '.')) {
        return 0;
    }
    parts->header = jwt;
    parts->header_length = (apr_size_t)(first - jwt);
    parts->payload = first + 1;
    parts->payload_length = (apr_size_t)(second - first) - 1;
    parts->signature = second + 1;
    parts->signature_length = length - (apr_size_t)(second + 1 - jwt);
    return parts->header_length && parts->payload_length && parts->signature_length;
}

static apr_status_t release(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

/*
 * The JSON object that a part spells, released with the pool; NULL: anything else.  Of a header everything must be understood; of
 * claims some may say what nobody can hold.
 */
static json_t *read_part(const char *part, apr_size_t length, int is_header, apr_pool_t *pool)
{
    apr_size_t decoded = 0;
    const char *text = (const char *)mact_auth_base64(&decoded, part, length, 1, pool);
    json_t *json;

    if (!text || !mact_json_within(text, decoded, DEPTH_MOST, MACT_TOKEN_MOST)) {
        return NULL;
    }
    json = is_header ? json_loadb(text, decoded, JSON_REJECT_DUPLICATES, NULL)
                     : mact_json_read(text, decoded, JSON_REJECT_DUPLICATES, NULL, pool);
    if (!json_is_object(json)) {
        json_decref(json);
        return NULL;
    }
    apr_pool_cleanup_register(pool, json, release, apr_pool_cleanup_null);
    return json;
}

/* The algorithm of the header, if it is one that is allowed. */
static const mact_auth_algorithm_t *chosen(const json_t *header, const mact_auth_rules_t *rules)
{
    const char *name = json_string_value(json_object_get(header, "alg"));
    const mact_auth_algorithm_t *algorithm = name ? mact_auth_find_algorithm(name) : NULL;

    return algorithm && (rules->algorithms & MACT_AUTH_BIT(algorithm->algorithm)) ? algorithm : NULL;
}

static int verified_by_any(const mact_auth_rules_t *rules, const mact_auth_algorithm_t *algorithm, const mact_auth_bytes_t *signature,
                           const mact_auth_bytes_t *message)
{
    for (int i = 0; rules->keys && i < rules->keys->nelts; i++) {
        const mact_auth_key_t *key = &APR_ARRAY_IDX(rules->keys, i, mact_auth_key_t);

        if ((key->algorithms & MACT_AUTH_BIT(algorithm->algorithm)) && mact_auth_jws(key, algorithm, signature, message)) {
            return 1;
        }
    }
    return 0;
}

static const char *digest(const char *text, apr_size_t length, apr_pool_t *pool)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    char *hex;

    if (!EVP_Digest(text, length, hash, &n, EVP_sha256(), NULL)) {
        return NULL;
    }
    hex = apr_palloc(pool, 2 * n + 3);
    memcpy(hex, "\\x", 2);
    for (unsigned i = 0; i < n; i++) {
        hex[2 + 2 * i] = "0123456789abcdef"[hash[i] >> 4];
        hex[3 + 2 * i] = "0123456789abcdef"[hash[i] & 15];
    }
    hex[2 + 2 * n] = '\0';
    return hex;
}

static mact_token_e invalid(mact_auth_token_t *token, const char *why)
{
    memset(token, 0, sizeof *token);
    token->why = why;
    return MACT_TOKEN_INVALID;
}

/*
 * Leaves out each claim that says what nobody can hold: it fits nothing, and is no reason to refuse the token.  Only now, since a `type` or
 * an `aud` of that sort is not one that is absent.
 */
static void leave_out(json_t *claims)
{
    const char *name;
    json_t *claim;
    void *next;

    json_object_foreach_safe(claims, next, name, claim) {
        if (mact_json_unfit(claim)) {
            json_object_del(claims, name);
        }
    }
}

mact_token_e mact_auth_token(mact_auth_token_t **result, const char *jwt, const mact_auth_rules_t *rules, apr_time_t now,
                             apr_pool_t *pool)
{
    mact_auth_token_t *token = *result = apr_pcalloc(pool, sizeof *token);
    apr_size_t length = strnlen(jwt, MACT_TOKEN_MOST + 1);
    const mact_auth_algorithm_t *algorithm;
    mact_auth_bytes_t signature, message;
    const json_t *header;
    mact_token_e verdict;
    json_t *claims;
    parts_t parts;

    if (length > MACT_TOKEN_MOST) {
        return invalid(token, "it is longer than 8192 bytes");
    }
    if (!split(&parts, jwt, length)) {
        return invalid(token, "it has not three parts");
    }
    header = read_part(parts.header, parts.header_length, 1, pool);
    if (!header) {
        return invalid(token, "its header is no base64url of a JSON object");
    }
    algorithm = chosen(header, rules);
    if (!algorithm) {
        return invalid(token, "its algorithm is not allowed");
    }
    if (json_object_get(header, "crit")) {             /* RFC 7515, 4.1.11: to be refused by who knows no extension */
        return invalid(token, "its header has critical extensions");
    }
    signature.bytes = mact_auth_base64(&signature.length, parts.signature, parts.signature_length, 1, pool);
    if (!signature.bytes) {
        return invalid(token, "its signature is no base64url");
    }
    message.bytes = (const unsigned char *)jwt;
    message.length = (apr_size_t)(parts.signature - 1 - jwt);
    claims = read_part(parts.payload, parts.payload_length, 0, pool);
    if (!claims) {
        return invalid(token, "its claims are no base64url of a JSON object");
    }
    if (!verified_by_any(rules, algorithm, &signature, &message)) {
        return invalid(token, "its signature is of none of the keys");
    }
    /* An ECDSA signature (r, s) has a twin, (r, -s), that is as good. */
    token->digest = digest(jwt, algorithm->kind == MACT_KEY_EC ? message.length : length, pool);
    if (!token->digest) {
        return invalid(token, "its digest could not be made");
    }
    verdict = mact_auth_judge(token, claims, rules, now, pool);
    if (verdict == MACT_TOKEN_INVALID) {
        return invalid(token, token->why);
    }
    leave_out(claims);
    return verdict;
}

/* RFC 7235's token68, without the `=` that no token ends in. */
static int is_token68(const char *text)
{
    return text[strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/")] == '\0';
}

mact_token_e mact_auth_bearer(mact_auth_token_t **token, const char *authorization, const mact_auth_rules_t *rules,
                              apr_time_t now, apr_pool_t *pool)
{
    const char *credentials = NULL;

    switch (mact_auth_scheme(&credentials, authorization, "Bearer", pool)) {
    case MACT_SCHEME_OTHER:
        *token = apr_pcalloc(pool, sizeof **token);
        (*token)->why = authorization ? "the Authorization header is of another scheme" : "there is no Authorization header";
        return MACT_TOKEN_MISSING;
    case MACT_SCHEME_FOUND:
        if (is_token68(credentials)) {
            return mact_auth_token(token, credentials, rules, now, pool);
        }
        break;
    case MACT_SCHEME_ODD:
        break;
    }
    *token = apr_pcalloc(pool, sizeof **token);
    return invalid(*token, "what follows `Bearer' is no token");
}
