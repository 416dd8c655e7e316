/*
 * openapi/openapi.h: an API document, compiled.  What a document may say is in docs/api-documents.md.
 *
 * A document is loaded in post_config (and at configtest), lives in pconf, and is never changed afterwards: every
 * function below but the loader is safe from any thread.  Nothing here knows httpd's request_rec, a directive, a
 * connection or SQL; the unit tests link this folder alone, with the rooms multipart/ and json/ that it stands on.
 */
#ifndef MACT_OPENAPI_H
#define MACT_OPENAPI_H

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>
#include <jansson.h>

#include "multipart/multipart.h"

/* ---- rates ------------------------------------------------------------------------------------------------- */

/* A rate: `count` in each `window`.  off: not limited (count and window are 0). */
typedef struct {
    apr_uint32_t count;              /* 1 .. MACT_RATE_MOST */
    apr_uint32_t window;             /* seconds: 1, 60, 3600 or 86400 */
} mact_rate_t;

#define MACT_RATE_MOST 250000        /* what the limiter's word can count */

typedef enum { MACT_KEY_ADDRESS, MACT_KEY_USER } mact_rate_key_e;

/* Reads `N/second`, `/minute`, `/hour`, `/day` or `off`.  NULL when good, else a sentence saying what is wrong. */
const char *mact_oapi_rate(mact_rate_t *rate, const char *text);

/* ---- what a document holds --------------------------------------------------------------------------------- */

typedef enum { MACT_AUTH_UNSET = -1, MACT_AUTH_NONE, MACT_AUTH_OPTIONAL, MACT_AUTH_REQUIRED } mact_auth_e;

/* What an operation's `security` asks: [] , [{}, {bearer}] , [{bearer}]. */
typedef enum { MACT_SECURITY_NONE, MACT_SECURITY_OPTIONAL, MACT_SECURITY_BEARER } mact_security_e;

typedef enum {
    MACT_FROM_PATH, MACT_FROM_QUERY, MACT_FROM_HEADER, MACT_FROM_BODY /* name NULL: the whole */, MACT_FROM_PART,
    MACT_FROM_TOKEN, MACT_FROM_CALLER, MACT_FROM_NATIVE, MACT_FROM_MOUNT, MACT_FROM_CLIENT, MACT_FROM_REQUEST,
    MACT_FROM_DOCUMENT
} mact_source_e;

/* One argument of a procedure. */
typedef struct {
    mact_source_e source;
    const char *name;
    int index;                       /* of the parameter in op->parameters, for PATH, QUERY and declared HEADER; else -1 */
    const char *type;                /* what its schema says it is: "string", "integer", "number", "boolean", "json", "uuid", or NULL where unknown */
} mact_oapi_arg_t;

/* `schema.name(source, …)` */
typedef struct {
    const char *schema;
    const char *name;
    const apr_array_header_t *args;  /* of mact_oapi_arg_t */
} mact_oapi_call_t;

/* One of `x-native`'s `procedures`. */
typedef struct {
    const char *name;
    const mact_oapi_call_t *call;
} mact_oapi_named_call_t;

typedef struct mact_oapi_schema_t mact_oapi_schema_t;

typedef struct {
    const char *name;
    const char *in;                  /* "path", "query" or "header" */
    int required;
    const mact_oapi_schema_t *schema;
} mact_oapi_param_t;

/* One entry of the fault table: an operation's own before the document's. */
typedef struct {
    const char *name;
    int status;                      /* 0: that of the occasion (fault `http`) */
    const json_t *body;              /* template */
    const json_t *members;           /* all members, for placeholders */
    const apr_table_t *headers;      /* may be NULL */
} mact_oapi_fault_t;

/* `x-secret` of a security scheme: callers send `Authorization: SCHEME SECRET`. */
typedef struct {
    const char *setting;             /* of the mount, that holds the secret; where it is unset nothing is asked */
    const char *scheme;
    const char *fault;
} mact_oapi_secret_t;

typedef struct mact_oapi_doc_t mact_oapi_doc_t;

