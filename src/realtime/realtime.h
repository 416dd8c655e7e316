/*
 * realtime/realtime.h: streams.  What others commit reaches who has asked for it, while the connection is open.
 *
 * One hub thread a child owns all open streams and one database connection of its own.  How a document describes a stream,
 * and what its procedures answer, is in docs/realtime.md; this folder knows no table and no procedure's name but the seven
 * functions of `activity` that number and hand out changes (feed.c).
 *
 * Who owns what, and when.  A subscriber (mact_realtime_sub_t, from malloc, in no pool) is in one place at a time:
 *
 *   1. the request's worker thread, in the native: it makes the subscriber, sends headers and first lines
 *      through the request's filters, and returns SUSPENDED.  Connection and request are the worker's.
 *   2. still on that thread, mact_realtime_suspended (hook suspend_connection) puts the subscriber into the hub's inbox, under the
 *      hub's mutex.  That is the hand-over: from here on the connection, its pool, filters, bucket allocator and socket, and the request
 *      and its pool, belong to the hub thread alone.  The MPM has the connection in none of its queues and no pollset; all it does
 *      after the hook is to write c->sbh = NULL and a flag of its own.  These two stores are why the hub never destroys the
 *      connection's pool before it has seen c->sbh become NULL and a second has passed (or the workers have been joined).
 *      Should the connection have been aborted meanwhile, the MPM closes it itself and never calls the hook with that state:
 *      a cleanup of the request's pool then frees the subscriber.
 *   3. the hub thread, until the end: it writes through c->output_filters (so TLS is httpd's business), never blocking, since the socket's
 *      timeout is 0 and never more is handed to the filters than they buffer.  At the end it sends EOR (which logs the request and
 *      frees its pool) and EOC (which ends TLS), shuts the socket down, waits for the client's close, and destroys the connection's pool: the
 *      cleanups in it give the MPM its count back and close the socket.  httpd 2.4 has no call that takes a suspended connection back;
 *      a pool that dies is the one way, and the one that the MPM itself goes when it has pools enough.
 *
 * Where a connection cannot be suspended (worker, prefork, HTTP/2, filters that clog) the request's thread keeps it, and shares with the hub
 * only the subscriber's queue, under the subscriber's lock; the later of the two to leave frees it.
 *
 * A function that runs on the hub thread has `_hub_` in its name.  Nothing but it touches a libpq connection of this folder.
 */
#ifndef MACT_REALTIME_H
#define MACT_REALTIME_H

#include <httpd.h>

#include "http/http.h"

/*
 * For post_config: makes what the children of one generation elect with whose hub is connected although it has no subscriber
 * (a lock on an unlinked file).  A failure is logged and costs a connection a child, no more: always APR_SUCCESS.
 */
apr_status_t mact_realtime_prepare(apr_pool_t *pconf, server_rec *server);

/*
 * For child_init, after mod_dbd's: starts the hub thread over the pool that mod_dbd has for `server`.  A pre-cleanup of `pchild` ends
 * and joins it.  May be called for further servers whose database is another one; a request is served by its own server's hub, else by the
 * first.  Errors: what creating a pollset, mutex or thread says; without mod_dbd APR_ENOTIMPL.
 */
apr_status_t mact_realtime_child(apr_pool_t *pchild, server_rec *server);

/* Hook child_stopping: tells the hubs to end their streams now.  Any thread; returns at once. */
void mact_realtime_stopping(apr_pool_t *pchild, int graceful);

/* Hook suspend_connection, to be registered APR_HOOK_REALLY_LAST.  For any connection but a stream's it does nothing. */
void mact_realtime_suspended(conn_rec *c, request_rec *r);

/*
 * For register_hooks: the native `stream`, and the check `streams`.  The native answers the fault `unavailable` where the child stops or has no
 * thread to spare, what `open` answers where that is not 200, `internal` where the document's options are no good; else it opens the stream.
 */
void mact_realtime_register(apr_pool_t *pool);

#endif
