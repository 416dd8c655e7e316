/*
 * The values: everything the operation describes is read and validated at once; then each parameter of a statement is given its value
 * from where the document says it comes from.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_core.h>

#include "http/inside.h"

static const char *header_of(void *baton, const char *name)
{
    request_rec *r = baton;

    return apr_table_get(r->headers_in, name);
}

int mact_http_read(mact_exchange_t *x)
{
    request_rec *r = x->r;
    mact_oapi_raw_t raw = {
        .path_values = x->path_values,
        .query = r->args,
        .header = header_of,
        .baton = r,
        .content_type = apr_table_get(r->headers_in, "Content-Type"),
        .body = x->body,
        .body_length = x->body_length,
    };
    mact_oapi_input_t *input;

    if (x->unread) {
        return DECLINED;
    }
    mact_oapi_read(&input, x->op, &raw, r->pool);
    x->input = input;
    if (input->fault) {
        mact_facts_t facts = {.violations = input->violations};

        return mact_http_fault(x, input->fault, &facts);
    }
    return DECLINED;
}

/*
 * Text that nothing has validated, such as a header that is no parameter: the database takes UTF-8 only, so a byte that is none becomes
 * `?`. Leaving the value out instead would turn a nonsensical If-Match into no condition at all.
 */
static const char *as_utf8(const char *text, apr_pool_t *pool)
{
    const char *p = text, *end = text ? text + strlen(text) : NULL;
    char *copy = NULL;

    while (p < end) {
        if (mact_oapi_next(&p, end) < 0) {
            copy = copy ? copy : apr_pstrdup(pool, text);
            copy[p++ - text] = '?';
        }
    }
    return copy ? copy : text;
}

/* The query string without the parameter `page`: what links to other pages keep. */
static const char *query_without_page(request_rec *r)
{
    const char *query = r->args ? r->args : "";
    char *kept = apr_palloc(r->pool, strlen(query) + 1), *end = kept;

    while (*query) {
        apr_size_t n = strcspn(query, "&");

        if (n && !(!strncmp(query, "page", 4) && (n == 4 || query[4] == '='))) {
            if (end != kept) {
                *end++ = '&';
            }
            memcpy(end, query, n);
            end += n;
        }
        query += n + (query[n] == '&');
    }
    *end = '\0';
    return as_utf8(kept, r->pool);
}

/* The mount's path as it stands in a URI (RFC 3986): a container may be given with blanks and whatever else. */
static const char *mount_uri(const mact_exchange_t *x)
{
    return ap_os_escape_path(x->r->pool, x->mount->path, 1);
}

static const char *request_value(const mact_exchange_t *x, const char *name)
{
    if (!strcmp(name, "base")) {
        return ap_construct_url(x->r->pool, mount_uri(x), x->r);
    }
    if (!strcmp(name, "mount")) {
        return mount_uri(x);
    }
    if (!strcmp(name, "query")) {
        return query_without_page(x->r);
    }
    if (!strcmp(name, "id")) {
        return x->request_id;
    }
    return NULL;
}

static const char *token_value(const mact_exchange_t *x, const char *name)
{
    if (!x->token || (!strcmp(name, "claims") && !mact_config_provision(x->config))) {
        return NULL;
    }
    return mact_auth_value(x->token, name, x->r->pool);
}

static const char *value(const mact_exchange_t *x, const mact_oapi_arg_t *arg)
{
    switch (arg->source) {
    case MACT_FROM_HEADER:
        if (arg->index < 0) {
            return as_utf8(apr_table_get(x->r->headers_in, arg->name), x->r->pool);
        }
        return x->input ? mact_oapi_value(x->input, arg, x->r->pool) : NULL;
    case MACT_FROM_PATH:
    case MACT_FROM_QUERY:
    case MACT_FROM_BODY:
    case MACT_FROM_PART:
        return x->input ? mact_oapi_value(x->input, arg, x->r->pool) : NULL;
    case MACT_FROM_TOKEN:
        return token_value(x, arg->name);
    case MACT_FROM_NATIVE:
        return x->made ? apr_table_get(x->made, arg->name) : NULL;
    case MACT_FROM_MOUNT:
        return mact_config_setting(x->config, arg->name, x->r->pool);
    case MACT_FROM_CLIENT:
        return !strcmp(arg->name, "address") ? x->r->useragent_ip : NULL;
    case MACT_FROM_REQUEST:
        return request_value(x, arg->name);
    case MACT_FROM_DOCUMENT:
        return !strcmp(arg->name, "version") ? x->mount->doc->version : NULL;
    case MACT_FROM_CALLER:                            /* a column of the same statement, never a parameter */
        break;
    }
    return NULL;
}

const char **mact_http_values(const mact_exchange_t *x, const mact_db_statement_t *statement)
{
    const char **values = apr_pcalloc(x->r->pool, (statement->nparams + 1) * sizeof *values);

    for (int i = 0; i < statement->nparams; i++) {
        values[i] = value(x, statement->params[i]);
    }
    return values;
}
