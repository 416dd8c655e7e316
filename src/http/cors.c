/*
 * Which web pages may call (the CORS protocol of the Fetch standard).  It protects the users of browsers, not the server: a request that is
 * no preflight is carried out whatever its origin, and only the reply says who may read it.  Credentials are never allowed: tokens travel
 * in a header that the page sets itself.
 */
#include <string.h>

#include <apr_strings.h>

#include "http/inside.h"

#define EXPOSED "ETag, Location, X-Total-Count, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id"
#define REQUEST_HEADERS_MOST 1024

static int is_any(const apr_array_header_t *origins)
{
    return origins->nelts == 1 && !strcmp(APR_ARRAY_IDX(origins, 0, const char *), "*");
}

/* What Access-Control-Allow-Origin is for this request, or NULL. */
static const char *allowed_origin(const mact_exchange_t *x, const apr_array_header_t *origins)
{
    const char *origin;

    if (is_any(origins)) {
        return "*";
    }
    origin = apr_table_get(x->r->headers_in, "Origin");
    for (int i = 0; origin && i < origins->nelts; i++) {
        if (!strcmp(origin, APR_ARRAY_IDX(origins, i, const char *))) {
            return APR_ARRAY_IDX(origins, i, const char *);
        }
    }
    return NULL;
}

static int is_preflight(const mact_exchange_t *x)
{
    const request_rec *r = x->r;

    return !strcmp(r->method, "OPTIONS") && apr_table_get(r->headers_in, "Origin")
        && apr_table_get(r->headers_in, "Access-Control-Request-Method");
}

void mact_http_cors(const mact_exchange_t *x, apr_table_t *headers)
{
    const apr_array_header_t *origins = mact_config_origins(x->config);
    const char *allowed;

    if (!origins) {
        return;
    }
    if (!is_any(origins)) {
        apr_table_mergen(headers, "Vary", "Origin");
    }
    allowed = allowed_origin(x, origins);
    if (allowed) {
        apr_table_setn(headers, "Access-Control-Allow-Origin", allowed);
        if (!is_preflight(x)) {
            apr_table_setn(headers, "Access-Control-Expose-Headers", EXPOSED);
        }
    }
}

/* A list of header names (RFC 9110: tokens, 5.6.2, with commas and white space between, 5.6.1.2), as a browser sends it. */
static int are_header_names(const char *text)
{
    const char *p = text;
    int names = 0;

    while (*p) {
        const char *name = p + strspn(p, ", \t");

        p = ap_scan_http_token(name);
        names += p > name;
        p += strspn(p, " \t");
        if (*p && *p != ',') {
            return 0;
        }
    }
    return names > 0 && p - text <= REQUEST_HEADERS_MOST;
}

int mact_http_preflight(mact_exchange_t *x)
{
    const apr_array_header_t *origins = mact_config_origins(x->config);
    request_rec *r = x->r;
    const char *asked, *methods;

    if (!origins || !is_preflight(x)) {
        return DECLINED;
    }
    if (!allowed_origin(x, origins)) {
        return mact_http_fault(x, "origin-refused", NULL);
    }
    methods = mact_http_is_docs(x) ? HTTP_DOCS_METHODS : mact_http_allowed(x);
    apr_table_setn(r->headers_out, "Access-Control-Allow-Methods", methods ? methods : x->mount->doc->methods);
    asked = apr_table_get(r->headers_in, "Access-Control-Request-Headers");
    if (asked && are_header_names(asked)) {
        apr_table_setn(r->headers_out, "Access-Control-Allow-Headers", asked);
    }
    apr_table_setn(r->headers_out, "Access-Control-Max-Age", "600");
    return mact_http_send(x, HTTP_NO_CONTENT, NULL, NULL, 0);
}
