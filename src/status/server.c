/*
 * status/server.c: the counters within httpd: which operations there are, and a section of the status page of mod_status.
 */
#include <apr_hash.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>
#include <http_protocol.h>
#include <apr_optional_hooks.h>
#include <mod_status.h>

#include "config/config.h"
#include "status/status.h"

APLOG_USE_MODULE(activities);

/* Made in post_config, in pconf; children only read it. */
static mact_status_t *status_here;
static apr_hash_t *status_by_operation;         /* address of a mact_oapi_op_t -> its counters */
static server_rec *status_main_server;

const mact_status_t *mact_status_here(void)
{
    return status_here;
}

mact_status_op_t *mact_status_of(const void *oapi_op)
{
    return status_by_operation ? apr_hash_get(status_by_operation, &oapi_op, sizeof oapi_op) : NULL;
}

static apr_status_t know_document(const mact_oapi_doc_t *doc, apr_pool_t *pool)
{
    for (int i = 0; i < doc->operations->nelts; i++) {
        const mact_oapi_op_t **op = apr_palloc(pool, sizeof *op);
        mact_status_op_t *counters;
        apr_status_t rv;

        *op = APR_ARRAY_IDX(doc->operations, i, const mact_oapi_op_t *);
        rv = mact_status_operation(&counters, status_here, doc->name, (*op)->id);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        apr_hash_set(status_by_operation, op, sizeof *op, counters);
    }
    return APR_SUCCESS;
}

int mact_status_start(server_rec *main_server)
{
    apr_pool_t *pconf = main_server->process->pconf;
    apr_status_t rv = mact_status_open(&status_here, main_server->process->pool);

    status_by_operation = apr_hash_make(pconf);
    status_main_server = main_server;
    for (server_rec *s = main_server; s && rv == APR_SUCCESS; s = s->next) {
        const apr_array_header_t *mounts = mact_config_mounts(s, main_server, pconf);

        for (int i = 0; i < mounts->nelts && rv == APR_SUCCESS; i++) {
            rv = know_document(APR_ARRAY_IDX(mounts, i, const mact_mount_t *)->doc, pconf);
        }
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, main_server, "ACT0600: shared memory for the counters of operations cannot be had: raise "
                     "the system's limit, or mount fewer documents");
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    return OK;
}

void mact_status_child_init(void)
{
    if (status_here) {
        mact_status_child(status_here);
    }
}

/* ---- the section of the status page -------------------------------------------------------------------------- */

/* What an API did altogether. */
typedef struct {
    const char *name;
    apr_uint64_t requests, refused, failed, limited, took;
} total_t;

static total_t *total_of(apr_array_header_t *totals, const char *name)
{
    for (int i = 0; i < totals->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(totals, i, total_t).name, name)) {
            return &APR_ARRAY_IDX(totals, i, total_t);
        }
    }
    APR_ARRAY_PUSH(totals, total_t) = (total_t){.name = name};
    return &APR_ARRAY_IDX(totals, totals->nelts - 1, total_t);
}

static apr_array_header_t *totals_of(apr_pool_t *pool)
{
    apr_array_header_t *totals = apr_array_make(pool, 8, sizeof(total_t));

    for (const mact_status_op_t *op = mact_status_first(status_here); op; op = mact_status_next(op)) {
        mact_status_sum_t sum;
        total_t *total;

        mact_status_sum(&sum, op);
        total = total_of(totals, sum.api);
        total->requests += sum.requests;
        total->limited += sum.limited;
        total->took += sum.took;
        for (int i = 0; i < sum.n_codes; i++) {
            total->refused += sum.codes[i] >= 400 && sum.codes[i] < 500 ? sum.counts[i] : 0;
            total->failed += sum.codes[i] >= 500 ? sum.counts[i] : 0;
        }
    }
    return totals;
}

static apr_uint64_t mean(const total_t *total)
{
    return total->requests ? total->took / total->requests : 0;
}

/* For ?auto: one value a line. */
static void short_section(request_rec *r, const apr_array_header_t *totals, const mact_db_gauges_t *gauges)
{
    for (int i = 0; i < totals->nelts; i++) {
        const total_t *t = &APR_ARRAY_IDX(totals, i, total_t);

        ap_rprintf(r, "Activities-%s-Requests: %" APR_UINT64_T_FMT "\nActivities-%s-ClientErrors: %" APR_UINT64_T_FMT "\n"
                   "Activities-%s-ServerErrors: %" APR_UINT64_T_FMT "\nActivities-%s-RateLimited: %" APR_UINT64_T_FMT "\n"
                   "Activities-%s-MeanMicroseconds: %" APR_UINT64_T_FMT "\n",
                   t->name, t->requests, t->name, t->refused, t->name, t->failed, t->name, t->limited, t->name, mean(t));
    }
    ap_rprintf(r, "Activities-PoolLimit: %u\nActivities-PoolUsed: %u\nActivities-PoolWaiting: %u\n"
               "Activities-PoolRefused: %" APR_UINT64_T_FMT "\n",
               gauges->limit, gauges->used, gauges->waiting, gauges->refused);
}

static void long_section(request_rec *r, const apr_array_header_t *totals, const mact_db_gauges_t *gauges)
{
    ap_rputs("<hr />\n<h2>Activities</h2>\n<table border=\"0\"><tr><th>API</th><th>Requests</th><th>4xx</th><th>5xx</th>"
             "<th>Over a limit</th><th>Mean time (ms)</th></tr>\n", r);
    for (int i = 0; i < totals->nelts; i++) {
        const total_t *t = &APR_ARRAY_IDX(totals, i, total_t);

        ap_rprintf(r, "<tr><td>%s</td><td>%" APR_UINT64_T_FMT "</td><td>%" APR_UINT64_T_FMT "</td><td>%" APR_UINT64_T_FMT "</td><td>%"
                   APR_UINT64_T_FMT "</td><td>%.2f</td></tr>\n", ap_escape_html(r->pool, t->name), t->requests, t->refused, t->failed,
                   t->limited, (double)mean(t) / 1000);
    }
    ap_rprintf(r, "</table>\n<p>Database connections of the child that answers: %u of %u in use, %u requests waiting for one, %"
               APR_UINT64_T_FMT " refused for want of one since it began.</p>\n",
               gauges->used, gauges->limit, gauges->waiting, gauges->refused);
}

static int page(request_rec *r, int flags)
{
    server_rec *server = r->server;
    const apr_array_header_t *totals;
    mact_db_gauges_t gauges;

    if (!status_here || r->header_only) {
        return DECLINED;
    }
    totals = totals_of(r->pool);
    mact_db_gauges(&gauges, server);
    if (!gauges.limit) {
        mact_db_gauges(&gauges, status_main_server);
    }
    if (flags & AP_STATUS_SHORT) {
        short_section(r, totals, &gauges);
    } else {
        long_section(r, totals, &gauges);
    }
    return OK;
}

void mact_status_register_page(apr_pool_t *pool)
{
    (void)pool;
    APR_OPTIONAL_HOOK(ap, status_hook, page, NULL, NULL, APR_HOOK_MIDDLE);
}
