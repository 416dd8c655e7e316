/*
 * openapi/operation.c: the operations of a document: routes, security, rates, natives and procedures.
 *
 * shape.c has passed the document: every key is known and of its form, every schema is compiled.
 */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

static const struct {
    const char *key, *method;
} methods[] = {{"get", "GET"}, {"put", "PUT"}, {"post", "POST"}, {"delete", "DELETE"}, {"patch", "PATCH"}};

static int line_of(const mact_making_t *m, const char *key)
{
    return mact_oapi_line(m->l, m->o->json, key);
}

/* ---- security and rates ------------------------------------------------------------------------------------ */

/* Only the bearer scheme is the server's; any other is a native's, and for the server like none. */
static apr_status_t is_bearer(int *bearer, mact_oapi_loader_t *l, const json_t *requirement, int line)
{
    const json_t *schemes = json_object_get(json_object_get(l->root, "components"), "securitySchemes");
    const char *name;
    json_t *scopes;

    *bearer = 0;
    if (!json_is_object(requirement)) {
        return mact_oapi_mistake(l, line, "`security` is a list of objects such as {bearer: []}");
    }
    json_object_foreach((json_t *)requirement, name, scopes) {
        const json_t *scheme = json_object_get(schemes, name);
        const char *type = json_string_value(json_object_get(scheme, "type"));
        const char *kind = json_string_value(json_object_get(scheme, "scheme"));

        if (!scheme) {
            return mact_oapi_mistake(l, line, "`%s` is not among components.securitySchemes", name);
        }
        *bearer |= type && kind && !strcmp(type, "http") && !strcasecmp(kind, "bearer");
    }
    return APR_SUCCESS;
}

