/*
 * The native `health`: is the service fit to answer?
 *
 *     x-native: {name: health, database: true, timeout: 2s, healthy: {status: healthy}, unhealthy: {status: unhealthy}}
 *
 * With `database` (or a procedure) the database is asked, within `timeout`, which bounds both the wait for a connection and the answer.
 * `checks: [database, streams]` asks each of those, and all must be well: the database is, where every procedure of the document is there.
 * An answer is 200 with `healthy` (or the procedure's own reply where that is left out), anything else `unhealthy-status` (503) with
 * `unhealthy`.  `keep` is for how long a child gives the same answer again, so that who asks for it often costs nothing.
 *
 * Templates may name, besides what faults may: `{latency_ms}`; of each check its outcome, `{database}` and `{streams}`, an object with
 * `status` and `latency_ms` or `error`; the members of what the procedure answered; and `{server_version}` (as ServerTokens allows),
 * `{server_name}`, `{module_version}` and `{platform}`.
 */
#include <stdlib.h>
#include <sys/utsname.h>

#include <apr_hash.h>
#include <apr_strings.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <http_core.h>

#include "http/inside.h"

#define TIMEOUT_DEFAULT apr_time_from_sec(2)

/* ---- options ------------------------------------------------------------------------------------------------- */

/* A duration, a number of seconds or a text such as 500ms; `absent` where it is left out; 0 if it is neither. */
static apr_interval_time_t duration(const json_t *options, const char *name, apr_interval_time_t absent)
{
    const json_t *said = json_object_get(options, name);
    apr_interval_time_t value;

    if (!said) {
        return absent;
    }
    if (json_is_integer(said)) {
        return apr_time_from_sec(json_integer_value(said));
    }
    if (json_is_string(said) && ap_timeout_parameter_parse(json_string_value(said), &value, "s") == APR_SUCCESS) {
        return value;
    }
    return 0;
}

static int checks(const json_t *options, const char *what)
{
    const json_t *one;
    size_t i;

    json_array_foreach(json_object_get(options, "checks"), i, one) {
        if (!strcmp(json_string_value(one), what)) {
            return 1;
        }
    }
    return 0;
}

static const char *flaw_of_name(const json_t *options, apr_pool_t *pool)
{
    static const char *const known[] = {"database", "checks", "timeout", "keep", "healthy", "unhealthy", "unhealthy-status"};
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)options, name, value) {
        int found = 0;

        for (apr_size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            found |= !strcmp(name, known[i]);
        }
        if (!found) {
            return apr_psprintf(pool, "there is no option `%s'; there are database, checks, timeout, keep, healthy, unhealthy and unhealthy-status",
                                name);
        }
    }
    return NULL;
}

static const char *flaw_of_checks(const json_t *said)
{
    const json_t *one;
    size_t i;

    json_array_foreach(said, i, one) {
        if (!json_is_string(one) || (strcmp(json_string_value(one), "database") && strcmp(json_string_value(one), "streams"))) {
            return "`checks' is a list of database and streams";
        }
    }
    return said && !json_is_array(said) ? "`checks' is a list of database and streams" : NULL;
}

const char *mact_http_health_flaw(const mact_oapi_op_t *op, apr_pool_t *pool)
{
    const json_t *options = op->native_options, *database = json_object_get(options, "database");
    const json_t *status = json_object_get(options, "unhealthy-status");
    apr_interval_time_t timeout = duration(options, "timeout", TIMEOUT_DEFAULT), keep = duration(options, "keep", 1);
    const char *flaw = flaw_of_name(options, pool);

    flaw = flaw ? flaw : flaw_of_checks(json_object_get(options, "checks"));
    if (flaw) {
        return flaw;
    }
    if (timeout <= 0 || timeout > apr_time_from_sec(60) || keep <= 0 || keep > apr_time_from_sec(60)) {
        return "`timeout' and `keep' are durations from 1ms to 60s, such as 500ms or 2s";
    }
    if (database && !json_is_boolean(database)) {
        return "`database' is neither true nor false";
    }
    if (status && (!json_is_integer(status) || json_integer_value(status) < 200 || json_integer_value(status) > 599)) {
        return "`unhealthy-status' is no status from 200 to 599";
    }
    if (!op->call && !json_object_get(options, "healthy")) {
        return "without x-procedure it needs `healthy', the body of a good reply";
    }
    if (json_object_get(options, "keep") && !(json_object_get(options, "healthy") && json_object_get(options, "unhealthy"))) {
        return "what it keeps is made of `healthy' and `unhealthy': give both";
    }
    return NULL;
}

