/*
 * openapi/call.c: `schema.name(source, …)`: what is called, and where its arguments come from.
 */
#include "inside.h"

#include <string.h>

#include <apr_strings.h>

#define NAME_MOST 63 /* of a PostgreSQL identifier */
#define ARGUMENTS_MOST 60

#define LOWER "abcdefghijklmnopqrstuvwxyz_"
#define DIGITS "0123456789"

typedef struct {
    const mact_oapi_doc_t *doc;
    const mact_operation_t *o; /* NULL: x-caller */
    apr_pool_t *pool;
} context_t;

/* ---- sources ----------------------------------------------------------------------------------------------- */

typedef const char *source_fn(mact_oapi_arg_t *arg, const context_t *c);

static const char *of_parameter(mact_oapi_arg_t *arg, const context_t *c, const char *in)
{
    const apr_array_header_t *parameters = c->o->op.parameters;

    for (int i = 0; i < parameters->nelts; i++) {
        const mact_oapi_param_t *parameter = &APR_ARRAY_IDX(parameters, i, const mact_oapi_param_t);
        int same = strcmp(in, "header") ? !strcmp(parameter->name, arg->name) : !strcasecmp(parameter->name, arg->name);

        if (!strcmp(parameter->in, in) && same) {
            arg->index = i;
            arg->type = mact_oapi_type(parameter->schema);
            return NULL;
        }
    }
    return apr_psprintf(c->pool, "%s.%s names nothing: the operation has no %s parameter `%s`", in, arg->name, in,
                        arg->name);
}

static const char *of_path(mact_oapi_arg_t *arg, const context_t *c)
{
    return of_parameter(arg, c, "path");
}

static const char *of_query(mact_oapi_arg_t *arg, const context_t *c)
{
    return of_parameter(arg, c, "query");
}

/* A header that is not described is taken as it comes. */
static const char *of_header(mact_oapi_arg_t *arg, const context_t *c)
{
    if (c->o) {
        of_parameter(arg, c, "header");
    }
    arg->type = arg->type ? arg->type : "string";
    return NULL;
}

static const char *of_body(mact_oapi_arg_t *arg, const context_t *c)
{
    const apr_array_header_t *contents = c->o->contents;

    if (!contents) {
        return "`body` names nothing: the operation describes no requestBody";
    }
    if (!arg->name) {
        arg->type = "json";
        return NULL;
    }
    for (int i = 0; i < contents->nelts; i++) {
        const mact_oapi_schema_t *schema = APR_ARRAY_IDX(contents, i, const mact_content_t).schema;
        const mact_oapi_schema_t *property = mact_oapi_property(schema, arg->name);

        if (property) {
            arg->type = mact_oapi_type(property);
            return NULL;
        }
    }
    return apr_psprintf(c->pool, "body.%s names nothing: the body's schema has no property `%s`", arg->name, arg->name);
}

static const char *of_part(mact_oapi_arg_t *arg, const context_t *c)
{
    for (int i = 0; c->o->contents && i < c->o->contents->nelts; i++) {
        const mact_content_t *content = &APR_ARRAY_IDX(c->o->contents, i, const mact_content_t);

        if (content->form == MACT_BODY_MULTIPART && mact_oapi_property(content->schema, arg->name)) {
            return NULL;
        }
    }
    return apr_psprintf(c->pool, "part.%s names nothing: the operation's multipart/form-data has no property `%s`",
                        arg->name, arg->name);
}

static const char *of_token(mact_oapi_arg_t *arg, const context_t *c)
{
    static const struct {
        const char *name, *type;
    } claims[] = {{"sub", "uuid"},    {"sid", "uuid"},    {"jti", "uuid"}, {"iat", "integer"},
                  {"exp", "integer"}, {"claims", "json"}, {"digest", NULL}};

    (void)c;
    arg->type = "string";
    for (unsigned i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        if (!strcmp(arg->name, claims[i].name)) {
            arg->type = claims[i].type;
        }
    }
    return NULL;
}

static const char *of_caller(mact_oapi_arg_t *arg, const context_t *c)
{
    return c->doc->caller ? NULL
                          : apr_psprintf(c->pool, "caller.%s names nothing: the document has no x-caller", arg->name);
}

static const char *of_native(mact_oapi_arg_t *arg, const context_t *c)
{
    return c->o->op.native ? NULL
                           : apr_psprintf(c->pool, "native.%s names nothing: the operation has no x-native", arg->name);
}

static const char *of_mount(mact_oapi_arg_t *arg, const context_t *c)
{
    (void)arg, (void)c; /* what settings there are is told where a document is mounted */
    return NULL;
}

static const char *one_of(const mact_oapi_arg_t *arg, const char *const *names, const char *source, apr_pool_t *pool)
{
    const char *known = NULL;

    for (; *names; names++) {
        if (!strcmp(arg->name, *names)) {
            return NULL;
        }
        known = known ? apr_pstrcat(pool, known, ", ", source, ".", *names, NULL)
                      : apr_pstrcat(pool, source, ".", *names, NULL);
    }
    return apr_psprintf(pool, "%s.%s names nothing: there is %s", source, arg->name, known);
}

static const char *of_client(mact_oapi_arg_t *arg, const context_t *c)
{
    static const char *const names[] = {"address", NULL};

    arg->type = "string";
    return one_of(arg, names, "client", c->pool);
}

