/*
 * account/inside.h: what the files of this folder share.
 */
#ifndef MACT_ACCOUNT_INSIDE_H
#define MACT_ACCOUNT_INSIDE_H

#include "account/account.h"

/* ---- the natives, each in the file of its name; those of passwords in password.c --------------------------------- */

/* hash-password: native.hash of a new password.  What its procedure `claim` has claimed is given back by `undo`, once no account comes of it. */
int mact_account_hash_password(mact_exchange_t *x);
void mact_account_hash_password_undo(mact_exchange_t *x);
const char *mact_account_hash_password_flaw(const mact_oapi_op_t *op, apr_pool_t *pool);

/* check-password: whose credentials these are; native.login and native.user_id.  The first part looks for a Basic header. */
int mact_account_check_password_raw(mact_exchange_t *x);
int mact_account_check_password(mact_exchange_t *x);
const char *mact_account_check_password_flaw(const mact_oapi_op_t *op, apr_pool_t *pool);

/* change-password: the current password is right; native.hash of the new one. */
int mact_account_change_password(mact_exchange_t *x);
const char *mact_account_change_password_flaw(const mact_oapi_op_t *op, apr_pool_t *pool);

/* refresh-token: native.refresh_sub, native.refresh_sid, native.refresh_jti. */
int mact_account_refresh_token(mact_exchange_t *x);
const char *mact_account_refresh_token_flaw(const mact_oapi_op_t *op, apr_pool_t *pool);

/* signature: the request is signed by the key of the mount.  The first part looks at headers alone. */
int mact_account_signature_early(mact_exchange_t *x);
int mact_account_signature_raw(mact_exchange_t *x);
const char *mact_account_signature_flaw(const mact_oapi_op_t *op, apr_pool_t *pool);

/* ---- turn.c: the line in front of the threads that hash ------------------------------------------------------ */

typedef struct mact_account_turn_t mact_account_turn_t;

/*
 * Waits for a turn.  NULL: too many wait already, or it did not come in time.  Who has a turn gives it back, and may in between do whatever
 * only one in a few should do at once.
 */
mact_account_turn_t *mact_account_turn(void);
void mact_account_turn_back(mact_account_turn_t *turn);

/* As mact_auth_password_hash and mact_auth_password_verify (with a dummy of that cost), on the thread of this turn. */
apr_status_t mact_account_turn_hash(mact_account_turn_t *turn, const char **hash, const char *password, apr_size_t length, int cost,
                                    apr_pool_t *pool);
int mact_account_turn_verify(mact_account_turn_t *turn, const char *password, apr_size_t length, const char *hash, int cost,
                             apr_pool_t *pool);

/* ---- option.c: options of natives ---------------------------------------------------------------------------- */

/* A string member of the request's body and its length; NULL: absent or no string. */
const char *mact_account_member(apr_size_t *length, const mact_exchange_t *x, const char *name);

/* Puts a `native.NAME` value. */
void mact_account_made(mact_exchange_t *x, const char *name, const char *value);

const char *mact_account_option(const mact_exchange_t *x, const char *name); /* a string, or NULL */
int mact_account_option_set(const mact_exchange_t *x, const char *name);     /* whether it is true */

/* Each of these is NULL, or what is wrong with the operation's options. */
const char *mact_account_known_options(const mact_oapi_op_t *op, const char *const *names, apr_pool_t *pool);
const char *mact_account_needs_member(const mact_oapi_op_t *op, const char *option, apr_pool_t *pool);   /* it names a member of the body */
const char *mact_account_needs_procedure(const mact_oapi_op_t *op, const char *key, apr_pool_t *pool);
const char *mact_account_needs_faults(const mact_oapi_op_t *op, const char *const *names, apr_pool_t *pool);

#endif
