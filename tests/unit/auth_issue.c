/*
 * auth/auth.h: tokens of our own, read back.
 */
#include "auth_signing.h"
#include "suite.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "auth/auth.h"

#define SUB    "0d9a6f0e-2f5c-4a53-9f0b-6f1b1f5e7c11"
#define SECRET "a secret of sixty-four bytes, so that HS512 can be served by it!"
#define NOW    APR_INT64_C(1900000000)

/* Made once: primes take long. */
static EVP_PKEY *rsa, *small;

static const char *pem_of(EVP_PKEY *pkey, const char *passphrase)
{
    BIO *bio = BIO_new(BIO_s_mem());
    const char *pem;
    char *bytes;
    long n;

    PEM_write_bio_PKCS8PrivateKey(bio, pkey, passphrase ? EVP_aes_128_cbc() : NULL, passphrase, passphrase ? (int)strlen(passphrase) : 0,
                                  NULL, NULL);
    n = BIO_get_mem_data(bio, &bytes);
    pem = apr_pstrmemdup(suite_pool, bytes, (apr_size_t)n);
    BIO_free(bio);
    return pem;
}

static const char *issue(const char *algorithm, const json_t *claims, apr_int64_t at)
{
    mact_auth_signer_t signer;
    const char *jwt = NULL;

    ck_assert_ptr_null(signing_secret(&signer, algorithm, SECRET, strlen(SECRET), suite_pool));
    ck_assert_int_eq(mact_auth_issue(&jwt, &signer, claims, at, 1800, suite_pool), APR_SUCCESS);
    return jwt;
}

static mact_auth_rules_t rules_of(const char *algorithm)
{
    mact_auth_rules_t rules = {.algorithms = mact_auth_algorithm(algorithm)};
    apr_array_header_t *keys = apr_array_make(suite_pool, 1, sizeof(mact_auth_key_t));

    ck_assert_ptr_null(mact_auth_secret(apr_array_push(keys), SECRET, strlen(SECRET), suite_pool));
    rules.keys = keys;
    return rules;
}

START_TEST(what_is_issued_is_good_for_its_time)
{
    json_t *claims = json_pack("{s:s,s:s,s:s,s:i,s:i,s:{s:[i,i]}}", "sub", SUB, "type", "access", "name", "M\xc3\xadra \"\\", "exp", 1, "iat", 2, "x", "y", 1, 2);
    mact_auth_rules_t rules = rules_of("HS384");
    const char *jwt = issue("HS384", claims, NOW);
    mact_auth_token_t *token;

    ck_assert_int_eq(mact_auth_token(&token, jwt, &rules, apr_time_from_sec(NOW), suite_pool), MACT_TOKEN_GOOD);
    ck_assert_str_eq(token->iat, "1900000000");
    ck_assert_str_eq(token->exp, "1900001800");
    ck_assert_str_eq(mact_auth_value(token, "name", suite_pool), "M\xc3\xadra \"\\");
    ck_assert(json_equal(json_object_get(token->claims, "x"), json_object_get(claims, "x")));
    ck_assert_int_eq(json_integer_value(json_object_get(claims, "exp")), 1);
    ck_assert_int_eq(mact_auth_token(&token, jwt, &rules, apr_time_from_sec(NOW + 1799), suite_pool), MACT_TOKEN_GOOD);
    ck_assert_int_eq(mact_auth_token(&token, jwt, &rules, apr_time_from_sec(NOW + 1800), suite_pool), MACT_TOKEN_EXPIRED);
    json_decref(claims);
}
END_TEST

/* In whatever order the claims were put together: a refresh token is made again from its row. */
START_TEST(the_same_claims_are_the_same_token)
{
    json_t *one = json_pack("{s:s,s:s,s:s}", "sub", SUB, "type", "refresh", "jti", SUB);
    json_t *other = json_pack("{s:s,s:s,s:s}", "jti", SUB, "type", "refresh", "sub", SUB);

    ck_assert_str_eq(issue("HS256", one, NOW), issue("HS256", other, NOW));
    ck_assert_str_ne(issue("HS256", one, NOW), issue("HS256", one, NOW + 1));
    json_decref(one);
    json_decref(other);
}
END_TEST

START_TEST(claims_are_an_object)
{
    json_t *array = json_array();
    mact_auth_signer_t signer;
    const char *jwt = NULL;

    ck_assert_ptr_null(signing_secret(&signer, "HS256", SECRET, 32, suite_pool));
    ck_assert_int_eq(mact_auth_issue(&jwt, &signer, array, NOW, 1, suite_pool), APR_EINVAL);
    ck_assert_int_eq(mact_auth_issue(&jwt, &signer, NULL, NOW, 1, suite_pool), APR_EINVAL);
    ck_assert_ptr_null(jwt);
    json_decref(array);
}
END_TEST

