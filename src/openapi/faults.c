/*
 * openapi/faults.c: the fault table of a document, x-errors.
 *
 * An entry keeps its members and its template; what the template's placeholders stand for is filled in by
 * whoever answers.  An operation's entry is the document's with the members that the operation gives in place of
 * it.
 */
#include "inside.h"

#include <string.h>

#include <apr_strings.h>

/* What every document must be able to say. */
static const char *const needed[] = {"not-found", "method-not-allowed", "rate-limited", "body-too-large", "validation",
                                     "internal",  "unavailable",        "timeout",      "http",           NULL};
/* What one that looks at tokens must be able to say besides. */
static const char *const needed_of_tokens[] = {"token-missing", "token-expired", "token-invalid", NULL};

/* Placeholders that are no members of the fault. */
static const char *const given[] = {"retry_after", "limit",  "window",     "reset_at", "timestamp", "request_id",
                                    "version",     "reason", "violations", "status",   NULL};

static int is_given(const mact_oapi_loader_t *l, const char *name)
{
    for (const char *const *one = given; *one; one++) {
        if (!strcmp(*one, name)) {
            return 1;
        }
    }
    return apr_hash_get(l->doc->inside->fault_names, name, APR_HASH_KEY_STRING) != NULL;
}

/* A placeholder is {name} of letters, digits, - and _; other braces are text. */
static apr_status_t check_text(mact_oapi_loader_t *l, const char *text, int line)
{
    for (const char *open = strchr(text, '{'); open; open = strchr(open + 1, '{')) {
        apr_size_t length = strspn(open + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
        const char *name = apr_pstrmemdup(l->tmp, open + 1, length);

        if (length && open[1 + length] == '}' && !is_given(l, name)) {
            return mact_oapi_mistake(l, line, "the placeholder {%s} stands for nothing: no fault has such a member",
                                     name);
        }
    }
    return APR_SUCCESS;
}

static apr_status_t check_template(mact_oapi_loader_t *l, const json_t *json, int line)
{
    const char *key;
    size_t i;
    json_t *value;

    if (json_is_string(json)) {
        return check_text(l, json_string_value(json), line);
    }
    json_object_foreach((json_t *)json, key, value) {
        if (check_template(l, value, mact_oapi_line(l, json, key)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    json_array_foreach(json, i, value) {
        if (check_template(l, value, mact_oapi_line_at(l, json, i)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t keep_headers(const apr_table_t **headers, mact_oapi_loader_t *l, const json_t *json, int line)
{
    apr_table_t *table = apr_table_make(l->pool, 2);
    const char *name;
    json_t *value;

    if (!json_is_object(json)) {
        return mact_oapi_mistake(l, line, "`headers` must be an object such as {WWW-Authenticate: Bearer}");
    }
    json_object_foreach((json_t *)json, name, value) {
        if (!json_is_string(value) || strpbrk(json_string_value(value), "\r\n")) {
            return mact_oapi_mistake(l, mact_oapi_line(l, json, name),
                                     "the header %s must be one line of text: quote it", name);
        }
        apr_table_set(table, name, json_string_value(value));
    }
    *headers = table;
    return APR_SUCCESS;
}

/* `members` are those of the fault, kept; `said` is where they stand in the file, for lines. */
static apr_status_t keep_fault(mact_oapi_loader_t *l, apr_hash_t *faults, const char *name, const json_t *members,
                               const json_t *said)
{
    mact_oapi_fault_t *fault = apr_pcalloc(l->pool, sizeof(*fault));
    const json_t *status = json_object_get(members, "status");
    const json_t *headers = json_object_get(members, "headers");
    int line = mact_oapi_line(l, said, NULL);

    fault->name = name;
    fault->members = members;
    if (status) {
        if (!json_is_integer(status) || json_integer_value(status) < 400 || json_integer_value(status) > 599) {
            return mact_oapi_mistake(l, mact_oapi_line(l, said, "status"),
                                     "`status` of the fault `%s` must be a number from 400 to 599", name);
        }
        fault->status = (int)json_integer_value(status);
    } else if (strcmp(name, "http")) {
        return mact_oapi_mistake(l, line, "the fault `%s` needs a `status`", name);
    }
    if (headers && keep_headers(&fault->headers, l, headers, mact_oapi_line(l, said, "headers")) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    fault->body = json_object_get(members, "body");
    fault->body = fault->body ? fault->body : l->doc->inside->fault_body;
    if (!fault->body) {
        return mact_oapi_mistake(l, line, "the fault `%s` has no `body`, and x-errors has none for all", name);
    }
    apr_hash_set(faults, name, APR_HASH_KEY_STRING, fault);
    return APR_SUCCESS;
}

static void note_names(mact_oapi_loader_t *l, const json_t *faults)
{
    const char *name, *key;
    json_t *members, *value;

    json_object_foreach((json_t *)faults, name, members) {
        json_object_foreach(members, key, value) {
            apr_hash_set(l->doc->inside->fault_names, key, APR_HASH_KEY_STRING, "");
        }
    }
}

/* Every text of the entry may have placeholders, those of its template and those of its members. */
static apr_status_t check_faults(mact_oapi_loader_t *l, const json_t *faults)
{
    const char *name;
    json_t *members;

    json_object_foreach((json_t *)faults, name, members) {
        if (check_template(l, members, mact_oapi_line(l, faults, name)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t check_needed(mact_oapi_loader_t *l, const json_t *said, const char *const *names)
{
    for (; *names; names++) {
        if (!apr_hash_get(l->doc->inside->faults, *names, APR_HASH_KEY_STRING)) {
            return mact_oapi_mistake(l, mact_oapi_line(l, said, "faults"),
                                     "`faults` lacks `%s`: say its status and message", *names);
        }
    }
    return APR_SUCCESS;
}

apr_status_t mact_oapi_faults(mact_oapi_loader_t *l)
{
    struct mact_oapi_inside_t *inside = l->doc->inside;
    const json_t *said = json_object_get(l->root, "x-errors");
    const json_t *faults = json_object_get(said, "faults");
    const json_t *violations = json_object_get(said, "violations");
    const char *form = json_string_value(json_object_get(violations, "form"));
    const char *rules = json_string_value(json_object_get(violations, "rules"));
    const char *name;
    json_t *members;

    inside->faults = apr_hash_make(l->pool);
    inside->fault_names = apr_hash_make(l->pool);
    inside->fault_body = json_object_get(said, "body");
    inside->words = json_object_get(violations, "words");
    if (!strcmp(form, "text")) {
        inside->form = MACT_FORM_TEXT;
    } else if (!strcmp(form, "list")) {
        inside->form = MACT_FORM_LIST;
    } else if (!strcmp(form, "fields")) {
        inside->form = MACT_FORM_FIELDS;
    } else {
        return mact_oapi_mistake(l, mact_oapi_line(l, violations, "form"), "`form` must be text, list or fields");
    }
    if (rules && strcmp(rules, "last") && strcmp(rules, "together")) {
        return mact_oapi_mistake(l, mact_oapi_line(l, violations, "rules"), "`rules` must be together or last");
    }
    inside->rules_last = rules && !strcmp(rules, "last");
    json_object_foreach((json_t *)faults, name, members) {
        if (keep_fault(l, inside->faults, name, members, members) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    note_names(l, faults);
    if (check_faults(l, faults) != APR_SUCCESS || check_needed(l, said, needed) != APR_SUCCESS ||
        check_template(l, inside->fault_body, mact_oapi_line(l, said, "body")) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    return l->doc->auth_allowed == 1 << MACT_AUTH_NONE ? APR_SUCCESS : check_needed(l, said, needed_of_tokens);
}

apr_status_t mact_oapi_own_faults(mact_oapi_loader_t *l, mact_operation_t *o)
{
    const json_t *said = json_object_get(o->json, "x-errors");
    const json_t *wrapped = json_object_size(said) == 1 ? json_object_get(said, "faults") : NULL;
    const char *name;
    json_t *members;

    if (!said) {
        return APR_SUCCESS;
    }
    said = wrapped ? wrapped : said; /* written as in the document's x-errors, or the entries alone */
    o->faults = apr_hash_make(l->pool);
    note_names(l, said);
    json_object_foreach((json_t *)said, name, members) {
        const mact_oapi_fault_t *common = apr_hash_get(l->doc->inside->faults, name, APR_HASH_KEY_STRING);
        json_t *both = mact_oapi_keep(common ? json_copy((json_t *)common->members) : json_object(), l->pool);

        json_object_update(both, members);
        if (keep_fault(l, o->faults, name, both, members) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return check_faults(l, said);
}

const mact_oapi_fault_t *mact_oapi_fault(const mact_oapi_doc_t *doc, const mact_oapi_op_t *op, const char *name)
{
    const mact_operation_t *o = (const mact_operation_t *)op;
    const mact_oapi_fault_t *fault = o && o->faults ? apr_hash_get(o->faults, name, APR_HASH_KEY_STRING) : NULL;

    return fault ? fault : apr_hash_get(doc->inside->faults, name, APR_HASH_KEY_STRING);
}
