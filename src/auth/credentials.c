/*
 * auth/credentials.c: what an Authorization header holds (RFC 9110, 11.4), and the spellings of bytes that are met there.
 */
#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>
#include <strings.h>

#include "auth/inside.h"

/* ---- spellings ---------------------------------------------------------------------------------------------- */

/* The six bits of a character, or -1. */
static int sextet(unsigned char c, int url)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }
    if (c == (url ? '-' : '+')) {
        return 62;
    }
    return c == (url ? '_' : '/') ? 63 : -1;
}

unsigned char *mact_auth_base64(apr_size_t *decoded, const char *text, apr_size_t length, int url, apr_pool_t *pool)
{
    unsigned char *bytes, *to;
    unsigned gathered = 0, bits = 0;

    if (!url) {
        if (length % 4) {
            return NULL;
        }
        for (int i = 0; i < 2 && length && text[length - 1] == '='; i++) {
            length--;
        }
    }
    if (length % 4 == 1) {
        return NULL;
    }
    to = bytes = apr_palloc(pool, length / 4 * 3 + 3);
    for (apr_size_t i = 0; i < length; i++) {
        int six = sextet((unsigned char)text[i], url);

        if (six < 0) {
            return NULL;
        }
        gathered = gathered << 6 | (unsigned)six;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            *to++ = (unsigned char)(gathered >> bits);
            gathered &= (1u << bits) - 1;
        }
    }
    if (gathered) {                        /* bits that belong to no byte: another spelling of the same bytes */
        return NULL;
    }
    *to = '\0';
    *decoded = (apr_size_t)(to - bytes);
    return bytes;
}

static int nibble(unsigned char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int mact_auth_unhex(unsigned char *bytes, apr_size_t length, const char *hex)
{
    for (apr_size_t i = 0; i < 2 * length; i++) {
        int four = nibble((unsigned char)hex[i]);

        if (four < 0) {                    /* the NUL of a text that is too short, too */
            return 0;
        }
        bytes[i / 2] = (unsigned char)(i % 2 ? bytes[i / 2] << 4 | four : four);
    }
    return hex[2 * length] == '\0';
}

const char *mact_auth_read_uuid(const char *text, apr_pool_t *pool)
{
    char *uuid;

    for (int i = 0; i < 36; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23 ? text[i] != '-' : nibble((unsigned char)text[i]) < 0) {
            return NULL;
        }
    }
    if (text[36]) {
        return NULL;
    }
    uuid = apr_pstrmemdup(pool, text, 36);
    for (int i = 0; i < 36; i++) {
        uuid[i] = (char)apr_tolower(uuid[i]);
    }
    return uuid;
}

/* ---- the header --------------------------------------------------------------------------------------------- */

/* RFC 9110, 5.6.2: a character of a scheme's name. */
static int is_token_character(char c)
{
    return c && ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("!#$%&'*+-.^_`|~", c));
}

mact_scheme_e mact_auth_scheme(const char **credentials, const char *authorization, const char *scheme, apr_pool_t *pool)
{
    apr_size_t length = 0, rest;

    while (authorization && is_token_character(authorization[length])) {
        length++;
    }
    if (!length || length != strlen(scheme) || strncasecmp(authorization, scheme, length)) {
        return MACT_SCHEME_OTHER;
    }
    authorization += length;
    if (*authorization != ' ') {
        return MACT_SCHEME_ODD;
    }
    authorization += strspn(authorization, " ");
    rest = strlen(authorization);
    while (rest && (authorization[rest - 1] == ' ' || authorization[rest - 1] == '\t')) {
        rest--;
    }
    if (!rest) {
        return MACT_SCHEME_ODD;
    }
    *credentials = apr_pstrmemdup(pool, authorization, rest);
    return MACT_SCHEME_FOUND;
}

/*
 * Each character of `given` is compared with one of the secret, which stays at its end once it is reached: so neither where they differ nor how
 * long the secret is shows in the time.
 */
int mact_auth_equal(const char *given, const char *secret)
{
    volatile unsigned char differ = 0;
    apr_size_t at = 0;

    for (apr_size_t i = 0;; i++) {
        differ |= (unsigned char)(given[i] ^ secret[at]);
        if (!given[i]) {
            return differ == 0;
        }
        at += secret[at] != '\0';
    }
}

/* ---- Basic -------------------------------------------------------------------------------------------------- */

static int is_utf8(const char *text, apr_size_t length)
{
    json_t *string = json_stringn(text, length);

    json_decref(string);
    return string != NULL;
}

mact_basic_e mact_auth_basic(const char **user, const char **password, const char *authorization, apr_pool_t *pool)
{
    const char *credentials = NULL;
    apr_size_t length = 0;
    char *text, *colon;

    switch (mact_auth_scheme(&credentials, authorization, "Basic", pool)) {
    case MACT_SCHEME_OTHER:
        return MACT_BASIC_MISSING;
    case MACT_SCHEME_ODD:
        return MACT_BASIC_INVALID;
    case MACT_SCHEME_FOUND:
        break;
    }
    text = (char *)mact_auth_base64(&length, credentials, strlen(credentials), 0, pool);
    if (!text || memchr(text, '\0', length) || !is_utf8(text, length)) {
        return MACT_BASIC_INVALID;
    }
    colon = strchr(text, ':');
    if (!colon) {
        return MACT_BASIC_INVALID;
    }
    *colon = '\0';
    *user = text;
    *password = colon + 1;
    return MACT_BASIC_GOOD;
}
