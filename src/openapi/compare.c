/*
 * openapi/compare.c: rules over several members: x-same, x-unlike, x-unlike-caseless and x-after of an object, x-distinct of an array.
 *
 * They are asked once the members have been judged, and changed, by themselves. What is absent or null differs from nothing, equals nothing
 * and is later than nothing.
 */
#include "inside.h"

#include <string.h>

static const json_t *there(const json_t *object, const char *name)
{
    const json_t *member = json_object_get(object, name);

    return json_is_null(member) ? NULL : member;
}

static void flaw_at(mact_check_t *run, const mact_oapi_schema_t *s, const mact_place_t *place, const char *name, const char *kind,
                    const json_t *limit)
{
    const char *kinds[] = {kind, NULL};
    mact_place_t below = {place, name, 0, place ? place->depth + 1 : 1};

    mact_oapi_flaw(run, s, NULL, name ? &below : place, kinds, limit);
}

/* ---- equal or not ------------------------------------------------------------------------------------------ */

static int are_alike(const json_t *a, const json_t *b, int caseless)
{
    if (caseless && json_is_string(a) && json_is_string(b)) {
        return mact_oapi_same_caseless(json_string_value(a), json_string_length(a), json_string_value(b), json_string_length(b));
    }
    return mact_oapi_equal(a, b);
}

static void compare(mact_check_t *run, const mact_oapi_schema_t *s, const json_t *object, const mact_place_t *place, const char *name,
                    const json_t *other, const char *kind)
{
    const json_t *a = there(object, name), *b = there(object, json_string_value(other));
    int same = !strcmp(kind, "same");

    if (a && b && are_alike(a, b, !same && json_object_get(s->caseless, name)) != same) {
        flaw_at(run, s, place, name, kind, other);
    }
}

/* ---- later ------------------------------------------------------------------------------------------------- */

/* The instant in UTC; NULL for what is none, and for what has been found bad by its own schema. */
static const char *instant_of(const mact_check_t *run, const json_t *member, const mact_place_t *place, const char *name)
{
    /* Every spelling that a schema may admit: which of them it does has been judged. */
    static const mact_instant_t any = {.date_only = 1, .space = 1, .seconds_optional = 1, .short_offset = 1, .fraction = 30,
                                       .from = 1, .to = 9999, .utc = 1};
    mact_place_t below = {place, name, 0, place ? place->depth + 1 : 1};
    const char *utc = NULL;

    if (!json_is_string(member) || mact_oapi_is_told(run, &below)) {
        return NULL;
    }
    return mact_oapi_instant(&utc, &any, json_string_value(member), json_string_length(member), run->pool) ? utc : NULL;
}

/* Both as 2031-05-01T09:00:00Z, perhaps with a fraction before the Z. */
static int is_later(const char *a, const char *b)
{
    enum { SECONDS = 19 };
    int order = strncmp(a, b, SECONDS);

    if (order) {
        return order > 0;
    }
    a += SECONDS + (a[SECONDS] == '.');
    b += SECONDS + (b[SECONDS] == '.');
    for (; *a != 'Z' || *b != 'Z'; a += *a != 'Z', b += *b != 'Z') {
        char x = *a == 'Z' ? '0' : *a, y = *b == 'Z' ? '0' : *b;

        if (x != y) {
            return x > y;
        }
    }
    return 0;
}

static void check_later(mact_check_t *run, const mact_oapi_schema_t *s, const json_t *object, const mact_place_t *place, const char *name,
                        const json_t *other)
{
    const char *a = instant_of(run, json_object_get(object, name), place, name);
    const char *b = instant_of(run, json_object_get(object, json_string_value(other)), place, json_string_value(other));

    if (a && b && !is_later(a, b)) {
        flaw_at(run, s, place, name, "after", other);
    }
}

/* ---- the whole --------------------------------------------------------------------------------------------- */

void mact_oapi_compare_members(mact_check_t *run, const mact_oapi_schema_t *s, const json_t *object, const mact_place_t *place)
{
    const json_t *lists[] = {s->unlike, s->caseless};
    const char *name;
    json_t *other, *others;
    size_t i;

    json_object_foreach((json_t *)s->same, name, other)
    {
        compare(run, s, object, place, name, other, "same");
    }
    for (int list = 0; list < 2; list++) {
        json_object_foreach((json_t *)lists[list], name, others)
        {
            json_array_foreach(others, i, other)
            {
                compare(run, s, object, place, name, other, "unlike");
            }
        }
    }
    json_object_foreach((json_t *)s->after, name, other)
    {
        check_later(run, s, object, place, name, other);
    }
}

void mact_oapi_compare_items(mact_check_t *run, const mact_oapi_schema_t *s, const json_t *array, const mact_place_t *place)
{
    json_t *members, *item;
    size_t i;

    if (!s->distinct) {
        return;
    }
    members = json_array();
    json_array_foreach(array, i, item)
    {
        const json_t *member = there(item, json_string_value(s->distinct));

        if (member) {
            json_array_append(members, (json_t *)member);
        }
    }
    if (!mact_oapi_distinct(members, run->pool)) {
        flaw_at(run, s, place, NULL, "distinct", s->distinct);
    }
    json_decref(members);
}

int mact_oapi_is_rule(const char *kind)
{
    return !strcmp(kind, "same") || !strcmp(kind, "unlike") || !strcmp(kind, "after") || !strcmp(kind, "distinct");
}
