/*
 * What this room brings: the natives, by the names that documents know them by.
 */
#include "account/inside.h"

static const char *const of_hashing[] = {"claim", "release", NULL};
static const char *const of_checking[] = {"credentials", NULL};

static const mact_native_t natives[] = {
    {.name = "change-password", .run = mact_account_change_password, .procedures = of_checking, .flaw = mact_account_change_password_flaw},
    {.name = "check-password", .raw = mact_account_check_password_raw, .run = mact_account_check_password,
     .procedures = of_checking, .flaw = mact_account_check_password_flaw},
    {.name = "hash-password", .run = mact_account_hash_password, .undo = mact_account_hash_password_undo,
     .procedures = of_hashing, .flaw = mact_account_hash_password_flaw},
    {.name = "refresh-token", .run = mact_account_refresh_token, .flaw = mact_account_refresh_token_flaw},
    {.name = "signature", .early = mact_account_signature_early, .raw = mact_account_signature_raw, .flaw = mact_account_signature_flaw},
    {.name = NULL},
};

void mact_account_register(apr_pool_t *pool)
{
    mact_http_provide_natives(pool, natives);
}
