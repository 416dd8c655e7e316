/*
 * Rules over several members, x-same, x-unlike, x-unlike-caseless, x-after and x-distinct; and x-max-bytes.
 */
#include "suite.h"

#include "openapi/inside.h"

#define SCHEMA "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": [\"string\", \"null\"], \"x-trim\": true}, \"b\": {}, \"c\": {}}, %s}"

#define TIMES "{\"type\": \"object\", \"properties\": {\"a\": %s, \"b\": %s}, \"x-after\": {\"a\": \"b\"}}"
#define TIME "{\"type\": [\"string\", \"null\"], \"x-instant\": {\"offset\": \"optional\", \"date-only\": true, \"space\": true, \"seconds\": \"optional\", \"fraction\": 6}}"

static json_t *json_of(const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY, NULL);

    ck_assert_msg(json != NULL, "%s is no JSON", text);
    return mact_oapi_keep(json, suite_pool);
}

static const struct {
    const char *keyword, *value;
    int good;
} cases[] = {
    {"\"x-same\": {\"a\": \"b\"}", "{\"a\": \"x\", \"b\": \"x\"}", 1},
    {"\"x-same\": {\"a\": \"b\"}", "{\"a\": \"x\", \"b\": \"X\"}", 0},
    {"\"x-same\": {\"a\": \"b\"}", "{\"b\": \"X\"}", 1},
    {"\"x-same\": {\"a\": \"b\"}", "{\"a\": null, \"b\": \"X\"}", 1},
    {"\"x-unlike\": {\"a\": [\"b\", \"c\"]}", "{\"a\": \"x\", \"b\": \"X\", \"c\": \"y\"}", 1},
    {"\"x-unlike\": {\"a\": [\"b\", \"c\"]}", "{\"a\": \"x\", \"c\": \"x\"}", 0},
    {"\"x-unlike\": {\"b\": [\"c\"]}", "{\"b\": 1, \"c\": 1.0}", 0},
    {"\"x-unlike-caseless\": {\"a\": [\"b\"]}", "{\"a\": \"x.y\", \"b\": \"X.Y\"}", 0},
    {"\"x-unlike-caseless\": {\"a\": [\"b\"]}", "{\"a\": \"x.y\", \"b\": \"XxY\"}", 1},
    {"\"x-unlike-caseless\": {\"a\": [\"b\"]}", "{\"a\": \"x.y\", \"b\": \"x.yz\"}", 1},
    {"\"x-unlike-caseless\": {\"a\": [\"b\"]}", "{\"a\": \"\xC3\xA9\", \"b\": \"\xC3\x89\"}", 0},
    {"\"x-unlike-caseless\": {\"a\": [\"b\"]}", "{\"a\": \"\", \"b\": \"\"}", 0},
    {"\"x-unlike-caseless\": {\"a\": [\"b\"]}", "{\"a\": \"\", \"b\": \"x\"}", 1},
};

START_TEST(members_are_compared)
{
    json_t *json = json_of(apr_psprintf(suite_pool, SCHEMA, cases[_i].keyword));
    const mact_oapi_schema_t *schema;
    const char *error;

    ck_assert_msg(mact_oapi_schema(&schema, &error, json, json, suite_pool) == APR_SUCCESS, "%s", error);
    ck_assert_msg(mact_oapi_valid(schema, json_of(cases[_i].value), suite_pool) == cases[_i].good, "%s of %s", cases[_i].keyword, cases[_i].value);
}
END_TEST

static const struct {
    const char *a, *b;
    int good;
} times[] = {
    {"\"2031-05-02\"", "\"2031-05-01\"", 1},
    {"\"2031-05-01\"", "\"2031-05-01\"", 0},
    {"\"2031-05-01\"", "\"2031-05-02\"", 0},
    {"\"2031-05-01T11:00+02:00\"", "\"2031-05-01 09:00:00Z\"", 0},
    {"\"2031-05-01T10:59:59+02:00\"", "\"2031-05-01 09:00:00Z\"", 0},
    {"\"2031-05-01T11:00:00.000001+02:00\"", "\"2031-05-01 09:00:00Z\"", 1},
    {"\"2031-05-01T09:00:00.5Z\"", "\"2031-05-01T09:00:00.50Z\"", 0},
    {"\"2031-05-01T09:00:00.51Z\"", "\"2031-05-01T09:00:00.5Z\"", 1},
    {"\"2031-05-01T09:00:00.05Z\"", "\"2031-05-01T09:00:00.5Z\"", 0},
    {"\"2031-05-01T09:00:00Z\"", "\"2031-05-01T09:00:00.000Z\"", 0},
    {"\"2031-05-01T09:00:01Z\"", "\"2031-05-01T09:00:00.999999Z\"", 1},
    {"\"9999-12-31T23:59:59.999999Z\"", "\"0001-01-01\"", 1},
    {"null", "\"2031-05-01\"", 1},
    {"\"2031-05-01\"", "null", 1},
};

