/*
 * auth/auth.h: signed requests, by the vectors of RFC 8032, section 7.1, and by keys made here.
 */
#include "suite.h"

#include <openssl/bn.h>
#include <openssl/evp.h>

#include "auth/auth.h"
#include "auth/inside.h"

#define NOW APR_INT64_C(1900000000)

static EVP_PKEY *pkey;
static mact_auth_ed25519_t key;

static const char *hex(const unsigned char *bytes, apr_size_t n)
{
    char *text = apr_palloc(suite_pool, 2 * n + 1);

    for (apr_size_t i = 0; i < n; i++) {
        apr_snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    return text;
}

static void begin(void)
{
    size_t n = 32;

    suite_begin();
    pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    EVP_PKEY_get_raw_public_key(pkey, key.bytes, &n);
}

static void end(void)
{
    EVP_PKEY_free(pkey);
    suite_end();
}

static const char *sign(const char *timestamp, const char *body, apr_size_t length)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char *message = apr_palloc(suite_pool, strlen(timestamp) + length + 1);
    unsigned char signature[64];
    size_t n = sizeof signature;

    memcpy(message, timestamp, strlen(timestamp));
    memcpy(message + strlen(timestamp), body, length);
    EVP_DigestSignInit(context, NULL, NULL, NULL, pkey);
    EVP_DigestSign(context, signature, &n, message, strlen(timestamp) + length);
    EVP_MD_CTX_free(context);
    return hex(signature, sizeof signature);
}

static int good(const char *signature, const char *timestamp, const char *body, apr_size_t length, apr_int64_t now)
{
    return mact_auth_signed(&key, signature, timestamp, body, length, apr_time_from_sec(now), 300, suite_pool);
}

/*
 * What the vectors sign does not begin with a time, so they are given to the verification below mact_auth_signed: the
 * signatures that this library makes are theirs, and theirs are good.
 */
START_TEST(the_vectors_of_rfc_8032_are_what_this_library_makes)
{
    static const struct {
        const char *secret, *public, *message, *signature;
    } vectors[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
    };

    for (int i = 0; i < 3; i++) {
        unsigned char secret[32], message[2], signature[64], made[64];
        mact_auth_ed25519_t public;
        EVP_MD_CTX *context = EVP_MD_CTX_new();
        apr_size_t length = strlen(vectors[i].message) / 2;
        size_t n = sizeof made;
        EVP_PKEY *private;

        ck_assert(mact_auth_unhex(secret, 32, vectors[i].secret));
        ck_assert(mact_auth_unhex(message, length, vectors[i].message));
        ck_assert(mact_auth_unhex(signature, 64, vectors[i].signature));
        ck_assert_ptr_null(mact_auth_ed25519(&public, vectors[i].public));
        private = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret, 32);
        EVP_DigestSignInit(context, NULL, NULL, NULL, private);
        EVP_DigestSign(context, made, &n, message, length);
        ck_assert_mem_eq(made, signature, 64);
        ck_assert(mact_auth_verifies(&public, signature, message, length));
        signature[0] ^= 1;
        ck_assert(!mact_auth_verifies(&public, signature, message, length));
        EVP_MD_CTX_free(context);
        EVP_PKEY_free(private);
    }
}
END_TEST

START_TEST(a_signed_request_is_good)
{
    const char *signature = sign("1900000000", "{\"type\":1}", 10);
    char *upper = apr_pstrdup(suite_pool, signature);

    for (char *c = upper; *c; c++) {
        *c = (char)(*c >= 'a' ? *c - 32 : *c);
    }
    ck_assert(good(signature, "1900000000", "{\"type\":1}", 10, NOW));
    ck_assert(good(upper, "1900000000", "{\"type\":1}", 10, NOW));
    ck_assert(!good(signature, "1900000000", "{\"type\":2}", 10, NOW));
    ck_assert(!good(signature, "1900000000", "{\"type\":1} ", 11, NOW));
    ck_assert(!good(signature, "1900000001", "{\"type\":1}", 10, NOW));
    ck_assert(!good(signature, "1900000000", NULL, 0, NOW));
    ck_assert(good(sign("1900000000", "", 0), "1900000000", NULL, 0, NOW));
    ck_assert(good(sign("1900000000", "a\0b", 3), "1900000000", "a\0b", 3, NOW));
}
END_TEST

