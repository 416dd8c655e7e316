/*
 * openapi/check.c: a value held against a compiled schema.
 *
 * All flaws of a request are wanted at once, each with its place, and one for a place: who sent a number for a
 * name need not be told that it is too short as well.  So a keyword that fails does not end the walk, and the
 * place remembers nothing: mact_oapi_flaw leaves out a second flaw of the same place.  Inside anyOf, oneOf and
 * not only the verdict counts, and the first flaw ends it.
 *
 * A schema may change the value: defaults are filled in, white space goes, 10.0 becomes 10.  That happens only to
 * values of a request (run->change), never to a document's.
 */
#include "inside.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <apr_strings.h>

static int enough(const mact_check_t *run)
{
    return run->violations ? run->violations->nelts >= MACT_VIOLATIONS_MOST : run->failed;
}

static void flaw(mact_check_t *run, const mact_oapi_schema_t *s, const mact_place_t *place, const char *kind,
                 const json_t *limit)
{
    const char *kinds[] = {kind, NULL};

    mact_oapi_flaw(run, s, NULL, place, kinds, limit);
}

/* The verdict alone, by a run that changes nothing. */
static int good(const mact_check_t *run, const mact_oapi_schema_t *schema, json_t *value, const mact_place_t *place)
{
    mact_check_t quiet = {NULL, run->in, NULL, run->pool, 0, 0, NULL, run->steps};
    json_t *same = value;

    mact_oapi_check(&quiet, schema, &same, place);
    return !quiet.failed;
}

/* Another schema for the same place: the x-violation beside the reference words its flaws too. */
static void same_place(mact_check_t *run, const mact_oapi_schema_t *from, const mact_oapi_schema_t *to, json_t **value,
                       const mact_place_t *place)
{
    const json_t *outer = run->outer;

    run->outer = outer ? outer : from->wording;
    mact_oapi_check(run, to, value, place);
    run->outer = outer;
}

/* ---- type -------------------------------------------------------------------------------------------------- */

static void flaw_of_type(mact_check_t *run, const mact_oapi_schema_t *s, const json_t *value, const mact_place_t *place)
{
    const char *kinds[6];
    int n = 0;

    if (!run->violations) {
        run->failed = 1;
        return;
    }
    if (json_is_null(value)) {
        kinds[n++] = "null";
    }
    if (s->type_name && !strcmp(s->type_name, "string")) {
        if (s->instant) {
            kinds[n++] = "type-instant";
        } else if (s->format_name) {
            kinds[n++] = apr_pstrcat(run->pool, "type-", s->format_name, NULL);
        }
    }
    if (s->type_name) {
        kinds[n++] = apr_pstrcat(run->pool, "type-", s->type_name, NULL);
    }
    kinds[n++] = "type";
    kinds[n] = NULL;
    mact_oapi_flaw(run, s, NULL, place, kinds, s->choices);
}

static int in_list(const json_t *choices, const json_t *value)
{
    size_t i;
    json_t *choice;

    json_array_foreach(choices, i, choice) {
        if (mact_oapi_equal(choice, value)) {
            return 1;
        }
    }
    return 0;
}

/* ---- strings and numbers ----------------------------------------------------------------------------------- */

static void replace(json_t **value, json_t *by)
{
    if (by) {
        json_decref(*value);
        *value = by;
    }
}

static void check_format(mact_check_t *run, const mact_oapi_schema_t *s, const char *text, apr_size_t length,
                         const mact_place_t *place)
{
    if (s->format != MACT_FORMAT_NONE && !mact_oapi_formatted(s->format, text, length)) {
        const char *kinds[] = {run->violations ? apr_pstrcat(run->pool, "format-", s->format_name, NULL) : "format",
                               "format", NULL};
        mact_oapi_flaw(run, s, NULL, place, kinds, NULL);
    }
    if (s->email && !mact_oapi_email(text, length)) {
        static const char *const kinds[] = {"email", "format-email", "format", NULL};
        mact_oapi_flaw(run, s, NULL, place, kinds, NULL);
    }
}

