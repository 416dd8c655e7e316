/*
 * mod_activities: REST from API documents and stored procedures.
 *
 * This page is the module's whole surface towards httpd: its record, and every hook with the function behind it.  What the functions
 * do is in src/, a folder a step of a request's way: openapi, auth, limit, db, http, account, realtime; config reads the directives,
 * status counts.
 */
#include <httpd.h>
#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mpm_common.h>

#include "account/account.h"
#include "config/config.h"
#include "db/db.h"
#include "http/http.h"
#include "realtime/realtime.h"
#include "status/status.h"

/* Documents, mounts and everything that only the whole configuration shows: at configtest, start and restart. */
static int check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main_server)
{
    (void)plog;
    return mact_config_check(pconf, ptemp, main_server, &mact_http_natives);
}

/* Runs twice at a start: what must be made once is made in the second. */
static int post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *main_server)
{
    int answer;

    (void)plog;
    (void)ptemp;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
        return OK;
    }
    mact_realtime_prepare(pconf, main_server);
    answer = mact_config_start(main_server);
    return answer == OK ? mact_status_start(main_server) : answer;
}

/* After mod_dbd's, whose pools are ours.  One hub for each database: it serves the servers that have none of their own as well. */
static void child_init(apr_pool_t *pchild, server_rec *main_server)
{
    int hubs = 0;

    mact_http_child(pchild, main_server);
    mact_status_child_init();
    for (server_rec *s = main_server; s; s = s->next) {
        if (!mact_config_has_mounts(s, main_server)) {
            continue;
        }
        mact_db_child(pchild, s, mact_config_book(main_server), mact_config_pool_size(s));
        if (!hubs || mact_config_own_database(s)) {
            mact_realtime_child(pchild, s);
            hubs++;
        }
    }
    if (hubs) {
        mact_account_child(pchild, main_server);
    }
}

static void register_hooks(apr_pool_t *pool)
{
    /* A rewrite of the server comes before us; an alias, a proxy, a document root does not. */
    static const char *const rewrites[] = {"mod_rewrite.c", NULL};

    mact_status_register_page(pool);
    mact_http_register(pool);
    mact_account_register(pool);
    mact_realtime_register(pool);
    ap_hook_check_config(check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(child_init, NULL, NULL, APR_HOOK_LAST);
    ap_hook_translate_name(mact_http_translate, rewrites, NULL, APR_HOOK_FIRST);
    ap_hook_map_to_storage(mact_http_map_to_storage, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_type_checker(mact_http_type, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_handler(mact_http_handler, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_handler(mact_http_index, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_stopping(mact_realtime_stopping, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_stopping(mact_account_stopping, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_suspend_connection(mact_realtime_suspended, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_insert_error_filter(mact_http_error_filter, NULL, NULL, APR_HOOK_MIDDLE);
}

AP_DECLARE_MODULE(activities) = {
    STANDARD20_MODULE_STUFF,
    mact_config_create_dir,
    mact_config_merge_dir,
    mact_config_create_server,
    mact_config_merge_server,
    mact_config_directives,
    register_hooks
#if defined(AP_MODULE_FLAG_NONE)
    , AP_MODULE_FLAG_NONE
#endif
};
