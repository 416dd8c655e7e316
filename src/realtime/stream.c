/*
 * realtime/stream.c: the native `stream`, on the request's thread: asks `open`, sends headers and the first lines, and gives the connection to
 * the hub; or, where it cannot be given away, serves the stream itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <httpd.h>
#include <http_config.h>
#include <http_connection.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <ap_mpm.h>
#include <util_filter.h>

#include <apr_atomic.h>
#include <apr_portable.h>
#include <apr_strings.h>

#include "inside.h"
#include "realtime.h"

APLOG_USE_MODULE(activities);

#define CLAIM "mact_realtime_sub"                /* a subscriber on its way from handler to hook, in the request's pool */
#define LOOK_EVERY 1000                          /* milliseconds between looks whether the child stops (prefork tells nobody) */

static const char OPENING[] = ": open\n\n";
static const mact_facts_t NO_FACTS;

/* ---- making a subscriber ------------------------------------------------------------------------------------- */

static char *copy(const char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

/* Takes over what `open` said of the subscriber: a JSON object.  False: it is none. */
static int describe(mact_realtime_sub_t *sub, const char *text)
{
    json_t *object = text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    char *plain;

    if (!json_is_object(object) || json_object_get(object, "n") != NULL) {
        json_decref(object);
        return 0;
    }
    sub->user_id = copy(json_string_value(json_object_get(object, "user_id")));
    sub->activity_id = copy(json_string_value(json_object_get(object, "activity_id")));
    plain = json_dumps(object, JSON_COMPACT);
    sub->object = plain != NULL ? copy(plain + 1) : NULL;
    free(plain);
    json_decref(object);
    return sub->object != NULL;
}

static mact_realtime_sub_t *make_subscriber(mact_realtime_hub_t *hub, const mact_exchange_t *x, const mact_db_reply_t *reply)
{
    const char *position = mact_db_column(reply, "position");
    mact_realtime_sub_t *sub = calloc(1, sizeof(*sub));

    if (sub == NULL) {
        return NULL;
    }
    sub->hub = hub;
    sub->op = x->op;
    sub->framing = &mact_realtime_sse;
    sub->heartbeat = mact_realtime_heartbeat(x->op);
    sub->expires = x->token != NULL ? x->token->expires : 0;
    sub->slot = -1;
    sub->wake[0] = sub->wake[1] = -1;
    sub->holders = 1;
    sub->state = MACT_SUB_OPEN;
    if (position == NULL || !describe(sub, mact_db_column(reply, "subscriber"))) {
        mact_realtime_sub_free(sub);
        return NULL;
    }
    sub->floor = apr_atoi64(position);
    return sub;
}

/* ---- the beginning of the reply ------------------------------------------------------------------------------ */

static void set_headers(request_rec *r)
{
    ap_set_content_type(r, "text/event-stream; charset=utf-8");
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->headers_out, "X-Accel-Buffering", "no");
    /* Compressors gather bytes before they let any go; later bytes pass them by.  What else filters (mod_headers) may stay. */
    apr_table_setn(r->subprocess_env, "no-gzip", "1");
    apr_table_setn(r->subprocess_env, "no-brotli", "1");
    ap_remove_output_filter_byhandle(r->output_filters, "DEFLATE");
    ap_remove_output_filter_byhandle(r->output_filters, "BROTLI_COMPRESS");
    apr_table_unset(r->headers_in, "Range");
    r->no_local_copy = 1;
    if (r->connection->master == NULL) {
        r->connection->keepalive = AP_CONN_CLOSE;      /* so the body is not chunked: its end is the connection's */
    }
    ap_remove_input_filter_byhandle(r->connection->input_filters, "reqtimeout");
}

/* Sends bytes through the request's filters and waits until the client's system has them.  For the request's thread. */
static apr_status_t send_now(request_rec *r, apr_bucket_brigade *bb, const char *bytes, apr_size_t length)
{
    apr_status_t rv;

    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_transient_create(bytes, length, r->connection->bucket_alloc));
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_flush_create(r->connection->bucket_alloc));
    rv = ap_pass_brigade(r->output_filters, bb);
    apr_brigade_cleanup(bb);
    return rv;
}

static apr_status_t send_beginning(request_rec *r, apr_bucket_brigade *bb, const mact_db_reply_t *reply)
{
    apr_status_t rv = send_now(r, bb, OPENING, sizeof(OPENING) - 1);

    if (rv == APR_SUCCESS && reply->body != NULL && reply->body_length > 0) {
        rv = send_now(r, bb, reply->body, reply->body_length);
    }
    return rv == APR_SUCCESS && r->connection->aborted ? APR_ECONNABORTED : rv;
}