static void check_string(mact_check_t *run, const mact_oapi_schema_t *s, json_t **value, const mact_place_t *place)
{
    const char *text = json_string_value(*value);
    apr_size_t length = json_string_length(*value);
    const char *utc = NULL;

    if (s->trim) {
        mact_oapi_trimmed(&text, &length);
    }
    if (s->text == MACT_TEXT_FIRST && mact_oapi_blank(text, length)) {
        flaw(run, s, place, "text", NULL);
    }
    if (s->min_length >= 0 && (json_int_t)mact_oapi_characters(text, length) < s->min_length) {
        flaw(run, s, place, "minLength", json_object_get(s->json, "minLength"));
    }
    if (s->max_length >= 0 && (json_int_t)mact_oapi_characters(text, length) > s->max_length) {
        flaw(run, s, place, "maxLength", json_object_get(s->json, "maxLength"));
        return; /* what is too long is not searched */
    }
    if (s->text == MACT_TEXT_LATER && mact_oapi_blank(text, length)) {
        flaw(run, s, place, "text", NULL);
    }
    if (s->pattern && !mact_oapi_matches(s->pattern, text, length)) {
        flaw(run, s, place, "pattern", NULL);
    }
    check_format(run, s, text, length, place);
    if (s->instant &&
        !mact_oapi_instant(s->instant->utc && run->change ? &utc : NULL, s->instant, text, length, run->pool)) {
        flaw(run, s, place, "instant", NULL);
    }
    if (run->change && utc) {
        replace(value, json_string(utc));
    } else if (run->change && length != json_string_length(*value)) {
        replace(value, json_stringn(text, length));
    }
}

static void flaw_of_width(mact_check_t *run, const mact_oapi_schema_t *s, const mact_place_t *place)
{
    static const char *const kinds[] = {"number-integer", "number", NULL};

    mact_oapi_flaw(run, s, NULL, place, kinds, NULL);
}

int mact_oapi_wide(const json_t *number)
{
    return json_is_real(number) && fabs(json_real_value(number)) >= 9223372036854775808.0 && mact_oapi_integral(number);
}

static void check_number(mact_check_t *run, const mact_oapi_schema_t *s, json_t **value, const mact_place_t *place)
{
    if (s->nearest && run->change && mact_oapi_wide(*value)) {
        replace(value, json_integer(json_real_value(*value) < 0 ? INT64_MIN : INT64_MAX));
    }
    if (s->minimum && mact_oapi_compare(*value, s->minimum) < 0) {
        flaw(run, s, place, "minimum", s->minimum);
    }
    if (s->maximum && mact_oapi_compare(*value, s->maximum) > 0) {
        flaw(run, s, place, "maximum", s->maximum);
    }
    if (s->above && mact_oapi_compare(*value, s->above) <= 0) {
        flaw(run, s, place, "exclusiveMinimum", s->above);
    }
    if (s->below && mact_oapi_compare(*value, s->below) >= 0) {
        flaw(run, s, place, "exclusiveMaximum", s->below);
    }
    if (s->multiple && !mact_oapi_multiple(*value, s->multiple)) {
        flaw(run, s, place, "multipleOf", s->multiple);
    }
    if (!run->change || !json_is_real(*value) ||
        (s->types & (MACT_TYPE_INTEGER | MACT_TYPE_NUMBER)) != MACT_TYPE_INTEGER) {
        return;
    }
    if (mact_oapi_wide(*value)) {
        flaw_of_width(run, s, place); /* JSON Schema's integer has no end, a database's has */
    } else {
        replace(value, json_integer((json_int_t)json_real_value(*value)));
    }
}

/* ---- arrays and objects ------------------------------------------------------------------------------------ */

/* What stands below: another place, for which an x-violation further up has nothing to say. */
static json_t *below_of(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *before, const mact_place_t *below)
{
    const json_t *outer = run->outer;
    json_t *after = json_incref(before);

    run->outer = NULL;
    mact_oapi_check(run, schema, &after, below);
    run->outer = outer;
    return after;
}

static void check_array(mact_check_t *run, const mact_oapi_schema_t *s, json_t *array, const mact_place_t *place)
{
    json_int_t count = (json_int_t)json_array_size(array);

    if (s->min_items >= 0 && count < s->min_items) {
        flaw(run, s, place, "minItems", json_object_get(s->json, "minItems"));
    }
    if (s->max_items >= 0 && count > s->max_items) {
        flaw(run, s, place, "maxItems", json_object_get(s->json, "maxItems"));
        return; /* nobody asked for the flaws of a million elements */
    }
    for (size_t i = 0; s->items && i < json_array_size(array) && !enough(run); i++) {
        mact_place_t below = {place, NULL, i, place ? place->depth + 1 : 1};
        json_t *before = json_array_get(array, i);
        json_t *after = below_of(run, s->items, before, &below);

        if (after != before) {
            json_array_set(array, i, after);
        }
        json_decref(after);
    }
    if (s->unique && !mact_oapi_distinct(array, run->pool)) {
        flaw(run, s, place, "uniqueItems", NULL);
    }
    mact_oapi_compare_items(run, s, array, place);
}

