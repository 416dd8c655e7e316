/*
 * openapi/words.c: what is wrong, in the document's own words.
 *
 * A flaw has kinds from narrow to wide (`type-integer`, `type`), each of which may be worded for a place
 * (`type-integer@query`).  The schema's x-violation is asked first, then the document's words; the narrowest that
 * is given counts.  That every flaw a request can have finds a word is seen at load, not when a client waits for
 * it.
 */
#include "inside.h"

#include <string.h>

#include <apr_strings.h>

/* ---- lookup ------------------------------------------------------------------------------------------------ */

static const json_t *word(const json_t *words, const char *const *kinds, const char *in, apr_pool_t *pool)
{
    for (; words && *kinds; kinds++) {
        const json_t *found = json_object_get(words, apr_pstrcat(pool, *kinds, "@", in, NULL));

        found = found ? found : json_object_get(words, *kinds);
        if (found) {
            return found;
        }
    }
    return NULL;
}

/* What a schema itself, or one that it refers to, says. */
static const json_t *worded(const mact_oapi_schema_t *schema, const char *const *kinds, const char *in,
                            apr_pool_t *pool)
{
    const json_t *found = NULL;

    for (; schema && !found; schema = schema->ref) {
        found = word(schema->wording, kinds, in, pool);
    }
    return found;
}

/* ---- placeholders ------------------------------------------------------------------------------------------ */

static const char *joined(const json_t *choices, int quoted, apr_pool_t *pool)
{
    const char *text = "";
    size_t i, last = 0;
    json_t *choice;
    int count = 0;

    json_array_foreach(choices, i, choice) {
        last = json_is_null(choice) ? last : i;
    }
    json_array_foreach(choices, i, choice) {
        const char *one = json_is_string(choice) ? json_string_value(choice) : mact_oapi_text(choice, pool);
        const char *glue = count == 0 ? "" : quoted && i == last ? " or " : ", ";

        if (json_is_null(choice)) {
            continue; /* whoever may send null need not be told to */
        }
        text = apr_pstrcat(pool, text, glue, quoted ? "'" : "", one, quoted ? "'" : "", NULL);
        count++;
    }
    return text;
}

typedef struct {
    const mact_oapi_schema_t *schema;
    const json_t *limit;
    const char *name;
    const char *kind;
} said_t;

static const char *placeholder(const char *what, const said_t *said, apr_pool_t *pool)
{
    if (!strcmp(what, "limit")) {
        return said->limit
                   ? json_is_string(said->limit) ? json_string_value(said->limit) : mact_oapi_text(said->limit, pool)
                   : "";
    }
    if (!strcmp(what, "s")) {
        return said->limit && json_is_number(said->limit) && json_number_value(said->limit) == 1 ? "" : "s";
    }
    if (!strcmp(what, "type")) {
        const char *type = said->schema && said->schema->types ? said->schema->type_words
                           : said->schema                      ? mact_oapi_type(said->schema)
                                                               : NULL;
        return type ? type : "value";
    }
    if (!strcmp(what, "values")) {
        return joined(said->limit, 0, pool);
    }
    if (!strcmp(what, "quoted")) {
        return joined(said->limit, 1, pool);
    }
    return !strcmp(what, "name") ? said->name : NULL;
}

static const char *expand(const char *message, const said_t *said, apr_pool_t *pool)
{
    apr_array_header_t *parts = apr_array_make(pool, 4, sizeof(const char *));
    const char *open;

    while ((open = strchr(message, '{'))) {
        const char *close = strchr(open, '}');
        const char *by =
            close ? placeholder(apr_pstrmemdup(pool, open + 1, (apr_size_t)(close - open - 1)), said, pool) : NULL;

        APR_ARRAY_PUSH(parts, const char *) = apr_pstrmemdup(pool, message, (apr_size_t)(open - message) + !by);
        if (by) {
            APR_ARRAY_PUSH(parts, const char *) = by;
        }
        message = by ? close + 1 : open + 1;
    }
    APR_ARRAY_PUSH(parts, const char *) = message;
    return apr_array_pstrcat(pool, parts, 0);
}

/* ---- flaws ------------------------------------------------------------------------------------------------- */

static json_t *location(const mact_place_t *place, apr_pool_t *pool)
{
    json_t *loc = mact_oapi_keep(json_array(), pool);

    for (; place; place = place->up) {
        json_array_insert_new(loc, 0, place->name ? json_string(place->name) : json_integer((json_int_t)place->index));
    }
    return loc;
}

