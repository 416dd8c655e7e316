/*
 * What a mount says of itself: `/openapi.json`, made once at start, and `/docs` (or `/redoc`), a page that shows it.  Neither needs a token
 * nor counts for a limit.  The page and what it loads are files of ActivitiesDocsDirectory, of a few names only; it runs no script and
 * loads nothing that is not among them.
 */
#include <apr_buckets.h>
#include <apr_file_info.h>
#include <apr_file_io.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_config.h>
#include <http_log.h>
#include <http_protocol.h>

#include "http/inside.h"

APLOG_USE_MODULE(activities);

#define PAGE_MOST 65536              /* bytes of a page or its style: more is none of ours */

/* No inline script or style, nothing from elsewhere; data: for the small pictures inside of style sheets. */
#define POLICY "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " \
               "form-action 'none'; frame-ancestors 'none'"

/* The files beside index.html that may be asked for: ours, and those of Swagger UI where they are installed. */
static const struct {
    const char *name;
    const char *type;
} assets[] = {
    {"docs.css", "text/css; charset=utf-8"},
    {"docs.js", "text/javascript; charset=utf-8"},
    {"swagger-ui.css", "text/css; charset=utf-8"},
    {"swagger-ui-bundle.js", "text/javascript; charset=utf-8"},
};

typedef enum { PAGE_NONE, PAGE_DOCUMENT, PAGE_HTML, PAGE_ASSET } page_e;

/*
 * What the path asks for; *asset is the index of an asset, and *depth how many segments the path has below the mount, a final slash
 * counted.
 */
static page_e page_of(const char *path, apr_size_t *asset, int *depth)
{
    apr_size_t n = strlen(path);

    *depth = 1;
    for (const char *p = path + 1; *p; p++) {
        *depth += *p == '/';
    }
    while (n > 1 && path[n - 1] == '/') {
        n--;
    }
    if (n == strlen("/openapi.json") && !strncmp(path, "/openapi.json", n)) {
        return PAGE_DOCUMENT;
    }
    if ((n == strlen("/docs") && !strncmp(path, "/docs", n)) || (n == strlen("/redoc") && !strncmp(path, "/redoc", n))) {
        return PAGE_HTML;
    }
    if (!strncmp(path, "/docs/", 6)) {
        for (*asset = 0; *asset < sizeof assets / sizeof assets[0]; ++*asset) {
            if (!strcmp(path + 6, assets[*asset].name)) {
                return PAGE_ASSET;
            }
        }
    }
    return PAGE_NONE;
}

int mact_http_is_docs(const mact_exchange_t *x)
{
    apr_size_t asset;
    int depth;

    return mact_config_docs(x->config) && page_of(x->path, &asset, &depth) != PAGE_NONE;
}

/* Whether the client has what this ETag names; the header is set in any case. */
static int not_modified(request_rec *r, const char *etag)
{
    apr_table_setn(r->headers_out, "ETag", etag);
    return mact_http_client_has_it(r);
}

static int send_document(mact_exchange_t *x)
{
    const mact_mount_t *mount = x->mount;

    if (not_modified(x->r, mount->published_etag)) {
        return mact_http_send(x, HTTP_NOT_MODIFIED, NULL, NULL, 0);
    }
    return mact_http_send(x, HTTP_OK, HTTP_JSON, mount->published, mount->published_length);
}

/* A file of the directory, open, with its size and time.  The absence of one of ours is the admin's affair: a line in the error log. */
static apr_status_t open_file(apr_file_t **file, apr_finfo_t *info, request_rec *r, const char *name)
{
    const char *directory = ap_server_root_relative(r->pool, mact_config_docs_directory(mact_config_of(r)));
    const char *path = apr_pstrcat(r->pool, directory ? directory : "", "/", name, NULL);
    apr_status_t rv = apr_file_open(file, path, APR_READ | APR_BINARY, APR_OS_DEFAULT, r->pool);

    if (rv == APR_SUCCESS) {
        rv = apr_file_info_get(info, APR_FINFO_SIZE | APR_FINFO_MTIME | APR_FINFO_TYPE, *file);
    }
    if (rv == APR_SUCCESS && info->filetype != APR_REG) {
        rv = APR_EGENERAL;
    }
    if (rv != APR_SUCCESS && strncmp(name, "swagger", 7)) {       /* which need not be there */
        ap_log_rerror(APLOG_MARK, APLOG_ERR, rv, r, "ACT0311: request %s: %s cannot be read: install the files of the documentation "
                      "page, name their directory by ActivitiesDocsDirectory, or set ActivitiesDocs Off", mact_http_request_id(r), path);
    }
    return rv;
}

