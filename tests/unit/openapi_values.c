/*
 * The small things: numbers and equality as JSON Schema has them, text, instants, addresses, patterns, rates.
 */
#include "suite.h"

#include "openapi/inside.h"

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static json_t *json_of(const char *text)
{
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

    ck_assert_msg(json != NULL, "%s is no JSON", text);
    return mact_oapi_keep(json, suite_pool);
}

/* ---- numbers ----------------------------------------------------------------------------------------------- */

static const struct {
    const char *a, *b;
    int order;
} orders[] = {
    {"1", "1.0", 0}, {"1", "2", -1}, {"1.5", "1", 1}, {"-0.0", "0", 0}, {"-1.5", "-1", -1}, {"-1", "-1.5", 1}, {"1", "1.5", -1},
    {"9223372036854775807", "9223372036854775808.0", -1}, {"9223372036854775807", "9223372036854775806", 1},
    {"9007199254740993", "9007199254740992.0", 1}, {"-9223372036854775808", "-9223372036854775808.0", 0}, {"1", "1e300", -1}, {"1", "-1e300", 1},
    {"0.1", "0.1", 0},
};

START_TEST(numbers_are_compared_by_value)
{
    ck_assert_int_eq(mact_oapi_compare(json_of(orders[_i].a), json_of(orders[_i].b)), orders[_i].order);
    ck_assert_int_eq(mact_oapi_compare(json_of(orders[_i].b), json_of(orders[_i].a)), -orders[_i].order);
}
END_TEST

static const struct {
    const char *number, *of;
    int multiple;
} multiples[] = {
    {"0.3", "0.1", 1}, {"0.07", "0.01", 1}, {"19.99", "0.01", 1}, {"0.005", "0.01", 0}, {"1e300", "7", 0}, {"1e308", "0.5", 1}, {"0", "0.3", 1},
    {"-4.5", "1.5", 1}, {"7", "2", 0}, {"9223372036854775807", "7", 1}, {"9223372036854775807", "2", 0}, {"-9223372036854775808", "2", 1},
    {"12391239123", "1e-8", 1}, {"1e-7", "1e-8", 1}, {"1e-9", "1e-8", 0}, {"3", "1.5", 1}, {"100", "1e2", 1}, {"150", "1e2", 0},
    {"0.1", "0.30000000000000004", 0},
};

START_TEST(multiples_are_those_of_decimals)
{
    ck_assert_int_eq(mact_oapi_multiple(json_of(multiples[_i].number), json_of(multiples[_i].of)), multiples[_i].multiple);
}
END_TEST

static const struct {
    const char *json, *text;
} texts[] = {
    {"10.0", "10"}, {"-0.0", "0"}, {"0.1", "0.1"}, {"1e2", "100"}, {"1e30", "1e+30"}, {"123456789.123", "123456789.123"}, {"5e-324", "4.94065645841247e-324"},
    {"[1.50, true, null, {\"b\": [], \"a\": {}}]", "[1.5,true,null,{\"b\":[],\"a\":{}}]"}, {"\"\\\"\\\\\\n\\u0000\\u007f\\u00e9\"", "\"\\\"\\\\\\u000a\\u0000\x7F\xC3\xA9\""},
};

START_TEST(json_is_written_shortest)
{
    ck_assert_str_eq(mact_oapi_text(json_of(texts[_i].json), suite_pool), texts[_i].text);
    ck_assert(mact_oapi_equal(json_of(texts[_i].json), json_of(texts[_i].text)));
}
END_TEST

static const struct {
    const char *a, *b;
    int equal;
} pairs[] = {
    {"1", "1.0", 1}, {"1", "true", 0}, {"0", "false", 0}, {"null", "false", 0}, {"\"a\"", "\"a\"", 1}, {"\"a\"", "\"a\\u0000\"", 0}, {"\"1\"", "1", 0},
    {"[1,2]", "[1.0,2e0]", 1}, {"[1,2]", "[2,1]", 0}, {"[1]", "[1,1]", 0}, {"{\"a\":1,\"b\":2}", "{\"b\":2.0,\"a\":1}", 1}, {"{\"a\":1}", "{\"b\":1}", 0},
    {"{\"a\":1}", "{\"a\":1,\"b\":1}", 0}, {"{}", "[]", 0}, {"[[]]", "[{}]", 0},
};

