/*
 * openapi/yaml.c: YAML to JSON values, with the lines of every key and element.
 *
 * YAML 1.2's core schema decides what a plain word is.  What has no meaning in JSON is refused with its line
 * rather than guessed: tags, keys that are no text, a key that comes twice, numbers without end.  An alias shares
 * its anchor's value; what a walk over the document would meet is counted, so that aliases of aliases cannot
 * make a small file endless.
 */
#include "inside.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>
#include <yaml.h>

/* What is remembered of one container. */
typedef struct {
    int start;
    apr_hash_t *keys;             /* name to int *; NULL for an array */
    apr_array_header_t *elements; /* of int; NULL for an object */
} notes_t;

/* An anchor's value and how many values a walk through it meets. */
typedef struct {
    json_t *json;
    int nodes;
} anchor_t;

typedef struct {
    mact_oapi_loader_t *l;
    yaml_parser_t parser;
    yaml_event_t event;
    int held; /* event holds something */
    int depth;
    apr_hash_t *anchors; /* name to anchor_t * */
} reader_t;

apr_status_t mact_oapi_mistake(mact_oapi_loader_t *l, int line, const char *format, ...)
{
    va_list args;
    const char *text;

    if (l->error) {
        return APR_EGENERAL;
    }
    va_start(args, format);
    text = apr_pvsprintf(l->pool, format, args);
    va_end(args);
    if (!l->file) {
        l->error = text;
    } else if (line > 0) {
        l->error = apr_psprintf(l->pool, "%s:%d: %s", l->file, line, text);
    } else {
        l->error = apr_psprintf(l->pool, "%s: %s", l->file, text);
    }
    return APR_EGENERAL;
}

int mact_oapi_line(const mact_oapi_loader_t *l, const json_t *container, const char *key)
{
    const notes_t *notes = l->lines ? apr_hash_get(l->lines, &container, sizeof(container)) : NULL;
    const int *line;

    if (!notes) {
        return 0;
    }
    line = key && notes->keys ? apr_hash_get(notes->keys, key, APR_HASH_KEY_STRING) : NULL;
    return line ? *line : notes->start;
}

int mact_oapi_line_at(const mact_oapi_loader_t *l, const json_t *container, apr_size_t index)
{
    const notes_t *notes = l->lines ? apr_hash_get(l->lines, &container, sizeof(container)) : NULL;

    if (!notes) {
        return 0;
    }
    if (notes->elements && index < (apr_size_t)notes->elements->nelts) {
        return APR_ARRAY_IDX(notes->elements, index, int);
    }
    return notes->start;
}

static notes_t *note(reader_t *r, const json_t *container, int line)
{
    notes_t *notes = apr_pcalloc(r->l->tmp, sizeof(*notes));
    const json_t **key = apr_pmemdup(r->l->tmp, &container, sizeof(container));

    notes->start = line;
    apr_hash_set(r->l->lines, key, sizeof(*key), notes);
    return notes;
}

static int event_line(const reader_t *r)
{
    return (int)r->event.start_mark.line + 1;
}

static void drop(reader_t *r)
{
    if (r->held) {
        yaml_event_delete(&r->event);
        r->held = 0;
    }
}

/* libyaml gives no line for a byte that is not UTF-8, only where it is. */
static int problem_line(const reader_t *r, const char *text, apr_size_t length)
{
    int line = 1;

    if (r->parser.error != YAML_READER_ERROR) {
        return (int)r->parser.problem_mark.line + 1;
    }
    for (apr_size_t i = 0; i < r->parser.problem_offset && i < length; i++) {
        line += text[i] == '\n';
    }
    return line;
}

static apr_status_t next(reader_t *r)
{
    drop(r);
    if (!yaml_parser_parse(&r->parser, &r->event)) {
        return APR_EGENERAL; /* told by the caller, which has the text */
    }
    r->held = 1;
    return APR_SUCCESS;
}

/* ---- scalars ----------------------------------------------------------------------------------------------- */

static int all_in(const char *text, const char *set)
{
    const char *p = text;

    while (*p && strchr(set, *p)) {
        p++;
    }
    return p > text && !*p;
}

static int is_one_of(const char *text, const char *const *words)
{
    for (; *words; words++) {
        if (!strcmp(text, *words)) {
            return 1;
        }
    }
    return 0;
}

static int is_decimal(const char *text)
{
    return all_in(text + (*text == '-' || *text == '+'), "0123456789");
}

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? */
static int is_float(const char *text)
{
    apr_size_t whole, fraction = 0;

    text += *text == '-' || *text == '+';
    whole = strspn(text, "0123456789");
    text += whole;
    if (*text == '.') {
        text++;
        fraction = strspn(text, "0123456789");
        text += fraction;
    }
    if (whole + fraction == 0) {
        return 0;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '-' || *text == '+';
        return all_in(text, "0123456789");
    }
    return *text == '\0';
}

