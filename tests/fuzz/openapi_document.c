/*
 * The file of a document: YAML, its shape, its schemas, its operations.
 */
#include "fuzz.h"
#include "openapi/inside.h"

/* A path that a template must match: its own, with words in place of parameters. */
static const char *path_of(const char *template, apr_pool_t *pool)
{
    char *path = apr_pstrdup(pool, template);
    char *to = path;

    for (const char *p = template; *p; p++) {
        if (*p == '{') {
            *to++ = '\x01';
            p = strchr(p, '}');
        } else {
            *to++ = *p;
        }
    }
    *to = '\0';
    return path;
}

static void check_operation(const mact_oapi_doc_t *doc, int index, apr_pool_t *pool)
{
    const mact_oapi_op_t *op = APR_ARRAY_IDX(doc->operations, index, const mact_oapi_op_t *);
    mact_oapi_match_t match;
    int parameters = 0;

    MUST(op->index == index && op->doc == doc && op->id && op->method && *op->path == '/');
    MUST(mact_oapi_operation(doc, op->id) == op);
    MUST(op->call || op->native);
    MUST(op->procedures && op->admits && op->parameters);
    mact_oapi_match(&match, doc, op->method, path_of(op->path, pool), pool);
    MUST(match.op == op && strstr(match.allow, op->method));
    for (; match.values[parameters]; parameters++) {
        MUST(!strcmp(APR_ARRAY_IDX(op->parameters, parameters, const mact_oapi_param_t).in, "path"));
    }
    for (int i = parameters; i < op->parameters->nelts; i++) {
        MUST(strcmp(APR_ARRAY_IDX(op->parameters, i, const mact_oapi_param_t).in, "path"));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool;
    const mact_oapi_doc_t *doc;
    const char *error = NULL;
    apr_status_t rv;

    apr_pool_create(&pool, fuzz_process_pool());
    rv = mact_oapi_load_text(&doc, &error, "fuzz", "fuzz.yaml", size ? (const char *)data : "", size, NULL, pool);
    MUST((rv == APR_SUCCESS) == (error == NULL) && (rv == APR_SUCCESS) == (doc != NULL));
    if (rv != APR_SUCCESS) {
        MUST(!strncmp(error, "fuzz.yaml:", 10));
    } else {
        MUST(doc->title && doc->version && doc->cors && doc->headers && json_is_object(doc->published));
        MUST(doc->auth_allowed & 1 << doc->auth);
        MUST(mact_oapi_fault(doc, NULL, "internal")->body);
        for (int i = 0; i < doc->operations->nelts; i++) {
            check_operation(doc, i, pool);
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
