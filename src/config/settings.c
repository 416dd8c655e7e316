/*
 * The questions that config.h answers: a field, or its default where nothing was said.
 */
#include <apr_strings.h>

#include "config/inside.h"

apr_int64_t mact_config_number(const mact_config_t *c, config_number_e which)
{
    return c->number[which] < 0 ? mact_config_default_number[which] : c->number[which];
}

const char *mact_config_text(const mact_config_t *c, config_text_e which)
{
    const char *text = c->text[which];

    return text && text != mact_config_default ? text : mact_config_default_text[which];
}

config_server_t *mact_config_server(server_rec *server)
{
    return ap_get_module_config(server->module_config, &activities_module);
}

mact_db_book_t *mact_config_book(server_rec *main_server)
{
    return mact_config_server(main_server)->book;
}

/* The next mount of the server and then of the main server; *place begins at 0.  NULL: that was all. */
static const mact_mount_t *next_mount(server_rec *server, server_rec *main_server, int *place)
{
    const apr_array_header_t *own = mact_config_server(server)->sections, *others = mact_config_server(main_server)->sections;
    int all = own->nelts + (own == others ? 0 : others->nelts);      /* a virtual host with nothing of its own shares the main server's */

    while (*place < all) {
        int i = (*place)++;
        const config_section_t *section = i < own->nelts ? &APR_ARRAY_IDX(own, i, config_section_t)
                                                         : &APR_ARRAY_IDX(others, i - own->nelts, config_section_t);

        if (section->conf->mount) {
            return section->conf->mount;
        }
    }
    return NULL;
}

const apr_array_header_t *mact_config_mounts(server_rec *server, server_rec *main_server, apr_pool_t *pool)
{
    apr_array_header_t *mounts = apr_array_make(pool, 5, sizeof(const mact_mount_t *));
    const mact_mount_t *mount;

    for (int place = 0; (mount = next_mount(server, main_server, &place)) != NULL;) {
        APR_ARRAY_PUSH(mounts, const mact_mount_t *) = mount;
    }
    return mounts;
}

int mact_config_has_mounts(server_rec *server, server_rec *main_server)
{
    int place = 0;

    return next_mount(server, main_server, &place) != NULL;
}

int mact_config_pool_size(server_rec *server)
{
    apr_int64_t size = mact_config_server(server)->pool_size;

    return (int)(size < 0 ? mact_config_default_pool_size : size);
}

const mact_config_t *mact_config_of(request_rec *r)
{
    return ap_get_module_config(r->per_dir_config, &activities_module);
}

const mact_mount_t *mact_config_mount(const mact_config_t *c)
{
    return c->mount;
}

mact_auth_e mact_config_auth(const mact_config_t *c)
{
    apr_int64_t said = mact_config_number(c, CONFIG_AUTH);

    return said == MACT_AUTH_UNSET ? c->mount->doc->auth : (mact_auth_e)said;
}

const mact_auth_rules_t *mact_config_token_rules(const mact_config_t *c)
{
    return &c->rules;
}

/* What one context says of the operation: its id before its class before `*`, and of two such lines the later. */
static const config_rate_t *rate_in(const config_rates_t *context, const mact_oapi_op_t *op)
{
    const config_rate_t *by_class = NULL, *by_star = NULL;

    for (int i = context->rates->nelts - 1; i >= 0; i--) {
        const config_rate_t *said = &APR_ARRAY_IDX(context->rates, i, config_rate_t);

        if (!strcmp(said->what, op->id)) {
            return said;
        }
        if (!by_class && op->rate_class && !strcmp(said->what, op->rate_class)) {
            by_class = said;
        }
        if (!by_star && !strcmp(said->what, "*")) {
            by_star = said;
        }
    }
    return by_class ? by_class : by_star;
}

int mact_config_rate(mact_rate_t *rate, mact_rate_key_e *key, const mact_config_t *c, const mact_oapi_op_t *op)
{
    apr_int64_t said_key = mact_config_number(c, CONFIG_RATE_KEY);

    *rate = op->rate;
    for (const config_rates_t *context = c->rates; context; context = context->outer) {
        const config_rate_t *said = rate_in(context, op);

        if (said) {
            if (!said->set_default) {
                *rate = said->rate;
            }
            break;
        }
    }
    *key = said_key == CONFIG_UNSET ? op->rate_key : (mact_rate_key_e)said_key;
    return rate->count > 0;
}

int mact_config_rate_dry_run(const mact_config_t *c)
{
    return (int)mact_config_number(c, CONFIG_DRY_RUN);
}

mact_limit_t *mact_config_limiter(const mact_config_t *c)
{
    return (c->store ? c->store : &mact_config_default_store)->limit;
}

int mact_config_provision(const mact_config_t *c)
{
    return (int)mact_config_number(c, CONFIG_PROVISION);
}