START_TEST(instants_are_compared)
{
    json_t *json = json_of(apr_psprintf(suite_pool, TIMES, TIME, TIME));
    const char *value = apr_psprintf(suite_pool, "{\"a\": %s, \"b\": %s}", times[_i].a, times[_i].b), *error;
    const mact_oapi_schema_t *schema;

    ck_assert_msg(mact_oapi_schema(&schema, &error, json, json, suite_pool) == APR_SUCCESS, "%s", error);
    ck_assert_msg(mact_oapi_valid(schema, json_of(value), suite_pool) == times[_i].good, "%s", value);
}
END_TEST

static const struct {
    const char *schema, *value;
    int good;
} others[] = {
    {"{\"items\": {}, \"x-distinct\": \"a\"}", "[{\"a\": 1}, {\"a\": 2}]", 1},
    {"{\"items\": {}, \"x-distinct\": \"a\"}", "[{\"a\": 1}, {\"a\": 2}, {\"a\": 1.0, \"b\": 3}]", 0},
    {"{\"items\": {}, \"x-distinct\": \"a\"}", "[{\"b\": 1}, {\"b\": 1}, {\"a\": null}, {\"a\": null}, 1, 1]", 1},
    {"{\"x-max-bytes\": 7}", "{\"a\": 1}", 1},
    {"{\"x-max-bytes\": 7}", "{ \"a\" : 1 }", 1},
    {"{\"x-max-bytes\": 7}", "{\"a\": 10}", 0},
    {"{\"x-max-bytes\": 4}", "\"\u00e9\"", 1},
    {"{\"x-max-bytes\": 4}", "\"\u20ac\"", 0},
    {"{\"x-max-bytes\": 4}", "true", 1},
};

START_TEST(items_and_sizes_are_judged)
{
    json_t *json = json_of(others[_i].schema);
    const mact_oapi_schema_t *schema;
    const char *error;

    ck_assert_msg(mact_oapi_schema(&schema, &error, json, json, suite_pool) == APR_SUCCESS, "%s", error);
    ck_assert_msg(mact_oapi_valid(schema, json_of(others[_i].value), suite_pool) == others[_i].good, "%s of %s", others[_i].schema, others[_i].value);
}
END_TEST

static const char *const flawed[] = {
    "\"x-same\": {\"a\": [\"b\"]}", "\"x-same\": {\"a\": \"d\"}", "\"x-same\": {\"d\": \"a\"}", "\"x-same\": 1",
    "\"x-unlike\": {\"a\": \"b\"}", "\"x-unlike\": {\"a\": []}", "\"x-unlike\": {\"a\": [\"d\"]}", "\"x-unlike-caseless\": {\"a\": [1]}",
    "\"x-after\": {\"a\": \"d\"}", "\"x-after\": {\"a\": \"b\"}", "\"x-after\": \"a\"", "\"x-distinct\": \"a\"", "\"items\": {}, \"x-distinct\": 1",
    "\"x-max-bytes\": -1", "\"x-max-bytes\": \"4\"",
};

START_TEST(what_compares_nothing_is_a_mistake)
{
    json_t *json = json_of(apr_psprintf(suite_pool, SCHEMA, flawed[_i]));
    const mact_oapi_schema_t *schema;
    const char *error;

    ck_assert_msg(mact_oapi_schema(&schema, &error, json, json, suite_pool) != APR_SUCCESS, "%s", flawed[_i]);
}
END_TEST

static void add(Suite *suite)
{
    TCase *tests = suite_case(suite, "compare");

    tcase_add_loop_test(tests, members_are_compared, 0, (int)(sizeof cases / sizeof *cases));
    tcase_add_loop_test(tests, instants_are_compared, 0, (int)(sizeof times / sizeof *times));
    tcase_add_loop_test(tests, items_and_sizes_are_judged, 0, (int)(sizeof others / sizeof *others));
    tcase_add_loop_test(tests, what_compares_nothing_is_a_mistake, 0, (int)(sizeof flawed / sizeof *flawed));
}

int main(void)
{
    return suite_run("openapi: compare", add);
}
