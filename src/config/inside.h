/*
 * config/inside.h: the fields behind config.h, shared by the files of this folder only.
 */
#ifndef MACT_CONFIG_INSIDE_H
#define MACT_CONFIG_INSIDE_H

#include <apr_hash.h>
#include <httpd.h>
#include <util_cfgtree.h>

#include "config/config.h"

/*
 * Settings that are numbers: choices, switches, bytes, microseconds.  None of them is ever negative, so two negative values are
 * free to say that nothing was said, and that the default was asked for.
 */
typedef enum {
    CONFIG_AUTH,                     /* mact_auth_e */
    CONFIG_ALGORITHMS,               /* bits of mact_auth_algorithm */
    CONFIG_LEEWAY,                   /* microseconds */
    CONFIG_RATE_KEY,                 /* mact_rate_key_e */
    CONFIG_DRY_RUN,
    CONFIG_PROVISION,
    CONFIG_BODY_LIMIT,               /* bytes */
    CONFIG_STATEMENT_TIMEOUT,        /* microseconds */
    CONFIG_POOL_WAIT,                /* microseconds */
    CONFIG_DOCS,
    CONFIG_METRICS,
    CONFIG_PASSWORD_COST,
    CONFIG_ACCESS_LIFETIME,          /* seconds */
    CONFIG_REFRESH_LIFETIME,         /* seconds */
    CONFIG_NUMBERS
} config_number_e;

#define CONFIG_UNSET   (-1)
#define CONFIG_DEFAULT (-2)

/* Settings that are texts: NULL is unset, mact_config_default the default. */
typedef enum {
    CONFIG_API_DIRECTORY,
    CONFIG_ISSUER,
    CONFIG_AUDIENCE,
    CONFIG_DOCS_DIRECTORY,
    CONFIG_DISCORD_PUBLIC_KEY,
    CONFIG_DISCORD_BOT_KEY,
    CONFIG_TEXTS
} config_text_e;

extern const char mact_config_default[];             /* told by its address */
extern const apr_array_header_t mact_config_default_list; /* likewise, for lists */

/* One `ActivitiesRateLimit WHAT RATE`. */
typedef struct {
    const char *what;
    mact_rate_t rate;
    int set_default;                 /* `default`: back to the document's */
} config_rate_t;

/* The rates of one context and, behind it, those of the context around it. */
typedef struct config_rates_t {
    apr_array_header_t *rates;       /* of config_rate_t */
    const struct config_rates_t *outer;
} config_rates_t;

/* Where the counters of rate limits are kept. */
typedef struct {
    apr_size_t bytes;
    mact_limit_t *limit;             /* from post_config on */
} config_store_t;

struct mact_config_t {
    apr_int64_t number[CONFIG_NUMBERS];
    const char *text[CONFIG_TEXTS];
    const apr_array_header_t *keys;    /* of mact_auth_key_t; NULL: unset */
    const apr_array_header_t *origins; /* of const char *; NULL: unset; empty: none */
    const config_rates_t *rates;
    config_store_t *store;             /* NULL: unset */

    const char *api;                   /* ActivitiesAPI, in its own container only */
    mact_mount_t *mount;               /* made of it by the check */

    const ap_directive_t *auth_at;     /* the directive that says CONFIG_AUTH, and the last one of keys: for messages */
    const ap_directive_t *keys_at;

    mact_auth_rules_t rules;           /* settled from the fields above by each merge */
};

/* A <Location> or <LocationMatch> that holds a directive of ours, in the order of the files. */
typedef struct {
    const char *path;
    int pattern;                       /* a regular expression or a wildcard: its paths are not known */
    mact_config_t *conf;
    const ap_directive_t *api_at;      /* of ActivitiesAPI, or NULL */
} config_section_t;

/* A rate as it was written, for the check. */
typedef struct {
    const char *what;
    const char *path;                  /* of the <Location>; NULL: the whole server, or a place that is not known */
    const ap_directive_t *at;
} config_said_t;

