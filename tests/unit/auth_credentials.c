/*
 * auth/auth.h: Authorization headers of other schemes than Bearer, and comparing secrets.
 */
#include "suite.h"

#include "auth/auth.h"
#include "auth/inside.h"

static const char *behind(const char *authorization, const char *scheme, apr_pool_t *pool)
{
    const char *credentials = NULL;

    return mact_auth_scheme(&credentials, authorization, scheme, pool) == MACT_SCHEME_FOUND ? credentials : NULL;
}

START_TEST(credentials_follow_their_scheme)
{
    ck_assert_str_eq(behind("Bot s3cret key", "Bot", suite_pool), "s3cret key");
    ck_assert_str_eq(behind("bOT   x \t", "Bot", suite_pool), "x");
    ck_assert_ptr_null(behind(NULL, "Bot", suite_pool));
    ck_assert_ptr_null(behind("", "Bot", suite_pool));
    ck_assert_ptr_null(behind("Bot", "Bot", suite_pool));
    ck_assert_ptr_null(behind("Bot ", "Bot", suite_pool));
    ck_assert_ptr_null(behind("Both x", "Bot", suite_pool));
    ck_assert_ptr_null(behind("Bo x", "Bot", suite_pool));
    ck_assert_ptr_null(behind("Bot\tx", "Bot", suite_pool));
    ck_assert_ptr_null(behind(" Bot x", "Bot", suite_pool));
}
END_TEST

START_TEST(secrets_are_compared)
{
    ck_assert(mact_auth_equal("", ""));
    ck_assert(mact_auth_equal("key", "key"));
    ck_assert(!mact_auth_equal("key", "kex"));
    ck_assert(!mact_auth_equal("key", "keys"));
    ck_assert(!mact_auth_equal("keys", "key"));
    ck_assert(!mact_auth_equal("", "key"));
    ck_assert(!mact_auth_equal("key", ""));
    ck_assert(!mact_auth_equal("Key", "key"));
}
END_TEST

static void basic(const char *header, mact_basic_e verdict, const char *user, const char *password)
{
    const char *got_user = NULL, *got_password = NULL;

    ck_assert_msg(mact_auth_basic(&got_user, &got_password, header, suite_pool) == verdict, "%s", header ? header : "none");
    if (verdict == MACT_BASIC_GOOD) {
        ck_assert_str_eq(got_user, user);
        ck_assert_str_eq(got_password, password);
    }
}

START_TEST(basic_credentials_are_read)
{
    basic("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", MACT_BASIC_GOOD, "Aladdin", "open sesame");     /* RFC 7617, 2 */
    basic("basic dGVzdDoxMjPCow==", MACT_BASIC_GOOD, "test", "123\xc2\xa3");                     /* 2.1 */
    basic("Basic YTpiOmM=", MACT_BASIC_GOOD, "a", "b:c");
    basic("Basic Og==", MACT_BASIC_GOOD, "", "");
    basic("Basic YTo=", MACT_BASIC_GOOD, "a", "");
    basic("Basic OmE=", MACT_BASIC_GOOD, "", "a");
}
END_TEST

START_TEST(what_are_no_basic_credentials)
{
    basic(NULL, MACT_BASIC_MISSING, NULL, NULL);
    basic("", MACT_BASIC_MISSING, NULL, NULL);
    basic("Bearer YTpi", MACT_BASIC_MISSING, NULL, NULL);
    basic("Basic", MACT_BASIC_INVALID, NULL, NULL);
    basic("Basic ", MACT_BASIC_INVALID, NULL, NULL);
    basic("Basic YQ==", MACT_BASIC_INVALID, NULL, NULL);              /* no colon */
    basic("Basic YTpi=", MACT_BASIC_INVALID, NULL, NULL);
    basic("Basic YTpiOmM", MACT_BASIC_INVALID, NULL, NULL);           /* no padding */
    basic("Basic YTo", MACT_BASIC_INVALID, NULL, NULL);
    basic("Basic YTp=", MACT_BASIC_INVALID, NULL, NULL);              /* bits left over */
    basic("Basic YT pi", MACT_BASIC_INVALID, NULL, NULL);
    basic("Basic YTo/_w==", MACT_BASIC_INVALID, NULL, NULL);
    basic("Basic YTr/", MACT_BASIC_INVALID, NULL, NULL);              /* not UTF-8 */
    basic("Basic YToA", MACT_BASIC_INVALID, NULL, NULL);              /* U+0000 */
    basic("Basic AGE6Yg==", MACT_BASIC_INVALID, NULL, NULL);
    basic("Basic ====", MACT_BASIC_INVALID, NULL, NULL);
    basic("Basic YTpi, Basic YTpi", MACT_BASIC_INVALID, NULL, NULL);
}
END_TEST

START_TEST(base64_has_one_spelling)
{
    apr_size_t n = 0;

    ck_assert_str_eq((char *)mact_auth_base64(&n, "Zm9vYg==", 8, 0, suite_pool), "foob");           /* RFC 4648, 10 */
    ck_assert_uint_eq(n, 4);
    ck_assert_str_eq((char *)mact_auth_base64(&n, "Zm9vYg", 6, 1, suite_pool), "foob");
    ck_assert_ptr_nonnull(mact_auth_base64(&n, "", 0, 1, suite_pool));
    ck_assert_uint_eq(n, 0);
    ck_assert_ptr_null(mact_auth_base64(&n, "Zm9vYh", 6, 1, suite_pool));
    ck_assert_ptr_null(mact_auth_base64(&n, "Zm9vY", 5, 1, suite_pool));
    ck_assert_ptr_null(mact_auth_base64(&n, "Zm9v+w", 6, 1, suite_pool));
    ck_assert_ptr_null(mact_auth_base64(&n, "Zm9v\0A", 6, 1, suite_pool));
    ck_assert_ptr_null(mact_auth_base64(&n, "Z===", 4, 0, suite_pool));
    ck_assert_ptr_null(mact_auth_base64(&n, "Zm=v", 4, 0, suite_pool));
}
END_TEST

static void add_tests(Suite *suite)
{
    TCase *tests = suite_case(suite, "credentials");

    tcase_add_test(tests, credentials_follow_their_scheme);
    tcase_add_test(tests, secrets_are_compared);
    tcase_add_test(tests, basic_credentials_are_read);
    tcase_add_test(tests, what_are_no_basic_credentials);
    tcase_add_test(tests, base64_has_one_spelling);
}

int main(void)
{
    return suite_run("auth: credentials", add_tests);
}
