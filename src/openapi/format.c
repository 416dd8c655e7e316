/*
 * openapi/format.c: the formats that a string can be asked to have.
 *
 * `format` follows RFC 9562 (uuid), RFC 3339 (date-time, date), RFC 5321 (email) and RFC 3986 (uri); x-instant
 * is a family of spellings of its own.  All take text with its length, which may hold anything.
 */
#include "inside.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

/* What is still to be read. */
typedef struct {
    const char *p, *end;
} rest_t;

static int take(rest_t *t, char c)
{
    if (t->p < t->end && *t->p == c) {
        t->p++;
        return 1;
    }
    return 0;
}

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Exactly so many digits: their number, or -1. */
static int digits(rest_t *t, int count)
{
    int number = 0;

    for (int i = 0; i < count; i++) {
        if (t->p == t->end || !is_digit(*t->p)) {
            return -1;
        }
        number = number * 10 + (*t->p++ - '0');
    }
    return number;
}

static int uuid(const char *text, apr_size_t length)
{
    if (length != 36) {
        return 0;
    }
    for (int i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : !is_hex(text[i])) {
            return 0;
        }
    }
    return 1;
}

/* ---- time -------------------------------------------------------------------------------------------------- */

typedef struct {
    int year, month, day, hour, minute, second;
    int offset; /* minutes east of UTC */
    const char *fraction;
    int fraction_length;
} moment_t;

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0));
}

static int read_date(moment_t *m, rest_t *t)
{
    m->year = digits(t, 4);
    if (m->year < 0 || !take(t, '-') || (m->month = digits(t, 2)) < 1 || m->month > 12 || !take(t, '-')) {
        return 0;
    }
    m->day = digits(t, 2);
    return m->day >= 1 && m->day <= days_of(m->year, m->month);
}

/* HH:MM[:SS[.fraction]]; second 60 is left to the caller. */
static int read_time(moment_t *m, rest_t *t, int seconds_optional, int fraction)
{
    if ((m->hour = digits(t, 2)) < 0 || m->hour > 23 || !take(t, ':') || (m->minute = digits(t, 2)) < 0 ||
        m->minute > 59) {
        return 0;
    }
    if (!take(t, ':')) {
        return seconds_optional;
    }
    m->second = digits(t, 2);
    if (m->second < 0 || m->second > 60) {
        return 0;
    }
    if (take(t, '.')) {
        m->fraction = t->p;
        while (t->p < t->end && is_digit(*t->p)) {
            t->p++;
        }
        if (t->p == m->fraction || t->p - m->fraction > fraction) {
            return 0;
        }
        m->fraction_length = (int)(t->p - m->fraction);
    }
    return 1;
}

/* Z, if `any_case` z, +HH:MM, and if `shorter` +HHMM and +HH; *given says whether there was one. */
static int read_offset(moment_t *m, rest_t *t, int any_case, int shorter, int *given)
{
    int sign, hours, minutes = 0;

    *given = 1;
    if (t->p == t->end) {
        *given = 0;
        return 1;
    }
    if (take(t, 'Z') || (any_case && take(t, 'z'))) {
        return 1;
    }
    sign = take(t, '+') ? 1 : take(t, '-') ? -1 : 0;
    hours = sign ? digits(t, 2) : -1;
    if (hours < 0 || hours > 23) {
        return 0;
    }
    if (take(t, ':') || (shorter && t->p < t->end)) {
        minutes = digits(t, 2);
    } else if (!shorter) {
        return 0;
    }
    m->offset = sign * (hours * 60 + minutes);
    return minutes >= 0 && minutes <= 59;
}

/* The same moment with offset 0.  The year may become 0 or 10000. */
static void to_utc(moment_t *m)
{
    int minutes = m->hour * 60 + m->minute - m->offset;
    int days = minutes < 0 ? -1 : minutes >= 1440 ? 1 : 0;

    minutes -= days * 1440;
    m->hour = minutes / 60;
    m->minute = minutes % 60;
    m->offset = 0;
    m->day += days;
    if (m->day == 0) {
        m->month = m->month == 1 ? 12 : m->month - 1;
        m->year -= m->month == 12;
        m->day = days_of(m->year, m->month);
    } else if (m->day > days_of(m->year, m->month)) {
        m->day = 1;
        m->month = m->month == 12 ? 1 : m->month + 1;
        m->year += m->month == 1;
    }
}

static int date(const char *text, apr_size_t length)
{
    rest_t t = {text, text + length};
    moment_t m = {0};

    return read_date(&m, &t) && t.p == t.end && m.year >= 1;
}

