/*
 * Options of the natives: what they say, and whether they can be meant so.
 */
#include <apr_strings.h>

#include "account/inside.h"

const char *mact_account_member(apr_size_t *length, const mact_exchange_t *x, const char *name)
{
    const json_t *value = x->input && name ? json_object_get(x->input->body, name) : NULL;

    *length = json_string_length(value);
    return json_string_value(value);
}

void mact_account_made(mact_exchange_t *x, const char *name, const char *value)
{
    if (!x->made) {
        x->made = apr_table_make(x->r->pool, 4);
    }
    if (value) {
        apr_table_setn(x->made, name, value);
    }
}

const char *mact_account_option(const mact_exchange_t *x, const char *name)
{
    return json_string_value(json_object_get(x->op->native_options, name));
}

int mact_account_option_set(const mact_exchange_t *x, const char *name)
{
    return json_is_true(json_object_get(x->op->native_options, name));
}

const char *mact_account_known_options(const mact_oapi_op_t *op, const char *const *names, apr_pool_t *pool)
{
    const char *name, *known = "";
    json_t *value;

    for (int i = 0; names[i]; i++) {
        known = apr_pstrcat(pool, known, i ? ", " : "", names[i], NULL);
    }
    json_object_foreach((json_t *)op->native_options, name, value) {
        int found = 0;

        for (int i = 0; names[i]; i++) {
            found |= !strcmp(names[i], name);
        }
        if (!found) {
            return apr_psprintf(pool, "there is no option `%s'; there are %s", name, known);
        }
    }
    return NULL;
}

/* A call that names the member is checked as any other: so a member that the body's schema lacks is found. */
static const char *check_member(const mact_oapi_op_t *op, const char *name, apr_pool_t *pool)
{
    const mact_oapi_call_t *unused;
    const char *error;

    if (strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != strlen(name)
        || mact_oapi_compile_call(&unused, &error, op, apr_pstrcat(pool, "a.b(body.", name, ")", NULL), pool) != APR_SUCCESS) {
        return apr_psprintf(pool, "the body's schema has no member `%s'", name);
    }
    return NULL;
}

const char *mact_account_needs_member(const mact_oapi_op_t *op, const char *option, apr_pool_t *pool)
{
    const json_t *said = json_object_get(op->native_options, option), *one;
    size_t i;

    if (json_is_string(said)) {
        return check_member(op, json_string_value(said), pool);
    }
    if (!json_is_array(said) || !json_array_size(said)) {
        return apr_psprintf(pool, "it needs the option `%s', which names a member of the body", option);
    }
    json_array_foreach(said, i, one) {
        const char *error = json_is_string(one) ? check_member(op, json_string_value(one), pool) : "members are named by strings";

        if (error) {
            return error;
        }
    }
    return NULL;
}

const char *mact_account_needs_procedure(const mact_oapi_op_t *op, const char *key, apr_pool_t *pool)
{
    return mact_oapi_procedure(op, key) >= 0 ? NULL : apr_psprintf(pool, "it needs a procedure: procedures: {%s: schema.name(...)}", key);
}

const char *mact_account_needs_faults(const mact_oapi_op_t *op, const char *const *names, apr_pool_t *pool)
{
    for (int i = 0; names[i]; i++) {
        if (!mact_oapi_fault(op->doc, op, names[i])) {
            return apr_psprintf(pool, "it answers with the fault `%s': say its status and message under x-errors", names[i]);
        }
    }
    return NULL;
}
