/*
 * A request held against its operation: what is refused, at which place and in which words, and what the procedure gets.
 */
#include "suite.h"

#include "openapi/inside.h"

static const mact_oapi_doc_t *load(const char *name)
{
    const mact_oapi_doc_t *doc;
    const char *error;

    ck_assert_msg(mact_oapi_load(&doc, &error, "trial", suite_path(name), NULL, suite_pool) == APR_SUCCESS, "%s", error);
    return doc;
}

static const char *header_of(void *baton, const char *name)
{
    return strcmp(name, "If-Match") ? NULL : baton;
}

/* The request `method path?query`, with a body of any bytes. */
static mact_oapi_input_t *read_bytes(const mact_oapi_doc_t *doc, const char *method, const char *target, const char *type, const char *body,
                                     apr_size_t length, const char *if_match)
{
    char *path = apr_pstrdup(suite_pool, target);
    char *query = strchr(path, '?');
    mact_oapi_match_t match;
    mact_oapi_raw_t raw = {0};
    mact_oapi_input_t *input;

    if (query) {
        *query++ = '\0';
    }
    mact_oapi_match(&match, doc, method, path, suite_pool);
    ck_assert_msg(match.op != NULL, "%s %s is no operation", method, path);
    raw.path_values = match.values;
    raw.query = query;
    raw.header = header_of;
    raw.baton = (void *)if_match;
    raw.content_type = type;
    raw.body = body;
    raw.body_length = length;
    mact_oapi_read(&input, match.op, &raw, suite_pool);
    return input;
}

static mact_oapi_input_t *read_text(const mact_oapi_doc_t *doc, const char *method, const char *target, const char *type, const char *body)
{
    return read_bytes(doc, method, target, type, body, body ? strlen(body) : 0, NULL);
}

static const char *told(const mact_oapi_doc_t *doc, const mact_oapi_input_t *input)
{
    json_t *told;

    if (!input->violations) {
        return NULL;
    }
    told = mact_oapi_keep(mact_oapi_violations(doc, input->violations, suite_pool), suite_pool);
    return json_is_string(told) ? json_string_value(told) : mact_oapi_text(told, suite_pool);
}

/* The values of the operation's arguments, joined by "|"; "-" for null. */
static const char *values(const mact_oapi_input_t *input)
{
    const char *text = "";

    for (int i = 0; i < input->op->call->args->nelts; i++) {
        const char *value = mact_oapi_value(input, &APR_ARRAY_IDX(input->op->call->args, i, mact_oapi_arg_t), suite_pool);
        text = apr_pstrcat(suite_pool, text, i ? "|" : "", value ? value : "-", NULL);
    }
    return text;
}

/* ---- queries and paths ------------------------------------------------------------------------------------- */

/* text NULL: good, and then values are those of the procedure's arguments. */
static const struct {
    const char *target, *text, *values;
} queries[] = {
    {"/events", NULL, "-|20|-|-|-|-|-|-"},
    {"/events?", NULL, "-|20|-|-|-|-|-|-"},
    {"/events?limit=5", NULL, "-|5|-|-|-|-|-|-"},
    {"/events?limit=005", NULL, "-|5|-|-|-|-|-|-"},
    {"/events?limit=", NULL, "-|20|-|-|-|-|-|-"},
    {"/events?limit", NULL, "-|20|-|-|-|-|-|-"},
    {"/events?limit=1&limit=2", NULL, "-|2|-|-|-|-|-|-"},
    {"/events?limit=x&limit=2", NULL, "-|2|-|-|-|-|-|-"},
    {"/events?&&limit=3&", NULL, "-|3|-|-|-|-|-|-"},
    {"/events?%6Cimit=4", NULL, "-|4|-|-|-|-|-|-"},
    {"/events?other=1&Limit=1000", NULL, "-|20|-|-|-|-|-|-"},
    {"/events?flag=true", NULL, "-|20|true|-|-|-|-|-"},
    {"/events?flag=FALSE", NULL, "-|20|false|-|-|-|-|-"},
    {"/events?flag=1", NULL, "-|20|true|-|-|-|-|-"},
    {"/events?flag=0", NULL, "-|20|false|-|-|-|-|-"},
    {"/events?ratio=0.1", NULL, "-|20|-|0.1|-|-|-|-"},
    {"/events?ratio=1.0", NULL, "-|20|-|1|-|-|-|-"},
    {"/events?ratio=1e2", NULL, "-|20|-|100|-|-|-|-"},
    {"/events?q=a+b%2B", NULL, "-|20|-|-|a b+|-|-|-"},
    {"/events?q=%20%C3%A9%C3%A9%C3%A9%C3%A9%C3%A9%E3%80%80", NULL, "-|20|-|-|\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9|-|-|-"},
    {"/events?status=open", NULL, "-|20|-|-|-|open|-|-"},
    {"/events?limit=0", "query.limit: must be at least 1", NULL},
    {"/events?limit=101", "query.limit: must be at most 100", NULL},
    {"/events?limit=1.0", "query.limit: is no integer", NULL},
    {"/events?limit=1e1", "query.limit: is no integer", NULL},
    {"/events?limit=%2B1", "query.limit: is no integer", NULL},
    {"/events?limit=+1", "query.limit: is no integer", NULL},
    {"/events?limit=0x1", "query.limit: is no integer", NULL},
    {"/events?limit=--1", "query.limit: is no integer", NULL},
    {"/events?limit=-", "query.limit: is no integer", NULL},
    {"/events?limit=-1", "query.limit: must be at least 1", NULL},
    {"/events?limit=9223372036854775807", "query.limit: must be at most 100", NULL},
    {"/events?limit=9223372036854775808", "query.limit: must be at most 100", NULL},
    {"/events?limit=-99999999999999999999", "query.limit: must be at least 1", NULL},
    {"/events?limit=99999999999999999999x", "query.limit: is no integer", NULL},
    {"/events?flag=yes", "query.flag: is no boolean", NULL},
    {"/events?flag=01", "query.flag: is no boolean", NULL},
    {"/events?ratio=nan", "query.ratio: is no number", NULL},
    {"/events?ratio=1e999", "query.ratio: is no number", NULL},
    {"/events?ratio=.5", "query.ratio: is no number", NULL},
    {"/events?ratio=0", "query.ratio: must be over 0", NULL},
    {"/events?q=+", "query.q: must have 1 character or more", NULL},
    {"/events?q=123456", "query.q: must have 5 characters or less", NULL},
    {"/events?status=ope", "query.status: must be 'open' or 'closed'", NULL},
    {"/events?q=%FF", "query.q: is not well encoded", NULL},
    {"/events?x=%FF&\xC3=1&x=%00&=%FF&%00=1&lim%00it=0&limit%00=0", NULL, "-|20|-|-|-|-|-|-"},
    {"/events?q=%C0%80", "query.q: is not well encoded", NULL},
    {"/events?q=%ED%A0%80", "query.q: is not well encoded", NULL},
    {"/events?q=%00", "query.q: has U+0000", NULL},
    {"/events?limit=1%00", "query.limit: has U+0000", NULL},
    {"/events?q=%&limit=0&=%FF", "query.q: is not well encoded; query.limit: must be at least 1", NULL},
    {"/events?q=%&q=a", "query.q: is not well encoded", NULL},
    {"/events?q=%", "query.q: is not well encoded", NULL},
    {"/events?q=%4", "query.q: is not well encoded", NULL},
    {"/events?q=%zz", "query.q: is not well encoded", NULL},
    {"/events?limit=0&flag=x&status=y", "query.limit: must be at least 1; query.flag: is no boolean; query.status: must be 'open' or 'closed'", NULL},
    {"/events/7", NULL, "7"},
    {"/events/007", NULL, "7"},
    {"/events/9223372036854775807", NULL, "9223372036854775807"},
    {"/events/0", "path.event_id: must be at least 1", NULL},
    {"/events/x", "path.event_id: is no id", NULL},
    {"/events/9223372036854775808", "path.event_id: is no id", NULL},
    {"/events/7.0", "path.event_id: is no id", NULL},
    {"/events/\xFF", "path.event_id: is not well encoded", NULL},
    {"/events/\xD9\xA7", "path.event_id: is no id", NULL},
};

