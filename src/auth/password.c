/*
 * auth/password.c: hashes of passwords.
 *
 * A hash is `1:` and a bcrypt of apr-util.  bcrypt sees 72 bytes and stops at a NUL, so it is given not the password but an HMAC-SHA-384 of
 * it, as 64 characters of base64: all bytes of the password count.  The HMAC's key is no secret; it sets these digests apart
 * from bare SHA-384 ones that have leaked elsewhere and could be tried instead of passwords.
 *
 *     1:$2y$11$sssssssssssssssssssssshhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh
 *     |     |  salt, digest
 *     |     cost
 *     version of all this: another way of hashing gets another one, and both can be verified
 */
#include <apr_general.h>
#include <apr_md5.h>
#include <apr_strings.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>

#include "auth/inside.h"

#define VERSION      "1:"
#define LABEL        "mod_activities password 1"
#define BCRYPT       "$2y$"
#define BCRYPT_CHARS 60
#define SALT         16
#define DIGEST       48
#define DIGEST_CHARS 64

/* What bcrypt is given; 0 if the library refused. */
static int shorten(char text[DIGEST_CHARS + 1], const char *password, apr_size_t length)
{
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    int good = HMAC(EVP_sha384(), LABEL, sizeof LABEL - 1, (const unsigned char *)password, length, hash, &n) && n == DIGEST
            && EVP_EncodeBlock((unsigned char *)text, hash, DIGEST) == DIGEST_CHARS;

    OPENSSL_cleanse(hash, sizeof hash);
    return good;
}

apr_status_t mact_auth_password_hash(const char **hash, const char *password, apr_size_t length, int cost, apr_pool_t *pool)
{
    unsigned char salt[SALT];
    char text[DIGEST_CHARS + 1];
    char encoded[BCRYPT_CHARS + 1];
    apr_status_t rv;

    if (cost < MACT_PASSWORD_COST_LEAST || cost > MACT_PASSWORD_COST_MOST) {
        return APR_EINVAL;
    }
    rv = apr_generate_random_bytes(salt, sizeof salt);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!shorten(text, password, length)) {
        return APR_EGENERAL;
    }
    rv = apr_bcrypt_encode(text, (unsigned)cost, salt, sizeof salt, encoded, sizeof encoded);
    OPENSSL_cleanse(text, sizeof text);
    if (rv == APR_SUCCESS) {
        *hash = apr_pstrcat(pool, VERSION, encoded, NULL);
    }
    return rv;
}

/* Salt and digest of no password: random characters of bcrypt's alphabet in the form of a hash, without the work of making one. */
apr_status_t mact_auth_password_dummy(const char **dummy, int cost, apr_pool_t *pool)
{
    static const char alphabet[] = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    unsigned char random[BCRYPT_CHARS - sizeof BCRYPT - 2];
    apr_status_t rv = apr_generate_random_bytes(random, sizeof random);

    if (cost < MACT_PASSWORD_COST_LEAST || cost > MACT_PASSWORD_COST_MOST) {
        return APR_EINVAL;
    }
    for (apr_size_t i = 0; i < sizeof random; i++) {
        random[i] = (unsigned char)alphabet[random[i] & 63];
    }
    if (rv == APR_SUCCESS) {
        *dummy = apr_psprintf(pool, VERSION BCRYPT "%02d$%.*s", cost, (int)sizeof random, (const char *)random);
    }
    return rv;
}

/* The bcrypt within a hash of ours, or NULL.  apr_password_validate takes whatever it does not know for a crypt(3): it must not see that. */
static const char *bcrypt_of(const char *hash)
{
    return hash && !strncmp(hash, VERSION BCRYPT, sizeof VERSION + sizeof BCRYPT - 2)
        && strlen(hash) == sizeof VERSION - 1 + BCRYPT_CHARS ? hash + sizeof VERSION - 1 : NULL;
}

int mact_auth_password_verify(const char *password, apr_size_t length, const char *hash, const char *dummy)
{
    const char *known = bcrypt_of(hash);
    const char *worked = known ? known : bcrypt_of(dummy);
    char text[DIGEST_CHARS + 1];
    int same;

    if (!worked || !shorten(text, password, length)) {
        return 0;
    }
    same = apr_password_validate(text, worked) == APR_SUCCESS;
    OPENSSL_cleanse(text, sizeof text);
    return same & (known != NULL);
}