START_TEST(a_signing_key_fits_its_algorithm)
{
    EVP_PKEY *p256 = EVP_EC_gen("P-256");
    const char *rsa_pem = pem_of(rsa, NULL), *p256_pem = pem_of(p256, NULL), *locked = pem_of(p256, "passphrase");
    mact_auth_signer_t signer;

    ck_assert_ptr_null(signing_key(&signer, "RS512", rsa_pem, strlen(rsa_pem), suite_pool));
    ck_assert_ptr_null(signing_key(&signer, "ES256", p256_pem, strlen(p256_pem), suite_pool));
    ck_assert_ptr_nonnull(signing_key(&signer, "ES384", p256_pem, strlen(p256_pem), suite_pool));
    ck_assert_ptr_nonnull(signing_key(&signer, "RS256", p256_pem, strlen(p256_pem), suite_pool));
    ck_assert_ptr_nonnull(signing_key(&signer, "ES256", rsa_pem, strlen(rsa_pem), suite_pool));
    ck_assert_ptr_nonnull(signing_key(&signer, "HS256", rsa_pem, strlen(rsa_pem), suite_pool));
    ck_assert_ptr_nonnull(signing_key(&signer, "none", rsa_pem, strlen(rsa_pem), suite_pool));
    ck_assert_ptr_nonnull(strstr(signing_key(&signer, "ES256", locked, strlen(locked), suite_pool), "passphrase"));
    ck_assert_ptr_nonnull(signing_key(&signer, "ES256", "", 0, suite_pool));
    ck_assert_ptr_null(signing_secret(&signer, "HS512", SECRET, 64, suite_pool));
    ck_assert_ptr_nonnull(signing_secret(&signer, "HS512", SECRET, 63, suite_pool));
    ck_assert_ptr_nonnull(signing_secret(&signer, "HS256", SECRET, 31, suite_pool));
    ck_assert_ptr_nonnull(signing_secret(&signer, "RS256", SECRET, 64, suite_pool));
    EVP_PKEY_free(p256);
}
END_TEST

/* RSA (PKCS #1, 1.5) makes the same signature again, which refresh tokens rest upon; ECDSA does not. */
START_TEST(a_private_key_signs_and_verifies)
{
    EVP_PKEY *p384 = EVP_EC_gen("P-384"), *ed25519 = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    const struct {
        EVP_PKEY *pkey;
        const char *algorithm;
        int same;
    } good[] = {{rsa, "RS256", 1}, {p384, "ES384", 0}};
    json_t *claims = json_pack("{s:s}", "sub", SUB);
    mact_auth_signer_t signer;
    mact_auth_token_t *token;
    mact_auth_key_t key;
    const char *pem;

    for (int i = 0; i < 2; i++) {
        const char *one = NULL, *other = NULL;
        mact_auth_rules_t rules = {
            .algorithms = mact_auth_algorithm("RS256") | mact_auth_algorithm("RS512") | mact_auth_algorithm("ES384")
        };
        apr_array_header_t *keys = apr_array_make(suite_pool, 1, sizeof(mact_auth_key_t));

        pem = pem_of(good[i].pkey, NULL);
        ck_assert_ptr_null(mact_auth_private_key(&key, pem, strlen(pem), suite_pool));
        APR_ARRAY_PUSH(keys, mact_auth_key_t) = key;
        rules.keys = keys;
        ck_assert(mact_auth_signer(&signer, &key, rules.algorithms));
        ck_assert_uint_eq(1u << signer.algorithm, mact_auth_algorithm(good[i].algorithm));
        ck_assert(!mact_auth_signer(&signer, &key, mact_auth_algorithm("HS256")));
        ck_assert_int_eq(mact_auth_issue(&one, &signer, claims, NOW, 60, suite_pool), APR_SUCCESS);
        ck_assert_int_eq(mact_auth_issue(&other, &signer, claims, NOW, 60, suite_pool), APR_SUCCESS);
        ck_assert_int_eq(!strcmp(one, other), good[i].same);
        ck_assert_int_eq(mact_auth_token(&token, one, &rules, apr_time_from_sec(NOW), suite_pool), MACT_TOKEN_GOOD);
        ck_assert_ptr_null(strstr((const char *)key.bytes, "PRIVATE"));
        ck_assert_ptr_null(mact_auth_public_key(&key, (const char *)key.bytes, (apr_size_t)key.length, suite_pool));
        ck_assert(!mact_auth_signer(&signer, &key, rules.algorithms));
    }
    pem = pem_of(rsa, "passphrase");
    ck_assert_ptr_nonnull(strstr(mact_auth_private_key(&key, pem, strlen(pem), suite_pool), "passphrase"));
    pem = pem_of(small, NULL);
    ck_assert_str_eq(mact_auth_private_key(&key, pem, strlen(pem), suite_pool), "the RSA key has 1024 bits; 2048 are the least");
    pem = pem_of(ed25519, NULL);
    ck_assert_str_eq(mact_auth_private_key(&key, pem, strlen(pem), suite_pool), "the key is neither RSA nor EC");
    ck_assert_ptr_nonnull(mact_auth_private_key(&key, "", 0, suite_pool));
    EVP_PKEY_free(p384);
    EVP_PKEY_free(ed25519);
    json_decref(claims);
}
END_TEST

START_TEST(uuids_are_random)
{
    const char *one = NULL, *other = NULL;

    for (int i = 0; i < 200; i++) {
        ck_assert_int_eq(mact_auth_uuid(&one, suite_pool), APR_SUCCESS);
        ck_assert_int_eq(mact_auth_uuid(&other, suite_pool), APR_SUCCESS);
        ck_assert_str_ne(one, other);
        ck_assert_uint_eq(strlen(one), 36);
        ck_assert_int_eq(one[14], '4');
        ck_assert_ptr_nonnull(strchr("89ab", one[19]));
        ck_assert_uint_eq(strspn(one, "0123456789abcdef-"), 36);
    }
}
END_TEST

static void add_tests(Suite *suite)
{
    TCase *tests = suite_case(suite, "issuing");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, what_is_issued_is_good_for_its_time);
    tcase_add_test(tests, the_same_claims_are_the_same_token);
    tcase_add_test(tests, claims_are_an_object);
    tcase_add_test(tests, a_signing_key_fits_its_algorithm);
    tcase_add_test(tests, a_private_key_signs_and_verifies);
    tcase_add_test(tests, uuids_are_random);
}

int main(void)
{
    int failed;

    rsa = EVP_RSA_gen(2048);
    small = EVP_RSA_gen(1024);
    failed = suite_run("auth: issuing", add_tests);
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(small);
    return failed;
}
