/*
 * A multipart/form-data body: what precedes the first line feed is its boundary (and is read as a Content-Type too), the body follows.
 *
 * Every part lies in the body between two delimiters, and nothing else does; what was read, written anew and read again, is the same; what
 * stands before and after the frame makes no difference; a body that is cut is refused.
 */
#include "fuzz.h"
#include "multipart/multipart.h"

#define MOST 20

/* The parts that a body is said to have, and what they are read from. */
typedef struct {
    apr_array_header_t *parts;
    const char *wrong;
    const char *body;
    apr_size_t length;
} reading_t;

static const mact_multipart_part_t *part(const reading_t *r, int i)
{
    return &APR_ARRAY_IDX(r->parts, i, const mact_multipart_part_t);
}

static reading_t read_body(const char *type, const char *body, apr_size_t length, apr_pool_t *pool)
{
    reading_t r = {NULL, NULL, body, length};

    r.wrong = mact_multipart_read(&r.parts, type, body, length, MOST, pool);
    MUST(r.parts && r.parts->nelts >= 0 && r.parts->nelts <= MOST);
    MUST(!r.wrong || *r.wrong);
    return r;
}

static const char *find(const char *text, apr_size_t length, const char *what, apr_size_t size)
{
    return memmem(text, length, what, size);
}

/* Between the empty line after its headers and a delimiter, which it does not hold; a part without data may share its CRLF. */
static void check_data(const reading_t *r, const mact_multipart_part_t *p, const char *delimiter)
{
    const char *end = p->data + p->length;
    apr_size_t size = strlen(delimiter), left = (apr_size_t)(r->body + r->length - end);

    MUST(p->data >= r->body + 4 && end <= r->body + r->length && !memcmp(p->data - 4, "\r\n\r\n", 4));
    MUST((left >= size && !memcmp(end, delimiter, size)) || (!p->length && left >= size - 2 && !memcmp(end, delimiter + 2, size - 2)));
    MUST(!find(p->data - 2, p->length + 2, delimiter, size));
}

/* Behind the first delimiter: at the beginning, or after a line's end. */
static const char *first_delimiter(const reading_t *r, const char *delimiter)
{
    apr_size_t size = strlen(delimiter);
    const char *found = find(r->body, r->length, delimiter, size);

    if (r->length >= size - 2 && !memcmp(r->body, delimiter + 2, size - 2)) {
        return r->body + size - 2;
    }
    return found ? found + size : NULL;
}

/* No delimiter is passed over: what lies between `from`, behind one, and the empty line before the data holds none. */
static void check_head(const mact_multipart_part_t *p, const char *from, const char *delimiter)
{
    MUST(from);
    while (*from == ' ' || *from == '\t') {
        from++;
    }
    MUST(p->data - from >= 4 && p->data - from <= MACT_MULTIPART_HEAD_MOST);
    MUST(!find(from, (apr_size_t)(p->data - 4 - from), delimiter, strlen(delimiter)));
}

static void check_texts(const mact_multipart_part_t *p)
{
    MUST(p->name && strlen(p->name) < MACT_MULTIPART_HEAD_MOST);
    MUST(!p->filename || strlen(p->filename) < MACT_MULTIPART_HEAD_MOST);
    MUST(!p->content_type || (*p->content_type && strlen(p->content_type) < MACT_MULTIPART_HEAD_MOST && !strpbrk(p->content_type, "\r\n")));
    MUST(!p->charset || (p->content_type && strlen(p->charset) < strlen(p->content_type)));
}

