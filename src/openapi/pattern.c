/*
 * openapi/pattern.c: `pattern`, which JSON Schema writes in ECMAScript's manner and PCRE2 runs.
 *
 * Where the two differ, the pattern is rewritten: \s and \S are Unicode's white space and line ends, \p{Letter}
 * may be spelled out, $ is the very end.  What PCRE2 has and ECMAScript has not (recursion, verbs, callouts) is
 * refused.  A match costs a bounded number of steps, whatever the text: one that would take more does not match.
 */
#include "inside.h"

#include <string.h>

#include <apr_strings.h>

#define STEPS_MOST 200000 /* PCRE2's match limit: some milliseconds */
#define HEAP_MOST 4096    /* KiB */
#define PATTERN_MOST 4096 /* bytes */

#define SPACES "\\u{9}-\\u{d} \\u{a0}\\u{1680}\\u{2000}-\\u{200a}\\u{2028}\\u{2029}\\u{202f}\\u{205f}\\u{3000}\\u{feff}"
#define OTHERS                                                                                                         \
    "\\u{0}-\\u{8}\\u{e}-\\u{1f}\\u{21}-\\u{9f}\\u{a1}-\\u{167f}\\u{1681}-\\u{1fff}\\u{200b}-\\u{2027}\\u{202a}-\\u{"  \
    "202e}"                                                                                                            \
    "\\u{2030}-\\u{205e}\\u{2060}-\\u{2fff}\\u{3001}-\\u{fefe}\\u{ff00}-\\u{10ffff}"

/* ECMAScript's long names of general categories that people do write. */
static const struct {
    const char *name, *code;
} categories[] = {
    {"Letter", "L"},
    {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"},
    {"Mark", "M"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Punctuation", "P"},
    {"Symbol", "S"},
    {"Separator", "Z"},
    {"Space_Separator", "Zs"},
    {"Control", "Cc"},
    {"Other", "C"},
};

/* \p{…}: *end is set behind it. */
static const char *property(const char *at, const char **end, apr_pool_t *pool)
{
    const char *close = strchr(at, '}');
    const char *name;

    if (at[2] != '{' || !close) {
        return NULL;
    }
    name = apr_pstrmemdup(pool, at + 3, (apr_size_t)(close - at - 3));
    if (!strncmp(name, "General_Category=", 17)) {
        name += 17;
    } else if (!strncmp(name, "gc=", 3)) {
        name += 3;
    }
    for (unsigned i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
        if (!strcmp(name, categories[i].name)) {
            name = categories[i].code;
        }
    }
    *end = close + 1;
    return apr_psprintf(pool, "\\%c{%s}", at[1], name);
}

static const char *translate(const char **error, const char *pattern, apr_pool_t *pool)
{
    apr_array_header_t *parts = apr_array_make(pool, 8, sizeof(const char *));
    const char *p = pattern, *from = pattern;
    int in_class = 0;

    while (*p) {
        const char *end = p + 1;
        const char *instead = NULL;

        if (*p == '\\' && p[1]) {
            end = p + 2;
            if (p[1] == 's') {
                instead = in_class ? SPACES : "[" SPACES "]";
            } else if (p[1] == 'S') {
                instead = in_class ? OTHERS : "[" OTHERS "]";
            } else if (p[1] == 'v') {
                instead = "\\u{b}"; /* PCRE2 has a class of that name */
            } else if (p[1] == 'p' || p[1] == 'P') {
                instead = property(p, &end, pool);
            } else if (strchr("AaCEeGgHhKLlNQRUVXZz", p[1])) {
                *error = apr_psprintf(pool, "\\%c is not known to ECMAScript", p[1]);
                return NULL;
            }
        } else if (*p == '[') {
            if (in_class) {
                instead = "\\["; /* PCRE2 would look for [:alpha:] */
            }
            in_class = 1;
        } else if (*p == ']') {
            in_class = 0;
        } else if (*p == '.' && !in_class) {
            instead = "[^\\n\\r\\u{2028}\\u{2029}]";
        } else if (*p == '(' && !in_class && (p[1] == '*' || (p[1] == '?' && (!p[2] || !strchr(":=!<", p[2]))))) {
            *error = apr_psprintf(pool, "(%c is not known to ECMAScript", p[1]);
            return NULL;
        }
        if (instead) {
            APR_ARRAY_PUSH(parts, const char *) = apr_pstrmemdup(pool, from, (apr_size_t)(p - from));
            APR_ARRAY_PUSH(parts, const char *) = instead;
            from = end;
        }
        p = end;
    }
    APR_ARRAY_PUSH(parts, const char *) = from;
    return apr_array_pstrcat(pool, parts, 0);
}

static apr_status_t release_code(void *code)
{
    pcre2_code_free(code);
    return APR_SUCCESS;
}

pcre2_code *mact_oapi_pattern(const char **error, const char *pattern, apr_pool_t *pool)
{
    pcre2_compile_context *context;
    pcre2_code *code;
    PCRE2_UCHAR message[256];
    PCRE2_SIZE offset;
    int number;

    *error = NULL;
    if (strlen(pattern) > PATTERN_MOST) {
        *error = apr_psprintf(pool, "longer than %d bytes", PATTERN_MOST);
        return NULL;
    }
    pattern = translate(error, pattern, pool);
    if (!pattern) {
        return NULL;
    }
    context = pcre2_compile_context_create(NULL);
    pcre2_set_compile_extra_options(context, PCRE2_EXTRA_ALT_BSUX);
    code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                         PCRE2_UTF | PCRE2_ALT_BSUX | PCRE2_ALLOW_EMPTY_CLASS | PCRE2_MATCH_UNSET_BACKREF |
                             PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C,
                         &number, &offset, context);
    pcre2_compile_context_free(context);
    if (!code) {
        pcre2_get_error_message(number, message, sizeof(message));
        *error = apr_psprintf(pool, "%s, near \"%.20s\"", (char *)message,
                              pattern + (offset > strlen(pattern) ? strlen(pattern) : offset));
        return NULL;
    }
    apr_pool_cleanup_register(pool, code, release_code, apr_pool_cleanup_null);
    return code;
}

/* Contexts are made for each match: nothing is shared between threads but the code, which PCRE2 only reads. */
int mact_oapi_matches(const pcre2_code *code, const char *text, apr_size_t length)
{
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int rc = -1;

    if (context && data) {
        pcre2_set_match_limit(context, STEPS_MOST);
        pcre2_set_heap_limit(context, HEAP_MOST);
        rc = pcre2_match(code, (PCRE2_SPTR)text, length, 0, 0, data, context);
    }
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    return rc >= 0;
}

/* A literal pattern that ignores case folds as PCRE2 does, and so needs no tables of ours. */
int mact_oapi_same_caseless(const char *a, apr_size_t a_length, const char *b, apr_size_t b_length)
{
    int error, same = 0;
    PCRE2_SIZE at;
    pcre2_match_data *match;
    pcre2_code *code;

    if (!a_length || !b_length) {
        return a_length == b_length;
    }
    code = pcre2_compile((PCRE2_SPTR)a, a_length, PCRE2_LITERAL | PCRE2_CASELESS | PCRE2_UTF, &error, &at, NULL);
    match = code ? pcre2_match_data_create_from_pattern(code, NULL) : NULL;
    if (match) {
        same = pcre2_match(code, (PCRE2_SPTR)b, b_length, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED, match, NULL) > 0;
    }
    pcre2_match_data_free(match);
    pcre2_code_free(code);
    return same;
}
