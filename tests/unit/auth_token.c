/*
 * auth/auth.h: tokens, good and bad.  Forgeries are written by hand here, with another implementation of base64url and HMAC than the module's.
 */
#include "auth_signing.h"
#include "suite.h"

#include <jwt.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "auth/auth.h"
#include "auth/inside.h"

#define SUB "0d9a6f0e-2f5c-4a53-9f0b-6f1b1f5e7c11"
#define SID "5b0f8e60-6b7c-4d7e-8a43-0f9f4d1c2a90"
#define NOW APR_INT64_C(1900000000)

#define SECRET "a secret of sixty-four bytes, so that HS512 can be served by it!"
#define OTHER  "another secret of 64 bytes: it is what the first was rotated to."

#define HS256 "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define GOOD  "{\"sub\":\"" SUB "\",\"exp\":1900000100}"

/* Made once: keys take long. */
typedef struct {
    char *private, *public;
    EVP_PKEY *pkey;
} pair_t;

static pair_t rsa, small_rsa, p256, p384, p521, k256;

static char *as_pem(EVP_PKEY *pkey, int private)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *bytes, *copy;
    long n;

    if (private) {
        PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
    }
    else {
        PEM_write_bio_PUBKEY(bio, pkey);
    }
    n = BIO_get_mem_data(bio, &bytes);
    copy = calloc(1, (size_t)n + 1);
    memcpy(copy, bytes, (size_t)n);
    BIO_free(bio);
    return copy;
}

static void make_pair(pair_t *pair, EVP_PKEY *pkey)
{
    pair->pkey = pkey;
    pair->private = as_pem(pkey, 1);
    pair->public = as_pem(pkey, 0);
}

static void forget_pair(pair_t *pair)
{
    EVP_PKEY_free(pair->pkey);
    free(pair->private);
    free(pair->public);
}

/* ---- rules -------------------------------------------------------------------------------------------------- */

static mact_auth_rules_t rules;

static void add_secret(const char *secret)
{
    mact_auth_key_t key;

    ck_assert_ptr_null(mact_auth_secret(&key, secret, strlen(secret), suite_pool));
    APR_ARRAY_PUSH((apr_array_header_t *)rules.keys, mact_auth_key_t) = key;
}

static void add_public(const char *pem)
{
    mact_auth_key_t key;
    const char *why = mact_auth_public_key(&key, pem, strlen(pem), suite_pool);

    ck_assert_msg(why == NULL, "%s", why ? why : "");
    APR_ARRAY_PUSH((apr_array_header_t *)rules.keys, mact_auth_key_t) = key;
}

static void begin(void)
{
    suite_begin();
    memset(&rules, 0, sizeof rules);
    rules.keys = apr_array_make(suite_pool, 2, sizeof(mact_auth_key_t));
    rules.algorithms = mact_auth_algorithm("HS256");
}

static void allow(const char *name)
{
    rules.algorithms |= mact_auth_algorithm(name);
}

/* ---- writing tokens ----------------------------------------------------------------------------------------- */

static const char *url64(const void *bytes, int length)
{
    char *text = apr_palloc(suite_pool, (apr_size_t)length * 2 + 8);
    int n = EVP_EncodeBlock((unsigned char *)text, bytes, length);

    while (n && text[n - 1] == '=') {
        n--;
    }
    text[n] = '\0';
    for (char *c = text; *c; c++) {
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    }
    return text;
}

/* Header and payload as they stand, of any length, signed with an HMAC. */
static const char *written(const char *header, int header_length, const char *payload, int payload_length, const EVP_MD *md,
                           const char *secret)
{
    const char *input = apr_pstrcat(suite_pool, url64(header, header_length), ".", url64(payload, payload_length), NULL);
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    HMAC(md, secret, (int)strlen(secret), (const unsigned char *)input, strlen(input), mac, &n);
    return apr_pstrcat(suite_pool, input, ".", url64(mac, (int)n), NULL);
}

static const char *forged(const char *header, const char *payload, const char *secret)
{
    return written(header, (int)strlen(header), payload, (int)strlen(payload), EVP_sha256(), secret);
}

static const char *hs256(const char *payload)
{
    return forged(HS256, payload, SECRET);
}

static const char *issued(const char *algorithm, const char *key)
{
    json_t *claims = json_pack("{s:s}", "sub", SUB);
    mact_auth_signer_t signer;
    const char *why, *jwt = NULL;

    why = algorithm[0] == 'H' ? signing_secret(&signer, algorithm, key, strlen(key), suite_pool)
                              : signing_key(&signer, algorithm, key, strlen(key), suite_pool);
    ck_assert_msg(why == NULL, "%s", why ? why : "");
    ck_assert_int_eq(mact_auth_issue(&jwt, &signer, claims, NOW - 10, 110, suite_pool), APR_SUCCESS);
    json_decref(claims);
    return jwt;
}

static mact_auth_token_t *token;

static mact_token_e judged_at(const char *jwt, double seconds)
{
    mact_token_e verdict = mact_auth_token(&token, jwt, &rules, (apr_time_t)(seconds * APR_USEC_PER_SEC), suite_pool);

    ck_assert_ptr_nonnull(token);
    ck_assert_int_eq(token->why == NULL, verdict == MACT_TOKEN_GOOD);
    return verdict;
}

static mact_token_e judged(const char *jwt)
{
    return judged_at(jwt, (double)NOW);
}

/* ---- algorithms and keys ------------------------------------------------------------------------------------ */

