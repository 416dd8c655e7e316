/*
 * auth/keys.c: what a key is good for.
 *
 * A key carries its kind, and an algorithm asks one: that is how a public key can never be taken for an HMAC secret, whatever a token's header
 * says.  Keys are parsed here once, at configuration time, and written anew as the one PEM form that the library reads.
 */
#include <apr_strings.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#include "auth/inside.h"

#define RSA_LEAST 2048
#define BYTES_MOST 65536

static const mact_auth_algorithm_t algorithms[] = {
    {"HS256", JWT_ALG_HS256, MACT_KEY_HMAC, EVP_sha256, 32},
    {"HS384", JWT_ALG_HS384, MACT_KEY_HMAC, EVP_sha384, 48},
    {"HS512", JWT_ALG_HS512, MACT_KEY_HMAC, EVP_sha512, 64},
    {"RS256", JWT_ALG_RS256, MACT_KEY_RSA, EVP_sha256, RSA_LEAST},
    {"RS384", JWT_ALG_RS384, MACT_KEY_RSA, EVP_sha384, RSA_LEAST},
    {"RS512", JWT_ALG_RS512, MACT_KEY_RSA, EVP_sha512, RSA_LEAST},
    {"ES256", JWT_ALG_ES256, MACT_KEY_EC, EVP_sha256, 256},
    {"ES384", JWT_ALG_ES384, MACT_KEY_EC, EVP_sha384, 384},
    {"ES512", JWT_ALG_ES512, MACT_KEY_EC, EVP_sha512, 521},
};

#define ALGORITHMS (sizeof algorithms / sizeof algorithms[0])

const mact_auth_algorithm_t *mact_auth_find_algorithm(const char *name)
{
    for (apr_size_t i = 0; i < ALGORITHMS; i++) {
        if (!strcmp(algorithms[i].name, name)) {
            return &algorithms[i];
        }
    }
    return NULL;
}

unsigned mact_auth_algorithm(const char *name)
{
    const mact_auth_algorithm_t *algorithm = name ? mact_auth_find_algorithm(name) : NULL;

    return algorithm ? MACT_AUTH_BIT(algorithm->algorithm) : 0;
}

/* The algorithms of a kind that a key of this measure can serve. */
static unsigned served(mact_key_e kind, int measure)
{
    unsigned bits = 0;

    for (apr_size_t i = 0; i < ALGORITHMS; i++) {
        const mact_auth_algorithm_t *a = &algorithms[i];

        if (a->kind == kind && (kind == MACT_KEY_EC ? measure == a->measure : measure >= a->measure)) {
            bits |= MACT_AUTH_BIT(a->algorithm);
        }
    }
    return bits;
}

/* ---- secrets ------------------------------------------------------------------------------------------------ */

const char *mact_auth_secret(mact_auth_key_t *key, const char *bytes, apr_size_t length, apr_pool_t *pool)
{
    memset(key, 0, sizeof *key);
    if (!length) {
        return "the secret is empty";
    }
    if (length > BYTES_MOST) {
        return apr_psprintf(pool, "the secret has more than %d bytes", BYTES_MOST);
    }
    key->kind = MACT_KEY_HMAC;
    key->bytes = apr_pmemdup(pool, bytes, length);
    key->length = (int)length;
    key->algorithms = served(MACT_KEY_HMAC, key->length) | MACT_AUTH_BIT(JWT_ALG_HS256);
    return NULL;
}

/* ---- PEM ---------------------------------------------------------------------------------------------------- */

/* Without this OpenSSL asks for the passphrase of an encrypted key on the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *baton)
{
    return -1;
}

static EVP_PKEY *read_pem(const char *pem, apr_size_t length, EVP_PKEY *(*read)(BIO *bio))
{
    BIO *bio = BIO_new_mem_buf(pem, (int)length);
    EVP_PKEY *pkey = bio ? read(bio) : NULL;

    BIO_free(bio);
    ERR_clear_error();
    return pkey;
}

static EVP_PKEY *read_public(BIO *bio)
{
    return PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
}

static EVP_PKEY *read_private(BIO *bio)
{
    return PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
}

static EVP_PKEY *read_certificate(BIO *bio)
{
    X509 *certificate = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
    EVP_PKEY *pkey = certificate ? X509_get_pubkey(certificate) : NULL;

    X509_free(certificate);
    return pkey;
}

/* Bits of an EC key's curve if it is one of the three, else 0. */
static int curve_bits(const EVP_PKEY *pkey)
{
    static const struct {
        const char *name;
        int bits;
    } curves[] = {{"prime256v1", 256}, {"P-256", 256}, {"secp384r1", 384}, {"P-384", 384}, {"secp521r1", 521}, {"P-521", 521}};
    char name[80];

    if (!EVP_PKEY_get_group_name(pkey, name, sizeof name, NULL)) {
        return 0;
    }
    for (apr_size_t i = 0; i < sizeof curves / sizeof curves[0]; i++) {
        if (!strcmp(curves[i].name, name)) {
            return curves[i].bits;
        }
    }
    return 0;
}

