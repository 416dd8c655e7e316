/*
 * Natives: the named C functions that a document may ask for.  They are providers of httpd's (ap_provider.h), so that each room brings its
 * own and this one need not know which there are.
 */
#include <ap_provider.h>
#include <apr_strings.h>

#include "http/inside.h"

#define VERSION "1"

void mact_http_provide_natives(apr_pool_t *pool, const mact_native_t *natives)
{
    for (; natives->name; natives++) {
        ap_register_provider(pool, "activities-native", natives->name, VERSION, natives);
    }
}

void mact_http_provide_check(apr_pool_t *pool, const mact_check_t *check)
{
    ap_register_provider(pool, "activities-check", check->name, VERSION, check);
}

const mact_check_t *mact_http_check(const char *name)
{
    return ap_lookup_provider("activities-check", name, VERSION);
}

static const mact_native_t *native_of(const mact_oapi_op_t *op)
{
    return op->native ? ap_lookup_provider("activities-native", op->native, VERSION) : NULL;
}

static int known(const char *name)
{
    return ap_lookup_provider("activities-native", name, VERSION) != NULL;
}

/* A procedure that is never called is a name misspelt. */
static const char *flaw_of_procedures(const mact_oapi_op_t *op, const char *const *known, apr_pool_t *pool)
{
    for (int i = 0; op->procedures && i < op->procedures->nelts; i++) {
        const char *name = APR_ARRAY_IDX(op->procedures, i, mact_oapi_named_call_t).name, *others = "none";
        int found = 0;

        for (int k = 0; known && known[k]; k++) {
            found |= !strcmp(known[k], name);
            others = k ? apr_pstrcat(pool, others, ", ", known[k], NULL) : known[k];
        }
        if (!found) {
            return apr_psprintf(pool, "it calls no procedure `%s'; those that it calls: %s", name, others);
        }
    }
    return NULL;
}

static const char *flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    const mact_native_t *native = native_of(op);
    const char *misnamed = flaw_of_procedures(op, native->procedures, pool);

    if (misnamed) {
        return misnamed;
    }
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
    const mact_native_t *native = native_of(x->op);

    return native && native->early ? native->early(x) : DECLINED;
}

int mact_http_native_run(mact_exchange_t *x)
{
    const mact_native_t *native = native_of(x->op);

    return native && native->run ? native->run(x) : DECLINED;
}

int mact_http_native_raw(mact_exchange_t *x)
{
    const mact_native_t *native = native_of(x->op);

    return native && native->raw ? native->raw(x) : DECLINED;
}

void mact_http_native_undo(mact_exchange_t *x)
{
    const mact_native_t *native = native_of(x->op);

    if (native && native->undo) {
        native->undo(x);
    }
}
