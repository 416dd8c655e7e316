/*
 * The arguments of directives, from text to value.  Each function knows one form, and says what is wrong with anything else in
 * a sentence that names the right one.
 */
#include <apr_lib.h>
#include <apr_strings.h>

#include "config/inside.h"

const char *mact_config_parse_switch(apr_int64_t *value, const char *text, apr_pool_t *pool)
{
    if (!ap_cstr_casecmp(text, "On")) {
        *value = 1;
        return NULL;
    }
    if (!ap_cstr_casecmp(text, "Off")) {
        *value = 0;
        return NULL;
    }
    return apr_psprintf(pool, "`%s' is none of On, Off and default", text);
}

const char *mact_config_parse_auth(apr_int64_t *value, const char *text, apr_pool_t *pool)
{
    static const char *const names[] = {
        [MACT_AUTH_NONE] = "none", [MACT_AUTH_OPTIONAL] = "optional", [MACT_AUTH_REQUIRED] = "required",
    };

    for (int i = MACT_AUTH_NONE; i <= MACT_AUTH_REQUIRED; i++) {
        if (!ap_cstr_casecmp(text, names[i])) {
            *value = i;
            return NULL;
        }
    }
    return apr_psprintf(pool, "`%s' is none of none, optional, required and default", text);
}

const char *mact_config_parse_rate_key(apr_int64_t *value, const char *text, apr_pool_t *pool)
{
    if (!ap_cstr_casecmp(text, "address")) {
        *value = MACT_KEY_ADDRESS;
        return NULL;
    }
    if (!ap_cstr_casecmp(text, "user")) {
        *value = MACT_KEY_USER;
        return NULL;
    }
    return apr_psprintf(pool, "`%s' is none of address, user and default", text);
}

const char *mact_config_parse_duration(apr_int64_t *value, const char *text, apr_pool_t *pool)
{
    apr_interval_time_t duration;

    if (!apr_isdigit(*text) || ap_timeout_parameter_parse(text, &duration, "s") != APR_SUCCESS || duration < 0
        || duration > apr_time_from_sec(86400)) {
        return apr_psprintf(pool, "`%s' is no duration from 0 to one day, such as 250ms, 2s or 1min (a number alone is seconds)",
                            text);
    }
    *value = duration;
    return NULL;
}

const char *mact_config_parse_bytes(apr_int64_t *value, const char *text, apr_pool_t *pool)
{
    apr_off_t bytes;

    if (!apr_isdigit(*text) || !ap_parse_strict_length(&bytes, text) || bytes > APR_INT32_MAX) {
        return apr_psprintf(pool, "`%s' is no number of bytes from 0 to 2147483647", text);
    }
    *value = bytes;
    return NULL;
}

const char *mact_config_parse_count(apr_int64_t *value, const char *text, apr_pool_t *pool)
{
    apr_off_t count;

    if (!apr_isdigit(*text) || !ap_parse_strict_length(&count, text) || count < 1 || count > CONFIG_POOL_SIZE_MOST) {
        return apr_psprintf(pool, "`%s' is no number from 1 to %d", text, CONFIG_POOL_SIZE_MOST);
    }
    *value = count;
    return NULL;
}

#define LIFETIME_DAYS_MOST 3650

/* A number of seconds, minutes, hours or days. */
const char *mact_config_parse_lifetime(apr_int64_t *seconds, const char *text, apr_pool_t *pool)
{
    static const struct {
        const char *unit;
        int seconds;
    } units[] = {{"", 1}, {"s", 1}, {"min", 60}, {"h", 3600}, {"d", 86400}};
    apr_size_t digits = strspn(text, "0123456789");

    for (apr_size_t i = 0; digits && digits < 10 && i < sizeof units / sizeof units[0]; i++) {
        if (!ap_cstr_casecmp(text + digits, units[i].unit)) {
            *seconds = apr_atoi64(text) * units[i].seconds;
            if (*seconds >= 1 && *seconds <= (apr_int64_t)LIFETIME_DAYS_MOST * 86400) {
                return NULL;
            }
        }
    }
    return apr_psprintf(pool, "`%s' is no lifetime from 1s to %dd, such as 30min, 12h or 7d (a number alone is seconds)", text,
                        LIFETIME_DAYS_MOST);
}

