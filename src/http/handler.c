/*
 * The hooks of a request, and in the handler the one place that shows its whole way: the steps, in the order in which all API contracts
 * decide.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_request.h>

#include "http/inside.h"

#define HANDLER_NAME "activities-api"

void mact_http_register(apr_pool_t *pool)
{
    static const mact_native_t natives[] = {
        {.name = "blob", .run = mact_http_blob, .flaw = mact_http_blob_flaw},
        {.name = "health", .run = mact_http_health, .flaw = mact_http_health_flaw},
        {.name = "metrics", .run = mact_http_metrics},
        {.name = NULL},
    };

    mact_http_provide_natives(pool, natives);
    mact_http_register_filters();
}

void mact_http_child(apr_pool_t *pchild, server_rec *main_server)
{
    mact_http_request_id_child();
    mact_http_health_child(pchild, main_server);
}

/*
 * In place of a file name.  It is told by its address from one that another module gave (a rewrite to a proxy, say), which is
 * then that module's request.
 */
static char no_file[] = "activities-api:";

/*
 * Containers by URL have been merged by now, but for the URL that came: where mod_rewrite has made another of it ([PT]), they are merged
 * anew, so that a rewrite can lead to a mount.  Nothing is mapped to a file below one: no Alias, no user directory, no document root
 * has a say.
 */
int mact_http_translate(request_rec *r)
{
    mact_exchange_t *x = r->proxyreq ? NULL : mact_http_exchange(r);

    if (!x && !r->proxyreq && apr_table_get(r->notes, "mod_rewrite_rewritten")
        && ap_location_walk(r) == OK && ap_if_walk(r) == OK) {
        x = mact_http_exchange(r);
    }
    if (!x) {
        return DECLINED;
    }
    r->filename = no_file;
    return OK;
}

/* No walk along directories, no stat, no .htaccess; and TRACE is not the core's to answer. */
int mact_http_map_to_storage(request_rec *r)
{
    return r->filename == no_file ? OK : DECLINED;
}

int mact_http_type(request_rec *r)
{
    if (r->filename != no_file) {
        return DECLINED;
    }
    r->handler = HANDLER_NAME;
    return OK;
}

/*
 * What is decided first is what a client is told first: whether the path exists and takes the method (404, 405), who calls (401), how often
 * (429), what was sent (413, 415, 400 or 422); then the procedure decides on everything else.
 */
static http_step_fn *const steps[] = {
    mact_http_preflight,
    mact_http_docs,
    mact_http_match,
    mact_http_secret,
    mact_http_native_early,
    mact_http_token,
    mact_http_limit,
    mact_http_body,
    mact_http_native_raw,
    mact_http_read,
    mact_http_native_run,
    mact_http_procedure,
};

/* The page that lists the APIs may be set for a path at which a virtual host has one: there it is the API's. */
int mact_http_handler(request_rec *r)
{
    mact_exchange_t *x;
    int answer = DECLINED;

    if (!r->handler || (strcmp(r->handler, HANDLER_NAME) && strcmp(r->handler, HTTP_INDEX_HANDLER))) {
        return DECLINED;
    }
    x = mact_http_exchange(r);
    if (!x) {
        return DECLINED;
    }
    /* An <If> may have said more since the exchange was made: its conditions are judged again once the request is mapped. */
    x->config = mact_config_of(r);
    apr_table_setn(r->notes, "activities-api", x->mount->doc->name);
    mact_http_common_headers(x, r->headers_out);
    for (apr_size_t i = 0; i < sizeof steps / sizeof steps[0] && answer == DECLINED; i++) {
        answer = steps[i](x);
    }
    if (answer != SUSPENDED) {           /* else the request is another thread's by now */
        mact_http_count(x, answer == OK || answer == DONE ? r->status : answer);
    }
    return answer;
}