/* ---- asking -------------------------------------------------------------------------------------------------- */

/* What was found, and what the templates are filled with. */
typedef struct {
    int good;
    const mact_db_reply_t *reply;          /* of the procedure; NULL: there is none */
    json_t *facts;
} finding_t;

/* The configured bounds, or this native's where those are wider. */
static void bounds_of(mact_db_bounds_t *bounds, const mact_exchange_t *x)
{
    apr_interval_time_t timeout = duration(x->op->native_options, "timeout", TIMEOUT_DEFAULT);

    mact_config_bounds(bounds, x->config);
    if (bounds->pool_wait > timeout) {
        bounds->pool_wait = timeout;
    }
    if (!bounds->statement_timeout || bounds->statement_timeout > timeout) {
        bounds->statement_timeout = timeout;
    }
}

/* Milliseconds in eighths, which a double and its decimals have exactly. */
static json_t *milliseconds(apr_interval_time_t took)
{
    return json_real((double)(took / 125) / 8);
}

static void note_check(finding_t *finding, const char *name, const char *error, apr_interval_time_t took)
{
    json_t *outcome = json_object();

    json_object_set_new(outcome, "status", json_string(error ? "unhealthy" : "healthy"));
    if (error) {
        json_object_set_new(outcome, "error", json_string(error));
        finding->good = 0;
    }
    else {
        json_object_set_new(outcome, "latency_ms", milliseconds(took));
    }
    json_object_set_new(finding->facts, name, outcome);
}

/* NULL: it is there.  Never a text from inside. */
static const char *error_of(const mact_db_reply_t *reply)
{
    return reply->outcome == MACT_DB_DONE ? NULL : reply->outcome == MACT_DB_TIMEOUT ? "timeout" : "unavailable";
}

/* Whether all that the document calls was there when it was last looked at. */
static int all_present(const mact_exchange_t *x)
{
    const mact_mount_t *mount = x->mount;
    server_rec *server = x->r->server;

    for (int i = 0; i < mount->doc->operations->nelts; i++) {
        const mact_oapi_op_t *op = APR_ARRAY_IDX(mount->doc->operations, i, const mact_oapi_op_t *);

        if (!mact_db_present(server, mount->with_caller[i]) || !mact_db_present(server, mount->without_caller[i])) {
            return 0;
        }
        for (int k = 0; op->procedures && k < 2 * op->procedures->nelts; k++) {
            if (!mact_db_present(server, mount->named[i][k])) {
                return 0;
            }
        }
    }
    return 1;
}

static void check_database(finding_t *finding, mact_exchange_t *x, const mact_db_bounds_t *bounds)
{
    apr_time_t start = apr_time_now();
    const mact_db_reply_t *pong;
    const char *error;

    mact_db_doubt(x->r->server);
    pong = mact_db_ping(x->r->server, bounds, x->r->pool);
    error = error_of(pong);
    note_check(finding, "database", error ? error : all_present(x) ? NULL : "unavailable", apr_time_now() - start);
}

static void ask_database(finding_t *finding, mact_exchange_t *x)
{
    const json_t *options = x->op->native_options;
    mact_db_bounds_t bounds;

    bounds_of(&bounds, x);
    if (x->op->call) {
        finding->reply = mact_http_call_within(x, &bounds);
        finding->good = finding->reply->outcome == MACT_DB_DONE && !finding->reply->refusal && finding->reply->status < 400;
    }
    else if (checks(options, "database")) {
        check_database(finding, x, &bounds);
    }
    else if (json_is_true(json_object_get(options, "database"))) {
        finding->good = mact_db_ping(x->r->server, &bounds, x->r->pool)->outcome == MACT_DB_DONE;
    }
}

static void ask_streams(finding_t *finding, mact_exchange_t *x)
{
    apr_time_t start = apr_time_now();

    if (checks(x->op->native_options, "streams")) {
        int good = mact_http_check("streams")->good(x->r->server);

        note_check(finding, "streams", good ? NULL : "unavailable", apr_time_now() - start);
    }
}

/* What the procedure answered, and what is known without asking anybody. */
static void add_facts(finding_t *finding, const mact_exchange_t *x)
{
    const mact_db_reply_t *reply = finding->good ? finding->reply : NULL;
    json_t *body = reply && reply->body ? json_loadb(reply->body, reply->body_length, 0, NULL) : NULL;
    struct utsname host;

    if (json_is_object(body)) {
        json_object_update(finding->facts, body);
    }
    json_decref(body);
    json_object_set_new(finding->facts, "server_version", json_string(ap_get_server_banner()));
    json_object_set_new(finding->facts, "server_name", json_string(x->r->server->server_hostname ? x->r->server->server_hostname : "localhost"));
    json_object_set_new(finding->facts, "module_version", json_string(MACT_VERSION));
    json_object_set_new(finding->facts, "platform", json_string(uname(&host) >= 0 ? host.sysname : "unknown"));
}

