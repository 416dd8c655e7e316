/*
 * realtime/inside.h: what the files of this folder share: frames, framings, subscribers, the hub.  See realtime.h for who owns what.
 */
#ifndef MACT_REALTIME_INSIDE_H
#define MACT_REALTIME_INSIDE_H

#include <apr_buckets.h>
#include <apr_poll.h>
#include <apr_thread_mutex.h>
#include <apr_thread_proc.h>
#include <httpd.h>

#include "openapi/openapi.h"

#define MACT_REALTIME_QUEUE_BYTES (1024 * 1024)  /* waiting for one client; beyond it the client is too slow */
#define MACT_REALTIME_QUEUE_FRAMES 4096
#define MACT_REALTIME_AT_ONCE 16384              /* bytes handed to the filters at a time: less than they buffer without blocking */
#define MACT_REALTIME_INPUT_MOST 65536           /* bytes that a client may send on a stream that nobody reads */
#define MACT_REALTIME_DRAIN_TIME apr_time_from_sec(5)    /* for what waits when a stream ends */
#define MACT_REALTIME_STOP_TIME apr_time_from_sec(1)     /* the same when the child stops */
#define MACT_REALTIME_HEARTBEAT 25               /* seconds */
#define MACT_REALTIME_HEARTBEAT_MOST 300

/* ---- frames: bytes on their way to one or many clients (frame.c) --------------------------------------------- */

/* Never changed once made; counted, so that one message to many subscribers is held once. */
typedef struct {
    volatile apr_uint32_t holders;
    apr_size_t length;
    char bytes[];
} mact_realtime_frame_t;

mact_realtime_frame_t *mact_realtime_frame(apr_size_t length);     /* held once; bytes to be filled in. NULL: no memory */
void mact_realtime_frame_drop(mact_realtime_frame_t *frame);       /* NULL: nothing */

/*
 * How messages look on the wire.  Beside SSE, a WebSocket is one more of these: its handshake is another native, which sends 101 where stream.c
 * sends headers; its frames are made here (what a server sends is not masked, so one frame serves all); and what clients send, which
 * wire.c's discard() drops for want of a reader, goes to a function of the framing's.
 */
typedef struct {
    const char *name;
    /* One message.  `id` and `event` may be NULL; `data` is not.  NULL: no memory. */
    mact_realtime_frame_t *(*message)(const char *id, const char *event, const char *data);
    /* What is sent after a heartbeat's silence. */
    mact_realtime_frame_t *(*beat)(void);
} mact_realtime_framing_t;

extern const mact_realtime_framing_t mact_realtime_sse;

/* ---- options of an operation (options.c): any thread ---------------------------------------------------------- */

/* The procedure of that name, or NULL. */
const mact_oapi_call_t *mact_realtime_procedure(const mact_oapi_op_t *op, const char *name);

apr_interval_time_t mact_realtime_heartbeat(const mact_oapi_op_t *op);

/* Whom among the operation's subscribers a change may concern. */
typedef enum {
    MACT_CONCERNS_NOBODY, MACT_CONCERNS_USER, MACT_CONCERNS_ACTIVITY, MACT_CONCERNS_ALL
} mact_concerns_e;

mact_concerns_e mact_realtime_concerns(const mact_oapi_op_t *op, const char *kind);

/* ---- subscribers --------------------------------------------------------------------------------------------- */

typedef struct mact_realtime_hub_t mact_realtime_hub_t;
typedef struct mact_realtime_feed_t mact_realtime_feed_t;

typedef enum {
    MACT_SUB_OPEN,                         /* gets messages */
    MACT_SUB_DRAINING,                     /* gets no more; what waits is written, then EOR and EOC */
    MACT_SUB_FLUSHING,                     /* these are in the filters and not all on the wire */
    MACT_SUB_LINGERING,                    /* our side is shut; waits for the client's close */
    MACT_SUB_OVER                          /* nothing more to do; goes as soon as the MPM has let go of the connection */
} mact_sub_state_e;

typedef struct mact_realtime_sub_t {
    struct mact_realtime_sub_t *next;      /* in the inbox */
    mact_realtime_hub_t *hub;
    const mact_oapi_op_t *op;
    const mact_realtime_framing_t *framing;
    apr_interval_time_t heartbeat;
    apr_time_t expires;                    /* 0: never */

    /* for the feed; hub thread only, once handed over */
    char *object;                          /* what `open` returned, without its first brace */
    char *user_id, *activity_id;           /* its members of these names, or NULL */
    apr_int64_t floor;                     /* position of the last change it is known to have or not to need */
    int fresh;                             /* the feed has not brought it up to its own position yet */
    int slot;                              /* in hub->subs, the `n` of procedures */
    apr_uint64_t born;                     /* rises from one subscriber to the next */
    mact_sub_state_e state;
    apr_time_t next_beat;
    apr_time_t deadline;                   /* of the states after OPEN */

    /* the queue: a ring of frames; hub thread only, or under the hub's mutex where a thread serves the stream */
    mact_realtime_frame_t **ring;
    apr_size_t room, first, count, bytes;

    /* of a suspended connection; hub thread only */
    conn_rec *c;
    request_rec *r;                        /* NULL once EOR was sent */
    apr_bucket_brigade *bb;                /* empty between calls */
    mact_realtime_frame_t *partial;        /* being written; `offset` bytes of it are in the filters */
    apr_size_t offset;
    apr_pollfd_t pfd;
    int polled;                            /* pfd is in the pollset */
    apr_time_t released;                   /* since when c->sbh is NULL */
    apr_size_t discarded;                  /* bytes that the client has sent */

    /* of a stream served by its request's thread */
    int threaded;
    int wake[2];                           /* pipe: the hub writes, the thread polls */
    int closing;                           /* under the hub's mutex: the stream is to end */
    volatile apr_uint32_t gone;            /* the thread has left */
    volatile apr_uint32_t holders;         /* hub and thread */
} mact_realtime_sub_t;

