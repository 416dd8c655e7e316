/*
 * openapi/read.c: a request's parameters and body, parsed, checked and bound.
 *
 * Everything is looked at, so that a client is told all that is wrong at once.  What a client may send is bounded
 * here: nesting, the number of values and of flaws that are told, numbers that fit, text that is UTF-8 without U+0000.
 */
#include "inside.h"
#include "json/json.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

typedef struct {
    const mact_operation_t *o;
    const mact_oapi_raw_t *raw;
    mact_oapi_input_t *input;
    apr_array_header_t *violations;
    apr_pool_t *pool;
    unsigned *steps;
    int wide;        /* the body has integers beyond 64 bits, which are doubles now */
    int body_unread; /* json-invalid or media-type is the document's fault for it */
} reading_t;

static mact_check_t check_of(const reading_t *r, const char *in)
{
    mact_check_t run = {r->o->op.doc, in, r->violations, r->pool, 1, 0, NULL, r->steps, r->wide};

    return run;
}

static int has_fault(const reading_t *r, const char *name)
{
    return mact_oapi_fault(r->o->op.doc, &r->o->op, name) != NULL;
}

/* ---- parameters -------------------------------------------------------------------------------------------- */

/* What the database gets: numbers and booleans in JSON's spelling, strings as they are. */
static const char *bound(const json_t *value, apr_pool_t *pool)
{
    if (!value || json_is_null(value)) {
        return NULL;
    }
    return json_is_string(value) ? apr_pstrmemdup(pool, json_string_value(value), json_string_length(value))
                                 : mact_oapi_text(value, pool);
}

static void read_parameter(reading_t *r, int index, const char *text, apr_size_t length)
{
    const mact_oapi_param_t *parameter = &APR_ARRAY_IDX(r->o->op.parameters, index, const mact_oapi_param_t);
    mact_check_t run = check_of(r, parameter->in);
    const mact_place_t place = {NULL, parameter->name, 0, 1};
    const char *kind;
    json_t *value;

    if (!text) {
        const char *kinds[] = {"required", NULL};
        if (parameter->required) {
            mact_oapi_flaw(&run, parameter->schema, NULL, &place, kinds, NULL);
        }
        r->input->parameters[index] = bound(parameter->schema->fill, r->pool);
        return;
    }
    if (!mact_oapi_utf8(text, length)) {
        mact_oapi_flaw_plain(&run, &place, "encoding");
        return;
    }
    value = mact_oapi_parse(&kind, parameter->schema, text, length);
    if (!value) {
        const char *kinds[] = {kind, "parse", NULL};
        mact_oapi_flaw(&run, parameter->schema, NULL, &place, kinds, NULL);
        return;
    }
    mact_oapi_check(&run, parameter->schema, &value, &place);
    r->input->parameters[index] = bound(value, r->pool);
    json_decref(value);
}

/* The last of that name, or NULL. */
static const mact_pair_t *pair_of(const apr_array_header_t *pairs, const char *name)
{
    for (int i = pairs->nelts - 1; i >= 0; i--) {
        const mact_pair_t *pair = &APR_ARRAY_IDX(pairs, i, const mact_pair_t);
        if (pair->name_length == strlen(name) && !strcmp(pair->name, name)) {
            return pair;
        }
    }
    return NULL;
}

static int has_nul(const char *text, apr_size_t length)
{
    return memchr(text, '\0', length) != NULL;
}

/* Whether the operation has a query parameter of that name. */
static int is_described(const reading_t *r, const mact_pair_t *pair)
{
    for (int i = 0; i < r->o->op.parameters->nelts; i++) {
        const mact_oapi_param_t *parameter = &APR_ARRAY_IDX(r->o->op.parameters, i, const mact_oapi_param_t);
        if (*parameter->in == 'q' && strlen(parameter->name) == pair->name_length && !strcmp(parameter->name, pair->name)) {
            return 1;
        }
    }
    return 0;
}

/*
 * The pairs of the query.  What is not form-encoded UTF-8 is told where it stands, at `query` if that has no good name; where the
 * document ignores what it does not describe, only what it describes.  NULL, and told at `query`, if there are too many: then nobody
 * knows what is missing.
 */