START_TEST(equality_is_json_s)
{
    ck_assert_int_eq(mact_oapi_equal(json_of(pairs[_i].a), json_of(pairs[_i].b)), pairs[_i].equal);
    ck_assert_int_eq(mact_oapi_distinct(json_of(apr_psprintf(suite_pool, "[%s,%s]", pairs[_i].a, pairs[_i].b)), suite_pool), !pairs[_i].equal);
}
END_TEST

START_TEST(a_long_array_is_searched_for_repetitions_in_no_time)
{
    json_t *array = mact_oapi_keep(json_array(), suite_pool);

    for (int i = 0; i < 200000; i++) {
        json_array_append_new(array, json_integer(i));
    }
    ck_assert(mact_oapi_distinct(array, suite_pool));
    json_array_append_new(array, json_real(77.0));
    ck_assert(!mact_oapi_distinct(array, suite_pool));
}
END_TEST

/* ---- text -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    apr_size_t length;
    int good;
} utf8[] = {
    {"", 0, 1}, {"a", 1, 1}, {"\0", 1, 1}, {"\x7F", 1, 1}, {"\x80", 1, 0}, {"\xC2\x80", 2, 1}, {"\xC1\xBF", 2, 0}, {"\xC3", 1, 0}, {"\xC3\x28", 2, 0},
    {"\xE0\xA0\x80", 3, 1}, {"\xE0\x9F\xBF", 3, 0}, {"\xED\x9F\xBF", 3, 1}, {"\xED\xA0\x80", 3, 0}, {"\xEF\xBF\xBF", 3, 1}, {"\xE2\x82", 2, 0},
    {"\xF0\x90\x80\x80", 4, 1}, {"\xF0\x8F\xBF\xBF", 4, 0}, {"\xF4\x8F\xBF\xBF", 4, 1}, {"\xF4\x90\x80\x80", 4, 0}, {"\xF5\x80\x80\x80", 4, 0},
    {"\xFF", 1, 0}, {"ab\xC3\xA9z", 5, 1},
};

START_TEST(utf_8_is_what_rfc_3629_says)
{
    ck_assert_int_eq(mact_oapi_utf8(utf8[_i].text, utf8[_i].length), utf8[_i].good);
}
END_TEST

START_TEST(white_space_is_unicode_s)
{
    static const char *const spaces[] = {"\t", "\n", "\v", "\f", "\r", " ", "\xC2\x85", "\xC2\xA0", "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x8A",
                                         "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
    static const char *const others[] = {"\b", "\x0E", "\x1F", "!", "\x7F", "\xE2\x80\x8B", "\xEF\xBB\xBF", "\xE1\xA0\x8E"};

    for (int i = 0; i < COUNT(spaces); i++) {
        const char *text = apr_pstrcat(suite_pool, spaces[i], "a ", spaces[i], "b", spaces[i], NULL);
        apr_size_t length = strlen(text);

        ck_assert(mact_oapi_blank(spaces[i], strlen(spaces[i])));
        mact_oapi_trimmed(&text, &length);
        ck_assert_int_eq(text[0], 'a');
        ck_assert_int_eq(text[length - 1], 'b');
    }
    for (int i = 0; i < COUNT(others); i++) {
        ck_assert(!mact_oapi_blank(others[i], strlen(others[i])));
    }
    ck_assert(mact_oapi_blank("", 0));
}
END_TEST

/* ---- instants ---------------------------------------------------------------------------------------------- */

/* The spellings of the five APIs. */
static const mact_instant_t strict = {.offset_required = 1, .fraction = 30, .from = 1, .to = 9999};
static const mact_instant_t loose = {.date_only = 1, .space = 1, .seconds_optional = 1, .short_offset = 1, .upper_case = 1, .fraction = 6, .from = 1, .to = 9999};
static const mact_instant_t attendance = {.space = 1, .seconds_optional = 1, .fraction = 6, .from = 1900, .to = 9999};
static const mact_instant_t rewritten = {.date_only = 1, .seconds_optional = 1, .fraction = 9, .from = 1970, .to = 9999, .utc = 1};

