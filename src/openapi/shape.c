/*
 * openapi/shape.c: which keys may stand where, OpenAPI's and ours, and of what form their values are.
 *
 * The tables below are the whole of it; one walk holds a document against them.  What has passed needs no more
 * questions about form by those who make something of it.
 */
#include "inside.h"

#include <string.h>

#include <apr_strings.h>

typedef enum {
    FORM_ANY,
    FORM_TEXT,
    FORM_FLAG,
    FORM_WHOLE,
    FORM_TEXTS /* list */,
    FORM_OBJECT /* of any keys, or of a shape */,
    FORM_LIST,
    FORM_MAP /* names to objects of a shape */,
    FORM_TEXT_MAP,
    FORM_TEXT_MAPS /* names to such */,
    FORM_SCHEMA,
    FORM_SCHEMAS,
    FORM_NATIVE
} form_e;

typedef struct shape_t shape_t;

typedef struct {
    const char *key;
    form_e form;
    int required;
    const shape_t *shape; /* of OBJECT, LIST and MAP; NULL: any object */
} field_t;

struct shape_t {
    const char *what;    /* for messages */
    const char *section; /* below components, where a $ref may lead; NULL: none */
    const field_t *fields;
};

/* ---- OpenAPI's smaller objects ----------------------------------------------------------------------------- */

static const field_t external_docs_fields[] = {
    {"url", FORM_TEXT, 1, NULL}, {"description", FORM_TEXT, 0, NULL}, {NULL, 0, 0, NULL}};
static const shape_t external_docs = {"externalDocs", NULL, external_docs_fields};

static const field_t info_fields[] = {
    {"title", FORM_TEXT, 1, NULL},          {"version", FORM_TEXT, 1, NULL},
    {"summary", FORM_TEXT, 0, NULL},        {"description", FORM_TEXT, 0, NULL},
    {"contact", FORM_OBJECT, 0, NULL},      {"license", FORM_OBJECT, 0, NULL},
    {"termsOfService", FORM_TEXT, 0, NULL}, {NULL, 0, 0, NULL},
};
static const shape_t info = {"info", NULL, info_fields};

static const field_t server_fields[] = {{"url", FORM_TEXT, 1, NULL},
                                        {"description", FORM_TEXT, 0, NULL},
                                        {"variables", FORM_OBJECT, 0, NULL},
                                        {NULL, 0, 0, NULL}};
static const shape_t server = {"a server", NULL, server_fields};

static const field_t tag_fields[] = {{"name", FORM_TEXT, 1, NULL},
                                     {"description", FORM_TEXT, 0, NULL},
                                     {"externalDocs", FORM_OBJECT, 0, &external_docs},
                                     {NULL, 0, 0, NULL}};
static const shape_t tag = {"a tag", NULL, tag_fields};

static const field_t example_fields[] = {{"summary", FORM_TEXT, 0, NULL},
                                         {"description", FORM_TEXT, 0, NULL},
                                         {"value", FORM_ANY, 0, NULL},
                                         {"externalValue", FORM_TEXT, 0, NULL},
                                         {NULL, 0, 0, NULL}};
static const shape_t example = {"an example", "examples", example_fields};

static const field_t media_type_fields[] = {{"schema", FORM_SCHEMA, 0, NULL},
                                            {"example", FORM_ANY, 0, NULL},
                                            {"examples", FORM_MAP, 0, &example},
                                            {"encoding", FORM_OBJECT, 0, NULL},
                                            {NULL, 0, 0, NULL}};
static const shape_t media_type = {"a media type", NULL, media_type_fields};

static const field_t header_fields[] = {
    {"description", FORM_TEXT, 0, NULL}, {"required", FORM_FLAG, 0, NULL},      {"deprecated", FORM_FLAG, 0, NULL},
    {"schema", FORM_SCHEMA, 0, NULL},    {"example", FORM_ANY, 0, NULL},        {"examples", FORM_MAP, 0, &example},
    {"style", FORM_TEXT, 0, NULL},       {"content", FORM_MAP, 0, &media_type}, {NULL, 0, 0, NULL},
};
static const shape_t header = {"a header", "headers", header_fields};

