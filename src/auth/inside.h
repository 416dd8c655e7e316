/*
 * auth/inside.h: what the files of this folder share, and its tests look at.
 */
#ifndef MACT_AUTH_INSIDE_H
#define MACT_AUTH_INSIDE_H

#include <jwt.h>
#include <openssl/evp.h>

#include "auth/auth.h"

/* What an algorithm asks of a key. */
typedef struct {
    const char *name;
    jwt_alg_t algorithm;
    mact_key_e kind;
    const EVP_MD *(*digest)(void);
    int measure;                           /* HMAC: bytes at least; RSA: bits at least; EC: bits of the curve, exactly */
} mact_auth_algorithm_t;

typedef struct {
    const unsigned char *bytes;
    apr_size_t length;
} mact_auth_bytes_t;

/* The algorithm of exactly that name, or NULL. */
const mact_auth_algorithm_t *mact_auth_find_algorithm(const char *name);

#define MACT_AUTH_BIT(algorithm) (1u << (unsigned)(algorithm))

/* An Authorization header, taken apart. */
typedef enum { MACT_SCHEME_OTHER, MACT_SCHEME_ODD, MACT_SCHEME_FOUND } mact_scheme_e;

/* *credentials is what follows the scheme; ODD: nothing does, or no space is between. */
mact_scheme_e mact_auth_scheme(const char **credentials, const char *authorization, const char *scheme, apr_pool_t *pool);

/*
 * Decodes base64 (RFC 4648, 4: padded) or base64url (5: unpadded) of `length` characters; only the one canonical spelling of any bytes is good.  The bytes are
 * followed by a NUL that does not count.  NULL: anything else.
 */
unsigned char *mact_auth_base64(apr_size_t *decoded, const char *text, apr_size_t length, int url, apr_pool_t *pool);

/* `bytes` hexadecimal digits twice as many, in either case, and nothing after them. */
int mact_auth_unhex(unsigned char *bytes, apr_size_t length, const char *hex);

/* The UUID in lower case, or NULL if the text is none (8-4-4-4-12, any version). */
const char *mact_auth_read_uuid(const char *text, apr_pool_t *pool);

/* Whether the key has signed the message by just this algorithm. */
int mact_auth_jws(const mact_auth_key_t *key, const mact_auth_algorithm_t *algorithm, const mact_auth_bytes_t *signature,
                  const mact_auth_bytes_t *message);

/* Judges verified claims, an object, and fills the token from them. */
mact_token_e mact_auth_judge(mact_auth_token_t *token, const json_t *claims, const mact_auth_rules_t *rules, apr_time_t now,
                             apr_pool_t *pool);

/* Whether the 64 bytes of `signature` are the key's over the message (RFC 8032, 5.1.7). */
int mact_auth_verifies(const mact_auth_ed25519_t *key, const unsigned char *signature, const unsigned char *message, apr_size_t length);

#endif
