/*
 * The defaults of all directives, in one place.  What a document decides (authentication, CORS origins, rates and their keys) has none
 * here.  docs/directives.md repeats these figures for the reader.
 */
#include "config/inside.h"

#ifndef MACT_API_DIRECTORY
#define MACT_API_DIRECTORY "conf/activities/api"        /* relative to ServerRoot */
#endif
#ifndef MACT_DOCS_DIRECTORY
#define MACT_DOCS_DIRECTORY "conf/activities/docs"
#endif

#define SECONDS(n) ((apr_int64_t)(n) * APR_USEC_PER_SEC)

const char mact_config_default[] = "default";
const apr_array_header_t mact_config_default_list;

const apr_int64_t mact_config_default_number[CONFIG_NUMBERS] = {
    [CONFIG_AUTH] = MACT_AUTH_UNSET,         /* the document's */
    [CONFIG_ALGORITHMS] = 0,                 /* HS256: mact_config_settle */
    [CONFIG_LEEWAY] = SECONDS(0),
    [CONFIG_RATE_KEY] = CONFIG_UNSET,        /* the document's */
    [CONFIG_DRY_RUN] = 0,
    [CONFIG_PROVISION] = 0,
    [CONFIG_BODY_LIMIT] = 1048576,
    [CONFIG_STATEMENT_TIMEOUT] = SECONDS(60),
    [CONFIG_POOL_WAIT] = SECONDS(2),
    [CONFIG_DOCS] = 1,
    [CONFIG_METRICS] = 1,
    [CONFIG_PASSWORD_COST] = MACT_PASSWORD_COST_DEFAULT,
    [CONFIG_ACCESS_LIFETIME] = 1800,         /* where the document has no x-tokens */
    [CONFIG_REFRESH_LIFETIME] = 7 * 86400,
};

const char *const mact_config_default_text[CONFIG_TEXTS] = {
    [CONFIG_API_DIRECTORY] = MACT_API_DIRECTORY,
    [CONFIG_ISSUER] = NULL,
    [CONFIG_AUDIENCE] = NULL,
    [CONFIG_DOCS_DIRECTORY] = MACT_DOCS_DIRECTORY,
    [CONFIG_DISCORD_PUBLIC_KEY] = NULL,
    [CONFIG_DISCORD_BOT_KEY] = NULL,
};

const apr_int64_t mact_config_default_pool_size = 10;
const int mact_config_default_retries = 5;

config_store_t mact_config_default_store = {.bytes = 4 * 1024 * 1024, .limit = NULL};