const apr_array_header_t *mact_config_origins(const mact_config_t *c)
{
    static const char *star[] = {"*"};
    static const apr_array_header_t any = {.elt_size = sizeof(char *), .nelts = 1, .nalloc = 1, .elts = (char *)star};

    if (!c->origins || c->origins == &mact_config_default_list) {
        return c->mount && c->mount->doc->cors && !strcmp(c->mount->doc->cors, "*") ? &any : NULL;
    }
    return c->origins->nelts ? c->origins : NULL;
}

apr_off_t mact_config_body_limit(const mact_config_t *c, const mact_oapi_op_t *op)
{
    return c->number[CONFIG_BODY_LIMIT] < 0 && op && op->body_limit ? op->body_limit : (apr_off_t)mact_config_number(c, CONFIG_BODY_LIMIT);
}

void mact_config_bounds(mact_db_bounds_t *bounds, const mact_config_t *c)
{
    bounds->pool_wait = mact_config_number(c, CONFIG_POOL_WAIT);
    bounds->statement_timeout = mact_config_number(c, CONFIG_STATEMENT_TIMEOUT);
    bounds->retries = mact_config_default_retries;
}

int mact_config_docs(const mact_config_t *c)
{
    return (int)mact_config_number(c, CONFIG_DOCS);
}

int mact_config_metrics(const mact_config_t *c)
{
    return (int)mact_config_number(c, CONFIG_METRICS);
}

const char *mact_config_docs_directory(const mact_config_t *c)
{
    return mact_config_text(c, CONFIG_DOCS_DIRECTORY);
}

const char *mact_config_discord_public_key(const mact_config_t *c)
{
    return mact_config_text(c, CONFIG_DISCORD_PUBLIC_KEY);
}

int mact_config_password_cost(const mact_config_t *c)
{
    return (int)mact_config_number(c, CONFIG_PASSWORD_COST);
}

/* What a directive says before what the document says, and `default` of a directive means the document's. */
static int lifetime(const mact_config_t *c, config_number_e which, apr_int64_t documents)
{
    return (int)(c->number[which] < 0 && documents ? documents : mact_config_number(c, which));
}

int mact_config_access_lifetime(const mact_config_t *c)
{
    return lifetime(c, CONFIG_ACCESS_LIFETIME, c->mount->doc->access_lifetime);
}

int mact_config_signer(mact_auth_signer_t *signer, const mact_config_t *c)
{
    for (int i = 0; i < c->rules.keys->nelts; i++) {
        if (mact_auth_signer(signer, &APR_ARRAY_IDX(c->rules.keys, i, mact_auth_key_t), c->rules.algorithms)) {
            return 1;
        }
    }
    return 0;
}

/* ---- sources and secrets ------------------------------------------------------------------------------------ */

typedef const char *named_fn(const mact_config_t *c, apr_pool_t *pool);

typedef struct {
    const char *name;
    named_fn *value;
} named_t;

static const char *bot_key(const mact_config_t *c, apr_pool_t *pool)
{
    (void)pool;
    return mact_config_text(c, CONFIG_DISCORD_BOT_KEY);
}

static const char *has_bot_key(const mact_config_t *c, apr_pool_t *pool)
{
    return bot_key(c, pool) ? "true" : NULL;
}

static const char *has_discord_key(const mact_config_t *c, apr_pool_t *pool)
{
    (void)pool;
    return mact_config_discord_public_key(c) ? "true" : NULL;
}

static const char *provisions(const mact_config_t *c, apr_pool_t *pool)
{
    (void)pool;
    return mact_config_provision(c) ? "true" : NULL;
}

static const char *refresh_lifetime(const mact_config_t *c, apr_pool_t *pool)
{
    return apr_itoa(pool, lifetime(c, CONFIG_REFRESH_LIFETIME, c->mount->doc->refresh_lifetime));
}

/* What `mount.NAME` may name; both tables end with a row without a name. */
static const named_t settings[] = {
    {"bot_key", has_bot_key},
    {"discord_key", has_discord_key},
    {"provision", provisions},
    {"refresh_lifetime", refresh_lifetime},
    {NULL, NULL},
};

/* What an x-secret may name. */
static const named_t secrets[] = {
    {"discord_bot_key", bot_key},
    {NULL, NULL},
};

static named_fn *named(const named_t *table, const char *name)
{
    while (table->name && strcmp(table->name, name)) {
        table++;
    }
    return table->value;
}

int mact_config_known_setting(const char *name)
{
    return named(settings, name) != NULL;
}

const char *mact_config_setting(const mact_config_t *c, const char *name, apr_pool_t *pool)
{
    named_fn *value = named(settings, name);

    return value ? value(c, pool) : NULL;
}

int mact_config_known_secret(const char *name)
{
    return named(secrets, name) != NULL;
}

const char *mact_config_secret(const mact_config_t *c, const char *name, apr_pool_t *pool)
{
    named_fn *value = named(secrets, name);

    return value ? value(c, pool) : NULL;
}