START_TEST(a_query)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const mact_oapi_input_t *input = read_text(doc, "GET", queries[_i].target, NULL, NULL);

    ck_assert_pstr_eq(told(doc, input), queries[_i].text);
    ck_assert_pstr_eq(input->fault, queries[_i].text ? "validation" : NULL);
    if (queries[_i].values) {
        ck_assert_str_eq(values(input), queries[_i].values);
    }
}
END_TEST

START_TEST(a_header_is_a_parameter_like_others)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    mact_oapi_input_t *input = read_bytes(doc, "GET", "/events", NULL, NULL, 0, "\"3\"");

    ck_assert_str_eq(values(input), "-|20|-|-|-|-|\"3\"|-");
    input = read_bytes(doc, "GET", "/events", NULL, NULL, 0, "3");
    ck_assert_str_eq(told(doc, input), "header.If-Match: If-Match has another form");
    input = read_bytes(doc, "GET", "/events", NULL, NULL, 0, "\"3\"\xFF");
    ck_assert_str_eq(told(doc, input), "header.If-Match: is not well encoded");
}
END_TEST

/* ---- bodies ------------------------------------------------------------------------------------------------ */

#define GOOD "\"title\":\"ab\",\"capacity\":1"

static const struct {
    const char *body, *text;
} bodies[] = {
    {"{" GOOD "}", NULL},
    {" {" GOOD "} \n", NULL},
    {NULL, "body: is needed"},
    {"", "body: is needed"},
    {" ", "body: is no JSON"},
    {"{", "body: is no JSON"},
    {"{}x", "body: is no JSON"},
    {"{" GOOD ",}", "body: is no JSON"},
    {"{'title':1}", "body: is no JSON"},
    {"{" GOOD ",\"x\":\"\xFF\"}", "body: is no JSON"},
    {"{" GOOD ",\"x\":\"\\ud800\"}", "body: is no JSON"},
    {"{" GOOD ",\"x\":\"\\udc00\\ud800\"}", "body: is no JSON"},
    {"{" GOOD ",\"x\":\"\n\"}", "body: is no JSON"},
    {"{" GOOD ",\"x\":NaN}", "body: is no JSON"},
    {"{" GOOD ",\"x\":01}", "body: is no JSON"},
    {"{" GOOD ",\"x\":\"\\ud83d\\ude00\"}", NULL},
    {"[]", "body: is no object"},
    {"null", "body: is no object"},
    {"\"text\"", "body: is no object"},
    {"7", "body: is no object"},
    /* an integer beyond 64 bits is judged where it stands, and ignored where nobody asks */
    {"{" GOOD ",\"x\":[-9223372036854775809,1234567890123456789012345678901234567890]}", NULL},
    {"{" GOOD ",\"x\":9223372036854775808,\"note\":\"9223372036854775808 \\\"9223372036854775808\"}", NULL},
    {"{" GOOD ",\"x\":9223372036854775808]", "body: is no JSON"},
    {"{\"title\":\"ab\",\"capacity\":-9223372036854775809}", "body.capacity: must be at least 1"},
    {"{\"title\":9223372036854775808,\"capacity\":1}", "body.title: must be string"},
    {"{" GOOD ",\"price\":99999999999999999999}", NULL},
    {"{" GOOD ",\"x\":1e400}", NULL},
    {"{" GOOD ",\"x\":{\"y\":[-9223372036854775809,{\"a\\u0000\":-1.5E+400}]}}", NULL},
    {"{" GOOD ",\"x\":9223372036854775808}", NULL},
    {"{" GOOD ",\"x\":1234567890123456789012345678901234567890}", NULL},
    {"{" GOOD ",\"x\":1e400 \t\n,\"capacity\":0}", "body.capacity: must be at least 1"},
    {"{" GOOD ",\"x\":099999999999999999999}", "body: is no JSON"},
    {"{" GOOD ",\"x\":99999999999999999999.}", "body: is no JSON"},
    {"{" GOOD ",\"x\":99999999999999999999e}", "body: is no JSON"},
    {"{" GOOD ",\"x\":99999999999999999999-1}", "body: is no JSON"},
    {"{" GOOD ",\"x\":+99999999999999999999}", "body: is no JSON"},
    {"{" GOOD ",\"x\":1e400\"\"}", "body: is no JSON"},
    {"{" GOOD ",\"x\":1e400,\"y\":\"\\ud800\"}", "body: is no JSON"},
    {"{" GOOD ",\"x\":1e400", "body: is no JSON"},
    {"{" GOOD ",1e400:1}", "body: is no JSON"},
    {"[1e400]", "body: is no object"},
    {"1e400", "body: is no object"},
    {"{\"title\":\"ab\",\"capacity\":1e400}", "body.capacity: must be at most 1000"},
    {"{\"title\":\"ab\",\"capacity\":-1e400}", "body.capacity: must be at least 1"},
    {"{\"title\":\"ab\",\"capacity\":9223372036854775808}", "body.capacity: must be at most 1000"},
    {"{\"title\":\"ab\",\"capacity\":-123456789012345678901234567890}", "body.capacity: must be at least 1"},
    {"{\"title\":1e400,\"capacity\":1}", "body.title: must be string"},
    {"{" GOOD ",\"price\":1e400}", "body.price: is too large"},
    {"{" GOOD ",\"tags\":[\"a\",1e400,\"\\u0000\"]}", "body.tags[2]: has U+0000; body.tags[1]: must be string"},
    {"{" GOOD ",\"extra\":{\"x-prop\":1e400}}", "body.extra.x-prop: is too large"},
    {"{" GOOD ",\"extra\":{\"mo\\u0000re\":1}}", "body: has U+0000; body.extra: must have 1 member or more"},
    {"{" GOOD ",\"owner\":{\"name\":\"a\",\"x\":1e400,\"y\":\"\\u0000\",\"z\\u0000\":1,"
     "\"boss\":{\"name\":\"a\\u0000\",\"x\":\"\\u0000\"}}}", "body.owner.boss.name: has U+0000"},
    {"{" GOOD ",\"x\":-9223372036854775808}", NULL},
    {"{" GOOD ",\"whole\":9223372036854775807}", NULL},
    {"{" GOOD ",\"whole\":9223372036854775808}", "body.whole: is too wide"},
    {"{" GOOD ",\"whole\":-99999999999999999999,\"x\":9223372036854775808}", "body.whole: is too wide"},
    {"{" GOOD ",\"whole\":1e19}", "body.whole: is too wide"},
    {"{" GOOD ",\"whole\":\"\\u00001234567\"}", "body.whole: has U+0000"},
    {"{" GOOD ",\"kept\":{\"a\":[1,9223372036854775808],\"b\":1e300,\"c\":-9223372036854775809}}", "body.kept.a[1]: is too wide; body.kept.b: is too wide; "
                                                                                                 "body.kept.c: is too wide"},
    {"{" GOOD ",\"kept\":{\"a\":[1,9223372036854775807],\"b\":1e300}}", NULL},
    {"{" GOOD ",\"x\":1e300}", NULL},
    {"{" GOOD ",\"x\":\"a\\u0000\"}", NULL},
    {"{" GOOD ",\"x\":{\"y\":[1,\"\\u0000\"]}}", NULL},
    {"{" GOOD ",\"a\\u0000b\":1}", NULL},
    {"{" GOOD ",\"capacity\\u0000\":0,\"\\u0000capacity\" : 0,\"\\\\u0000\":\"\\\\u0000\"}", NULL},
    {"{\"title\":\"a\\u0000bcdefghijklm\",\"capacity\":1}", "body.title: has U+0000"},
    {"{}", "body.title: is missing; body.capacity: is missing"},
    {"{\"title\":null,\"capacity\":null}", "body.title: may not be null; body.capacity: may not be null"},
    {"{\"title\":5,\"capacity\":\"5\"}", "body.title: must be string; body.capacity: must be integer"},
    {"{\"title\":\"ab\",\"capacity\":true}", "body.capacity: must be integer"},
    {"{\"title\":\"ab\",\"capacity\":1.5}", "body.capacity: must be integer"},
    {"{\"title\":\"ab\",\"capacity\":10.0}", NULL},
    {"{\"title\":\"ab\",\"capacity\":1e1}", NULL},
    {"{\"title\":\"ab\",\"capacity\":1e300}", "body.capacity: must be at most 1000"},
    {"{\"title\":\"ab\",\"capacity\":0}", "body.capacity: must be at least 1"},
    {"{\"title\":\"a\",\"capacity\":1}", "body.title: must have 2 characters or more"},
    {"{\"title\":\"   \",\"capacity\":1}", "body.title: is blank"},
    {"{\"title\":\"\xE3\x80\x80\xC2\x85\",\"capacity\":1}", "body.title: is blank"},
    {"{\"title\":\"\",\"capacity\":1}", "body.title: must have 2 characters or more"},
    {"{\"title\":\"\xF0\x9F\x98\x80\xF0\x9F\x98\x80\",\"capacity\":1}", NULL},
    {"{\"title\":\"12345678901\",\"capacity\":1}", "body.title: must have 10 characters or less"},
    /* the last of two members counts */
    {"{\"title\":5,\"title\":\"ab\",\"capacity\":1}", NULL},
    {"{\"title\":\"ab\",\"title\":5,\"capacity\":1}", "body.title: must be string"},
    {"{" GOOD ",\"price\":0.07}", NULL},
    {"{" GOOD ",\"price\":19.99}", NULL},
    {"{" GOOD ",\"price\":0.005}", "body.price: must be a multiple of 0.01"},
    {"{" GOOD ",\"tags\":[]}", NULL},
    {"{" GOOD ",\"tags\":{}}", "body.tags: must be array"},
    {"{" GOOD ",\"tags\":[\"\",3,null]}",
     "body.tags[0]: must have 1 character or more; body.tags[1]: must be string; body.tags[2]: may not be null"},
    {"{" GOOD ",\"tags\":[\"a\",\"b\",\"a\"]}", "body.tags: repeats"},
    {"{" GOOD ",\"tags\":[1,2,3,4]}", "body.tags: must have 3 items or less"},
    {"{" GOOD ",\"owner\":{}}", "body.owner.name: needs somebody"},
    {"{" GOOD ",\"owner\":{\"name\":\"7\"}}", "body.owner.name: name has another form"},
    {"{" GOOD ",\"owner\":{\"name\":\"7\xC3\xA9\"}}", NULL},
    {"{" GOOD ",\"owner\":{\"name\":\"a\",\"boss\":{\"name\":\"b\",\"boss\":{}}}}", "body.owner.boss.boss.name: is missing"},
    {"{" GOOD ",\"note\":null}", NULL},
    {"{" GOOD ",\"note\":[]}", "body.note: must be string"},
    {"{" GOOD ",\"at\":\"2031-05-04\"}", NULL},
    {"{" GOOD ",\"at\":\"2031-05-04 10:00\"}", NULL},
    {"{" GOOD ",\"at\":\"2031-02-29\"}", "body.at: is no instant"},
    {"{" GOOD ",\"at\":20310504}", "body.at: must be a date-time"},
    {"{" GOOD ",\"day\":\"2031-02-29\"}", "body.day: is not valid"},
    {"{" GOOD ",\"day\":\"0001-01-01\"}", NULL},
    {"{" GOOD ",\"day\":\"0000-12-31\"}", "body.day: is not valid"}, /* there is no such year, in no database */
    {"{" GOOD ",\"contact\":\"a@b\"}", "body.contact: is no address"},
    {"{" GOOD ",\"either\":null}", NULL},
    {"{" GOOD ",\"either\":\"abcd\"}", "body.either: must have 3 characters or less"},
    {"{" GOOD ",\"any\":true}", NULL},
    {"{" GOOD ",\"any\":4}", "body.any: is none of these"},
    {"{" GOOD ",\"extra\":{}}", "body.extra: must have 1 member or more"},
    {"{" GOOD ",\"extra\":{\"x-prop\":1.0}}", NULL},
    {"{" GOOD ",\"extra\":{\"x-prop\":2,\"more\":1}}", "body.extra.more: is not expected; body.extra.x-prop: is another"},
    {"{" GOOD ",\"extra\":{\"deep\":{}}}", "body.extra.deep.title: is missing; body.extra.deep.capacity: is missing"},
    {"{" GOOD ",\"level\":null}", NULL},
    {"{" GOOD ",\"level\":\"mid\"}", "body.level: one of low, high"},
    {"{" GOOD ",\"forbidden\":null}", "body.forbidden: is refused"},
};

