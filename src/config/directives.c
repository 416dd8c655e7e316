/*
 * The directives: the table that httpd reads, and what each does with its arguments.  docs/directives.md is its reader's side.
 *
 * Nearly all may stand in the main server, a virtual host, a <Location> or <LocationMatch>, and an <If> within them; below a mount no
 * file or directory is looked at, so that a <Directory> or <Files> would never be heard, and is refused.  `default` as the
 * argument restores the default in an inner context.
 */
#include <apr_strings.h>
#include <httpd.h>
#include <http_core.h>
#include <http_log.h>

#include "config/inside.h"

APLOG_USE_MODULE(activities);

/* ---- where a directive stands ------------------------------------------------------------------------------ */

static int is_container(const ap_directive_t *at, const char *name)
{
    return !ap_cstr_casecmp(at->directive, name);
}

/* The container around a directive that decides to which requests it applies, or NULL: the server. */
static const ap_directive_t *container_of(const ap_directive_t *at)
{
    for (at = at->parent; at; at = at->parent) {
        if (is_container(at, "<Location") || is_container(at, "<LocationMatch") || is_container(at, "<Directory")
            || is_container(at, "<DirectoryMatch") || is_container(at, "<Files") || is_container(at, "<FilesMatch")
            || is_container(at, "<Proxy") || is_container(at, "<ProxyMatch") || is_container(at, "<Limit")
            || is_container(at, "<LimitExcept") || is_container(at, "<If") || is_container(at, "<ElseIf")
            || is_container(at, "<Else")) {
            return at;
        }
    }
    return NULL;
}

/* Whether the container's argument is a regular expression or has wildcards. */
static int is_pattern(const ap_directive_t *container, const char *path)
{
    const char *args = container->args;

    while (*args == ' ' || *args == '\t') {
        args++;
    }
    return is_container(container, "<LocationMatch") || *args == '~' || strpbrk(path, "*?[") != NULL;
}

static config_section_t *section_of(cmd_parms *cmd, mact_config_t *c)
{
    apr_array_header_t *sections = mact_config_server(cmd->server)->sections;

    for (int i = sections->nelts - 1; i >= 0; i--) {
        config_section_t *section = &APR_ARRAY_IDX(sections, i, config_section_t);

        if (section->conf == c) {
            return section;
        }
    }
    return NULL;
}

/* What every directive begins with: may it stand here?  A <Location> is remembered for the check of the whole. */
static const char *enter(cmd_parms *cmd, mact_config_t *c)
{
    const ap_directive_t *container = container_of(cmd->directive);

    if (!container) {
        return NULL;
    }
    if (is_container(container, "<Location") || is_container(container, "<LocationMatch")) {
        if (!section_of(cmd, c)) {
            config_section_t *section = apr_array_push(mact_config_server(cmd->server)->sections);

            section->path = cmd->path;
            section->pattern = is_pattern(container, cmd->path);
            section->conf = c;
            section->api_at = NULL;
        }
        return NULL;
    }
    if (is_container(container, "<If") || is_container(container, "<ElseIf") || is_container(container, "<Else")) {
        return NULL;
    }
    return apr_psprintf(cmd->pool, "%s has no effect in %s>: no file is looked for below a mounted API. It may stand in the "
                        "server configuration, a <VirtualHost>, a <Location> or <LocationMatch>, or an <If>",
                        cmd->cmd->name, container->directive);
}

/* ---- one setting a directive ------------------------------------------------------------------------------- */

typedef const char *number_parser_fn(apr_int64_t *value, const char *text, apr_pool_t *pool);

/* What cmd->info of a number directive points to. */
typedef struct {
    config_number_e which;
    number_parser_fn *parse;
} number_directive_t;