const char *mact_config_parse_cost(apr_int64_t *cost, const char *text, apr_pool_t *pool)
{
    apr_off_t said;

    if (!apr_isdigit(*text) || !ap_parse_strict_length(&said, text) || said < MACT_PASSWORD_COST_LEAST || said > MACT_PASSWORD_COST_MOST) {
        return apr_psprintf(pool, "`%s' is no number from %d to %d: each one more doubles the work", text, MACT_PASSWORD_COST_LEAST,
                            MACT_PASSWORD_COST_MOST);
    }
    *cost = said;
    return NULL;
}

/* A number of bytes with an optional K, M or G. */
static int parse_size(apr_int64_t *bytes, const char *text)
{
    char *end;
    apr_int64_t n;
    int shift;

    if (!apr_isdigit(*text) || strlen(text) > 12) {     /* twelve digits cannot overflow with the largest suffix */
        return 0;
    }
    n = apr_strtoi64(text, &end, 10);
    switch (*end) {
    case '\0':
        shift = 0;
        break;
    case 'K': case 'k':
        shift = 10;
        break;
    case 'M': case 'm':
        shift = 20;
        break;
    case 'G': case 'g':
        shift = 30;
        break;
    default:
        return 0;
    }
    if (shift && end[1]) {
        return 0;
    }
    if (n > (APR_INT64_MAX >> shift)) {
        return 0;
    }
    *bytes = n << shift;
    return 1;
}

const char *mact_config_parse_store(apr_int64_t *bytes, const char *text, apr_pool_t *pool)
{
    if (!ap_cstr_casecmp(text, "shm")) {
        *bytes = (apr_int64_t)mact_config_default_store.bytes;
        return NULL;
    }
    if (!ap_cstr_casecmpn(text, "shm:", 4)) {
        if (!parse_size(bytes, text + 4) || *bytes < CONFIG_STORE_LEAST || *bytes > CONFIG_STORE_MOST) {
            return apr_psprintf(pool, "the size in `%s' is not from 64K to 4G (bytes, or with K, M or G)", text);
        }
        return NULL;
    }
    if (!ap_cstr_casecmpn(text, "redis:", 6) || !ap_cstr_casecmpn(text, "rediss:", 7)) {
        /* The text may hold a password: it is not repeated. */
        return "this build keeps the counters of rate limits in shared memory only and has no Redis client: "
               "use shm or shm:SIZE, such as shm:16M";
    }
    return "neither shm nor shm:SIZE, such as shm:16M";
}

const char *mact_config_parse_api_name(const char *text, apr_pool_t *pool)
{
    const char *p = text;

    while (apr_isalnum(*p) || *p == '-' || *p == '_') {
        p++;
    }
    if (p == text || *p || p - text > 64) {
        return apr_psprintf(pool, "`%s' is no name of an API: letters, digits, - and _, 64 at most, the name of its document "
                            "without .yaml", text);
    }
    return NULL;
}

const char *mact_config_parse_origin(const char *text, apr_pool_t *pool)
{
    const char *colon, *host, *p;

    if (!strcmp(text, "null")) {
        return NULL;
    }
    colon = strstr(text, "://");
    if (!colon || colon == text) {
        return apr_psprintf(pool, "`%s' is no origin: write it as a browser sends it, such as https://app.example.org, "
                            "or with a port, http://localhost:3000", text);
    }
    host = colon + 3;
    for (p = host; *p && *p != '/' && *p != '?' && *p != '#' && *p != '@' && *p != ','; p++) {
        if (apr_isspace(*p) || apr_isupper(*p)) {
            break;
        }
    }
    for (const char *s = text; s < colon && *p == '\0'; s++) {
        if (apr_isupper(*s)) {
            p = s;
        }
    }
    if (p == host || *p) {
        return apr_psprintf(pool, "`%s' is no origin: scheme, host and port in lower case, and nothing after them, not even a slash",
                            text);
    }
    return NULL;
}

const char *mact_config_parse_ed25519_key(const char *text, apr_pool_t *pool)
{
    mact_auth_ed25519_t key;
    const char *error = mact_auth_ed25519(&key, text);

    return error ? apr_psprintf(pool, "`%s': %s, as the Discord developer portal shows it under General Information", text, error) : NULL;
}