/* Frees a subscriber with all that waits in its queue.  Whoever owns it. */
void mact_realtime_sub_free(mact_realtime_sub_t *sub);

/* Gives up one of the two holds on a threaded subscriber. */
void mact_realtime_sub_release(mact_realtime_sub_t *sub);

/* Puts a frame, and a hold on it, at the queue's end.  APR_ENOSPC: the client is too slow, or there is no memory. */
apr_status_t mact_realtime_sub_push(mact_realtime_sub_t *sub, mact_realtime_frame_t *frame);

/* Takes the oldest frame out of the queue; NULL: empty.  The caller holds it then. */
mact_realtime_frame_t *mact_realtime_sub_next(mact_realtime_sub_t *sub);

/* ---- the hub ------------------------------------------------------------------------------------------------- */

struct mact_realtime_hub_t {
    mact_realtime_hub_t *next;             /* of this child's; fixed after child_init */
    server_rec *server;
    apr_pool_t *pool;                      /* the hub thread's own; unmanaged */
    apr_thread_t *thread;
    apr_pollset_t *pollset;                /* hub thread, but for apr_pollset_wakeup */
    apr_thread_mutex_t *mutex;             /* guards inbox, and the queues of threaded subscribers */
    mact_realtime_sub_t *inbox;
    volatile apr_uint32_t stopping;        /* the child stops: end all streams */
    volatile apr_uint32_t joining;         /* the workers have gone: end at once, and the thread too */
    volatile apr_uint32_t finished;        /* the thread has left its loop */

    /* hub thread only */
    mact_realtime_sub_t **subs;            /* by slot; NULL: free */
    int slots;                             /* length of subs */
    int used;                              /* subscribers in it */
    int fresh;                             /* of these, how many the feed has not brought up yet */
    int lowest_free;                       /* no free slot below it */
    apr_uint64_t births;
    apr_time_t next_tick;
    mact_realtime_feed_t *feed;

    /* gauges: written by the hub, read by anybody */
    volatile apr_uint32_t n_open, n_threads;
    volatile apr_uint32_t wanted, connected;
};

/* The hub for a request's server; NULL: this child has none. */
mact_realtime_hub_t *mact_realtime_hub(server_rec *server);

/* How many suspended connections a child may hold, so that the MPM goes on accepting others. */
apr_uint32_t mact_realtime_most_suspended(void);

/* Hands a subscriber over.  Any thread. */
void mact_realtime_hand_over(mact_realtime_sub_t *sub);

/* Waits for events at most until `until` and serves them: sockets, inbox, heartbeats, ends.  Returns false when the thread must end. */
int mact_realtime_hub_turn(mact_realtime_hub_t *hub, apr_time_t until);

/* Puts a frame into a subscriber's queue; a client that is too slow is ended instead. */
void mact_realtime_hub_send(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub, mact_realtime_frame_t *frame);

/* Lets a stream end after what waits for it. */
void mact_realtime_hub_end(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub);

/* ---- a suspended connection (wire.c) ------------------------------------------------------------------------- */

apr_status_t mact_realtime_hub_adopt(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub);       /* into the pollset */
void mact_realtime_hub_write(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub);               /* as much as goes; steps on through the states */
void mact_realtime_hub_read(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub);                /* notices the client's close */
void mact_realtime_hub_break(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub);               /* OVER, now, whatever waits */
int mact_realtime_hub_bury(mact_realtime_hub_t *hub, mact_realtime_sub_t *sub, apr_time_t now); /* of one that is OVER; false: not yet */

/* ---- the feed: the hub's database connection (feed.c) -------------------------------------------------------- */

apr_status_t mact_realtime_feed_make(mact_realtime_feed_t **feed, mact_realtime_hub_t *hub);    /* child_init */
apr_time_t mact_realtime_hub_feed(mact_realtime_feed_t *feed);      /* does what is due; returns when it wants to be called again */
void mact_realtime_hub_feed_readable(mact_realtime_feed_t *feed);   /* its socket has something */
void mact_realtime_hub_feed_close(mact_realtime_feed_t *feed);

/* Whether the options of an operation whose native is `stream` are good: NULL, or a sentence that names the flaw.  options.c */
const char *mact_realtime_options(const mact_oapi_op_t *op, apr_pool_t *pool);

/* Whether live updates work as far as this child knows: the hub runs and, if it needs the database, has it.  Any thread. */
int mact_realtime_healthy(server_rec *server);

/* The file descriptor of mact_realtime_prepare, or -1. */
int mact_realtime_seat(void);

#endif