static int is_known(const mact_check_t *run, const json_t *loc)
{
    for (int i = 0; i < run->violations->nelts; i++) {
        const mact_oapi_violation_t *other = &APR_ARRAY_IDX(run->violations, i, mact_oapi_violation_t);
        if (!strcmp(other->in, run->in) && mact_oapi_equal(other->loc, loc)) {
            return 1;
        }
    }
    return 0;
}

int mact_oapi_is_told(const mact_check_t *run, const mact_place_t *place)
{
    return run->violations && is_known(run, location(place, run->pool));
}

static const char *member_of(const json_t *word, const json_t *fallback, const char *key)
{
    const char *text = json_string_value(json_object_get(word, key));

    return text ? text : json_string_value(json_object_get(fallback, key));
}

void mact_oapi_flaw(mact_check_t *run, const mact_oapi_schema_t *schema, const mact_oapi_schema_t *holder,
                    const mact_place_t *place, const char *const *kinds, const json_t *limit)
{
    const json_t *words = run->doc ? run->doc->inside->words : NULL;
    const json_t *own, *common, *loc;
    mact_oapi_violation_t *violation;
    const char *message;
    said_t said = {schema, limit, run->in, kinds[0]};
    mact_place_t below = {place, NULL, 0, 0}; /* x-violation may tell it at a member */

    run->failed = 1;
    if (!run->violations || run->violations->nelts >= MACT_VIOLATIONS_MOST) {
        return;
    }
    own = holder ? worded(schema, kinds, run->in, run->pool) : NULL;
    own = own ? own : word(run->outer, kinds, run->in, run->pool);
    own = own ? own : worded(holder ? holder : schema, kinds, run->in, run->pool);
    below.name = json_string_value(json_object_get(own, "at"));
    place = below.name ? &below : place;
    loc = location(place, run->pool);
    if (is_known(run, loc)) {
        return;
    }
    for (; place; place = place->up) {
        if (place->name) {
            said.name = place->name;
            break;
        }
    }
    common = word(words, kinds, run->in, run->pool);
    message = member_of(own, common, "message");
    violation = apr_array_push(run->violations);
    violation->kind = kinds[0];
    violation->in = run->in;
    violation->loc = loc;
    violation->type = member_of(own, common, "type");
    violation->message = expand(message ? message : "is not valid", &said, run->pool);
}

void mact_oapi_flaw_plain(mact_check_t *run, const mact_place_t *place, const char *kind)
{
    const char *kinds[] = {kind, NULL};

    mact_oapi_flaw(run, NULL, NULL, place, kinds, NULL);
}

/* ---- {violations} ------------------------------------------------------------------------------------------ */

static const char *place_text(const mact_oapi_violation_t *violation, apr_pool_t *pool)
{
    const char *text = violation->in;
    size_t i;
    json_t *step;

    json_array_foreach(violation->loc, i, step) {
        text = json_is_string(step)
                   ? apr_pstrcat(pool, text, ".", json_string_value(step), NULL)
                   : apr_psprintf(pool, "%s[%" APR_INT64_T_FMT "]", text, (apr_int64_t)json_integer_value(step));
    }
    return text;
}

static json_t *as_text(const apr_array_header_t *violations, apr_pool_t *pool)
{
    apr_array_header_t *parts = apr_array_make(pool, violations->nelts * 4 + 1, sizeof(const char *));

    for (int i = 0; i < violations->nelts; i++) {
        const mact_oapi_violation_t *violation = &APR_ARRAY_IDX(violations, i, const mact_oapi_violation_t);

        APR_ARRAY_PUSH(parts, const char *) = i ? "; " : "";
        APR_ARRAY_PUSH(parts, const char *) = place_text(violation, pool);
        APR_ARRAY_PUSH(parts, const char *) = ": ";
        APR_ARRAY_PUSH(parts, const char *) = violation->message;
    }
    return json_string(apr_array_pstrcat(pool, parts, 0));
}

