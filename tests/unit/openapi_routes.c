/*
 * Which operation a method and a path find, which methods a path has, and what its parameters are.
 */
#include "suite.h"

#include "openapi/openapi.h"

static const mact_oapi_doc_t *load(const char *name)
{
    const mact_oapi_doc_t *doc;
    const char *error;

    ck_assert_msg(mact_oapi_load(&doc, &error, "trial", suite_path(name), NULL, suite_pool) == APR_SUCCESS, "%s",
                  error);
    return doc;
}

/* id NULL: not found, or another method; allow NULL: no such path; values joined by "|". */
static const struct {
    const char *method, *path, *id, *allow, *values;
} cases[] = {
    {"GET", "/", "getRoot", "GET, HEAD, OPTIONS", ""},
    {"GET", "", "getRoot", "GET, HEAD, OPTIONS", ""},
    {"GET", "///", "getRoot", "GET, HEAD, OPTIONS", ""},
    {"HEAD", "/", "getRoot", "GET, HEAD, OPTIONS", ""},
    {"OPTIONS", "/", NULL, "GET, HEAD, OPTIONS", ""},
    {"POST", "/", NULL, "GET, HEAD, OPTIONS", ""},
    {"get", "/", NULL, "GET, HEAD, OPTIONS", ""},
    {"GET", "/events", "listEvents", "GET, HEAD, OPTIONS, POST", ""},
    {"GET", "/events/", "listEvents", "GET, HEAD, OPTIONS, POST", ""},
    {"GET", "//events//", "listEvents", "GET, HEAD, OPTIONS, POST", ""},
    {"POST", "/events/", "createEvent", "GET, HEAD, OPTIONS, POST", ""},
    {"HEAD", "/events", "listEvents", "GET, HEAD, OPTIONS, POST", ""},
    {"GET", "/event", NULL, NULL, ""},
    {"GET", "/eventss", NULL, NULL, ""},
    {"GET", "/Events", NULL, NULL, ""},
    {"GET", "/events/7", "getEvent", "GET, HEAD, OPTIONS, PUT", "7"},
    {"PUT", "/events/7/", "putEvent", "GET, HEAD, OPTIONS, PUT", "7"},
    {"PATCH", "/events/7", NULL, "GET, HEAD, OPTIONS, PUT", "7"},
    {"GET", "/events/a b\xC3\xA9", "getEvent", "GET, HEAD, OPTIONS, PUT", "a b\xC3\xA9"},
    {"GET", "/events/\xFF", "getEvent", "GET, HEAD, OPTIONS, PUT", "\xFF"},
    {"GET", "/events/{event_id}", "getEvent", "GET, HEAD, OPTIONS, PUT", "{event_id}"},
    /* a literal beats a parameter, whatever its methods */
    {"GET", "/events/active", "listActive", "GET, HEAD, OPTIONS", ""},
    {"PUT", "/events/active", NULL, "GET, HEAD, OPTIONS", ""},
    {"GET", "/events/Active", "getEvent", "GET, HEAD, OPTIONS, PUT", "Active"},
    {"GET", "/events/active/people", "listActivePeople", "GET, HEAD, OPTIONS", ""},
    /* where the literal leads nowhere, the parameter beside it is tried */
    {"DELETE", "/events/active/people/x", "removePerson", "DELETE, OPTIONS", "active|x"},
    {"DELETE", "/events/7//people/x/", "removePerson", "DELETE, OPTIONS", "7|x"},
    {"GET", "/events/7/people/x", NULL, "DELETE, OPTIONS", "7|x"},
    {"GET", "/events/7/people", NULL, NULL, ""},
    {"GET", "/events/7/people/x/y", NULL, NULL, ""},
    {"GET", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z", NULL, NULL, ""},
};

START_TEST(a_path)
{
    const mact_oapi_doc_t *doc = load("documents/trial.yaml");
    mact_oapi_match_t match;
    const char *values = "";

    mact_oapi_match(&match, doc, cases[_i].method, cases[_i].path, suite_pool);
    ck_assert_pstr_eq(match.op ? match.op->id : NULL, cases[_i].id);
    ck_assert_pstr_eq(match.allow, cases[_i].allow);
    for (int i = 0; match.values && match.values[i]; i++) {
        values = apr_pstrcat(suite_pool, values, i ? "|" : "", match.values[i], NULL);
    }
    ck_assert_str_eq(values, cases[_i].values);
}
END_TEST

START_TEST(values_have_the_order_of_the_path)
{
    const mact_oapi_op_t *op = mact_oapi_operation(load("documents/trial.yaml"), "removePerson");

    ck_assert_str_eq(APR_ARRAY_IDX(op->parameters, 0, mact_oapi_param_t).name, "id");
    ck_assert_str_eq(APR_ARRAY_IDX(op->parameters, 1, mact_oapi_param_t).name, "person");
    ck_assert_int_eq(APR_ARRAY_IDX(op->call->args, 0, mact_oapi_arg_t).index, 1);
    ck_assert_int_eq(APR_ARRAY_IDX(op->call->args, 1, mact_oapi_arg_t).index, 0);
}
END_TEST

static void add(Suite *suite)
{
    TCase *tests = suite_case(suite, "routes");

    tcase_add_loop_test(tests, a_path, 0, sizeof(cases) / sizeof(cases[0]));
    tcase_add_test(tests, values_have_the_order_of_the_path);
}

int main(void)
{
    return suite_run("openapi: routes", add);
}
