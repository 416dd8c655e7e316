/*
 * Natives: the named C functions that a document may ask for, each in the folder of its subject.
 */
#include <apr_strings.h>

#include "account/account.h"
#include "http/inside.h"
#include "realtime/realtime.h"

static const mact_native_t natives[] = {
    {.name = "blob", .run = mact_http_blob, .flaw = mact_http_blob_flaw},
    {.name = "change-password", .run = mact_account_change_password, .flaw = mact_account_change_password_flaw},
    {.name = "check-password", .raw = mact_account_check_password_raw, .run = mact_account_check_password,
     .flaw = mact_account_check_password_flaw},
    {.name = "hash-password", .run = mact_account_hash_password, .undo = mact_account_hash_password_undo,
     .flaw = mact_account_hash_password_flaw},
    {.name = "health", .run = mact_http_health, .flaw = mact_http_health_flaw},
    {.name = "metrics", .run = mact_http_metrics},
    {.name = "refresh-token", .run = mact_account_refresh_token, .flaw = mact_account_refresh_token_flaw},
    {.name = "signature", .early = mact_account_signature_early, .raw = mact_account_signature_raw, .flaw = mact_account_signature_flaw},
    {.name = "stream", .run = mact_realtime_native_stream, .flaw = mact_realtime_options},
};

const mact_native_t *mact_http_native(const char *name)
{
    for (apr_size_t i = 0; i < sizeof natives / sizeof natives[0]; i++) {
        if (!strcmp(natives[i].name, name)) {
            return &natives[i];
        }
    }
    return NULL;
}

static int known(const char *name)
{
    return mact_http_native(name) != NULL;
}

static const char *flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    const mact_native_t *native = mact_http_native(op->native);

    if (native->flaw) {
        return native->flaw(op, pool);
    }
    return op->native_options && json_object_size(op->native_options)
        ? apr_psprintf(pool, "it takes no options, but `%s' is given",
                       json_object_iter_key(json_object_iter((json_t *)op->native_options)))
        : NULL;
}

const mact_config_natives_t mact_http_natives = {.known = known, .flaw = flaw};

int mact_http_native_early(mact_exchange_t *x)
{
    const mact_native_t *native = x->op->native ? mact_http_native(x->op->native) : NULL;

    return native && native->early ? native->early(x) : DECLINED;
}

int mact_http_native_run(mact_exchange_t *x)
{
    const mact_native_t *native = x->op->native ? mact_http_native(x->op->native) : NULL;

    return native && native->run ? native->run(x) : DECLINED;
}

int mact_http_native_raw(mact_exchange_t *x)
{
    const mact_native_t *native = x->op->native ? mact_http_native(x->op->native) : NULL;

    return native && native->raw ? native->raw(x) : DECLINED;
}

void mact_http_native_undo(mact_exchange_t *x)
{
    const mact_native_t *native = x->op->native ? mact_http_native(x->op->native) : NULL;

    if (native && native->undo) {
        native->undo(x);
    }
}
