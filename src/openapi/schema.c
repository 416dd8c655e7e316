/*
 * openapi/schema.c: JSON Schema, compiled.
 *
 * One table says which keywords there are and what becomes of each; a keyword that is not in it would silently
 * check nothing, so it is a mistake.  A schema is compiled once however often it is referred to; circles are fine
 * where they go down into the value, and a mistake where they come back to the same one.
 */
#include "inside.h"

#include <string.h>

#include <apr_strings.h>

typedef apr_status_t keyword_fn(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                int line);

typedef struct {
    const char *key;
    keyword_fn *compile;
} keyword_t;

static const struct {
    const char *name;
    unsigned bits;
} types[] = {
    {"null", MACT_TYPE_NULL},     {"boolean", MACT_TYPE_BOOLEAN}, {"integer", MACT_TYPE_INTEGER},
    {"number", MACT_TYPE_NUMBER}, {"string", MACT_TYPE_STRING},   {"array", MACT_TYPE_ARRAY},
    {"object", MACT_TYPE_OBJECT},
};

static const struct {
    const char *name;
    mact_format_e format;
} formats[] = {
    {"uuid", MACT_FORMAT_UUID},    {"date-time", MACT_FORMAT_DATE_TIME},
    {"date", MACT_FORMAT_DATE},    {"email", MACT_FORMAT_EMAIL},
    {"uri", MACT_FORMAT_URI},      {"int64", MACT_FORMAT_NOTED},
    {"binary", MACT_FORMAT_NOTED},
};

/* ---- keywords ---------------------------------------------------------------------------------------------- */

static apr_status_t note_only(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                              int line)
{
    (void)l, (void)s, (void)key, (void)value, (void)line;
    return APR_SUCCESS;
}

static apr_status_t keep_type(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                              int line)
{
    const char *words = NULL;
    int count = 0;
    apr_size_t n = json_is_array(value) ? json_array_size(value) : 1;

    if (n == 0) {
        return mact_oapi_mistake(l, line, "`%s` is an empty list: leave it out if any type will do", key);
    }
    for (apr_size_t i = 0; i < n; i++) {
        const char *name = json_string_value(json_is_array(value) ? json_array_get(value, i) : value);
        unsigned bits = 0;

        for (unsigned t = 0; name && t < sizeof(types) / sizeof(types[0]); t++) {
            bits |= strcmp(types[t].name, name) ? 0 : types[t].bits;
        }
        if (!bits) {
            return mact_oapi_mistake(
                l, line, "`%s` must be null, boolean, integer, number, string, array or object, or a list of them%s",
                key,
                json_is_null(value) || (json_is_array(value) && json_is_null(json_array_get(value, i)))
                    ? ": quote 'null'"
                    : "");
        }
        s->types |= bits;
        if (bits != MACT_TYPE_NULL) {
            words = words ? apr_pstrcat(l->pool, words, " or ", name, NULL) : apr_pstrdup(l->pool, name);
            count++;
        }
    }
    s->type_words = words ? words : "null";
    s->type_name = count == 1 ? words : NULL;
    return APR_SUCCESS;
}

static apr_status_t keep_enum(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                              int line)
{
    if (!json_is_array(value) || (l->doc && json_array_size(value) == 0)) {
        return mact_oapi_mistake(l, line, "`%s` must be a list of at least one value", key);
    }
    s->choices = value;
    return APR_SUCCESS;
}

static apr_status_t keep_const(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                               int line)
{
    (void)l, (void)key, (void)line;
    s->constant = value;
    return APR_SUCCESS;
}