static json_t *as_list(const apr_array_header_t *violations)
{
    json_t *list = json_array();

    for (int i = 0; i < violations->nelts; i++) {
        const mact_oapi_violation_t *violation = &APR_ARRAY_IDX(violations, i, const mact_oapi_violation_t);
        json_t *item = json_object();
        json_t *loc = json_array();

        json_array_append_new(loc, json_string(violation->in));
        json_array_extend(loc, (json_t *)violation->loc);
        json_object_set_new(item, "type", json_string(violation->type ? violation->type : violation->kind));
        json_object_set_new(item, "loc", loc);
        json_object_set_new(item, "msg", json_string(violation->message));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *as_fields(const apr_array_header_t *violations)
{
    json_t *fields = json_object();

    for (int i = 0; i < violations->nelts; i++) {
        const mact_oapi_violation_t *violation = &APR_ARRAY_IDX(violations, i, const mact_oapi_violation_t);
        const char *name = json_string_value(json_array_get(violation->loc, 0));
        json_t *messages;

        name = name ? name : violation->in;
        messages = json_object_get(fields, name);
        if (!messages) {
            messages = json_array();
            json_object_set_new(fields, name, messages);
        }
        json_array_append_new(messages, json_string(violation->message));
    }
    return fields;
}

json_t *mact_oapi_violations(const mact_oapi_doc_t *doc, const apr_array_header_t *violations, apr_pool_t *pool)
{
    switch (doc->inside->form) {
    case MACT_FORM_TEXT:
        return as_text(violations, pool);
    case MACT_FORM_LIST:
        return as_list(violations);
    default:
        return as_fields(violations);
    }
}

/* ---- at load ----------------------------------------------------------------------------------------------- */

/* Kinds and what may follow them after a hyphen: nothing, or anything (a type, a format). */
static const struct {
    const char *kind;
    const char *variants; /* words between spaces */
} kinds[] = {
    {"type", " null boolean integer number string array object instant uuid date-time date email uri int64 binary "},
    {"null", NULL},
    {"enum", NULL},
    {"const", NULL},
    {"minimum", NULL},
    {"maximum", NULL},
    {"exclusiveMinimum", NULL},
    {"exclusiveMaximum", NULL},
    {"multipleOf", NULL},
    {"minLength", NULL},
    {"maxLength", NULL},
    {"pattern", NULL},
    {"format", " uuid date-time date email uri "},
    {"minItems", NULL},
    {"maxItems", NULL},
    {"uniqueItems", NULL},
    {"items", NULL},
    {"required", NULL},
    {"additionalProperties", NULL},
    {"minProperties", NULL},
    {"maxProperties", NULL},
    {"allOf", NULL},
    {"anyOf", NULL},
    {"oneOf", NULL},
    {"not", NULL},
    {"json", NULL},
    {"body-required", NULL},
    {"json-object", NULL},
    {"media-type", NULL},
    {"nul", NULL},
    {"number", " integer "},
    {"text", NULL},
    {"instant", NULL},
    {"email", NULL},
    {"encoding", NULL},
    {"same", NULL},
    {"unlike", NULL},
    {"after", NULL},
    {"distinct", NULL},
    {"bytes", NULL},
    {"parse", " integer number boolean "},
};

static int is_kind(const char *name, apr_pool_t *tmp)
{
    const char *at = strchr(name, '@');
    const char *kind = at ? apr_pstrmemdup(tmp, name, (apr_size_t)(at - name)) : name;

    if (at && strcmp(at, "@path") && strcmp(at, "@query") && strcmp(at, "@header") && strcmp(at, "@body")) {
        return 0;
    }
    for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        apr_size_t length = strlen(kinds[i].kind);

        if (!strcmp(kind, kinds[i].kind)) {
            return 1;
        }
        if (kinds[i].variants && !strncmp(kind, kinds[i].kind, length) && kind[length] == '-' && !strchr(kind, ' ') &&
            strstr(kinds[i].variants, apr_pstrcat(tmp, " ", kind + length + 1, " ", NULL))) {
            return 1;
        }
    }
    return 0;
}

static apr_status_t check_message(mact_oapi_loader_t *l, const char *message, int line)
{
    const said_t nothing = {NULL, NULL, "", ""};
    const char *open = message;

    while ((open = strchr(open, '{'))) {
        const char *close = strchr(open, '}');
        const char *name = close ? apr_pstrmemdup(l->tmp, open + 1, (apr_size_t)(close - open - 1)) : NULL;

        if (!name || !placeholder(name, &nothing, l->tmp)) {
            return mact_oapi_mistake(l, line,
                                     "the placeholder {%s} is not known: limit, s, type, values, quoted and name",
                                     name ? name : "");
        }
        open = close;
    }
    return APR_SUCCESS;
}

static apr_status_t check_words(mact_oapi_loader_t *l, const json_t *words, int whole)
{
    const char *name, *key;
    json_t *entry, *text;

    json_object_foreach((json_t *)words, name, entry) {
        int line = mact_oapi_line(l, words, name);

        if (!is_kind(name, l->tmp)) {
            return mact_oapi_mistake(l, line, "`%s` is no kind of violation: docs/api-documents.md lists them", name);
        }
        if (!json_is_object(entry) || (whole && !json_object_get(entry, "message"))) {
            return mact_oapi_mistake(l, line, "`%s` must be an object such as {message: is required}", name);
        }
        json_object_foreach(entry, key, text) {
            line = mact_oapi_line(l, entry, key);
            if ((strcmp(key, "type") && strcmp(key, "message") && (whole || strcmp(key, "at"))) ||
                !json_is_string(text)) {
                return mact_oapi_mistake(l, line, "`%s` has `message` and `type`%s, all text: no `%s`", name,
                                         whole ? "" : " and `at`", key);
            }
            if (!strcmp(key, "message") && check_message(l, json_string_value(text), line) != APR_SUCCESS) {
                return APR_EGENERAL;
            }
        }
    }
    return APR_SUCCESS;
}

apr_status_t mact_oapi_words(mact_oapi_loader_t *l)
{
    apr_hash_index_t *i;

    if (check_words(l, l->doc->inside->words, 1) != APR_SUCCESS) {
        return APR_EGENERAL;
    }
    for (i = apr_hash_first(l->tmp, l->schemas); i; i = apr_hash_next(i)) {
        const mact_oapi_schema_t *schema = apr_hash_this_val(i);
        if (schema->wording && check_words(l, schema->wording, 0) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

/* What the walk over the schemas of requests carries. */
typedef struct {
    mact_oapi_loader_t *l;
    const char *in;
    const char *where; /* the operation, for the message */
    apr_hash_t *seen;
} needed_t;

static apr_status_t need(needed_t *n, const mact_oapi_schema_t *s, const char *kind, const char *narrow)
{
    const char *list[] = {narrow ? narrow : kind, kind, NULL};
    const json_t *words = n->l->doc->inside->words;

    if (word(words, list, n->in, n->l->tmp) ||
        (s && json_object_get(word(s->wording, list, n->in, n->l->tmp), "message"))) {
        return APR_SUCCESS;
    }
    return mact_oapi_mistake(n->l, mact_oapi_line(n->l, words, NULL),
                             "`words` lacks `%s`, which %s can need%s: give it a message",
                             narrow && !strcmp(kind, "parse") ? narrow : kind, n->where,
                             s && s->line ? apr_psprintf(n->l->tmp, " (line %d)", s->line) : "");
}

static apr_status_t need_schema(needed_t *n, const mact_oapi_schema_t *s);

static apr_status_t need_all(needed_t *n, const apr_array_header_t *branches)
{
    for (int i = 0; branches && i < branches->nelts; i++) {
        if (need_schema(n, APR_ARRAY_IDX(branches, i, const mact_oapi_schema_t *)) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t need_own(needed_t *n, const mact_oapi_schema_t *s)
{
    const struct {
        int used;
        const char *kind, *narrow;
    } uses[] = {
        {s->types && s->types != MACT_TYPE_ALL && (strcmp(n->in, "body") == 0), "type",
         s->type_name ? apr_pstrcat(n->l->tmp, "type-", s->type_name, NULL) : NULL},
        {s->choices != NULL, "enum", NULL},
        {s->constant != NULL, "const", NULL},
        {s->minimum != NULL, "minimum", NULL},
        {s->maximum != NULL, "maximum", NULL},
        {s->above != NULL, "exclusiveMinimum", NULL},
        {s->below != NULL, "exclusiveMaximum", NULL},
        {s->multiple != NULL, "multipleOf", NULL},
        {s->min_length > 0, "minLength", NULL},
        {s->max_length >= 0, "maxLength", NULL},
        {s->pattern != NULL, "pattern", NULL},
        {s->format != MACT_FORMAT_NONE && s->format != MACT_FORMAT_NOTED, "format",
         s->format_name ? apr_pstrcat(n->l->tmp, "format-", s->format_name, NULL) : NULL},
        {s->email && !json_object_get(n->l->doc->inside->words, "format-email"), "format", "email"},
        {s->min_items > 0, "minItems", NULL},
        {s->max_items >= 0, "maxItems", NULL},
        {s->unique, "uniqueItems", NULL},
        {s->required && json_array_size(s->required) > 0, "required", NULL},
        {s->additional && s->additional->boolean == 0, "additionalProperties", NULL},
        {s->min_members > 0, "minProperties", NULL},
        {s->max_members >= 0, "maxProperties", NULL},
        {s->any_of && !s->nullable, "anyOf", NULL},
        {s->one_of && !s->nullable, "oneOf", NULL},
        {s->negated || s->boolean == 0, "not", NULL},
        {s->text, "text", NULL},
        {s->instant != NULL, "instant", NULL},
        {s->same != NULL, "same", NULL},
        {s->unlike || s->caseless, "unlike", NULL},
        {s->after != NULL, "after", NULL},
        {s->distinct != NULL, "distinct", NULL},
        {s->max_bytes >= 0, "bytes", NULL},
    };

    for (unsigned i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
        if (uses[i].used && need(n, s, uses[i].kind, uses[i].narrow) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

/* Every keyword of a schema and of those below it; anyOf's branches only where they speak for themselves. */
static apr_status_t need_schema(needed_t *n, const mact_oapi_schema_t *s)
{
    if (apr_hash_get(n->seen, &s, sizeof(s))) {
        return APR_SUCCESS;
    }
    apr_hash_set(n->seen, apr_pmemdup(n->l->tmp, &s, sizeof(s)), sizeof(s), s);
    if (need_own(n, s) != APR_SUCCESS || (s->ref && need_schema(n, s->ref) != APR_SUCCESS) ||
        need_all(n, s->all_of) != APR_SUCCESS || (s->nullable && need_schema(n, s->nullable) != APR_SUCCESS) ||
        (s->items && need_schema(n, s->items) != APR_SUCCESS) ||
        (s->additional && s->additional->boolean < 0 && need_schema(n, s->additional) != APR_SUCCESS)) {
        return APR_EGENERAL;
    }
    for (int i = 0; s->properties && i < s->properties->nelts; i++) {
        if (need_schema(n, APR_ARRAY_IDX(s->properties, i, const mact_property_t).schema) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

/* Text that stands for a number or a boolean may stand for none. */
static apr_status_t need_parse(needed_t *n, const mact_oapi_schema_t *s)
{
    if (s->effective & MACT_TYPE_STRING) {
        return APR_SUCCESS;
    }
    return need(n, s, "parse",
                s->effective & MACT_TYPE_NUMBER    ? "parse-number"
                : s->effective & MACT_TYPE_INTEGER ? "parse-integer"
                                                   : "parse-boolean");
}

static apr_status_t need_body(needed_t *n, const mact_oapi_schema_t *schema, int is_form)
{
    apr_hash_t *faults = n->l->doc->inside->faults;
    const char *const kinds_of_body[] = {"json-object",
                                         "body-required",
                                         "nul",
                                         "number",
                                         apr_hash_get(faults, "json-invalid", APR_HASH_KEY_STRING) ? "nul" : "json",
                                         apr_hash_get(faults, "media-type", APR_HASH_KEY_STRING) ? "nul" : "media-type",
                                         NULL};

    for (const char *const *kind = kinds_of_body; *kind; kind++) {
        if (need(n, NULL, *kind, NULL) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    for (int i = 0; is_form && schema->properties && i < schema->properties->nelts; i++) {
        if (need_parse(n, APR_ARRAY_IDX(schema->properties, i, const mact_property_t).schema) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

apr_status_t mact_oapi_parameter_words(mact_oapi_loader_t *l, const mact_oapi_param_t *parameter, const char *where)
{
    needed_t n = {l, parameter->in, where, apr_hash_make(l->tmp)};

    if (need_parse(&n, parameter->schema) != APR_SUCCESS || need(&n, NULL, "encoding", NULL) != APR_SUCCESS ||
        (*parameter->in == 'q' && need(&n, NULL, "nul", NULL) != APR_SUCCESS) ||
        (parameter->required && strcmp(parameter->in, "path") &&
         need(&n, parameter->schema, "required", NULL) != APR_SUCCESS)) {
        return APR_EGENERAL;
    }
    return need_schema(&n, parameter->schema);
}

apr_status_t mact_oapi_body_words(mact_oapi_loader_t *l, const mact_content_t *content, const char *where)
{
    needed_t n = {l, "body", where, apr_hash_make(l->tmp)};
    int is_form = content->form != MACT_BODY_JSON;

    if (need_body(&n, content->schema, is_form) != APR_SUCCESS ||
        (is_form && need(&n, NULL, "encoding", NULL) != APR_SUCCESS)) {
        return APR_EGENERAL;
    }
    return need_schema(&n, content->schema);
}