static const char *of_request(mact_oapi_arg_t *arg, const context_t *c)
{
    static const char *const names[] = {"base", "mount", "query", "id", NULL};

    arg->type = "string";
    return one_of(arg, names, "request", c->pool);
}

static const char *of_document(mact_oapi_arg_t *arg, const context_t *c)
{
    static const char *const names[] = {"version", NULL};

    arg->type = "string";
    return one_of(arg, names, "document", c->pool);
}

static const struct {
    const char *word;
    mact_source_e source;
    int for_caller; /* x-caller may use it: it is there whatever the operation */
    int alone;      /* may stand without a name */
    source_fn *check;
} sources[] = {
    {"path", MACT_FROM_PATH, 0, 0, of_path},          {"query", MACT_FROM_QUERY, 0, 0, of_query},
    {"header", MACT_FROM_HEADER, 1, 0, of_header},    {"body", MACT_FROM_BODY, 0, 1, of_body},
    {"part", MACT_FROM_PART, 0, 0, of_part},          {"token", MACT_FROM_TOKEN, 1, 0, of_token},
    {"caller", MACT_FROM_CALLER, 0, 0, of_caller},    {"native", MACT_FROM_NATIVE, 0, 0, of_native},
    {"mount", MACT_FROM_MOUNT, 1, 0, of_mount},       {"client", MACT_FROM_CLIENT, 1, 0, of_client},
    {"request", MACT_FROM_REQUEST, 1, 0, of_request}, {"document", MACT_FROM_DOCUMENT, 1, 0, of_document},
};

static const char *argument(mact_oapi_arg_t *arg, const context_t *c, const char *text)
{
    const char *dot = strchr(text, '.');
    apr_size_t length = dot ? (apr_size_t)(dot - text) : strlen(text);

    memset(arg, 0, sizeof(*arg));
    arg->index = -1;
    arg->name = dot ? dot + 1 : NULL;
    for (unsigned i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
        if (strlen(sources[i].word) != length || strncmp(sources[i].word, text, length)) {
            continue;
        }
        if (!c->o && !sources[i].for_caller) {
            return apr_psprintf(c->pool, "%s belongs to one operation: x-caller is called for all of them", text);
        }
        if (!arg->name && !sources[i].alone) {
            return apr_psprintf(c->pool, "%s needs a name, such as %s.NAME", text, text);
        }
        if (arg->name && !*arg->name) {
            return apr_psprintf(c->pool, "%s ends in a dot: a name must follow", text);
        }
        arg->source = sources[i].source;
        return sources[i].check(arg, c);
    }
    return apr_psprintf(
        c->pool,
        "%s is no source: path, query, header, body, part, token, caller, native, mount, client, request or document",
        text);
}

/* ---- the call ---------------------------------------------------------------------------------------------- */

static const char *skip(const char *p)
{
    return p + strspn(p, " \t\r\n");
}

/* An SQL name that needs no quotes. */
static const char *identifier(const char **p, apr_pool_t *pool)
{
    apr_size_t length = strspn(*p, LOWER DIGITS);
    const char *name = length && strchr(LOWER, **p) && length <= NAME_MOST ? apr_pstrmemdup(pool, *p, length) : NULL;

    *p += name ? length : 0;
    return name;
}

static const char *arguments(apr_array_header_t *args, const context_t *c, const char **p)
{
    *p = skip(*p);
    if (**p == ')') {
        return NULL;
    }
    for (;;) {
        apr_size_t length = strcspn(*p = skip(*p), ",() \t\r\n");
        const char *error;

        if (!length) {
            return "an argument is missing";
        }
        if (args->nelts == ARGUMENTS_MOST) {
            return apr_psprintf(c->pool, "it has more than %d arguments", ARGUMENTS_MOST);
        }
        error = argument(apr_array_push(args), c, apr_pstrmemdup(c->pool, *p, length));
        if (error) {
            return error;
        }
        *p = skip(*p + length);
        if (**p != ',') {
            return NULL;
        }
        *p += 1;
    }
}

const char *mact_oapi_call(const mact_oapi_call_t **call, const mact_oapi_doc_t *doc, const mact_operation_t *o,
                           const char *text, apr_pool_t *pool)
{
    static const char form[] = "a call is written schema.name(source, ...)";
    const context_t c = {doc, o, pool};
    mact_oapi_call_t *made = apr_pcalloc(pool, sizeof(*made));
    apr_array_header_t *args = apr_array_make(pool, 8, sizeof(mact_oapi_arg_t));
    const char *p = skip(text);
    const char *error;

    made->schema = identifier(&p, pool);
    if (!made->schema || *p++ != '.') {
        return form;
    }
    made->name = identifier(&p, pool);
    if (!made->name || *(p = skip(p)) != '(') {
        return form;
    }
    p++;
    error = arguments(args, &c, &p);
    if (error) {
        return error;
    }
    if (*p != ')' || *skip(p + 1)) {
        return form;
    }
    made->args = args;
    *call = made;
    return NULL;
}

apr_status_t mact_oapi_compile_call(const mact_oapi_call_t **call, const char **error, const mact_oapi_op_t *op,
                                    const char *text, apr_pool_t *pool)
{
    *error = mact_oapi_call(call, op->doc, (const mact_operation_t *)op, text, pool);
    if (*error) {
        *error = apr_psprintf(pool, "%s:%d: %s: %s in `%s`", op->doc->file, ((const mact_operation_t *)op)->line,
                              op->id, *error, text);
        return APR_EGENERAL;
    }
    return APR_SUCCESS;
}
