/*
 * Keys that tokens are verified and signed with, from directives and files.  They are read once, at configuration time, by the
 * parent (which is root in most installations, so that a file need be readable by nobody else), and a restart reads them again.
 */
#include <apr_file_io.h>
#include <apr_file_info.h>
#include <apr_strings.h>

#include "config/inside.h"

#define SECRET_LEAST 32              /* bytes: what HS256 asks (RFC 7518, 3.2) */
#define FILE_MOST    65536           /* bytes: more is no key but a wrong file name */

static const char *too_short(apr_size_t length, apr_pool_t *pool)
{
    return apr_psprintf(pool, "the secret has %" APR_SIZE_T_FMT " bytes; HS256 needs %d or more: make one with "
                        "`openssl rand -hex 32'", length, SECRET_LEAST);
}

const char *mact_config_key_secret(mact_auth_key_t *key, const char *secret, apr_pool_t *pool)
{
    apr_size_t length = strlen(secret);

    if (length < SECRET_LEAST) {
        return too_short(length, pool);
    }
    return mact_auth_secret(key, secret, length, pool);
}

/* The whole of a small file; the bytes are followed by a NUL that does not count. */
static const char *read_file(char **bytes, apr_size_t *length, apr_finfo_t *info, const char *file, apr_pool_t *pool)
{
    apr_file_t *f;
    char why[120];
    apr_status_t rv = apr_file_open(&f, file, APR_READ | APR_BINARY, APR_OS_DEFAULT, pool);

    if (rv != APR_SUCCESS) {
        return apr_psprintf(pool, "%s cannot be opened: %s: see that it is there and readable for the user that starts httpd", file,
                            apr_strerror(rv, why, sizeof why));
    }
    rv = apr_file_info_get(info, APR_FINFO_SIZE | APR_FINFO_PROT | APR_FINFO_TYPE, f);
    if (rv == APR_SUCCESS && (info->filetype != APR_REG || info->size > FILE_MOST)) {
        apr_file_close(f);
        return apr_psprintf(pool, "%s is no file of at most %d bytes", file, FILE_MOST);
    }
    *bytes = apr_palloc(pool, FILE_MOST + 1);
    *length = 0;
    if (rv == APR_SUCCESS) {
        rv = apr_file_read_full(f, *bytes, FILE_MOST, length);
    }
    apr_file_close(f);
    if (rv != APR_SUCCESS && !APR_STATUS_IS_EOF(rv)) {
        return apr_psprintf(pool, "%s cannot be read: %s", file, apr_strerror(rv, why, sizeof why));
    }
    (*bytes)[*length] = '\0';
    return NULL;
}

static int everybody_reads(const apr_finfo_t *info)
{
    return (info->valid & APR_FINFO_WPROT) && (info->protection & APR_FPROT_WREAD);
}

const char *mact_config_key_secret_file(mact_auth_key_t *key, int *readable_by_all, const char *file, apr_pool_t *pool)
{
    char *bytes;
    apr_size_t length;
    apr_finfo_t info;
    const char *error = read_file(&bytes, &length, &info, file, pool);

    if (error) {
        return error;
    }
    *readable_by_all = everybody_reads(&info);
    if (length && bytes[length - 1] == '\n') {          /* as an editor leaves it; any other byte belongs to the secret */
        length--;
        if (length && bytes[length - 1] == '\r') {
            length--;
        }
    }
    if (length < SECRET_LEAST) {
        return apr_pstrcat(pool, file, ": ", too_short(length, pool), NULL);
    }
    error = mact_auth_secret(key, bytes, length, pool);
    return error ? apr_pstrcat(pool, file, ": ", error, NULL) : NULL;
}

const char *mact_config_key_public_file(mact_auth_key_t *key, const char *file, apr_pool_t *pool)
{
    char *bytes;
    apr_size_t length;
    apr_finfo_t info;
    const char *error = read_file(&bytes, &length, &info, file, pool);

    if (error) {
        return error;
    }
    error = mact_auth_public_key(key, bytes, length, pool);
    return error ? apr_pstrcat(pool, file, ": ", error, NULL) : NULL;
}

const char *mact_config_key_private_file(mact_auth_key_t *key, int *readable_by_all, const char *file, apr_pool_t *pool)
{
    char *bytes;
    apr_size_t length;
    apr_finfo_t info;
    const char *error = read_file(&bytes, &length, &info, file, pool);

    if (error) {
        return error;
    }
    *readable_by_all = everybody_reads(&info);
    error = mact_auth_private_key(key, bytes, length, pool);
    return error ? apr_pstrcat(pool, file, ": ", error, NULL) : NULL;
}
