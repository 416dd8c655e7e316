/* auth/inside.h: what only the files of this folder share. */
#ifndef MACT_AUTH_INSIDE_H
#define MACT_AUTH_INSIDE_H

#include "auth/auth.h"

/* Bits of the algorithms that a key can serve. */
unsigned mact_auth_serves(const mact_auth_key_t *key);

/* Judges the claims of a token whose signature is good, and fills in what they say. Pure: `now` is an argument. */
mact_token_e mact_auth_judge(mact_auth_token_t *token, const mact_auth_rules_t *rules, apr_time_t now, apr_pool_t *pool);

#endif
