/*
 * auth/issue.c: tokens of our own.
 *
 * libjwt writes header and claims with their names sorted and without white space, and so the same claims are the same bytes: a token can be
 * made again from what the database knows of it, and need not be stored.
 */
#include <apr_general.h>
#include <apr_strings.h>
#include <openssl/err.h>
#include <stdlib.h>

#include "auth/inside.h"

/* The claims with the two times, as JSON text of malloc. */
static char *with_times(const json_t *claims, apr_int64_t issued, int lifetime)
{
    json_t *all = json_copy((json_t *)claims);
    char *text = NULL;

    if (all && !json_object_set_new(all, "iat", json_integer(issued)) && !json_object_set_new(all, "exp", json_integer(issued + lifetime))) {
        text = json_dumps(all, JSON_COMPACT);
    }
    json_decref(all);
    return text;
}

apr_status_t mact_auth_issue(const char **jwt, const mact_auth_signer_t *signer, const json_t *claims, apr_int64_t issued,
                             int lifetime, apr_pool_t *pool)
{
    char *text, *encoded = NULL;
    jwt_t *made = NULL;

    if (!json_is_object(claims)) {
        return APR_EINVAL;
    }
    text = with_times(claims, issued, lifetime);
    if (text && !jwt_new(&made) && !jwt_add_grants_json(made, text)
        && !jwt_set_alg(made, (jwt_alg_t)signer->algorithm, signer->bytes, signer->length)) {
        encoded = jwt_encode_str(made);
    }
    if (encoded) {
        *jwt = apr_pstrdup(pool, encoded);
    }
    else {
        ERR_clear_error();
    }
    free(encoded);
    free(text);
    if (made) {
        jwt_free(made);
    }
    return encoded ? APR_SUCCESS : APR_EGENERAL;
}

apr_status_t mact_auth_uuid(const char **uuid, apr_pool_t *pool)
{
    unsigned char b[16];
    apr_status_t rv = apr_generate_random_bytes(b, sizeof b);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
    b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
    *uuid = apr_psprintf(pool, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4], b[5],
                         b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
    return APR_SUCCESS;
}
