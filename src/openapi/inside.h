/*
 * openapi/inside.h: what the files of this folder share and nobody else sees.
 *
 * The way of a document: yaml.c reads it into JSON values and remembers lines, shape.c holds it against the keys
 * that may stand where, document.c, operation.c, call.c, faults.c and schema.c make of it what a request needs,
 * publish.c what a client may see. The way of a request: route.c finds its operation, read.c its values, check.c
 * judges them, words.c says what is wrong.
 */
#ifndef MACT_OPENAPI_INSIDE_H
#define MACT_OPENAPI_INSIDE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <apr_hash.h>

#include "openapi.h"

/* ---- loading ----------------------------------------------------------------------------------------------- */

/* A document that is being loaded, or a schema by itself (then without file and lines). */
typedef struct {
    apr_pool_t *pool; /* what the document keeps */
    apr_pool_t *tmp;  /* gone after loading */
    const char *file; /* NULL: a schema by itself */
    const json_t *root;
    apr_hash_t *lines;           /* container (its address) to yaml.c's notes on it; NULL for a schema by itself */
    apr_hash_t *schemas;         /* JSON value (its address) to what it was compiled to */
    apr_array_header_t *pending; /* of schema *, compiled and not yet finished */
    mact_oapi_doc_t *doc;
    int (*known_native)(const char *name);
    int depth;         /* of the schema at hand */
    const char *error; /* the first mistake, ready to be shown */
} mact_oapi_loader_t;

#define MACT_DOCUMENT_MOST (8 * 1024 * 1024) /* bytes of a file */
#define MACT_NODES_MOST 500000               /* values of a document, aliases counted as often as they stand */
#define MACT_NESTING_MOST 100                /* of a document and of a schema */

/*
 * Notes a mistake with file and line, if it is the first one.  Always APR_EGENERAL, so that a caller may return
 * it.
 */