START_TEST(a_body)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const mact_oapi_input_t *input = read_text(doc, "POST", "/events", "application/json", bodies[_i].body);

    ck_assert_pstr_eq(told(doc, input), bodies[_i].text);
    ck_assert_pstr_eq(input->fault, bodies[_i].text ? "validation" : NULL);
}
END_TEST

START_TEST(a_body_is_filled_and_bound)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const mact_oapi_input_t *input =
        read_text(doc, "POST", "/events", NULL,
                  "{\"title\":\" a \\u00e9\\\"\",\"capacity\":1e1,\"name\":\"\\u3000x \",\"utc\":\"2031-05-04T00:30:00.1234567+23:00\",\"price\":0.1,"
                  "\"extra\":{\"deep\":{\"title\":\"ab\",\"capacity\":2.0}}}");

    ck_assert_pstr_eq(told(doc, input), NULL);
    ck_assert_str_eq(values(input),
                     "{\"title\":\" a \xC3\xA9\\\"\",\"capacity\":10,\"name\":\"x\",\"utc\":\"2031-05-03T01:30:00.123456Z\",\"price\":0.1,"
                     "\"extra\":{\"deep\":{\"title\":\"ab\",\"capacity\":2,\"tags\":[],\"note\":null}},\"tags\":[],\"note\":null}"
                     "| a \xC3\xA9\"|10|[]|-|-|{\"deep\":{\"title\":\"ab\",\"capacity\":2,\"tags\":[],\"note\":null}}|-|-|-");
}
END_TEST

