/*
 * openapi/fit.c: what a body says that nobody here can hold (json/json.h) is judged where it stands: a flaw in a described member, of no
 * account in one that nobody asks for.
 */
#include "inside.h"
#include "json/json.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Whether an integer beyond 64 bits is in it, as the double that it has become. */
static int has_wide(const json_t *json)
{
    const char *name;
    size_t i;
    json_t *value;

    json_object_foreach((json_t *)json, name, value) {
        if (has_wide(value)) {
            return 1;
        }
    }
    json_array_foreach(json, i, value) {
        if (has_wide(value)) {
            return 1;
        }
    }
    return mact_oapi_wide(json);
}

/* The double that is nearest. */
static json_t *nearest(const char *number)
{
    double real = strpbrk(number, ".eE") ? HUGE_VAL : strtod(number + (*number == '-'), NULL);

    real = isinf(real) ? DBL_MAX : real;
    return json_real(*number == '-' ? -real : real);
}

/* ---- what is described ------------------------------------------------------------------------------------- */

typedef enum { LISTS = 1, OPEN = 2 } members_e;

static int members_of(const mact_oapi_schema_t *schema);

static int members_of_all(const apr_array_header_t *branches)
{
    int members = 0;

    for (int i = 0; branches && i < branches->nelts; i++) {
        members |= members_of(APR_ARRAY_IDX(branches, i, const mact_oapi_schema_t *));
    }
    return members;
}

static int members_of(const mact_oapi_schema_t *schema)
{
    return (schema->properties ? LISTS : 0) | (schema->additional ? OPEN : 0) | (schema->ref ? members_of(schema->ref) : 0) |
           members_of_all(schema->all_of) | members_of_all(schema->any_of) | members_of_all(schema->one_of);
}

/* Whether members that the schema does not name mean nothing: it names some, and says nothing of others. */
static int ignores_others(const mact_oapi_schema_t *schema)
{
    return members_of(schema) == LISTS;
}

static const mact_oapi_schema_t *items_of(const mact_oapi_schema_t *schema);

static const mact_oapi_schema_t *items_of_any(const apr_array_header_t *branches)
{
    const mact_oapi_schema_t *found = NULL;

    for (int i = 0; branches && i < branches->nelts && !found; i++) {
        found = items_of(APR_ARRAY_IDX(branches, i, const mact_oapi_schema_t *));
    }
    return found;
}

/* The schema of an array's elements, through $ref, allOf, anyOf and oneOf; NULL if none says anything of them. */
static const mact_oapi_schema_t *items_of(const mact_oapi_schema_t *schema)
{
    const mact_oapi_schema_t *found = schema->items;

    found = found || !schema->ref ? found : items_of(schema->ref);
    found = found ? found : items_of_any(schema->all_of);
    found = found ? found : items_of_any(schema->any_of);
    return found ? found : items_of_any(schema->one_of);
}

/* ---- a body ------------------------------------------------------------------------------------------------ */

/* `at` is where flaws are told in what nothing describes, and so has no places in it; NULL: where they stand. */
static json_t *examine(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *value, const mact_place_t *place,
                       const mact_place_t *at);

/* What shall stand in the text's place. */
static json_t *examine_text(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *text, const mact_place_t *place,
                            const mact_place_t *at)
{
    const char *number;

    if (!mact_json_has_nul(text)) {
        return text;
    }
    number = mact_json_number(text);
    if (number && schema && !(schema->effective & MACT_TYPE_NUMBER)) {
        return nearest(number); /* the schema asks for integers, or for no number at all, and so has something to say of it */
    }
    if (number) {
        mact_oapi_flaw_plain(run, at ? NULL : place, "number");
    } else {
        mact_oapi_flaw_plain(run, at ? at : place, "nul");
    }
    return text;
}

static void examine_member(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *object, const char *name, json_t *before,
                           const mact_place_t *place, const mact_place_t *at)
{
    const mact_oapi_schema_t *property = schema ? mact_oapi_property(schema, name) : NULL;
    int unknown = schema && !property && ignores_others(schema);
    const mact_place_t below = {place, name, 0, place ? place->depth + 1 : 1};
    json_t *after;

    if (unknown && !run->doc->inside->members_checked) {
        if (mact_json_marked(name) || mact_json_unfit(before)) {
            json_object_del(object, name); /* or the database would be given it */
        }
        return;
    }
    if (unknown && run->wide && has_wide(before)) {
        mact_oapi_flaw_plain(run, NULL, "number");
    }
    if (mact_json_marked(name)) {
        mact_oapi_flaw_plain(run, NULL, "nul");
        json_object_del(object, name);
        return;
    }
    after = examine(run, property, before, &below, at ? at : !property && (unknown || !place) ? &below : NULL);
    if (after != before) {
        json_object_set_new(object, name, after);
    }
}

static json_t *examine(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *value, const mact_place_t *place,
                       const mact_place_t *at)
{
    const char *name;
    json_t *member;
    void *next;

    if (run->violations->nelts >= MACT_VIOLATIONS_MOST) {
        return value;
    }
    if (json_is_string(value)) {
        return examine_text(run, schema, value, place, at);
    }
    json_object_foreach_safe(value, next, name, member) {
        examine_member(run, schema, value, name, member, place, at);
    }
    for (size_t i = 0; i < json_array_size(value); i++) {
        const mact_place_t below = {place, NULL, i, place ? place->depth + 1 : 1};
        json_t *before = json_array_get(value, i);
        json_t *after = examine(run, schema ? items_of(schema) : NULL, before, &below, at);

        if (after != before) {
            json_array_set_new(value, i, after);
        }
    }
    return value;
}

void mact_oapi_fit(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *body)
{
    examine(run, schema, body, NULL, NULL);
}