typedef struct {
    apr_int64_t pool_size;
    const ap_directive_t *pool_size_at;
    apr_array_header_t *sections;      /* of config_section_t; of this server alone */
    apr_array_header_t *said;          /* of config_said_t; likewise */
    apr_array_header_t *stores;        /* of config_store_t *; likewise */
    mact_db_book_t *book;              /* of the main server: the statements of all */
} config_server_t;

/* defaults.c: the one table. */
extern const apr_int64_t mact_config_default_number[CONFIG_NUMBERS];
extern const char *const mact_config_default_text[CONFIG_TEXTS];
extern const apr_int64_t mact_config_default_pool_size;
extern const int mact_config_default_retries;
extern config_store_t mact_config_default_store;

#define CONFIG_POOL_SIZE_MOST 10000
#define CONFIG_STORE_LEAST    ((apr_int64_t)65536)
#define CONFIG_STORE_MOST     ((apr_int64_t)1 << 32)

/* settings.c: a field, or its default; and the fields of a server. */
apr_int64_t mact_config_number(const mact_config_t *c, config_number_e which);
const char *mact_config_text(const mact_config_t *c, config_text_e which);
config_server_t *mact_config_server(server_rec *server);

/* merge.c: makes c->rules of the fields. */
void mact_config_settle(mact_config_t *c);

/*
 * parse.c: the text of an argument to a value.  NULL when good, else a sentence for the admin, from `pool`.  `default` is not
 * known here: the directives take it before.
 */
const char *mact_config_parse_switch(apr_int64_t *value, const char *text, apr_pool_t *pool);
const char *mact_config_parse_auth(apr_int64_t *value, const char *text, apr_pool_t *pool);
const char *mact_config_parse_rate_key(apr_int64_t *value, const char *text, apr_pool_t *pool);
const char *mact_config_parse_duration(apr_int64_t *value, const char *text, apr_pool_t *pool);
const char *mact_config_parse_bytes(apr_int64_t *value, const char *text, apr_pool_t *pool);
const char *mact_config_parse_lifetime(apr_int64_t *seconds, const char *text, apr_pool_t *pool);
const char *mact_config_parse_cost(apr_int64_t *cost, const char *text, apr_pool_t *pool);
const char *mact_config_parse_count(apr_int64_t *value, const char *text, apr_pool_t *pool);
const char *mact_config_parse_store(apr_int64_t *bytes, const char *text, apr_pool_t *pool);
const char *mact_config_parse_api_name(const char *text, apr_pool_t *pool);
const char *mact_config_parse_origin(const char *text, apr_pool_t *pool);
const char *mact_config_parse_ed25519_key(const char *text, apr_pool_t *pool);

/* keys.c: a key from the text of a directive, or from a file.  NULL or a sentence, which never holds a byte of the key. */
const char *mact_config_key_secret(mact_auth_key_t *key, const char *secret, apr_pool_t *pool);
const char *mact_config_key_secret_file(mact_auth_key_t *key, int *readable_by_all, const char *file, apr_pool_t *pool);
const char *mact_config_key_public_file(mact_auth_key_t *key, const char *file, apr_pool_t *pool);
const char *mact_config_key_private_file(mact_auth_key_t *key, int *readable_by_all, const char *file, apr_pool_t *pool);

/*
 * mounts.c: the mount of one section, its document from `directory` or, if it was read before, from `documents` (by file).  NULL and *error
 * set, from `ptemp`, if the document is not good.
 */
mact_mount_t *mact_config_mount_make(const char **error, server_rec *server, const config_section_t *section, const char *directory,
                                     mact_db_book_t *book, apr_hash_t *documents, const mact_config_natives_t *natives,
                                     apr_pool_t *pconf, apr_pool_t *ptemp);

/* settings.c: whether `mount.NAME` is a source. */
int mact_config_known_setting(const char *name);

/* settings.c: whether it is what an x-secret may name. */
int mact_config_known_secret(const char *name);

/* mounts.c: the path of a container as mounts compare it: no trailing slash, "" for the root. */
const char *mact_config_mount_path(const char *path, apr_pool_t *pool);

/* mounts.c: whether a path lies below a container's, both without a trailing slash. */
int mact_config_path_below(const char *path, const char *container);

#endif