static void check_member(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *object, const char *name,
                         json_t *before, const mact_place_t *place)
{
    mact_place_t below = {place, name, 0, place ? place->depth + 1 : 1};
    json_t *after = below_of(run, schema, before, &below);

    if (after != before) {
        json_object_set(object, name, after);
    }
    json_decref(after);
}

static void check_required(mact_check_t *run, const mact_oapi_schema_t *s, const json_t *object,
                           const mact_place_t *place)
{
    static const char *const kinds[] = {"required", NULL};
    size_t i;
    json_t *name;

    json_array_foreach(s->required, i, name) {
        const char *key = json_string_value(name);
        if (!json_object_get(object, key)) {
            mact_place_t below = {place, key, 0, place ? place->depth + 1 : 1};
            mact_oapi_flaw(run, mact_oapi_property(s, key), s, &below, kinds, NULL);
        }
        if (enough(run)) {
            return;
        }
    }
}

static void check_properties(mact_check_t *run, const mact_oapi_schema_t *s, json_t *object, const mact_place_t *place)
{
    for (int i = 0; i < s->properties->nelts && !enough(run); i++) {
        const mact_property_t *property = &APR_ARRAY_IDX(s->properties, i, const mact_property_t);
        json_t *member = json_object_get(object, property->name);

        if (member) {
            check_member(run, property->schema, object, property->name, member, place);
        } else if (run->change && property->fill) {
            json_object_set_new(object, property->name, json_deep_copy(property->fill));
        }
    }
}

static void check_additional(mact_check_t *run, const mact_oapi_schema_t *s, json_t *object, const mact_place_t *place)
{
    const char *name;
    json_t *member;

    json_object_foreach(object, name, member) {
        if (s->by_name && apr_hash_get(s->by_name, name, APR_HASH_KEY_STRING)) {
            continue;
        }
        if (s->additional->boolean == 0) {
            mact_place_t below = {place, name, 0, place ? place->depth + 1 : 1};
            flaw(run, s, &below, "additionalProperties", NULL);
        } else {
            check_member(run, s->additional, object, name, member, place);
        }
        if (enough(run)) {
            return;
        }
    }
}

/* What is kept as it is must not lose digits: the integers in it that were too wide, as doubles by now, are told where they stand. */
static void check_kept(mact_check_t *run, const mact_oapi_schema_t *s, const json_t *value, const mact_place_t *place)
{
    const char *name;
    size_t i;
    json_t *member;

    if (mact_oapi_wide(value)) {
        flaw_of_width(run, s, place);
    }
    json_object_foreach((json_t *)value, name, member) {
        mact_place_t below = {place, name, 0, place ? place->depth + 1 : 1};
        check_kept(run, s, member, &below);
    }
    json_array_foreach(value, i, member) {
        mact_place_t below = {place, NULL, i, place ? place->depth + 1 : 1};
        check_kept(run, s, member, &below);
    }
}

/* An object of any members, which nothing else describes. */
static int is_kept(const mact_oapi_schema_t *s)
{
    return (s->types & MACT_TYPE_OBJECT) && !s->properties && !s->additional && !s->ref && !s->all_of && !s->any_of && !s->one_of;
}

static void check_object(mact_check_t *run, const mact_oapi_schema_t *s, json_t *object, const mact_place_t *place)
{
    json_int_t count = (json_int_t)json_object_size(object);

    if (s->min_members >= 0 && count < s->min_members) {
        flaw(run, s, place, "minProperties", json_object_get(s->json, "minProperties"));
    }
    if (s->max_members >= 0 && count > s->max_members) {
        flaw(run, s, place, "maxProperties", json_object_get(s->json, "maxProperties"));
        return;
    }
    if (s->required) {
        check_required(run, s, object, place);
    }
    if (s->additional && s->additional->boolean != 1) {
        check_additional(run, s, object, place);
    }
    if (s->properties) {
        check_properties(run, s, object, place);
    }
    if (run->wide && is_kept(s)) {
        check_kept(run, s, object, place);
    }
    mact_oapi_compare_members(run, s, object, place);
}