/* ---- giving the connection away ------------------------------------------------------------------------------ */

/*
 * Whether this request's connection can be suspended: an MPM that lets go of connections, a connection of its own (an HTTP/2 stream is not),
 * no input filter that makes httpd serve it synchronously, and no redirect or subrequest between the handler and the MPM.
 */
static int can_suspend(const request_rec *r)
{
    int async = 0;

    return ap_mpm_query(AP_MPMQ_IS_ASYNC, &async) == APR_SUCCESS && async && r->connection->cs != NULL
           && r->connection->master == NULL && !r->connection->clogging_input_filters && r->main == NULL && r->prev == NULL;
}

/* Cleanup of the request's pool: the MPM has closed the connection instead of suspending it. */
static apr_status_t drop_unclaimed(void *baton)
{
    mact_realtime_sub_free(baton);
    return APR_SUCCESS;
}

static int suspend(request_rec *r, mact_realtime_sub_t *sub)
{
    sub->c = r->connection;
    sub->r = r;
    apr_pool_userdata_setn(sub, CLAIM, NULL, r->pool);
    apr_pool_cleanup_register(r->pool, sub, drop_unclaimed, apr_pool_cleanup_null);
    return SUSPENDED;
}

void mact_realtime_suspended(conn_rec *c, request_rec *r)
{
    void *sub = NULL;

    if (r == NULL || c->cs == NULL || c->cs->state != CONN_STATE_SUSPENDED) {
        return;
    }
    apr_pool_userdata_get(&sub, CLAIM, r->pool);
    if (sub == NULL) {
        return;
    }
    apr_pool_userdata_setn(NULL, CLAIM, NULL, r->pool);
    apr_pool_cleanup_kill(r->pool, sub, drop_unclaimed);
    mact_realtime_hand_over(sub);          /* nothing of c and r may be touched by this thread from here on */
}

/* ---- serving it on the request's thread ---------------------------------------------------------------------- */

/* At most half of a child's threads, and at least one, hold a stream. */
static int take_thread(mact_realtime_hub_t *hub)
{
    int threads = 0;
    apr_uint32_t most, held;

    if (ap_mpm_query(AP_MPMQ_MAX_THREADS, &threads) != APR_SUCCESS || threads < 2) {
        threads = 2;
    }
    most = (apr_uint32_t)threads / 2;
    do {
        held = apr_atomic_read32(&hub->n_threads);
        if (held >= most) {
            return 0;
        }
    } while (apr_atomic_cas32(&hub->n_threads, held + 1, held) != held);
    return 1;
}

static void give_thread(mact_realtime_hub_t *hub)
{
    apr_atomic_dec32(&hub->n_threads);
}

static apr_status_t make_pipe(mact_realtime_sub_t *sub)
{
    int i;

    if (pipe(sub->wake) != 0) {
        sub->wake[0] = sub->wake[1] = -1;
        return errno;
    }
    for (i = 0; i < 2; i++) {
        fcntl(sub->wake[i], F_SETFL, O_NONBLOCK);
        fcntl(sub->wake[i], F_SETFD, FD_CLOEXEC);
    }
    return APR_SUCCESS;
}

/* Whether the client has closed or the child stops. Empties the pipe. */
static int wait_for_news(request_rec *r, mact_realtime_sub_t *sub)
{
    struct pollfd fds[2] = {{.fd = sub->wake[0], .events = POLLIN}, {.fd = -1, .events = POLLIN}};
    apr_socket_t *sock = r->connection->master == NULL ? ap_get_conn_socket(r->connection) : NULL;
    int state = AP_MPMQ_RUNNING;
    char bytes[256];

    if (sock != NULL) {
        (void)apr_os_sock_get(&fds[1].fd, sock);
    }
    if (poll(fds, 2, LOOK_EVERY) > 0) {
        while (read(sub->wake[0], bytes, sizeof(bytes)) > 0) {
            continue;
        }
        if (fds[1].revents != 0 && recv(fds[1].fd, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT) <= 0) {
            return 0;
        }
        if (fds[1].revents != 0) {
            /* Somebody talks who should listen.  Taking it off would need the input filters; such a client is shown out. */
            return 0;
        }
    }
    return ap_mpm_query(AP_MPMQ_MPM_STATE, &state) != APR_SUCCESS || state != AP_MPMQ_STOPPING;
}

