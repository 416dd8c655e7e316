/*
 * auth/auth.h: who calls?  Bearer tokens (RFC 6750) that are JSON Web Tokens (RFC 7519); tokens that are issued, with libjwt;
 * passwords, Basic credentials (RFC 7617) and Ed25519 signatures (RFC 8032).
 *
 * Keys and rules are made at configuration time and only read afterwards: every call is safe from any thread.  Nothing here logs, and no
 * secret, token or password is in anything that is returned as a sentence.  Time is an argument wherever it decides.
 */
#ifndef MACT_AUTH_H
#define MACT_AUTH_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>
#include <jansson.h>

/* ---- keys of tokens (keys.c) ------------------------------------------------------------------------------- */

/* One key: bytes for HS*, a PEM public key for RS* and ES*.  Its kind decides which algorithms it can serve. */
typedef enum { MACT_KEY_HMAC, MACT_KEY_RSA, MACT_KEY_EC } mact_key_e;

typedef struct {
    mact_key_e kind;
    const unsigned char *bytes;
    int length;
    unsigned algorithms;                   /* bits of mact_auth_algorithm that it can serve: HS* by its length, ES* by its curve (RFC 7518, 3.2 and 3.4) */
    const unsigned char *private;          /* PEM, where tokens can be signed with it as well; else NULL. A secret needs none */
    int private_length;
} mact_auth_key_t;

/* The key that tokens are issued with, and its one algorithm. */
typedef struct {
    mact_key_e kind;
    int algorithm;                         /* jwt_alg_t */
    const unsigned char *bytes;
    int length;
} mact_auth_signer_t;

/* The allow-list bit of an algorithm's name ("HS256" … "ES512", exactly so); 0 for any other, `none` included. */
unsigned mact_auth_algorithm(const char *name);

/* Makes a key of an HMAC secret's bytes.  NULL, or a sentence why it cannot be one (empty; shorter than 32 bytes is refused by the caller's rules). */
const char *mact_auth_secret(mact_auth_key_t *key, const char *bytes, apr_size_t length, apr_pool_t *pool);

/* Makes a key of a PEM public key (SubjectPublicKeyInfo or certificate), RSA of at least 2048 bits or EC P-256, P-384, P-521.  NULL or a sentence. */
const char *mact_auth_public_key(mact_auth_key_t *key, const char *pem, apr_size_t length, apr_pool_t *pool);

/* Makes a key of an unencrypted PEM private key: verifies with its public part, and can sign.  RSA and EC as above.  NULL or a sentence. */
const char *mact_auth_private_key(mact_auth_key_t *key, const char *pem, apr_size_t length, apr_pool_t *pool);

/* What the key signs with, by the weakest `allowed` algorithm that it is long enough for; 0: by none of them, or it is a public key. */
int mact_auth_signer(mact_auth_signer_t *signer, const mact_auth_key_t *key, unsigned allowed);

/* ---- verifying tokens (token.c, claims.c) ------------------------------------------------------------------ */

#define MACT_TOKEN_MOST 8192               /* bytes; a longer one is invalid unread */

/* What a mount asks of a token. */
typedef struct {
    const apr_array_header_t *keys;        /* of mact_auth_key_t, tried in order (rotation needs two at once) */
    unsigned algorithms;                   /* bit (1 << jwt_alg_t) for each that is allowed; never JWT_ALG_NONE */
    const char *issuer;                    /* NULL: not asked */
    const char *audience;                  /* NULL: not asked */
    int leeway;                            /* seconds, for exp and nbf */
    const char *use;                       /* NULL: an access token, whose `type` and `token_type` may be absent; else one of them must say this, such as
                                              "refresh", and neither anything else */
} mact_auth_rules_t;

/* MISSING: no Authorization header, or one of another scheme.  `Bearer` with nothing or something odd behind it is INVALID. */
typedef enum { MACT_TOKEN_GOOD, MACT_TOKEN_MISSING, MACT_TOKEN_EXPIRED, MACT_TOKEN_INVALID } mact_token_e;

/* A verified token; all of it from the pool of the call.  Of a GOOD and of an EXPIRED one everything is set, of others `why` alone. */
typedef struct {
    const char *sub;                       /* lower-case UUID */
    const char *sid, *jti;                 /* lower-case UUIDs or NULL */
    const char *iat, *exp;                 /* decimal whole seconds, or NULL; within the years 1 to 9999 */
    const char *digest;                    /* SHA-256 as "\x" and hexadecimal digits: of the token; of an ES* one without its signature, of which
                                              anybody can make a second good one, and so would log in again what was logged out */
    apr_time_t expires;                    /* exp */
    const json_t *claims;                  /* released with the pool */
    const char *why;                       /* of a bad one: the reason, for the debug log; never part of the token */
} mact_auth_token_t;