START_TEST(an_integer_beyond_64_bits_is_the_nearest_where_the_schema_says_so)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const mact_oapi_input_t *input = read_text(
        doc, "POST", "/events", NULL, "{" GOOD ",\"owner\":{\"name\":\"a\",\"age\":99999999999999999999,\"boss\":{\"name\":\"b\",\"age\":-1e20}}}");

    ck_assert_pstr_eq(told(doc, input), NULL);
    ck_assert_ptr_nonnull(strstr(values(input), "{\"name\":\"a\",\"age\":9223372036854775807,\"boss\":{\"name\":\"b\",\"age\":-9223372036854775808}}"));
    input = read_text(doc, "POST", "/events", NULL, "{" GOOD ",\"owner\":{\"name\":\"a\",\"old\":99999999999999999999}}");
    ck_assert_pstr_eq(told(doc, input), "body.owner.old: is too large");
}
END_TEST

static const mact_oapi_doc_t *changed(const char *from, const char *to);

START_TEST(all_flaws_are_told_at_once_up_to_a_hundred)
{
    const mact_oapi_doc_t *doc = changed("x-empty-query: absent", "x-unknown-query: checked\nx-unknown-members: checked");
    const char *body = "{\"at\":1";
    const mact_oapi_input_t *input;

    for (int i = 0; i < 120; i++) {
        body = apr_pstrcat(suite_pool, body, ",\"k", apr_itoa(suite_pool, i), "\":[\"\\u0000\",{\"a\":\"\\u0000\"},\"\\u0000\"]", NULL);
    }
    input = read_text(doc, "POST", "/events?x=%00", NULL, apr_pstrcat(suite_pool, body, "}", NULL));
    ck_assert_int_eq(input->violations->nelts, MACT_VIOLATIONS_MOST);
    ck_assert_str_eq(APR_ARRAY_IDX(input->violations, 0, mact_oapi_violation_t).in, "query");
    ck_assert_str_eq(APR_ARRAY_IDX(input->violations, 99, mact_oapi_violation_t).kind, "nul");
}
END_TEST

/* `depth` containers around nothing, the outermost being the body. */
static const char *nested(int depth, const char *open, const char *close)
{
    const char *text = "";

    for (int i = 1; i < depth; i++) {
        text = apr_pstrcat(suite_pool, text, open, NULL);
    }
    for (int i = 1; i < depth; i++) {
        text = apr_pstrcat(suite_pool, text, close, NULL);
    }
    return apr_pstrcat(suite_pool, "{\"brackets\":\"[[[[\\\"[[\",", GOOD, ",\"x\":", depth > 1 ? text : "1", "}", NULL);
}

START_TEST(nesting_is_bounded)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");

    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/events", NULL, nested(MACT_DEPTH_MOST, "[", "]"))), NULL);
    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/events", NULL, nested(MACT_DEPTH_MOST + 1, "[", "]"))), "body: is no JSON");
    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/events", NULL, nested(5000, "[", ""))), "body: is no JSON");
}
END_TEST

/* ---- media types ------------------------------------------------------------------------------------------- */

static const struct {
    const char *type, *text;
} types[] = {
    {NULL, NULL},
    {"application/json", NULL},
    {"Application/JSON; charset=utf-8", NULL},
    {" application/json ;x", NULL},
    {"application/merge-patch+json", NULL},
    {"application/+json", "body: is of another type"},
    {"text/json", "body: is of another type"},
    {"text/plain", "body: is of another type"},
    {"application/x-www-form-urlencoded", "body: is of another type"},
    {"application/jsonx", "body: is of another type"},
    {"*/*", "body: is of another type"},
};

START_TEST(a_media_type)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");

    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/events", types[_i].type, "{" GOOD "}")), types[_i].text);
}
END_TEST

START_TEST(any_type_is_read_as_json_where_the_document_says_so)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");

    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/events/7", "text/plain", "{\"a\":1}")), NULL);
    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/events/7", "text/plain", "a=1")), "body: is no JSON");
    ck_assert_str_eq(values(read_text(doc, "PUT", "/events/7", NULL, NULL)), "7|-");
}
END_TEST

START_TEST(an_empty_body_has_no_type)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");

    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/events", "text/plain", "")), "body: is needed");
    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/login", "text/plain", NULL)), NULL);
}
END_TEST

