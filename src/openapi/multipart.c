/*
 * openapi/multipart.c: multipart/form-data (RFC 7578, framed by RFC 2046) of a body that is in memory.
 *
 * A part with a file name is a file, any other a field.  A file's bytes are not copied.  What is not framed
 * exactly is refused: a lenient reader here and a strict one elsewhere would see different requests.
 */
#include "inside.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#define BOUNDARY_MOST 70 /* RFC 2046 section 5.1.1 */
#define HEAD_MOST 4096   /* bytes of a part's headers */

static const char *find(const char *text, const char *end, const char *what, apr_size_t length)
{
    for (; (apr_size_t)(end - text) >= length; text++) {
        text = memchr(text, *what, (apr_size_t)(end - text) - length + 1);
        if (!text || !memcmp(text, what, length)) {
            return text;
        }
    }
    return NULL;
}

/* Behind the value that begins at `p`, a token or a quoted string; NULL if it is broken. */
static const char *value_end(const char *p)
{
    if (*p != '"') {
        return p + strcspn(p, "; \t");
    }
    for (p++; *p && *p != '"'; p++) {
        p += *p == '\\' && p[1];
    }
    return *p ? p + 1 : NULL;
}

static const char *value_of(const char *p, const char *end, apr_pool_t *pool)
{
    char *value, *to;

    if (*p != '"') {
        return apr_pstrmemdup(pool, p, (apr_size_t)(end - p));
    }
    value = to = apr_palloc(pool, (apr_size_t)(end - p));
    for (p++; p < end - 1; p++) {
        p += *p == '\\';
        *to++ = *p;
    }
    *to = '\0';
    return value;
}

/*
 * The parameter of that name in a header's value; NULL if it is not there or is broken.  Only its own value takes
 * memory: of the others there may be a thousand in each part.
 */
static const char *parameter(const char *header, const char *name, apr_pool_t *pool)
{
    const char *p = header + strcspn(header, ";");

    while (*p == ';') {
        apr_size_t length;
        const char *at, *end;

        p += 1 + strspn(p + 1, " \t");
        at = p;
        length = strcspn(p, "=; \t");
        p += length + strspn(p + length, " \t");
        if (*p != '=') {
            return NULL;
        }
        p += 1 + strspn(p + 1, " \t");
        end = value_end(p);
        if (!end) {
            return NULL;
        }
        if (strlen(name) == length && !strncasecmp(at, name, length)) {
            return value_of(p, end, pool);
        }
        p = end + strspn(end, " \t");
    }
    return NULL;
}

/* A part's header of that name; `head` is its lines, ended by NUL. */
static const char *header(const char *head, const char *name, apr_pool_t *pool)
{
    apr_size_t length = strlen(name);

    while (*head) {
        apr_size_t line = strcspn(head, "\r\n");

        if (line > length && head[length] == ':' && !strncasecmp(head, name, length)) {
            const char *value = apr_pstrmemdup(pool, head + length + 1, line - length - 1);
            return value + strspn(value, " \t");
        }
        head += line;
        head += strspn(head, "\r\n");
    }
    return NULL;
}

static apr_status_t keep_part(apr_array_header_t *pairs, apr_array_header_t *files, const char *head, const char *data,
                              apr_size_t length, apr_pool_t *pool)
{
    const char *disposition = header(head, "Content-Disposition", pool);
    const char *name = disposition ? parameter(disposition, "name", pool) : NULL;
    const char *filename = disposition ? parameter(disposition, "filename", pool) : NULL;

    if (!name || strncasecmp(disposition, "form-data", 9) || !mact_oapi_utf8(name, strlen(name))) {
        return APR_EGENERAL;
    }
    if (filename) {
        mact_oapi_part_t file = {name, filename, header(head, "Content-Type", pool), data, length};

        if (length || *filename) { /* a form's file field that was left alone has neither */
            APR_ARRAY_PUSH(files, mact_oapi_part_t) = file;
        }
    } else {
        mact_pair_t pair = {name, apr_pstrmemdup(pool, data, length), strlen(name), length, 0};

        if (!mact_oapi_utf8(data, length)) {
            return APR_EGENERAL;
        }
        APR_ARRAY_PUSH(pairs, mact_pair_t) = pair;
    }
    return APR_SUCCESS;
}

/* Delimiter, then headers, an empty line, data, and the next delimiter; the last one ends in two hyphens. */
static apr_status_t take_apart(apr_array_header_t *pairs, apr_array_header_t *files, const char *delimiter,
                               const char *p, const char *end, apr_pool_t *pool)
{
    apr_size_t size = strlen(delimiter);

    for (int count = 0;; count++) {
        const char *data, *next, *head;

        if (end - p >= 2 && p[0] == '-' && p[1] == '-') {
            return APR_SUCCESS; /* what follows is no part */
        }
        while (p < end && (*p == ' ' || *p == '\t')) {
            p++;
        }
        if (end - p < 2 || p[0] != '\r' || p[1] != '\n' || count == MACT_PARTS_MOST) {
            return APR_EGENERAL;
        }
        data = find(p, end - p > HEAD_MOST ? p + HEAD_MOST : end, "\r\n\r\n", 4);
        if (!data || memchr(p, '\0', (apr_size_t)(data - p))) {
            return APR_EGENERAL;
        }
        head = apr_pstrmemdup(pool, p + 2, data > p ? (apr_size_t)(data - p - 2) : 0);
        data += 4;
        next = find(data, end, delimiter, size);
        if (!next || keep_part(pairs, files, head, data, (apr_size_t)(next - data), pool) != APR_SUCCESS) {
            return APR_EGENERAL;
        }
        p = next + size;
    }
}

apr_status_t mact_oapi_multipart(apr_array_header_t **pairs, apr_array_header_t **files, const char *content_type,
                                 const char *body, apr_size_t length, apr_pool_t *pool)
{
    const char *boundary = content_type ? parameter(content_type, "boundary", pool) : NULL;
    const char *delimiter, *first;

    *pairs = apr_array_make(pool, 4, sizeof(mact_pair_t));
    *files = apr_array_make(pool, 2, sizeof(mact_oapi_part_t));
    if (!boundary || !*boundary || strlen(boundary) > BOUNDARY_MOST) {
        return APR_EGENERAL;
    }
    delimiter = apr_pstrcat(pool, "\r\n--", boundary, NULL);
    /* The first delimiter may stand at the very beginning. */
    if (length >= strlen(delimiter) - 2 && !memcmp(body, delimiter + 2, strlen(delimiter) - 2)) {
        first = body + strlen(delimiter) - 2;
    } else {
        first = find(body, body + length, delimiter, strlen(delimiter));
        first = first ? first + strlen(delimiter) : NULL;
    }
    return first ? take_apart(*pairs, *files, delimiter, first, body + length, pool) : APR_EGENERAL;
}
