/*
 * json/cost.c: brackets and the beginnings of values, outside of strings.
 */
#include "json/inside.h"

const char *mact_json_string_end(const char *p, const char *end)
{
    while (p < end && *p != '"') {
        p += *p == '\\' && end - p > 1 ? 2 : 1;
    }
    return p < end ? p + 1 : end;
}

int mact_json_within(const char *text, apr_size_t length, int depth, apr_size_t values)
{
    const char *end = text + length;
    int level = 0, inside = 0; /* in a number or a word */
    apr_size_t count = 0;

    while (text < end) {
        const char c = *text++;

        switch (c) {
        case '"':
            text = mact_json_string_end(text, end);
            count++;
            inside = 0;
            break;
        case '[':
        case '{':
            if (++level > depth) {
                return 0;
            }
            count++;
            inside = 0;
            break;
        case ']':
        case '}':
            level--;
            inside = 0;
            break;
        case ',':
        case ':':
        case ' ':
        case '\t':
        case '\r':
        case '\n':
            inside = 0;
            break;
        default:
            count += !inside;
            inside = 1;
        }
        if (count > values) {
            return 0;
        }
    }
    return 1;
}
