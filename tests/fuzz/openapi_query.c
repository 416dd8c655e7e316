/*
 * A query string, and with it a header: what precedes the first line feed is the query, what follows If-Match.
 */
#include "openapi_trial.h"

static const char *header_of(void *baton, const char *name)
{
    return strcmp(name, "If-Match") ? NULL : baton;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool;
    mact_oapi_match_t match;
    mact_oapi_raw_t raw = {0};
    mact_oapi_input_t *input;
    char *query, *header;

    apr_pool_create(&pool, fuzz_process_pool());
    query = apr_pstrmemdup(pool, (const char *)data, size);
    header = strchr(query, '\n');
    if (header) {
        *header++ = '\0';
    }
    mact_oapi_match(&match, trial(), "GET", "/events", pool);
    raw.path_values = match.values;
    raw.query = query;
    raw.header = header_of;
    raw.baton = header;
    mact_oapi_read(&input, match.op, &raw, pool);
    must_be_told(input, pool);
    if (!input->fault) {
        long limit = strtol(input->parameters[0], NULL, 10);

        MUST(limit >= 1 && limit <= 100);
        MUST(!input->parameters[1] || !strcmp(input->parameters[1], "true") || !strcmp(input->parameters[1], "false"));
        MUST(!input->parameters[2] || strtod(input->parameters[2], NULL) > 0);
        MUST(!input->parameters[3] || mact_oapi_characters(input->parameters[3], strlen(input->parameters[3])) <= 5);
        for (int i = 0; i < input->op->parameters->nelts; i++) {
            must_be_text(input->parameters[i]);
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