typedef struct {
    const char *id;                  /* operationId */
    int index;                       /* position in doc->operations */
    const char *method;              /* upper case */
    const char *path;                /* the template */
    const mact_oapi_doc_t *doc;
    mact_security_e security;
    const mact_oapi_secret_t *secret;/* NULL: none is asked */
    const char *rate_class;          /* NULL: none */
    mact_rate_t rate;                /* the document's default; count 0: off */
    mact_rate_key_e rate_key;
    const mact_oapi_call_t *call;    /* NULL: the native does it all */
    const char *native;              /* NULL: none */
    const json_t *native_options;    /* object or NULL: what x-native says besides `name` and `procedures` */
    const apr_array_header_t *procedures; /* of mact_oapi_named_call_t: x-native's `procedures`, in their order; may be empty */
    const apr_array_header_t *admits;/* of const char *, refusals that do not stop the call */
    const json_t *issue;             /* x-issue: what a good reply has besides, with tokens made of the procedure's row; NULL: none */
    const apr_table_t *headers;      /* x-headers of its own, over the document's; may be empty */
    int read_only;
    int has_body;                    /* a requestBody is described */
    apr_off_t body_limit;            /* x-body-limit, in bytes; 0: that of the mount */
    const apr_array_header_t *parameters; /* of mact_oapi_param_t; path parameters first, in path order */
} mact_oapi_op_t;

/* Headers of every reply at a path and below it, whatever answers there. */
typedef struct {
    const char *path;
    const apr_table_t *headers;
} mact_oapi_headers_below_t;

struct mact_oapi_doc_t {
    const char *name;                /* the file's name without .yaml */
    const char *file;
    const char *title;
    const char *version;             /* info.version */
    mact_auth_e auth;                /* x-auth.default */
    int auth_allowed;                /* bit (1 << mact_auth_e) for each of x-auth.allow */
    const char *cors;                /* "none" or "*" */
    const mact_oapi_call_t *caller;  /* x-caller, or NULL */
    const apr_table_t *headers;      /* x-headers */
    const apr_array_header_t *headers_below; /* of mact_oapi_headers_below_t: x-headers-below; may be empty */
    apr_int64_t access_lifetime;     /* x-tokens, in seconds; 0: it says nothing */
    apr_int64_t refresh_lifetime;
    const apr_array_header_t *operations; /* of mact_oapi_op_t * */
    const json_t *published;         /* the document for clients: without x- keys; `servers` is to be set by who sends it */
    const char *methods;             /* all methods of the document, as in Allow */
    struct mact_oapi_inside_t *inside; /* routes, rate classes, faults, words: this folder's own */
};

/*
 * Reads and compiles the document of the API `name` from `file`. `known_native(name)` says whether the module
 * has that native. APR_SUCCESS, or APR_EGENERAL (a mistake), or what reading the file said; then *error is
 * "file:line: what, and the remedy", from `pool`.
 */
apr_status_t mact_oapi_load(const mact_oapi_doc_t **doc, const char **error, const char *name, const char *file,
                            int (*known_native)(const char *name), apr_pool_t *pool);

/*
 * Compiles a call that is written in an option of the operation's native, such as "schema.name(native.login,
 * body.password)".  What it names is checked as in x-procedure.  APR_SUCCESS, or APR_EGENERAL; then *error says
 * file, operation and mistake.  For post_config: it allocates from `pool`, which should live as long as the
 * document.
 */
apr_status_t mact_oapi_compile_call(const mact_oapi_call_t **call, const char **error, const mact_oapi_op_t *op, const char *text,
                                    apr_pool_t *pool);

/* The operation of that id, or NULL.  A linear search: for configuration. */
const mact_oapi_op_t *mact_oapi_operation(const mact_oapi_doc_t *doc, const char *id);

/* Whether `what` is an operationId, a rate class of the document, or "*". */
int mact_oapi_limits(const mact_oapi_doc_t *doc, const char *what);

/*
 * The fault of that name as it is answered by `op` (NULL: before an operation is known); NULL if the document
 * has none of that name.
 */
const mact_oapi_fault_t *mact_oapi_fault(const mact_oapi_doc_t *doc, const mact_oapi_op_t *op, const char *name);

/* ---- match ------------------------------------------------------------------------------------------------- */

typedef struct {
    const mact_oapi_op_t *op;        /* NULL: see allow */
    const char *allow;               /* methods of the path, HEAD and OPTIONS included, sorted; NULL: no such path */
    const char **values;             /* path parameters in path order, decoded */
} mact_oapi_match_t;

/*
 * Finds the operation for `method` ("HEAD" is matched as "GET") and `path`, which is below the mount, begins
 * with "/", and has been decoded and normalized by httpd.  A trailing slash, and repeated ones, are
 * insignificant; a literal segment beats a parameter. The cost depends on the length of the path, not on the
 * number of routes.
 */
