/*
 * Our schemas against the JSON Schema Test Suite: every case of the keywords that we know.
 *
 * A group of cases that our compiler refuses must be in the list below with its reason, and what is in the list must still be refused for
 * it.  So nothing is left out in silence, and the list cannot outlive its reasons.
 */
#include "suite.h"

#include <stdio.h>

#include "openapi/openapi.h"

#define REMOTE "must name something in this document"

/* Groups whose schema is refused, and what the refusal says: a keyword that we do not know, or a reference that leaves the document. */
static const struct {
    const char *file, *group, *reason;
} refused[] = {
    {"additionalProperties", "additionalProperties being false does not allow other properties", "`patternProperties`"},
    {"additionalProperties", "non-ASCII pattern with additionalProperties", "`patternProperties`"},
    {"additionalProperties", "additionalProperties with propertyNames", "`propertyNames`"},
    {"additionalProperties", "dependentSchemas with additionalProperties", "`dependentSchemas`"},
    {"items", "items and subitems", "`prefixItems`"},
    {"items", "prefixItems with no additional items allowed", "`prefixItems`"},
    {"items", "items does not look in applicators, valid case", "`prefixItems`"},
    {"items", "prefixItems validation adjusts the starting index for items", "`prefixItems`"},
    {"items", "items with heterogeneous array", "`prefixItems`"},
    {"not", "collect annotations inside a 'not', even if collection is disabled", "`unevaluatedProperties`"},
    {"properties", "properties, patternProperties, additionalProperties interaction", "`patternProperties`"},
    {"ref", "relative pointer ref to array", "`prefixItems`"},
    {"ref", "remote ref, containing refs itself", REMOTE},
    {"ref", "Recursive references between schemas", "`$id`"},
    {"ref", "ref creates new scope when adjacent to keywords", "`unevaluatedProperties`"},
    {"ref", "refs with relative uris and defs", "`$id`"},
    {"ref", "relative refs with absolute uris and defs", "`$id`"},
    {"ref", "$id must be resolved against nearest parent, not just immediate parent", "`$id`"},
    {"ref", "order of evaluation: $id and $ref", "`$id`"},
    {"ref", "order of evaluation: $id and $anchor and $ref", "`$id`"},
    {"ref", "order of evaluation: $id and $ref on nested schema", "`$id`"},
    {"ref", "simple URN base URI with $ref via the URN", "`$id`"},
    {"ref", "simple URN base URI with JSON pointer", "`$id`"},
    {"ref", "URN base URI with NSS", "`$id`"},
    {"ref", "URN base URI with r-component", "`$id`"},
    {"ref", "URN base URI with q-component", "`$id`"},
    {"ref", "URN base URI with URN and JSON pointer ref", "`$id`"},
    {"ref", "URN base URI with URN and anchor ref", "`$id`"},
    {"ref", "URN ref with nested pointer ref", REMOTE},
    {"ref", "ref to if", REMOTE},
    {"ref", "ref to then", REMOTE},
    {"ref", "ref to else", REMOTE},
    {"ref", "ref with absolute-path-reference", "`$id`"},
    {"ref", "$id with file URI still resolves pointers - *nix", "`$id`"},
    {"ref", "$id with file URI still resolves pointers - windows", "`$id`"},
    {"uniqueItems", "uniqueItems with an array of items", "`prefixItems`"},
    {"uniqueItems", "uniqueItems with an array of items and additionalItems=false", "`prefixItems`"},
    {"uniqueItems", "uniqueItems=false with an array of items", "`prefixItems`"},
    {"uniqueItems", "uniqueItems=false with an array of items and additionalItems=false", "`prefixItems`"},
    {"ecmascript-regex", "patterns always use unicode semantics with patternProperties", "`patternProperties`"},
    {"ecmascript-regex", "\\w in patternProperties matches [A-Za-z0-9_], not unicode letters", "`patternProperties`"},
    {"ecmascript-regex", "patternProperties with ASCII ranges", "`patternProperties`"},
    {"ecmascript-regex", "\\d in patternProperties matches [0-9], not unicode digits", "`patternProperties`"},
    {"ecmascript-regex", "patternProperties with non-ASCII digits", "`patternProperties`"},
    {"non-bmp-regex", "Proper UTF-16 surrogate pair handling: patternProperties", "`patternProperties`"},
};