static const struct {
    const mact_instant_t *instant;
    const char *text;
    int good;
} instants[] = {
    {&strict, "2031-05-04T18:00:00Z", 1}, {&strict, "2031-05-04t18:00:00z", 1}, {&strict, "2031-05-04T18:00:00+02:00", 1},
    {&strict, "2031-05-04T18:00:00.123456789Z", 1}, {&strict, "2031-05-04T18:00:00", 0}, {&strict, "2031-05-04", 0},
    {&strict, "2031-05-04 18:00:00Z", 0}, {&strict, "2031-05-04T18:00Z", 0}, {&strict, "2031-05-04T18:00:00+02", 0},
    {&strict, "2031-05-04T18:00:00+0200", 0}, {&strict, "2031-05-04T18:00:00+15:59", 1}, {&strict, "2031-05-04T18:00:00+16:00", 0},
    {&strict, "2031-05-04T18:00:00+02:60", 0}, {&strict, "2031-05-04T24:00:00Z", 0}, {&strict, "2031-05-04T18:60:00Z", 0},
    {&strict, "2031-05-04T23:59:60Z", 0}, {&strict, "2031-02-29T00:00:00Z", 0}, {&strict, "2032-02-29T00:00:00Z", 1},
    {&strict, "1900-02-29T00:00:00Z", 0}, {&strict, "2000-02-29T00:00:00Z", 1}, {&strict, "2031-13-01T00:00:00Z", 0},
    {&strict, "2031-00-01T00:00:00Z", 0}, {&strict, "2031-04-31T00:00:00Z", 0}, {&strict, "2031-05-04T18:00:00.Z", 0},
    {&strict, "2031-05-04T18:00:00Z ", 0}, {&strict, " 2031-05-04T18:00:00Z", 0}, {&strict, "now", 0}, {&strict, "", 0},
    {&strict, "infinity", 0}, {&strict, "0001-01-01T00:00:00Z", 1}, {&strict, "0001-01-01T00:00:00+00:01", 0},
    {&strict, "0000-12-31T23:59:59-00:01", 0}, {&strict, "9999-12-31T23:59:59Z", 1}, {&strict, "9999-12-31T23:59:59-00:01", 0},
    {&strict, "10000-01-01T00:00:00Z", 0}, {&strict, "+2031-05-04T18:00:00Z", 0}, {&strict, "2031-5-4T18:00:00Z", 0},
    {&loose, "2031-05-04", 1}, {&loose, "2031-05-04 18:00", 1}, {&loose, "2031-05-04T18:00+02", 1}, {&loose, "2031-05-04T18:00:00-0530", 1},
    {&loose, "2031-05-04t18:00", 0}, {&loose, "2031-05-04T18:00z", 0}, {&loose, "2031-05-04T18:00Z", 1},
    {&loose, "2031-05-04T18:00:00.123456", 1}, {&loose, "2031-05-04T18:00:00.1234567", 0}, {&loose, "2031-05-04T18", 0},
    {&loose, "2031-05-04T", 0}, {&loose, "2031-05-04  18:00", 0}, {&loose, "2031-05-04T18:00:00+2", 0}, {&loose, "2031-05-04T18:00:00+020", 0},
    {&loose, "2031-05-04T18:00:00+02:0", 0}, {&loose, "2031-05-04Z", 0}, {&loose, "12/15/2024", 0}, {&loose, "20310504", 0},
    {&attendance, "2031-05-04T18:00", 1}, {&attendance, "2031-05-04 18:00:00Z", 1}, {&attendance, "2031-05-04", 0}, {&attendance, "1899-12-31T23:59", 0},
    {&attendance, "1900-01-01T00:00+01:00", 0}, {&attendance, "1900-01-01T00:00-01:00", 1},
    {&rewritten, "2031-05-04T18:00:00+23:59", 1}, {&rewritten, "2031-05-04T18:00:00+24:00", 0}, {&rewritten, "1969-12-31T23:59:59Z", 0},
};

START_TEST(an_instant)
{
    const char *text = instants[_i].text;

    ck_assert_msg(mact_oapi_instant(NULL, instants[_i].instant, text, strlen(text), suite_pool) == instants[_i].good, "%s", text);
}
END_TEST

