/*
 * Whom a limit by address counts as one.
 */
#include "suite.h"

#include "limit/limit.h"

static const struct {
    const char *ip, *client;
} cases[] = {
    {"192.0.2.7", "192.0.2.7"},
    {"2001:db8:1:2::1", "2001:db8:1:2::/64"},
    {"2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"},
    {"2001:db8:1:2:0:0:0:0", "2001:db8:1:2::/64"},
    {"2001:db8:1:3::1", "2001:db8:1:3::/64"},
    {"::1", "::/64"},
    {"::ffff:192.0.2.7", "192.0.2.7"},
    {"::ffff:c000:207", "192.0.2.7"},
    {"64:ff9b::c000:207", "192.0.2.7"},
    {"64:ff9b:1::c000:207", "64:ff9b:1::/64"},
    {"fe80::1%eth0", "fe80::1%eth0"},
    {"", ""},
};

START_TEST(an_ipv6_network_is_one_client)
{
    ck_assert_str_eq(mact_limit_address(cases[_i].ip, suite_pool), cases[_i].client);
}
END_TEST

static void add_tests(Suite *suite)
{
    TCase *tests = tcase_create("addresses");

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, suite_begin, suite_end);
    tcase_add_loop_test(tests, an_ipv6_network_is_one_client, 0, sizeof cases / sizeof cases[0]);
}

int main(void)
{
    return suite_run("limit: addresses", add_tests);
}
