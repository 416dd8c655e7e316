/*
 * auth/auth.h: who calls?  Bearer tokens (RFC 6750) that are JSON Web Tokens (RFC 7519), verified with libjwt.
 *
 * Keys and rules are made at configuration time and only read afterwards: every call is safe from any thread.
 */
#ifndef MACT_AUTH_H
#define MACT_AUTH_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>
#include <jansson.h>

/* One key: bytes for HS*, a PEM public key for RS* and ES*.  Its kind decides which algorithms it can serve. */
typedef enum { MACT_KEY_HMAC, MACT_KEY_RSA, MACT_KEY_EC } mact_key_e;

typedef struct {
    mact_key_e kind;
    const unsigned char *bytes;
    int length;
    int bits;                              /* of an RSA modulus or an EC curve; 0 for a secret */
} mact_auth_key_t;

/* What a mount asks of a token. */
typedef struct {
    const apr_array_header_t *keys;        /* of mact_auth_key_t, tried in order (rotation needs two at once) */
    unsigned algorithms;                   /* bit (1 << jwt_alg_t) for each that is allowed; never JWT_ALG_NONE */
    const char *issuer;                    /* NULL: not asked */
    const char *audience;                  /* NULL: not asked */
    int leeway;                            /* seconds, for exp and nbf */
} mact_auth_rules_t;

typedef enum { MACT_TOKEN_GOOD, MACT_TOKEN_MISSING, MACT_TOKEN_EXPIRED, MACT_TOKEN_INVALID } mact_token_e;

/* A verified token; all of it from the pool of the call. */
typedef struct {
    const char *sub;                       /* lower-case UUID */
    const char *sid, *jti;                 /* lower-case UUIDs or NULL */
    const char *iat, *exp;                 /* decimal seconds, or NULL */
    const char *digest;                    /* SHA-256 of the token as "\x" and hexadecimal digits */
    apr_time_t expires;                    /* exp */
    const json_t *claims;                  /* released with the pool */
    const char *why;                       /* of a bad one: the reason, for the debug log; never part of the token */
} mact_auth_token_t;

/* The allow-list bit of an algorithm's name ("HS256" … "ES512"); 0 for any other, `none` included. */
unsigned mact_auth_algorithm(const char *name);

/* Makes a key of an HMAC secret's bytes.  NULL, or a sentence why it cannot be one (empty; shorter than 32 bytes is refused by the caller's rules). */
const char *mact_auth_secret(mact_auth_key_t *key, const char *bytes, apr_size_t length, apr_pool_t *pool);

/* Makes a key of a PEM public key (SubjectPublicKeyInfo or certificate), RSA of at least 2048 bits or EC P-256, P-384, P-521.  NULL or a sentence. */
const char *mact_auth_public_key(mact_auth_key_t *key, const char *pem, apr_size_t length, apr_pool_t *pool);

/* The credentials of an Authorization header of that scheme (any case), or NULL: none, another scheme, or nothing behind it. */
const char *mact_auth_credentials(const char *authorization, const char *scheme, apr_pool_t *pool);

/* Judges the Authorization header (NULL: none) as of `now`.  *token is always given; its `why` is set unless GOOD. */
mact_token_e mact_auth_bearer(mact_auth_token_t **token, const char *authorization, const mact_auth_rules_t *rules,
                              apr_time_t now, apr_pool_t *pool);

/* Judges a token that came another way (a query parameter, a subprotocol). */
mact_token_e mact_auth_token(mact_auth_token_t **token, const char *jwt, const mact_auth_rules_t *rules, apr_time_t now,
                             apr_pool_t *pool);

/* The value of a `token.NAME` source as text, or NULL. `claims` is the caller's to withhold (it is given only where users are provisioned). */
const char *mact_auth_value(const mact_auth_token_t *token, const char *name, apr_pool_t *pool);

/* Whether the two strings are equal, in a time that depends on the length of `given` alone. */
int mact_auth_equal(const char *given, const char *secret);

#endif
