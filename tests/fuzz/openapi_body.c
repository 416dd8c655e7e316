/*
 * A body as a client sends it.  The first byte chooses what it is sent as: JSON, a form, multipart/form-data.
 *
 * What is accepted must be accepted again as it is bound, and be bound the same: checking changes a value once and for all. And it is
 * within the bounds of what one request may cost.
 */
#include "openapi_trial.h"

#include "json/json.h"

static const struct {
    const char *method, *path, *type;
} ways[] = {
    {"POST", "/events", "application/json"},
    {"POST", "/login", "application/x-www-form-urlencoded"},
    {"PUT", "/avatar", "multipart/form-data; boundary=b"},
    {"PUT", "/events/1", "text/plain"},
};

static mact_oapi_input_t *read_body(int way, const char *type, const char *body, apr_size_t length, apr_pool_t *pool)
{
    mact_oapi_match_t match;
    mact_oapi_raw_t raw = {0};
    mact_oapi_input_t *input;

    mact_oapi_match(&match, trial(), ways[way].method, ways[way].path, pool);
    MUST(match.op);
    raw.path_values = match.values;
    raw.content_type = type;
    raw.body = body;
    raw.body_length = length;
    mact_oapi_read(&input, match.op, &raw, pool);
    must_be_told(input, pool);
    return input;
}

static int pairs_in(const char *form, apr_size_t length)
{
    int pairs = 0;

    for (apr_size_t i = 0; i < length; i++) {
        pairs += form[i] != '&' && (!i || form[i - 1] == '&');
    }
    return pairs;
}

static void must_be_bounded(int way, const mact_oapi_input_t *input, const char *body, apr_size_t length)
{
    if (way == 1) {
        MUST(pairs_in(body, length) <= MACT_PAIRS_MOST);
    } else if (way == 2) {
        MUST(!input->parts || input->parts->nelts <= MACT_PARTS_MOST);
    } else {
        MUST(mact_json_within(body, length, MACT_DEPTH_MOST, MACT_VALUES_MOST));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool;
    mact_oapi_input_t *input;
    int way = size ? data[0] % 4 : 0;

    apr_pool_create(&pool, fuzz_process_pool());
    input = read_body(way, ways[way].type, size ? (const char *)data + 1 : NULL, size ? size - 1 : 0, pool);
    if (!input->fault && input->body) {
        const char *bound = mact_oapi_text(input->body, pool);

        must_be_text(bound);
        must_be_bounded(way, input, (const char *)data + 1, size - 1);
        MUST(json_is_object(input->body));
        if (way == 0 || way == 3) {
            mact_oapi_input_t *again = read_body(way, NULL, bound, strlen(bound), pool);
            MUST(!again->fault && !strcmp(mact_oapi_text(again->body, pool), bound));
        }
    }
    for (int i = 0; !input->fault && input->op->call && i < input->op->call->args->nelts; i++) {
        must_be_text(mact_oapi_value(input, &APR_ARRAY_IDX(input->op->call->args, i, mact_oapi_arg_t), pool));
    }
    apr_pool_destroy(pool);
    return 0;
}
