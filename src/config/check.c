/*
 * The check of the whole configuration, at configtest and at every start: documents are read, mounts made, and what no directive can
 * judge by itself is judged.  All mistakes are reported, not only the first; each names its file, its line, and what to do.
 */
#include <stdarg.h>
#include <stdlib.h>

#include <apr_hash.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_core.h>
#include <http_log.h>

#include "config/inside.h"

APLOG_USE_MODULE(activities);

/* One run of the check. */
typedef struct {
    server_rec *main_server;
    apr_pool_t *pconf, *ptemp;
    apr_hash_t *reported;              /* lines logged already: what holds for several virtual hosts is said once */
    int mistakes;
} check_t;

static void report(check_t *check, server_rec *server, const ap_directive_t *at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void report(check_t *check, server_rec *server, const ap_directive_t *at, const char *format, ...)
{
    va_list args;
    const char *line;

    va_start(args, format);
    line = apr_pvsprintf(check->ptemp, format, args);
    va_end(args);
    if (at) {
        line = apr_psprintf(check->ptemp, "%s:%d: %s", at->filename, at->line_num, line);
    }
    check->mistakes++;
    if (apr_hash_get(check->reported, line, APR_HASH_KEY_STRING)) {
        return;
    }
    apr_hash_set(check->reported, line, APR_HASH_KEY_STRING, line);
    ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, 0, server, "ACT0401: %s", line);
}

/* The containers that a server's requests can meet, in httpd's order: those of the main server, then its own.  Elements are pointers. */
static apr_array_header_t *sections_of(const check_t *check, server_rec *server)
{
    const apr_array_header_t *of_main = mact_config_server(check->main_server)->sections;
    const apr_array_header_t *own = mact_config_server(server)->sections;
    apr_array_header_t *all = apr_array_make(check->ptemp, of_main->nelts + own->nelts, sizeof(config_section_t *));

    for (int i = 0; i < of_main->nelts; i++) {
        APR_ARRAY_PUSH(all, config_section_t *) = &APR_ARRAY_IDX(of_main, i, config_section_t);
    }
    for (int i = 0; own != of_main && i < own->nelts; i++) {
        APR_ARRAY_PUSH(all, config_section_t *) = &APR_ARRAY_IDX(own, i, config_section_t);
    }
    return all;
}

/* What holds at the root of a mount: the server's defaults and every container around the mount, merged as httpd does. */
static const mact_config_t *effective(const check_t *check, server_rec *server, const apr_array_header_t *sections,
                                      const config_section_t *mount)
{
    mact_config_t *c = ap_get_module_config(server->lookup_defaults, &activities_module);

    for (int i = 0; i < sections->nelts; i++) {
        const config_section_t *section = APR_ARRAY_IDX(sections, i, config_section_t *);

        if (!section->pattern && mact_config_path_below(mount->path, section->path)) {
            c = mact_config_merge_dir(check->ptemp, c, section->conf);
        }
    }
    return c;
}

static int needs_tokens(const mact_oapi_doc_t *doc)
{
    for (int i = 0; i < doc->operations->nelts; i++) {
        if (APR_ARRAY_IDX(doc->operations, i, const mact_oapi_op_t *)->security != MACT_SECURITY_NONE) {
            return 1;
        }
    }
    return 0;
}

static const char *const algorithm_names[] = {
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
};

static const char *first_algorithm(unsigned algorithms)
{
    for (apr_size_t i = 0; i < sizeof algorithm_names / sizeof algorithm_names[0]; i++) {
        if (algorithms & mact_auth_algorithm(algorithm_names[i])) {
            return algorithm_names[i];
        }
    }
    return "";
}

/* Every key must serve an algorithm that is allowed, and every algorithm have a key. */
static void check_keys(check_t *check, server_rec *server, const mact_config_t *c)
{
    const mact_auth_rules_t *rules = &c->rules;
    unsigned served = 0;

    for (int i = 0; i < rules->keys->nelts; i++) {
        const mact_auth_key_t *key = &APR_ARRAY_IDX(rules->keys, i, mact_auth_key_t);

        served |= key->algorithms;
        if (!(key->algorithms & rules->algorithms)) {
            report(check, server, c->keys_at, "key %d given here is %s, and none of its algorithms is allowed: add "
                   "`ActivitiesJWTAlgorithms %s'", i + 1,
                   key->kind == MACT_KEY_HMAC ? "a secret"
                   : key->kind == MACT_KEY_RSA ? (key->private ? "an RSA private key" : "an RSA public key")
                   : key->private ? "an EC private key" : "an EC public key",
                   first_algorithm(key->algorithms));
        }
    }
    for (apr_size_t i = 0; i < sizeof algorithm_names / sizeof algorithm_names[0]; i++) {
        unsigned bit = mact_auth_algorithm(algorithm_names[i]);

        if ((rules->algorithms & bit) && !(served & bit)) {
            report(check, server, c->keys_at, "%s is allowed by ActivitiesJWTAlgorithms, but no key given here can serve it%s: add one, "
                   "or leave the algorithm out", algorithm_names[i],
                   !strcmp(algorithm_names[i], "HS384") ? " (its secret has 48 bytes or more)"
                   : !strcmp(algorithm_names[i], "HS512") ? " (its secret has 64 bytes or more)" : "");
        }
    }
}

