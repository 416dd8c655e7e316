/*
 * auth/signature.c: requests that are signed with Ed25519 (RFC 8032), as Discord signs its interactions.
 *
 * The signature is over the timestamp and the body; the timestamp bounds for how long a request can be sent again.
 */
#include <apr_strings.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "auth/inside.h"

#define SIGNATURE 64
#define HALF      32

/* Little-endian, as all numbers of this file: the order of the group, 2^252 + 27742317777372353535851937790883648493. */
static const unsigned char group_order[HALF] = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x10,
};

/* The y of the points of order 1, 2, 4 and 8, and the two of them that fit a second time (p, p + 1).  Sixty-four zeros are one. */
static const char *const small_orders[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

const char *mact_auth_ed25519(mact_auth_ed25519_t *key, const char *hex)
{
    unsigned char y[HALF], small[HALF];

    if (!hex || !mact_auth_unhex(key->bytes, sizeof key->bytes, hex)) {
        return "an Ed25519 public key is 64 hexadecimal digits";
    }
    memcpy(y, key->bytes, sizeof y);
    y[HALF - 1] &= 0x7f;                               /* the sign of x */
    for (apr_size_t i = 0; i < sizeof small_orders / sizeof small_orders[0]; i++) {
        if (mact_auth_unhex(small, sizeof small, small_orders[i]) && !memcmp(small, y, sizeof y)) {
            return "this is no Ed25519 public key: anybody could sign for it";
        }
    }
    return NULL;
}

static int below_group_order(const unsigned char *scalar)
{
    for (int i = HALF - 1; i >= 0; i--) {
        if (scalar[i] != group_order[i]) {
            return scalar[i] < group_order[i];
        }
    }
    return 0;
}

/* Digits alone, and not so many that they could overflow. */
static int read_seconds(apr_int64_t *seconds, const char *text)
{
    apr_size_t digits = strspn(text, "0123456789");

    if (!digits || digits > 12 || text[digits]) {
        return 0;
    }
    *seconds = apr_atoi64(text);
    return 1;
}

int mact_auth_verifies(const mact_auth_ed25519_t *key, const unsigned char *signature, const unsigned char *message, apr_size_t length)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->bytes, sizeof key->bytes);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int good = pkey && context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1
            && EVP_DigestVerify(context, signature, SIGNATURE, message, length) == 1;

    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    if (!good) {
        ERR_clear_error();
    }
    return good;
}

int mact_auth_signed(const mact_auth_ed25519_t *key, const char *signature, const char *timestamp, const void *body,
                     apr_size_t length, apr_time_t now, int window, apr_pool_t *tmp)
{
    unsigned char bytes[SIGNATURE];
    unsigned char *message;
    apr_size_t prefix;
    apr_int64_t seconds, away;

    if (!signature || !timestamp || !mact_auth_unhex(bytes, sizeof bytes, signature) || !below_group_order(bytes + HALF)
        || !read_seconds(&seconds, timestamp)) {
        return 0;
    }
    away = seconds - apr_time_sec(now);
    if (away > window || away < -(apr_int64_t)window) {
        return 0;
    }
    prefix = strlen(timestamp);
    message = apr_palloc(tmp, prefix + length + 1);    /* Ed25519 reads its message twice, and wants it in one piece */
    memcpy(message, timestamp, prefix);
    if (length) {
        memcpy(message + prefix, body, length);
    }
    return mact_auth_verifies(key, bytes, message, prefix + length);
}
