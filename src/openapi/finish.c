/*
 * openapi/finish.c: what compiled schemas come to, with all that they refer to: the types that can be good, the
 * defaults to fill in, and that none leads back to itself.
 */
#include "inside.h"

#include <string.h>

#include <apr_strings.h>

/* ---- finishing --------------------------------------------------------------------------------------------- */

static unsigned types_in(const json_t *values)
{
    unsigned bits = 0;
    size_t i;
    json_t *value;

    json_array_foreach(values, i, value) {
        bits |= mact_oapi_type_of(value);
    }
    return bits;
}

static apr_status_t finish(mact_oapi_loader_t *l, mact_oapi_schema_t *s);

/* The branches of anyOf or oneOf: any of them may be the one. */
static apr_status_t finish_branches(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const apr_array_header_t *branches,
                                    int all)
{
    unsigned either = 0;

    for (int i = 0; branches && i < branches->nelts; i++) {
        mact_oapi_schema_t *branch = APR_ARRAY_IDX(branches, i, mact_oapi_schema_t *);
        if (finish(l, branch) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
        either |= branch->effective;
        if (all) {
            s->effective &= branch->effective;
            s->uuid |= branch->uuid;
            s->nearest |= branch->nearest;
            s->fill = s->fill ? s->fill : branch->fill;
        }
    }
    if (branches && !all) {
        s->effective &= either;
    }
    return APR_SUCCESS;
}

static apr_status_t finish_whole(mact_oapi_loader_t *l, mact_oapi_schema_t *s)
{
    s->effective = s->boolean == 0 ? 0 : s->types ? s->types : MACT_TYPE_ALL;
    if (s->effective & MACT_TYPE_NUMBER) {
        s->effective |= MACT_TYPE_INTEGER;
    }
    if (!s->types && s->choices) {
        s->effective &= types_in(s->choices);
    }
    if (!s->types && s->constant) {
        s->effective &= mact_oapi_type_of(s->constant);
    }
    s->uuid = s->format == MACT_FORMAT_UUID;
    if (s->ref) {
        if (finish(l, (mact_oapi_schema_t *)s->ref) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
        s->effective &= s->ref->effective;
        s->uuid |= s->ref->uuid;
        s->nearest |= s->ref->nearest;
        s->fill = s->fill ? s->fill : s->ref->fill;
    }
    if (s->negated && finish(l, (mact_oapi_schema_t *)s->negated) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    if (finish_branches(l, s, s->all_of, 1) != APR_SUCCESS || finish_branches(l, s, s->any_of, 0) != APR_SUCCESS ||
        finish_branches(l, s, s->one_of, 0) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    s->uuid |= s->nullable && s->nullable->uuid;
    return APR_SUCCESS;
}

/*
 * Depth first through what judges the same value; to meet a schema that is still on the way means to go round
 * for ever.
 */
static apr_status_t finish(mact_oapi_loader_t *l, mact_oapi_schema_t *s)
{
    if (s->mark == 2) {
        return APR_SUCCESS;
    }
    if (s->mark == 1) {
        return mact_oapi_mistake(
            l, s->line, "this schema leads back to itself without going into the value: it could never be decided");
    }
    if (++l->depth > MACT_NESTING_MOST) {
        return mact_oapi_mistake(l, s->line, "schemas refer to one another more than %d deep", MACT_NESTING_MOST);
    }
    s->mark = 1;
    if (finish_whole(l, s) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    s->mark = 2;
    l->depth--;
    return APR_SUCCESS;
}

static apr_status_t check_default(mact_oapi_loader_t *l, const mact_oapi_schema_t *s)
{
    if (l->doc && s->fill && !mact_oapi_valid(s, s->fill, l->tmp)) {
        return mact_oapi_mistake(l, s->line, "the `default` %s is not good by its own schema",
                                 mact_oapi_text(s->fill, l->tmp));
    }
    return APR_SUCCESS;
}

apr_status_t mact_oapi_finish(mact_oapi_loader_t *l)
{
    for (int i = 0; i < l->pending->nelts; i++) {
        if (finish(l, APR_ARRAY_IDX(l->pending, i, mact_oapi_schema_t *)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    for (int i = 0; i < l->pending->nelts; i++) {
        const mact_oapi_schema_t *s = APR_ARRAY_IDX(l->pending, i, mact_oapi_schema_t *);

        for (int j = 0; s->properties && j < s->properties->nelts; j++) {
            mact_property_t *property = &APR_ARRAY_IDX(s->properties, j, mact_property_t);
            property->fill = property->schema->fill;
        }
        if (check_default(l, s) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    apr_array_clear(l->pending);
    return APR_SUCCESS;
}

/* ---- asking ------------------------------------------------------------------------------------------------ */

static const mact_oapi_schema_t *property_of(const apr_array_header_t *branches, const char *name)
{
    const mact_oapi_schema_t *found = NULL;

    for (int i = 0; branches && i < branches->nelts && !found; i++) {
        found = mact_oapi_property(APR_ARRAY_IDX(branches, i, const mact_oapi_schema_t *), name);
    }
    return found;
}

const mact_oapi_schema_t *mact_oapi_property(const mact_oapi_schema_t *schema, const char *name)
{
    const mact_property_t *property = schema->by_name ? apr_hash_get(schema->by_name, name, APR_HASH_KEY_STRING) : NULL;
    const mact_oapi_schema_t *found = property ? property->schema : NULL;

    if (!found && schema->ref) {
        found = mact_oapi_property(schema->ref, name);
    }
    found = found ? found : property_of(schema->all_of, name);
    found = found ? found : property_of(schema->any_of, name);
    return found ? found : property_of(schema->one_of, name);
}

const char *mact_oapi_type(const mact_oapi_schema_t *schema)
{
    switch (schema->effective & ~(unsigned)MACT_TYPE_NULL) {
    case MACT_TYPE_STRING:
        return schema->uuid ? "uuid" : "string";
    case MACT_TYPE_INTEGER:
        return "integer";
    case MACT_TYPE_INTEGER | MACT_TYPE_NUMBER:
        return "number";
    case MACT_TYPE_BOOLEAN:
        return "boolean";
    case MACT_TYPE_ARRAY:
    case MACT_TYPE_OBJECT:
    case MACT_TYPE_ARRAY | MACT_TYPE_OBJECT:
        return "json";
    default:
        return NULL;
    }
}