static const char *shown(const char *mount_path)
{
    return *mount_path ? mount_path : "/";
}

static void check_auth(check_t *check, server_rec *server, const config_section_t *section, const mact_config_t *c)
{
    static const char *const names[] = {"none", "optional", "required"};
    const mact_oapi_doc_t *doc = section->conf->mount->doc;
    apr_int64_t said = mact_config_number(c, CONFIG_AUTH);
    mact_auth_e auth = said == MACT_AUTH_UNSET ? doc->auth : (mact_auth_e)said;

    if (!(doc->auth_allowed & (1 << auth))) {
        report(check, server, c->auth_at, "API `%s' cannot be served with ActivitiesAuth %s: its document allows%s%s%s in x-auth.allow",
               doc->name, names[auth], doc->auth_allowed & (1 << MACT_AUTH_NONE) ? " none" : "",
               doc->auth_allowed & (1 << MACT_AUTH_OPTIONAL) ? " optional" : "",
               doc->auth_allowed & (1 << MACT_AUTH_REQUIRED) ? " required" : "");
        return;
    }
    if (auth == MACT_AUTH_NONE || !needs_tokens(doc)) {
        return;
    }
    if (!c->rules.keys->nelts) {
        report(check, server, section->api_at, "API `%s' at %s looks at tokens, but there is no key to verify them with: give "
               "`ActivitiesJWTSecretFile FILE' (32 bytes or more, made by `openssl rand -hex 32') or `ActivitiesJWTPublicKeyFile "
               "FILE', in the server or in this container", doc->name, shown(section->conf->mount->path));
        return;
    }
    check_keys(check, server, c);
}

/* Whether a reply's template, x-issue, has a refresh token in it. */
static int issues_refresh(const json_t *issue)
{
    char *text = json_dumps(issue, 0);
    int found = text && strstr(text, "{refresh_token}");

    free(text);
    return found;
}

/* Whoever issues tokens signs them with a secret or a private key. */
static void check_issue(check_t *check, server_rec *server, const config_section_t *section, const mact_config_t *c)
{
    const mact_oapi_doc_t *doc = section->conf->mount->doc;
    mact_auth_signer_t signer;

    for (int i = 0; i < doc->operations->nelts; i++) {
        const json_t *issue = APR_ARRAY_IDX(doc->operations, i, const mact_oapi_op_t *)->issue;

        if (issue && !mact_config_signer(&signer, c)) {
            report(check, server, section->api_at, "API `%s' at %s issues tokens, and needs a secret or a private key to sign them "
                   "with: give `ActivitiesJWTSecretFile FILE' (32 bytes or more, made by `openssl rand -hex 32') and allow HS256 in "
                   "ActivitiesJWTAlgorithms, or `ActivitiesJWTPrivateKeyFile FILE' (made by `openssl genrsa 2048') and allow RS256",
                   doc->name, shown(section->conf->mount->path));
            return;
        }
        /* An ECDSA signature has a random number in it, and a refresh token is made again, to the letter, when its request is repeated. */
        if (issue && signer.kind == MACT_KEY_EC && issues_refresh(issue)) {
            report(check, server, c->keys_at, "API `%s' at %s issues refresh tokens, and the first key to sign with is an EC key, "
                   "which never makes the same token twice: put a secret or an RSA key in front of it, such as "
                   "`ActivitiesJWTPrivateKeyFile FILE' of `openssl genrsa 2048', and allow its algorithm", doc->name, shown(section->conf->mount->path));
            return;
        }
    }
}

/*
 * A container that comes later and lies around a mount would replace it: httpd merges containers in the order of the file.  Within one
 * server that is a mistake; a virtual host may well mount an API around what it inherits from the main server.
 */
