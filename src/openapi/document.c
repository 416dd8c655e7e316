/*
 * openapi/document.c: loading a document, in its steps, and what is asked of the whole of one.
 */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

#include <apr_file_io.h>
#include <apr_strings.h>

/* ---- rates ------------------------------------------------------------------------------------------------- */

const char *mact_oapi_rate(mact_rate_t *rate, const char *text)
{
    static const struct {
        const char *word;
        apr_uint32_t seconds;
    } windows[] = {{"second", 1}, {"minute", 60}, {"hour", 3600}, {"day", 86400}};
    apr_size_t digits = strspn(text, "0123456789");
    long count;

    rate->count = rate->window = 0;
    if (!strcmp(text, "off")) {
        return NULL;
    }
    count = digits && digits < 8 ? strtol(text, NULL, 10) : 0;
    if (!digits || text[digits] != '/') {
        return "a rate is written N/second, N/minute, N/hour, N/day or off";
    }
    if (count < 1 || count > MACT_RATE_MOST) {
        return "a rate counts from 1 to 250000";
    }
    for (unsigned i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
        if (!strcmp(windows[i].word, text + digits + 1)) {
            rate->count = (apr_uint32_t)count;
            rate->window = windows[i].seconds;
            return NULL;
        }
    }
    return "the window of a rate is second, minute, hour or day";
}

static apr_status_t keep_classes(mact_oapi_loader_t *l)
{
    const json_t *said = json_object_get(l->root, "x-rate-classes");
    const char *name;
    json_t *json;

    l->doc->inside->classes = apr_hash_make(l->pool);
    json_object_foreach((json_t *)said, name, json) {
        mact_class_t *class = apr_pcalloc(l->pool, sizeof(*class));
        const char *key = json_string_value(json_object_get(json, "key"));
        const char *error = mact_oapi_rate(&class->rate, json_string_value(json_object_get(json, "rate")));

        if (error) {
            return mact_oapi_mistake(l, mact_oapi_line(l, json, "rate"), "%s", error);
        }
        if (key && strcmp(key, "address") && strcmp(key, "user")) {
            return mact_oapi_mistake(l, mact_oapi_line(l, json, "key"), "`key` must be address or user");
        }
        class->key = key && !strcmp(key, "user") ? MACT_KEY_USER : MACT_KEY_ADDRESS;
        apr_hash_set(l->doc->inside->classes, name, APR_HASH_KEY_STRING, class);
    }
    return APR_SUCCESS;
}

/* ---- the top of a document --------------------------------------------------------------------------------- */

/* The position of the word at `key` in `words`, `otherwise` where it is not said, -1 after a mistake. */
static int word_at(mact_oapi_loader_t *l, const json_t *container, const char *key, const char *const *words,
                   int otherwise)
{
    const char *text = json_string_value(json_object_get(container, key));
    const char *known = "";

    if (!text) {
        return otherwise;
    }
    for (int i = 0; words[i]; i++) {
        if (!strcmp(words[i], text)) {
            return i;
        }
        known = apr_pstrcat(l->tmp, known, i ? words[i + 1] ? ", " : " or " : "", words[i], NULL);
    }
    mact_oapi_mistake(l, mact_oapi_line(l, container, key), "`%s` must be %s, not %s", key, known, text);
    return -1;
}

static apr_status_t keep_auth(mact_oapi_loader_t *l)
{
    static const char *const modes[] = {"none", "optional", "required", NULL};
    const json_t *said = json_object_get(l->root, "x-auth");
    const json_t *allow = json_object_get(said, "allow");
    int mode = word_at(l, said, "default", modes, MACT_AUTH_REQUIRED);
    size_t i;
    json_t *one;

    if (mode < 0) {
        return APR_EGENERAL;
    }
    l->doc->auth = (mact_auth_e)mode;
    l->doc->auth_allowed = allow ? 0 : 1 << MACT_AUTH_NONE | 1 << MACT_AUTH_OPTIONAL | 1 << MACT_AUTH_REQUIRED;
    json_array_foreach(allow, i, one) {
        int found = -1;

        for (int j = 0; modes[j]; j++) {
            found = strcmp(modes[j], json_string_value(one)) ? found : j;
        }
        if (found < 0) {
            return mact_oapi_mistake(l, mact_oapi_line_at(l, allow, i),
                                     "`allow` lists none, optional and required, not %s", json_string_value(one));
        }
        l->doc->auth_allowed |= 1 << found;
    }
    if (!(l->doc->auth_allowed & 1 << mode)) {
        return mact_oapi_mistake(l, mact_oapi_line(l, said, "default"),
                                 "the `default` %s is not among what `allow` allows", modes[mode]);
    }
    return APR_SUCCESS;
}

