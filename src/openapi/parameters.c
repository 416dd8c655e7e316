/*
 * openapi/parameters.c: what an operation takes: the names in its path, its parameters, its body.
 */
#include "inside.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

/* ---- path and parameters ----------------------------------------------------------------------------------- */

#define SEGMENTS_MOST 32

apr_status_t mact_oapi_template(mact_making_t *m, const char *path, int line)
{
    const char *p = path;
    int count = 0;

    if (*p != '/') {
        return mact_oapi_mistake(m->l, line, "a path begins with a slash: /%s", path);
    }
    while (*p) {
        apr_size_t length;

        p += *p == '/';
        length = strcspn(p, "/");
        if (*p == '{' && length > 2 && p[length - 1] == '}' && !memchr(p + 1, '{', length - 1)) {
            const char *name = apr_pstrmemdup(m->l->pool, p + 1, length - 2);

            for (int i = 0; i < m->names->nelts; i++) {
                if (!strcmp(name, APR_ARRAY_IDX(m->names, i, const char *))) {
                    return mact_oapi_mistake(m->l, line, "{%s} stands twice in %s: give them names of their own", name,
                                             path);
                }
            }
            APR_ARRAY_PUSH(m->names, const char *) = name;
        } else if (memchr(p, '{', length) || memchr(p, '}', length) || memchr(p, '?', length) ||
                   memchr(p, '%', length)) {
            return mact_oapi_mistake(m->l, line, "a segment of %s is neither a {name} nor plain text", path);
        }
        if (++count > SEGMENTS_MOST) {
            return mact_oapi_mistake(m->l, line, "%s has more than %d segments", path, SEGMENTS_MOST);
        }
        p += length;
    }
    return APR_SUCCESS;
}

static int known_place(const char *in)
{
    return !strcmp(in, "path") || !strcmp(in, "query") || !strcmp(in, "header");
}

static const mact_oapi_param_t *parameter_of(const apr_array_header_t *parameters, const char *in, const char *name)
{
    for (int i = 0; i < parameters->nelts; i++) {
        const mact_oapi_param_t *parameter = &APR_ARRAY_IDX(parameters, i, const mact_oapi_param_t);
        if (!strcmp(parameter->in, in) && !strcmp(parameter->name, name)) {
            return parameter;
        }
    }
    return NULL;
}