static void check_order(check_t *check, server_rec *server)
{
    const apr_array_header_t *sections = mact_config_server(server)->sections;

    for (int i = 0; i < sections->nelts; i++) {
        const config_section_t *inner = &APR_ARRAY_IDX(sections, i, config_section_t);

        for (int j = i + 1; j < sections->nelts && inner->conf->mount; j++) {
            const config_section_t *outer = &APR_ARRAY_IDX(sections, j, config_section_t);

            if (outer->conf->mount && mact_config_path_below(inner->path, outer->path)) {
                report(check, server, outer->api_at, "the API mounted here at %s hides the one at %s of line %d of %s, because it comes "
                       "later: put the container of the shorter path first", shown(outer->conf->mount->path),
                       inner->conf->mount->path, inner->api_at->line_num, inner->api_at->filename);
            }
        }
    }
}

static void check_server(check_t *check, server_rec *server)
{
    const apr_array_header_t *sections = sections_of(check, server);

    for (int i = 0; i < sections->nelts; i++) {
        const config_section_t *section = APR_ARRAY_IDX(sections, i, config_section_t *);

        if (section->conf->mount) {
            const mact_config_t *c = effective(check, server, sections, section);

            check_auth(check, server, section, c);
            check_issue(check, server, section, c);
        }
    }
}

/* Whether a rate that was said at `path` (NULL: everywhere) is about the mount. */
static int concerns(const char *path, const config_section_t *mount)
{
    return !path || mact_config_path_below(mount->path, path) || mact_config_path_below(path, mount->path);
}

static int known_in(const config_said_t *said, const apr_array_header_t *sections, int *mounts)
{
    for (int i = 0; i < sections->nelts; i++) {
        const config_section_t *section = APR_ARRAY_IDX(sections, i, config_section_t *);

        if (section->conf->api && concerns(said->path, section)) {
            ++*mounts;
            if (!section->conf->mount || mact_oapi_limits(section->conf->mount->doc, said->what)) {
                return 1;                 /* a document that could not be read is a mistake of its own */
            }
        }
    }
    return 0;
}

/* A WHAT that no document knows is a spelling mistake, and would leave an operation without the limit that was meant. */
static void check_rates(check_t *check, server_rec *server)
{
    const apr_array_header_t *saids = mact_config_server(server)->said;

    for (int i = 0; i < saids->nelts; i++) {
        const config_said_t *said = &APR_ARRAY_IDX(saids, i, config_said_t);
        int known = !strcmp(said->what, "*"), mounts = 0;

        for (server_rec *s = server; s && !known; s = server == check->main_server ? s->next : NULL) {
            known = known_in(said, sections_of(check, s), &mounts);
        }
        if (!known) {
            report(check, server, said->at, "ActivitiesRateLimit: `%s' is neither an operationId nor a rate class of %s; `*' means all "
                   "operations", said->what, mounts ? "any API document mounted here" : "a document: no API is mounted here");
        }
    }
}

/* ---- the pool, as far as the configuration shows it --------------------------------------------------------- */

static const ap_directive_t *directive_among(const ap_directive_t *at, const char *name)
{
    const ap_directive_t *found = NULL;

    for (; at; at = at->next) {
        if (!ap_cstr_casecmp(at->directive, name)) {
            found = at;
        }
    }
    return found;
}

/* What stands directly in a server's <VirtualHost>, or in the main server. */
static const ap_directive_t *directives_of(server_rec *server)
{
    if (!server->is_virtual) {
        return ap_conftree;
    }
    for (const ap_directive_t *at = ap_conftree; at; at = at->next) {
        if (!ap_cstr_casecmp(at->directive, "<VirtualHost") && at->line_num == (int)server->defn_line_number
            && server->defn_name && !strcmp(at->filename, server->defn_name)) {
            return at->first_child;
        }
    }
    return NULL;
}

/* The directive as it holds for the server: its own, else the main server's; NULL: nowhere. */
static const ap_directive_t *directive_for(server_rec *server, const char *name)
{
    const ap_directive_t *found = directive_among(directives_of(server), name);

    return found ? found : directive_among(ap_conftree, name);
}

int mact_config_own_database(server_rec *server)
{
    return !server->is_virtual || directive_among(directives_of(server), "DBDParams") != NULL;
}

/* The first argument of a directive, which may be quoted. */
static const char *argument(const check_t *check, const ap_directive_t *at)
{
    const char *args = at->args;

    return ap_getword_conf(check->ptemp, &args);
}