static const field_t link_fields[] = {
    {"operationId", FORM_TEXT, 0, NULL},
    {"operationRef", FORM_TEXT, 0, NULL},
    {"parameters", FORM_OBJECT, 0, NULL},
    {"requestBody", FORM_ANY, 0, NULL},
    {"description", FORM_TEXT, 0, NULL},
    {"server", FORM_OBJECT, 0, &server},
    {NULL, 0, 0, NULL},
};
static const shape_t link_shape = {"a link", "links", link_fields};

static const field_t response_fields[] = {{"description", FORM_TEXT, 1, NULL},
                                          {"headers", FORM_MAP, 0, &header},
                                          {"content", FORM_MAP, 0, &media_type},
                                          {"links", FORM_MAP, 0, &link_shape},
                                          {NULL, 0, 0, NULL}};
static const shape_t response = {"a response", "responses", response_fields};

static const field_t parameter_fields[] = {
    {"name", FORM_TEXT, 1, NULL},     {"in", FORM_TEXT, 1, NULL},          {"description", FORM_TEXT, 0, NULL},
    {"required", FORM_FLAG, 0, NULL}, {"deprecated", FORM_FLAG, 0, NULL},  {"schema", FORM_SCHEMA, 1, NULL},
    {"example", FORM_ANY, 0, NULL},   {"examples", FORM_MAP, 0, &example}, {NULL, 0, 0, NULL},
};
static const shape_t parameter = {"a parameter", "parameters", parameter_fields};

static const field_t request_body_fields[] = {{"content", FORM_MAP, 1, &media_type},
                                              {"required", FORM_FLAG, 0, NULL},
                                              {"description", FORM_TEXT, 0, NULL},
                                              {NULL, 0, 0, NULL}};
static const shape_t request_body = {"a request body", "requestBodies", request_body_fields};

static const field_t secret_fields[] = {
    {"setting", FORM_TEXT, 1, NULL}, {"scheme", FORM_TEXT, 1, NULL}, {"fault", FORM_TEXT, 1, NULL}, {NULL, 0, 0, NULL}};
static const shape_t secret = {"x-secret", NULL, secret_fields};

static const field_t security_scheme_fields[] = {
    {"type", FORM_TEXT, 1, NULL},          {"description", FORM_TEXT, 0, NULL},
    {"name", FORM_TEXT, 0, NULL},          {"in", FORM_TEXT, 0, NULL},
    {"scheme", FORM_TEXT, 0, NULL},        {"bearerFormat", FORM_TEXT, 0, NULL},
    {"flows", FORM_OBJECT, 0, NULL},       {"openIdConnectUrl", FORM_TEXT, 0, NULL},
    {"x-secret", FORM_OBJECT, 0, &secret}, {NULL, 0, 0, NULL},
};
static const shape_t security_scheme = {"a security scheme", "securitySchemes", security_scheme_fields};

static const field_t components_fields[] = {
    {"schemas", FORM_SCHEMAS, 0, NULL},
    {"responses", FORM_MAP, 0, &response},
    {"parameters", FORM_MAP, 0, &parameter},
    {"examples", FORM_MAP, 0, &example},
    {"requestBodies", FORM_MAP, 0, &request_body},
    {"headers", FORM_MAP, 0, &header},
    {"securitySchemes", FORM_MAP, 0, &security_scheme},
    {"links", FORM_MAP, 0, &link_shape},
    {"callbacks", FORM_OBJECT, 0, NULL},
    {NULL, 0, 0, NULL},
};
static const shape_t components = {"components", NULL, components_fields};

/* ---- operations and the whole ------------------------------------------------------------------------------ */

