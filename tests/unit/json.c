/*
 * What a JSON text would cost: levels and values, outside of strings.
 */
#include "suite.h"

#include <jansson.h>

#include "json/json.h"

static int within(const char *text, int depth, apr_size_t values)
{
    return mact_json_within(text, strlen(text), depth, values);
}

/* Of each text just so many levels and values, no fewer. */
static const struct {
    const char *text;
    int depth;
    apr_size_t values;
} texts[] = {
    {"", 0, 0},
    {" \t\r\n", 0, 0},
    {"1", 0, 1},
    {"-1.5e+3", 0, 1},
    {"true", 0, 1},
    {"\"\"", 0, 1},
    {"\"a\"", 0, 1},
    {"\"[[[,1,2,\\\"[[[\\\\\"", 0, 1},
    {"[]", 1, 1},
    {"{}", 1, 1},
    {"[ ]", 1, 1},
    {"[1]", 1, 2},
    {"[1,2]", 1, 3},
    {"[ 1 , null ]", 1, 3},
    {"[\"a\",\"b\"]", 1, 3},
    {"[[],[],[[]]]", 3, 5},
    {"{\"a\":1}", 1, 3},
    {"{\"a\":{\"b\":[1,2,\"3\"]},\"c\":null}", 3, 10},
    {"[1,\"a\",2]", 1, 4},
    {"[[1],2]", 2, 4},
    {"{\"a\":\"[[[[\\\"[[[[\"}", 1, 3},
};

START_TEST(levels_and_values_are_counted)
{
    const char *text = texts[_i].text;

    ck_assert(within(text, texts[_i].depth, texts[_i].values));
    ck_assert(texts[_i].depth == 0 || !within(text, texts[_i].depth - 1, texts[_i].values));
    ck_assert(texts[_i].values == 0 || !within(text, texts[_i].depth, texts[_i].values - 1));
}
END_TEST

START_TEST(a_broken_text_is_not_read_beyond_its_end)
{
    static const char *const broken[] = {"\"", "\"\\", "\"abc", "\"\\\"", "[\"a\\", "]]]", "[,", "{\"a", "tru", "1\"a"};

    for (apr_size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
        char *exact = malloc(strlen(broken[i]));

        memcpy(exact, broken[i], strlen(broken[i]));
        ck_assert(mact_json_within(exact, strlen(broken[i]), 1, 3));
        free(exact);
    }
    ck_assert(mact_json_within(NULL, 0, 0, 0));
}
END_TEST

START_TEST(brackets_that_close_too_often_buy_no_depth)
{
    /* A parser gives up at the first of them, so that what follows is never reached. */
    ck_assert_ptr_null(json_loads("]]]]][[[[[", JSON_DECODE_ANY, NULL));
    ck_assert(!within("[[[[[]]]]]", 4, 100));
}
END_TEST

static void add(Suite *suite)
{
    TCase *tests = suite_case(suite, "within");

    tcase_add_loop_test(tests, levels_and_values_are_counted, 0, (int)(sizeof(texts) / sizeof(texts[0])));
    tcase_add_test(tests, a_broken_text_is_not_read_beyond_its_end);
    tcase_add_test(tests, brackets_that_close_too_often_buy_no_depth);
}

int main(void)
{
    return suite_run("json", add);
}
