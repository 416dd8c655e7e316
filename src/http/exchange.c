/*
 * The exchange: one request below a mount, and the headers that all of its replies have, whichever step sends them.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_request.h>

#include "http/inside.h"

/* Where the path goes on below the mount; NULL if it does not. */
static const char *below(const char *uri, const char *mount)
{
    apr_size_t n = strlen(mount);

    if (strncmp(uri, mount, n)) {
        return NULL;
    }
    if (uri[n] == '\0') {
        return "/";
    }
    return uri[n] == '/' ? uri + n : NULL;
}

mact_exchange_t *mact_http_exchange(request_rec *r)
{
    mact_exchange_t *x = ap_get_module_config(r->request_config, &activities_module);
    const mact_config_t *config;
    const mact_mount_t *mount;
    const char *path;

    if (x) {
        return x;
    }
    config = mact_config_of(r);
    mount = config ? mact_config_mount(config) : NULL;
    path = mount && r->uri ? below(r->uri, mount->path) : NULL;
    if (!path) {
        return NULL;
    }
    x = apr_pcalloc(r->pool, sizeof *x);
    x->r = r;
    x->config = config;
    x->mount = mount;
    x->path = path;
    x->request_id = mact_http_request_id(r);
    ap_set_module_config(r->request_config, &activities_module, x);
    return x;
}

/* One by one: apr_table_overlap looks through the whole table, and leaves one of several that another module has set by one name. */
void mact_http_set_headers(apr_table_t *headers, const apr_table_t *said)
{
    const apr_array_header_t *pairs = apr_table_elts(said);

    for (int i = 0; i < pairs->nelts; i++) {
        const apr_table_entry_t *pair = &APR_ARRAY_IDX(pairs, i, apr_table_entry_t);

        apr_table_setn(headers, pair->key, pair->val);
    }
}

void mact_http_common_headers(const mact_exchange_t *x, apr_table_t *headers)
{
    if (x->mount->doc->headers) {
        mact_http_set_headers(headers, x->mount->doc->headers);
    }
    for (int i = 0; i < x->mount->doc->headers_below->nelts; i++) {
        const mact_oapi_headers_below_t *entry = &APR_ARRAY_IDX(x->mount->doc->headers_below, i, mact_oapi_headers_below_t);

        if (below(x->path, entry->path)) {
            mact_http_set_headers(headers, entry->headers);
        }
    }
    if (x->op && x->op->headers) {
        mact_http_set_headers(headers, x->op->headers);
    }
    apr_table_setn(headers, "X-Request-Id", x->request_id);
    mact_http_cors(x, headers);
}