START_TEST(every_algorithm_has_good_tokens)
{
    static const char *const names[] = {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512"};
    const char *keys[] = {SECRET, SECRET, SECRET, rsa.private, rsa.private, rsa.private, p256.private, p384.private, p521.private};

    add_secret(SECRET);
    add_public(rsa.public);
    add_public(p256.public);
    add_public(p384.public);
    add_public(p521.public);
    for (int i = 0; i < 9; i++) {
        const char *jwt = issued(names[i], keys[i]);
        char *broken = apr_pstrdup(suite_pool, jwt);

        rules.algorithms = mact_auth_algorithm(names[i]);
        ck_assert_msg(judged(jwt) == MACT_TOKEN_GOOD, "%s: %s", names[i], token->why);
        ck_assert_str_eq(token->sub, SUB);
        rules.algorithms = ~mact_auth_algorithm(names[i]);
        ck_assert_msg(judged(jwt) == MACT_TOKEN_INVALID, "%s passed though it is not allowed", names[i]);
        rules.algorithms = mact_auth_algorithm(names[i]);
        broken[strlen(broken) - 8] ^= broken[strlen(broken) - 8] == 'A' ? 'A' ^ 'B' : broken[strlen(broken) - 8] ^ 'A';
        ck_assert_msg(judged(broken) == MACT_TOKEN_INVALID, "%s with a broken signature", names[i]);
    }
}
END_TEST

START_TEST(names_of_algorithms_are_exact)
{
    ck_assert_uint_eq(mact_auth_algorithm("none"), 0);
    ck_assert_uint_eq(mact_auth_algorithm("hs256"), 0);
    ck_assert_uint_eq(mact_auth_algorithm("HS2566"), 0);
    ck_assert_uint_eq(mact_auth_algorithm(""), 0);
    ck_assert_uint_eq(mact_auth_algorithm(NULL), 0);
    ck_assert_uint_eq(mact_auth_algorithm("RS256"), 1u << JWT_ALG_RS256);
}
END_TEST

START_TEST(no_algorithm_is_no_token)
{
    static const char *const headers[] = {
        "{\"alg\":\"none\"}", "{\"alg\":\"None\"}", "{\"alg\":\"NONE\",\"typ\":\"JWT\"}", "{\"typ\":\"JWT\"}", "{}", "{\"alg\":null}",
        "{\"alg\":256}", "{\"alg\":[\"HS256\"]}", "{\"alg\":\"\"}", "{\"alg\":\"hs256\"}", "{\"alg\":\"HS256 \"}", "{\"alg\":\"HS257\"}",
        "{\"alg\":\"none\",\"alg\":\"HS256\"}", "{\"alg\":\"HS256\",\"alg\":\"none\"}", "[\"HS256\"]", "\"HS256\"", "", "{\"alg\":\"HS256\"",
        "{\"alg\":\"HS256\"} x", "{\"alg\":\"HS256\\u0000\"}",
    };

    add_secret(SECRET);
    rules.algorithms = ~0u;
    for (apr_size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        const char *jwt = forged(headers[i], GOOD, SECRET);

        ck_assert_msg(judged(jwt) == MACT_TOKEN_INVALID, "signed, with header %s", headers[i]);
        *(strrchr(jwt, '.') + 1) = '\0';
        ck_assert_msg(judged(jwt) == MACT_TOKEN_INVALID, "unsigned, with header %s", headers[i]);
        ck_assert(judged(apr_pstrcat(suite_pool, jwt, "AA", NULL)) == MACT_TOKEN_INVALID);
    }
}
END_TEST

START_TEST(a_public_key_is_no_secret)
{
    mact_auth_key_t key;

    rules.algorithms = ~0u;
    add_public(rsa.public);
    add_public(p256.public);
    key = APR_ARRAY_IDX(rules.keys, 0, mact_auth_key_t);
    ck_assert_int_eq(judged(forged(HS256, GOOD, rsa.public)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(forged(HS256, GOOD, (const char *)key.bytes)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(forged(HS256, GOOD, p256.public)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(forged(HS256, GOOD, "")), MACT_TOKEN_INVALID);
}
END_TEST

START_TEST(a_secret_where_only_rsa_is_allowed_is_nothing)
{
    add_secret(SECRET);
    add_public(rsa.public);
    rules.algorithms = mact_auth_algorithm("RS256");
    ck_assert_int_eq(judged(hs256(GOOD)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(forged("{\"alg\":\"RS256\"}", GOOD, SECRET)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(issued("RS256", rsa.private)), MACT_TOKEN_GOOD);
}
END_TEST

START_TEST(keys_serve_what_fits_them)
{
    mact_auth_key_t key;

    mact_auth_secret(&key, SECRET, 32, suite_pool);
    ck_assert_uint_eq(key.algorithms, mact_auth_algorithm("HS256"));
    mact_auth_secret(&key, SECRET, 48, suite_pool);
    ck_assert_uint_eq(key.algorithms, mact_auth_algorithm("HS256") | mact_auth_algorithm("HS384"));
    ck_assert_ptr_nonnull(mact_auth_secret(&key, "", 0, suite_pool));
    ck_assert_ptr_null(mact_auth_public_key(&key, p384.public, strlen(p384.public), suite_pool));
    ck_assert_int_eq(key.kind, MACT_KEY_EC);
    ck_assert_uint_eq(key.algorithms, mact_auth_algorithm("ES384"));
    ck_assert_ptr_nonnull(strstr(mact_auth_public_key(&key, small_rsa.public, strlen(small_rsa.public), suite_pool), "1024"));
    ck_assert_ptr_nonnull(strstr(mact_auth_public_key(&key, k256.public, strlen(k256.public), suite_pool), "P-256"));
    ck_assert_ptr_nonnull(strstr(mact_auth_public_key(&key, rsa.private, strlen(rsa.private), suite_pool), "private"));
    ck_assert_ptr_nonnull(mact_auth_public_key(&key, "nonsense", 8, suite_pool));
    ck_assert_ptr_nonnull(mact_auth_public_key(&key, "", 0, suite_pool));
}
END_TEST

START_TEST(a_certificate_is_its_key)
{
    X509 *certificate = X509_new();
    BIO *bio = BIO_new(BIO_s_mem());
    char *pem;
    long n;

    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, rsa.pkey);
    X509_sign(certificate, rsa.pkey, EVP_sha256());
    PEM_write_bio_X509(bio, certificate);
    n = BIO_get_mem_data(bio, &pem);
    add_public(apr_pstrmemdup(suite_pool, pem, (apr_size_t)n));
    BIO_free(bio);
    X509_free(certificate);
    rules.algorithms = mact_auth_algorithm("RS256");
    ck_assert_int_eq(judged(issued("RS256", rsa.private)), MACT_TOKEN_GOOD);
}
END_TEST

START_TEST(two_secrets_are_good_while_one_is_rotated)
{
    add_secret(OTHER);
    ck_assert_int_eq(judged(hs256(GOOD)), MACT_TOKEN_INVALID);
    add_secret(SECRET);
    ck_assert_int_eq(judged(hs256(GOOD)), MACT_TOKEN_GOOD);
    ck_assert_int_eq(judged(forged(HS256, GOOD, OTHER)), MACT_TOKEN_GOOD);
    ck_assert_int_eq(judged(forged(HS256, GOOD, "a third secret that nobody gave us, of some 50 bytes")), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(forged("{\"alg\":\"HS256\",\"kid\":\"../../etc/passwd\"}", GOOD, SECRET)), MACT_TOKEN_GOOD);
}
END_TEST

START_TEST(without_a_key_nothing_is_good)
{
    ck_assert_int_eq(judged(hs256(GOOD)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(forged(HS256, GOOD, "")), MACT_TOKEN_INVALID);
    rules.keys = NULL;
    ck_assert_int_eq(judged(hs256(GOOD)), MACT_TOKEN_INVALID);
}
END_TEST

START_TEST(extensions_that_must_be_known_are_not)
{
    add_secret(SECRET);
    ck_assert_int_eq(judged(forged("{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}", GOOD, SECRET)), MACT_TOKEN_INVALID);
}
END_TEST

/* ---- spellings ---------------------------------------------------------------------------------------------- */

START_TEST(a_token_has_one_spelling)
{
    const char *jwt = hs256(GOOD);
    apr_size_t length = strlen(jwt);
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=. \t\n%\x80";

    add_secret(SECRET);
    ck_assert_int_eq(judged(jwt), MACT_TOKEN_GOOD);
    for (apr_size_t at = 0; at < length; at++) {
        for (const char *c = alphabet; *c; c++) {
            char *other = apr_pstrdup(suite_pool, jwt);

            other[at] = *c;
            ck_assert_msg(*c == jwt[at] || judged(other) == MACT_TOKEN_INVALID, "`%c' at %d makes another good token", *c, (int)at);
        }
    }
    ck_assert_int_eq(judged(apr_pstrcat(suite_pool, jwt, "=", NULL)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(apr_pstrcat(suite_pool, jwt, ".", NULL)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(apr_pstrcat(suite_pool, jwt, ".e30", NULL)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(apr_pstrcat(suite_pool, jwt, "\n", NULL)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(apr_pstrcat(suite_pool, " ", jwt, NULL)), MACT_TOKEN_INVALID);
}
END_TEST

START_TEST(what_is_no_token)
{
    static const char *const texts[] = {"", ".", "..", "...", "a.b.c", "a.b", "e30.e30.e30", "e30.e30.", ".e30.e30", "e30..e30", "null", "====.====.===="};

    add_secret(SECRET);
    rules.algorithms = ~0u;
    for (apr_size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        ck_assert_int_eq(judged(texts[i]), MACT_TOKEN_INVALID);
    }
}
END_TEST

static const char *padded_to(int length)
{
    for (int n = 0; n < length; n++) {
        char *filler = apr_palloc(suite_pool, (apr_size_t)length + 1);
        const char *jwt;

        memset(filler, 'x', (apr_size_t)length);
        filler[n] = '\0';
        n += length - 400 > n ? (length - 400 - n) / 2 : 0;
        jwt = hs256(apr_pstrcat(suite_pool, "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"x\":\"", filler, "\"}", NULL));
        if ((int)strlen(jwt) >= length) {
            return jwt;
        }
    }
    return "";
}

START_TEST(a_long_token_is_not_read)
{
    add_secret(SECRET);
    ck_assert_int_eq(judged(padded_to(7000)), MACT_TOKEN_GOOD);
    ck_assert_int_eq(judged(padded_to(MACT_TOKEN_MOST + 1)), MACT_TOKEN_INVALID);
    ck_assert_ptr_nonnull(strstr(token->why, "longer"));
}
END_TEST

START_TEST(depth_is_bounded)
{
    char open[40], shut[40];

    add_secret(SECRET);
    for (int depth = 30; depth <= 33; depth++) {
        memset(open, '[', sizeof open);
        memset(shut, ']', sizeof shut);
        open[depth] = shut[depth] = '\0';
        ck_assert_int_eq(judged(hs256(apr_pstrcat(suite_pool, "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"x\":", open, shut, "}", NULL))),
                         depth < 32 ? MACT_TOKEN_GOOD : MACT_TOKEN_INVALID);
    }
}
END_TEST

START_TEST(hostile_claims_are_refused)
{
    static const char *const payloads[] = {
        "", "{", "[]", "null", "1", "\"x\"", "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"exp\":1}",
        "{\"sub\":\"" SUB "\",\"sub\":\"" SID "\",\"exp\":1900000100}", "{\"sub\":\"" SUB "\",\"exp\":1900000100}x",
        "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"name\":\"\xff\"}",
        "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"name\":\"\\ud800\"}", "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"name\":\"\xc0\x80\"}",
        "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"a\":{\"b\":1,\"b\":2}}", "{\"sub\":\"" SUB "\",\"exp\":99999999999999999999999}",
        "{\"sub\":\"" SUB "\",\"exp\":1e999}", "{\"sub\":\"" SUB "\",\"exp\":NaN}", "{\"sub\":\"" SUB "\\u0000\",\"exp\":1900000100}",
    };
    static const char with_nul[] = "{\"sub\":\"" SUB "\",\"exp\":1900000100}\0{}";

    add_secret(SECRET);
    for (apr_size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++) {
        ck_assert_msg(judged(hs256(payloads[i])) == MACT_TOKEN_INVALID, "%s", payloads[i]);
    }
    ck_assert_int_eq(judged(written(HS256, (int)strlen(HS256), with_nul, (int)sizeof with_nul - 1, EVP_sha256(), SECRET)), MACT_TOKEN_INVALID);
}
END_TEST

/* Text with U+0000 and numbers that are too large: JSON, and nothing that anybody here could hold. */
START_TEST(claims_that_nobody_can_hold_are_left_out)
{
    const char *payload = "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"name\":\"a\\u0000b\",\"subscription_level\":\"premium\\u0000\","
                          "\"username\":123456789012345678901234567890,\"a\":{\"b\":[1e999]},\"c\":{\"\\u0000\":1},"
                          "\"email\":\"a@b.example\",\"n\":1e300}";
    const char *twice = "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"a\":1e999,\"a\":1}";
    json_t *claims;

    add_secret(SECRET);
    ck_assert_int_eq(judged(hs256(payload)), MACT_TOKEN_GOOD);
    ck_assert_ptr_null(mact_auth_value(token, "name", suite_pool));
    ck_assert_ptr_null(mact_auth_value(token, "subscription_level", suite_pool));
    ck_assert_ptr_null(mact_auth_value(token, "username", suite_pool));
    ck_assert_str_eq(mact_auth_value(token, "email", suite_pool), "a@b.example");
    claims = json_loads(mact_auth_value(token, "claims", suite_pool), 0, NULL);
    ck_assert_uint_eq(json_object_size(claims), 4);
    ck_assert_ptr_nonnull(json_object_get(claims, "n"));
    json_decref(claims);
    ck_assert_int_eq(judged(forged(HS256, payload, OTHER)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(apr_pstrcat(suite_pool, hs256(payload), "A", NULL)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(hs256(twice)), MACT_TOKEN_INVALID);
    allow("HS512");
    ck_assert_int_eq(judged(written("{\"alg\":\"HS512\"}", 15, payload, (int)strlen(payload), EVP_sha512(), SECRET)), MACT_TOKEN_GOOD);
    ck_assert_int_eq(judged(written("{\"alg\":\"HS512\"}", 15, payload, (int)strlen(payload), EVP_sha256(), SECRET)), MACT_TOKEN_INVALID);
}
END_TEST

/* What decides is never cut at U+0000, nor as good as absent. */
START_TEST(a_claim_with_u0000_is_equal_to_none)
{
    static const char *const bad[] = {
        "{\"sub\":\"" SUB "\\u0000\",\"exp\":1900000100,\"iss\":\"i\",\"aud\":\"a\"}",
        "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"iss\":\"i\\u0000\",\"aud\":\"a\"}",
        "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"iss\":\"i\",\"aud\":[\"a\\u0000b\"]}",
        "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"iss\":\"i\",\"aud\":\"a\",\"type\":\"access\\u0000\"}",
        "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"iss\":\"i\",\"aud\":\"a\",\"type\":\"refresh\\u0000\"}",
        "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"iss\":\"i\",\"aud\":\"a\",\"token_type\":1e999}",
        "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"iss\":\"i\",\"aud\":\"a\",\"nbf\":1e999}",
        "{\"sub\":\"" SUB "\",\"exp\":-1e999,\"iss\":\"i\",\"aud\":\"a\"}",
        "{\"sub\":\"" SUB "\",\"exp\\u0000\":1900000100,\"iss\":\"i\",\"aud\":\"a\"}",
    };

    add_secret(SECRET);
    rules.issuer = "i";
    rules.audience = "a";
    for (apr_size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(judged(hs256(bad[i])) == MACT_TOKEN_INVALID, "%s", bad[i]);
    }
    ck_assert_int_eq(judged(hs256("{\"sub\":\"" SUB "\",\"exp\":1900000100,\"iss\":\"i\",\"aud\":[\"\\u0000\",\"a\"],"
                                  "\"jti\":\"" SID "\\u0000\"}")), MACT_TOKEN_GOOD);
    ck_assert_ptr_null(token->jti);
}
END_TEST

START_TEST(an_ecdsa_signature_has_the_length_of_its_curve)
{
    const char *jwt = issued("ES256", p256.private);
    const char *signature = strrchr(jwt, '.') + 1;
    const char *start = apr_pstrmemdup(suite_pool, jwt, (apr_size_t)(signature - jwt));
    apr_size_t n = 0;
    unsigned char *bytes = mact_auth_base64(&n, signature, strlen(signature), 1, suite_pool), padded[68] = {0};

    add_public(p256.public);
    allow("ES256");
    ck_assert_uint_eq(n, 64);
    ck_assert_int_eq(judged(jwt), MACT_TOKEN_GOOD);
    memcpy(padded + 1, bytes, 32);
    memcpy(padded + 34, bytes + 32, 32);
    ck_assert_int_eq(judged(apr_pstrcat(suite_pool, start, url64(padded, 66), NULL)), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged(apr_pstrcat(suite_pool, start, url64(bytes, 63), NULL)), MACT_TOKEN_INVALID);
    memset(padded, 0, sizeof padded);
    ck_assert_int_eq(judged(apr_pstrcat(suite_pool, start, url64(padded, 64), NULL)), MACT_TOKEN_INVALID);
}
END_TEST

/* ---- claims ------------------------------------------------------------------------------------------------- */

typedef struct {
    const char *claims;                    /* beside sub */
    mact_token_e verdict;
} claim_case_t;

static const claim_case_t times[] = {
    {"\"exp\":1900000001", MACT_TOKEN_GOOD},
    {"\"exp\":1900000000", MACT_TOKEN_EXPIRED},
    {"\"exp\":1899999999", MACT_TOKEN_EXPIRED},
    {"\"exp\":1900000000.5", MACT_TOKEN_GOOD},
    {"\"exp\":1899999999.999", MACT_TOKEN_EXPIRED},
    {"\"exp\":1.9000001e9", MACT_TOKEN_GOOD},
    {"\"exp\":0", MACT_TOKEN_EXPIRED},
    {"\"exp\":-1", MACT_TOKEN_EXPIRED},
    {"\"exp\":-9223372036854775808", MACT_TOKEN_EXPIRED},
    {"\"exp\":9223372036854775807", MACT_TOKEN_GOOD},
    {"\"exp\":1e300", MACT_TOKEN_GOOD},
    {"\"exp\":-1e300", MACT_TOKEN_EXPIRED},
    {"\"exp\":\"1900000100\"", MACT_TOKEN_INVALID},
    {"\"exp\":null", MACT_TOKEN_INVALID},
    {"\"exp\":true", MACT_TOKEN_INVALID},
    {"\"exp\":[1900000100]", MACT_TOKEN_INVALID},
    {"\"iat\":1900000100", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"nbf\":1900000000", MACT_TOKEN_GOOD},
    {"\"exp\":1900000100,\"nbf\":1900000000.1", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"nbf\":1900000001", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"nbf\":\"0\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"nbf\":null", MACT_TOKEN_INVALID},
    {"\"exp\":1800000000,\"nbf\":1900000001", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"iat\":\"yesterday\"", MACT_TOKEN_GOOD},
    {"\"exp\":1900000100,\"iat\":2000000000", MACT_TOKEN_GOOD},
};

static const claim_case_t uses[] = {
    {"\"exp\":1900000100,\"type\":\"access\"", MACT_TOKEN_GOOD},
    {"\"exp\":1900000100,\"token_type\":\"access\"", MACT_TOKEN_GOOD},
    {"\"exp\":1900000100,\"type\":\"access\",\"token_type\":\"access\"", MACT_TOKEN_GOOD},
    {"\"exp\":1900000100,\"type\":\"refresh\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"token_type\":\"refresh\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"type\":\"access\",\"token_type\":\"refresh\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"type\":\"refresh\",\"token_type\":\"access\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"type\":\"Access\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"type\":\"bearer\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"type\":\"\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"type\":null", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"type\":1", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"type\":[\"access\"]", MACT_TOKEN_INVALID},
    {"\"exp\":1800000000,\"type\":\"refresh\"", MACT_TOKEN_INVALID},
};

static const claim_case_t issuers[] = {
    {"\"exp\":1900000100,\"iss\":\"https://id.example\",\"aud\":\"here\"", MACT_TOKEN_GOOD},
    {"\"exp\":1900000100,\"iss\":\"https://id.example\",\"aud\":[\"there\",\"here\"]", MACT_TOKEN_GOOD},
    {"\"exp\":1900000100,\"iss\":\"https://id.example\",\"aud\":[1,null,\"here\"]", MACT_TOKEN_GOOD},
    {"\"exp\":1900000100,\"iss\":\"https://id.example\",\"aud\":[]", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"iss\":\"https://id.example\",\"aud\":[[\"here\"]]", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"iss\":\"https://id.example\",\"aud\":{\"here\":1}", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"iss\":\"https://id.example\",\"aud\":\"Here\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"iss\":\"https://id.example\",\"aud\":\"here and there\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"iss\":\"https://id.example\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"aud\":\"here\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"iss\":\"https://id.example/\",\"aud\":\"here\"", MACT_TOKEN_INVALID},
    {"\"exp\":1900000100,\"iss\":[\"https://id.example\"],\"aud\":\"here\"", MACT_TOKEN_INVALID},
    {"\"exp\":1800000000,\"iss\":\"https://id.example\",\"aud\":\"here\"", MACT_TOKEN_EXPIRED},
    {"\"exp\":1800000000,\"iss\":\"elsewhere\",\"aud\":\"here\"", MACT_TOKEN_INVALID},
};

static void judge_all(const claim_case_t *cases, apr_size_t n)
{
    add_secret(SECRET);
    for (apr_size_t i = 0; i < n; i++) {
        const char *jwt = hs256(apr_pstrcat(suite_pool, "{\"sub\":\"" SUB "\",", cases[i].claims, "}", NULL));

        ck_assert_msg(judged(jwt) == cases[i].verdict, "%s: %s", cases[i].claims, token->why ? token->why : "good");
    }
}

START_TEST(times_are_judged)
{
    judge_all(times, sizeof times / sizeof times[0]);
}
END_TEST

START_TEST(only_access_tokens_give_access)
{
    judge_all(uses, sizeof uses / sizeof uses[0]);
}
END_TEST

START_TEST(issuer_and_audience_are_judged_where_asked)
{
    rules.issuer = "https://id.example";
    rules.audience = "here";
    judge_all(issuers, sizeof issuers / sizeof issuers[0]);
    rules.issuer = rules.audience = NULL;
    ck_assert_int_eq(judged(hs256("{\"sub\":\"" SUB "\",\"exp\":1900000100,\"iss\":\"any\",\"aud\":[\"any\"]}")), MACT_TOKEN_GOOD);
}
END_TEST

START_TEST(a_refresh_token_is_one_where_asked)
{
    static const claim_case_t cases[] = {
        {"\"exp\":1900000100,\"type\":\"refresh\"", MACT_TOKEN_GOOD},
        {"\"exp\":1900000100,\"type\":\"refresh\",\"token_type\":\"refresh\"", MACT_TOKEN_GOOD},
        {"\"exp\":1900000100,\"token_type\":\"refresh\"", MACT_TOKEN_GOOD},
        {"\"exp\":1800000000,\"type\":\"refresh\"", MACT_TOKEN_EXPIRED},
        {"\"exp\":1900000100", MACT_TOKEN_INVALID},
        {"\"exp\":1900000100,\"type\":\"access\"", MACT_TOKEN_INVALID},
        {"\"exp\":1900000100,\"type\":\"refresh\",\"token_type\":\"access\"", MACT_TOKEN_INVALID},
    };

    rules.use = "refresh";
    judge_all(cases, sizeof cases / sizeof cases[0]);
}
END_TEST

START_TEST(leeway_is_given_on_both_sides)
{
    const char *jwt = hs256("{\"sub\":\"" SUB "\",\"nbf\":1900000000,\"exp\":1900000100}");

    add_secret(SECRET);
    rules.leeway = 5;
    ck_assert_int_eq(judged_at(jwt, 1899999994.9), MACT_TOKEN_INVALID);
    ck_assert_int_eq(judged_at(jwt, 1899999995.0), MACT_TOKEN_GOOD);
    ck_assert_int_eq(judged_at(jwt, 1900000104.9), MACT_TOKEN_GOOD);
    ck_assert_int_eq(judged_at(jwt, 1900000105.0), MACT_TOKEN_EXPIRED);
    rules.leeway = 0;
    ck_assert_int_eq(judged_at(jwt, 1900000099.9), MACT_TOKEN_GOOD);
    ck_assert_int_eq(judged_at(jwt, 1900000100.0), MACT_TOKEN_EXPIRED);
}
END_TEST

START_TEST(the_subject_is_a_uuid)
{
    static const char *const bad[] = {
        "{\"exp\":1900000100}", "{\"sub\":null,\"exp\":1900000100}", "{\"sub\":17,\"exp\":1900000100}", "{\"sub\":\"\",\"exp\":1900000100}",
        "{\"sub\":\"mira\",\"exp\":1900000100}", "{\"sub\":\"0d9a6f0e2f5c4a539f0b6f1b1f5e7c11\",\"exp\":1900000100}",
        "{\"sub\":\"{" SUB "}\",\"exp\":1900000100}", "{\"sub\":\" " SUB "\",\"exp\":1900000100}", "{\"sub\":\"" SUB "0\",\"exp\":1900000100}",
        "{\"sub\":\"0d9a6f0e-2f5c-4a53-9f0b-6f1b1f5e7c1g\",\"exp\":1900000100}", "{\"sub\":\"0d9a6f0e-2f5c-4a53-9f0b_6f1b1f5e7c11\",\"exp\":1900000100}",
        "{\"sub\":[\"" SUB "\"],\"exp\":1900000100}",
    };

    add_secret(SECRET);
    for (apr_size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(judged(hs256(bad[i])) == MACT_TOKEN_INVALID, "%s", bad[i]);
    }
    ck_assert_int_eq(judged(hs256("{\"sub\":\"0D9A6F0E-2F5C-4A53-9F0B-6F1B1F5E7C11\",\"exp\":1900000100}")), MACT_TOKEN_GOOD);
    ck_assert_str_eq(token->sub, SUB);
    ck_assert_int_eq(judged(hs256("{\"sub\":\"00000000-0000-0000-0000-000000000000\",\"exp\":1900000100}")), MACT_TOKEN_GOOD);
}
END_TEST

START_TEST(values_are_given_as_text)
{
    const char *jwt = hs256("{\"sub\":\"" SUB "\",\"sid\":\"5B0F8E60-6B7C-4D7E-8A43-0F9F4D1C2A90\",\"jti\":\"not a uuid\",\"exp\":1900000100.75,"
                            "\"iat\":1899999990,\"username\":\"M\xc3\xadra\",\"n\":5,\"o\":{},\"empty\":\"\"}");
    unsigned char hash[32];
    char hex[67] = "\\x";
    json_t *claims;

    add_secret(SECRET);
    ck_assert_int_eq(judged(jwt), MACT_TOKEN_GOOD);
    ck_assert_str_eq(mact_auth_value(token, "sub", suite_pool), SUB);
    ck_assert_str_eq(mact_auth_value(token, "sid", suite_pool), SID);
    ck_assert_ptr_null(mact_auth_value(token, "jti", suite_pool));
    ck_assert_str_eq(mact_auth_value(token, "exp", suite_pool), "1900000100");
    ck_assert_int_eq(token->expires, APR_INT64_C(1900000100750000));
    ck_assert_str_eq(mact_auth_value(token, "iat", suite_pool), "1899999990");
    ck_assert_str_eq(mact_auth_value(token, "username", suite_pool), "M\xc3\xadra");
    ck_assert_str_eq(mact_auth_value(token, "empty", suite_pool), "");
    ck_assert_ptr_null(mact_auth_value(token, "n", suite_pool));
    ck_assert_ptr_null(mact_auth_value(token, "o", suite_pool));
    ck_assert_ptr_null(mact_auth_value(token, "absent", suite_pool));
    EVP_Digest(jwt, strlen(jwt), hash, NULL, EVP_sha256(), NULL);
    for (int i = 0; i < 32; i++) {
        apr_snprintf(hex + 2 + 2 * i, 3, "%02x", hash[i]);
    }
    ck_assert_str_eq(mact_auth_value(token, "digest", suite_pool), hex);
    claims = json_loads(mact_auth_value(token, "claims", suite_pool), 0, NULL);
    ck_assert(json_equal(claims, token->claims));
    json_decref(claims);
}
END_TEST

START_TEST(times_beyond_the_calendar_are_its_ends)
{
    add_secret(SECRET);
    ck_assert_int_eq(judged(hs256("{\"sub\":\"" SUB "\",\"exp\":9223372036854775807,\"iat\":-9223372036854775808}")), MACT_TOKEN_GOOD);
    ck_assert_str_eq(token->exp, "253402300799");
    ck_assert_str_eq(token->iat, "-62135596800");
    ck_assert_int_eq(judged(hs256("{\"sub\":\"" SUB "\",\"exp\":1900000100,\"iat\":-0.5}")), MACT_TOKEN_GOOD);
    ck_assert_str_eq(token->iat, "-1");
}
END_TEST

START_TEST(an_expired_token_is_known_all_the_same)
{
    add_secret(SECRET);
    ck_assert_int_eq(judged(hs256("{\"sub\":\"" SUB "\",\"sid\":\"" SID "\",\"exp\":1800000000}")), MACT_TOKEN_EXPIRED);
    ck_assert_str_eq(token->sub, SUB);
    ck_assert_str_eq(token->sid, SID);
    ck_assert_ptr_nonnull(token->digest);
    ck_assert_int_eq(judged(forged(HS256, "{\"sub\":\"" SUB "\",\"exp\":1800000000}", OTHER)), MACT_TOKEN_INVALID);
    ck_assert_ptr_null(token->sub);
    ck_assert_ptr_null(token->claims);
    ck_assert_ptr_null(mact_auth_value(token, "claims", suite_pool));
    ck_assert_ptr_null(mact_auth_value(token, "email", suite_pool));
}
END_TEST

/* (r, n - s) is as good as (r, s): what was logged out by its digest must stay so. */
START_TEST(the_twin_of_a_signature_has_the_same_digest)
{
    const char *jwt = issued("ES256", p256.private);
    const char *signature = strrchr(jwt, '.') + 1;
    apr_size_t n = 0;
    unsigned char *bytes = mact_auth_base64(&n, signature, strlen(signature), 1, suite_pool);
    BIGNUM *s = BN_bin2bn(bytes + 32, 32, NULL), *order = NULL;
    const char *twin, *digest;

    ck_assert_uint_eq(n, 64);
    BN_hex2bn(&order, "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
    BN_sub(s, order, s);
    BN_bn2binpad(s, bytes + 32, 32);
    BN_free(s);
    BN_free(order);
    twin = apr_pstrcat(suite_pool, apr_pstrmemdup(suite_pool, jwt, (apr_size_t)(signature - jwt)), url64(bytes, 64), NULL);
    add_public(p256.public);
    allow("ES256");
    ck_assert_str_ne(jwt, twin);
    ck_assert_int_eq(judged(jwt), MACT_TOKEN_GOOD);
    digest = token->digest;
    ck_assert_int_eq(judged(twin), MACT_TOKEN_GOOD);
    ck_assert_str_eq(token->digest, digest);
}
END_TEST

START_TEST(reasons_tell_nothing_of_the_token)
{
    add_secret(SECRET);
    ck_assert_int_eq(judged(forged(HS256, "{\"sub\":\"" SUB "\",\"exp\":1900000100,\"type\":\"x-ray\"}", SECRET)), MACT_TOKEN_INVALID);
    ck_assert_ptr_null(strstr(token->why, "x-ray"));
}
END_TEST

/* ---- the header --------------------------------------------------------------------------------------------- */

START_TEST(the_header_is_read)
{
    const char *jwt = hs256(GOOD);
    const struct {
        const char *before, *after;
        mact_token_e verdict;
    } cases[] = {
        {"Bearer ", "", MACT_TOKEN_GOOD}, {"bearer ", "", MACT_TOKEN_GOOD}, {"BEARER ", "", MACT_TOKEN_GOOD}, {"Bearer   ", "", MACT_TOKEN_GOOD},
        {"Bearer ", " ", MACT_TOKEN_GOOD}, {"Bearer ", " \t", MACT_TOKEN_GOOD},
        {"Basic ", "", MACT_TOKEN_MISSING}, {"Bot ", "", MACT_TOKEN_MISSING}, {"Bearers ", "", MACT_TOKEN_MISSING}, {"", "", MACT_TOKEN_MISSING},
        {"Bear ", "", MACT_TOKEN_MISSING}, {"Bearer", "", MACT_TOKEN_MISSING}, {"Basic eA==, Bearer ", "", MACT_TOKEN_MISSING},
        {"Bearer\t", "", MACT_TOKEN_INVALID}, {"Bearer \t", "", MACT_TOKEN_INVALID}, {"Bearer: ", "", MACT_TOKEN_INVALID},
        {"Bearer \"", "\"", MACT_TOKEN_INVALID}, {"Bearer ", " x", MACT_TOKEN_INVALID}, {"Bearer ", ",", MACT_TOKEN_INVALID},
        {"Bearer Bearer ", "", MACT_TOKEN_INVALID}, {"Bearer token=", "", MACT_TOKEN_INVALID}, {"Bearer \xff", "", MACT_TOKEN_INVALID},
    };

    add_secret(SECRET);
    for (apr_size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *header = apr_pstrcat(suite_pool, cases[i].before, jwt, cases[i].after, NULL);
        mact_token_e verdict = mact_auth_bearer(&token, header, &rules, apr_time_from_sec(NOW), suite_pool);

        ck_assert_msg(verdict == cases[i].verdict, "`%s…%s' is %d", cases[i].before, cases[i].after, verdict);
    }
}
END_TEST

START_TEST(a_header_without_a_token)
{
    static const struct {
        const char *header;
        mact_token_e verdict;
    } cases[] = {
        {NULL, MACT_TOKEN_MISSING}, {"", MACT_TOKEN_MISSING}, {"Basic", MACT_TOKEN_MISSING}, {"Negotiate", MACT_TOKEN_MISSING}, {" ", MACT_TOKEN_MISSING},
        {"Bearer", MACT_TOKEN_INVALID}, {"Bearer ", MACT_TOKEN_INVALID}, {"bearer    ", MACT_TOKEN_INVALID}, {"Bearer x", MACT_TOKEN_INVALID},
    };

    add_secret(SECRET);
    for (apr_size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ck_assert_int_eq(mact_auth_bearer(&token, cases[i].header, &rules, apr_time_from_sec(NOW), suite_pool), cases[i].verdict);
        ck_assert_ptr_nonnull(token);
        ck_assert_ptr_nonnull(token->why);
    }
}
END_TEST

static void add_tests(Suite *suite)
{
    TCase *tests = tcase_create("tokens");

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, begin, suite_end);
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, every_algorithm_has_good_tokens);
    tcase_add_test(tests, names_of_algorithms_are_exact);
    tcase_add_test(tests, no_algorithm_is_no_token);
    tcase_add_test(tests, a_public_key_is_no_secret);
    tcase_add_test(tests, a_secret_where_only_rsa_is_allowed_is_nothing);
    tcase_add_test(tests, keys_serve_what_fits_them);
    tcase_add_test(tests, a_certificate_is_its_key);
    tcase_add_test(tests, two_secrets_are_good_while_one_is_rotated);
    tcase_add_test(tests, without_a_key_nothing_is_good);
    tcase_add_test(tests, extensions_that_must_be_known_are_not);
    tcase_add_test(tests, a_token_has_one_spelling);
    tcase_add_test(tests, what_is_no_token);
    tcase_add_test(tests, a_long_token_is_not_read);
    tcase_add_test(tests, depth_is_bounded);
    tcase_add_test(tests, hostile_claims_are_refused);
    tcase_add_test(tests, claims_that_nobody_can_hold_are_left_out);
    tcase_add_test(tests, a_claim_with_u0000_is_equal_to_none);
    tcase_add_test(tests, an_ecdsa_signature_has_the_length_of_its_curve);
    tcase_add_test(tests, times_are_judged);
    tcase_add_test(tests, only_access_tokens_give_access);
    tcase_add_test(tests, issuer_and_audience_are_judged_where_asked);
    tcase_add_test(tests, a_refresh_token_is_one_where_asked);
    tcase_add_test(tests, leeway_is_given_on_both_sides);
    tcase_add_test(tests, the_subject_is_a_uuid);
    tcase_add_test(tests, values_are_given_as_text);
    tcase_add_test(tests, times_beyond_the_calendar_are_its_ends);
    tcase_add_test(tests, an_expired_token_is_known_all_the_same);
    tcase_add_test(tests, the_twin_of_a_signature_has_the_same_digest);
    tcase_add_test(tests, reasons_tell_nothing_of_the_token);
    tcase_add_test(tests, the_header_is_read);
    tcase_add_test(tests, a_header_without_a_token);
}

int main(void)
{
    pair_t *const pairs[] = {&rsa, &small_rsa, &p256, &p384, &p521, &k256};
    int failed;

    make_pair(&rsa, EVP_RSA_gen(2048));
    make_pair(&small_rsa, EVP_RSA_gen(1024));
    make_pair(&p256, EVP_EC_gen("P-256"));
    make_pair(&p384, EVP_EC_gen("P-384"));
    make_pair(&p521, EVP_EC_gen("P-521"));
    make_pair(&k256, EVP_EC_gen("secp256k1"));
    failed = suite_run("auth: tokens", add_tests);
    for (apr_size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        forget_pair(pairs[i]);
    }
    return failed;
}