static const field_t operation_fields[] = {
    {"operationId", FORM_TEXT, 1, NULL},
    {"responses", FORM_MAP, 1, &response},
    {"tags", FORM_TEXTS, 0, NULL},
    {"summary", FORM_TEXT, 0, NULL},
    {"description", FORM_TEXT, 0, NULL},
    {"externalDocs", FORM_OBJECT, 0, &external_docs},
    {"parameters", FORM_LIST, 0, &parameter},
    {"requestBody", FORM_OBJECT, 0, &request_body},
    {"callbacks", FORM_OBJECT, 0, NULL},
    {"deprecated", FORM_FLAG, 0, NULL},
    {"security", FORM_LIST, 0, NULL},
    {"servers", FORM_LIST, 0, &server},
    {"x-procedure", FORM_TEXT, 0, NULL},
    {"x-native", FORM_NATIVE, 0, NULL},
    {"x-rate-class", FORM_TEXT, 0, NULL},
    {"x-rate-limit", FORM_TEXT, 0, NULL},
    {"x-rate-key", FORM_TEXT, 0, NULL},
    {"x-admits", FORM_TEXTS, 0, NULL},
    {"x-read-only", FORM_FLAG, 0, NULL},
    {"x-body-limit", FORM_WHOLE, 0, NULL},
    {"x-headers", FORM_TEXT_MAP, 0, NULL},
    {"x-issue", FORM_OBJECT, 0, NULL},
    {"x-errors", FORM_MAP, 0, NULL},
    {NULL, 0, 0, NULL},
};
static const shape_t operation = {"an operation", NULL, operation_fields};

static const field_t path_item_fields[] = {
    {"summary", FORM_TEXT, 0, NULL},       {"description", FORM_TEXT, 0, NULL},
    {"servers", FORM_LIST, 0, &server},    {"parameters", FORM_LIST, 0, &parameter},
    {"get", FORM_OBJECT, 0, &operation},   {"put", FORM_OBJECT, 0, &operation},
    {"post", FORM_OBJECT, 0, &operation},  {"delete", FORM_OBJECT, 0, &operation},
    {"patch", FORM_OBJECT, 0, &operation}, {NULL, 0, 0, NULL},
};
static const shape_t path_item = {"a path", NULL, path_item_fields};

static const field_t auth_fields[] = {
    {"default", FORM_TEXT, 0, NULL}, {"allow", FORM_TEXTS, 0, NULL}, {NULL, 0, 0, NULL}};
static const shape_t auth = {"x-auth", NULL, auth_fields};

static const field_t rate_class_fields[] = {
    {"rate", FORM_TEXT, 1, NULL}, {"key", FORM_TEXT, 0, NULL}, {NULL, 0, 0, NULL}};
static const shape_t rate_class = {"a rate class", NULL, rate_class_fields};

static const field_t tokens_fields[] = {
    {"access", FORM_WHOLE, 0, NULL}, {"refresh", FORM_WHOLE, 0, NULL}, {NULL, 0, 0, NULL}};
static const shape_t tokens = {"x-tokens", NULL, tokens_fields};

static const field_t violations_fields[] = {
    {"form", FORM_TEXT, 1, NULL}, {"rules", FORM_TEXT, 0, NULL}, {"words", FORM_MAP, 1, NULL}, {NULL, 0, 0, NULL}};
static const shape_t violations = {"x-errors.violations", NULL, violations_fields};

static const field_t errors_fields[] = {{"body", FORM_ANY, 0, NULL},
                                        {"faults", FORM_MAP, 1, NULL},
                                        {"violations", FORM_OBJECT, 1, &violations},
                                        {NULL, 0, 0, NULL}};
static const shape_t errors = {"x-errors", NULL, errors_fields};