apr_status_t mact_oapi_mistake(mact_oapi_loader_t *l, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The line of a member's key, of an element, of the container itself (key NULL); 0 if unknown. */
int mact_oapi_line(const mact_oapi_loader_t *l, const json_t *container, const char *key);
int mact_oapi_line_at(const mact_oapi_loader_t *l, const json_t *container, apr_size_t index);

/* yaml.c: the text of a file as a JSON value, owned by l->pool, in l->root; fills l->lines. */
apr_status_t mact_oapi_yaml(mact_oapi_loader_t *l, const char *text, apr_size_t length);

/* shape.c: every key known and of the right form, every $ref resolved, every schema compiled. */
apr_status_t mact_oapi_shape(mact_oapi_loader_t *l);

/* Follows `$ref` of an object of a document that has its shape; the object itself if it is no reference. */
const json_t *mact_oapi_follow(const mact_oapi_loader_t *l, const json_t *json);

/* The value that a local reference such as #/components/schemas/A names, or NULL. */
const json_t *mact_oapi_resolve(const json_t *root, const char *ref, apr_pool_t *tmp);

/* Releases `json` with the pool. */
json_t *mact_oapi_keep(json_t *json, apr_pool_t *pool);

/* ---- schemas ----------------------------------------------------------------------------------------------- */

enum {
    MACT_TYPE_NULL = 1,
    MACT_TYPE_BOOLEAN = 2,
    MACT_TYPE_INTEGER = 4,
    MACT_TYPE_NUMBER = 8,
    MACT_TYPE_STRING = 16,
    MACT_TYPE_ARRAY = 32,
    MACT_TYPE_OBJECT = 64,
    MACT_TYPE_ALL = 127
};

typedef enum {
    MACT_FORMAT_NONE,
    MACT_FORMAT_UUID,
    MACT_FORMAT_DATE_TIME,
    MACT_FORMAT_DATE,
    MACT_FORMAT_EMAIL,
    MACT_FORMAT_URI,
    MACT_FORMAT_NOTED /* int64, binary: nothing to check in a string */
} mact_format_e;

enum { MACT_TEXT_FIRST = 1, MACT_TEXT_LATER };

/* x-instant */
typedef struct {
    int offset_required;
    int date_only;
    int space;
    int seconds_optional;
    int short_offset;
    int upper_case; /* T and Z only, as ISO 8601 has them; else t and z too, as RFC 3339 allows */
    int fraction;   /* most digits */
    int from, to; /* years */
    int utc;      /* the value is rewritten to UTC */
} mact_instant_t;

typedef struct {
    const char *name;
    apr_size_t length;
    const mact_oapi_schema_t *schema;
    const json_t *fill; /* default for an absent member, or NULL */
} mact_property_t;

struct mact_oapi_schema_t {
    int boolean;            /* 0: refuses all, 1: accepts all, -1: see below */
    unsigned types;         /* of `type`; 0: not given */
    const char *type_words; /* "integer", "string or integer": without null */
    const char *type_name;  /* the only type beside null, or NULL */
    const json_t *constant;
    const json_t *choices;
    const json_t *minimum, *maximum, *above, *below, *multiple;
    json_int_t min_length, max_length, min_items, max_items, min_members, max_members, max_bytes; /* -1: not given */
    pcre2_code *pattern;
    mact_format_e format;
    const char *format_name;
    const mact_instant_t *instant;
    int text; /* 0, or when it is told: before or after minLength, as they stand in the document */
    int trim, email, unique;
    int nearest; /* an integer beyond 64 bits is the nearest of them */
    const mact_oapi_schema_t *items;
    const apr_array_header_t *properties; /* of mact_property_t, or NULL */
    apr_hash_t *by_name;                  /* name to mact_property_t *, or NULL */
    const json_t *required;               /* array or NULL */
    const json_t *same;                   /* x-same: member to the member that it must equal; or NULL */
    const json_t *unlike, *caseless;      /* x-unlike, x-unlike-caseless: member to the members that it must not equal; or NULL */
    const json_t *after;                  /* x-after: member to the member that it must be later than; or NULL */
    const json_t *distinct;               /* x-distinct: the member in which no two items are equal; or NULL */
    const mact_oapi_schema_t *additional;
    const apr_array_header_t *all_of, *any_of, *one_of; /* of const mact_oapi_schema_t *, or NULL */
    const mact_oapi_schema_t *negated;
    const mact_oapi_schema_t *ref;
    const mact_oapi_schema_t *nullable; /* any_of or one_of is "this or null" */
    const json_t *fill;                 /* default or NULL */
    const json_t *wording;              /* x-violation or NULL */
    const json_t *json;                 /* what was compiled */
    int line;
    /* of the whole, with what it refers to */
    unsigned effective; /* types that can be good */
    int uuid;           /* a UUID if it is a string */
    int mark;           /* finish's own: 1 on the way, 2 done */
};

/* Compiles the schema, that stands on `line`; the same value is compiled once. */
apr_status_t mact_oapi_compile(const mact_oapi_schema_t **schema, mact_oapi_loader_t *l, const json_t *json, int line);

/*
 * Resolves what needs all schemas: circles, effective types, defaults.  To be called after the last
 * mact_oapi_compile.
 */
apr_status_t mact_oapi_finish(mact_oapi_loader_t *l);

/* A property by name, through $ref, allOf, anyOf and oneOf; NULL if no schema of them names it. */
const mact_oapi_schema_t *mact_oapi_property(const mact_oapi_schema_t *schema, const char *name);

/*
 * "string", "integer", "number", "boolean", "json", "uuid": what the database gets; NULL where it can be of
 * several types.
 */
const char *mact_oapi_type(const mact_oapi_schema_t *schema);

/* A pattern in ECMAScript's manner.  NULL *error when good. */
pcre2_code *mact_oapi_pattern(const char **error, const char *pattern, apr_pool_t *pool);
int mact_oapi_matches(const pcre2_code *code, const char *text, apr_size_t length);

/* format.c: whether the text is of that format. */
int mact_oapi_formatted(mact_format_e format, const char *text, apr_size_t length);
/* Whether the text is an instant; *utc, where not NULL, is it in UTC (from `pool`). */
int mact_oapi_instant(const char **utc, const mact_instant_t *instant, const char *text, apr_size_t length,
                      apr_pool_t *pool);
/*
 * One @, 1 to 64 characters before it, after it at least two labels, at most 254 in all; no white space or
 * control character.
 */
int mact_oapi_email(const char *text, apr_size_t length);

/* ---- values ------------------------------------------------------------------------------------------------ */

/* Numbers by value: less than 0, 0, greater than 0. */
int mact_oapi_compare(const json_t *a, const json_t *b);
/* Whether a number is a whole one. */
int mact_oapi_integral(const json_t *number);
/* Exact for decimals: 0.3 is a multiple of 0.1. */
int mact_oapi_multiple(const json_t *number, const json_t *of);
/* JSON equality: 1 is 1.0, members have no order. */
int mact_oapi_equal(const json_t *a, const json_t *b);
/* Whether no two elements are equal. */
int mact_oapi_distinct(const json_t *array, apr_pool_t *pool);
/* JSON text, numbers in their shortest spelling. */
const char *mact_oapi_text(const json_t *json, apr_pool_t *pool);
/* Whether it is an integer, however written, that a database's has no room for. */
int mact_oapi_wide(const json_t *json);
/* The type's name as JSON Schema has it. */
unsigned mact_oapi_type_of(const json_t *json);

/* ---- text -------------------------------------------------------------------------------------------------- */

int mact_oapi_utf8(const char *text, apr_size_t length);
apr_size_t mact_oapi_characters(const char *text, apr_size_t length); /* of well-formed UTF-8 */
void mact_oapi_trimmed(const char **text, apr_size_t *length);
int mact_oapi_blank(const char *text, apr_size_t length); /* nothing but white space */

/* One `name=value` of a form, decoded. */
typedef struct {
    const char *name, *value;
    apr_size_t name_length, value_length;
    int broken; /* the value is not well encoded; where the name is not, that is empty */
} mact_pair_t;

/*
 * Splits form-encoded text.  APR_EGENERAL: somewhere a broken %-escape, or not UTF-8; the pairs are there nevertheless.
 * APR_ENOSPC: more than MACT_PAIRS_MOST; so many of them are there.
 */
apr_status_t mact_oapi_form(apr_array_header_t **pairs, const char *text, apr_size_t length, apr_pool_t *pool);

/*
 * Takes a multipart/form-data body apart: fields into `pairs`, files into `files` (of mact_multipart_part_t), whose data stays where it is;
 * a file field that was left alone is nowhere.  APR_EGENERAL: broken, not UTF-8 where it should be, or more than MACT_PARTS_MOST parts.
 */
apr_status_t mact_oapi_parts(apr_array_header_t **pairs, apr_array_header_t **files, const char *content_type, const char *body,
                             apr_size_t length, apr_pool_t *pool);

/*
 * Text to a value of the type that the schema asks for; NULL if it is none (*kind is then "parse-integer" or its
 * like). A new reference.
 */
json_t *mact_oapi_parse(const char **kind, const mact_oapi_schema_t *schema, const char *text, apr_size_t length);

/* ---- checking ---------------------------------------------------------------------------------------------- */

/* A place in an instance, on the stack of the check. */
typedef struct mact_place_t {
    const struct mact_place_t *up; /* NULL: the whole */
    const char *name;              /* NULL: an element */
    apr_size_t index;
    int depth;
} mact_place_t;

typedef struct {
    const mact_oapi_doc_t *doc; /* whose words; NULL: only the verdict counts */
    const char *in;
    apr_array_header_t *violations; /* of mact_oapi_violation_t; NULL: stop at the first flaw */
    apr_pool_t *pool;
    int change; /* fill in defaults, trim, make 1.0 an integer */
    int failed;
    const json_t *outer; /* x-violation beside the $ref or allOf that led to the schema at hand */
    unsigned *steps;     /* how many schemas have been asked, by all runs for one request */
    int wide;            /* integers beyond 64 bits have been read as doubles */
} mact_check_t;

/* A document may have schemas that ask each other so often that a small body costs minutes. */
#define MACT_STEPS_MOST 5000000

/* Judges *value, a reference that is replaced if the schema changes it. */
void mact_oapi_check(mact_check_t *run, const mact_oapi_schema_t *schema, json_t **value, const mact_place_t *place);

/* Reports a flaw: `kinds` from narrow to wide, ended by NULL; limit may be NULL. */
void mact_oapi_flaw(mact_check_t *run, const mact_oapi_schema_t *schema, const mact_oapi_schema_t *holder,
                    const mact_place_t *place, const char *const *kinds, const json_t *limit);
/* The same for a kind without variants, at `place` (NULL: the whole). */
void mact_oapi_flaw_plain(mact_check_t *run, const mact_place_t *place, const char *kind);
/* Whether a flaw at that very place is told already. */
int mact_oapi_is_told(const mact_check_t *run, const mact_place_t *place);

/* compare.c: the rules over several members of an object, and over the items of an array. */
void mact_oapi_compare_members(mact_check_t *run, const mact_oapi_schema_t *s, const json_t *object, const mact_place_t *place);
void mact_oapi_compare_items(mact_check_t *run, const mact_oapi_schema_t *s, const json_t *array, const mact_place_t *place);
/* Whether a kind of violation is such a rule's. */
int mact_oapi_is_rule(const char *kind);

/*
 * Looks for what a body says and nobody can hold, marks and U+0000: tells it where something is described, drops it
 * where nothing is, and gives a number that is too large to its schema, which refuses it.
 */
void mact_oapi_fit(mact_check_t *run, const mact_oapi_schema_t *schema, json_t *body);

/* ---- documents --------------------------------------------------------------------------------------------- */

typedef enum { MACT_BODY_JSON, MACT_BODY_FORM, MACT_BODY_MULTIPART } mact_body_e;

typedef struct {
    const char *type; /* lower case; "*" for any */
    mact_body_e form;
    const mact_oapi_schema_t *schema;
} mact_content_t;

/* An operation with what only this folder knows of it. */
typedef struct {
    mact_oapi_op_t op; /* first */
    const json_t *json;
    int line;
    int body_required;
    apr_array_header_t *contents; /* of mact_content_t, or NULL */
    apr_hash_t *faults;           /* name to mact_oapi_fault_t *: the operation's own; NULL: none */
} mact_operation_t;

/* An operation on its way: what all its steps need. */
typedef struct {
    mact_oapi_loader_t *l;
    mact_operation_t *o;
    const json_t *item;             /* of the path */
    apr_array_header_t *names;      /* of const char *: the template's parameters */
    apr_array_header_t *parameters; /* of mact_oapi_param_t */
} mact_making_t;

typedef struct mact_node_t mact_node_t;

typedef enum { MACT_FORM_TEXT, MACT_FORM_LIST, MACT_FORM_FIELDS } mact_violations_e;

typedef struct {
    mact_rate_t rate;
    mact_rate_key_e key;
} mact_class_t;

struct mact_oapi_inside_t {
    mact_node_t *routes;
    int depth;                /* segments of the longest template */
    apr_hash_t *classes;      /* name to mact_class_t * */
    apr_hash_t *faults;       /* name to mact_oapi_fault_t * */
    const json_t *fault_body; /* x-errors.body or NULL */
    apr_hash_t *fault_names;  /* members that some fault has: what a template may name */
    const json_t *words;      /* object */
    mact_violations_e form;
    int rules_last;         /* x-errors.violations.rules: last */
    int empty_query_absent; /* x-empty-query: absent */
    int empty_body_object;  /* x-empty-body: object */
    int path_not_found;     /* x-path-invalid: not-found */
    int json_types_exact;   /* x-json-types: exact */
    int query_checked;      /* x-unknown-query: checked */
    int members_checked;    /* x-unknown-members: checked */
};

/* As mact_oapi_load, of text that is at hand; `text` NULL: of the file.  `file` is for messages. */
apr_status_t mact_oapi_load_text(const mact_oapi_doc_t **doc, const char **error, const char *name, const char *file,
                                 const char *text, apr_size_t length, int (*known_native)(const char *name),
                                 apr_pool_t *pool);

/* document.c's steps, in their order. */
apr_status_t mact_oapi_faults(mact_oapi_loader_t *l);
apr_status_t mact_oapi_own_faults(mact_oapi_loader_t *l, mact_operation_t *o);
apr_status_t mact_oapi_operations(mact_oapi_loader_t *l);
apr_status_t mact_oapi_words(mact_oapi_loader_t *l);
json_t *mact_oapi_publish(const json_t *root);

/* A text map, such as x-headers, as a table. */
const apr_table_t *mact_oapi_headers(mact_oapi_loader_t *l, const json_t *said);

/* parameters.c: the steps of one operation that read what it takes. */
apr_status_t mact_oapi_template(mact_making_t *m, const char *path, int line);
apr_status_t mact_oapi_parameters(mact_making_t *m);
apr_status_t mact_oapi_body(mact_making_t *m);

/* Whether there is a word for every flaw that a parameter or a body can have; `where` names the operation. */
apr_status_t mact_oapi_parameter_words(mact_oapi_loader_t *l, const mact_oapi_param_t *parameter, const char *where);
apr_status_t mact_oapi_body_words(mact_oapi_loader_t *l, const mact_content_t *content, const char *where);

/*
 * Adds a route.  The other template is given if the same path and method, or another template of the same paths,
 * is there already.
 */
const char *mact_oapi_route(mact_oapi_loader_t *l, const mact_operation_t *o);

/* All methods of the document as in Allow. */
const char *mact_oapi_all_methods(const mact_oapi_loader_t *l);

/* `schema.name(source, …)`.  `o` NULL: of x-caller.  NULL when good, else a sentence. */
const char *mact_oapi_call(const mact_oapi_call_t **call, const mact_oapi_doc_t *doc, const mact_operation_t *o,
                           const char *text, apr_pool_t *pool);

#endif
