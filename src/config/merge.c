/*
 * A configuration is made empty, filled by the directives of its context, and merged into the one around it: what the inner context
 * says counts, field by field.  httpd merges at every request for which more than one container speaks, so a merge is one
 * allocation and a copy (two where both speak of rates).
 */
#include <apr_strings.h>

#include "config/inside.h"

void *mact_config_create_dir(apr_pool_t *pool, char *dir)
{
    mact_config_t *c = apr_pcalloc(pool, sizeof *c);

    (void)dir;
    for (int i = 0; i < CONFIG_NUMBERS; i++) {
        c->number[i] = CONFIG_UNSET;
    }
    return c;
}

/*
 * The inner contexts' rates before the outer ones.  The inner part may itself be a chain, since httpd merges all containers of
 * a request with one another before it merges them into the server's; its links are copied, as others hold them too.
 */
static const config_rates_t *merge_rates(const config_rates_t *outer, const config_rates_t *inner, apr_pool_t *pool)
{
    config_rates_t *copy;

    if (!inner) {
        return outer;
    }
    if (!outer) {
        return inner;
    }
    copy = apr_palloc(pool, sizeof *copy);
    copy->rates = inner->rates;
    copy->outer = merge_rates(outer, inner->outer, pool);
    return copy;
}

void mact_config_settle(mact_config_t *c)
{
    static const apr_array_header_t none = {.elt_size = sizeof(mact_auth_key_t)};
    unsigned algorithms = (unsigned)mact_config_number(c, CONFIG_ALGORITHMS);

    c->rules.keys = c->keys && c->keys != &mact_config_default_list ? c->keys : &none;
    c->rules.algorithms = algorithms ? algorithms : mact_auth_algorithm("HS256");
    c->rules.issuer = mact_config_text(c, CONFIG_ISSUER);
    c->rules.audience = mact_config_text(c, CONFIG_AUDIENCE);
    c->rules.leeway = (int)apr_time_sec(mact_config_number(c, CONFIG_LEEWAY));
}

void *mact_config_merge_dir(apr_pool_t *pool, void *outer_conf, void *inner_conf)
{
    const mact_config_t *outer = outer_conf;
    const mact_config_t *inner = inner_conf;
    mact_config_t *c = apr_pmemdup(pool, outer, sizeof *outer);

    for (int i = 0; i < CONFIG_NUMBERS; i++) {
        if (inner->number[i] != CONFIG_UNSET) {
            c->number[i] = inner->number[i];
        }
    }
    for (int i = 0; i < CONFIG_TEXTS; i++) {
        if (inner->text[i]) {
            c->text[i] = inner->text[i];
        }
    }
    if (inner->keys) {
        c->keys = inner->keys;
        c->keys_at = inner->keys_at;
    }
    if (inner->origins) {
        c->origins = inner->origins;
    }
    if (inner->store) {
        c->store = inner->store;
    }
    if (inner->api) {
        c->api = inner->api;
        c->mount = inner->mount;
    }
    if (inner->auth_at) {
        c->auth_at = inner->auth_at;
    }
    c->rates = merge_rates(outer->rates, inner->rates, pool);
    mact_config_settle(c);
    return c;
}

void *mact_config_create_server(apr_pool_t *pool, server_rec *server)
{
    config_server_t *s = apr_pcalloc(pool, sizeof *s);

    (void)server;
    s->pool_size = CONFIG_UNSET;
    s->sections = apr_array_make(pool, 4, sizeof(config_section_t));
    s->said = apr_array_make(pool, 4, sizeof(config_said_t));
    s->stores = apr_array_make(pool, 1, sizeof(config_store_t *));
    return s;
}

void *mact_config_merge_server(apr_pool_t *pool, void *outer_conf, void *inner_conf)
{
    const config_server_t *outer = outer_conf;
    config_server_t *s = apr_pmemdup(pool, inner_conf, sizeof *s);

    if (s->pool_size == CONFIG_UNSET) {
        s->pool_size = outer->pool_size;
        s->pool_size_at = outer->pool_size_at;
    }
    return s;
}
