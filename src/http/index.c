/*
 * The handler `activities-index`: a page that lists the APIs mounted on this server, each with its documentation.  It looks at
 * nothing but the configuration, and is shown wherever a section sets it:
 *
 *     <LocationMatch "^/(apis\.css)?$">
 *         SetHandler activities-index
 *     </LocationMatch>
 *
 * but below a mount, where the API answers.
 *
 * Page and style are files of ActivitiesDocsDirectory.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_main.h>
#include <http_protocol.h>

#include "http/inside.h"

#define STYLE "apis.css"
#define POLICY "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/* The first paragraph of a document's description. */
static const char *about(const mact_oapi_doc_t *doc, apr_pool_t *pool)
{
    const char *text = json_string_value(json_object_get(json_object_get(doc->published, "info"), "description"));
    const char *end = text ? strstr(text, "\n\n") : NULL;

    return text ? apr_pstrmemdup(pool, text, end ? (apr_size_t)(end - text) : strlen(text)) : "";
}

static const char *entry(const mact_mount_t *mount, apr_pool_t *pool)
{
    const mact_oapi_doc_t *doc = mount->doc;
    const char *path = ap_escape_html(pool, ap_os_escape_path(pool, mount->path, 1));

    return apr_psprintf(pool,
                        "<li>\n<h2><a href=\"%s/docs\">%s</a></h2>\n<p>%s</p>\n"
                        "<p class=\"facts\"><code>%s/</code> <span>%d operations</span> <a href=\"%s/docs\">Documentation</a> "
                        "<a href=\"%s/openapi.json\">openapi.json</a></p>\n</li>\n",
                        path, ap_escape_html(pool, doc->title ? doc->title : doc->name), ap_escape_html(pool, about(doc, pool)), path,
                        doc->operations->nelts, path, path);
}

static const char *entries(request_rec *r)
{
    const apr_array_header_t *mounts = mact_config_mounts(r->server, ap_server_conf, r->pool);
    const char *list = "";

    for (int i = 0; i < mounts->nelts; i++) {
        list = apr_pstrcat(r->pool, list, entry(APR_ARRAY_IDX(mounts, i, const mact_mount_t *), r->pool), NULL);
    }
    return list;
}

int mact_http_index(request_rec *r)
{
    const char *text, *last;
    int style;

    if (!r->handler || strcmp(r->handler, HTTP_INDEX_HANDLER)) {
        return DECLINED;
    }
    r->allowed |= (AP_METHOD_BIT << M_GET);
    if (r->method_number != M_GET) {
        return HTTP_METHOD_NOT_ALLOWED;
    }
    last = strrchr(r->uri, '/');
    style = last && !strcmp(last + 1, STYLE);
    text = mact_http_docs_text(r, style ? STYLE : "apis.html");
    if (!text) {
        return HTTP_NOT_FOUND;
    }
    if (!style) {
        text = mact_http_replaced(text, "{apis}", entries(r), r->pool);
    }
    apr_table_setn(r->headers_out, "Content-Security-Policy", POLICY);
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "Cache-Control", "no-cache");
    ap_set_content_type(r, style ? "text/css; charset=utf-8" : "text/html; charset=utf-8");
    ap_set_content_length(r, (apr_off_t)strlen(text));
    ap_rwrite(text, (int)strlen(text), r);
    return OK;
}
