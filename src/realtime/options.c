/*
 * realtime/options.c: what a document says of a stream beside its name: heartbeat, kinds, procedures.
 */
#include <string.h>

#include <apr_strings.h>

#include "inside.h"
#include "realtime.h"

const mact_oapi_call_t *mact_realtime_procedure(const mact_oapi_op_t *op, const char *name)
{
    int at = mact_oapi_procedure(op, name);

    return at >= 0 ? APR_ARRAY_IDX(op->procedures, at, mact_oapi_named_call_t).call : NULL;
}

static const char *check_kinds(const json_t *kinds, apr_pool_t *pool)
{
    const char *name;
    const json_t *whom;

    if (!json_is_object(kinds)) {
        return "kinds must be an object from a change's kind to user, activity or all";
    }
    json_object_foreach((json_t *)kinds, name, whom) {
        const char *word = json_string_value(whom);

        if (word == NULL || (strcmp(word, "user") != 0 && strcmp(word, "activity") != 0 && strcmp(word, "all") != 0)) {
            return apr_psprintf(pool, "kinds: %s must be user, activity or all", name);
        }
    }
    return NULL;
}

/* `render` and `alive` are called by the hub, with what it has, in this order. */
static const char *check_arguments(const mact_oapi_op_t *op, const char *name, const char *first, const char *second,
                                   apr_pool_t *pool)
{
    const mact_oapi_call_t *call = mact_realtime_procedure(op, name);
    const char *wanted[] = {first, second};
    int i, n = second != NULL ? 2 : 1;

    if (call == NULL) {
        return NULL;
    }
    for (i = 0; i < n && call->args->nelts == n; i++) {
        const mact_oapi_arg_t *arg = &APR_ARRAY_IDX(call->args, i, const mact_oapi_arg_t);

        if (arg->source != MACT_FROM_NATIVE || strcmp(arg->name, wanted[i]) != 0) {
            break;
        }
    }
    if (i == n) {
        return NULL;
    }
    return apr_psprintf(pool, "the procedure %s takes (native.%s%s%s)", name, first, second != NULL ? ", native." : "",
                        second != NULL ? second : "");
}

const char *mact_realtime_options(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    const char *name, *why;
    const json_t *value;

    if (mact_realtime_procedure(op, "open") == NULL || mact_realtime_procedure(op, "render") == NULL) {
        return "a stream needs the procedures open and render";
    }
    why = check_arguments(op, "render", "subscribers", "changes", pool);
    if (why == NULL) {
        why = check_arguments(op, "alive", "subscribers", NULL, pool);
    }
    if (why != NULL || op->native_options == NULL) {
        return why;
    }
    json_object_foreach((json_t *)op->native_options, name, value) {
        if (strcmp(name, "heartbeat") == 0) {
            if (!json_is_integer(value) || json_integer_value(value) < 1
                || json_integer_value(value) > MACT_REALTIME_HEARTBEAT_MOST) {
                return "heartbeat must be a number of seconds from 1 to 300";
            }
        } else if (strcmp(name, "kinds") == 0) {
            why = check_kinds(value, pool);
            if (why != NULL) {
                return why;
            }
        } else {
            return apr_psprintf(pool, "%s is no option of a stream; they are heartbeat, kinds and procedures", name);
        }
    }
    return NULL;
}

apr_interval_time_t mact_realtime_heartbeat(const mact_oapi_op_t *op)
{
    const json_t *value = op->native_options != NULL ? json_object_get(op->native_options, "heartbeat") : NULL;

    return apr_time_from_sec(value != NULL ? json_integer_value(value) : MACT_REALTIME_HEARTBEAT);
}

static mact_concerns_e whom_of(const char *word)
{
    if (strcmp(word, "user") == 0) {
        return MACT_CONCERNS_USER;
    }
    return strcmp(word, "activity") == 0 ? MACT_CONCERNS_ACTIVITY : MACT_CONCERNS_ALL;
}

/* Whom among the operation's subscribers a change of this kind may concern: `kind` itself before `prefix.*`. */
mact_concerns_e mact_realtime_concerns(const mact_oapi_op_t *op, const char *kind)
{
    const json_t *kinds = op->native_options != NULL ? json_object_get(op->native_options, "kinds") : NULL;
    const char *name;
    const json_t *whom;

    if (kinds == NULL) {
        return MACT_CONCERNS_ALL;
    }
    whom = json_object_get(kinds, kind);
    if (whom != NULL) {
        return whom_of(json_string_value(whom));
    }
    json_object_foreach((json_t *)kinds, name, whom) {
        size_t length = strlen(name);

        if (length > 2 && strcmp(name + length - 2, ".*") == 0 && strncmp(name, kind, length - 1) == 0) {
            return whom_of(json_string_value(whom));
        }
    }
    return MACT_CONCERNS_NOBODY;
}