static void find_out(finding_t *finding, mact_exchange_t *x)
{
    apr_time_t start = apr_time_now();

    finding->good = 1;
    finding->facts = json_object();
    ask_database(finding, x);
    ask_streams(finding, x);
    add_facts(finding, x);
    json_object_set_new(finding->facts, "latency_ms", milliseconds(apr_time_now() - start));
}

/* ---- answering ----------------------------------------------------------------------------------------------- */

static int unhealthy_status(const mact_exchange_t *x)
{
    const json_t *said = json_object_get(x->op->native_options, "unhealthy-status");

    return said ? (int)json_integer_value(said) : HTTP_SERVICE_UNAVAILABLE;
}

static const char *text_of(apr_size_t *length, const finding_t *finding, const mact_exchange_t *x, int status)
{
    mact_facts_t facts = {.status = status, .extra = finding->facts};
    json_t *body = mact_http_fill(json_object_get(x->op->native_options, finding->good ? "healthy" : "unhealthy"), NULL, x, &facts);
    const char *text = mact_http_json_text(length, body, x->r->pool);

    json_decref(body);
    return text;
}

static int send_text(mact_exchange_t *x, int status, const char *text, apr_size_t length)
{
    if (status == HTTP_SERVICE_UNAVAILABLE) {
        apr_table_setn(x->r->headers_out, "Retry-After", apr_itoa(x->r->pool, HTTP_RETRY_AFTER));
    }
    apr_table_setn(x->r->headers_out, "Cache-Control", "no-store");
    return mact_http_send(x, status, HTTP_JSON, text, length);
}

static int answer(const finding_t *finding, mact_exchange_t *x)
{
    int status = finding->good ? HTTP_OK : unhealthy_status(x);
    apr_size_t length;
    const char *text;

    if (!finding->good && !json_object_get(x->op->native_options, "unhealthy")) {
        return mact_http_fault(x, "unavailable", NULL);
    }
    if (finding->good && finding->reply && !json_object_get(x->op->native_options, "healthy")) {
        return mact_http_reply(x, finding->reply);
    }
    text = text_of(&length, finding, x, status);
    return send_text(x, status, text, length);
}

/* ---- what is kept -------------------------------------------------------------------------------------------- */

#define PATIENCE apr_time_from_msec(500)   /* for an answer that somebody else is making, where there is none that could be given again */

/*
 * An answer of this child's, of one operation of one mount of one server.  One thread at a time asks for a new one, and holds nothing
 * meanwhile: with the database away that takes as long as `timeout`, and whoever comes then is given the last answer.  All fields are
 * under the mutex.
 */
typedef struct {
    apr_thread_cond_t *told;
    int asking;
    apr_time_t until;                      /* it is fresh; 0: there is none */
    int status;
    char *text;                            /* of malloc */
    apr_size_t length;
} kept_t;

typedef struct {
    const void *server, *mount, *op;
} kept_key_t;

static struct {
    apr_thread_mutex_t *mutex;             /* held for moments only */
    apr_hash_t *answers;                   /* kept_key_t to kept_t; fixed after child_init */
} memory;

static apr_status_t add_kept(server_rec *server, const mact_mount_t *mount, apr_pool_t *pool)
{
    for (int i = 0; i < mount->doc->operations->nelts; i++) {
        const mact_oapi_op_t *op = APR_ARRAY_IDX(mount->doc->operations, i, const mact_oapi_op_t *);
        kept_key_t *key;
        kept_t *kept;
        apr_status_t rv;

        if (!op->native || strcmp(op->native, "health") || !json_object_get(op->native_options, "keep")) {
            continue;
        }
        key = apr_pcalloc(pool, sizeof *key);
        *key = (kept_key_t){server, mount, op};
        kept = apr_pcalloc(pool, sizeof *kept);
        rv = apr_thread_cond_create(&kept->told, pool);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        apr_hash_set(memory.answers, key, sizeof *key, kept);
    }
    return APR_SUCCESS;
}