/* ---- combinations ------------------------------------------------------------------------------------------ */

/* How many branches accept the value, counted up to 2; *one is the first of them. */
static int accepting(const mact_check_t *run, const apr_array_header_t *branches, json_t *value,
                     const mact_place_t *place, const mact_oapi_schema_t **one)
{
    int count = 0;

    for (int i = 0; i < branches->nelts && count < 2; i++) {
        const mact_oapi_schema_t *branch = APR_ARRAY_IDX(branches, i, const mact_oapi_schema_t *);
        if (good(run, branch, value, place)) {
            *one = count++ ? *one : branch;
        }
    }
    return count;
}

static void check_branches(mact_check_t *run, const mact_oapi_schema_t *s, json_t **value, const mact_place_t *place)
{
    const mact_oapi_schema_t *one = NULL;

    /* "This or null": what is wrong with this is of more use than that it is neither. */
    if (s->nullable && !json_is_null(*value)) {
        same_place(run, s, s->nullable, value, place);
        return;
    }
    if (s->any_of) {
        if (accepting(run, s->any_of, *value, place, &one) == 0) {
            flaw(run, s, place, "anyOf", NULL);
        } else if (run->change) {
            mact_oapi_check(run, one, value, place);
        }
    }
    if (s->one_of) {
        if (accepting(run, s->one_of, *value, place, &one) != 1) {
            flaw(run, s, place, "oneOf", NULL);
        } else if (run->change) {
            mact_oapi_check(run, one, value, place);
        }
    }
}

static void check_combined(mact_check_t *run, const mact_oapi_schema_t *s, json_t **value, const mact_place_t *place)
{
    for (int i = 0; s->all_of && i < s->all_of->nelts && !enough(run); i++) {
        same_place(run, s, APR_ARRAY_IDX(s->all_of, i, const mact_oapi_schema_t *), value, place);
    }
    if (s->any_of || s->one_of) {
        check_branches(run, s, value, place);
    }
    if (s->negated && good(run, s->negated, *value, place)) {
        flaw(run, s, place, "not", NULL);
    }
}

void mact_oapi_check(mact_check_t *run, const mact_oapi_schema_t *s, json_t **value, const mact_place_t *place)
{
    if (enough(run) || s->boolean == 1) {
        return;
    }
    if (s->boolean == 0) {
        flaw(run, s, place, "not", NULL);
        return;
    }
    if ((place && place->depth > MACT_DEPTH_MOST) || ++*run->steps > MACT_STEPS_MOST) {
        static const char *const kinds[] = {"json", "json-object", NULL};
        mact_oapi_flaw(run, s, NULL, place, kinds, NULL);
        return;
    }
    if (s->ref) {
        same_place(run, s, s->ref, value, place);
    }
    if (s->types && !(s->types & mact_oapi_type_of(*value))) {
        flaw_of_type(run, s, *value, place);
        return;
    }
    if (s->constant && !mact_oapi_equal(*value, s->constant)) {
        flaw(run, s, place, "const", s->constant);
    }
    if (s->choices && !in_list(s->choices, *value)) {
        flaw(run, s, place, "enum", s->choices);
    }
    if (s->max_bytes >= 0 && (json_int_t)strlen(mact_oapi_text(*value, run->pool)) > s->max_bytes) {
        flaw(run, s, place, "bytes", json_object_get(s->json, "x-max-bytes"));
        return; /* what is too long is not searched */
    }
    if (json_is_string(*value)) {
        check_string(run, s, value, place);
    } else if (json_is_number(*value)) {
        check_number(run, s, value, place);
    } else if (json_is_array(*value)) {
        check_array(run, s, *value, place);
    } else if (json_is_object(*value)) {
        check_object(run, s, *value, place);
    }
    check_combined(run, s, value, place);
}

int mact_oapi_valid(const mact_oapi_schema_t *schema, const json_t *value, apr_pool_t *pool)
{
    unsigned steps = 0;
    mact_check_t run = {NULL, "body", NULL, pool, 0, 0, NULL, &steps};
    json_t *same = (json_t *)value; /* a run that may not change leaves it alone */

    mact_oapi_check(&run, schema, &same, NULL);
    return !run.failed;
}
