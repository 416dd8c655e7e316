/*
 * Natives: the named C functions that a document may ask for, each in the folder of its subject.
 */
#include "http/inside.h"

static const mact_native_t natives[] = {
    {.name = "health", .run = mact_http_health},
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

int mact_http_known_native(const char *name)
{
    return mact_http_native(name) != NULL;
}

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
