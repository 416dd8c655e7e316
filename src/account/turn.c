/*
 * Turns: hashing is done by threads of its own, few and at a low priority, and requests wait in line for one.
 *
 * A bcrypt takes a tenth of a second of a processor, a thousand times what a read takes.  Done where it is asked for, a flood of logins would
 * share out the processors by the number of threads, and in the end take all threads.  So a child has as many hashing threads as
 * its share of the processors, at the priority of what may wait: other requests come first.  And as a waiting request holds a thread of
 * httpd, no more than three in four of a child's may wait, and none for long; who comes then is told to come again.
 *
 * A turn is the use of one such thread.  Which request gets the next one is the mutex's and the scheduler's choice.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>

#include <ap_mpm.h>
#include <apr_strings.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <apr_thread_proc.h>
#include <httpd.h>
#include <http_log.h>

#include "account/inside.h"

APLOG_USE_MODULE(activities);

#define WAIT_MOST apr_time_from_sec(10)
#define NICENESS 10

/* What a turn's thread is asked to do. */
typedef struct {
    const char *password;
    apr_size_t length;
    const char *hash;                /* to compare with; NULL: nobody's */
    int making;                      /* a new hash instead */
    int cost;
    apr_pool_t *pool;                /* the request's: its thread waits meanwhile */
    const char *made;
    int good;
    apr_status_t rv;
} work_t;

struct mact_account_turn_t {
    apr_thread_t *thread;
    apr_thread_cond_t *asked, *answered;
    work_t *work;                    /* NULL: nothing to do */
    mact_account_turn_t *next_free;
};

/* Of this child; made at its start.  All but the first line is under the mutex. */
static struct {
    apr_thread_mutex_t *mutex;       /* NULL: there are no threads */
    apr_thread_cond_t *freed;
    mact_account_turn_t *turns;
    int count;
    mact_account_turn_t *free;
    int waiting, waiting_most;
    int closed;                      /* the child is being stopped: nobody waits any more */
    int ending;                      /* all requests are over: the threads may go */
} line;

/* ---- the threads -------------------------------------------------------------------------------------------- */

static void do_work(work_t *work)
{
    const char *dummy = NULL;

    if (work->making) {
        work->rv = mact_auth_password_hash(&work->made, work->password, work->length, work->cost, work->pool);
        return;
    }
    work->rv = mact_auth_password_dummy(&dummy, work->cost, work->pool);
    work->good = work->rv == APR_SUCCESS && mact_auth_password_verify(work->password, work->length, work->hash, dummy);
}

/* On Linux a thread has a priority of its own. */
static void stand_back(void)
{
#ifdef __linux__
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICENESS);
#endif
}

static void *APR_THREAD_FUNC serve(apr_thread_t *thread, void *baton)
{
    mact_account_turn_t *turn = baton;

    stand_back();
    apr_thread_mutex_lock(line.mutex);
    for (;;) {
        while (!turn->work && !line.ending) {
            apr_thread_cond_wait(turn->asked, line.mutex);
        }
        if (!turn->work) {
            break;
        }
        apr_thread_mutex_unlock(line.mutex);
        do_work(turn->work);
        apr_thread_mutex_lock(line.mutex);
        turn->work = NULL;
        apr_thread_cond_signal(turn->answered);
    }
    apr_thread_mutex_unlock(line.mutex);
    apr_thread_exit(thread, APR_SUCCESS);
    return NULL;
}

static apr_status_t end(void *unused)
{
    (void)unused;
    apr_thread_mutex_lock(line.mutex);
    line.ending = 1;
    for (int i = 0; i < line.count; i++) {
        apr_thread_cond_signal(line.turns[i].asked);
    }
    apr_thread_mutex_unlock(line.mutex);
    for (int i = 0; i < line.count; i++) {
        apr_status_t rv;

        apr_thread_join(&rv, line.turns[i].thread);
    }
    line.mutex = NULL;
    return APR_SUCCESS;
}

/* A graceful stop lets who waits have their turn. */
void mact_account_stopping(apr_pool_t *pchild, int graceful)
{
    (void)pchild;
    if (graceful || !line.mutex) {
        return;
    }
    apr_thread_mutex_lock(line.mutex);
    line.closed = 1;
    apr_thread_cond_broadcast(line.freed);
    apr_thread_mutex_unlock(line.mutex);
}

/* This child's share of the processors, at least one. */
static int threads_wanted(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int children = 1;

    if (ap_mpm_query(AP_MPMQ_MAX_DAEMONS, &children) != APR_SUCCESS || children < 1) {
        children = 1;
    }
    return processors > children ? (int)processors / children : 1;
}