static void check_pool(check_t *check, server_rec *server)
{
    const ap_directive_t *driver, *most;
    int size = mact_config_pool_size(server), dbd_max;

    if (!ap_find_linked_module("mod_dbd.c")) {
        report(check, server, NULL, "an API is mounted, but mod_dbd, whose connections it uses, is not loaded: add `LoadModule dbd_module "
               "modules/mod_dbd.so' (on Debian: a2enmod dbd) and `DBDriver pgsql'");
        return;
    }
    driver = directive_for(server, "DBDriver");
    if (!driver || ap_cstr_casecmp(argument(check, driver), "pgsql")) {
        report(check, server, driver, "an API is mounted, and it needs PostgreSQL: set `DBDriver pgsql' and `DBDParams \"host=... dbname=... "
               "user=... connect_timeout=5\"'");
        return;
    }
    most = directive_for(server, "DBDMax");
    dbd_max = most ? atoi(argument(check, most)) : 10;
    if (size > dbd_max) {
        report(check, server, mact_config_server(server)->pool_size_at ? mact_config_server(server)->pool_size_at : most,
               "ActivitiesPoolSize %d%s is more than DBDMax %d%s: raise DBDMax, or lower ActivitiesPoolSize", size,
               mact_config_server(server)->pool_size_at ? "" : " (its default)", dbd_max, most ? "" : " (its default)");
    }
}

/* ---- all of it ---------------------------------------------------------------------------------------------- */

static void make_mounts(check_t *check, server_rec *server, mact_db_book_t *book, apr_hash_t *documents,
                        const mact_config_natives_t *natives)
{
    const apr_array_header_t *sections = mact_config_server(server)->sections, *all = sections_of(check, server);

    for (int i = 0; i < sections->nelts; i++) {
        const config_section_t *section = &APR_ARRAY_IDX(sections, i, config_section_t);
        const char *directory, *error = NULL;

        if (!section->conf->api) {
            continue;
        }
        directory = mact_config_text(effective(check, server, all, section), CONFIG_API_DIRECTORY);
        section->conf->mount = mact_config_mount_make(&error, server, section, directory, book, documents, natives, check->pconf,
                                                      check->ptemp);
        if (error) {
            report(check, server, section->api_at, "ActivitiesAPI: %s", error);
        }
    }
}

/* A virtual host without any directive of ours shares the main server's structure: it has nothing of its own to look at. */
static int shares_main(const check_t *check, server_rec *server)
{
    return server != check->main_server && mact_config_server(server) == mact_config_server(check->main_server);
}

int mact_config_check(apr_pool_t *pconf, apr_pool_t *ptemp, server_rec *main_server, const mact_config_natives_t *natives)
{
    check_t check = {.main_server = main_server, .pconf = pconf, .ptemp = ptemp};
    apr_hash_t *documents = apr_hash_make(ptemp);
    mact_db_book_t *book;

    check.reported = apr_hash_make(ptemp);
    if (mact_db_book_make(&book, pconf) != APR_SUCCESS) {
        return DONE;
    }
    mact_config_server(main_server)->book = book;
    for (server_rec *s = main_server; s; s = s->next) {
        if (!shares_main(&check, s)) {
            make_mounts(&check, s, book, documents, natives);
        }
    }
    for (server_rec *s = main_server; s; s = s->next) {
        check_server(&check, s);
        if (!shares_main(&check, s)) {
            check_order(&check, s);
            check_rates(&check, s);
        }
        if (mact_config_has_mounts(s, main_server)) {
            check_pool(&check, s);
        }
    }
    return check.mistakes ? DONE : OK;
}

int mact_config_start(server_rec *main_server)
{
    apr_pool_t *process = main_server->process->pool;
    apr_status_t rv;

    for (server_rec *s = main_server; s; s = s->next) {
        const apr_array_header_t *stores = mact_config_server(s)->stores;

        for (int i = 0; i < stores->nelts; i++) {
            config_store_t *store = APR_ARRAY_IDX(stores, i, config_store_t *);

            rv = mact_limit_open(&store->limit, store->bytes, process);
            if (rv != APR_SUCCESS) {
                ap_log_error(APLOG_MARK, APLOG_CRIT, rv, s, "ACT0402: %" APR_SIZE_T_FMT " bytes of shared memory for rate limits "
                             "(ActivitiesRateLimitStore) cannot be had: ask for less, or raise the system's limit", store->bytes);
                return HTTP_INTERNAL_SERVER_ERROR;
            }
        }
    }
    rv = mact_limit_open(&mact_config_default_store.limit, mact_config_default_store.bytes, process);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, main_server, "ACT0403: %" APR_SIZE_T_FMT " bytes of shared memory for rate limits "
                     "cannot be had: set a smaller ActivitiesRateLimitStore shm:SIZE, or raise the system's limit",
                     mact_config_default_store.bytes);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}