static json_t *whole_number(const char *text, int base)
{
    char *end;
    long long number;

    errno = 0;
    number = strtoll(text, &end, base);
    return errno || *end ? NULL : json_integer(number);
}

/* A plain word; NULL with a mistake told if it is none that JSON could say. */
static json_t *plain(reader_t *r, const char *text, apr_size_t length)
{
    static const char *const null[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const yes[] = {"true", "True", "TRUE", NULL};
    static const char *const no[] = {"false", "False", "FALSE", NULL};
    static const char *const endless[] = {".inf",  ".Inf",  ".INF", "+.inf", "+.Inf", "+.INF", "-.inf",
                                          "-.Inf", "-.INF", ".nan", ".NaN",  ".NAN",  NULL};
    json_t *json = NULL;
    double real;

    if (is_one_of(text, null)) {
        return json_null();
    }
    if (is_one_of(text, yes)) {
        return json_true();
    }
    if (is_one_of(text, no)) {
        return json_false();
    }
    if (is_one_of(text, endless)) {
        mact_oapi_mistake(r->l, event_line(r),
                          "%s is no number that JSON knows: leave it out, or quote it if it is text", text);
        return NULL;
    }
    if (is_decimal(text)) {
        json = whole_number(text, 10);
    } else if (!strncmp(text, "0x", 2) && all_in(text + 2, "0123456789abcdefABCDEF")) {
        json = whole_number(text + 2, 16);
    } else if (!strncmp(text, "0o", 2) && all_in(text + 2, "01234567")) {
        json = whole_number(text + 2, 8);
    } else if (is_float(text)) {
        real = strtod(text, NULL);
        json = isfinite(real) ? json_real(real) : NULL;
    } else {
        return json_stringn(text, length);
    }
    if (!json) {
        mact_oapi_mistake(r->l, event_line(r), "the number %s is too large: quote it if it is text", text);
    }
    return json;
}

static json_t *scalar(reader_t *r)
{
    const char *text = (const char *)r->event.data.scalar.value;
    apr_size_t length = r->event.data.scalar.length;
    json_t *json;

    if (r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        return plain(r, text, length);
    }
    json = json_stringn(text, length);
    if (!json) {
        mact_oapi_mistake(r->l, event_line(r), "this text is not UTF-8: save the file as UTF-8");
    }
    return json;
}

/* ---- containers -------------------------------------------------------------------------------------------- */

static json_t *value(reader_t *r, int *nodes);

static apr_status_t member(reader_t *r, json_t *object, notes_t *notes, int *nodes)
{
    int *line = apr_pmemdup(r->l->tmp, &(int){event_line(r)}, sizeof(int));
    const char *key;
    json_t *json;

    if (r->event.type != YAML_SCALAR_EVENT) {
        return mact_oapi_mistake(r->l, *line, "a key must be text, not a list, an object or an alias");
    }
    if (memchr(r->event.data.scalar.value, '\0', r->event.data.scalar.length)) {
        return mact_oapi_mistake(r->l, *line, "a key must not hold U+0000");
    }
    key = apr_pstrmemdup(r->l->tmp, (const char *)r->event.data.scalar.value, r->event.data.scalar.length);
    if (json_object_get(object, key)) {
        return mact_oapi_mistake(r->l, *line, "`%s` stands here twice (first on line %d): keep one of them", key,
                                 *(int *)apr_hash_get(notes->keys, key, APR_HASH_KEY_STRING));
    }
    if (next(r) != APR_SUCCESS || !(json = value(r, nodes))) {
        return APR_EGENERAL;
    }
    apr_hash_set(notes->keys, key, APR_HASH_KEY_STRING, line);
    return json_object_set_new(object, key, json)
               ? mact_oapi_mistake(r->l, *line, "the key `%s` is not UTF-8: save the file as UTF-8", key)
               : APR_SUCCESS;
}

static apr_status_t element(reader_t *r, json_t *array, notes_t *notes, int *nodes)
{
    int line = event_line(r);
    json_t *json = value(r, nodes);

    if (!json) {
        return APR_EGENERAL;
    }
    APR_ARRAY_PUSH(notes->elements, int) = line;
    json_array_append_new(array, json);
    return APR_SUCCESS;
}

static json_t *container(reader_t *r, json_t *json, int *nodes)
{
    notes_t *notes = note(r, json, event_line(r));
    int is_object = json_is_object(json);
    apr_status_t rv;

    if (is_object) {
        notes->keys = apr_hash_make(r->l->tmp);
    } else {
        notes->elements = apr_array_make(r->l->tmp, 4, sizeof(int));
    }
    while ((rv = next(r)) == APR_SUCCESS) {
        if (r->event.type == YAML_MAPPING_END_EVENT || r->event.type == YAML_SEQUENCE_END_EVENT) {
            return json;
        }
        rv = is_object ? member(r, json, notes, nodes) : element(r, json, notes, nodes);
        if (rv != APR_SUCCESS) {
            break;
        }
    }
    json_decref(json);
    return NULL;
}

static json_t *alias(reader_t *r, int *nodes)
{
    const char *name = (const char *)r->event.data.alias.anchor;
    const anchor_t *anchor = apr_hash_get(r->anchors, name, APR_HASH_KEY_STRING);

    if (!anchor) {
        mact_oapi_mistake(r->l, event_line(r), "*%s stands for nothing: an anchor &%s must be complete before it", name,
                          name);
        return NULL;
    }
    *nodes += anchor->nodes;
    return json_incref(anchor->json);
}

/* The anchor and tag of the event at hand; yaml_char_t is unsigned char. */
static const char *anchor_of(const reader_t *r, const char **tag)
{
    const yaml_event_t *e = &r->event;

    switch (e->type) {
    case YAML_SCALAR_EVENT:
        *tag = (const char *)e->data.scalar.tag;
        return (const char *)e->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        *tag = (const char *)e->data.sequence_start.tag;
        return (const char *)e->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        *tag = (const char *)e->data.mapping_start.tag;
        return (const char *)e->data.mapping_start.anchor;
    default:
        *tag = NULL;
        return NULL;
    }
}

/* The value that begins with the event at hand: a new reference, or NULL. */
static json_t *value(reader_t *r, int *nodes)
{
    const char *tag;
    const char *name = anchor_of(r, &tag);
    int line = event_line(r);
    int before = *nodes;
    json_t *json = NULL;

    if (tag) {
        mact_oapi_mistake(r->l, line, "the tag %s has no meaning here: leave it out, quotes make text", tag);
        return NULL;
    }
    name = name ? apr_pstrdup(r->l->tmp, name) : NULL;
    *nodes += 1;
    r->depth++;
    if (r->depth > MACT_NESTING_MOST) {
        mact_oapi_mistake(r->l, line, "nested more than %d deep", MACT_NESTING_MOST);
    } else if (r->event.type == YAML_SCALAR_EVENT) {
        json = scalar(r);
    } else if (r->event.type == YAML_ALIAS_EVENT) {
        json = alias(r, nodes);
    } else {
        json = container(r, r->event.type == YAML_MAPPING_START_EVENT ? json_object() : json_array(), nodes);
    }
    r->depth--;
    if (json && *nodes > MACT_NODES_MOST) {
        mact_oapi_mistake(r->l, line, "the document has more than %d values, aliases counted as often as they are used",
                          MACT_NODES_MOST);
        json_decref(json);
        return NULL;
    }
    if (json && name) {
        anchor_t *anchor = apr_palloc(r->l->tmp, sizeof(*anchor));
        anchor->json = json;
        anchor->nodes = *nodes - before;
        apr_hash_set(r->anchors, name, APR_HASH_KEY_STRING, anchor);
    }
    return json;
}

/* ---- the whole --------------------------------------------------------------------------------------------- */

static apr_status_t stream(reader_t *r)
{
    int nodes = 0;
    json_t *json;

    while (next(r) == APR_SUCCESS && r->event.type != YAML_STREAM_END_EVENT) {
        if (r->event.type == YAML_STREAM_START_EVENT || r->event.type == YAML_DOCUMENT_END_EVENT) {
            continue;
        }
        if (r->event.type == YAML_DOCUMENT_START_EVENT) {
            if (r->l->root) {
                return mact_oapi_mistake(r->l, event_line(r), "a second document begins here: keep one in a file");
            }
            continue;
        }
        json = value(r, &nodes);
        if (!json) {
            return APR_EGENERAL;
        }
        r->l->root = mact_oapi_keep(json, r->l->pool);
    }
    if (!r->held) {
        return APR_EGENERAL;
    }
    return r->l->root ? APR_SUCCESS : mact_oapi_mistake(r->l, 1, "the file is empty: an OpenAPI document is needed");
}

apr_status_t mact_oapi_yaml(mact_oapi_loader_t *l, const char *text, apr_size_t length)
{
    reader_t r;
    apr_status_t rv;

    if (length >= 3 && !memcmp(text, "\xEF\xBB\xBF", 3)) { /* some editors' mark of UTF-8 */
        text += 3;
        length -= 3;
    }
    memset(&r, 0, sizeof(r));
    r.l = l;
    r.anchors = apr_hash_make(l->tmp);
    l->lines = apr_hash_make(l->tmp);
    if (!yaml_parser_initialize(&r.parser)) {
        return APR_ENOMEM;
    }
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, length);
    rv = stream(&r);
    if (rv != APR_SUCCESS && !l->error) {
        mact_oapi_mistake(l, problem_line(&r, text, length), "this is not YAML: %s%s%s",
                          r.parser.problem ? r.parser.problem : "out of memory", r.parser.context ? ", " : "",
                          r.parser.context ? r.parser.context : "");
    }
    drop(&r);
    yaml_parser_delete(&r.parser);
    return rv;
}