START_TEST(a_body_that_nobody_described_is_ignored)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const mact_oapi_input_t *input = read_text(doc, "GET", "/events/7", "application/json", "{\xFF");

    ck_assert_pstr_eq(input->fault, NULL);
    ck_assert_ptr_null(input->body);
}
END_TEST

/* A good body with a list of `count` times `value`. */
static const char *listed(const char *value, int count)
{
    apr_size_t length = strlen(value) + 1;
    char *text = apr_palloc(suite_pool, (apr_size_t)count * length + 1);

    for (int i = 0; i < count; i++) {
        apr_cpystrn(text + (apr_size_t)i * length, i ? "," : " ", 2);
        apr_cpystrn(text + (apr_size_t)i * length + 1, value, length);
    }
    return apr_pstrcat(suite_pool, "{", GOOD, ",\"x\":[", text, "]}", NULL);
}

START_TEST(values_are_bounded)
{
    static const char *const some[] = {"[]", "\"\""};
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    int own = 1 + 4 + 2; /* the body, its GOOD members, x and its list */

    for (int i = 0; i < 2; i++) {
        ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/events", NULL, listed(some[i], MACT_VALUES_MOST - own))), NULL);
        ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/events", NULL, listed(some[i], MACT_VALUES_MOST - own + 1))), "body: is no JSON");
    }
}
END_TEST

/* ---- forms ------------------------------------------------------------------------------------------------- */

#define FORM "application/x-www-form-urlencoded"

static const struct {
    const char *body, *text, *json;
} forms[] = {
    {"username=a+b%40c&age=7&remember=1", NULL, "{\"username\":\"a b@c\",\"age\":7,\"remember\":true}"},
    {"username=a&username=b", NULL, "{\"username\":\"b\"}"},
    {"username=&other=%26", NULL, "{\"username\":\"\",\"other\":\"&\"}"},
    {"name=a", "body.username: is missing", NULL},
    {"username=a&age=x", "body.age: is no integer", NULL},
    {"username=a%00", "body.username: has U+0000", NULL},
    {"username=%FF", "body: is not well encoded", NULL},
    {"username=a&u%00=1&x=%FF&%FF=1&username%00=2&y=%00", NULL, "{\"username\":\"a\"}"},
};

START_TEST(a_form)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const mact_oapi_input_t *input = read_text(doc, "POST", "/login", FORM "; charset=UTF-8", forms[_i].body);

    ck_assert_pstr_eq(told(doc, input), forms[_i].text);
    if (forms[_i].json) {
        ck_assert_str_eq(mact_oapi_text(input->body, suite_pool), forms[_i].json);
    }
}
END_TEST

/* `first`, then `count` times `pair`. */
static const char *many(const char *first, const char *pair, int count)
{
    apr_size_t length = strlen(pair);
    char *text = apr_palloc(suite_pool, strlen(first) + (apr_size_t)count * length + 1), *to = apr_cpystrn(text, first, strlen(first) + 1);

    for (int i = 0; i < count; i++) {
        to = apr_cpystrn(to, pair, length + 1);
    }
    return text;
}

START_TEST(pairs_are_bounded)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");

    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/login", FORM, many("username=u", "&a=", MACT_PAIRS_MOST - 1))), NULL);
    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/login", FORM, many("username=u", "&a=", MACT_PAIRS_MOST))), "body: is not well encoded");
    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/login", FORM, many("username=u", "&&", 100000))), NULL);
    ck_assert_str_eq(values(read_text(doc, "GET", many("/events?limit=3", "&a", MACT_PAIRS_MOST - 1), NULL, NULL)), "-|3|-|-|-|-|-|-");
    ck_assert_pstr_eq(told(doc, read_text(doc, "GET", many("/events?limit=0", "&a", MACT_PAIRS_MOST), NULL, NULL)), "query: is not well encoded");
    ck_assert_pstr_eq(told(doc, read_bytes(doc, "GET", many("/events?limit=0", "&a=%FF", MACT_PAIRS_MOST), NULL, NULL, 0, "\xFF")),
                      "query: is not well encoded; header.If-Match: is not well encoded");
}
END_TEST

#define MULTIPART "multipart/form-data; boundary=\"b o\""
#define FIELD(name, value) "--b o\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define TYPED(name, header, value) "--b o\r\nContent-Disposition: form-data; name=" name "\r\n" header "\r\n\r\n" value "\r\n"
#define FILE_FIELD(name, filename, value)                                                                                        \
    "--b o\r\nContent-Type: image/png\r\ncontent-disposition: form-data; filename=\"" filename "\"; name=" name "\r\n\r\n" value "\r\n"