/* Writes what waits.  False: the stream is over. */
static int write_queue(request_rec *r, mact_realtime_sub_t *sub, apr_bucket_brigade *bb)
{
    mact_realtime_hub_t *hub = sub->hub;

    for (;;) {
        mact_realtime_frame_t *frame;
        apr_status_t rv;
        int closing;

        apr_thread_mutex_lock(hub->mutex);
        frame = mact_realtime_sub_next(sub);
        closing = sub->closing;
        apr_thread_mutex_unlock(hub->mutex);
        if (frame == NULL) {
            return !closing;
        }
        rv = send_now(r, bb, frame->bytes, frame->length);
        mact_realtime_frame_drop(frame);
        if (rv != APR_SUCCESS || r->connection->aborted) {
            return 0;
        }
    }
}

/* Holds the thread until the stream is over.  Takes `sub`. */
static int serve_here(request_rec *r, mact_realtime_sub_t *sub, apr_bucket_brigade *bb)
{
    mact_realtime_hub_t *hub = sub->hub;

    sub->holders = 2;                      /* the hub's and this thread's */
    mact_realtime_hand_over(sub);
    while (write_queue(r, sub, bb) && wait_for_news(r, sub)) {
        continue;
    }
    apr_atomic_set32(&sub->gone, 1);
    mact_realtime_sub_release(sub);
    give_thread(hub);
    return OK;
}

/* Whether one more stream can be had.  A threaded one has a thread reserved then. */
static int take_room(request_rec *r, mact_realtime_hub_t *hub, int threaded)
{
    if (threaded ? take_thread(hub) : apr_atomic_read32(&hub->n_open) < mact_realtime_most_suspended()) {
        return 1;
    }
    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r, "ACT0502: no stream more in this child: %s",
                  threaded ? "half of its threads hold one" : "raise AsyncRequestWorkerFactor");
    return 0;
}

/* ---- the native ---------------------------------------------------------------------------------------------- */

/* Sends the beginning and brings the stream to who serves it.  Takes `sub`, and of a threaded one the thread that was reserved. */
static int begin(mact_exchange_t *x, mact_realtime_sub_t *sub, const mact_db_reply_t *reply)
{
    request_rec *r = x->r;
    apr_bucket_brigade *bb = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_status_t rv;

    set_headers(r);
    rv = send_beginning(r, bb, reply);
    mact_http_count(x, HTTP_OK);
    if (rv == APR_SUCCESS && !r->header_only) {
        return sub->threaded ? serve_here(r, sub, bb) : suspend(r, sub);
    }
    if (sub->threaded) {
        give_thread(sub->hub);
    }
    mact_realtime_sub_free(sub);
    return OK;
}

static int run(mact_exchange_t *x)
{
    mact_realtime_hub_t *hub = mact_realtime_hub(x->r->server);
    const char *why = mact_realtime_options(x->op, x->r->pool);
    int threaded = !can_suspend(x->r);
    const mact_db_reply_t *reply;
    mact_realtime_sub_t *sub;

    if (why != NULL) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, x->r, "ACT0501: %s of %s: x-native: %s", x->op->id, x->op->doc->file, why);
        return mact_http_fault(x, "internal", &NO_FACTS);
    }
    if (hub == NULL || hub->stopping || hub->finished) {
        return mact_http_fault(x, "unavailable", &NO_FACTS);
    }
    reply = mact_http_call_named(x, "open");
    if (reply->outcome != MACT_DB_DONE || reply->refusal != NULL || reply->status != HTTP_OK) {
        return mact_http_reply(x, reply);
    }
    if (!take_room(x->r, hub, threaded)) {
        return mact_http_fault(x, "unavailable", &NO_FACTS);
    }
    sub = make_subscriber(hub, x, reply);
    if (sub != NULL && threaded) {
        sub->threaded = 1;
        if (make_pipe(sub) != APR_SUCCESS) {
            mact_realtime_sub_free(sub);
            sub = NULL;
        }
    }
    if (sub == NULL) {
        if (threaded) {
            give_thread(hub);
        }
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, x->r,
                      "ACT0503: %s cannot open a stream: its procedure `open` must return columns subscriber (a JSON object without n) and "
                      "position, and the child needs memory and file descriptors", x->op->id);
        return mact_http_fault(x, "internal", &NO_FACTS);
    }
    return begin(x, sub, reply);
}

void mact_realtime_register(apr_pool_t *pool)
{
    static const char *const procedures[] = {"open", "render", "alive", NULL};
    static const mact_native_t natives[] = {
        {.name = "stream", .run = run, .procedures = procedures, .flaw = mact_realtime_options},
        {.name = NULL},
    };
    static const mact_check_t check = {.name = "streams", .good = mact_realtime_healthy};

    mact_http_provide_natives(pool, natives);
    mact_http_provide_check(pool, &check);
}
