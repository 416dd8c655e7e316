/*
 * db/pool.c: a child's pools, and borrowing from mod_dbd.
 *
 * Each server gets a pool in child_init.  But virtual hosts that are configured alike share one pool of
 * mod_dbd, and then the gate must be shared as well, or they could exceed DBDMax together and wait without a
 * bound.  Which of them do is mod_dbd's secret until it hands out a connection: those of one of its pools are
 * made in sub-pools of one APR pool.  So a server's first connection tells its group, and a server whose
 * group is known already moves to that one's gate.  Calls that are inside then leave the gate that they
 * entered.
 */
#include <apr_dbd.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_log.h>

#include "db/inside.h"

APLOG_USE_MODULE(activities);

/* What a server of this child uses. */
typedef struct {
    _Atomic(mact_db_pool_t *) pool;
    atomic_uint settled; /* 1: its group is known */
} pool_slot_t;

/* Of this process; filled in child_init, gone with its pool, only read in between. */
static apr_hash_t *pool_slots;
static mact_db_pool_t *pool_groups; /* those whose group is known, under pool_mutex */
static pthread_mutex_t pool_mutex = PTHREAD_MUTEX_INITIALIZER;

static APR_OPTIONAL_FN_TYPE(ap_dbd_open) * pool_open;
static APR_OPTIONAL_FN_TYPE(ap_dbd_close) * pool_close;

static apr_status_t pool_forget(void *unused)
{
    (void)unused;
    mact_db_link_quiesce();
    pool_slots = NULL;
    pool_groups = NULL;
    return APR_SUCCESS;
}

apr_status_t mact_db_child(apr_pool_t *pchild, server_rec *server, mact_db_book_t *book, int connections)
{
    mact_db_pool_t *pool = apr_pcalloc(pchild, sizeof(*pool));
    pool_slot_t *slot = apr_pcalloc(pchild, sizeof(*slot));
    int i;

    pool_open = APR_RETRIEVE_OPTIONAL_FN(ap_dbd_open);
    pool_close = APR_RETRIEVE_OPTIONAL_FN(ap_dbd_close);
    if (!pool_open || !pool_close) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, server,
                     "ACT0200: mod_dbd is not loaded, so there is no database: "
                     "add LoadModule dbd_module");
        return APR_ENOTIMPL;
    }
    if (!pool_slots) {
        pool_slots = apr_hash_make(pchild);
        apr_pool_cleanup_register(pchild, NULL, pool_forget, apr_pool_cleanup_null);
    }
    pool->server = server;
    pool->book = book;
    mact_db_gate_make(&pool->gate, connections > 0 ? (unsigned)connections : 1);
    pool->missing = apr_palloc(pchild, (apr_size_t)book->procs->nelts + 1);
    for (i = 0; i <= book->procs->nelts; i++) {
        atomic_init(&pool->missing[i], 0);
    }
    atomic_init(&slot->pool, pool);
    apr_hash_set(pool_slots, apr_pmemdup(pchild, &server, sizeof(server)), sizeof(server), slot);
    return APR_SUCCESS;
}

static pool_slot_t *pool_slot(server_rec *server)
{
    return pool_slots ? apr_hash_get(pool_slots, &server, sizeof(server)) : NULL;
}

mact_db_pool_t *mact_db_pool_of(server_rec *server)
{
    pool_slot_t *slot = pool_slot(server);

    return slot ? atomic_load(&slot->pool) : NULL;
}

/* Two servers share a pool of mod_dbd: the lower bound holds for both. */
static void pool_join(mact_db_pool_t *known, mact_db_pool_t *other)
{
    unsigned limit = atomic_load(&other->gate.limit);

    if (limit < atomic_load(&known->gate.limit)) {
        atomic_store(&known->gate.limit, limit);
    }
}

/*
 * Learns a server's group from its first connection.  Without DBDPersist every connection is alone: there is
 * none.
 */
