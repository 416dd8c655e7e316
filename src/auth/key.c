/*
 * auth/key.c: keys and what each can serve; the Authorization header; comparing secrets.
 */
#include "auth/auth.h"
#include "auth/inside.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>
#include <jwt.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

static const struct {
    const char *name;
    jwt_alg_t algorithm;
    mact_key_e kind;
    int bits;                              /* of the curve */
} algorithms[] = {
    { "HS256", JWT_ALG_HS256, MACT_KEY_HMAC, 0 }, { "HS384", JWT_ALG_HS384, MACT_KEY_HMAC, 0 }, { "HS512", JWT_ALG_HS512, MACT_KEY_HMAC, 0 },
    { "RS256", JWT_ALG_RS256, MACT_KEY_RSA, 0 }, { "RS384", JWT_ALG_RS384, MACT_KEY_RSA, 0 }, { "RS512", JWT_ALG_RS512, MACT_KEY_RSA, 0 },
    { "ES256", JWT_ALG_ES256, MACT_KEY_EC, 256 }, { "ES384", JWT_ALG_ES384, MACT_KEY_EC, 384 }, { "ES512", JWT_ALG_ES512, MACT_KEY_EC, 521 },
};

unsigned mact_auth_algorithm(const char *name)
{
    size_t i;

    for (i = 0; name != NULL && i < sizeof(algorithms) / sizeof(*algorithms); i++) {
        if (strcmp(name, algorithms[i].name) == 0) {
            return 1u << algorithms[i].algorithm;
        }
    }
    return 0;
}

unsigned mact_auth_serves(const mact_auth_key_t *key)
{
    unsigned mask = 0;
    size_t i;

    for (i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
        if (algorithms[i].kind == key->kind && (key->kind != MACT_KEY_EC || algorithms[i].bits == key->bits)) {
            mask |= 1u << algorithms[i].algorithm;
        }
    }
    return mask;
}

const char *mact_auth_secret(mact_auth_key_t *key, const char *bytes, apr_size_t length, apr_pool_t *pool)
{
    if (length == 0) {
        return "the secret is empty";
    }
    key->kind = MACT_KEY_HMAC;
    key->bytes = apr_pmemdup(pool, bytes, length);
    key->length = (int)length;
    key->bits = 0;
    return NULL;
}

static EVP_PKEY *read_pem(const char *pem, apr_size_t length)
{
    BIO *bio = BIO_new_mem_buf(pem, (int)length);
    EVP_PKEY *key = bio == NULL ? NULL : PEM_read_bio_PUBKEY(bio, NULL, NULL, NULL);

    BIO_free(bio);
    if (key == NULL && (bio = BIO_new_mem_buf(pem, (int)length)) != NULL) {
        X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

        key = certificate == NULL ? NULL : X509_get_pubkey(certificate);
        X509_free(certificate);
        BIO_free(bio);
    }
    return key;
}

/* The key as SubjectPublicKeyInfo, which is what libjwt reads. */
static int write_pem(mact_auth_key_t *made, EVP_PKEY *key, apr_pool_t *pool)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes = NULL;
    long length = 0;

    if (bio != NULL && PEM_write_bio_PUBKEY(bio, key)) {
        length = BIO_get_mem_data(bio, &bytes);
        made->bytes = (const unsigned char *)apr_pstrmemdup(pool, bytes, (apr_size_t)length);
        made->length = (int)length;
    }
    BIO_free(bio);
    return length > 0;
}

const char *mact_auth_public_key(mact_auth_key_t *made, const char *pem, apr_size_t length, apr_pool_t *pool)
{
    EVP_PKEY *key = read_pem(pem, length);
    const char *wrong = NULL;

    if (key == NULL) {
        return "it is neither a PEM public key nor a certificate";
    }
    made->bits = EVP_PKEY_get_bits(key);
    if (EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA) {
        made->kind = MACT_KEY_RSA;
        wrong = made->bits < 2048 ? "an RSA key needs at least 2048 bits" : NULL;
    }
    else if (EVP_PKEY_get_base_id(key) == EVP_PKEY_EC) {
        char group[32] = "";

        made->kind = MACT_KEY_EC;
        EVP_PKEY_get_group_name(key, group, sizeof(group), NULL);
        if (strcmp(group, SN_X9_62_prime256v1) != 0 && strcmp(group, SN_secp384r1) != 0 && strcmp(group, SN_secp521r1) != 0) {
            wrong = "its curve is none of P-256, P-384 and P-521";
        }
    }
    else {
        wrong = "it is neither an RSA nor an EC key";
    }
    if (wrong == NULL && !write_pem(made, key, pool)) {
        wrong = "it cannot be written as a public key";
    }
    EVP_PKEY_free(key);
    return wrong;
}

const char *mact_auth_credentials(const char *authorization, const char *scheme, apr_pool_t *pool)
{
    apr_size_t length = strlen(scheme), end;

    if (authorization == NULL || strncasecmp(authorization, scheme, length) != 0
        || (authorization[length] != ' ' && authorization[length] != '\t' && authorization[length] != '\0')) {
        return NULL;
    }
    authorization += length;
    while (*authorization == ' ' || *authorization == '\t') {
        authorization++;
    }
    end = strlen(authorization);
    while (end > 0 && (authorization[end - 1] == ' ' || authorization[end - 1] == '\t')) {
        end--;
    }
    return apr_pstrmemdup(pool, authorization, end);
}

int mact_auth_equal(const char *given, const char *secret)
{
    size_t length = strlen(given), known = strlen(secret);

    /* of another length it is unequal, found out at the cost of comparing it with itself */
    return (CRYPTO_memcmp(given, length == known ? secret : given, length) == 0) & (length == known);
}
