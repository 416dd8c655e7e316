/*
 * What tokens of tests are signed with, as a mount makes it of a secret or of a private key.
 */
#ifndef UNIT_AUTH_SIGNING_H
#define UNIT_AUTH_SIGNING_H

#include "auth/auth.h"

static inline const char *signing_by(mact_auth_signer_t *signer, const mact_auth_key_t *key, const char *why, const char *algorithm)
{
    return why ? why : mact_auth_signer(signer, key, mact_auth_algorithm(algorithm)) ? NULL : "the key does not sign by this algorithm";
}

/* NULL, or why there is no such signer. */
static inline const char *signing_secret(mact_auth_signer_t *signer, const char *algorithm, const char *bytes, apr_size_t length,
                                         apr_pool_t *pool)
{
    mact_auth_key_t key;
    const char *why = mact_auth_secret(&key, bytes, length, pool);

    return signing_by(signer, &key, why, algorithm);
}

static inline const char *signing_key(mact_auth_signer_t *signer, const char *algorithm, const char *pem, apr_size_t length,
                                      apr_pool_t *pool)
{
    mact_auth_key_t key;
    const char *why = mact_auth_private_key(&key, pem, length, pool);

    return signing_by(signer, &key, why, algorithm);
}

#endif