static const struct {
    const char *type, *body, *text, *values;
} multiparts[] = {
    {MULTIPART, FILE_FIELD("avatar", "a.png", "\r\n--b\x01") FIELD("size", "3") "--b o--", NULL, "\\x0d0a2d2d6201|3|-"},
    {MULTIPART, "preamble\r\n" FIELD("note", "\xC3\xA9") FILE_FIELD("avatar", "a", "") "--b o--\r\nepilogue", NULL, "\\x|-|\xC3\xA9"},
    {MULTIPART, FILE_FIELD("avatar", "a", "1") FILE_FIELD("avatar", "b", "2") "--b o--", NULL, "\\x32|-|-"},
    {MULTIPART, FILE_FIELD("avatar", "a\\\";name=note", "1") "--b o--", NULL, "\\x31|-|-"},
    {MULTIPART, FILE_FIELD("avatar", "", "") "--b o--", "body.avatar: is missing", NULL},
    {MULTIPART, FIELD("size", "x") "--b o--", "body.size: is no integer; body.avatar: is missing", NULL},
    {MULTIPART, FIELD("note", "123456") FILE_FIELD("avatar", "a", "1") "--b o--", "body.note: must have 5 characters or less", NULL},
    {MULTIPART, FIELD("note", "\xFF") "--b o--", "body: is not well encoded", NULL},
    {MULTIPART, FIELD("note", "a"), "body: is not well encoded", NULL},
    {MULTIPART, "--b o--", "body.avatar: is missing", NULL},
    {MULTIPART, "--b o\r\n", "body: is not well encoded", NULL},
    {MULTIPART, "--b o\r\n\r\nno name\r\n--b o--", "body: is not well encoded", NULL},
    {MULTIPART, "nothing", "body: is not well encoded", NULL},
    {"multipart/form-data", "--b o--", "body: is not well encoded", NULL},
    {"multipart/form-data; boundary=", "----", "body: is not well encoded", NULL},
    {"multipart/form-data; boundary=\"b o", "--b o--", "body: is not well encoded", NULL},
    {MULTIPART, FILE_FIELD("avatar", "tail\\", "1") "--b o--", NULL, "\\x31|-|-"},
    {MULTIPART, FILE_FIELD("avatar", "a", "1") FIELD("note", "a") FIELD("note", "b") "--b o--", NULL, "\\x31|-|b"},
    {MULTIPART, FILE_FIELD("avatar", "a", "1") FIELD("avatar", "text") "--b o--", NULL, "\\x31|-|-"},
    {MULTIPART, FILE_FIELD("avatar", "a", "1") FIELD("\xC3\xA5", "") FIELD("", "") "--b o--", NULL, "\\x31|-|-"},
    {MULTIPART, FILE_FIELD("avatar", "a", "1") FIELD("\xFF", "") "--b o--", "body: is not well encoded", NULL},
    {MULTIPART, FILE_FIELD("avatar", "\xFF", "1") "--b o--", NULL, "\\x31|-|-"},
    {MULTIPART, FILE_FIELD("avatar", "a", "1") TYPED("note", "Content-Type: text/plain; charset=UTF-8", "\xC3\xA5") "--b o--", NULL, "\\x31|-|\xC3\xA5"},
    {MULTIPART, FILE_FIELD("avatar", "a", "1") TYPED("note", "Content-Type: text/plain; charset=ISO-8859-1", "a") "--b o--", NULL, "\\x31|-|a"},
    {MULTIPART, TYPED("note", "Content-Type: text/plain; charset=ISO-8859-1", "\xC3\xA5") "--b o--", "body: is not well encoded", NULL},
    {MULTIPART, TYPED("note", "Content-Transfer-Encoding: base64", "YQ==") "--b o--", "body: is not well encoded", NULL},
    {MULTIPART, TYPED("note", "Content-Transfer-Encoding: binary", "a") FILE_FIELD("avatar", "a", "1") "--b o--", NULL, "\\x31|-|a"},
    {MULTIPART, TYPED("avatar", "Content-Type: multipart/mixed; boundary=c", "--c--") "--b o--", "body: is not well encoded", NULL},
    {MULTIPART, "--b o\r\nContent-Disposition: form-data; name=avatar; filename=\"a\r\n\r\n1\r\n--b o--", "body: is not well encoded", NULL},
    {"application/json", "{}", "body: is of another type", NULL},
};

START_TEST(a_multipart_body)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const mact_oapi_input_t *input = read_text(doc, "PUT", "/avatar", multiparts[_i].type, multiparts[_i].body);

    ck_assert_pstr_eq(told(doc, input), multiparts[_i].text);
    if (multiparts[_i].values) {
        ck_assert_str_eq(values(input), multiparts[_i].values);
        ck_assert_ptr_null(json_object_get(input->body, "avatar"));
    }
}
END_TEST

START_TEST(a_multipart_body_has_twenty_parts)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const char *body = FILE_FIELD("avatar", "a", "1");

    for (int i = 1; i < MACT_PARTS_MOST; i++) {
        body = apr_pstrcat(suite_pool, body, FIELD("more", "x"), NULL);
    }
    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/avatar", MULTIPART, apr_pstrcat(suite_pool, body, "--b o--", NULL))), NULL);
    body = apr_pstrcat(suite_pool, body, FIELD("more", "x"), NULL);
    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/avatar", MULTIPART, apr_pstrcat(suite_pool, body, "--b o--", NULL))),
                      "body: is not well encoded");
}
END_TEST

START_TEST(bytes_of_a_file_are_taken_as_they_are)
{
    static const char body[] = FILE_FIELD("avatar", "a", "\0\xFF\0") "--b o--";
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const mact_oapi_input_t *input = read_bytes(doc, "PUT", "/avatar", MULTIPART, body, sizeof(body) - 1, NULL);
    const mact_multipart_part_t *part;

    ck_assert_pstr_eq(told(doc, input), NULL);
    ck_assert_str_eq(values(input), "\\x00ff00|-|-");
    part = &APR_ARRAY_IDX(input->parts, 0, mact_multipart_part_t);
    ck_assert_str_eq(part->filename, "a");
    ck_assert_str_eq(part->content_type, "image/png");
    ck_assert_uint_eq(part->length, 3);
}
END_TEST

/* ---- what a document chooses ------------------------------------------------------------------------------- */

/* The trial document with something in place of something else. */
static const mact_oapi_doc_t *changed(const char *from, const char *to)
{
    const mact_oapi_doc_t *doc;
    const char *error, *text = suite_text("documents/trial.yaml");
    const char *at = strstr(text, from);

    ck_assert_msg(at != NULL, "the document has no %s", from);
    text = apr_pstrcat(suite_pool, apr_pstrmemdup(suite_pool, text, (apr_size_t)(at - text)), to, at + strlen(from), NULL);
    ck_assert_msg(mact_oapi_load_text(&doc, &error, "trial", "trial.yaml", text, strlen(text), NULL, suite_pool) == APR_SUCCESS, "%s", error);
    return doc;
}

START_TEST(violations_as_a_list)
{
    const mact_oapi_doc_t *doc = changed("form: text", "form: list");
    const mact_oapi_input_t *input = read_text(doc, "POST", "/events", NULL, "{\"title\":\"ab\",\"tags\":[3],\"at\":1,\"level\":0}");

    ck_assert_str_eq(told(doc, input), "[{\"type\":\"missing\",\"loc\":[\"body\",\"capacity\"],\"msg\":\"is missing\"},"
                                       "{\"type\":\"wrong_type\",\"loc\":[\"body\",\"tags\",0],\"msg\":\"must be string\"},"
                                       "{\"type\":\"datetime_type\",\"loc\":[\"body\",\"at\"],\"msg\":\"must be a date-time\"},"
                                       "{\"type\":\"choice\",\"loc\":[\"body\",\"level\"],\"msg\":\"one of low, high\"}]");
    input = read_text(doc, "POST", "/events", NULL, "[]");
    ck_assert_str_eq(told(doc, input), "[{\"type\":\"json-object\",\"loc\":[\"body\"],\"msg\":\"is no object\"}]");
}
END_TEST

START_TEST(violations_as_fields)
{
    const mact_oapi_doc_t *doc = changed("form: text", "form: fields");
    const mact_oapi_input_t *input = read_text(doc, "POST", "/events", NULL, "{\"title\":\"ab\",\"tags\":[3,\"\"]}");

    ck_assert_str_eq(told(doc, input), "{\"capacity\":[\"is missing\"],\"tags\":[\"must be string\",\"must have 1 character or more\"]}");
    ck_assert_str_eq(told(doc, read_text(doc, "POST", "/events", NULL, "{")), "{\"body\":[\"is no JSON\"]}");
    ck_assert_str_eq(told(doc, read_text(doc, "GET", "/events?q=%", NULL, NULL)), "{\"q\":[\"is not well encoded\"]}");
}
END_TEST