static apr_status_t security(mact_security_e *security, mact_oapi_loader_t *l, const json_t *container)
{
    const json_t *said = json_object_get(container, "security");
    int with = 0, without = 0;
    size_t i;
    json_t *requirement;

    json_array_foreach(said, i, requirement) {
        int bearer;

        if (is_bearer(&bearer, l, requirement, mact_oapi_line_at(l, said, i)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
        with += bearer;
        without += !bearer;
    }
    *security = !with ? MACT_SECURITY_NONE : without ? MACT_SECURITY_OPTIONAL : MACT_SECURITY_BEARER;
    return APR_SUCCESS;
}

/*
 * A scheme with x-secret, if one is asked; it has no alternative, for a caller without the secret is refused
 * before anything is looked at.
 */
static apr_status_t keep_secret(mact_making_t *m, const json_t *said)
{
    const json_t *schemes = json_object_get(json_object_get(m->l->root, "components"), "securitySchemes");
    size_t i;
    json_t *requirement, *scopes;
    const char *name;

    json_array_foreach(said, i, requirement) {
        json_object_foreach(requirement, name, scopes) {
            const json_t *scheme = json_object_get(schemes, name), *text = json_object_get(scheme, "x-secret");
            mact_oapi_secret_t *secret;

            if (!text) {
                continue;
            }
            if (json_array_size(said) != 1 || json_object_size(requirement) != 1) {
                return mact_oapi_mistake(m->l, mact_oapi_line_at(m->l, said, i),
                                         "`%s` has an x-secret, and stands alone in `security`", name);
            }
            secret = apr_palloc(m->l->pool, sizeof(*secret));
            secret->setting = json_string_value(json_object_get(text, "setting"));
            secret->scheme = json_string_value(json_object_get(text, "scheme"));
            secret->fault = json_string_value(json_object_get(text, "fault"));
            if (!mact_oapi_fault(m->l->doc, NULL, secret->fault)) {
                return mact_oapi_mistake(m->l, mact_oapi_line(m->l, text, "fault"),
                                         "`fault` names `%s`, which is no fault of x-errors", secret->fault);
            }
            m->o->op.secret = secret;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t keep_security(mact_making_t *m)
{
    const json_t *from = json_object_get(m->o->json, "security") ? m->o->json : m->l->root;

    if (security(&m->o->op.security, m->l, from) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    return keep_secret(m, json_object_get(from, "security"));
}

static apr_status_t keep_rates(mact_making_t *m)
{
    mact_oapi_op_t *op = &m->o->op;
    const char *class = json_string_value(json_object_get(m->o->json, "x-rate-class"));
    const char *limit = json_string_value(json_object_get(m->o->json, "x-rate-limit"));
    const char *key = json_string_value(json_object_get(m->o->json, "x-rate-key"));
    const char *error;

    if (class) {
        const mact_class_t *found = apr_hash_get(m->l->doc->inside->classes, class, APR_HASH_KEY_STRING);

        if (!found) {
            return mact_oapi_mistake(m->l, line_of(m, "x-rate-class"),
                                     "the rate class `%s` is not among x-rate-classes", class);
        }
        op->rate_class = class;
        op->rate = found->rate;
        op->rate_key = found->key;
    }
    error = limit ? mact_oapi_rate(&op->rate, limit) : NULL;
    if (error) {
        return mact_oapi_mistake(m->l, line_of(m, "x-rate-limit"), "%s", error);
    }
    if (key && strcmp(key, "address") && strcmp(key, "user")) {
        return mact_oapi_mistake(m->l, line_of(m, "x-rate-key"), "`x-rate-key` must be address or user");
    }
    if (key) {
        op->rate_key = strcmp(key, "user") ? MACT_KEY_ADDRESS : MACT_KEY_USER;
    }
    return APR_SUCCESS;
}

/* ---- what it does ------------------------------------------------------------------------------------------ */

static apr_status_t keep_call(const mact_oapi_call_t **call, mact_making_t *m, const char *text, int line)
{
    const char *error = mact_oapi_call(call, m->l->doc, m->o, text, m->l->pool);

    return error ? mact_oapi_mistake(m->l, line, "%s", error) : APR_SUCCESS;
}

static apr_status_t keep_procedures(mact_making_t *m, const json_t *native)
{
    const json_t *said = json_object_get(native, "procedures");
    apr_array_header_t *procedures = apr_array_make(m->l->pool, 2, sizeof(mact_oapi_named_call_t));
    const char *name;
    json_t *text;

    m->o->op.procedures = procedures;
    if (said && !json_is_object(said)) {
        return mact_oapi_mistake(m->l, mact_oapi_line(m->l, native, "procedures"),
                                 "`procedures` must be an object such as {open: schema.name(caller.user_id)}");
    }
    json_object_foreach((json_t *)said, name, text) {
        mact_oapi_named_call_t *named = apr_array_push(procedures);
        int line = mact_oapi_line(m->l, said, name);

        if (!json_is_string(text)) {
            return mact_oapi_mistake(m->l, line, "`%s` must be a call: schema.name(source, ...)", name);
        }
        named->name = name;
        if (keep_call(&named->call, m, json_string_value(text), line) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t keep_native(mact_making_t *m)
{
    const json_t *said = json_object_get(m->o->json, "x-native");
    mact_oapi_op_t *op = &m->o->op;
    json_t *options;

    op->native = json_is_string(said) ? json_string_value(said) : json_string_value(json_object_get(said, "name"));
    if (op->native && m->l->known_native && !m->l->known_native(op->native)) {
        return mact_oapi_mistake(m->l,
                                 json_is_object(said) ? mact_oapi_line(m->l, said, "name") : line_of(m, "x-native"),
                                 "the module has no native `%s`: correct its name", op->native);
    }
    if (json_is_object(said)) {
        options = mact_oapi_keep(json_copy((json_t *)said), m->l->pool);
        json_object_del(options, "name");
        json_object_del(options, "procedures");
        op->native_options = options;
    }
    return keep_procedures(m, said);
}

static apr_status_t keep_admits(mact_making_t *m)
{
    const json_t *said = json_object_get(m->o->json, "x-admits");
    apr_array_header_t *admits = apr_array_make(m->l->pool, 2, sizeof(const char *));
    size_t i;
    json_t *name;

    m->o->op.admits = admits;
    json_array_foreach(said, i, name) {
        if (!mact_oapi_fault(m->l->doc, &m->o->op, json_string_value(name))) {
            return mact_oapi_mistake(m->l, mact_oapi_line_at(m->l, said, i),
                                     "`x-admits` names `%s`, which is no fault of x-errors", json_string_value(name));
        }
        APR_ARRAY_PUSH(admits, const char *) = json_string_value(name);
    }
    if (admits->nelts && !m->l->doc->caller) {
        return mact_oapi_mistake(m->l, line_of(m, "x-admits"),
                                 "`x-admits` means nothing: the document has no x-caller that could refuse");
    }
    return APR_SUCCESS;
}

/* What x-issue's template may name. */
static apr_status_t check_issue(mact_making_t *m, const json_t *template, int line)
{
    static const char *const names[] = {"{access_token}", "{refresh_token}", "{expires_in}"};
    const char *key, *text = json_string_value(template);
    int known = !text || !strchr(text, '{');
    json_t *value;

    for (unsigned i = 0; !known && i < sizeof(names) / sizeof(names[0]); i++) {
        known = !strcmp(text, names[i]);
    }
    if (!known) {
        return mact_oapi_mistake(
            m->l, line, "`%s` stands for nothing: there are {access_token}, {refresh_token} and {expires_in}", text);
    }
    json_object_foreach((json_t *)template, key, value) {
        if (check_issue(m, value, mact_oapi_line(m->l, template, key)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t keep_issue(mact_making_t *m)
{
    const json_t *said = json_object_get(m->o->json, "x-issue");

    if (said && !m->o->op.call) {
        return mact_oapi_mistake(
            m->l, line_of(m, "x-issue"),
            "`x-issue` makes tokens of the row that a procedure answers: give the operation an x-procedure");
    }
    m->o->op.issue = said;
    return said ? check_issue(m, said, line_of(m, "x-issue")) : APR_SUCCESS;
}

static apr_status_t keep_actions(mact_making_t *m)
{
    const char *procedure = json_string_value(json_object_get(m->o->json, "x-procedure"));
    const json_t *read_only = json_object_get(m->o->json, "x-read-only");
    mact_oapi_op_t *op = &m->o->op;

    if (keep_native(m) != APR_SUCCESS || keep_admits(m) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    if (procedure && keep_call(&op->call, m, procedure, line_of(m, "x-procedure")) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    if (!procedure && !op->native) {
        return mact_oapi_mistake(m->l, m->o->line, "`%s` does nothing: give it an x-procedure or an x-native", op->id);
    }
    op->read_only = read_only ? json_is_true(read_only) : !strcmp(op->method, "GET");
    op->body_limit = (apr_off_t)json_integer_value(json_object_get(m->o->json, "x-body-limit"));
    op->headers = mact_oapi_headers(m->l, json_object_get(m->o->json, "x-headers"));
    return keep_issue(m);
}

/* ---- words ------------------------------------------------------------------------------------------------- */

/* Every flaw that a request to it can have must have a word. */
static apr_status_t check_words(mact_making_t *m)
{
    const mact_operation_t *o = m->o;

    for (int i = 0; i < o->op.parameters->nelts; i++) {
        const mact_oapi_param_t *parameter = &APR_ARRAY_IDX(o->op.parameters, i, const mact_oapi_param_t);

        if (!strcmp(parameter->in, "path") && m->l->doc->inside->path_not_found) {
            continue;
        }
        if (mact_oapi_parameter_words(m->l, parameter, o->op.id) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    for (int i = 0; o->contents && i < o->contents->nelts; i++) {
        if (mact_oapi_body_words(m->l, &APR_ARRAY_IDX(o->contents, i, const mact_content_t), o->op.id) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

/* ---- the whole --------------------------------------------------------------------------------------------- */

static apr_status_t check_id(mact_making_t *m)
{
    const char *id = m->o->op.id;
    const mact_oapi_op_t *other = mact_oapi_operation(m->l->doc, id);

    if (!*id || strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") != strlen(id)) {
        return mact_oapi_mistake(m->l, line_of(m, "operationId"),
                                 "`operationId` must be letters, digits, _, - and dots: directives name it");
    }
    if (other) {
        return mact_oapi_mistake(m->l, line_of(m, "operationId"),
                                 "the operationId `%s` stands twice (first on line %d)", id,
                                 mact_oapi_line(m->l, ((const mact_operation_t *)other)->json, "operationId"));
    }
    if (apr_hash_get(m->l->doc->inside->classes, id, APR_HASH_KEY_STRING)) {
        return mact_oapi_mistake(
            m->l, line_of(m, "operationId"),
            "the operationId `%s` is also a rate class: ActivitiesRateLimit could not tell them apart", id);
    }
    return APR_SUCCESS;
}

static apr_status_t add_operation(mact_oapi_loader_t *l, const char *path, const json_t *item, const char *method,
                                  const json_t *json, int line)
{
    apr_array_header_t *operations = (apr_array_header_t *)l->doc->operations;
    mact_operation_t *o = apr_pcalloc(l->pool, sizeof(*o));
    mact_making_t m = {l, o, item, apr_array_make(l->tmp, 4, sizeof(const char *)), NULL};
    const char *other;

    o->json = json;
    o->line = line;
    o->op.doc = l->doc;
    o->op.method = method;
    o->op.path = path;
    o->op.id = json_string_value(json_object_get(json, "operationId"));
    o->op.index = operations->nelts;
    if (check_id(&m) != APR_SUCCESS ||
        mact_oapi_template(&m, path, mact_oapi_line(l, json_object_get(l->root, "paths"), path)) != APR_SUCCESS ||
        mact_oapi_parameters(&m) != APR_SUCCESS || mact_oapi_body(&m) != APR_SUCCESS ||
        keep_security(&m) != APR_SUCCESS || keep_rates(&m) != APR_SUCCESS ||
        mact_oapi_own_faults(l, o) != APR_SUCCESS || keep_actions(&m) != APR_SUCCESS ||
        check_words(&m) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    other = mact_oapi_route(l, o);
    if (other) {
        return mact_oapi_mistake(l, line, "%s %s is there already as %s (line %d)", method, path, other,
                                 mact_oapi_line(l, json_object_get(l->root, "paths"), other));
    }
    APR_ARRAY_PUSH(operations, const mact_oapi_op_t *) = &o->op;
    return APR_SUCCESS;
}

/* A link may only lead to an operation that is there. */
static apr_status_t check_links(mact_oapi_loader_t *l, const json_t *json)
{
    const json_t *links = json_object_get(json, "links");
    const char *name;
    json_t *link;

    json_object_foreach((json_t *)links, name, link) {
        const char *id = json_string_value(json_object_get(mact_oapi_follow(l, link), "operationId"));
        if (id && !mact_oapi_operation(l->doc, id)) {
            return mact_oapi_mistake(l, mact_oapi_line(l, links, name),
                                     "the link `%s` names the operation `%s`, which does not exist", name, id);
        }
    }
    return APR_SUCCESS;
}

static apr_status_t check_responses(mact_oapi_loader_t *l)
{
    for (int i = 0; i < l->doc->operations->nelts; i++) {
        const mact_operation_t *o = APR_ARRAY_IDX(l->doc->operations, i, const mact_operation_t *);
        const json_t *responses = json_object_get(o->json, "responses");
        const char *status;
        json_t *json;

        json_object_foreach((json_t *)responses, status, json) {
            apr_size_t digits = strspn(status, "0123456789");

            if (strcmp(status, "default") &&
                !(strlen(status) == 3 && (digits == 3 || (digits == 1 && !strcmp(status + 1, "XX"))))) {
                return mact_oapi_mistake(l, mact_oapi_line(l, responses, status),
                                         "`%s` is no status of a response: 200, 4XX or default", status);
            }
            if (check_links(l, mact_oapi_follow(l, json)) != APR_SUCCESS) {
                return APR_EGENERAL;
            }
        }
    }
    return APR_SUCCESS;
}

apr_status_t mact_oapi_operations(mact_oapi_loader_t *l)
{
    const json_t *paths = json_object_get(l->root, "paths");
    const char *path;
    json_t *item;

    l->doc->operations = apr_array_make(l->pool, 32, sizeof(const mact_oapi_op_t *));
    json_object_foreach((json_t *)paths, path, item) {
        for (unsigned i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
            const json_t *json = json_object_get(item, methods[i].key);

            if (json && add_operation(l, path, item, methods[i].method, json,
                                      mact_oapi_line(l, item, methods[i].key)) != APR_SUCCESS) {
                return APR_EGENERAL;
            }
        }
    }
    if (!l->doc->operations->nelts) {
        return mact_oapi_mistake(l, mact_oapi_line(l, l->root, "paths"), "`paths` has no operation");
    }
    return check_responses(l);
}

int mact_oapi_procedure(const mact_oapi_op_t *op, const char *name)
{
    for (int i = 0; op->procedures && i < op->procedures->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(op->procedures, i, mact_oapi_named_call_t).name, name)) {
            return i;
        }
    }
    return -1;
}
