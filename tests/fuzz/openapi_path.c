/*
 * A path: what it matches, what its parameters are, and that slashes at the end or repeated make no difference.
 */
#include "openapi_trial.h"

static void check_values(const mact_oapi_match_t *match, apr_pool_t *pool)
{
    mact_oapi_raw_t raw = {0};
    mact_oapi_input_t *input;
    int count = 0;

    while (match->values[count]) {
        MUST(*match->values[count] && !strchr(match->values[count], '/'));
        count++;
    }
    if (match->op) {
        int described = 0;
        while (described < match->op->parameters->nelts &&
               !strcmp(APR_ARRAY_IDX(match->op->parameters, described, mact_oapi_param_t).in, "path")) {
            described++;
        }
        MUST(count == described);
        raw.path_values = match->values;
        mact_oapi_read(&input, match->op, &raw, pool);
        must_be_told(input, pool);
        for (int i = 0; i < count; i++) {
            must_be_text(input->parameters[i]);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"};
    apr_pool_t *pool;
    mact_oapi_match_t match, same;
    const char *path, *doubled = "";

    apr_pool_create(&pool, fuzz_process_pool());
    path = apr_pstrmemdup(pool, (const char *)data, size);
    for (unsigned i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        mact_oapi_match(&match, trial(), methods[i], path, pool);
        MUST(!match.op || match.allow);
        MUST(!match.op || !strcmp(match.op->method, i == 1 ? "GET" : methods[i]));
        if (match.allow) {
            MUST(!match.op == !strstr(match.allow, methods[i]) || i == 5);
            check_values(&match, pool);
        }
    }
    for (const char *p = path; size < 2000 && *p; p++) {
        doubled = apr_pstrcat(pool, doubled, *p == '/' ? "//" : apr_pstrmemdup(pool, p, 1), NULL);
    }
    if (size < 2000) {
        mact_oapi_match(&match, trial(), "GET", path, pool);
        mact_oapi_match(&same, trial(), "GET", apr_pstrcat(pool, "/", doubled, "/", NULL), pool);
        MUST(match.op == same.op && match.allow == same.allow);
    }
    apr_pool_destroy(pool);
    return 0;
}