static const apr_array_header_t *query_pairs(reading_t *r)
{
    const char *query = r->raw->query ? r->raw->query : "";
    mact_check_t run = check_of(r, "query");
    apr_array_header_t *pairs;

    if (mact_oapi_form(&pairs, query, strlen(query), r->pool) == APR_ENOSPC) {
        mact_oapi_flaw_plain(&run, NULL, "encoding");
        return NULL;
    }
    for (int i = 0; i < pairs->nelts && r->violations->nelts < MACT_VIOLATIONS_MOST; i++) {
        const mact_pair_t *pair = &APR_ARRAY_IDX(pairs, i, const mact_pair_t);
        const mact_place_t place = {NULL, pair->name, 0, 1};

        if (!r->o->op.doc->inside->query_checked && !is_described(r, pair)) {
            continue;
        }
        if (has_nul(pair->name, pair->name_length) || (pair->broken && !pair->name_length)) {
            mact_oapi_flaw_plain(&run, NULL, "encoding");
        } else if (pair->broken) {
            mact_oapi_flaw_plain(&run, &place, "encoding");
        } else if (has_nul(pair->value, pair->value_length)) {
            mact_oapi_flaw_plain(&run, &place, "nul");
        }
    }
    return pairs;
}

static void read_query(reading_t *r, int index, const char *name, const apr_array_header_t *pairs)
{
    const mact_pair_t *pair = pair_of(pairs, name);

    if (pair && (pair->broken || has_nul(pair->value, pair->value_length))) {
        return; /* told already */
    }
    if (pair && pair->value_length == 0 && r->o->op.doc->inside->empty_query_absent) {
        pair = NULL;
    }
    read_parameter(r, index, pair ? pair->value : NULL, pair ? pair->value_length : 0);
}

static void read_parameters(reading_t *r)
{
    const apr_array_header_t *parameters = r->o->op.parameters;
    const apr_array_header_t *pairs = query_pairs(r);

    for (int i = 0; i < parameters->nelts; i++) {
        const mact_oapi_param_t *parameter = &APR_ARRAY_IDX(parameters, i, const mact_oapi_param_t);

        if (*parameter->in == 'q') {
            if (pairs) {
                read_query(r, i, parameter->name, pairs);
            }
        } else {
            const char *text = *parameter->in == 'p' ? r->raw->path_values[i]
                               : r->raw->header      ? r->raw->header(r->raw->baton, parameter->name)
                                                     : NULL;
            read_parameter(r, i, text, text ? strlen(text) : 0);
        }
    }
}

/* ---- body: JSON -------------------------------------------------------------------------------------------- */

/* The body as a whole is no good: a fault of its own if the document has one, else a flaw at `body`. */
static void unread(reading_t *r, const char *fault, const char *kind)
{
    mact_check_t run = check_of(r, "body");

    if (has_fault(r, fault)) {
        r->input->fault = fault;
        r->body_unread = 1;
        return;
    }
    mact_oapi_flaw_plain(&run, NULL, kind);
}

static void read_object(reading_t *r, const mact_content_t *content, json_t *body)
{
    mact_check_t run = check_of(r, "body");

    mact_oapi_fit(&run, content->schema, body);
    mact_oapi_check(&run, content->schema, &body, NULL);
    r->input->body = mact_oapi_keep(body, r->pool);
}

static void read_json(reading_t *r, const mact_content_t *content, const char *text, apr_size_t length)
{
    json_t *body;

    if (!mact_json_within(text, length, MACT_DEPTH_MOST, MACT_VALUES_MOST)) { /* before the parser, which would follow it */
        unread(r, "json-invalid", "json");
        return;
    }
    body = mact_json_read(text, length, JSON_DECODE_ANY, &r->wide, r->pool);
    if (!body) {
        unread(r, "json-invalid", "json");
        return;
    }
    if (!json_is_object(body)) {
        mact_check_t run = check_of(r, "body");
        json_decref(body);
        mact_oapi_flaw_plain(&run, NULL, "json-object");
        return;
    }
    read_object(r, content, body);
}

/* ---- body: forms ------------------------------------------------------------------------------------------- */

/* A field that is not described and cannot be read is no worse than one that can: it is ignored as well. */
static int is_ignored(const reading_t *r, const mact_content_t *content, const mact_pair_t *pair)
{
    int odd_name = has_nul(pair->name, pair->name_length);

    return (pair->broken || odd_name) && !r->o->op.doc->inside->members_checked &&
           (odd_name || !mact_oapi_property(content->schema, pair->name));
}

/* The pairs of form-encoded text.  APR_EGENERAL: one that is described, or might be, is broken; APR_ENOSPC: there are too many. */
static apr_status_t read_pairs(reading_t *r, apr_array_header_t **pairs, const mact_content_t *content, const char *text,
                               apr_size_t length)
{
    if (mact_oapi_form(pairs, text, length, r->pool) == APR_ENOSPC) {
        return APR_ENOSPC;
    }
    for (int i = 0; i < (*pairs)->nelts; i++) {
        const mact_pair_t *pair = &APR_ARRAY_IDX(*pairs, i, const mact_pair_t);
        if (pair->broken && !is_ignored(r, content, pair)) {
            return APR_EGENERAL;
        }
    }
    return APR_SUCCESS;
}