const apr_table_t *mact_oapi_headers(mact_oapi_loader_t *l, const json_t *said)
{
    apr_table_t *headers = apr_table_make(l->pool, 4);
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)said, name, value) {
        apr_table_set(headers, name, json_string_value(value));
    }
    return headers;
}

/* Ten years: beyond lies a mistake of units. */
#define LIFETIME_MOST (APR_INT64_C(10) * 366 * 86400)

static apr_status_t keep_headers(mact_oapi_loader_t *l)
{
    const json_t *said = json_object_get(l->root, "x-headers-below");
    apr_array_header_t *below = apr_array_make(l->pool, (int)json_object_size(said) + 1, sizeof(mact_oapi_headers_below_t));
    const char *path;
    json_t *headers;

    l->doc->headers = mact_oapi_headers(l, json_object_get(l->root, "x-headers"));
    json_object_foreach((json_t *)said, path, headers) {
        mact_oapi_headers_below_t *entry = apr_array_push(below);

        if (path[0] != '/' || !path[1] || path[strlen(path) - 1] == '/') {
            return mact_oapi_mistake(l, mact_oapi_line(l, said, path), "`%s` must be a path such as /auth, without a slash at its end",
                                     path);
        }
        entry->path = path;
        entry->headers = mact_oapi_headers(l, headers);
    }
    l->doc->headers_below = below;
    return APR_SUCCESS;
}

static apr_status_t keep_tokens(mact_oapi_loader_t *l)
{
    const json_t *said = json_object_get(l->root, "x-tokens");
    const char *name;
    json_t *seconds;

    json_object_foreach((json_t *)said, name, seconds) {
        if (json_integer_value(seconds) < 1 || json_integer_value(seconds) > LIFETIME_MOST) {
            return mact_oapi_mistake(l, mact_oapi_line(l, said, name),
                                     "`%s` is a lifetime in seconds, from 1 to ten years", name);
        }
    }
    l->doc->access_lifetime = json_integer_value(json_object_get(said, "access"));
    l->doc->refresh_lifetime = json_integer_value(json_object_get(said, "refresh"));
    return APR_SUCCESS;
}

static apr_status_t keep_caller(mact_oapi_loader_t *l)
{
    const char *text = json_string_value(json_object_get(l->root, "x-caller"));
    const char *error = text ? mact_oapi_call(&l->doc->caller, l->doc, NULL, text, l->pool) : NULL;

    return error ? mact_oapi_mistake(l, mact_oapi_line(l, l->root, "x-caller"), "%s", error) : APR_SUCCESS;
}

static apr_status_t keep_choices(mact_oapi_loader_t *l)
{
    static const char *const cors[] = {"none", "*", NULL};
    static const char *const empty_query[] = {"given", "absent", NULL};
    static const char *const empty_body[] = {"absent", "object", NULL};
    static const char *const path_invalid[] = {"validation", "not-found", NULL};
    static const char *const json_types[] = {"any", "exact", NULL};
    static const char *const unknown[] = {"ignored", "checked", NULL};
    struct mact_oapi_inside_t *inside = l->doc->inside;
    int chosen = word_at(l, l->root, "x-cors", cors, 0);

    if (chosen < 0) {
        return APR_EGENERAL;
    }
    l->doc->cors = cors[chosen];
    inside->empty_query_absent = word_at(l, l->root, "x-empty-query", empty_query, 0);
    inside->empty_body_object = word_at(l, l->root, "x-empty-body", empty_body, 0);
    inside->path_not_found = word_at(l, l->root, "x-path-invalid", path_invalid, 0);
    inside->json_types_exact = word_at(l, l->root, "x-json-types", json_types, 0);
    inside->query_checked = word_at(l, l->root, "x-unknown-query", unknown, 0);
    inside->members_checked = word_at(l, l->root, "x-unknown-members", unknown, 0);
    return l->error ? APR_EGENERAL : APR_SUCCESS;
}

static apr_status_t keep_info(mact_oapi_loader_t *l)
{
    const char *openapi = json_string_value(json_object_get(l->root, "openapi"));
    const json_t *info = json_object_get(l->root, "info");

    if (strncmp(openapi, "3.1.", 4)) {
        return mact_oapi_mistake(l, mact_oapi_line(l, l->root, "openapi"),
                                 "`openapi` must be 3.1.0 (or another 3.1), not %s", openapi);
    }
    l->doc->title = json_string_value(json_object_get(info, "title"));
    l->doc->version = json_string_value(json_object_get(info, "version"));
    return APR_SUCCESS;
}