static void pool_settle(server_rec *server, const ap_dbd_t *dbd, const apr_pool_t *tmp)
{
    pool_slot_t *slot = pool_slot(server);
    const void *group = apr_pool_parent_get(dbd->pool);
    mact_db_pool_t *known;

    if (atomic_load(&slot->settled) || group == tmp) {
        return;
    }
    pthread_mutex_lock(&pool_mutex);
    if (!atomic_load(&slot->settled)) {
        mact_db_pool_t *own = atomic_load(&slot->pool);

        for (known = pool_groups; known && (known->group != group || known->book != own->book); known = known->next) {
        }
        if (known) {
            pool_join(known, own);
            atomic_store(&slot->pool, known);
        } else {
            own->group = group;
            own->next = pool_groups;
            pool_groups = own;
        }
        atomic_store(&slot->settled, 1);
    }
    pthread_mutex_unlock(&pool_mutex);
}

/* The libpq handle below, or NULL where the driver is another one. */
static PGconn *pool_native(const ap_dbd_t *dbd, server_rec *server)
{
    if (strcmp(apr_dbd_name(dbd->driver), "pgsql") != 0) {
        ap_log_error(APLOG_MARK, APLOG_ERR, 0, server,
                     "ACT0201: the database driver is %s, but the module speaks to PostgreSQL "
                     "only: set DBDriver pgsql",
                     apr_dbd_name(dbd->driver));
        return NULL;
    }
    return apr_dbd_native_handle(dbd->driver, dbd->handle);
}

/* Opens once.  APR_EAGAIN: mod_dbd has thrown out a dead connection, or could not make one. */
static apr_status_t pool_take(mact_db_loan_t *loan, int *fresh, server_rec *server, apr_pool_t *tmp)
{
    PGconn *conn;

    loan->server = server;
    loan->dbd = pool_open(tmp, server);
    if (!loan->dbd) {
        return APR_EAGAIN;
    }
    pool_settle(server, loan->dbd, tmp);
    conn = pool_native(loan->dbd, server);
    loan->link = conn ? mact_db_link(conn, mact_db_pool_of(server)) : NULL;
    if (!loan->link) {
        pool_close(server, loan->dbd);
        return APR_ENOTIMPL;
    }
    *fresh = loan->link->fresh;
    loan->link->fresh = 0;
    return APR_SUCCESS;
}

/*
 * The connection that mod_dbd hands out may have died while it was idle, which its own check does not see.
 * Ours does, and resets it, outside of any lock.  mod_dbd throws out one that it found bad and could not
 * reset, and answers NULL that once: hence a second try, where there are others.
 */
apr_status_t mact_db_borrow(mact_db_loan_t *loan, int *fresh, const char **cause, server_rec *server, apr_pool_t *tmp)
{
    apr_status_t rv = pool_take(loan, fresh, server, tmp);

    if (rv == APR_EAGAIN && atomic_load(&mact_db_pool_of(server)->gate.open) > 0) {
        rv = pool_take(loan, fresh, server, tmp);
    }
    if (rv != APR_SUCCESS) {
        *cause = "mod_dbd has no connection";
        return APR_ECONNREFUSED;
    }
    if (mact_db_link_sound(loan->link)) {
        return APR_SUCCESS;
    }
    if (mact_db_link_reset(loan->link)) {
        loan->link->fresh = 0;
        *fresh = 1;
        return APR_SUCCESS;
    }
    *cause = mact_db_fault_lost(PQerrorMessage(loan->link->conn), tmp);
    mact_db_return(loan);
    return APR_ECONNREFUSED;
}

void mact_db_return(mact_db_loan_t *loan)
{
    pool_close(loan->server, loan->dbd);
    loan->dbd = NULL;
    loan->link = NULL;
}

void mact_db_gauges(mact_db_gauges_t *gauges, server_rec *server)
{
    mact_db_pool_t *pool = mact_db_pool_of(server);

    memset(gauges, 0, sizeof(*gauges));
    if (pool) {
        gauges->limit = atomic_load(&pool->gate.limit);
        gauges->used = atomic_load(&pool->gate.used);
        gauges->waiting = atomic_load(&pool->gate.waiting);
        gauges->refused = atomic_load(&pool->gate.refused);
    }
}
