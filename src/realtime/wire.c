/*
 * realtime/wire.c: a suspended connection in the hub's hands: writing without blocking, noticing the client's close, ending.
 *
 * All of it runs on the hub thread.  Bytes go through c->output_filters, as those of a handler do, but without FLUSH buckets, for which
 * httpd's core filter waits; what the filters hold back is pushed on by calling the last of them with no brigade, which is how the event
 * MPM itself completes writes.  The socket's timeout is 0, so that whatever waits in spite of this fails and ends one stream, and never
 * stops the others.
 */
#include <httpd.h>
#include <http_config.h>
#include <http_connection.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include "config/config.h"
#include "inside.h"

APLOG_USE_MODULE(activities);

#define LINGER_TIME apr_time_from_sec(2)         /* for the client's close: httpd's own figure */
#define RELEASE_TIME apr_time_from_sec(1)        /* from c->sbh being NULL to the pool's end (realtime.h) */

/*
 * A bucket of no bytes and no meaning, behind each write: mod_ssl keeps small writes back until something follows that is no data, and
 * a FLUSH would make the core filter wait.
 */
static apr_status_t read_nothing(apr_bucket *b, const char **data, apr_size_t *length, apr_read_type_e block)
{
    (void)b;
    (void)block;
    *data = NULL;
    *length = 0;
    return APR_SUCCESS;
}

static const apr_bucket_type_t PUSH = {
    "ACT_PUSH", 5, APR_BUCKET_METADATA, apr_bucket_destroy_noop, read_nothing, apr_bucket_setaside_noop,
    apr_bucket_split_notimpl, apr_bucket_simple_copy
};

static apr_bucket *push_bucket(apr_bucket_alloc_t *list)
{
    apr_bucket *b = apr_bucket_alloc(sizeof(*b), list);

    APR_BUCKET_INIT(b);
    b->free = apr_bucket_free;
    b->list = list;
    b->length = 0;
    b->start = 0;
    b->data = NULL;
    b->type = &PUSH;
    return b;
}

/* ---- interest ------------------------------------------------------------------------------------------------ */

static void leave_pollset(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub)
{
    if (sub->polled) {
        (void)apr_pollset_remove(hub->pollset, &sub->pfd);
        sub->polled = 0;
    }
}

/* Polls for what the connection waits for now. */
static apr_status_t poll_for(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub)
{
    apr_int16_t wanted = APR_POLLIN;
    apr_status_t rv;

    if (sub->state == MACT_SUB_OVER) {
        leave_pollset(hub, sub);
        return APR_SUCCESS;
    }
    if (sub->state != MACT_SUB_LINGERING && sub->c->data_in_output_filters) {
        wanted |= APR_POLLOUT;
    }
    if (sub->polled && sub->pfd.reqevents == wanted) {
        return APR_SUCCESS;
    }
    leave_pollset(hub, sub);
    sub->pfd.reqevents = wanted;
    rv = apr_pollset_add(hub->pollset, &sub->pfd);
    sub->polled = (rv == APR_SUCCESS);
    return rv;
}

apr_status_t mact_realtime_hub_adopt(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub)
{
    conn_rec *c = sub->c;
    apr_socket_t *sock = ap_get_conn_socket(c);

    c->current_thread = hub->thread;
    apr_socket_timeout_set(sock, 0);
    sub->bb = apr_brigade_create(c->pool, c->bucket_alloc);
    sub->pfd.p = c->pool;
    sub->pfd.desc_type = APR_POLL_SOCKET;
    sub->pfd.desc.s = sock;
    sub->pfd.client_data = sub;
    return poll_for(hub, sub);
}

/* ---- ends ---------------------------------------------------------------------------------------------------- */

/* The request's end: its bucket, once destroyed, logs it and frees its pool. */
static apr_bucket *end_of_request(mact_realtime_sub_t *sub)
{
    apr_bucket *b = ap_bucket_eor_create(sub->c->bucket_alloc, sub->r);

    sub->r = NULL;
    return b;
}

void mact_realtime_hub_break(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub)
{
    mact_realtime_frame_t *frame;

    if (sub->state == MACT_SUB_OVER) {
        return;
    }
    sub->state = MACT_SUB_OVER;
    leave_pollset(hub, sub);
    while ((frame = mact_realtime_sub_next(sub)) != NULL) {
        mact_realtime_frame_drop(frame);
    }
    if (sub->r != NULL) {
        sub->c->aborted = 1;
        APR_BRIGADE_INSERT_TAIL(sub->bb, end_of_request(sub));
        apr_brigade_cleanup(sub->bb);
    }
}

int mact_realtime_hub_bury(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub, apr_time_t now)
{
    if (sub->c->sbh != NULL && !hub->joining) {
        return 0;
    }
    if (sub->released == 0) {
        sub->released = now;
    }
    if (now - sub->released < RELEASE_TIME && !hub->joining) {
        return 0;
    }
    apr_pool_destroy(sub->c->pool);
    mact_realtime_sub_free(sub);
    return 1;
}

/* ---- writing ------------------------------------------------------------------------------------------------- */

/* Lets the connection's last filter write what it holds back. */
static apr_status_t push_on(conn_rec *c)
{
    ap_filter_t *last = c->output_filters;

    while (last->next != NULL) {
        last = last->next;
    }
    return last->frec->filter_func.out_func(last, NULL);
}

