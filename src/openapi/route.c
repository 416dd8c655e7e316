/*
 * openapi/route.c: from method and path to an operation.
 *
 * The templates are a tree of segments.  A node has its literal children in a hash and at most one child for a
 * parameter, so a step costs the same however many routes there are.  Where a literal leads nowhere the parameter
 * beside it is tried: `/a/{x}/c` is found for `/a/b/c` although there is `/a/b/d`.
 */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#define METHODS_MOST 16

struct mact_node_t {
    apr_hash_t *literals; /* segment to mact_node_t * */
    mact_node_t *parameter;
    const char *path; /* the template that ends here, or NULL */
    const mact_oapi_op_t *operations[METHODS_MOST];
    int count;
    const char *allow;
};

typedef struct {
    const char *text;
    apr_size_t length;
} segment_t;

/*
 * Splits at slashes; those at the ends and repeated ones make no segment.  Gives the number, `most` + 1 if there
 * are more.
 */
static int split(segment_t *segments, int most, const char *path)
{
    int count = 0;

    while (*path) {
        apr_size_t length = strcspn(path, "/");

        if (length) {
            if (count == most) {
                return most + 1;
            }
            segments[count].text = path;
            segments[count++].length = length;
        }
        path += length + (path[length] == '/');
    }
    return count;
}

/* ---- building ---------------------------------------------------------------------------------------------- */

static mact_node_t *node_new(apr_pool_t *pool)
{
    mact_node_t *node = apr_pcalloc(pool, sizeof(*node));

    node->literals = apr_hash_make(pool);
    return node;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "DELETE, GET, HEAD, OPTIONS" */
static const char *allow_of(const char **methods, int count, apr_pool_t *pool)
{
    const char *text = NULL;

    methods[count++] = "OPTIONS";
    for (int i = 0; i < count; i++) {
        if (!strcmp(methods[i], "GET")) {
            methods[count++] = "HEAD";
            break;
        }
    }
    qsort(methods, (size_t)count, sizeof(*methods), by_text);
    for (int i = 0; i < count; i++) {
        if (i == 0 || strcmp(methods[i - 1], methods[i])) {
            text = text ? apr_pstrcat(pool, text, ", ", methods[i], NULL) : methods[i];
        }
    }
    return text;
}

const char *mact_oapi_route(mact_oapi_loader_t *l, const mact_operation_t *o)
{
    struct mact_oapi_inside_t *inside = l->doc->inside;
    int most = (int)strlen(o->op.path) + 1;
    segment_t *segments = apr_palloc(l->tmp, (apr_size_t)most * sizeof(*segments));
    int count = split(segments, most, o->op.path);
    const char *methods[METHODS_MOST + 2];
    mact_node_t *node;

    inside->routes = inside->routes ? inside->routes : node_new(l->pool);
    inside->depth = count > inside->depth ? count : inside->depth;
    node = inside->routes;
    for (int i = 0; i < count; i++) {
        mact_node_t **next = &node->parameter, *literal = NULL;
        const char *text = apr_pstrmemdup(l->pool, segments[i].text, segments[i].length);

        if (*text != '{') {
            literal = apr_hash_get(node->literals, text, APR_HASH_KEY_STRING);
            next = &literal;
        }
        if (!*next) {
            *next = node_new(l->pool);
        }
        if (next == &literal) {
            apr_hash_set(node->literals, text, APR_HASH_KEY_STRING, literal);
        }
        node = *next;
    }
    if (node->path && strcmp(node->path, o->op.path)) {
        return node->path;
    }
    for (int i = 0; i < node->count; i++) {
        if (!strcmp(node->operations[i]->method, o->op.method)) {
            return node->path;
        }
        methods[i] = node->operations[i]->method;
    }
    node->path = o->op.path;
    methods[node->count] = o->op.method;
    node->operations[node->count++] = &o->op;
    node->allow = allow_of(methods, node->count, l->pool);
    return NULL;
}

const char *mact_oapi_all_methods(const mact_oapi_loader_t *l)
{
    const apr_array_header_t *operations = l->doc->operations;
    const char **methods = apr_palloc(l->tmp, ((apr_size_t)operations->nelts + 2) * sizeof(*methods));

    for (int i = 0; i < operations->nelts; i++) {
        methods[i] = APR_ARRAY_IDX(operations, i, const mact_oapi_op_t *)->method;
    }
    return allow_of(methods, operations->nelts, l->pool);
}

/* ---- matching ---------------------------------------------------------------------------------------------- */

typedef struct {
    const segment_t *segments;
    int count;
    int *taken; /* which segments were taken by parameters */
    int parameters;
} walk_t;

static const mact_node_t *find(walk_t *w, const mact_node_t *node, int at)
{
    const mact_node_t *next, *found = NULL;

    if (at == w->count) {
        return node->path ? node : NULL;
    }
    next = apr_hash_get(node->literals, w->segments[at].text, (apr_ssize_t)w->segments[at].length);
    if (next) {
        found = find(w, next, at + 1);
    }
    if (!found && node->parameter) {
        w->taken[w->parameters++] = at;
        found = find(w, node->parameter, at + 1);
        w->parameters -= !found;
    }
    return found;
}

void mact_oapi_match(mact_oapi_match_t *match, const mact_oapi_doc_t *doc, const char *method, const char *path,
                     apr_pool_t *pool)
{
    int most = doc->inside->depth;
    segment_t *segments = apr_palloc(pool, ((apr_size_t)most + 1) * sizeof(*segments));
    walk_t w = {segments, split(segments, most, path), apr_palloc(pool, ((apr_size_t)most + 1) * sizeof(int)), 0};
    const mact_node_t *node = w.count <= most && doc->inside->routes ? find(&w, doc->inside->routes, 0) : NULL;

    memset(match, 0, sizeof(*match));
    if (!node) {
        return;
    }
    match->allow = node->allow;
    for (int i = 0; i < node->count && !match->op; i++) {
        if (!strcmp(node->operations[i]->method, strcmp(method, "HEAD") ? method : "GET")) {
            match->op = node->operations[i];
        }
    }
    match->values = apr_palloc(pool, ((apr_size_t)w.parameters + 1) * sizeof(*match->values));
    for (int i = 0; i < w.parameters; i++) {
        match->values[i] = apr_pstrmemdup(pool, segments[w.taken[i]].text, segments[w.taken[i]].length);
    }
    match->values[w.parameters] = NULL;
}