#define PERIOD "    Rules:\n      type: object\n      properties: {title: {type: string, minLength: 2}, from: {$ref: '#/components/schemas/When'}, " \
               "to: {$ref: '#/components/schemas/When'}, who: {type: array, x-distinct: id, items: {type: object}}}\n      x-after: {to: from}\n" \
               "    When: {type: string, x-instant: {offset: required, utc: true}}\n    Change:"

/* The trial document with rules over several members in it, which come `together` with other flaws, or last. */
static const mact_oapi_doc_t *with_rules(const char *when)
{
    const char *text = suite_text("documents/trial.yaml"), *error;
    const mact_oapi_doc_t *doc;
    const char *pairs[][2] = {{"    Change:", PERIOD},
                              {"{'*/*': {schema: {type: object}}}", "{'*/*': {schema: {$ref: '#/components/schemas/Rules'}}}"},
                              {"form: text", apr_pstrcat(suite_pool, "form: text\n    rules: ", when, NULL)},
                              {"json: {message: is no JSON}", "json: {message: is no JSON}\n      after: {message: 'is not after {limit}'}\n"
                                                              "      distinct: {message: 'has a {limit} twice'}"}};

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *at = strstr(text, pairs[i][0]);

        ck_assert_msg(at != NULL, "the document has no %s", pairs[i][0]);
        text = apr_pstrcat(suite_pool, apr_pstrmemdup(suite_pool, text, (apr_size_t)(at - text)), pairs[i][1], at + strlen(pairs[i][0]), NULL);
    }
    ck_assert_msg(mact_oapi_load_text(&doc, &error, "trial", "trial.yaml", text, strlen(text), NULL, suite_pool) == APR_SUCCESS, "%s", error);
    return doc;
}

#define LATE "\"from\":\"2031-05-01T10:00:00+02:00\",\"to\":\"2031-05-01T08:00:00Z\""
#define TWICE "\"who\":[{\"id\":1},{\"id\":2},{\"id\":1}]"

START_TEST(rules_over_several_members)
{
    const mact_oapi_doc_t *doc = with_rules("together");

    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/events/7", NULL, "{\"from\":\"2031-05-01T10:00:00+02:00\",\"to\":\"2031-05-01T08:00:01Z\"}")), NULL);
    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/events/7", NULL, "{" LATE "," TWICE ",\"title\":\"\"}")),
                      "body.title: must have 2 characters or more; body.who: has a id twice; body.to: is not after from");
    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/events/7", NULL, "{\"from\":\"2031-02-30T00:00:00Z\",\"to\":\"2031-01-01T00:00:00Z\"}")),
                      "body.from: is no instant");
    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/events/7", NULL, "{\"from\":\"2031-05-01T00:00:00Z\",\"to\":\"2031-02-30T00:00:00Z\"}")),
                      "body.to: is no instant");
    doc = with_rules("last");
    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/events/7", NULL, "{" LATE "," TWICE ",\"title\":\"\"}")), "body.title: must have 2 characters or more");
    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/events/x", NULL, "{" LATE "}")), "path.event_id: is no id");
    ck_assert_pstr_eq(told(doc, read_text(doc, "PUT", "/events/7", NULL, "{" LATE "," TWICE "}")), "body.who: has a id twice; body.to: is not after from");
}
END_TEST

START_TEST(an_empty_query_value_may_be_given)
{
    const mact_oapi_doc_t *doc = changed("x-empty-query: absent", "x-empty-query: given");

    ck_assert_str_eq(told(doc, read_text(doc, "GET", "/events?limit=&q=", NULL, NULL)),
                     "query.limit: is no integer; query.q: must have 1 character or more");
}
END_TEST

START_TEST(an_empty_body_may_be_an_object)
{
    const mact_oapi_doc_t *doc = changed("x-empty-query: absent", "x-empty-body: object");

    ck_assert_str_eq(told(doc, read_text(doc, "POST", "/events", NULL, NULL)), "body.title: is missing; body.capacity: is missing");
    ck_assert_str_eq(values(read_text(doc, "PUT", "/events/7", NULL, NULL)), "7|{}");
}
END_TEST

START_TEST(other_types_of_json_may_be_none)
{
    const mact_oapi_doc_t *doc = changed("x-empty-query: absent", "x-json-types: exact");

    ck_assert_str_eq(told(doc, read_text(doc, "POST", "/events", "application/x+json", "{}")), "body: is of another type");
    ck_assert_str_eq(told(doc, read_text(doc, "POST", "/events", "application/json; x=y", "{}")), "body.title: is missing; body.capacity: is missing");
}
END_TEST

#define CHECKED "x-unknown-query: checked\nx-unknown-members: checked"

static const struct {
    const char *target, *body, *text;
} checked[] = {
    {"/events?x=%FF", "{" GOOD "}", "query.x: is not well encoded"},
    {"/events?\xC3=1", "{" GOOD "}", "query: is not well encoded"},
    {"/events?x=%00", "{" GOOD "}", "query.x: has U+0000"},
    {"/events?%00=1", "{" GOOD "}", "query: is not well encoded"},
    {"/events?x=%&x=1&=%FF", "{" GOOD "}", "query.x: is not well encoded; query: is not well encoded"},
    {"/events", "{" GOOD ",\"x\":1e400}", "body: is too large"},
    {"/events", "{" GOOD ",\"x\":{\"y\":[9223372036854775808]}}", "body: is too large"},
    {"/events", "{\"title\":\"ab\",\"capacity\":1e400}", "body.capacity: must be at most 1000"},
    {"/events", "{" GOOD ",\"x\":\"a\\u0000\"}", "body.x: has U+0000"},
    {"/events", "{" GOOD ",\"x\":{\"y\":[1,\"\\u0000\"]}}", "body.x: has U+0000"},
    {"/events", "{" GOOD ",\"x\":[\"\\u0000\",\"\\u0000\"]}", "body.x: has U+0000"},
    {"/events", "{" GOOD ",\"owner\":{\"name\":\"a\",\"x\":{\"y\":\"\\u0000\"}}}", "body.owner.x: has U+0000"},
    {"/events", "{" GOOD ",\"a\\u0000b\":1}", "body: has U+0000"},
    {"/events", "{" GOOD ",\"x\":{\"a\\u0000b\":1}}", "body: has U+0000"},
    {"/login", "username=a&u%00=1", "body: has U+0000"},
    {"/login", "username=a&u=%FF", "body: is not well encoded"},
};