/* RFC 3339 section 5.6; a leap second only as the last one of a day in UTC. */
static int date_time(const char *text, apr_size_t length)
{
    rest_t t = {text, text + length};
    moment_t m = {0};
    int given;

    if (!read_date(&m, &t) || !(take(&t, 'T') || take(&t, 't')) || !read_time(&m, &t, 0, 1000) ||
        !read_offset(&m, &t, 1, 0, &given) || !given || t.p != t.end) {
        return 0;
    }
    to_utc(&m);
    return m.year >= 1 && m.year <= 9999 && (m.second < 60 || (m.hour == 23 && m.minute == 59));
}

/* PostgreSQL takes no more, and nobody lives further east or west. */
#define OFFSET_MOST (15 * 60 + 59)

int mact_oapi_instant(const char **utc, const mact_instant_t *instant, const char *text, apr_size_t length,
                      apr_pool_t *pool)
{
    rest_t t = {text, text + length};
    moment_t m = {0};
    int given = 0;

    if (!read_date(&m, &t) || m.year < instant->from || m.year > instant->to) {
        return 0;
    }
    if (t.p == t.end) {
        if (!instant->date_only) {
            return 0;
        }
    } else if (!(take(&t, 'T') || (!instant->upper_case && take(&t, 't')) || (instant->space && take(&t, ' '))) ||
               !read_time(&m, &t, instant->seconds_optional, instant->fraction) || m.second > 59 ||
               !read_offset(&m, &t, !instant->upper_case, instant->short_offset, &given) || t.p != t.end ||
               (instant->offset_required && !given) || (!instant->utc && abs(m.offset) > OFFSET_MOST)) {
        return 0;
    }
    to_utc(&m);
    if (m.year < instant->from || m.year > instant->to) {
        return 0;
    }
    if (utc) {
        int fraction = m.fraction_length > 6 ? 6 : m.fraction_length;
        *utc = apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02d%s%.*sZ", m.year, m.month, m.day, m.hour, m.minute,
                            m.second, fraction ? "." : "", fraction, m.fraction ? m.fraction : "");
    }
    return 1;
}

/* ---- addresses of people ----------------------------------------------------------------------------------- */