static const field_t root_fields[] = {
    {"openapi", FORM_TEXT, 1, NULL},
    {"info", FORM_OBJECT, 1, &info},
    {"paths", FORM_MAP, 1, &path_item},
    {"x-errors", FORM_OBJECT, 1, &errors},
    {"jsonSchemaDialect", FORM_TEXT, 0, NULL},
    {"servers", FORM_LIST, 0, &server},
    {"webhooks", FORM_OBJECT, 0, NULL},
    {"components", FORM_OBJECT, 0, &components},
    {"security", FORM_LIST, 0, NULL},
    {"tags", FORM_LIST, 0, &tag},
    {"externalDocs", FORM_OBJECT, 0, &external_docs},
    {"x-auth", FORM_OBJECT, 0, &auth},
    {"x-cors", FORM_TEXT, 0, NULL},
    {"x-caller", FORM_TEXT, 0, NULL},
    {"x-rate-classes", FORM_MAP, 0, &rate_class},
    {"x-headers", FORM_TEXT_MAP, 0, NULL},
    {"x-headers-below", FORM_TEXT_MAPS, 0, NULL},
    {"x-tokens", FORM_OBJECT, 0, &tokens},
    {"x-empty-query", FORM_TEXT, 0, NULL},
    {"x-empty-body", FORM_TEXT, 0, NULL},
    {"x-path-invalid", FORM_TEXT, 0, NULL},
    {"x-json-types", FORM_TEXT, 0, NULL},
    {"x-unknown-query", FORM_TEXT, 0, NULL},
    {"x-unknown-members", FORM_TEXT, 0, NULL},
    {NULL, 0, 0, NULL},
};
static const shape_t root = {"an API document", NULL, root_fields};

/* ---- references -------------------------------------------------------------------------------------------- */