/* ---- loading ----------------------------------------------------------------------------------------------- */

typedef apr_status_t step_fn(mact_oapi_loader_t *l);

static apr_status_t compile(mact_oapi_loader_t *l)
{
    /* Schemas before operations, which ask them for types; faults before x-admits; all schemas before their words. */
    static step_fn *const steps[] = {mact_oapi_shape, mact_oapi_finish, keep_info,   keep_auth,        keep_choices,    keep_headers,
                                     keep_tokens,     keep_classes,     keep_caller, mact_oapi_faults, mact_oapi_words,
                                     mact_oapi_operations};

    for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        if (steps[i](l) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    l->doc->methods = mact_oapi_all_methods(l);
    l->doc->published = mact_oapi_keep(mact_oapi_publish(l->root), l->pool);
    return APR_SUCCESS;
}

static apr_status_t read_file(char **text, apr_size_t *length, mact_oapi_loader_t *l)
{
    apr_file_t *file;
    apr_finfo_t finfo;
    char reason[120];
    apr_status_t rv = apr_file_open(&file, l->file, APR_FOPEN_READ | APR_FOPEN_BINARY, APR_FPROT_OS_DEFAULT, l->tmp);

    if (rv == APR_SUCCESS) {
        rv = apr_file_info_get(&finfo, APR_FINFO_SIZE | APR_FINFO_TYPE, file);
    }
    if (rv == APR_SUCCESS && (finfo.filetype != APR_REG || finfo.size > MACT_DOCUMENT_MOST)) {
        return mact_oapi_mistake(l, 0, "no file of at most %d bytes: an API document is a YAML file",
                                 MACT_DOCUMENT_MOST);
    }
    if (rv == APR_SUCCESS) {
        *length = (apr_size_t)finfo.size;
        *text = apr_palloc(l->tmp, *length + 1);
        rv = *length ? apr_file_read_full(file, *text, *length, length) : APR_SUCCESS;
    }
    if (rv != APR_SUCCESS) {
        mact_oapi_mistake(l, 0, "cannot be read (%s): see that it is there and readable for the user that starts httpd",
                          apr_strerror(rv, reason, sizeof(reason)));
    }
    return rv;
}

apr_status_t mact_oapi_load_text(const mact_oapi_doc_t **doc, const char **error, const char *name, const char *file,
                                 const char *text, apr_size_t length, int (*known_native)(const char *name),
                                 apr_pool_t *pool)
{
    mact_oapi_loader_t l;
    apr_status_t rv = APR_SUCCESS;

    memset(&l, 0, sizeof(l));
    l.pool = pool;
    l.file = apr_pstrdup(pool, file);
    l.known_native = known_native;
    apr_pool_create(&l.tmp, pool);
    l.schemas = apr_hash_make(l.tmp);
    l.pending = apr_array_make(l.tmp, 64, sizeof(mact_oapi_schema_t *));
    l.doc = apr_pcalloc(pool, sizeof(*l.doc));
    l.doc->inside = apr_pcalloc(pool, sizeof(*l.doc->inside));
    l.doc->name = apr_pstrdup(pool, name);
    l.doc->file = l.file;
    if (!text) {
        char *read = NULL;
        rv = read_file(&read, &length, &l);
        text = read;
    }
    if (rv == APR_SUCCESS) {
        rv = mact_oapi_yaml(&l, text, length);
    }
    if (rv == APR_SUCCESS) {
        rv = compile(&l);
    }
    *error = l.error;
    *doc = rv == APR_SUCCESS ? l.doc : NULL;
    apr_pool_destroy(l.tmp);
    return rv;
}

apr_status_t mact_oapi_load(const mact_oapi_doc_t **doc, const char **error, const char *name, const char *file,
                            int (*known_native)(const char *name), apr_pool_t *pool)
{
    return mact_oapi_load_text(doc, error, name, file, NULL, 0, known_native, pool);
}

/* ---- asking ------------------------------------------------------------------------------------------------ */

const mact_oapi_op_t *mact_oapi_operation(const mact_oapi_doc_t *doc, const char *id)
{
    for (int i = 0; i < doc->operations->nelts; i++) {
        const mact_oapi_op_t *op = APR_ARRAY_IDX(doc->operations, i, const mact_oapi_op_t *);
        if (!strcmp(op->id, id)) {
            return op;
        }
    }
    return NULL;
}

int mact_oapi_limits(const mact_oapi_doc_t *doc, const char *what)
{
    return !strcmp(what, "*") || apr_hash_get(doc->inside->classes, what, APR_HASH_KEY_STRING) ||
           mact_oapi_operation(doc, what);
}
