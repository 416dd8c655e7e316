/*
 * auth/jws.c: whether a key has signed these bytes (RFC 7515, by the algorithms of RFC 7518, 3).
 *
 * libjwt, which writes our tokens, verifies only what its own parser takes, and that refuses a whole token for one claim with U+0000
 * or with a number beyond 64 bits.  So the signature is verified over the bytes as they came, and nobody but us reads what is in them.
 */
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include "auth/inside.h"

#define DER_MOST 160                       /* bytes of an ECDSA signature: two integers of 521 bits, and what is around them */

static int hmac_is(const mact_auth_key_t *key, const EVP_MD *digest, const mact_auth_bytes_t *signature, const mact_auth_bytes_t *message)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    return HMAC(digest, key->bytes, key->length, message->bytes, message->length, mac, &n) && n == signature->length
        && CRYPTO_memcmp(mac, signature->bytes, n) == 0;
}

/* RFC 7518, 3.4: r and s, each as long as the curve's order, where OpenSSL wants them in DER.  0: of another length. */
static int as_der(unsigned char *der, const mact_auth_bytes_t *signature, int bits)
{
    apr_size_t half = ((apr_size_t)bits + 7) / 8;
    ECDSA_SIG *pair = signature->length == 2 * half ? ECDSA_SIG_new() : NULL;
    BIGNUM *r = pair ? BN_bin2bn(signature->bytes, (int)half, NULL) : NULL;
    BIGNUM *s = pair ? BN_bin2bn(signature->bytes + half, (int)half, NULL) : NULL;
    int n = 0;

    if (r && s && ECDSA_SIG_set0(pair, r, s)) {
        n = i2d_ECDSA_SIG(pair, NULL);
        n = n > 0 && n <= DER_MOST ? i2d_ECDSA_SIG(pair, &der) : 0;
    }
    else {
        BN_free(r);
        BN_free(s);
    }
    ECDSA_SIG_free(pair);
    return n > 0 ? n : 0;
}

static int public_key_verifies(const mact_auth_key_t *key, const EVP_MD *digest, const unsigned char *signature, apr_size_t length,
                               const mact_auth_bytes_t *message)
{
    BIO *bio = BIO_new_mem_buf(key->bytes, key->length);
    EVP_PKEY *pkey = bio ? PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL) : NULL;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    int good = pkey && context && EVP_DigestVerifyInit(context, NULL, digest, NULL, pkey) == 1
            && EVP_DigestVerify(context, signature, length, message->bytes, message->length) == 1;

    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    BIO_free(bio);
    return good;
}

int mact_auth_jws(const mact_auth_key_t *key, const mact_auth_algorithm_t *algorithm, const mact_auth_bytes_t *signature,
                  const mact_auth_bytes_t *message)
{
    const EVP_MD *digest = algorithm->digest();
    unsigned char der[DER_MOST];
    int length, good = 0;

    if (key->kind != algorithm->kind || key->length <= 0) {
        return 0;
    }
    switch (key->kind) {
    case MACT_KEY_HMAC:
        return hmac_is(key, digest, signature, message);
    case MACT_KEY_RSA:
        good = public_key_verifies(key, digest, signature->bytes, signature->length, message);
        break;
    case MACT_KEY_EC:
        length = as_der(der, signature, algorithm->measure);
        good = length && public_key_verifies(key, digest, der, (apr_size_t)length, message);
        break;
    }
    if (!good) {
        ERR_clear_error();                 /* or mod_ssl finds in this thread what was not its own */
    }
    return good;
}