static const char *set_number(cmd_parms *cmd, void *conf, const char *arg)
{
    mact_config_t *c = conf;
    const number_directive_t *directive = cmd->info;
    const char *error = enter(cmd, c);

    if (error) {
        return error;
    }
    if (directive->which == CONFIG_AUTH) {
        c->auth_at = cmd->directive;
    }
    if (!ap_cstr_casecmp(arg, "default")) {
        c->number[directive->which] = CONFIG_DEFAULT;
        return NULL;
    }
    error = directive->parse(&c->number[directive->which], arg, cmd->pool);
    return error ? apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, NULL) : NULL;
}

static const number_directive_t auth_directive = {CONFIG_AUTH, mact_config_parse_auth};
static const number_directive_t leeway_directive = {CONFIG_LEEWAY, mact_config_parse_duration};
static const number_directive_t rate_key_directive = {CONFIG_RATE_KEY, mact_config_parse_rate_key};
static const number_directive_t dry_run_directive = {CONFIG_DRY_RUN, mact_config_parse_switch};
static const number_directive_t provision_directive = {CONFIG_PROVISION, mact_config_parse_switch};
static const number_directive_t body_limit_directive = {CONFIG_BODY_LIMIT, mact_config_parse_bytes};
static const number_directive_t statement_timeout_directive = {CONFIG_STATEMENT_TIMEOUT, mact_config_parse_duration};
static const number_directive_t pool_wait_directive = {CONFIG_POOL_WAIT, mact_config_parse_duration};
static const number_directive_t docs_directive = {CONFIG_DOCS, mact_config_parse_switch};
static const number_directive_t metrics_directive = {CONFIG_METRICS, mact_config_parse_switch};
static const number_directive_t password_cost_directive = {CONFIG_PASSWORD_COST, mact_config_parse_cost};
static const number_directive_t access_lifetime_directive = {CONFIG_ACCESS_LIFETIME, mact_config_parse_lifetime};
static const number_directive_t refresh_lifetime_directive = {CONFIG_REFRESH_LIFETIME, mact_config_parse_lifetime};

static const char *set_text(cmd_parms *cmd, void *conf, const char *arg, config_text_e which)
{
    mact_config_t *c = conf;
    const char *error = enter(cmd, c);

    if (error) {
        return error;
    }
    if (!*arg) {
        return apr_psprintf(cmd->pool, "%s: the argument is empty; `default' unsets it", cmd->cmd->name);
    }
    c->text[which] = !ap_cstr_casecmp(arg, "default") ? mact_config_default : arg;
    return NULL;
}

/* The argument of a directive that holds a secret goes from the tree of directives, which mod_info shows. */
static void hide_argument(cmd_parms *cmd)
{
    ((ap_directive_t *)cmd->directive)->args = "(not shown)";
}

static const char *set_issuer(cmd_parms *cmd, void *conf, const char *arg)
{
    return set_text(cmd, conf, arg, CONFIG_ISSUER);
}

static const char *set_audience(cmd_parms *cmd, void *conf, const char *arg)
{
    return set_text(cmd, conf, arg, CONFIG_AUDIENCE);
}

static const char *set_discord_bot_key(cmd_parms *cmd, void *conf, const char *arg)
{
    hide_argument(cmd);
    return set_text(cmd, conf, arg, CONFIG_DISCORD_BOT_KEY);
}

static const char *set_discord_public_key(cmd_parms *cmd, void *conf, const char *arg)
{
    const char *error = ap_cstr_casecmp(arg, "default") ? mact_config_parse_ed25519_key(arg, cmd->pool) : NULL;

    if (error) {
        return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, NULL);
    }
    return set_text(cmd, conf, arg, CONFIG_DISCORD_PUBLIC_KEY);
}

static const char *set_directory(cmd_parms *cmd, void *conf, const char *arg, config_text_e which)
{
    const char *path = arg;

    if (ap_cstr_casecmp(arg, "default")) {
        path = ap_server_root_relative(cmd->pool, arg);
        if (!path || !ap_is_directory(cmd->temp_pool, path)) {
            return apr_psprintf(cmd->pool, "%s: %s is no directory", cmd->cmd->name, path ? path : arg);
        }
    }
    return set_text(cmd, conf, path, which);
}