/* What the key is, or why it cannot be used. */
static const char *measure(mact_key_e *kind, int *measured, const EVP_PKEY *pkey, apr_pool_t *pool)
{
    switch (EVP_PKEY_get_base_id(pkey)) {
    case EVP_PKEY_RSA:
        *kind = MACT_KEY_RSA;
        *measured = EVP_PKEY_get_bits(pkey);
        return *measured >= RSA_LEAST ? NULL : apr_psprintf(pool, "the RSA key has %d bits; %d are the least", *measured, RSA_LEAST);
    case EVP_PKEY_EC:
        *kind = MACT_KEY_EC;
        *measured = curve_bits(pkey);
        return *measured ? NULL : "the EC key is not on P-256, P-384 or P-521";
    default:
        return "the key is neither RSA nor EC";
    }
}

/* The key as PEM from `pool`, followed by a NUL that does not count. */
static const char *write_pem(const unsigned char **bytes, int *length, const EVP_PKEY *pkey, int private, apr_pool_t *pool)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *written = NULL;
    long n = 0;

    if (bio && (private ? PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL) : PEM_write_bio_PUBKEY(bio, pkey)) == 1) {
        n = BIO_get_mem_data(bio, &written);
    }
    if (n > 0) {
        *bytes = (const unsigned char *)apr_pstrmemdup(pool, written, (apr_size_t)n);
        *length = (int)n;
        OPENSSL_cleanse(written, (size_t)n);
    }
    BIO_free(bio);
    ERR_clear_error();
    return n > 0 ? NULL : "the key cannot be written as PEM";
}

/* A likely mistake, which is worth a sentence of its own. */
static int names_private_key(const char *pem, apr_size_t length, apr_pool_t *pool)
{
    return strstr(apr_pstrmemdup(pool, pem, length), "PRIVATE KEY-----") != NULL;
}

const char *mact_auth_public_key(mact_auth_key_t *key, const char *pem, apr_size_t length, apr_pool_t *pool)
{
    const char *why;
    EVP_PKEY *pkey;
    int measured = 0;

    memset(key, 0, sizeof *key);
    if (!length || length > BYTES_MOST) {
        return length ? "this is too long to be a key" : "the key is empty";
    }
    pkey = read_pem(pem, length, read_public);
    if (!pkey) {
        pkey = read_pem(pem, length, read_certificate);
    }
    if (!pkey) {
        return names_private_key(pem, length, pool) ? "this is a private key; tokens are verified with the public one (`openssl pkey -pubout')"
                                                    : "this is neither a PEM public key (BEGIN PUBLIC KEY) nor a PEM certificate";
    }
    why = measure(&key->kind, &measured, pkey, pool);
    if (!why) {
        why = write_pem(&key->bytes, &key->length, pkey, 0, pool);
    }
    if (!why) {
        key->algorithms = served(key->kind, measured);
    }
    EVP_PKEY_free(pkey);
    return why;
}

const char *mact_auth_private_key(mact_auth_key_t *key, const char *pem, apr_size_t length, apr_pool_t *pool)
{
    EVP_PKEY *pkey = length && length <= BYTES_MOST ? read_pem(pem, length, read_private) : NULL;
    const char *why;
    int measured = 0;

    memset(key, 0, sizeof *key);
    if (!pkey) {
        return "this is no PEM private key without a passphrase (BEGIN PRIVATE KEY)";
    }
    why = measure(&key->kind, &measured, pkey, pool);
    if (!why) {
        why = write_pem(&key->bytes, &key->length, pkey, 0, pool);
    }
    if (!why) {
        why = write_pem(&key->private, &key->private_length, pkey, 1, pool);
    }
    if (!why) {
        key->algorithms = served(key->kind, measured);
    }
    EVP_PKEY_free(pkey);
    return why;
}

int mact_auth_signer(mact_auth_signer_t *signer, const mact_auth_key_t *key, unsigned allowed)
{
    unsigned can = key->kind == MACT_KEY_HMAC ? served(MACT_KEY_HMAC, key->length) : key->private ? ~0u : 0;
    unsigned serves = key->algorithms & can & allowed;

    if (!serves) {
        return 0;
    }
    signer->kind = key->kind;
    signer->bytes = key->private ? key->private : key->bytes;
    signer->length = key->private ? key->private_length : key->length;
    for (signer->algorithm = 0; !(serves & 1u << signer->algorithm); signer->algorithm++) {
        continue;                          /* the weakest: HS256 or RS256 where it is allowed, which everybody understands */
    }
    return 1;
}