static apr_status_t keep_bound(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                               int line)
{
    if (!json_is_number(value)) {
        return mact_oapi_mistake(l, line, "`%s` must be a number%s", key,
                                 json_is_boolean(value) ? ": OpenAPI 3.1 writes the bound itself here" : "");
    }
    if (!strcmp(key, "minimum")) {
        s->minimum = value;
    } else if (!strcmp(key, "maximum")) {
        s->maximum = value;
    } else if (!strcmp(key, "exclusiveMinimum")) {
        s->above = value;
    } else if (!strcmp(key, "exclusiveMaximum")) {
        s->below = value;
    } else if (json_number_value(value) > 0) {
        s->multiple = value;
    } else {
        return mact_oapi_mistake(l, line, "`%s` must be greater than 0", key);
    }
    return APR_SUCCESS;
}

static apr_status_t keep_count(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                               int line)
{
    json_int_t count;

    if (!json_is_number(value) || !mact_oapi_integral(value) || json_number_value(value) < 0 ||
        json_number_value(value) > 1e15) {
        return mact_oapi_mistake(l, line, "`%s` must be a whole number from 0", key);
    }
    count = (json_int_t)json_number_value(value);
    if (!strcmp(key, "minLength")) {
        s->min_length = count;
    } else if (!strcmp(key, "maxLength")) {
        s->max_length = count;
    } else if (!strcmp(key, "minItems")) {
        s->min_items = count;
    } else if (!strcmp(key, "maxItems")) {
        s->max_items = count;
    } else if (!strcmp(key, "minProperties")) {
        s->min_members = count;
    } else if (!strcmp(key, "x-max-bytes")) {
        s->max_bytes = count;
    } else {
        s->max_members = count;
    }
    return APR_SUCCESS;
}

static apr_status_t keep_pattern(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                 int line)
{
    const char *error = "it is no string";

    if (s->pattern) {
        return mact_oapi_mistake(l, line, "a schema has one `pattern` or one `x-pattern`; `allOf` can ask for more");
    }
    s->pattern = json_is_string(value) ? mact_oapi_pattern(&error, json_string_value(value), l->pool) : NULL;
    return s->pattern ? APR_SUCCESS : mact_oapi_mistake(l, line, "`%s` is no regular expression: %s", key, error);
}

static apr_status_t keep_format(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                int line)
{
    for (unsigned i = 0; json_is_string(value) && i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (!strcmp(formats[i].name, json_string_value(value))) {
            s->format = formats[i].format;
            s->format_name = formats[i].name;
            return APR_SUCCESS;
        }
    }
    return mact_oapi_mistake(l, line,
                             "`%s` would check nothing: known are uuid, date-time, date, email, uri, int64 and binary; "
                             "a `pattern` can say the rest",
                             key);
}

static apr_status_t keep_flag(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                              int line)
{
    int on = json_is_true(value);

    if (!json_is_boolean(value)) {
        return mact_oapi_mistake(l, line, "`%s` must be true or false", key);
    }
    if (!strcmp(key, "uniqueItems")) {
        s->unique = on;
    } else if (!strcmp(key, "x-trim")) {
        s->trim = on;
    } else if (!strcmp(key, "x-email")) {
        s->email = on;
    } else if (!strcmp(key, "x-nearest")) {
        s->nearest = on;
    } else {
        s->text = on ? s->min_length < 0 ? MACT_TEXT_FIRST : MACT_TEXT_LATER : 0;
    }
    return APR_SUCCESS;
}

static apr_status_t keep_items(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                               int line)
{
    (void)key;
    return mact_oapi_compile(&s->items, l, value, line);
}

static apr_status_t keep_additional(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                    int line)
{
    (void)key;
    return mact_oapi_compile(&s->additional, l, value, line);
}

static apr_status_t keep_not(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                             int line)
{
    (void)key;
    return mact_oapi_compile(&s->negated, l, value, line);
}