static const char *set_docs_directory(cmd_parms *cmd, void *conf, const char *arg)
{
    return set_directory(cmd, conf, arg, CONFIG_DOCS_DIRECTORY);
}

static const char *set_api_directory(cmd_parms *cmd, void *conf, const char *arg)
{
    return set_directory(cmd, conf, arg, CONFIG_API_DIRECTORY);
}

/* ---- keys and algorithms ----------------------------------------------------------------------------------- */

/* `default`: no key, whatever an outer context has.  The first key of a context replaces those of the outer ones. */
static const char *enter_keys(cmd_parms *cmd, mact_config_t *c, int *done, const char *arg)
{
    const char *error = enter(cmd, c);

    if (error) {
        return error;
    }
    c->keys_at = cmd->directive;
    *done = !ap_cstr_casecmp(arg, "default");
    if (*done) {
        c->keys = &mact_config_default_list;
    }
    return NULL;
}

static void add_key(cmd_parms *cmd, mact_config_t *c, const mact_auth_key_t *key)
{
    apr_array_header_t *keys = apr_array_make(cmd->pool, (c->keys ? c->keys->nelts : 0) + 1, sizeof(mact_auth_key_t));

    if (c->keys && c->keys != &mact_config_default_list) {
        apr_array_cat(keys, c->keys);
    }
    APR_ARRAY_PUSH(keys, mact_auth_key_t) = *key;
    c->keys = keys;
}

static const char *add_secret(cmd_parms *cmd, void *conf, const char *arg)
{
    mact_config_t *c = conf;
    mact_auth_key_t key;
    int done;
    const char *error;

    hide_argument(cmd);
    error = enter_keys(cmd, c, &done, arg);
    if (error || done) {
        return error;
    }
    error = mact_config_key_secret(&key, arg, cmd->pool);
    if (error) {
        return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, NULL);
    }
    add_key(cmd, c, &key);
    return NULL;
}

/* How a file becomes a key that must be kept. */
typedef const char *kept_key_fn(mact_auth_key_t *key, int *readable_by_all, const char *file, apr_pool_t *pool);

static const char *add_kept_file(cmd_parms *cmd, mact_config_t *c, const char *arg, kept_key_fn *read, const char *what)
{
    mact_auth_key_t key;
    int done, readable_by_all = 0;
    const char *file, *error = enter_keys(cmd, c, &done, arg);

    if (error || done) {
        return error;
    }
    file = ap_server_root_relative(cmd->pool, arg);
    error = file ? read(&key, &readable_by_all, file, cmd->pool) : "the path is not valid";
    if (error) {
        return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, NULL);
    }
    if (readable_by_all) {
        ap_log_error(APLOG_MARK, APLOG_WARNING | APLOG_STARTUP, 0, cmd->server,
                     "ACT0400: %s:%d: everybody on this machine may read the %s in %s and make tokens with it: chmod 600 it",
                     cmd->directive->filename, cmd->directive->line_num, what, file);
    }
    add_key(cmd, c, &key);
    return NULL;
}

static const char *add_secret_file(cmd_parms *cmd, void *conf, const char *arg)
{
    return add_kept_file(cmd, conf, arg, mact_config_key_secret_file, "secret");
}

static const char *add_private_key_file(cmd_parms *cmd, void *conf, const char *arg)
{
    return add_kept_file(cmd, conf, arg, mact_config_key_private_file, "private key");
}

static const char *add_public_key_file(cmd_parms *cmd, void *conf, const char *arg)
{
    mact_config_t *c = conf;
    mact_auth_key_t key;
    int done;
    const char *file, *error = enter_keys(cmd, c, &done, arg);

    if (error || done) {
        return error;
    }
    file = ap_server_root_relative(cmd->pool, arg);
    error = file ? mact_config_key_public_file(&key, file, cmd->pool) : "the path is not valid";
    if (error) {
        return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, NULL);
    }
    add_key(cmd, c, &key);
    return NULL;
}