/* Where it fails nothing is kept: every one asks for itself. */
void mact_http_health_child(apr_pool_t *pchild, server_rec *main_server)
{
    memory.answers = apr_hash_make(pchild);
    if (apr_thread_mutex_create(&memory.mutex, APR_THREAD_MUTEX_DEFAULT, pchild) != APR_SUCCESS) {
        return;
    }
    for (server_rec *server = main_server; server; server = server->next) {
        const apr_array_header_t *mounts = mact_config_mounts(server, main_server, pchild);

        for (int i = 0; i < mounts->nelts; i++) {
            if (add_kept(server, APR_ARRAY_IDX(mounts, i, const mact_mount_t *), pchild) != APR_SUCCESS) {
                memory.answers = apr_hash_make(pchild);
                return;
            }
        }
    }
}

static kept_t *kept_for(const mact_exchange_t *x)
{
    kept_key_t key = {x->r->server, x->mount, x->op};

    return apr_hash_get(memory.answers, &key, sizeof key);
}

/* A new answer in place of the old one: given, and kept. */
static const char *renew(int *status, apr_size_t *length, kept_t *kept, mact_exchange_t *x)
{
    finding_t finding = {0};
    const char *text;
    char *copy;

    find_out(&finding, x);
    *status = finding.good ? HTTP_OK : unhealthy_status(x);
    text = text_of(length, &finding, x, *status);
    json_decref(finding.facts);
    copy = malloc(*length + 1);
    if (copy) {
        memcpy(copy, text, *length + 1);
    }
    apr_thread_mutex_lock(memory.mutex);
    kept->asking = 0;
    if (copy) {
        free(kept->text);
        kept->text = copy;
        kept->length = *length;
        kept->status = *status;
        kept->until = apr_time_now() + duration(x->op->native_options, "keep", 1);
    }
    apr_thread_cond_broadcast(kept->told);
    apr_thread_mutex_unlock(memory.mutex);
    return text;
}

/* Whether it is no older than `keep` and `beyond`; nor of a future that a clock has come back from. */
static int is_good_for(const kept_t *kept, const mact_exchange_t *x, apr_interval_time_t beyond)
{
    apr_interval_time_t left = kept->until - apr_time_now();

    return kept->text && left > -beyond && left <= duration(x->op->native_options, "keep", 1);
}

/* The answer that can be given, copied; NULL: there is none in time.  *ask: the caller is to make one. */
static const char *look(int *ask, int *status, apr_size_t *length, kept_t *kept, const mact_exchange_t *x)
{
    apr_interval_time_t timeout = duration(x->op->native_options, "timeout", TIMEOUT_DEFAULT);
    apr_time_t until = apr_time_now() + PATIENCE;
    apr_interval_time_t left = PATIENCE;
    const char *text = NULL;

    apr_thread_mutex_lock(memory.mutex);
    *ask = !is_good_for(kept, x, 0) && !kept->asking;
    kept->asking |= *ask;
    while (!*ask && kept->asking && !is_good_for(kept, x, timeout) && left > 0) {
        apr_thread_cond_timedwait(kept->told, memory.mutex, left);
        left = until - apr_time_now();
    }
    if (!*ask && is_good_for(kept, x, timeout)) {
        *status = kept->status;
        *length = kept->length;
        text = apr_pstrmemdup(x->r->pool, kept->text, kept->length);
    }
    apr_thread_mutex_unlock(memory.mutex);
    return text;
}

/* Nobody has answered in time, and that is what is known. */
static int answer_untold(mact_exchange_t *x)
{
    finding_t finding = {.facts = json_object()};
    int sent;

    for (size_t i = 0; i < json_array_size(json_object_get(x->op->native_options, "checks")); i++) {
        note_check(&finding, json_string_value(json_array_get(json_object_get(x->op->native_options, "checks"), i)), "timeout", 0);
    }
    add_facts(&finding, x);
    json_object_set_new(finding.facts, "latency_ms", milliseconds(PATIENCE));
    sent = answer(&finding, x);
    json_decref(finding.facts);
    return sent;
}

static int answer_kept(kept_t *kept, mact_exchange_t *x)
{
    int ask, status = 0;
    apr_size_t length = 0;
    const char *text = look(&ask, &status, &length, kept, x);

    if (ask) {
        text = renew(&status, &length, kept, x);
    }
    return text ? send_text(x, status, text, length) : answer_untold(x);
}

int mact_http_health(mact_exchange_t *x)
{
    kept_t *kept = kept_for(x);
    finding_t finding = {0};
    int sent;

    if (kept) {
        return answer_kept(kept, x);
    }
    find_out(&finding, x);
    sent = answer(&finding, x);
    json_decref(finding.facts);
    return sent;
}