static int waiting_most(void)
{
    int threads = 1;

    if (ap_mpm_query(AP_MPMQ_MAX_THREADS, &threads) != APR_SUCCESS || threads < 1) {
        threads = 1;
    }
    return threads > 1 ? threads * 3 / 4 : 1;
}

/* Signals are for httpd's own threads. */
static apr_status_t start(mact_account_turn_t *turn, apr_pool_t *pool)
{
    sigset_t all, before;
    apr_status_t rv;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rv = apr_thread_create(&turn->thread, NULL, serve, turn, pool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rv;
}

apr_status_t mact_account_child(apr_pool_t *pchild, server_rec *main_server)
{
    int wanted = threads_wanted();
    apr_status_t rv;

    memset(&line, 0, sizeof line);         /* a process that is its own child starts more than once */
    rv = apr_thread_mutex_create(&line.mutex, APR_THREAD_MUTEX_DEFAULT, pchild);
    if (rv == APR_SUCCESS) {
        rv = apr_thread_cond_create(&line.freed, pchild);
    }
    line.turns = apr_pcalloc(pchild, (apr_size_t)wanted * sizeof *line.turns);
    line.waiting_most = waiting_most();
    for (int i = 0; rv == APR_SUCCESS && i < wanted; i++) {
        mact_account_turn_t *turn = &line.turns[i];

        rv = apr_thread_cond_create(&turn->asked, pchild);
        if (rv == APR_SUCCESS) {
            rv = apr_thread_cond_create(&turn->answered, pchild);
        }
        if (rv == APR_SUCCESS) {
            rv = start(turn, pchild);
        }
        if (rv == APR_SUCCESS) {
            turn->next_free = line.free;
            line.free = turn;
            line.count++;
        }
    }
    if (!line.count) {
        line.mutex = NULL;
        ap_log_error(APLOG_MARK, APLOG_ERR, rv, main_server, "ACT0140: no thread for hashing passwords can be had: logins answer 503. Raise the "
                     "system's limit of threads, or lower ThreadsPerChild");
        return rv;
    }
    apr_pool_pre_cleanup_register(pchild, NULL, end);
    return APR_SUCCESS;
}

/* ---- the line ------------------------------------------------------------------------------------------------ */

/* Under the mutex. */
static mact_account_turn_t *take(void)
{
    mact_account_turn_t *turn = line.free;

    if (turn) {
        line.free = turn->next_free;
    }
    return turn;
}

mact_account_turn_t *mact_account_turn(void)
{
    apr_time_t deadline = apr_time_now() + WAIT_MOST;
    mact_account_turn_t *turn;

    if (!line.mutex) {
        return NULL;
    }
    apr_thread_mutex_lock(line.mutex);
    turn = take();
    if (!turn && !line.closed && line.waiting < line.waiting_most) {
        line.waiting++;
        while (!turn && !line.closed) {
            apr_interval_time_t left = deadline - apr_time_now();

            if (left <= 0 || (apr_thread_cond_timedwait(line.freed, line.mutex, left) != APR_SUCCESS && !line.free)) {
                break;
            }
            turn = take();
        }
        line.waiting--;
    }
    apr_thread_mutex_unlock(line.mutex);
    return turn;
}

void mact_account_turn_back(mact_account_turn_t *turn)
{
    apr_thread_mutex_lock(line.mutex);
    turn->next_free = line.free;
    line.free = turn;
    apr_thread_cond_signal(line.freed);
    apr_thread_mutex_unlock(line.mutex);
}

static void ask(mact_account_turn_t *turn, work_t *work)
{
    apr_thread_mutex_lock(line.mutex);
    turn->work = work;
    apr_thread_cond_signal(turn->asked);
    while (turn->work) {
        apr_thread_cond_wait(turn->answered, line.mutex);
    }
    apr_thread_mutex_unlock(line.mutex);
}

apr_status_t mact_account_turn_hash(mact_account_turn_t *turn, const char **hash, const char *password, apr_size_t length, int cost,
                                    apr_pool_t *pool)
{
    work_t work = {.password = password, .length = length, .making = 1, .cost = cost, .pool = pool};

    ask(turn, &work);
    *hash = work.made;
    return work.rv;
}

int mact_account_turn_verify(mact_account_turn_t *turn, const char *password, apr_size_t length, const char *hash, int cost,
                             apr_pool_t *pool)
{
    work_t work = {.password = password, .length = length, .hash = hash, .cost = cost, .pool = pool};

    ask(turn, &work);
    return work.good;
}