void mact_oapi_match(mact_oapi_match_t *match, const mact_oapi_doc_t *doc, const char *method, const char *path,
                     apr_pool_t *pool);

/* ---- bind and validate ------------------------------------------------------------------------------------- */

/* One flaw of a request. */
typedef struct {
    const char *kind;                /* keyword or one of docs/api-documents.md, narrowed: "type-integer", "json" */
    const char *in;                  /* "path", "query", "header", "body" */
    const json_t *loc;               /* array of names and positions below `in`, empty for the whole */
    const char *type;                /* the document's word for it, or NULL */
    const char *message;             /* the document's sentence */
} mact_oapi_violation_t;

/* What one request may cost: beyond these it is refused before it is read. */
#define MACT_VIOLATIONS_MOST 100     /* flaws that are told */
#define MACT_DEPTH_MOST 64           /* levels of a JSON body */
#define MACT_VALUES_MOST 100000      /* values of a JSON body, names of members counted too */
#define MACT_PAIRS_MOST 1000         /* pairs of a query string, and of a form */
#define MACT_PARTS_MOST 20           /* of a multipart body */

/* What a client sent, raw. */
typedef struct {
    const char **path_values;        /* of the match */
    const char *query;               /* raw query string or NULL */
    const char *(*header)(void *baton, const char *name); /* value of a request header, or NULL */
    void *baton;
    const char *content_type;        /* or NULL */
    const char *body;                /* bytes, or NULL for none */
    apr_size_t body_length;
} mact_oapi_raw_t;

/* A request that was read: its validated values, in `pool` (json objects are released with it). */
typedef struct {
    const mact_oapi_op_t *op;
    const char **parameters;         /* by index in op->parameters: the value as text, or NULL */
    json_t *body;                    /* object, or NULL */
    const apr_array_header_t *parts; /* of mact_multipart_part_t: the files of a multipart body, or NULL */
    apr_array_header_t *violations;  /* of mact_oapi_violation_t; NULL when there are none */
    const char *fault;               /* "not-found", "media-type", "json-invalid" or "validation" when the request is refused, else NULL */
} mact_oapi_input_t;

/*
 * Parses and validates everything the operation describes, reporting all flaws at once.
 * Always gives an input; `fault` and `violations` say whether it is good.
 */
void mact_oapi_read(mact_oapi_input_t **input, const mact_oapi_op_t *op, const mact_oapi_raw_t *raw, apr_pool_t *pool);

/* Whether one of the bodies that it describes is multipart/form-data. */
int mact_oapi_takes_files(const mact_oapi_op_t *op);

/*
 * The value of a PATH, QUERY, HEADER (declared), BODY or PART argument as text for the database: numbers and
 * booleans in their JSON spelling (an integral number without a fraction), strings as they are, arrays and
 * objects as JSON, a file's bytes as bytea's `\x…`; NULL for absent and null, and for any other source.
 */
const char *mact_oapi_value(const mact_oapi_input_t *input, const mact_oapi_arg_t *arg, apr_pool_t *pool);

/* `{violations}` in the form that the document asks for: a string, an array or an object.  A new reference. */
json_t *mact_oapi_violations(const mact_oapi_doc_t *doc, const apr_array_header_t *violations, apr_pool_t *pool);

/* The position in op->procedures of the one of that name, or -1. */
int mact_oapi_procedure(const mact_oapi_op_t *op, const char *name);

/* The next code point (RFC 3629), *text moved behind it; -1 at the end, or where there is no UTF-8 and *text stays. */
long mact_oapi_next(const char **text, const char *end);

/* ---- the schema by itself (for tests and natives) ---------------------------------------------------------- */

/* Compiles a schema; local $refs are resolved in `root`.  NULL *error when good. */
apr_status_t mact_oapi_schema(const mact_oapi_schema_t **schema, const char **error, const json_t *json,
                              const json_t *root, apr_pool_t *pool);

/* Whether two texts in UTF-8 are the same but for the case of letters (PCRE2's folding). */
int mact_oapi_same_caseless(const char *a, apr_size_t a_length, const char *b, apr_size_t b_length);

/* Whether `value` is good by `schema`. */
int mact_oapi_valid(const mact_oapi_schema_t *schema, const json_t *value, apr_pool_t *pool);

#endif
