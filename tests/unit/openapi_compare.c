/*
 * Members held against members: x-same, x-unlike, x-unlike-caseless.
 */
#include "suite.h"

#include "openapi/inside.h"

#define SCHEMA "{\"type\": \"object\", \"properties\": {\"a\": {\"type\": [\"string\", \"null\"], \"x-trim\": true}, \"b\": {}, \"c\": {}}, %s}"

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

static const char *const flawed[] = {
    "\"x-same\": {\"a\": [\"b\"]}", "\"x-same\": {\"a\": \"d\"}", "\"x-same\": {\"d\": \"a\"}", "\"x-same\": 1",
    "\"x-unlike\": {\"a\": \"b\"}", "\"x-unlike\": {\"a\": []}", "\"x-unlike\": {\"a\": [\"d\"]}", "\"x-unlike-caseless\": {\"a\": [1]}",
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
    tcase_add_loop_test(tests, what_compares_nothing_is_a_mistake, 0, (int)(sizeof flawed / sizeof *flawed));
}

int main(void)
{
    return suite_run("openapi: compare", add);
}