/* Hands the filters the next bytes of the queue, at most AT_ONCE. */
static apr_status_t write_some(mact_realtime_sub_t *sub)
{
    conn_rec *c = sub->c;
    apr_size_t room = MACT_REALTIME_AT_ONCE;
    apr_status_t rv;

    while (room > 0) {
        apr_size_t length;

        if (sub->partial == NULL) {
            sub->partial = mact_realtime_sub_next(sub);
            sub->offset = 0;
        }
        if (sub->partial == NULL) {
            break;
        }
        length = sub->partial->length - sub->offset;
        length = length < room ? length : room;
        APR_BRIGADE_INSERT_TAIL(sub->bb, apr_bucket_heap_create(sub->partial->bytes + sub->offset, length, NULL,
                                                                c->bucket_alloc));
        room -= length;
        sub->offset += length;
        if (sub->offset == sub->partial->length) {
            mact_realtime_frame_drop(sub->partial);
            sub->partial = NULL;
        }
    }
    if (sub->r != NULL) {
        sub->r->bytes_sent += MACT_REALTIME_AT_ONCE - room;
    }
    APR_BRIGADE_INSERT_TAIL(sub->bb, push_bucket(c->bucket_alloc));
    rv = ap_pass_brigade(c->output_filters, sub->bb);
    apr_brigade_cleanup(sub->bb);
    return rv;
}

/* The end of request and connection, to be written behind all else. */
static apr_status_t write_end(mact_realtime_sub_t *sub)
{
    apr_status_t rv;

    APR_BRIGADE_INSERT_TAIL(sub->bb, end_of_request(sub));
    APR_BRIGADE_INSERT_TAIL(sub->bb, ap_bucket_eoc_create(sub->c->bucket_alloc));
    rv = ap_pass_brigade(sub->c->output_filters, sub->bb);
    apr_brigade_cleanup(sub->bb);
    return rv;
}

/* One step on.  APR_SUCCESS: and there may be more; APR_EAGAIN: not now; anything else ends the connection. */
static apr_status_t step(mact_realtime_sub_t *sub)
{
    conn_rec *c = sub->c;
    apr_status_t rv;

    if (c->aborted) {
        return APR_ECONNABORTED;
    }
    if (c->data_in_output_filters) {
        rv = push_on(c);
        if (rv == APR_SUCCESS && c->data_in_output_filters) {
            rv = APR_EAGAIN;
        }
        return rv;
    }
    switch (sub->state) {
    case MACT_SUB_OPEN:
    case MACT_SUB_DRAINING:
        if (sub->partial != NULL || sub->count > 0) {
            rv = write_some(sub);
            return rv == APR_SUCCESS ? push_on(c) : rv;
        }
        if (sub->state == MACT_SUB_OPEN) {
            return APR_EAGAIN;
        }
        sub->state = MACT_SUB_FLUSHING;
        rv = write_end(sub);
        return rv == APR_SUCCESS ? push_on(c) : rv;
    case MACT_SUB_FLUSHING:
        sub->state = MACT_SUB_LINGERING;
        sub->deadline = apr_time_now() + (sub->hub->stopping ? MACT_REALTIME_STOP_TIME : LINGER_TIME);
        return apr_socket_shutdown(sub->pfd.desc.s, APR_SHUTDOWN_WRITE);
    default:
        return APR_EAGAIN;
    }
}

void mact_realtime_hub_write(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub)
{
    apr_status_t rv = APR_SUCCESS;

    while (rv == APR_SUCCESS && sub->state != MACT_SUB_OVER) {
        rv = step(sub);
    }
    if (!APR_STATUS_IS_EAGAIN(rv) || poll_for(hub, sub) != APR_SUCCESS) {
        mact_realtime_hub_break(hub, sub);
    }
}

/* ---- reading ------------------------------------------------------------------------------------------------- */

/* Drains a socket whose writing side is shut.  APR_EAGAIN: the client has not closed yet. */
static apr_status_t drain(mact_realtime_sub_t *sub)
{
    char bytes[8192];
    apr_size_t length;
    apr_status_t rv;

    do {
        length = sizeof(bytes);
        rv = apr_socket_recv(sub->pfd.desc.s, bytes, &length);
        sub->discarded += length;
    } while (rv == APR_SUCCESS && sub->discarded <= MACT_REALTIME_INPUT_MOST);
    return rv;
}

/* Reads and forgets what the client sends.  APR_EAGAIN: nothing more now; anything else: the client has gone, or talks too much. */
static apr_status_t discard(mact_realtime_sub_t *sub)
{
    for (;;) {
        apr_off_t length = 0;
        apr_status_t rv = ap_get_brigade(sub->c->input_filters, sub->bb, AP_MODE_READBYTES, APR_NONBLOCK_READ, 8192);

        if (rv == APR_SUCCESS) {
            if (APR_BRIGADE_EMPTY(sub->bb)) {
                rv = APR_EAGAIN;
            } else if (APR_BUCKET_IS_EOS(APR_BRIGADE_LAST(sub->bb))) {
                rv = APR_EOF;
            } else {
                rv = apr_brigade_length(sub->bb, 1, &length);
            }
        }
        apr_brigade_cleanup(sub->bb);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        sub->discarded += (apr_size_t)length;
        if (sub->discarded > MACT_REALTIME_INPUT_MOST) {
            return APR_EGENERAL;
        }
    }
}

void mact_realtime_hub_read(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub)
{
    apr_status_t rv;

    if (sub->state == MACT_SUB_OVER) {
        return;
    }
    rv = sub->state == MACT_SUB_LINGERING ? drain(sub) : discard(sub);
    if (!APR_STATUS_IS_EAGAIN(rv)) {
        mact_realtime_hub_break(hub, sub);
    }
}
