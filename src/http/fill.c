/*
 * Templates: JSON in which `{name}` stands for a value.  A string that is one placeholder and nothing else becomes the value in its
 * own type; in a longer text it becomes text.  A member of a fault may name others, so values are filled in as well, to a bounded depth.
 */
#include <apr_lib.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_protocol.h>

#include "http/inside.h"

#define DEPTH_MOST 6                 /* a message in a member in a body; anything deeper goes in a circle */

/* All that a placeholder may name. */
typedef struct {
    const json_t *members;
    const mact_exchange_t *x;
    const mact_facts_t *facts;
} scope_t;

static json_t *fill(const json_t *template, const scope_t *scope, int depth);

static json_t *time_text(apr_time_t when, apr_pool_t *pool)
{
    apr_time_exp_t t;

    apr_time_exp_gmt(&t, when);
    return json_string(apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02dZ", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                                    t.tm_min, t.tm_sec));
}

static const char *window_text(apr_uint32_t window)
{
    return window == 1 ? "1 second" : window == 60 ? "1 minute" : window == 3600 ? "1 hour" : "1 day";
}

const char *mact_http_reason(int status)
{
    const char *line = ap_get_status_line(status);      /* `503 Service Unavailable`; of an unknown status that of 500 */

    return strtol(line, NULL, 10) == status && strlen(line) > 4 ? line + 4 : NULL;
}

/* A value of ours; NULL: there is none. */
static json_t *fact(const char *name, const scope_t *scope)
{
    const mact_exchange_t *x = scope->x;
    const mact_facts_t *facts = scope->facts;
    apr_pool_t *pool = x->r->pool;
    const char *reason;

    if (!strcmp(name, "retry_after")) {
        int seconds = facts->verdict ? (int)facts->verdict->retry_after : facts->retry_after;

        return seconds ? json_integer(seconds) : NULL;
    }
    if (!strcmp(name, "limit")) {
        return facts->rate ? json_integer(facts->rate->count) : NULL;
    }
    if (!strcmp(name, "window")) {
        return facts->rate ? json_string(window_text(facts->rate->window)) : NULL;
    }
    if (!strcmp(name, "reset_at")) {
        return facts->verdict ? time_text(apr_time_from_sec(facts->verdict->reset), pool) : NULL;
    }
    if (!strcmp(name, "timestamp")) {
        return time_text(apr_time_now(), pool);
    }
    if (!strcmp(name, "request_id")) {
        return json_string(x->request_id);
    }
    if (!strcmp(name, "version")) {
        return x->mount->doc->version ? json_string(x->mount->doc->version) : NULL;
    }
    if (!strcmp(name, "status")) {
        return facts->status ? json_integer(facts->status) : NULL;
    }
    if (!strcmp(name, "reason")) {
        reason = mact_http_reason(facts->status);
        return reason ? json_string(reason) : NULL;
    }
    if (!strcmp(name, "violations")) {
        return facts->violations ? mact_oapi_violations(x->mount->doc, facts->violations, pool) : NULL;
    }
    return NULL;
}

/* The value of a placeholder, a new reference; NULL: there is none. */
static json_t *placeholder(const char *name, const scope_t *scope, int depth)
{
    json_t *found = json_object_get(scope->facts->extra, name);

    if (found) {
        return json_incref(found);
    }
    found = json_object_get(scope->members, name);
    if (found) {
        return depth < DEPTH_MOST ? fill(found, scope, depth + 1) : NULL;
    }
    return fact(name, scope);
}

/* The length of the placeholder at the start of `text`, braces included; 0: there is none. */
static apr_size_t placeholder_length(const char *text)
{
    apr_size_t n = 1;

    if (*text != '{') {
        return 0;
    }
    while (apr_isalnum(text[n]) || text[n] == '_' || text[n] == '-') {
        n++;
    }
    return n > 1 && text[n] == '}' ? n + 1 : 0;
}

static const char *as_text(const json_t *value, apr_pool_t *pool)
{
    if (!value || json_is_null(value)) {
        return "";
    }
    return json_is_string(value) ? apr_pstrdup(pool, json_string_value(value)) : mact_http_json_text(NULL, value, pool);
}

/* A text with placeholders, as text. */
static const char *text_of(const char *text, const scope_t *scope, int depth)
{
    apr_pool_t *pool = scope->x->r->pool;
    const char *result = "";

    while (*text) {
        apr_size_t n = placeholder_length(text);

        if (n) {
            json_t *value = placeholder(apr_pstrmemdup(pool, text + 1, n - 2), scope, depth);

            result = apr_pstrcat(pool, result, as_text(value, pool), NULL);
            json_decref(value);
        } else {
            n = 1 + strcspn(text + 1, "{");
            result = apr_pstrcat(pool, result, apr_pstrmemdup(pool, text, n), NULL);
        }
        text += n;
    }
    return result;
}

static json_t *fill_string(const char *text, const scope_t *scope, int depth)
{
    apr_size_t n = placeholder_length(text);

    if (n && !text[n]) {
        json_t *value = placeholder(apr_pstrmemdup(scope->x->r->pool, text + 1, n - 2), scope, depth);

        return value ? value : json_null();
    }
    return strchr(text, '{') ? json_string(text_of(text, scope, depth)) : json_string(text);
}

static json_t *fill(const json_t *template, const scope_t *scope, int depth)
{
    json_t *result, *value;
    const char *key;
    size_t i;

    switch (json_typeof(template)) {
    case JSON_STRING:
        return fill_string(json_string_value(template), scope, depth);
    case JSON_OBJECT:
        result = json_object();
        json_object_foreach((json_t *)template, key, value) {
            json_object_set_new(result, key, fill(value, scope, depth));
        }
        return result;
    case JSON_ARRAY:
        result = json_array();
        json_array_foreach(template, i, value) {
            json_array_append_new(result, fill(value, scope, depth));
        }
        return result;
    default:
        return json_deep_copy(template);    /* numbers; the documents' own values are shared by threads, so no count of theirs is touched */
    }
}

static const mact_facts_t no_facts;

json_t *mact_http_fill(const json_t *template, const json_t *members, const mact_exchange_t *x, const mact_facts_t *facts)
{
    scope_t scope = {.members = members, .x = x, .facts = facts ? facts : &no_facts};

    return template ? fill(template, &scope, 0) : json_null();
}

const char *mact_http_fill_text(const char *text, const json_t *members, const mact_exchange_t *x, const mact_facts_t *facts)
{
    scope_t scope = {.members = members, .x = x, .facts = facts ? facts : &no_facts};

    return strchr(text, '{') ? text_of(text, &scope, 0) : text;
}

const char *mact_http_json_text(apr_size_t *length, const json_t *value, apr_pool_t *pool)
{
    size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    size_t n = json_dumpb(value, NULL, 0, flags);
    char *text = apr_palloc(pool, n + 1);

    json_dumpb(value, text, n, flags);
    text[n] = '\0';
    if (length) {
        *length = n;
    }
    return text;
}
