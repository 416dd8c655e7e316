/*
 * A name for each request, which its reply and its lines in the error log share.  It is mod_unique_id's where that is loaded, and else
 * our own: a random number that the child drew at its start, and a count.
 */
#include <apr_atomic.h>
#include <apr_general.h>
#include <apr_strings.h>

#include "http/inside.h"

static apr_uint64_t child_number;
static volatile apr_uint32_t count;

void mact_http_request_id_child(void)
{
    if (apr_generate_random_bytes((unsigned char *)&child_number, sizeof child_number) != APR_SUCCESS) {
        child_number = (apr_uint64_t)apr_time_now();
    }
}

const char *mact_http_request_id(request_rec *r)
{
    const char *unique = apr_table_get(r->subprocess_env, "UNIQUE_ID");

    return unique ? unique
                  : apr_psprintf(r->pool, "%016" APR_UINT64_T_HEX_FMT "-%x", child_number, apr_atomic_inc32(&count));
}
