/*
 * account/account.h: natives around accounts: passwords are hashed and checked, tokens issued and refreshed, signed requests verified.
 *
 * What each does, its options and the faults it answers with is in docs/api-documents.md.  This folder knows no table and no API: whose
 * password it is, and what a token says, comes from the procedures that the document names.
 *
 * Hashing is slow on purpose.  It is done by a few threads of each child at the lowest priority, for which requests wait in line, so
 * that a flood of logins takes from other requests neither the processors nor all threads (turn.c).
 */
#ifndef MACT_ACCOUNT_H
#define MACT_ACCOUNT_H

#include "http/http.h"

/*
 * For child_init: starts the threads that hash.  A pre-cleanup of `pchild` ends and joins them.  Errors: what creating a thread or a mutex
 * says, logged; natives that hash then answer the fault `unavailable`.
 */
apr_status_t mact_account_child(apr_pool_t *pchild, server_rec *main_server);

/* Hook child_stopping: unless gracefully, whoever waits for a turn is answered `unavailable` now.  Any thread; returns at once. */
void mact_account_stopping(apr_pool_t *pchild, int graceful);

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

/*
 * x-issue: sends what the procedure answered, with tokens made of its row where it answered 2xx with a subject.  A handler's return
 * value.
 */
int mact_account_issue(mact_exchange_t *x, const mact_db_reply_t *reply);

#endif