#define REFUSED ((int)(sizeof(refused) / sizeof(refused[0])))

static const char *const files[] = {
    "additionalProperties",
    "allOf",
    "anyOf",
    "boolean_schema",
    "const",
    "default",
    "enum",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "infinite-loop-detection",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "oneOf",
    "pattern",
    "properties",
    "ref",
    "required",
    "type",
    "uniqueItems",
    "format-date",
    "format-date-time",
    "format-email",
    "format-uri",
    "format-uuid",
    "ecmascript-regex",
    "non-bmp-regex",
};

#define FILES ((int)(sizeof(files) / sizeof(files[0])))

static const char *reason_of(const char *file, const char *group)
{
    for (int i = 0; i < REFUSED; i++) {
        if (!strcmp(refused[i].file, file) && !strcmp(refused[i].group, group)) {
            return refused[i].reason;
        }
    }
    return NULL;
}

static int run_group(const char *file, const json_t *group)
{
    const char *name = json_string_value(json_object_get(group, "description"));
    const json_t *json = json_object_get(group, "schema");
    const mact_oapi_schema_t *schema;
    const char *reason = reason_of(file, name);
    const char *error;
    size_t i;
    json_t *test;

    if (mact_oapi_schema(&schema, &error, json, json, suite_pool) != APR_SUCCESS) {
        ck_assert_msg(reason && strstr(error, reason), "%s: \"%s\" is refused: %s", file, name, error);
        return 0;
    }
    ck_assert_msg(!reason, "%s: \"%s\" is no longer refused: take it off the list", file, name);
    json_array_foreach(json_object_get(group, "tests"), i, test) {
        const char *what = json_string_value(json_object_get(test, "description"));
        int expected = json_is_true(json_object_get(test, "valid"));
        int got = mact_oapi_valid(schema, json_object_get(test, "data"), suite_pool);

        ck_assert_msg(got == expected, "%s: \"%s\": \"%s\" is %s", file, name, what, got ? "valid" : "invalid");
    }
    return (int)json_array_size(json_object_get(group, "tests"));
}

START_TEST(a_file_of_the_suite)
{
    const char *file = files[_i];
    json_error_t error;
    json_t *groups = json_load_file(suite_path(apr_pstrcat(suite_pool, "json-schema-suite/", file, ".json", NULL)),
                                    JSON_ALLOW_NUL, &error);
    int count = 0;
    size_t i;
    json_t *group;

    ck_assert_msg(groups != NULL, "%s: %s", file, error.text);
    json_array_foreach(groups, i, group) {
        count += run_group(file, group);
    }
    ck_assert_msg(count > 0, "%s: nothing was tried", file);
    printf("json-schema-suite/%s: %d cases\n", file, count);
    apr_pool_clear(suite_pool);
    json_decref(groups);
}
END_TEST

/* A name on a list that is no name of the suite would excuse nothing, and hide that. */
START_TEST(every_exception_is_a_case_of_the_suite)
{
    for (int e = 0; e < REFUSED; e++) {
        json_t *groups =
            json_load_file(suite_path(apr_pstrcat(suite_pool, "json-schema-suite/", refused[e].file, ".json", NULL)),
                           JSON_ALLOW_NUL, NULL);
        int found = 0;
        size_t i;
        json_t *group;

        json_array_foreach(groups, i, group) {
            found |= !strcmp(json_string_value(json_object_get(group, "description")), refused[e].group);
        }
        json_decref(groups);
        ck_assert_msg(found, "%s has no \"%s\"", refused[e].file, refused[e].group);
    }
}
END_TEST

static void add(Suite *suite)
{
    TCase *tests = suite_case(suite, "JSON Schema Test Suite");

    tcase_add_loop_test(tests, a_file_of_the_suite, 0, FILES);
    tcase_add_test(tests, every_exception_is_a_case_of_the_suite);
}

int main(void)
{
    return suite_run("openapi: JSON Schema Test Suite", add);
}