static apr_status_t keep_properties(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                    int line)
{
    apr_array_header_t *list = apr_array_make(l->pool, (int)json_object_size(value) + 1, sizeof(mact_property_t));
    const char *name;
    json_t *json;

    if (!json_is_object(value)) {
        return mact_oapi_mistake(l, line, "`%s` must be an object of schemas", key);
    }
    s->by_name = apr_hash_make(l->pool);
    json_object_foreach((json_t *)value, name, json) {
        mact_property_t *property = apr_array_push(list);
        property->name = name;
        property->length = strlen(name);
        if (mact_oapi_compile(&property->schema, l, json, mact_oapi_line(l, value, name)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
        apr_hash_set(s->by_name, name, (apr_ssize_t)property->length, property);
    }
    s->properties = list;
    return APR_SUCCESS;
}

static apr_status_t keep_definitions(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                     int line)
{
    const mact_oapi_schema_t *unused;
    const char *name;
    json_t *json;

    (void)s;
    if (!json_is_object(value)) {
        return mact_oapi_mistake(l, line, "`%s` must be an object of schemas", key);
    }
    json_object_foreach((json_t *)value, name, json) {
        if (mact_oapi_compile(&unused, l, json, mact_oapi_line(l, value, name)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t keep_required(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                  int line)
{
    size_t i;
    json_t *name;

    if (!json_is_array(value)) {
        return mact_oapi_mistake(l, line, "`%s` must be a list of the names of properties", key);
    }
    json_array_foreach(value, i, name) {
        if (!json_is_string(name)) {
            return mact_oapi_mistake(l, mact_oapi_line_at(l, value, i),
                                     "`%s` must be a list of the names of properties", key);
        }
    }
    s->required = value;
    return APR_SUCCESS;
}

static int is_null_only(const json_t *json)
{
    const json_t *type = json_object_get(json, "type");

    return json_object_size(json) == 1 && json_is_string(type) && !strcmp(json_string_value(type), "null");
}

static apr_status_t keep_branches(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                  int line)
{
    apr_array_header_t *branches;
    size_t i;
    json_t *json;

    if (!json_is_array(value) || json_array_size(value) == 0) {
        return mact_oapi_mistake(l, line, "`%s` must be a list of at least one schema", key);
    }
    branches = apr_array_make(l->pool, (int)json_array_size(value), sizeof(const mact_oapi_schema_t *));
    json_array_foreach(value, i, json) {
        const mact_oapi_schema_t **branch = apr_array_push(branches);
        if (mact_oapi_compile(branch, l, json, mact_oapi_line_at(l, value, i)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    if (!strcmp(key, "allOf")) {
        s->all_of = branches;
        return APR_SUCCESS;
    }
    if (branches->nelts == 2 && is_null_only(json_array_get(value, 0)) != is_null_only(json_array_get(value, 1))) {
        s->nullable = APR_ARRAY_IDX(branches, is_null_only(json_array_get(value, 0)), const mact_oapi_schema_t *);
    }
    if (!strcmp(key, "anyOf")) {
        s->any_of = branches;
    } else {
        s->one_of = branches;
    }
    return APR_SUCCESS;
}

static apr_status_t keep_ref(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                             int line)
{
    const char *ref = json_string_value(value);
    const json_t *target;

    if (!ref || *ref != '#') {
        return mact_oapi_mistake(l, line,
                                 "`%s` must name something in this document, such as '#/components/schemas/Name'", key);
    }
    target = mact_oapi_resolve(l->root, ref, l->tmp);
    if (!target) {
        return mact_oapi_mistake(l, line, "`%s` %s names nothing in this document", key, ref);
    }
    return mact_oapi_compile(&s->ref, l, target, json_is_object(target) ? mact_oapi_line(l, target, NULL) : line);
}

static apr_status_t keep_default(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                 int line)
{
    (void)l, (void)key, (void)line;
    s->fill = value;
    return APR_SUCCESS;
}

/* ---- ours -------------------------------------------------------------------------------------------------- */

static apr_status_t instant_offset(mact_oapi_loader_t *l, mact_instant_t *t, const json_t *value, int line)
{
    const char *text = json_string_value(value);

    if (!text || (strcmp(text, "required") && strcmp(text, "optional"))) {
        return mact_oapi_mistake(l, line, "`offset` must be required or optional");
    }
    t->offset_required = !strcmp(text, "required");
    return APR_SUCCESS;
}

static apr_status_t instant_number(mact_oapi_loader_t *l, int *number, const char *key, const json_t *value, int line,
                                   int least, int most)
{
    if (!json_is_integer(value) || json_integer_value(value) < least || json_integer_value(value) > most) {
        return mact_oapi_mistake(l, line, "`%s` must be a whole number from %d to %d", key, least, most);
    }
    *number = (int)json_integer_value(value);
    return APR_SUCCESS;
}

static apr_status_t instant_flag(mact_oapi_loader_t *l, int *flag, const char *key, const json_t *value, int line)
{
    if (!json_is_boolean(value)) {
        return mact_oapi_mistake(l, line, "`%s` must be true or false", key);
    }
    *flag = json_is_true(value);
    return APR_SUCCESS;
}

static apr_status_t instant_key(mact_oapi_loader_t *l, mact_instant_t *t, const char *key, const json_t *value,
                                int line)
{
    if (!strcmp(key, "offset")) {
        return instant_offset(l, t, value, line);
    }
    if (!strcmp(key, "date-only")) {
        return instant_flag(l, &t->date_only, key, value, line);
    }
    if (!strcmp(key, "space")) {
        return instant_flag(l, &t->space, key, value, line);
    }
    if (!strcmp(key, "short-offset")) {
        return instant_flag(l, &t->short_offset, key, value, line);
    }
    if (!strcmp(key, "upper-case")) {
        return instant_flag(l, &t->upper_case, key, value, line);
    }
    if (!strcmp(key, "utc")) {
        return instant_flag(l, &t->utc, key, value, line);
    }
    if (!strcmp(key, "fraction")) {
        return instant_number(l, &t->fraction, key, value, line, 0, 30);
    }
    if (!strcmp(key, "from")) {
        return instant_number(l, &t->from, key, value, line, 1, 9999);
    }
    if (!strcmp(key, "to")) {
        return instant_number(l, &t->to, key, value, line, 1, 9999);
    }
    if (!strcmp(key, "seconds")) {
        const char *text = json_string_value(value);
        if (!text || (strcmp(text, "required") && strcmp(text, "optional"))) {
            return mact_oapi_mistake(l, line, "`seconds` must be required or optional");
        }
        t->seconds_optional = !strcmp(text, "optional");
        return APR_SUCCESS;
    }
    return mact_oapi_mistake(
        l, line,
        "x-instant knows no `%s`: offset, date-only, space, seconds, short-offset, upper-case, fraction, from, to and "
        "utc",
        key);
}

static apr_status_t keep_instant(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                 int line)
{
    mact_instant_t *t = apr_pcalloc(l->pool, sizeof(*t));
    const char *name;
    json_t *json;

    if (!json_is_object(value)) {
        return mact_oapi_mistake(l, line, "`%s` must be an object such as {offset: required}", key);
    }
    t->offset_required = 1;
    t->fraction = 9;
    t->from = 1;
    t->to = 9999;
    json_object_foreach((json_t *)value, name, json) {
        if (instant_key(l, t, name, json, mact_oapi_line(l, value, name)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    s->instant = t;
    return APR_SUCCESS;
}

/* Whether a schema, or what it refers to, asks for an instant. */
static int is_instant(const mact_oapi_loader_t *l, const json_t *json)
{
    for (int steps = 0; json && steps < MACT_NESTING_MOST; steps++) {
        const char *ref = json_string_value(json_object_get(json, "$ref"));

        if (json_object_get(json, "x-instant")) {
            return 1;
        }
        json = ref && *ref == '#' ? mact_oapi_resolve(l->root, ref, l->tmp) : NULL;
    }
    return 0;
}

/* x-same and x-after: {a: b}; x-unlike and x-unlike-caseless: {a: [b, c]}.  All of them are properties; those of x-after are instants. */
static apr_status_t keep_comparison(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value, int line)
{
    const json_t *properties = json_object_get(s->json, "properties"), *one;
    int after = !strcmp(key, "x-after"), single = after || !strcmp(key, "x-same");
    const char *form = single ? "{a: b}" : "{a: [b, c]}", *name;
    json_t *others;

    if (!json_is_object(value)) {
        return mact_oapi_mistake(l, line, "`%s` must be an object such as %s", key, form);
    }
    json_object_foreach((json_t *)value, name, others)
    {
        size_t count = single ? 1 : json_array_size(others);

        for (size_t i = 0; i < count || i == 0; i++) {
            one = single ? others : json_array_get(others, i);
            one = json_is_string(one) ? json_object_get(properties, json_string_value(one)) : NULL;
            if (!one || !json_object_get(properties, name)) {
                return mact_oapi_mistake(l, mact_oapi_line(l, value, name), "`%s` compares properties that stand beside it: %s", key, form);
            }
            if (after && (!is_instant(l, one) || !is_instant(l, json_object_get(properties, name)))) {
                return mact_oapi_mistake(l, mact_oapi_line(l, value, name), "`%s` compares properties that have x-instant", key);
            }
        }
    }
    *(after ? &s->after : single ? &s->same : !strcmp(key, "x-unlike") ? &s->unlike : &s->caseless) = value;
    return APR_SUCCESS;
}

static apr_status_t keep_distinct(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value, int line)
{
    if (!json_is_string(value) || !json_object_get(s->json, "items")) {
        return mact_oapi_mistake(l, line, "`%s` stands beside `items` and names a member of theirs", key);
    }
    s->distinct = value;
    return APR_SUCCESS;
}

static apr_status_t keep_wording(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const char *key, const json_t *value,
                                 int line)
{
    (void)key;
    if (!json_is_object(value)) {
        return mact_oapi_mistake(l, line, "`%s` must be an object such as {minimum: {message: ...}}", key);
    }
    s->wording = value;
    return APR_SUCCESS;
}

/* ---- the table --------------------------------------------------------------------------------------------- */

static const keyword_t keywords[] = {
    {"$ref", keep_ref},
    {"$defs", keep_definitions},
    {"type", keep_type},
    {"enum", keep_enum},
    {"const", keep_const},
    {"minimum", keep_bound},
    {"maximum", keep_bound},
    {"exclusiveMinimum", keep_bound},
    {"exclusiveMaximum", keep_bound},
    {"multipleOf", keep_bound},
    {"minLength", keep_count},
    {"maxLength", keep_count},
    {"pattern", keep_pattern},
    {"format", keep_format},
    {"items", keep_items},
    {"minItems", keep_count},
    {"maxItems", keep_count},
    {"uniqueItems", keep_flag},
    {"properties", keep_properties},
    {"required", keep_required},
    {"additionalProperties", keep_additional},
    {"minProperties", keep_count},
    {"maxProperties", keep_count},
    {"allOf", keep_branches},
    {"anyOf", keep_branches},
    {"oneOf", keep_branches},
    {"not", keep_not},
    {"default", keep_default},
    {"x-trim", keep_flag},
    {"x-text", keep_flag},
    {"x-email", keep_flag},
    {"x-pattern", keep_pattern},
    {"x-nearest", keep_flag},
    {"x-instant", keep_instant},
    {"x-same", keep_comparison},
    {"x-unlike", keep_comparison},
    {"x-unlike-caseless", keep_comparison},
    {"x-after", keep_comparison},
    {"x-distinct", keep_distinct},
    {"x-max-bytes", keep_count},
    {"x-violation", keep_wording},
    {"title", note_only},
    {"description", note_only},
    {"example", note_only},
    {"examples", note_only},
    {"deprecated", note_only},
    {"readOnly", note_only},
    {"writeOnly", note_only},
    {"contentMediaType", note_only},
    {"externalDocs", note_only},
    {"$comment", note_only},
    {"$schema", note_only},
};

static const char *remedy(const char *key)
{
    if (!strcmp(key, "nullable")) {
        return "OpenAPI 3.1 says type: [string, 'null']";
    }
    if (!strncmp(key, "x-", 2)) {
        return "known are x-trim, x-text, x-email, x-instant, x-nearest, x-pattern, x-max-bytes, x-same, x-unlike, "
               "x-unlike-caseless, x-after, x-distinct and x-violation";
    }
    return "it would check nothing; docs/api-documents.md lists the keywords that are known";
}

static apr_status_t compile_object(mact_oapi_loader_t *l, mact_oapi_schema_t *s, const json_t *json)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)json, key, value) {
        int line = mact_oapi_line(l, json, key);
        const keyword_t *keyword = NULL;

        for (unsigned i = 0; i < sizeof(keywords) / sizeof(keywords[0]) && !keyword; i++) {
            keyword = strcmp(keywords[i].key, key) ? NULL : &keywords[i];
        }
        if (!keyword) {
            return mact_oapi_mistake(l, line, "the schema keyword `%s` is not known: %s", key, remedy(key));
        }
        if (keyword->compile(l, s, key, value, line) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static mact_oapi_schema_t *blank(mact_oapi_loader_t *l, int line)
{
    mact_oapi_schema_t *s = apr_pcalloc(l->pool, sizeof(*s));

    s->boolean = -1;
    s->min_length = s->max_length = s->min_items = s->max_items = s->min_members = s->max_members = s->max_bytes = -1;
    s->type_words = "value";
    s->line = line;
    APR_ARRAY_PUSH(l->pending, mact_oapi_schema_t *) = s;
    return s;
}

apr_status_t mact_oapi_compile(const mact_oapi_schema_t **schema, mact_oapi_loader_t *l, const json_t *json, int line)
{
    mact_oapi_schema_t *s = apr_hash_get(l->schemas, &json, sizeof(json));
    apr_status_t rv;

    if (s) {
        *schema = s;
        return APR_SUCCESS;
    }
    s = blank(l, line);
    s->json = json;
    *schema = s;
    if (json_is_boolean(json)) {
        s->boolean = json_is_true(json);
        s->effective = s->boolean ? MACT_TYPE_ALL : 0;
        s->mark = 2;
        return APR_SUCCESS;
    }
    if (!json_is_object(json)) {
        return mact_oapi_mistake(l, line, "a schema must be an object, true or false");
    }
    if (++l->depth > MACT_NESTING_MOST) {
        return mact_oapi_mistake(l, line, "schemas are nested more than %d deep", MACT_NESTING_MOST);
    }
    /* Known before it is read: it may refer to itself. */
    apr_hash_set(l->schemas, apr_pmemdup(l->tmp, &json, sizeof(json)), sizeof(json), s);
    rv = compile_object(l, s, json);
    l->depth--;
    return rv;
}

/* ---- a schema by itself ------------------------------------------------------------------------------------ */

apr_status_t mact_oapi_schema(const mact_oapi_schema_t **schema, const char **error, const json_t *json,
                              const json_t *root, apr_pool_t *pool)
{
    mact_oapi_loader_t l;
    apr_status_t rv;

    memset(&l, 0, sizeof(l));
    l.pool = pool;
    l.root = root;
    apr_pool_create(&l.tmp, pool);
    l.schemas = apr_hash_make(l.tmp);
    l.pending = apr_array_make(l.tmp, 16, sizeof(mact_oapi_schema_t *));
    rv = mact_oapi_compile(schema, &l, json, 0);
    if (rv == APR_SUCCESS) {
        rv = mact_oapi_finish(&l);
    }
    *error = l.error;
    apr_pool_destroy(l.tmp);
    return rv;
}