static const struct {
    const char *text, *utc;
} moments[] = {
    {"2031-05-04", "2031-05-04T00:00:00Z"},
    {"2031-05-04T18:30", "2031-05-04T18:30:00Z"},
    {"2031-05-04T00:30:00.5+02:00", "2031-05-03T22:30:00.5Z"},
    {"2031-01-01T00:30:00.123456789+01:00", "2030-12-31T23:30:00.123456Z"},
    {"2031-12-31T23:30:00-01:00", "2032-01-01T00:30:00Z"},
    {"2032-02-28T23:30:00-01:00", "2032-02-29T00:30:00Z"},
    {"2031-03-01T00:00:00+00:01", "2031-02-28T23:59:00Z"},
};

START_TEST(an_instant_in_utc)
{
    const char *utc = NULL;

    ck_assert(mact_oapi_instant(&utc, &rewritten, moments[_i].text, strlen(moments[_i].text), suite_pool));
    ck_assert_str_eq(utc, moments[_i].utc);
}
END_TEST

/* ---- addresses --------------------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    int good;
} addresses[] = {
    {"mira@example.org", 1}, {"m\xC3\xBCller@b\xC3\xBCro.example", 1}, {"a..b@example.org", 1}, {"mira+x@sub.example.org", 1}, {"mira", 0}, {"@example.org", 0},
    {"mira@", 0}, {"mira@localhost", 0}, {"mira@example.", 0}, {"mira@.org", 0}, {"mira@a..b", 0}, {"mi ra@example.org", 0}, {"mira@exa mple.org", 0},
    {"mira@example.org\n", 0}, {"mira@@example.org", 0}, {"a@b@c.d", 0}, {"mira@\xC2\xA0.org", 0}, {"mi\x7Fra@example.org", 0}, {"", 0}, {"a@b.c", 1},
};

START_TEST(an_address)
{
    ck_assert_msg(mact_oapi_email(addresses[_i].text, strlen(addresses[_i].text)) == addresses[_i].good, "%s", addresses[_i].text);
}
END_TEST

START_TEST(lengths_of_an_address)
{
    char text[300];

    memset(text, 'a', sizeof(text));
    memcpy(text + 64, "@b.c", 4);
    ck_assert(mact_oapi_email(text, 68));
    memset(text, 'a', sizeof(text));
    memcpy(text + 65, "@b.c", 4);
    ck_assert(!mact_oapi_email(text, 69));
    memset(text, 'a', sizeof(text));
    text[1] = '@';
    text[3] = '.';
    ck_assert(mact_oapi_email(text, 254));
    ck_assert(!mact_oapi_email(text, 255));
}
END_TEST

/* ---- patterns ---------------------------------------------------------------------------------------------- */

static const struct {
    const char *pattern, *text;
    int matches;
} patterns[] = {
    {"b", "abc", 1}, {"^b$", "abc", 0}, {"^abc$", "abc\n", 0}, {"^.$", "\xF0\x9F\x98\x80", 1}, {"^[^/]+$", "a/b", 0}, {"^\\u00e9$", "\xC3\xA9", 1},
    {"^\\u{1F600}$", "\xF0\x9F\x98\x80", 1}, {"^\\x41$", "A", 1}, {"^\\v$", "\v", 1}, {"^\\v$", "\n", 0}, {"^[\\s]$", "\xE3\x80\x80", 1},
    {"^[\\S]$", "\xE3\x80\x80", 0}, {"^[^\\s]$", "a", 1}, {"^[[a]$", "[", 1}, {"^[]$", "", 0}, {"^(?<n>a)\\k<n>$", "aa", 1}, {"^(?!\\.{1,2}$)", "..", 0},
    {"^\\p{Letter}+$", "\xC3\xA9t\xC3\xA9", 1}, {"^\\p{gc=Lu}$", "A", 1}, {"^\\P{L}$", "1", 1}, {"^a.c$", "a\nc", 0}, {"^a[.]c$", "a.c", 1},
    {"^\\cJ$", "\n", 1}, {"(?<=a)b", "ab", 1}, {"^\\[a\\]$", "[a]", 1},
};

START_TEST(a_pattern)
{
    const char *error;
    const pcre2_code *code = mact_oapi_pattern(&error, patterns[_i].pattern, suite_pool);

    ck_assert_msg(code != NULL, "%s: %s", patterns[_i].pattern, error);
    ck_assert_msg(mact_oapi_matches(code, patterns[_i].text, strlen(patterns[_i].text)) == patterns[_i].matches, "%s", patterns[_i].pattern);
}
END_TEST

