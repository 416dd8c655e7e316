/*
 * config/config.h: what the directives say.
 *
 * One struct for every context: each field has an unset state, merging goes from the outer to the inner context field by field, and the
 * defaults stand in one table, applied where a value is asked for.  Made by httpd at start; a merged one lives in the request's pool;
 * nobody writes to it afterwards, so that every question below is safe from any thread.
 *
 * A directive that may stand in a <Location> keeps its value in the per-directory configuration, in the main server and in a virtual
 * host too: httpd puts those into the server's defaults, and so all contexts inherit by one rule.
 */
#ifndef MACT_CONFIG_H
#define MACT_CONFIG_H

#include <httpd.h>
#include <http_config.h>

#include "auth/auth.h"
#include "db/db.h"
#include "limit/limit.h"
#include "openapi/openapi.h"

extern module AP_MODULE_DECLARE_DATA activities_module;
extern const command_rec mact_config_directives[];

/* A mounted document: what the check has made of `ActivitiesAPI NAME` in one container.  Read-only, in pconf. */
typedef struct {
    const mact_oapi_doc_t *doc;
    const char *path;                      /* of the container, without trailing slash: "" at "/" */
    const char *identity;                  /* of the mount among all of this httpd, the same after a restart: for keys of counters */
    const mact_db_statement_t **with_caller;    /* by operation index; NULL where the operation calls no procedure */
    const mact_db_statement_t **without_caller;
    const mact_db_statement_t ***named;         /* by operation index, then in the order of op->procedures, twice:
                                                   [2 * i] without the caller, [2 * i + 1] with it */
    const char *published;                 /* the document for clients as JSON text, its `servers` naming this mount */
    apr_size_t published_length;
    const char *published_etag;            /* quoted */
} mact_mount_t;

typedef struct mact_config_t mact_config_t;     /* fields are config/'s own: ask below */

/* ---- module callbacks -------------------------------------------------------------------------------------- */

void *mact_config_create_dir(apr_pool_t *pool, char *dir);
void *mact_config_merge_dir(apr_pool_t *pool, void *outer, void *inner);
void *mact_config_create_server(apr_pool_t *pool, server_rec *server);
void *mact_config_merge_server(apr_pool_t *pool, void *outer, void *inner);

/* What documents may ask of natives; they belong to other folders, so whoever calls the check brings them along. */
typedef struct {
    int (*known)(const char *name);        /* whether the module has the native of that name */
    const char *(*flaw)(const mact_oapi_op_t *op, apr_pool_t *pool);   /* of the options that an operation gives to its native, or NULL */
} mact_config_natives_t;

/*
 * For check_config, which runs at configtest and at every start and restart: loads the documents, makes the mounts and their statements,
 * and judges what only the whole can show.  Every mistake is logged with its file, its line and what to do.
 * OK, or DONE if there was a mistake.
 */
int mact_config_check(apr_pool_t *pconf, apr_pool_t *ptemp, server_rec *main_server, const mact_config_natives_t *natives);

/* For post_config: opens the tables of the rate limits in shared memory.  OK, or a status that stops the start, with its reason logged. */
int mact_config_start(server_rec *main_server);

/* All statements of this configuration; NULL if nothing is mounted. */
mact_db_book_t *mact_config_book(server_rec *main_server);

/* Whether a request to this server can come to a mount, its own or one of the main server. */
int mact_config_has_mounts(server_rec *server, server_rec *main_server);

/*
 * The mounts that a request to this server can come to, its own and then the main server's, in the order of the configuration: of
 * const mact_mount_t *.
 */
const apr_array_header_t *mact_config_mounts(server_rec *server, server_rec *main_server, apr_pool_t *pool);

/*
 * Whether the server's database is, as far as the configuration shows, another than that of the servers before it: the main
 * server's is, and that of a virtual host with DBDParams of its own.
 */
int mact_config_own_database(server_rec *server);

/* Connections of a child to the server's database: ActivitiesPoolSize. */
int mact_config_pool_size(server_rec *server);

/* ---- the configuration of a request ------------------------------------------------------------------------ */

/* The configuration that holds for a request, by the containers that httpd has merged so far. */
const mact_config_t *mact_config_of(request_rec *r);

/* The mount of the request's container, or NULL: not ours. */
const mact_mount_t *mact_config_mount(const mact_config_t *c);

/* settings, defaults applied */
mact_auth_e mact_config_auth(const mact_config_t *c);
const mact_auth_rules_t *mact_config_token_rules(const mact_config_t *c);
int mact_config_rate(mact_rate_t *rate, mact_rate_key_e *key, const mact_config_t *c, const mact_oapi_op_t *op); /* 0: not limited */
int mact_config_rate_dry_run(const mact_config_t *c);
mact_limit_t *mact_config_limiter(const mact_config_t *c);         /* NULL before post_config */
int mact_config_provision(const mact_config_t *c);
const apr_array_header_t *mact_config_origins(const mact_config_t *c); /* of const char *; NULL: no CORS; "*" alone: any */
apr_off_t mact_config_body_limit(const mact_config_t *c, const mact_oapi_op_t *op); /* op NULL: without its x-body-limit */
void mact_config_bounds(mact_db_bounds_t *bounds, const mact_config_t *c);
int mact_config_docs(const mact_config_t *c);
int mact_config_metrics(const mact_config_t *c);                   /* whether the native `metrics` answers */
const char *mact_config_docs_directory(const mact_config_t *c);    /* absolute, or relative to ServerRoot */

/* A `mount.NAME` source as text, or NULL.  It never tells a secret, only whether there is one (`true`). */
const char *mact_config_setting(const mact_config_t *c, const char *name, apr_pool_t *pool);

/* The secret that an x-secret of the document names, or NULL: unset. */
const char *mact_config_secret(const mact_config_t *c, const char *name, apr_pool_t *pool);

/* For whoever hashes passwords and issues tokens: bcrypt's cost of new ones; how many seconds an access token is good. */
int mact_config_password_cost(const mact_config_t *c);
int mact_config_access_lifetime(const mact_config_t *c);

/* What tokens are issued with: the first secret or private key that can serve an algorithm which is allowed.  0: there is none. */
int mact_config_signer(mact_auth_signer_t *signer, const mact_config_t *c);

/* For natives: the Ed25519 key as 64 hexadecimal digits; NULL where none is set. */
const char *mact_config_discord_public_key(const mact_config_t *c);

#endif
