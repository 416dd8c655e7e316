/*
 * auth/auth.h: passwords.  The cost is the least there is: what is tested does not depend on it.
 */
#include "suite.h"

#include "auth/auth.h"

#define COST MACT_PASSWORD_COST_LEAST

static const char *hash_of(const char *password, apr_size_t length)
{
    const char *hash = NULL;

    ck_assert_int_eq(mact_auth_password_hash(&hash, password, length, COST, suite_pool), APR_SUCCESS);
    return hash;
}

static int is(const char *password, const char *hash)
{
    return mact_auth_password_verify(password, strlen(password), hash, NULL);
}

START_TEST(the_password_of_a_hash_is_known)
{
    const char *hash = hash_of("correct horse", 13);

    ck_assert(is("correct horse", hash));
    ck_assert(!is("correct horsf", hash));
    ck_assert(!is("correct hors", hash));
    ck_assert(!is("correct horse ", hash));
    ck_assert(!is("Correct horse", hash));
    ck_assert(!is("", hash));
    ck_assert_str_ne(hash, hash_of("correct horse", 13));
    ck_assert_int_eq(strncmp(hash, "1:$2y$04$", 9), 0);
    ck_assert_uint_eq(strlen(hash), 62);
}
END_TEST

START_TEST(every_byte_counts)
{
    char password[512], other[512];
    const char *hash;

    memset(password, 'p', sizeof password);
    hash = hash_of(password, sizeof password);
    ck_assert(mact_auth_password_verify(password, sizeof password, hash, NULL));
    for (apr_size_t at = 0; at < sizeof other; at += 37) {
        memcpy(other, password, sizeof other);
        other[at] = 'q';
        ck_assert_msg(!mact_auth_password_verify(other, sizeof other, hash, NULL), "byte %d does not count", (int)at);
    }
    other[0] = 'p';
    ck_assert(!mact_auth_password_verify(password, sizeof password - 1, hash, NULL));
}
END_TEST

START_TEST(a_nul_does_not_end_a_password)
{
    const char *hash = hash_of("one\0two", 7);

    ck_assert(mact_auth_password_verify("one\0two", 7, hash, NULL));
    ck_assert(!mact_auth_password_verify("one\0twp", 7, hash, NULL));
    ck_assert(!mact_auth_password_verify("one", 3, hash, NULL));
}
END_TEST

START_TEST(the_empty_password_is_one)
{
    ck_assert(is("", hash_of("", 0)));
    ck_assert(!is("x", hash_of("", 0)));
}
END_TEST

START_TEST(who_is_unknown_has_no_password)
{
    const char *dummy = NULL;

    ck_assert_int_eq(mact_auth_password_dummy(&dummy, COST, suite_pool), APR_SUCCESS);
    ck_assert(!mact_auth_password_verify("correct horse", 13, NULL, dummy));
    ck_assert(!mact_auth_password_verify("", 0, NULL, dummy));
    /* Not even the dummy's own password would do. */
    ck_assert(!mact_auth_password_verify("pw", 2, NULL, hash_of("pw", 2)));
    ck_assert(!mact_auth_password_verify("pw", 2, NULL, NULL));
}
END_TEST

/* In particular nothing that crypt(3) or APR would take: a text equal to the password, an MD5 or SHA-1 hash, bare bcrypt. */
START_TEST(what_is_no_hash_is_nobodys)
{
    static const char *const hashes[] = {
        "", "pw", "1:", "1:pw", "1:$2y$", "2:$2y$04$abcdefghijklmnopqrstuuVGOzh4m5n0n6fQ4mVQkVpgzRlmQ1W4e", "{SHA}0FOjzuNzYzZBhZkS3eRY9VDCc+U=", "$apr1$x$y", "ab01FAX.bQRSU",
        "1:$2y$99$abcdefghijklmnopqrstuuVGOzh4m5n0n6fQ4mVQkVpgzRlmQ1W4e", "1:$2y$04$!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!",
    };
    const char *dummy = hash_of("dummy", 5);

    for (apr_size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
        ck_assert_msg(!mact_auth_password_verify("pw", 2, hashes[i], dummy), "%s", hashes[i]);
        ck_assert_msg(!mact_auth_password_verify("dummy", 5, hashes[i], dummy), "%s", hashes[i]);
    }
}
END_TEST

START_TEST(the_cost_has_bounds)
{
    const char *hash = NULL;

    ck_assert_int_eq(mact_auth_password_hash(&hash, "pw", 2, MACT_PASSWORD_COST_LEAST - 1, suite_pool), APR_EINVAL);
    ck_assert_int_eq(mact_auth_password_hash(&hash, "pw", 2, MACT_PASSWORD_COST_MOST + 1, suite_pool), APR_EINVAL);
    ck_assert_ptr_null(hash);
}
END_TEST

static void add_tests(Suite *suite)
{
    TCase *tests = suite_case(suite, "passwords");

    tcase_add_test(tests, the_password_of_a_hash_is_known);
    tcase_add_test(tests, every_byte_counts);
    tcase_add_test(tests, a_nul_does_not_end_a_password);
    tcase_add_test(tests, the_empty_password_is_one);
    tcase_add_test(tests, who_is_unknown_has_no_password);
    tcase_add_test(tests, what_is_no_hash_is_nobodys);
    tcase_add_test(tests, the_cost_has_bounds);
}

int main(void)
{
    return suite_run("auth: passwords", add_tests);
}