static int is_atom(char c)
{
    return is_letter(c) || is_digit(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static int ipv4(rest_t *t)
{
    for (int i = 0; i < 4; i++) {
        int number = 0, count = 0;

        if (i && !take(t, '.')) {
            return 0;
        }
        while (t->p < t->end && is_digit(*t->p) && count < 4) {
            number = number * 10 + (*t->p++ - '0');
            count++;
        }
        if (count < 1 || count > 3 || number > 255 || (count > 1 && t->p[-count] == '0')) {
            return 0;
        }
    }
    return t->p == t->end;
}

static int ipv6(rest_t *t)
{
    int groups = 0, gap = 0;

    if (t->end - t->p >= 2 && t->p[0] == ':' && t->p[1] == ':') {
        gap = 1;
        t->p += 2;
    }
    while (t->p < t->end) {
        const char *from = t->p;
        rest_t four = {t->p, t->end};

        while (t->p < t->end && is_hex(*t->p) && t->p - from < 4) {
            t->p++;
        }
        if (memchr(from, '.', (size_t)(t->end - from)) && !memchr(from, ':', (size_t)(t->end - from))) {
            return ipv4(&four) && (groups == 6 || (gap && groups < 6));
        }
        if (t->p == from) {
            return 0;
        }
        groups++;
        if (t->p == t->end) {
            break;
        }
        if (!take(t, ':') || t->p == t->end) {
            return 0;
        }
        if (*t->p == ':') {
            if (gap) {
                return 0;
            }
            gap = 1;
            t->p++;
        }
    }
    return groups == 8 || (gap && groups < 8);
}

/* Letters, digits and hyphens in labels of 1 to 63, none of which begins or ends with a hyphen. */
static int domain(rest_t *t)
{
    while (t->p < t->end) {
        const char *from = t->p;

        while (t->p < t->end && (is_letter(*t->p) || is_digit(*t->p) || *t->p == '-')) {
            t->p++;
        }
        if (t->p == from || t->p - from > 63 || *from == '-' || t->p[-1] == '-') {
            return 0;
        }
        if (t->p == t->end) {
            return 1;
        }
        if (!take(t, '.')) {
            return 0;
        }
    }
    return 0;
}

static int quoted_local(rest_t *t)
{
    while (t->p < t->end && *t->p != '"') {
        unsigned char c = (unsigned char)*t->p++;
        if (c == '\\') {
            if (t->p == t->end) {
                return 0;
            }
            c = (unsigned char)*t->p++;
        }
        if (c < 0x20 || c > 0x7E) {
            return 0;
        }
    }
    return take(t, '"');
}

static int dotted_local(rest_t *t)
{
    do {
        const char *from = t->p;
        while (t->p < t->end && is_atom(*t->p)) {
            t->p++;
        }
        if (t->p == from) {
            return 0;
        }
    } while (take(t, '.'));
    return 1;
}

/* RFC 5321's Mailbox. */
static int email(const char *text, apr_size_t length)
{
    rest_t t = {text, text + length};

    if (!(take(&t, '"') ? quoted_local(&t) : dotted_local(&t)) || t.p - text > 64 || !take(&t, '@')) {
        return 0;
    }
    if (take(&t, '[')) {
        if (t.p == t.end || t.end[-1] != ']') {
            return 0;
        }
        t.end--;
        if (t.end - t.p > 5 && !strncmp(t.p, "IPv6:", 5)) {
            t.p += 5;
            return ipv6(&t);
        }
        return ipv4(&t);
    }
    return t.end - t.p <= 255 && domain(&t);
}

int mact_oapi_email(const char *text, apr_size_t length)
{
    const char *end = text + length;
    apr_size_t before = 0, label = 0, labels = 0;
    int at = 0;

    if (mact_oapi_characters(text, length) > 254) {
        return 0;
    }
    while (text < end) {
        const char *from = text;
        long c = mact_oapi_next(&text, end);

        if (c <= 0x20 || (c >= 0x7F && c < 0xA0) || mact_oapi_blank(from, (apr_size_t)(text - from))) {
            return 0;
        }
        if (c == '@') {
            if (at++ || before < 1 || before > 64) {
                return 0;
            }
        } else if (!at) {
            before++;
        } else if (c == '.') {
            if (label == 0) {
                return 0;
            }
            label = 0;
            labels++;
        } else {
            label++;
        }
    }
    return at && label > 0 && labels > 0;
}

/* ---- URIs -------------------------------------------------------------------------------------------------- */

/* So many characters as are unreserved, %-escapes, sub-delims or of `others`. */
static int run_of(rest_t *t, const char *others)
{
    while (t->p < t->end) {
        char c = *t->p;
        if (c == '%') {
            if (t->end - t->p < 3 || !is_hex(t->p[1]) || !is_hex(t->p[2])) {
                return 0;
            }
            t->p += 3;
        } else if (is_letter(c) || is_digit(c) || (c && (strchr("-._~!$&'()*+,;=", c) || strchr(others, c)))) {
            t->p++;
        } else {
            break;
        }
    }
    return 1;
}

static int authority(rest_t *t)
{
    const char *end = t->p, *at = NULL;
    rest_t part;

    while (end < t->end && *end != '/' && *end != '?' && *end != '#') {
        at = *end == '@' ? end : at;
        end++;
    }
    part.p = t->p;
    part.end = at ? at : end;
    if (at && (!run_of(&part, ":") || part.p != at)) {
        return 0;
    }
    part.p = at ? at + 1 : t->p;
    part.end = end;
    t->p = end;
    if (take(&part, '[')) {
        const char *close = memchr(part.p, ']', (size_t)(end - part.p));
        rest_t inner = {part.p, close};

        if (!close) {
            return 0;
        }
        part.p = close + 1;
        if (take(&inner, 'v')) {
            const char *from = inner.p;
            while (inner.p < inner.end && is_hex(*inner.p)) {
                inner.p++;
            }
            if (inner.p == from || !take(&inner, '.') || inner.p == inner.end || !run_of(&inner, ":") ||
                inner.p != inner.end) {
                return 0;
            }
        } else if (!ipv6(&inner)) {
            return 0;
        }
    } else if (!run_of(&part, "")) {
        return 0;
    }
    if (take(&part, ':')) {
        while (part.p < part.end && is_digit(*part.p)) {
            part.p++;
        }
    }
    return part.p == part.end;
}

/* RFC 3986's URI: with a scheme. */
static int uri(const char *text, apr_size_t length)
{
    rest_t t = {text, text + length};

    if (t.p == t.end || !is_letter(*t.p)) {
        return 0;
    }
    while (t.p < t.end && (is_letter(*t.p) || is_digit(*t.p) || *t.p == '+' || *t.p == '-' || *t.p == '.')) {
        t.p++;
    }
    if (!take(&t, ':')) {
        return 0;
    }
    if (t.end - t.p >= 2 && t.p[0] == '/' && t.p[1] == '/') {
        t.p += 2;
        if (!authority(&t)) {
            return 0;
        }
    }
    if (!run_of(&t, ":@/") || (take(&t, '?') && !run_of(&t, ":@/?")) || (take(&t, '#') && !run_of(&t, ":@/?"))) {
        return 0;
    }
    return t.p == t.end;
}

int mact_oapi_formatted(mact_format_e format, const char *text, apr_size_t length)
{
    switch (format) {
    case MACT_FORMAT_UUID:
        return uuid(text, length);
    case MACT_FORMAT_DATE_TIME:
        return date_time(text, length);
    case MACT_FORMAT_DATE:
        return date(text, length);
    case MACT_FORMAT_EMAIL:
        return email(text, length);
    case MACT_FORMAT_URI:
        return uri(text, length);
    default:
        return 1;
    }
}