static const char *set_algorithms(cmd_parms *cmd, void *conf, int argc, char *const argv[])
{
    mact_config_t *c = conf;
    unsigned algorithms = 0;
    const char *error = enter(cmd, c);

    if (error) {
        return error;
    }
    if (argc == 1 && !ap_cstr_casecmp(argv[0], "default")) {
        c->number[CONFIG_ALGORITHMS] = CONFIG_DEFAULT;
        return NULL;
    }
    for (int i = 0; i < argc; i++) {
        unsigned bit = mact_auth_algorithm(argv[i]);

        if (!bit) {
            return apr_psprintf(cmd->pool, "%s: `%s' is none of HS256, HS384, HS512, RS256, RS384, RS512, ES256, ES384, ES512",
                                cmd->cmd->name, argv[i]);
        }
        algorithms |= bit;
    }
    if (!algorithms) {
        return apr_psprintf(cmd->pool, "%s takes one algorithm or more, such as HS256", cmd->cmd->name);
    }
    c->number[CONFIG_ALGORITHMS] = algorithms;
    return NULL;
}

/* ---- rates and origins ------------------------------------------------------------------------------------- */

static const char *add_rate(cmd_parms *cmd, void *conf, const char *what, const char *text)
{
    mact_config_t *c = conf;
    config_rate_t rate = {.what = what};
    config_said_t said = {.what = what, .at = cmd->directive};
    const config_section_t *section;
    config_rates_t *rates;
    const char *error = enter(cmd, c);

    if (error) {
        return error;
    }
    rate.set_default = !ap_cstr_casecmp(text, "default");
    error = rate.set_default ? NULL : mact_oapi_rate(&rate.rate, text);
    if (error) {
        return apr_pstrcat(cmd->pool, cmd->cmd->name, " ", what, ": ", error, NULL);
    }
    if (!c->rates) {
        rates = apr_pcalloc(cmd->pool, sizeof *rates);
        rates->rates = apr_array_make(cmd->pool, 4, sizeof(config_rate_t));
        c->rates = rates;
    }
    APR_ARRAY_PUSH(c->rates->rates, config_rate_t) = rate;

    section = section_of(cmd, c);
    said.path = section && !section->pattern ? section->path : NULL;
    APR_ARRAY_PUSH(mact_config_server(cmd->server)->said, config_said_t) = said;
    return NULL;
}

static const char *set_store(cmd_parms *cmd, void *conf, const char *arg)
{
    mact_config_t *c = conf;
    config_store_t *store;
    apr_int64_t bytes;
    const char *error = enter(cmd, c);

    if (error) {
        return error;
    }
    if (!ap_cstr_casecmp(arg, "default")) {
        c->store = &mact_config_default_store;
        return NULL;
    }
    error = mact_config_parse_store(&bytes, arg, cmd->pool);
    if (error) {
        return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, NULL);
    }
    store = apr_pcalloc(cmd->pool, sizeof *store);
    store->bytes = (apr_size_t)bytes;
    c->store = store;
    APR_ARRAY_PUSH(mact_config_server(cmd->server)->stores, config_store_t *) = store;
    return NULL;
}

