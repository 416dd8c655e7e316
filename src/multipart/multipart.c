/*
 * multipart/multipart.c: delimiters first, then a part's headers, then what Content-Disposition says.
 *
 * Everything is looked at once and from left to right; nothing that can be read in two ways is read at all.
 */
#include "multipart/multipart.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_lib.h>
#include <apr_strings.h>

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

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t");
}

/* RFC 9110's token. */
static apr_size_t token_length(const char *p)
{
    return strspn(p, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

/* ---- parameters of a header -------------------------------------------------------------------------------- */

/* Whether the backslash at `p`, in a quoted string whose last possible end is `last`, only marks what follows it. */
static int is_escape(const char *p, const char *last)
{
    return *p == '\\' && (p[1] == '"' || p[1] == '\\') && p + 1 < last;
}

/* Behind the value that begins at `p`, a word or a quoted string; NULL if it is broken. `last`: the header's last quotation mark. */
static const char *value_end(const char *p, const char *last)
{
    if (*p != '"') {
        return p + strcspn(p, "; \t\"");
    }
    for (p++; *p && *p != '"'; p++) {
        p += is_escape(p, last);
    }
    return *p ? p + 1 : NULL;
}

/* A copy without quotation marks and what marks them. */
static const char *value_of(const char *p, const char *end, apr_pool_t *pool)
{
    char *value, *to;

    if (*p != '"') {
        return apr_pstrmemdup(pool, p, (apr_size_t)(end - p));
    }
    value = to = apr_palloc(pool, (apr_size_t)(end - p));
    for (p++; p < end - 1; p++) {
        p += is_escape(p, end - 1);
        *to++ = *p;
    }
    *to = '\0';
    return value;
}

/*
 * The parameters behind the first word of a header: for each of `names`, that end in NULL, its value in `values`, NULL where it is absent.
 * 0: broken, or one of them comes twice. Only what is asked for takes memory: of others there may be a thousand.
 */
static int read_parameters(const char **values, const char *const *names, const char *header, apr_pool_t *pool)
{
    const char *p = skip_blanks(header + strcspn(header, "; \t"));
    const char *last = strrchr(p, '"');

    for (int i = 0; names[i]; i++) {
        values[i] = NULL;
    }
    while (*p) {
        const char *name, *end;
        apr_size_t length;

        if (*p != ';') {
            return 0;
        }
        name = p = skip_blanks(p + 1);
        if (!*p || *p == ';') {
            continue; /* an empty one: many end in a semicolon */
        }
        length = token_length(p);
        p = skip_blanks(p + length);
        if (!length || *p != '=') {
            return 0;
        }
        p = skip_blanks(p + 1);
        end = value_end(p, last);
        if (!end) {
            return 0;
        }
        for (int i = 0; names[i]; i++) {
            if (strlen(names[i]) == length && !strncasecmp(names[i], name, length)) {
                if (values[i]) {
                    return 0;
                }
                values[i] = value_of(p, end, pool);
            }
        }
        p = skip_blanks(end);
    }
    return 1;
}

static int is_word(const char *header, const char *word)
{
    apr_size_t length = strcspn(header, "; \t");

    return length == strlen(word) && !strncasecmp(header, word, length);
}

/* ---- a part's headers -------------------------------------------------------------------------------------- */

typedef struct {
    const char *disposition, *content_type, *encoding;
} head_t;

/* One line, `Name: value`, ended by NUL: noted if it is one of those that count. */
static const char *read_line(head_t *head, char *line)
{
    const struct {
        const char *name, **value;
    } known[] = {
        {"Content-Disposition", &head->disposition},
        {"Content-Type", &head->content_type},
        {"Content-Transfer-Encoding", &head->encoding},
    };
    apr_size_t length = token_length(line);
    char *value, *end;

    if (!length || line[length] != ':') {
        return "a part has a header line that is none";
    }
    line[length] = '\0';
    value = line + length + 1;
    value += strspn(value, " \t");
    for (end = value + strlen(value); end > value && (end[-1] == ' ' || end[-1] == '\t'); end--) {
        end[-1] = '\0';
    }
    for (apr_size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (!apr_cstr_casecmp(line, known[i].name)) {
            if (*known[i].value) {
                return "a part has a header twice";
            }
            *known[i].value = value;
        }
    }
    return NULL;
}

/* The lines of a part's headers: a copy, which is cut into them. */
static const char *read_head(head_t *head, char *text)
{
    while (*text) {
        char *line = text;
        const char *wrong;

        text += strcspn(text, "\r\n");
        if (*text) {
            if (text[0] != '\r' || text[1] != '\n') {
                return "a part's headers have a line that does not end in CRLF";
            }
            *text = '\0';
            text += 2;
        }
        wrong = read_line(head, line);
        if (wrong) {
            return wrong;
        }
    }
    return NULL;
}

/* What browsers write for a quotation mark and a line's end in a name (the Fetch standard reads it so), in place. */
static const char *without_percents(const char *name)
{
    char *to = (char *)name; /* value_of has made it */

    for (const char *p = name; *p; p++) {
        const char *hex = *p == '%' ? p + 1 : "";
        int two = !strncmp(hex, "22", 2)           ? '"'
                  : !strncasecmp(hex, "0D", 2)     ? '\r'
                  : !strncasecmp(hex, "0A", 2)     ? '\n'
                                                   : 0;
        *to++ = two ? (char)two : *p;
        p += two ? 2 : 0;
    }
    *to = '\0';
    return name;
}

static const char *read_disposition(mact_multipart_part_t *part, const char *disposition, apr_pool_t *pool)
{
    static const char *const names[] = {"name", "filename", "filename*", NULL};
    const char *values[3];

    if (!disposition || !is_word(disposition, "form-data")) {
        return "a part has no Content-Disposition: form-data";
    }
    if (!read_parameters(values, names, disposition, pool)) {
        return "a part has a Content-Disposition that is broken";
    }
    if (!values[0]) {
        return "a part has no name";
    }
    part->name = without_percents(values[0]);
    part->filename = values[1] ? without_percents(values[1]) : values[2];
    return NULL;
}

/* What the headers say of a part; its data is known. */
static const char *read_part(mact_multipart_part_t *part, char *text, apr_pool_t *pool)
{
    static const char *const names[] = {"charset", NULL};
    head_t head = {NULL, NULL, NULL};
    const char *wrong = read_head(&head, text);

    wrong = wrong ? wrong : read_disposition(part, head.disposition, pool);
    if (wrong) {
        return wrong;
    }
    if (head.encoding && !is_word(head.encoding, "7bit") && !is_word(head.encoding, "8bit") && !is_word(head.encoding, "binary")) {
        return "a part has a Content-Transfer-Encoding that is not read here";
    }
    if (head.content_type && *head.content_type) {
        part->content_type = head.content_type;
        if (!read_parameters(&part->charset, names, head.content_type, pool)) {
            part->charset = NULL;
        }
        if (!part->filename && !strncasecmp(part->content_type, "multipart/", 10)) {
            return "a part is made of parts";
        }
    }
    return NULL;
}

/* ---- the frame --------------------------------------------------------------------------------------------- */

typedef struct {
    apr_array_header_t *parts;
    int most;
    const char *delimiter; /* CRLF, two hyphens, the boundary */
    apr_size_t size;       /* its length */
    const char *end;       /* of the body */
    apr_pool_t *pool;
} frame_t;

/* Whether the delimiter that ends at `p` is the last one; only blanks may follow it on its line. */
static int is_last(const char **p, const frame_t *f)
{
    int last = f->end - *p >= 2 && (*p)[0] == '-' && (*p)[1] == '-';

    *p += last ? 2 : 0;
    while (*p < f->end && (**p == ' ' || **p == '\t')) {
        *p += 1;
    }
    return last;
}

/* The part whose delimiter ends at *p, the CRLF of that line; *p moves behind its next delimiter. */
static const char *take_part(frame_t *f, const char **p)
{
    const char *from = *p, *data, *next, *wrong;
    mact_multipart_part_t part = {NULL, NULL, NULL, NULL, NULL, 0};

    if (f->parts->nelts == f->most) {
        return "there are too many parts";
    }
    data = find(from, f->end - from > MACT_MULTIPART_HEAD_MOST ? from + MACT_MULTIPART_HEAD_MOST : f->end, "\r\n\r\n", 4);
    if (!data) {
        return "a part's headers do not end, or are too long";
    }
    if (memchr(from, '\0', (apr_size_t)(data - from)) || find(from, data, f->delimiter, f->size)) {
        return "a part's headers hold U+0000 or a delimiter";
    }
    /* The empty line's end may be the next delimiter's beginning: then there is no data. */
    next = find(data + 2, f->end, f->delimiter, f->size);
    if (!next) {
        return "the last delimiter is missing";
    }
    part.data = data + 4;
    part.length = next > part.data ? (apr_size_t)(next - part.data) : 0;
    wrong = read_part(&part, apr_pstrmemdup(f->pool, from + 2, data > from ? (apr_size_t)(data - from - 2) : 0), f->pool);
    if (!wrong) {
        APR_ARRAY_PUSH(f->parts, mact_multipart_part_t) = part;
        *p = next + f->size;
    }
    return wrong;
}

/* Delimiter, headers, an empty line, data, and the next delimiter; the last one ends in two hyphens. */
static const char *take_apart(frame_t *f, const char *p)
{
    while (!is_last(&p, f)) {
        const char *wrong = f->end - p >= 2 && p[0] == '\r' && p[1] == '\n' ? take_part(f, &p)
                                                                             : "a delimiter's line does not end behind it";

        if (wrong) {
            return wrong;
        }
    }
    return p == f->end || *p == '\r' || *p == '\n' ? NULL : "a delimiter's line does not end behind it";
}

/* Behind the first delimiter, which may stand at the very beginning; NULL if there is none. */
static const char *first_delimiter(const frame_t *f, const char *body)
{
    apr_size_t length = (apr_size_t)(f->end - body);
    const char *first;

    if (length >= f->size - 2 && !memcmp(body, f->delimiter + 2, f->size - 2)) {
        return body + f->size - 2;
    }
    first = find(body, f->end, f->delimiter, f->size);
    return first ? first + f->size : NULL;
}

static int is_boundary(const char *text)
{
    apr_size_t length = strlen(text);

    for (apr_size_t i = 0; i < length; i++) {
        if (text[i] < ' ' || text[i] > '~') {
            return 0;
        }
    }
    return length > 0 && length <= MACT_MULTIPART_BOUNDARY_MOST && text[length - 1] != ' ';
}

const char *mact_multipart_read(apr_array_header_t **parts, const char *content_type, const char *body, apr_size_t length, int most,
                                apr_pool_t *pool)
{
    static const char *const names[] = {"boundary", NULL};
    frame_t f = {apr_array_make(pool, 4, sizeof(mact_multipart_part_t)), most, NULL, 0, NULL, pool};
    const char *boundary, *first;

    *parts = f.parts;
    content_type = content_type ? skip_blanks(content_type) : "";
    if (!is_word(content_type, "multipart/form-data")) {
        return "the type is not multipart/form-data";
    }
    if (!read_parameters(&boundary, names, content_type, pool) || !boundary || !is_boundary(boundary)) {
        return "the type has no good boundary";
    }
    body = body ? body : "";
    f.delimiter = apr_pstrcat(pool, "\r\n--", boundary, NULL);
    f.size = strlen(f.delimiter);
    f.end = body + length;
    first = first_delimiter(&f, body);
    return first ? take_apart(&f, first) : "there is no delimiter";
}