static void read_field(reading_t *r, const mact_content_t *content, json_t *body, const mact_pair_t *pair)
{
    const mact_oapi_schema_t *schema = mact_oapi_property(content->schema, pair->name);
    mact_check_t run = check_of(r, "body");
    const mact_place_t place = {NULL, pair->name, 0, 1};
    const char *kind;
    json_t *value;

    if (is_ignored(r, content, pair)) {
        return;
    }
    if (has_nul(pair->name, pair->name_length)) {
        mact_oapi_flaw_plain(&run, NULL, "nul");
        return;
    }
    value = schema ? mact_oapi_parse(&kind, schema, pair->value, pair->value_length)
                   : json_stringn(pair->value, pair->value_length);
    if (!value) {
        const char *kinds[] = {kind, "parse", NULL};
        mact_oapi_flaw(&run, schema, NULL, &place, kinds, NULL);
        return;
    }
    json_object_set_new(body, pair->name, value);
}

/*
 * A file stands in the body as empty text while that is checked, so that `required` finds it; then it is only a
 * part.
 */
static void with_files(json_t *body, const mact_content_t *content, const apr_array_header_t *files, int there)
{
    for (int i = 0; files && i < files->nelts; i++) {
        const char *name = APR_ARRAY_IDX(files, i, const mact_multipart_part_t).name;

        if (there && mact_oapi_property(content->schema, name)) {
            json_object_set_new(body, name, json_string(""));
        } else if (!there) {
            json_object_del(body, name);
        }
    }
}

static void read_form(reading_t *r, const mact_content_t *content, const char *text, apr_size_t length)
{
    mact_check_t run = check_of(r, "body");
    apr_array_header_t *pairs, *files = NULL;
    apr_status_t rv;
    json_t *body;

    if (content->form == MACT_BODY_MULTIPART) {
        rv = mact_oapi_parts(&pairs, &files, r->raw->content_type, text, length, r->pool);
    } else {
        rv = read_pairs(r, &pairs, content, text, length);
    }
    if (rv != APR_SUCCESS) {
        mact_oapi_flaw_plain(&run, NULL, "encoding");
        return;
    }
    body = json_object();
    for (int i = 0; i < pairs->nelts; i++) {
        read_field(r, content, body, &APR_ARRAY_IDX(pairs, i, const mact_pair_t));
    }
    with_files(body, content, files, 1);
    read_object(r, content, body);
    with_files(r->input->body, content, files, 0);
    r->input->parts = files;
}

/* ---- body: which ------------------------------------------------------------------------------------------- */

/* The media type without parameters, in lower case; NULL where none is given. */
static const char *media_type(const char *header, apr_pool_t *pool)
{
    char *type;
    apr_size_t length;

    if (!header) {
        return NULL;
    }
    header += strspn(header, " \t");
    length = strcspn(header, "; \t,");
    type = apr_pstrmemdup(pool, header, length);
    for (char *c = type; *c; c++) {
        *c = (char)apr_tolower(*c);
    }
    return length ? type : NULL;
}

static int is_json(const char *type)
{
    apr_size_t length = strlen(type);

    return !strcmp(type, "application/json") ||
           (length > 17 && !strncmp(type, "application/", 12) && !strcmp(type + length - 5, "+json"));
}

/* The content that describes a body of that type, the narrowest first; NULL if none does. */
static const mact_content_t *content_of(const mact_operation_t *o, const char *type)
{
    const mact_content_t *json = NULL, *any = NULL;

    for (int i = 0; i < o->contents->nelts; i++) {
        const mact_content_t *content = &APR_ARRAY_IDX(o->contents, i, const mact_content_t);

        if (type && !strcmp(content->type, type)) {
            return content;
        }
        if (!strcmp(content->type, "*/*")) {
            any = content;
        } else if (content->form == MACT_BODY_JSON && (!json || !strcmp(content->type, "application/json"))) {
            json = content;
        }
    }
    if (!type || (is_json(type) && !o->op.doc->inside->json_types_exact)) {
        any = json ? json : any;
    }
    return any || type ? any : &APR_ARRAY_IDX(o->contents, 0, const mact_content_t);
}