static int hex(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* A step of a JSON pointer in a URI fragment: %-escapes first (RFC 6901 section 6), then ~1 and ~0. */
static const char *step_of(const char *text, apr_size_t length, apr_pool_t *tmp)
{
    char *step = apr_pstrmemdup(tmp, text, length);
    char *to = step;

    for (const char *p = step; *p; p++) {
        if (*p == '%' && hex(p[1]) >= 0 && hex(p[2]) >= 0) {
            *to++ = (char)(hex(p[1]) << 4 | hex(p[2]));
            p += 2;
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
    to = step;
    for (const char *p = step; *p; p++) {
        if (*p == '~' && (p[1] == '0' || p[1] == '1')) {
            *to++ = *++p == '0' ? '~' : '/';
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
    return step;
}

const json_t *mact_oapi_resolve(const json_t *json, const char *ref, apr_pool_t *tmp)
{
    if (*ref++ != '#') {
        return NULL;
    }
    while (json && *ref == '/') {
        apr_size_t length = strcspn(++ref, "/");
        const char *step = step_of(ref, length, tmp);

        ref += length;
        if (json_is_array(json)) {
            json = *step && strspn(step, "0123456789") == strlen(step) ? json_array_get(json, (size_t)apr_atoi64(step))
                                                                       : NULL;
        } else {
            json = json_object_get(json, step);
        }
    }
    return *ref ? NULL : json;
}

const json_t *mact_oapi_follow(const mact_oapi_loader_t *l, const json_t *json)
{
    const char *ref = json_string_value(json_object_get(json, "$ref"));

    return ref ? mact_oapi_resolve(l->root, ref, l->tmp) : json;
}

/* A reference leads straight to an object of the same kind: one hop, so that no circle is possible. */
static apr_status_t check_reference(mact_oapi_loader_t *l, const shape_t *shape, const json_t *json)
{
    const char *ref = json_string_value(json_object_get(json, "$ref"));
    const char *prefix = apr_pstrcat(l->tmp, "#/components/", shape->section, "/", NULL);
    int line = mact_oapi_line(l, json, "$ref");
    const char *key;
    const json_t *target;
    json_t *value;

    if (!ref || strncmp(ref, prefix, strlen(prefix))) {
        return mact_oapi_mistake(l, line, "the `$ref` of %s must be '%sNAME'", shape->what, prefix);
    }
    json_object_foreach((json_t *)json, key, value) {
        if (strcmp(key, "$ref") && strcmp(key, "summary") && strcmp(key, "description")) {
            return mact_oapi_mistake(l, mact_oapi_line(l, json, key),
                                     "`%s` beside a `$ref` would be ignored: put it where the reference leads", key);
        }
    }
    target = mact_oapi_resolve(l->root, ref, l->tmp);
    if (!json_is_object(target) || strchr(ref + strlen(prefix), '/')) {
        return mact_oapi_mistake(l, line, "`$ref` %s names nothing in this document", ref);
    }
    return json_object_get(target, "$ref")
               ? mact_oapi_mistake(l, line, "`$ref` %s leads to another `$ref`: name the last one here", ref)
               : APR_SUCCESS;
}

/* ---- the walk ---------------------------------------------------------------------------------------------- */

static apr_status_t check_object(mact_oapi_loader_t *l, const shape_t *shape, const json_t *json, const char *key,
                                 int line);

static apr_status_t wrong(mact_oapi_loader_t *l, const char *key, const char *what, int line)
{
    return mact_oapi_mistake(l, line, "`%s` must be %s", key, what);
}

static apr_status_t check_texts(mact_oapi_loader_t *l, const json_t *json, const char *key, int line)
{
    size_t i;
    json_t *value;

    if (!json_is_array(json)) {
        return wrong(l, key, "a list of names", line);
    }
    json_array_foreach(json, i, value) {
        if (!json_is_string(value)) {
            return wrong(l, key, "a list of names: quote what looks like a number or a word of YAML's",
                         mact_oapi_line_at(l, json, i));
        }
    }
    return APR_SUCCESS;
}

static apr_status_t check_list(mact_oapi_loader_t *l, const shape_t *shape, const json_t *json, const char *key,
                               int line)
{
    size_t i;
    json_t *value;

    if (!json_is_array(json)) {
        return wrong(l, key, "a list", line);
    }
    json_array_foreach(json, i, value) {
        if (check_object(l, shape, value, key, mact_oapi_line_at(l, json, i)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t check_map(mact_oapi_loader_t *l, const shape_t *shape, const json_t *json, const char *key,
                              int line)
{
    const char *name;
    json_t *value;

    if (!json_is_object(json)) {
        return wrong(l, key, "an object", line);
    }
    json_object_foreach((json_t *)json, name, value) {
        if (check_object(l, shape, value, name, mact_oapi_line(l, json, name)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t check_text_map(mact_oapi_loader_t *l, const json_t *json, const char *key, int line)
{
    const char *name;
    json_t *value;

    if (!json_is_object(json)) {
        return wrong(l, key, "an object", line);
    }
    json_object_foreach((json_t *)json, name, value) {
        if (!json_is_string(value) || strpbrk(json_string_value(value), "\r\n")) {
            return wrong(l, name, "one line of text: quote it", mact_oapi_line(l, json, name));
        }
    }
    return APR_SUCCESS;
}

static apr_status_t check_text_maps(mact_oapi_loader_t *l, const json_t *json, const char *key, int line)
{
    const char *name;
    json_t *value;

    if (!json_is_object(json)) {
        return wrong(l, key, "an object", line);
    }
    json_object_foreach((json_t *)json, name, value) {
        if (check_text_map(l, value, name, mact_oapi_line(l, json, name)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t check_schemas(mact_oapi_loader_t *l, const json_t *json, const char *key, int line)
{
    const mact_oapi_schema_t *unused;
    const char *name;
    json_t *value;

    if (!json_is_object(json)) {
        return wrong(l, key, "an object of schemas", line);
    }
    json_object_foreach((json_t *)json, name, value) {
        if (mact_oapi_compile(&unused, l, value, mact_oapi_line(l, json, name)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t check_native(mact_oapi_loader_t *l, const json_t *json, const char *key, int line)
{
    if (json_is_string(json) || (json_is_object(json) && json_is_string(json_object_get(json, "name")))) {
        return APR_SUCCESS;
    }
    return wrong(l, key, "the name of a native, or an object with its `name`", line);
}

static apr_status_t check_field(mact_oapi_loader_t *l, const field_t *field, const json_t *value, int line)
{
    const mact_oapi_schema_t *unused;

    switch (field->form) {
    case FORM_TEXT:
        return json_is_string(value)
                   ? APR_SUCCESS
                   : wrong(l, field->key, "text: quote what looks like a number or a word of YAML's", line);
    case FORM_FLAG:
        return json_is_boolean(value) ? APR_SUCCESS : wrong(l, field->key, "true or false", line);
    case FORM_WHOLE:
        return json_is_integer(value) && json_integer_value(value) >= 0 ? APR_SUCCESS
                                                                        : wrong(l, field->key, "a whole number", line);
    case FORM_TEXTS:
        return check_texts(l, value, field->key, line);
    case FORM_OBJECT:
        return check_object(l, field->shape, value, field->key, line);
    case FORM_LIST:
        return check_list(l, field->shape, value, field->key, line);
    case FORM_MAP:
        return check_map(l, field->shape, value, field->key, line);
    case FORM_TEXT_MAP:
        return check_text_map(l, value, field->key, line);
    case FORM_TEXT_MAPS:
        return check_text_maps(l, value, field->key, line);
    case FORM_SCHEMA:
        return mact_oapi_compile(&unused, l, value, line);
    case FORM_SCHEMAS:
        return check_schemas(l, value, field->key, line);
    case FORM_NATIVE:
        return check_native(l, value, field->key, line);
    default:
        return APR_SUCCESS;
    }
}

static const field_t *field_of(const shape_t *shape, const char *key)
{
    for (const field_t *field = shape->fields; field->key; field++) {
        if (!strcmp(field->key, key)) {
            return field;
        }
    }
    return NULL;
}

static const char *why_unknown(const shape_t *shape, const char *key)
{
    if (shape == &path_item && (!strcmp(key, "head") || !strcmp(key, "options") || !strcmp(key, "trace"))) {
        return "the server answers that method itself";
    }
    if (shape == &parameter && (!strcmp(key, "content") || !strcmp(key, "style") || !strcmp(key, "explode"))) {
        return "a parameter is one value described by its `schema`";
    }
    return "correct its spelling, or leave it out";
}

static apr_status_t check_object(mact_oapi_loader_t *l, const shape_t *shape, const json_t *json, const char *key,
                                 int line)
{
    const char *name;
    json_t *value;

    if (!json_is_object(json)) {
        return wrong(l, key, "an object", line);
    }
    if (!shape) {
        return APR_SUCCESS;
    }
    if (shape->section && json_object_get(json, "$ref")) {
        return check_reference(l, shape, json);
    }
    json_object_foreach((json_t *)json, name, value) {
        const field_t *field = field_of(shape, name);

        if (!field) {
            return mact_oapi_mistake(l, mact_oapi_line(l, json, name), "`%s` is no key of %s: %s", name, shape->what,
                                     why_unknown(shape, name));
        }
        if (check_field(l, field, value, mact_oapi_line(l, json, name)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    for (const field_t *field = shape->fields; field->key; field++) {
        if (field->required && !json_object_get(json, field->key)) {
            return mact_oapi_mistake(l, line, "%s needs `%s`", shape->what, field->key);
        }
    }
    return APR_SUCCESS;
}

apr_status_t mact_oapi_shape(mact_oapi_loader_t *l)
{
    if (!json_is_object(l->root)) {
        return mact_oapi_mistake(l, 1, "an API document is an object that begins with `openapi: 3.1.0`");
    }
    return check_object(l, &root, l->root, "the document", 1);
}