START_TEST(a_pattern_that_is_none)
{
    static const char *const none[] = {"(", "[a", "a{2,1}", "\\A", "(?R)", "(*UTF)", "(?C1)", "a\\K", "\\Qa\\E", "(?i)a", "\\p{Nothing}", "\\p", "*"};
    const char *error;

    for (int i = 0; i < COUNT(none); i++) {
        ck_assert_msg(mact_oapi_pattern(&error, none[i], suite_pool) == NULL, "%s is a pattern", none[i]);
        ck_assert_ptr_nonnull(error);
    }
}
END_TEST

START_TEST(a_pattern_that_would_take_for_ever_does_not_match)
{
    const char *error;
    const pcre2_code *code = mact_oapi_pattern(&error, "^(a+)+$", suite_pool);
    char *text = apr_palloc(suite_pool, 100001);
    apr_time_t began = apr_time_now();

    memset(text, 'a', 100000);
    text[99999] = 'b';
    ck_assert(!mact_oapi_matches(code, text, 100000));
    ck_assert_msg(apr_time_now() - began < apr_time_from_sec(5), "a match took %d ms", (int)apr_time_as_msec(apr_time_now() - began));
}
END_TEST

/* ---- rates ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *text;
    int good;
    apr_uint32_t count, window;
} rates[] = {
    {"1/second", 1, 1, 1}, {"60/minute", 1, 60, 60}, {"5/hour", 1, 5, 3600}, {"250000/day", 1, 250000, 86400}, {"off", 1, 0, 0}, {"0/minute", 0, 0, 0},
    {"250001/day", 0, 0, 0}, {"99999999999/day", 0, 0, 0}, {"-1/day", 0, 0, 0}, {"1/week", 0, 0, 0}, {"1/", 0, 0, 0}, {"/minute", 0, 0, 0}, {"1", 0, 0, 0},
    {"", 0, 0, 0}, {"1 /minute", 0, 0, 0}, {"1/minutes", 0, 0, 0}, {"Off", 0, 0, 0}, {"1.5/minute", 0, 0, 0},
};

START_TEST(a_rate)
{
    mact_rate_t rate = {7, 7};
    const char *error = mact_oapi_rate(&rate, rates[_i].text);

    ck_assert_msg((error == NULL) == rates[_i].good, "%s: %s", rates[_i].text, error ? error : "good");
    ck_assert_uint_eq(rate.count, rates[_i].count);
    ck_assert_uint_eq(rate.window, rates[_i].window);
}
END_TEST

/* ---- all of it --------------------------------------------------------------------------------------------- */

static void add(Suite *suite)
{
    TCase *tests = suite_case(suite, "values");

    tcase_add_loop_test(tests, numbers_are_compared_by_value, 0, COUNT(orders));
    tcase_add_loop_test(tests, multiples_are_those_of_decimals, 0, COUNT(multiples));
    tcase_add_loop_test(tests, json_is_written_shortest, 0, COUNT(texts));
    tcase_add_loop_test(tests, equality_is_json_s, 0, COUNT(pairs));
    tcase_add_test(tests, a_long_array_is_searched_for_repetitions_in_no_time);
    tcase_add_loop_test(tests, utf_8_is_what_rfc_3629_says, 0, COUNT(utf8));
    tcase_add_test(tests, white_space_is_unicode_s);
    tcase_add_loop_test(tests, an_instant, 0, COUNT(instants));
    tcase_add_loop_test(tests, an_instant_in_utc, 0, COUNT(moments));
    tcase_add_loop_test(tests, an_address, 0, COUNT(addresses));
    tcase_add_test(tests, lengths_of_an_address);
    tcase_add_loop_test(tests, a_pattern, 0, COUNT(patterns));
    tcase_add_test(tests, a_pattern_that_is_none);
    tcase_add_test(tests, a_pattern_that_would_take_for_ever_does_not_match);
    tcase_add_loop_test(tests, a_rate, 0, COUNT(rates));
}

int main(void)
{
    return suite_run("openapi: values", add);
}