static void read_body(reading_t *r)
{
    const mact_operation_t *o = r->o;
    const char *text = r->raw->body;
    apr_size_t length = text ? r->raw->body_length : 0;
    const mact_content_t *content;

    if (!o->contents) {
        return;
    }
    if (length == 0) {
        if (o->op.doc->inside->empty_body_object) {
            read_object(r, &APR_ARRAY_IDX(o->contents, 0, const mact_content_t), json_object());
        } else if (o->body_required) {
            mact_check_t run = check_of(r, "body");
            mact_oapi_flaw_plain(&run, NULL, "body-required");
        }
        return;
    }
    content = content_of(o, media_type(r->raw->content_type, r->pool));
    if (!content) {
        unread(r, "media-type", "media-type");
    } else if (content->form == MACT_BODY_JSON) {
        read_json(r, content, text, length);
    } else {
        read_form(r, content, text, length);
    }
}

int mact_oapi_takes_files(const mact_oapi_op_t *op)
{
    const mact_operation_t *o = (const mact_operation_t *)op;

    for (int i = 0; o->contents && i < o->contents->nelts; i++) {
        if (APR_ARRAY_IDX(o->contents, i, const mact_content_t).form == MACT_BODY_MULTIPART) {
            return 1;
        }
    }
    return 0;
}

/* ---- the whole --------------------------------------------------------------------------------------------- */

/* Where rules over several members come last: they are told only where nothing else is. */
static void rules_last(apr_array_header_t *violations)
{
    int kept = 0;

    for (int i = 0; i < violations->nelts; i++) {
        mact_oapi_violation_t violation = APR_ARRAY_IDX(violations, i, mact_oapi_violation_t);

        if (!mact_oapi_is_rule(violation.kind)) {
            APR_ARRAY_IDX(violations, kept++, mact_oapi_violation_t) = violation;
        }
    }
    violations->nelts = kept ? kept : violations->nelts;
}

static int path_is_bad(const apr_array_header_t *violations)
{
    for (int i = 0; i < violations->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(violations, i, const mact_oapi_violation_t).in, "path")) {
            return 1;
        }
    }
    return 0;
}

void mact_oapi_read(mact_oapi_input_t **input, const mact_oapi_op_t *op, const mact_oapi_raw_t *raw, apr_pool_t *pool)
{
    unsigned steps = 0;
    reading_t r = {(const mact_operation_t *)op,
                   raw,
                   apr_pcalloc(pool, sizeof(**input)),
                   apr_array_make(pool, 4, sizeof(mact_oapi_violation_t)),
                   pool,
                   &steps,
                   0,
                   0};

    *input = r.input;
    r.input->op = op;
    r.input->parameters = apr_pcalloc(pool, ((apr_size_t)op->parameters->nelts + 1) * sizeof(const char *));
    read_parameters(&r);
    if (op->doc->inside->path_not_found && path_is_bad(r.violations)) {
        r.input->fault = "not-found";
        return;
    }
    read_body(&r);
    if (op->doc->inside->rules_last) {
        rules_last(r.violations);
    }
    if (r.violations->nelts) {
        r.input->violations = r.violations;
        r.input->fault = r.body_unread ? r.input->fault : "validation";
    }
}

/* The last file of that name as PostgreSQL reads bytea. */
static const char *part_value(const mact_oapi_input_t *input, const char *name, apr_pool_t *pool)
{
    static const char digits[] = "0123456789abcdef";
    const mact_multipart_part_t *part = NULL;
    char *text;

    for (int i = 0; input->parts && i < input->parts->nelts; i++) {
        const mact_multipart_part_t *one = &APR_ARRAY_IDX(input->parts, i, const mact_multipart_part_t);
        part = strcmp(one->name, name) ? part : one;
    }
    if (!part) {
        return NULL;
    }
    text = apr_palloc(pool, part->length * 2 + 3);
    text[0] = '\\';
    text[1] = 'x';
    for (apr_size_t i = 0; i < part->length; i++) {
        text[2 + 2 * i] = digits[(unsigned char)part->data[i] >> 4];
        text[3 + 2 * i] = digits[(unsigned char)part->data[i] & 15];
    }
    text[2 + 2 * part->length] = '\0';
    return text;
}

const char *mact_oapi_value(const mact_oapi_input_t *input, const mact_oapi_arg_t *arg, apr_pool_t *pool)
{
    switch (arg->source) {
    case MACT_FROM_PATH:
    case MACT_FROM_QUERY:
    case MACT_FROM_HEADER:
        return arg->index >= 0 ? input->parameters[arg->index] : NULL;
    case MACT_FROM_BODY:
        return arg->name     ? bound(json_object_get(input->body, arg->name), pool)
               : input->body ? mact_oapi_text(input->body, pool)
                             : NULL;
    case MACT_FROM_PART:
        return part_value(input, arg->name, pool);
    default:
        return NULL;
    }
}