START_TEST(any_changed_bit_is_seen)
{
    const char *signature = sign("1900000000", "x", 1);
    unsigned char bytes[64];

    ck_assert(mact_auth_unhex(bytes, 64, signature));
    for (int bit = 0; bit < 512; bit++) {
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
        ck_assert_msg(!good(hex(bytes, 64), "1900000000", "x", 1, NOW), "bit %d", bit);
        bytes[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
}
END_TEST

START_TEST(what_is_no_signature)
{
    const char *signature = sign("1900000000", "x", 1);
    char *odd = apr_pstrdup(suite_pool, signature);

    odd[127] = 'g';
    ck_assert(!good(NULL, "1900000000", "x", 1, NOW));
    ck_assert(!good("", "1900000000", "x", 1, NOW));
    ck_assert(!good(odd, "1900000000", "x", 1, NOW));
    ck_assert(!good(signature + 2, "1900000000", "x", 1, NOW));
    ck_assert(!good(apr_pstrcat(suite_pool, signature, "0", NULL), "1900000000", "x", 1, NOW));
    ck_assert(!good(apr_pstrcat(suite_pool, signature, " ", NULL), "1900000000", "x", 1, NOW));
}
END_TEST

/* S + L is the same scalar: who accepts it lets anybody make a second signature of the first. */
START_TEST(a_scalar_is_below_the_group_order)
{
    BIGNUM *scalar = BN_new(), *order = NULL;
    unsigned char bytes[64];

    BN_hex2bn(&order, "1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED");
    ck_assert(mact_auth_unhex(bytes, 64, sign("1900000000", "x", 1)));
    BN_lebin2bn(bytes + 32, 32, scalar);
    BN_add(scalar, scalar, order);
    BN_bn2lebinpad(scalar, bytes + 32, 32);
    ck_assert(!good(hex(bytes, 64), "1900000000", "x", 1, NOW));
    BN_bn2lebinpad(order, bytes + 32, 32);
    ck_assert(!good(hex(bytes, 64), "1900000000", "x", 1, NOW));
    BN_free(scalar);
    BN_free(order);
}
END_TEST

START_TEST(time_has_a_window)
{
    const char *signature = sign("1900000000", "x", 1);

    ck_assert(good(signature, "1900000000", "x", 1, NOW + 300));
    ck_assert(good(signature, "1900000000", "x", 1, NOW - 300));
    ck_assert(!good(signature, "1900000000", "x", 1, NOW + 301));
    ck_assert(!good(signature, "1900000000", "x", 1, NOW - 301));
}
END_TEST

START_TEST(a_time_is_whole_seconds)
{
    static const char *const odd[] = {"", " 1900000000", "1900000000 ", "+1900000000", "-1900000000", "1900000000.0", "0x71d0", "1.9e9", "now", "1900000000000000000000"};

    for (apr_size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        ck_assert_msg(!good(sign(odd[i], "x", 1), odd[i], "x", 1, NOW), "%s", odd[i]);
    }
    ck_assert(!good(sign("1900000000", "x", 1), NULL, "x", 1, NOW));
}
END_TEST

START_TEST(keys_are_read)
{
    mact_auth_ed25519_t read;
    static const char *const bad[] = {
        "", "d75a", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a0", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511x",
        "0000000000000000000000000000000000000000000000000000000000000000", "0100000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    };

    for (apr_size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(mact_auth_ed25519(&read, bad[i]) != NULL, "%s", bad[i]);
    }
    ck_assert_ptr_nonnull(mact_auth_ed25519(&read, NULL));
    ck_assert_ptr_null(mact_auth_ed25519(&read, "D75A980182B10AB7D54BFED3C964073A0EE172F3DAA62325AF021A68F707511A"));
    ck_assert_int_eq(read.bytes[0], 0xd7);
}
END_TEST

static void add_tests(Suite *suite)
{
    TCase *tests = tcase_create("signatures");

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, begin, end);
    tcase_add_test(tests, the_vectors_of_rfc_8032_are_what_this_library_makes);
    tcase_add_test(tests, a_signed_request_is_good);
    tcase_add_test(tests, any_changed_bit_is_seen);
    tcase_add_test(tests, what_is_no_signature);
    tcase_add_test(tests, a_scalar_is_below_the_group_order);
    tcase_add_test(tests, time_has_a_window);
    tcase_add_test(tests, a_time_is_whole_seconds);
    tcase_add_test(tests, keys_are_read);
}

int main(void)
{
    return suite_run("auth: signatures", add_tests);
}
