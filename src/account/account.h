/*
 * account/account.h: natives around accounts: passwords are hashed and checked, refresh tokens taken back, signed requests verified.
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

/* For register_hooks: the natives hash-password, check-password, change-password, refresh-token and signature. */
void mact_account_register(apr_pool_t *pool);

/*
 * For child_init: starts the threads that hash.  A pre-cleanup of `pchild` ends and joins them.  Errors: what creating a thread or a mutex
 * says, logged; natives that hash then answer the fault `unavailable`.
 */
apr_status_t mact_account_child(apr_pool_t *pchild, server_rec *main_server);

/* Hook child_stopping: unless gracefully, whoever waits for a turn is answered `unavailable` now.  Any thread; returns at once. */
void mact_account_stopping(apr_pool_t *pchild, int graceful);

#endif