static const char *set_origins(cmd_parms *cmd, void *conf, int argc, char *const argv[])
{
    mact_config_t *c = conf;
    apr_array_header_t *origins;
    const char *error = enter(cmd, c);

    if (error) {
        return error;
    }
    if (argc < 1) {
        return apr_psprintf(cmd->pool, "%s takes *, none, default, or origins such as https://app.example.org", cmd->cmd->name);
    }
    if (argc == 1 && !ap_cstr_casecmp(argv[0], "default")) {
        c->origins = &mact_config_default_list;
        return NULL;
    }
    origins = apr_array_make(cmd->pool, argc, sizeof(const char *));
    c->origins = origins;
    if (argc == 1 && !ap_cstr_casecmp(argv[0], "none")) {
        return NULL;
    }
    for (int i = 0; i < argc; i++) {
        error = argc == 1 && !strcmp(argv[0], "*") ? NULL : mact_config_parse_origin(argv[i], cmd->pool);
        if (error) {
            return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, NULL);
        }
        APR_ARRAY_PUSH(origins, const char *) = argv[i];
    }
    return NULL;
}

/* ---- mounts and server settings ---------------------------------------------------------------------------- */

static const char *set_api(cmd_parms *cmd, void *conf, const char *name)
{
    mact_config_t *c = conf;
    const ap_directive_t *container = cmd->directive->parent;
    apr_array_header_t *sections = mact_config_server(cmd->server)->sections;
    config_section_t *section;
    const char *path, *error;

    if (!container || !is_container(container, "<Location") || is_pattern(container, cmd->path) || *cmd->path != '/') {
        return apr_psprintf(cmd->pool, "%s may stand in a <Location> only, whose argument is the path of the mount, such as "
                            "<Location \"/api\">: not in a <LocationMatch>, with a pattern, or in any other container",
                            cmd->cmd->name);
    }
    error = enter(cmd, c);
    if (!error) {
        error = mact_config_parse_api_name(name, cmd->pool);
    }
    if (error) {
        return apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, NULL);
    }
    path = mact_config_mount_path(cmd->path, cmd->pool);
    for (int i = 0; i < sections->nelts; i++) {
        const config_section_t *other = &APR_ARRAY_IDX(sections, i, config_section_t);

        if (other->api_at && !strcmp(mact_config_mount_path(other->path, cmd->temp_pool), path)) {
            return apr_psprintf(cmd->pool, "%s: an API is mounted at %s already, in line %d of %s", cmd->cmd->name,
                                *path ? path : "/", other->api_at->line_num, other->api_at->filename);
        }
    }
    section = section_of(cmd, c);
    section->api_at = cmd->directive;
    c->api = name;
    return NULL;
}

static const char *set_pool_size(cmd_parms *cmd, void *conf, const char *arg)
{
    config_server_t *s = mact_config_server(cmd->server);
    const char *error;

    (void)conf;
    s->pool_size_at = cmd->directive;
    if (!ap_cstr_casecmp(arg, "default")) {
        s->pool_size = CONFIG_DEFAULT;
        return NULL;
    }
    error = mact_config_parse_count(&s->pool_size, arg, cmd->pool);
    return error ? apr_pstrcat(cmd->pool, cmd->cmd->name, ": ", error, NULL) : NULL;
}

/* ---- the table --------------------------------------------------------------------------------------------- */

#define ANYWHERE (RSRC_CONF | ACCESS_CONF)
#define NUMBER(name, directive, help) AP_INIT_TAKE1(name, set_number, (void *)&directive, ANYWHERE, help)