static const char *file_etag(const apr_finfo_t *info, apr_pool_t *pool)
{
    return apr_psprintf(pool, "\"%" APR_UINT64_T_HEX_FMT "-%" APR_UINT64_T_HEX_FMT "\"", (apr_uint64_t)info->mtime,
                        (apr_uint64_t)info->size);
}

const char *mact_http_docs_text(request_rec *r, const char *name)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_size_t n = 0;
    char *bytes;

    if (open_file(&file, &info, r, name) != APR_SUCCESS) {
        return NULL;
    }
    bytes = apr_pcalloc(r->pool, PAGE_MOST + 1);
    apr_file_read_full(file, bytes, PAGE_MOST, &n);
    apr_file_close(file);
    return bytes;
}

const char *mact_http_replaced(const char *text, const char *what, const char *by, apr_pool_t *pool)
{
    const char *result = "", *found;

    while ((found = strstr(text, what)) != NULL) {
        result = apr_pstrcat(pool, result, apr_pstrmemdup(pool, text, found - text), by, NULL);
        text = found + strlen(what);
    }
    return apr_pstrcat(pool, result, text, NULL);
}

/* From a path of `depth` segments up to the mount. */
static const char *up(int depth, apr_pool_t *pool)
{
    const char *path = "";

    while (--depth > 0) {
        path = apr_pstrcat(pool, path, "../", NULL);
    }
    return path;
}

/*
 * The page, its addresses made relative, so that they hold whatever a proxy in front puts before the mount, and with and without a final
 * slash.
 */
static int send_page(mact_exchange_t *x, int depth)
{
    request_rec *r = x->r;
    apr_pool_t *pool = r->pool;
    const char *title = x->mount->doc->title ? x->mount->doc->title : x->mount->doc->name;
    const char *html = mact_http_docs_text(r, "index.html"), *base = up(depth, pool);

    if (!html) {
        return mact_http_fault(x, "not-found", NULL);
    }
    html = mact_http_replaced(html, "{title}", ap_escape_html(pool, title), pool);
    html = mact_http_replaced(html, "{document}", apr_pstrcat(pool, base, "openapi.json", NULL), pool);
    html = mact_http_replaced(html, "{assets}", apr_pstrcat(pool, base, "docs", NULL), pool);
    apr_table_setn(r->headers_out, "Content-Security-Policy", POLICY);
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "Referrer-Policy", "no-referrer");
    return mact_http_send(x, HTTP_OK, "text/html; charset=utf-8", html, strlen(html));
}

static int send_asset(mact_exchange_t *x, apr_size_t asset)
{
    request_rec *r = x->r;
    apr_bucket_brigade *brigade;
    apr_file_t *file;
    apr_finfo_t info;

    if (open_file(&file, &info, r, assets[asset].name) != APR_SUCCESS) {
        return mact_http_fault(x, "not-found", NULL);
    }
    apr_table_setn(r->headers_out, "Cache-Control", "no-cache");
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    if (not_modified(r, file_etag(&info, r->pool))) {
        apr_file_close(file);
        return mact_http_send(x, HTTP_NOT_MODIFIED, NULL, NULL, 0);
    }
    ap_set_content_type(r, assets[asset].type);
    ap_set_content_length(r, info.size);
    brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_brigade_insert_file(brigade, file, 0, info.size, r->pool);
    APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(r->connection->bucket_alloc));
    ap_pass_brigade(r->output_filters, brigade);
    return OK;
}

int mact_http_docs(mact_exchange_t *x)
{
    request_rec *r = x->r;
    apr_size_t asset;
    int depth;
    page_e page = mact_config_docs(x->config) ? page_of(x->path, &asset, &depth) : PAGE_NONE;

    if (page == PAGE_NONE) {
        return DECLINED;
    }
    if (r->method_number != M_GET) {
        apr_table_setn(r->headers_out, "Allow", HTTP_DOCS_METHODS);
        return r->method_number == M_OPTIONS ? mact_http_send(x, HTTP_NO_CONTENT, NULL, NULL, 0)
                                             : mact_http_fault(x, "method-not-allowed", NULL);
    }
    switch (page) {
    case PAGE_DOCUMENT:
        return send_document(x);
    case PAGE_HTML:
        return send_page(x, depth);
    default:
        return send_asset(x, asset);
    }
}