static int same_text(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

static void must_be_same(const reading_t *a, const reading_t *b)
{
    MUST(same_text(a->wrong, b->wrong) && a->parts->nelts == b->parts->nelts);
    for (int i = 0; i < a->parts->nelts; i++) {
        const mact_multipart_part_t *p = part(a, i), *q = part(b, i);

        MUST(!strcmp(p->name, q->name) && same_text(p->filename, q->filename) && same_text(p->content_type, q->content_type));
        MUST(same_text(p->charset, q->charset) && p->length == q->length && !memcmp(p->data, q->data, p->length));
    }
}

/* ---- written anew ------------------------------------------------------------------------------------------ */

typedef struct {
    char *bytes;
    apr_size_t length;
} text_t;

static void write_bytes(text_t *to, const char *bytes, apr_size_t length)
{
    memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
}

static void write_text(text_t *to, const char *text)
{
    write_bytes(to, text, strlen(text));
}

/* In quotation marks: as browsers do, or as RFC 2045 has it where percent signs mean nothing. */
static void write_quoted(text_t *to, const char *text, int percents)
{
    write_text(to, "\"");
    for (; *text; text++) {
        if (percents && strchr("\"\r\n", *text)) {
            write_text(to, *text == '"' ? "%22" : *text == '\r' ? "%0D" : "%0A");
        } else {
            write_text(to, *text == '"' || *text == '\\' ? "\\" : "");
            write_bytes(to, text, 1);
        }
    }
    write_text(to, "\"");
}

/* `filename*` is not looked at for percent signs: what has some came from there. */
static int has_percents(const char *text)
{
    return strstr(text, "%22") || strcasestr(text, "%0D") || strcasestr(text, "%0A");
}

/* The part's headers in other words; whether they are not too long for it. */
static int write_head(text_t *to, const mact_multipart_part_t *p)
{
    apr_size_t from = to->length;

    write_text(to, "\r\n");
    if (p->content_type) {
        write_text(to, "content-type:\t");
        write_text(to, p->content_type);
        write_text(to, " \r\n");
    }
    write_text(to, "X-Other: name=other\r\nCONTENT-DISPOSITION:Form-Data;name=");
    write_quoted(to, p->name, 1);
    if (p->filename) {
        int star = has_percents(p->filename);

        write_text(to, star ? " ;filename*=" : " ;filename = ");
        write_quoted(to, p->filename, !star);
    }
    write_text(to, "; x=\";\";\r\n\r\n");
    return to->length - from <= MACT_MULTIPART_HEAD_MOST;
}

/* A boundary that begins no line of the data. */
static const char *new_boundary(const reading_t *r, apr_pool_t *pool)
{
    for (int n = 0;; n++) {
        const char *boundary = apr_psprintf(pool, "new %d", n);
        int found = 0;

        for (int i = 0; i < r->parts->nelts; i++) {
            found |= find(part(r, i)->data, part(r, i)->length, boundary, strlen(boundary)) != NULL;
        }
        if (!found) {
            return boundary;
        }
    }
}

static void check_written_anew(const reading_t *r, apr_pool_t *pool)
{
    const char *boundary = new_boundary(r, pool);
    text_t to = {NULL, 0};
    reading_t again;
    int fits = 1;

    to.bytes = apr_palloc(pool, r->length + MOST * (6 * MACT_MULTIPART_HEAD_MOST + 300) + 300);
    write_text(&to, "--");
    write_text(&to, boundary);
    for (int i = 0; i < r->parts->nelts; i++) {
        fits &= write_head(&to, part(r, i));
        write_bytes(&to, part(r, i)->data, part(r, i)->length);
        write_text(&to, "\r\n--");
        write_text(&to, boundary);
    }
    write_text(&to, "--");
    again = read_body(apr_psprintf(pool, "MULTIPART/form-data;x=y;Boundary=\"%s\";", boundary), to.bytes, to.length, pool);
    if (fits) {
        must_be_same(r, &again);
    }
}

/* ---- around it --------------------------------------------------------------------------------------------- */

static void check_surroundings(const reading_t *r, const char *type, const char *delimiter, apr_pool_t *pool)
{
    const char *before = "preamble\r\n", *after = apr_pstrcat(pool, delimiter, "\r\nX: ", NULL);
    text_t to = {apr_palloc(pool, r->length + 200), 0};
    reading_t again;

    write_text(&to, before);
    write_bytes(&to, r->body, r->length);
    again = read_body(type, to.bytes, to.length, pool);
    must_be_same(r, &again);
    if (!r->wrong) {
        write_text(&to, after);
        again = read_body(type, to.bytes, to.length, pool);
        must_be_same(r, &again);
    }
}

/* Up to any byte of its last delimiter, a body is not whole; with that, and its two hyphens, it is. */
static void check_cut(const reading_t *r, const char *type, const char *delimiter, apr_pool_t *pool)
{
    const mact_multipart_part_t *last = part(r, r->parts->nelts - 1);
    apr_size_t size = strlen(delimiter), from = (apr_size_t)(last->data + last->length - r->body), whole;

    from -= r->length - from >= size && !memcmp(r->body + from, delimiter, size) ? 0 : 2; /* a part without data may share its CRLF */
    whole = from + size + 2;
    MUST(whole <= r->length && !read_body(type, r->body, whole, pool).wrong);
    for (apr_size_t cut = 1; cut < size; cut++) {
        MUST(read_body(type, r->body, whole - cut, pool).wrong);
    }
}

/* The header that names the boundary, quoted. */
static const char *type_of(const char *boundary, apr_pool_t *pool)
{
    text_t type = {apr_pcalloc(pool, 2 * strlen(boundary) + 100), 0};

    write_text(&type, "multipart/form-data; boundary=");
    write_quoted(&type, boundary, 0);
    return type.bytes;
}

static void check_reading(const reading_t *r, const char *type, const char *delimiter, apr_pool_t *pool)
{
    const char *from = r->parts->nelts ? first_delimiter(r, delimiter) : NULL;

    for (int i = 0; i < r->parts->nelts; i++) {
        const mact_multipart_part_t *p = part(r, i);
        const char *end = p->data + p->length;

        check_texts(p);
        check_head(p, from, delimiter);
        check_data(r, p, delimiter);
        from = find(p->data - 2, (apr_size_t)(r->body + r->length - p->data + 2), delimiter, strlen(delimiter)) + strlen(delimiter);
        MUST(from > end);
    }
    check_surroundings(r, type, delimiter, pool);
    if (!r->wrong) {
        check_written_anew(r, pool);
        if (r->parts->nelts) {
            check_cut(r, type, delimiter, pool);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *line = memchr(data, '\n', size), *boundary, *type;
    apr_pool_t *pool;
    reading_t r;

    apr_pool_create(&pool, fuzz_process_pool());
    boundary = apr_pstrmemdup(pool, (const char *)data, line ? (apr_size_t)(line - (const char *)data) : size);
    type = type_of(boundary, pool);
    r = read_body(type, line ? line + 1 : "", line ? size - (apr_size_t)(line + 1 - (const char *)data) : 0, pool);
    MUST(strlen(boundary) <= MACT_MULTIPART_BOUNDARY_MOST || r.wrong);
    check_reading(&r, type, apr_pstrcat(pool, "\r\n--", boundary, NULL), pool);
    r = read_body(boundary, r.body, r.length, pool);
    for (int i = 0; i < r.parts->nelts; i++) {
        check_texts(part(&r, i));
    }
    apr_pool_destroy(pool);
    return 0;
}