/*
 * Judges the Authorization header (NULL: none) as of `now`.  *token is always given; its `why` is set unless GOOD.  EXPIRED is
 * said only of a token that is good in everything else, its signature included.
 */
mact_token_e mact_auth_bearer(mact_auth_token_t **token, const char *authorization, const mact_auth_rules_t *rules,
                              apr_time_t now, apr_pool_t *pool);

/* Judges a token that came another way (a query parameter, a subprotocol). */
mact_token_e mact_auth_token(mact_auth_token_t **token, const char *jwt, const mact_auth_rules_t *rules, apr_time_t now,
                             apr_pool_t *pool);

/* The value of a `token.NAME` source as text, or NULL. `claims` is the caller's to withhold (it is given only where users are provisioned). */
const char *mact_auth_value(const mact_auth_token_t *token, const char *name, apr_pool_t *pool);

/* Whether the two strings are equal, in a time that depends on the length of `given` alone. */
int mact_auth_equal(const char *given, const char *secret);

/* ---- issuing tokens (issue.c) ------------------------------------------------------------------------------ */

/*
 * A token of the claims (an object, which is not changed) with `iat` = `issued` and `exp` = `issued` + `lifetime`, both seconds, in place of what they
 * say of these.  The same arguments give the same token, byte for byte, with HS* and RS*; not with ES*, whose signatures have a random part.
 * APR_EINVAL: no object.  APR_EGENERAL: the library refused.
 */
apr_status_t mact_auth_issue(const char **jwt, const mact_auth_signer_t *signer, const json_t *claims, apr_int64_t issued,
                             int lifetime, apr_pool_t *pool);

/* A random UUID (RFC 9562, version 4), for sid and jti.  Errors: what apr_generate_random_bytes says. */
apr_status_t mact_auth_uuid(const char **uuid, apr_pool_t *pool);

/* ---- passwords (password.c) -------------------------------------------------------------------------------- */

#define MACT_PASSWORD_COST_LEAST   4
#define MACT_PASSWORD_COST_MOST    17
#define MACT_PASSWORD_COST_DEFAULT 10      /* some 50 ms on today's machines: the exponent of bcrypt's rounds */

/*
 * The hash of a password (any bytes, all of which count) as text for the database; each call has a salt of its own.  APR_EINVAL: a cost out of
 * its bounds.
 */
apr_status_t mact_auth_password_hash(const char **hash, const char *password, apr_size_t length, int cost, apr_pool_t *pool);

/* Such a dummy: a hash that no password is known to have.  It costs nothing to make.  APR_EINVAL as above. */
apr_status_t mact_auth_password_dummy(const char **dummy, int cost, apr_pool_t *pool);

/*
 * Whether `hash` is the password's.  Where there is none (NULL: no such account, or one without a password; or a text that is no hash of ours) the
 * same work is done on `dummy`, and the answer is 0.
 */
int mact_auth_password_verify(const char *password, apr_size_t length, const char *hash, const char *dummy);

/* ---- signed requests (signature.c) ------------------------------------------------------------------------- */

typedef struct {
    unsigned char bytes[32];
} mact_auth_ed25519_t;

/* Reads an Ed25519 public key of 64 hexadecimal digits.  NULL or a sentence; a point of small order, for which anybody can sign, is no key. */
const char *mact_auth_ed25519(mact_auth_ed25519_t *key, const char *hex);

/*
 * Whether `signature` (128 hexadecimal digits; NULL is none) is the key's over the bytes of `timestamp` followed by the body, and `timestamp` (decimal
 * whole Unix seconds; NULL is none) is at most `window` seconds away from `now`, in either direction.
 */
int mact_auth_signed(const mact_auth_ed25519_t *key, const char *signature, const char *timestamp, const void *body,
                     apr_size_t length, apr_time_t now, int window, apr_pool_t *tmp);

/* ---- Basic credentials (credentials.c) --------------------------------------------------------------------- */

/* MISSING: no header, or another scheme.  INVALID: not base64 (padded) of UTF-8 text with a colon, and without U+0000. */
typedef enum { MACT_BASIC_GOOD, MACT_BASIC_MISSING, MACT_BASIC_INVALID } mact_basic_e;

/* Reads `Basic base64(user:password)`, split at the first colon; either part may be empty. */
mact_basic_e mact_auth_basic(const char **user, const char **password, const char *authorization, apr_pool_t *pool);

#endif
