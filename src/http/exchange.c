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

void mact_http_common_headers(const mact_exchange_t *x, apr_table_t *headers)
{
    if (x->mount->doc->headers) {
        apr_table_overlap(headers, x->mount->doc->headers, APR_OVERLAP_TABLES_SET);
    }
    for (int i = 0; i < x->mount->doc->headers_below->nelts; i++) {
        const mact_oapi_headers_below_t *entry = &APR_ARRAY_IDX(x->mount->doc->headers_below, i, mact_oapi_headers_below_t);

        if (below(x->path, entry->path)) {
            apr_table_overlap(headers, entry->headers, APR_OVERLAP_TABLES_SET);
        }
    }
    if (x->op && x->op->headers) {
        apr_table_overlap(headers, x->op->headers, APR_OVERLAP_TABLES_SET);
    }
    apr_table_setn(headers, "X-Request-Id", x->request_id);
    mact_http_cors(x, headers);
}