const command_rec mact_config_directives[] = {
    AP_INIT_TAKE1("ActivitiesAPI", set_api, NULL, ACCESS_CONF,
                  "name of the API document that is mounted at the path of this <Location>"),
    AP_INIT_TAKE1("ActivitiesAPIDirectory", set_api_directory, NULL, ANYWHERE,
                  "directory of the API documents, NAME.yaml"),
    NUMBER("ActivitiesAuth", auth_directive,
           "whether callers need a token: none, optional or required"),
    NUMBER("ActivitiesBodyLimit", body_limit_directive,
           "most bytes of a request's body"),
    AP_INIT_TAKE_ARGV("ActivitiesCORSOrigins", set_origins, NULL, ANYWHERE,
                      "origins of web pages that may call: *, none, or a list such as https://app.example.org"),
    AP_INIT_TAKE1("ActivitiesDiscordBotKey", set_discord_bot_key, NULL, ANYWHERE,
                  "key that a Discord bot must send"),
    AP_INIT_TAKE1("ActivitiesDiscordPublicKey", set_discord_public_key, NULL, ANYWHERE,
                  "Ed25519 key of a Discord application, 64 hexadecimal digits"),
    NUMBER("ActivitiesDocs", docs_directive,
           "whether /openapi.json and /docs are served: On or Off"),
    AP_INIT_TAKE1("ActivitiesDocsDirectory", set_docs_directory, NULL, ANYWHERE,
                  "directory of the files of /docs"),
    NUMBER("ActivitiesJWTAccessLifetime", access_lifetime_directive,
           "how long an access token that is issued here is good, such as 30min"),
    AP_INIT_TAKE_ARGV("ActivitiesJWTAlgorithms", set_algorithms, NULL, ANYWHERE,
                      "signature algorithms that are accepted, such as HS256 RS256"),
    AP_INIT_TAKE1("ActivitiesJWTAudience", set_audience, NULL, ANYWHERE,
                  "audience that a token must name"),
    AP_INIT_TAKE1("ActivitiesJWTIssuer", set_issuer, NULL, ANYWHERE,
                  "issuer that a token must name"),
    NUMBER("ActivitiesJWTLeeway", leeway_directive,
           "by how much clocks may differ, such as 30s"),
    AP_INIT_TAKE1("ActivitiesJWTPrivateKeyFile", add_private_key_file, NULL, ANYWHERE,
                  "PEM file of a private key that tokens are signed with, for RS* or ES*; may be given several times"),
    AP_INIT_TAKE1("ActivitiesJWTPublicKeyFile", add_public_key_file, NULL, ANYWHERE,
                  "PEM file of a public key for RS* or ES*; may be given several times"),
    NUMBER("ActivitiesJWTRefreshLifetime", refresh_lifetime_directive,
           "how long a refresh token that is issued here is good, such as 7d"),
    AP_INIT_TAKE1("ActivitiesJWTSecret", add_secret, NULL, ANYWHERE,
                  "secret for HS*, at least 32 bytes; may be given several times"),
    AP_INIT_TAKE1("ActivitiesJWTSecretFile", add_secret_file, NULL, ANYWHERE,
                  "file of a secret for HS*; may be given several times"),
    NUMBER("ActivitiesMetrics", metrics_directive,
           "whether the operation with the native `metrics` answers: On or Off"),
    NUMBER("ActivitiesPasswordCost", password_cost_directive,
           "cost of the hash of a new password: bcrypt's, 4 to 17"),
    AP_INIT_TAKE1("ActivitiesPoolSize", set_pool_size, NULL, RSRC_CONF,
                  "most database connections of each child, at most DBDMax"),
    NUMBER("ActivitiesPoolWait", pool_wait_directive,
           "longest wait for a database connection, such as 250ms; 0 answers 503 at once"),
    NUMBER("ActivitiesProvisionUsers", provision_directive,
           "whether a valid token of an unknown user makes that user: On or Off"),
    AP_INIT_TAKE2("ActivitiesRateLimit", add_rate, NULL, ANYWHERE,
                  "an operationId, a class or *; and a rate such as 10/minute, off, or default"),
    NUMBER("ActivitiesRateLimitDryRun", dry_run_directive,
           "whether limits are counted and logged, but refuse nothing: On or Off"),
    NUMBER("ActivitiesRateLimitKey", rate_key_directive,
           "whom limits count: address or user"),
    AP_INIT_TAKE1("ActivitiesRateLimitStore", set_store, NULL, ANYWHERE,
                  "where limits are counted: shm or shm:SIZE"),
    NUMBER("ActivitiesStatementTimeout", statement_timeout_directive,
           "longest run of a procedure, such as 5s; 0 for no bound"),
    {NULL}
};