static apr_status_t keep_parameter(mact_making_t *m, const json_t *json, int line)
{
    const json_t *said = mact_oapi_follow(m->l, json);
    const char *name = json_string_value(json_object_get(said, "name"));
    const char *in = json_string_value(json_object_get(said, "in"));
    const json_t *schema = json_object_get(said, "schema");
    mact_oapi_param_t *parameter;
    unsigned types;

    if (!known_place(in)) {
        return mact_oapi_mistake(m->l, mact_oapi_line(m->l, said, "in"),
                                 "`in` must be path, query or header; a cookie is read by a native: leave it out");
    }
    parameter = apr_array_push(m->parameters);
    parameter->name = name;
    parameter->in = in;
    parameter->required = json_is_true(json_object_get(said, "required"));
    if (mact_oapi_compile(&parameter->schema, m->l, schema, mact_oapi_line(m->l, said, "schema")) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    types = parameter->schema->effective;
    if (!(types & (MACT_TYPE_STRING | MACT_TYPE_NUMBER | MACT_TYPE_INTEGER | MACT_TYPE_BOOLEAN))) {
        return mact_oapi_mistake(
            m->l, mact_oapi_line(m->l, said, "schema"),
            "the parameter `%s` must be a string, integer, number or boolean: its text is one value", name);
    }
    if (!strcmp(in, "path") && !parameter->required) {
        return mact_oapi_mistake(m->l, mact_oapi_line(m->l, said, "required"),
                                 "the path parameter `%s` needs `required: true`", name);
    }
    for (int i = 0; i + 1 < m->parameters->nelts; i++) {
        const mact_oapi_param_t *other = &APR_ARRAY_IDX(m->parameters, i, const mact_oapi_param_t);
        if (!strcmp(other->name, name) && !strcmp(other->in, in)) {
            return mact_oapi_mistake(m->l, line, "the %s parameter `%s` is described twice", in, name);
        }
    }
    return APR_SUCCESS;
}

/* Whether the operation describes that parameter itself, in place of the path's. */
static int is_overridden(const mact_making_t *m, const json_t *json)
{
    const json_t *of_path = mact_oapi_follow(m->l, json);
    size_t i;
    json_t *own;

    json_array_foreach(json_object_get(m->o->json, "parameters"), i, own) {
        const json_t *said = mact_oapi_follow(m->l, own);
        if (json_equal(json_object_get(said, "name"), json_object_get(of_path, "name")) &&
            json_equal(json_object_get(said, "in"), json_object_get(of_path, "in"))) {
            return 1;
        }
    }
    return 0;
}

/* Path parameters first, in path order: so a match's values have the same indexes. */
static apr_status_t sort_parameters(mact_making_t *m)
{
    apr_array_header_t *sorted = apr_array_make(m->l->pool, m->parameters->nelts + 1, sizeof(mact_oapi_param_t));

    for (int i = 0; i < m->names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(m->names, i, const char *);
        const mact_oapi_param_t *parameter = parameter_of(m->parameters, "path", name);

        if (!parameter) {
            return mact_oapi_mistake(m->l, m->o->line, "the path has {%s}, but no path parameter `%s` is described",
                                     name, name);
        }
        APR_ARRAY_PUSH(sorted, mact_oapi_param_t) = *parameter;
    }
    for (int i = 0; i < m->parameters->nelts; i++) {
        const mact_oapi_param_t *parameter = &APR_ARRAY_IDX(m->parameters, i, const mact_oapi_param_t);

        if (strcmp(parameter->in, "path")) {
            APR_ARRAY_PUSH(sorted, mact_oapi_param_t) = *parameter;
        } else if (!parameter_of(sorted, "path", parameter->name)) {
            return mact_oapi_mistake(m->l, m->o->line, "the path parameter `%s` is described, but the path has no {%s}",
                                     parameter->name, parameter->name);
        }
    }
    m->o->op.parameters = sorted;
    return APR_SUCCESS;
}

apr_status_t mact_oapi_parameters(mact_making_t *m)
{
    const json_t *of_path = json_object_get(m->item, "parameters");
    const json_t *own = json_object_get(m->o->json, "parameters");
    size_t i;
    json_t *json;

    m->parameters = apr_array_make(m->l->tmp, 8, sizeof(mact_oapi_param_t));
    json_array_foreach(of_path, i, json) {
        if (!is_overridden(m, json) && keep_parameter(m, json, mact_oapi_line_at(m->l, of_path, i)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    json_array_foreach(own, i, json) {
        if (keep_parameter(m, json, mact_oapi_line_at(m->l, own, i)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return sort_parameters(m);
}

/* ---- body -------------------------------------------------------------------------------------------------- */

static apr_status_t body_form(mact_content_t *content, mact_oapi_loader_t *l, const char *type, int line)
{
    apr_size_t length = strlen(type);

    if (!strcmp(type, "*/*") || !strcmp(type, "application/json") ||
        (length > 17 && !strncmp(type, "application/", 12) && !strcmp(type + length - 5, "+json"))) {
        content->form = MACT_BODY_JSON;
    } else if (!strcmp(type, "application/x-www-form-urlencoded")) {
        content->form = MACT_BODY_FORM;
    } else if (!strcmp(type, "multipart/form-data")) {
        content->form = MACT_BODY_MULTIPART;
    } else {
        return mact_oapi_mistake(
            l, line,
            "no body of type %s can be read: application/json, application/*+json, application/x-www-form-urlencoded, "
            "multipart/form-data or '*/*'",
            type);
    }
    content->type = type;
    return APR_SUCCESS;
}

static apr_status_t keep_content(mact_making_t *m, const char *type, const json_t *said, int line)
{
    mact_oapi_loader_t *l = m->l;
    mact_content_t *kept = apr_array_push(m->o->contents);
    char *lower = apr_pstrdup(l->pool, type);
    const json_t *schema = json_object_get(said, "schema");

    for (char *c = lower; *c; c++) {
        *c = (char)apr_tolower(*c);
    }
    if (body_form(kept, l, lower, line) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    if (!schema) {
        return mact_oapi_mistake(l, line, "%s needs a `schema`: without one nothing of the body is known", type);
    }
    if (mact_oapi_compile(&kept->schema, l, schema, mact_oapi_line(l, said, "schema")) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    if (!(kept->schema->effective & MACT_TYPE_OBJECT)) {
        return mact_oapi_mistake(l, mact_oapi_line(l, said, "schema"),
                                 "a body is an object: this schema refuses every one");
    }
    return APR_SUCCESS;
}

apr_status_t mact_oapi_body(mact_making_t *m)
{
    const json_t *said = mact_oapi_follow(m->l, json_object_get(m->o->json, "requestBody"));
    const json_t *content = json_object_get(said, "content");
    const char *type;
    json_t *json;

    if (!said) {
        return APR_SUCCESS;
    }
    m->o->op.has_body = 1;
    m->o->body_required = json_is_true(json_object_get(said, "required"));
    m->o->contents = apr_array_make(m->l->pool, 2, sizeof(mact_content_t));
    json_object_foreach((json_t *)content, type, json) {
        if (keep_content(m, type, json, mact_oapi_line(m->l, content, type)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return m->o->contents->nelts
               ? APR_SUCCESS
               : mact_oapi_mistake(m->l, mact_oapi_line(m->l, said, "content"), "`content` names no media type");
}