START_TEST(what_is_not_described_may_be_checked)
{
    const mact_oapi_doc_t *doc = changed("x-empty-query: absent", CHECKED);
    const mact_oapi_input_t *input = read_text(doc, "POST", checked[_i].target, *checked[_i].body == '{' ? NULL : FORM, checked[_i].body);

    ck_assert_pstr_eq(told(doc, input), checked[_i].text);
}
END_TEST

/* The database is given the body whole, and refuses text with U+0000. */
START_TEST(what_is_ignored_and_nobody_can_hold_is_dropped)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    const mact_oapi_input_t *input = read_text(doc, "POST", "/events", NULL,
        "{" GOOD ",\"a\":\"\\u0000\",\"b\":{\"c\":1e400},\"d\":1e308,\"e\\u0000\":1,\"owner\":{\"name\":\"a\",\"f\":1e400,\"g\":[]}}");

    ck_assert_pstr_eq(told(doc, input), NULL);
    ck_assert_str_eq(mact_oapi_text(input->body, suite_pool),
                     "{" GOOD ",\"d\":1e+308,\"owner\":{\"name\":\"a\",\"g\":[]},\"tags\":[],\"note\":null}");
}
END_TEST

START_TEST(a_bad_path_may_be_no_path)
{
    const mact_oapi_doc_t *doc = changed("x-empty-query: absent", "x-path-invalid: not-found");
    const mact_oapi_input_t *input = read_text(doc, "PUT", "/events/x", NULL, "{");

    ck_assert_pstr_eq(input->fault, "not-found");
    ck_assert_ptr_null(input->violations);
    ck_assert_pstr_eq(read_text(doc, "PUT", "/events/\xFF", NULL, NULL)->fault, "not-found");
    ck_assert_pstr_eq(read_text(doc, "PUT", "/events/1", NULL, "{")->fault, "validation");
}
END_TEST

START_TEST(a_violation_may_be_told_at_a_member)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");

    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/login", "application/x+json", "{\"b\":\"\"}")), NULL);
    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/login", "application/x+json", "{}")), "body.a: a or b");
    ck_assert_pstr_eq(told(doc, read_text(doc, "POST", "/login", "application/x+json", "{\"a\":1}")), "body.a: must be string");
}
END_TEST

START_TEST(schemas_that_ask_each_other_are_stopped)
{
    const mact_oapi_doc_t *doc =
        changed("requestBodies:\n    Anything: {content: {application/json: {schema: {type: object}}}}",
                "requestBodies:\n    Anything: {content: {application/json: {schema: {type: object, anyOf: [{$ref: '#/components/schemas/A'}, "
                "{$ref: '#/components/schemas/B'}]}}}}\n"
                "  examples: {}");
    apr_time_t began = apr_time_now();
    const char *body = "1";

    for (int i = 0; i < MACT_DEPTH_MOST - 1; i++) {
        body = apr_pstrcat(suite_pool, "{\"a\":", body, "}", NULL);
    }
    ck_assert_pstr_eq(read_text(doc, "POST", "/tokens", NULL, body)->fault, "validation");
    ck_assert_msg(apr_time_now() - began < apr_time_from_sec(20), "it took %d ms", (int)apr_time_as_msec(apr_time_now() - began));
}
END_TEST

START_TEST(an_unreadable_body_may_have_a_fault_of_its_own)
{
    const mact_oapi_doc_t *doc = changed("    internal: {", "    json-invalid: {status: 400, message: a}\n    media-type: {status: 415, message: b}\n    internal: {");

    ck_assert_pstr_eq(read_text(doc, "POST", "/events", NULL, "{")->fault, "json-invalid");
    ck_assert_pstr_eq(read_text(doc, "POST", "/events", NULL, nested(70, "[", "]"))->fault, "json-invalid");
    ck_assert_pstr_eq(read_text(doc, "PUT", "/events/x", NULL, "{")->fault, "json-invalid");
    ck_assert_pstr_eq(read_text(doc, "POST", "/events", "text/plain", "{}")->fault, "media-type");
    ck_assert_pstr_eq(read_text(doc, "POST", "/events", NULL, "[]")->fault, "validation");
    ck_assert_pstr_eq(read_text(doc, "POST", "/events", NULL, "{}")->fault, "validation");
}
END_TEST

/* ---- all of it --------------------------------------------------------------------------------------------- */

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

static void add(Suite *suite)
{
    TCase *tests = suite_case(suite, "requests");

    tcase_add_loop_test(tests, a_query, 0, COUNT(queries));
    tcase_add_test(tests, a_header_is_a_parameter_like_others);
    tcase_add_loop_test(tests, a_body, 0, COUNT(bodies));
    tcase_add_test(tests, a_body_is_filled_and_bound);
    tcase_add_test(tests, an_integer_beyond_64_bits_is_the_nearest_where_the_schema_says_so);
    tcase_add_test(tests, all_flaws_are_told_at_once_up_to_a_hundred);
    tcase_add_test(tests, nesting_is_bounded);
    tcase_add_loop_test(tests, a_media_type, 0, COUNT(types));
    tcase_add_test(tests, any_type_is_read_as_json_where_the_document_says_so);
    tcase_add_test(tests, an_empty_body_has_no_type);
    tcase_add_test(tests, a_body_that_nobody_described_is_ignored);
    tcase_add_test(tests, values_are_bounded);
    tcase_add_loop_test(tests, a_form, 0, COUNT(forms));
    tcase_add_test(tests, pairs_are_bounded);
    tcase_add_loop_test(tests, a_multipart_body, 0, COUNT(multiparts));
    tcase_add_test(tests, a_multipart_body_has_twenty_parts);
    tcase_add_test(tests, bytes_of_a_file_are_taken_as_they_are);
    tcase_add_test(tests, violations_as_a_list);
    tcase_add_test(tests, violations_as_fields);
    tcase_add_test(tests, rules_over_several_members);
    tcase_add_test(tests, an_empty_query_value_may_be_given);
    tcase_add_test(tests, an_empty_body_may_be_an_object);
    tcase_add_test(tests, other_types_of_json_may_be_none);
    tcase_add_loop_test(tests, what_is_not_described_may_be_checked, 0, COUNT(checked));
    tcase_add_test(tests, what_is_ignored_and_nobody_can_hold_is_dropped);
    tcase_add_test(tests, a_bad_path_may_be_no_path);
    tcase_add_test(tests, a_violation_may_be_told_at_a_member);
    tcase_add_test(tests, schemas_that_ask_each_other_are_stopped);
    tcase_add_test(tests, an_unreadable_body_may_have_a_fault_of_its_own);
}

int main(void)
{
    return suite_run("openapi: requests", add);
}
