/*
 * db_fixture.h: what the programs that try src/db/ against a real PostgreSQL share.  Each includes it once.
 *
 * They link src/db/ alone (libpq, apr-util, check), not httpd.  mod_dbd is replaced by a small one over
 * apr_reslist and the same driver, with its manners: it waits without a bound when all connections are out,
 * and a connection that its check finds dead comes back as NULL once. A program makes a cluster of its own in
 * a temporary directory (initdb and pg_ctl as pg_config says; as user postgres where it is run by root),
 * since it must be able to stop it, and fails where that cannot be had.
 */
#ifndef DB_FIXTURE_H
#define DB_FIXTURE_H

#include <check.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <apr_dbd.h>
#include <apr_general.h>
#include <apr_hooks.h>
#include <apr_optional.h>
#include <apr_reslist.h>
#include <apr_strings.h>
#include <httpd.h>
#include <http_config.h>
#include <http_log.h>
#include <libpq-fe.h>
#include <mod_dbd.h>

#include "db/db.h"

module AP_MODULE_DECLARE_DATA activities_module = {STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, NULL, 0};

#define MS 1000

static const mact_db_bounds_t usual = {.pool_wait = 2000 * MS, .statement_timeout = 2000 * MS, .retries = 3};

/* ---- httpd's log --------------------------------------------------------------------------------------- */

static char log_text[65536];
static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;

AP_DECLARE(void)
ap_log_error_(const char *file, int line, int index, int level, apr_status_t status, const server_rec *s,
              const char *fmt, ...)
{
    va_list args;
    size_t used;

    (void)file;
    (void)line;
    (void)index;
    (void)level;
    (void)status;
    (void)s;
    pthread_mutex_lock(&log_mutex);
    used = strlen(log_text);
    va_start(args, fmt);
    apr_vsnprintf(log_text + used, sizeof(log_text) - used - 1, fmt, args);
    va_end(args);
    strncat(log_text, "\n", sizeof(log_text) - strlen(log_text) - 1);
    pthread_mutex_unlock(&log_mutex);
}

static inline int logged(const char *what)
{
    const char *at = log_text;
    int times = 0;

    pthread_mutex_lock(&log_mutex);
    while ((at = strstr(at, what)) != NULL) {
        at++;
        times++;
    }
    pthread_mutex_unlock(&log_mutex);
    return times;
}

/* ---- a cluster ----------------------------------------------------------------------------------------- */

static char cluster_dir[] = "/tmp/mact-db-XXXXXX";
static char cluster_bin[512];
static pid_t cluster_owner;
static PGconn *admin;

/* Runs a shell command as the cluster's user. */
static inline int cluster_sh(const char *format, ...)
{
    char command[2048];
    va_list args;
    pid_t pid;
    int status;

    va_start(args, format);
    apr_vsnprintf(command, sizeof(command), format, args);
    va_end(args);
    pid = fork();
    if (pid == 0) {
        struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;

        if (chdir("/") != 0 || (getuid() == 0 && (!user || initgroups("postgres", user->pw_gid) != 0 ||
                                                  setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))) {
            _exit(126);
        }
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static inline int cluster_start(void)
{
    return cluster_sh("%s/pg_ctl -D %s/pg -w -t 30 -l %s/log -o \"-k %s -c listen_addresses= -c fsync=off -c "
                      "max_connections=20\" start"
                      " >/dev/null",
                      cluster_bin, cluster_dir, cluster_dir, cluster_dir);
}

static inline int cluster_stop(void)
{
    return cluster_sh("%s/pg_ctl -D %s/pg -w -m fast stop >/dev/null", cluster_bin, cluster_dir);
}

static inline void cluster_remove(void)
{
    if (getpid() == cluster_owner) {
        cluster_sh("%s/pg_ctl -D %s/pg -w -m immediate stop >/dev/null 2>&1", cluster_bin, cluster_dir);
        cluster_sh("rm -rf %s/pg %s/log", cluster_dir, cluster_dir);
        rmdir(cluster_dir);
    }
}

/* Too long (SIGALRM), a crash, or an interrupt: no cluster is left behind. */
static inline void cluster_abandon(int number)
{
    signal(number, SIG_DFL);
    cluster_remove();
    raise(number);
}

static inline void admin_connect(void)
{
    char dsn[256];

    PQfinish(admin);
    apr_snprintf(dsn, sizeof(dsn), "host=%s user=postgres dbname=postgres", cluster_dir);
    admin = PQconnectdb(dsn);
    ck_assert_msg(PQstatus(admin) == CONNECTION_OK, "%s", PQerrorMessage(admin));
}

/* Runs SQL as the superuser; the first value of the answer. */
static inline const char *admin_sql(const char *sql)
{
    static char value[256];
    PGresult *result = PQexec(admin, sql);
    ExecStatusType status = PQresultStatus(result);

    ck_assert_msg(status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK, "%s: %s", sql, PQerrorMessage(admin));
    value[0] = '\0';
    if (PQntuples(result) > 0) {
        apr_cpystrn(value, PQgetvalue(result, 0, 0), sizeof(value));
    }
    PQclear(result);
    return value;
}

static const char fixture_sql[] =
    "CREATE ROLE web LOGIN;"
    "CREATE SCHEMA demo; GRANT USAGE ON SCHEMA demo TO web;"
    "CREATE TABLE demo.tally (n int); INSERT INTO demo.tally VALUES (0);"
    "CREATE SEQUENCE demo.tries;"
    "CREATE TYPE demo.reply AS (status int, body text, headers text);"
    "CREATE FUNCTION demo.caller(p_sub uuid, OUT refusal text, OUT user_id uuid, OUT level text) LANGUAGE sql AS"
    " $$SELECT CASE WHEN p_sub::text LIKE 'b%' THEN 'user-banned' END, p_sub, 'gold'$$;"
    "CREATE FUNCTION demo.who(p_user uuid, p_level text, p_text text) RETURNS demo.reply LANGUAGE plpgsql SECURITY "
    "DEFINER AS"
    " $$BEGIN UPDATE demo.tally SET n = n + 1;"
    " RETURN (200, concat_ws('/', p_user, p_level, p_text), '{\"X-A\":\"b\"}')::demo.reply; END$$;"
    "CREATE FUNCTION demo.session(OUT status int, OUT body text) LANGUAGE sql AS"
    " $$SELECT 200, pg_backend_pid() || '/' || (SELECT count(*) FROM pg_prepared_statements WHERE name LIKE "
    "'act\\_%')$$;"
    "CREATE FUNCTION demo.slow(p_seconds float8) RETURNS demo.reply LANGUAGE plpgsql SECURITY DEFINER AS"
    " $$BEGIN UPDATE demo.tally SET n = n + 1; PERFORM pg_sleep(p_seconds); RETURN (200, 'slept', NULL)::demo.reply; "
    "END$$;"
    "CREATE FUNCTION demo.nap(p_seconds float8) RETURNS demo.reply LANGUAGE plpgsql AS"
    " $$BEGIN PERFORM pg_sleep(p_seconds); RETURN (200, 'slept', NULL)::demo.reply; END$$;"
    "CREATE FUNCTION demo.conflict(p_state text, p_times int) RETURNS demo.reply LANGUAGE plpgsql SECURITY DEFINER AS"
    " $$BEGIN IF nextval('demo.tries') <= p_times THEN RAISE EXCEPTION 'again' USING ERRCODE = p_state; END IF;"
    " RETURN (200, currval('demo.tries')::text, NULL)::demo.reply; END$$;"
    "CREATE FUNCTION demo.picture(OUT status int, OUT body text, OUT image bytea, OUT kind text) LANGUAGE sql AS"
    " $$SELECT 200, NULL, '\\x00ff0a41'::bytea, 'png'$$;"
    "CREATE FUNCTION demo.cast_it(p_text text) RETURNS demo.reply LANGUAGE plpgsql AS"
    " $$BEGIN RETURN (p_text::int, NULL, NULL)::demo.reply; END$$;"
    "CREATE FUNCTION demo.json_it(p_json jsonb) RETURNS demo.reply LANGUAGE sql AS $$SELECT 200, p_json::text, NULL$$;"
    "CREATE FUNCTION demo.nothing() RETURNS demo.reply LANGUAGE sql AS $$SELECT NULL::demo.reply$$;"
    "CREATE FUNCTION demo.noisy() RETURNS demo.reply LANGUAGE plpgsql AS"
    " $$BEGIN RAISE WARNING 'loud' USING DETAIL = 'a person'; RETURN (200, NULL, NULL)::demo.reply; END$$;";

static inline void fixture_load(void)
{
    admin_connect();
    admin_sql(fixture_sql);
}

static inline int cluster_make(void)
{
    FILE *config = popen("pg_config --bindir", "r");
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;

    if (!config || !fgets(cluster_bin, sizeof(cluster_bin), config) || !mkdtemp(cluster_dir)) {
        return 0;
    }
    pclose(config);
    cluster_bin[strcspn(cluster_bin, "\n")] = '\0';
    cluster_owner = getpid();
    atexit(cluster_remove);
    if (user && chown(cluster_dir, user->pw_uid, user->pw_gid) != 0) {
        return 0;
    }
    chmod(cluster_dir, 0755);
    return cluster_sh("%s/initdb -D %s/pg -U postgres -A trust -E UTF8 --locale=C --no-sync >%s/log 2>&1", cluster_bin,
                      cluster_dir, cluster_dir) &&
           cluster_start();
}

/* ---- in place of mod_dbd ------------------------------------------------------------------------------- */

static const apr_dbd_driver_t *dbd_driver;
static apr_reslist_t *dbd_list;
static int dbd_opened; /* how often a connection was handed out */

static inline apr_status_t dbd_close(void *data)
{
    ap_dbd_t *dbd = data;

    return apr_dbd_close(dbd->driver, dbd->handle);
}

static inline apr_status_t dbd_construct(void **made, void *params, apr_pool_t *pool)
{
    char dsn[256];
    apr_pool_t *own;
    ap_dbd_t *dbd;

    (void)params;
    apr_pool_create(&own, pool);
    dbd = apr_pcalloc(own, sizeof(*dbd));
    dbd->pool = own;
    dbd->driver = dbd_driver;
    apr_snprintf(dsn, sizeof(dsn), "host=%s user=web dbname=postgres connect_timeout=3", cluster_dir);
    if (apr_dbd_open_ex(dbd_driver, own, dsn, &dbd->handle, NULL) != APR_SUCCESS) {
        apr_pool_destroy(own);
        return APR_EGENERAL;
    }
    apr_pool_cleanup_register(own, dbd, dbd_close, apr_pool_cleanup_null);
    *made = dbd;
    return APR_SUCCESS;
}

/* When the list's pool goes, the connections' sub-pools have gone before. */
static int dbd_gone;

static inline apr_status_t dbd_destruct(void *data, void *params, apr_pool_t *pool)
{
    (void)params;
    (void)pool;
    if (!dbd_gone) {
        apr_pool_destroy(((ap_dbd_t *)data)->pool);
    }
    return APR_SUCCESS;
}

static inline apr_status_t dbd_goes(void *unused)
{
    (void)unused;
    dbd_gone = 1;
    return APR_SUCCESS;
}

DBD_DECLARE_NONSTD(ap_dbd_t *) ap_dbd_open(apr_pool_t *pool, server_rec *s)
{
    ap_dbd_t *dbd;

    (void)s;
    if (apr_reslist_acquire(dbd_list, (void **)&dbd) != APR_SUCCESS) {
        return NULL;
    }
    if (apr_dbd_check_conn(dbd->driver, pool, dbd->handle) != APR_SUCCESS) {
        apr_reslist_invalidate(dbd_list, dbd);
        return NULL;
    }
    __atomic_add_fetch(&dbd_opened, 1, __ATOMIC_SEQ_CST);
    return dbd;
}

DBD_DECLARE_NONSTD(void) ap_dbd_close(server_rec *s, ap_dbd_t *dbd)
{
    (void)s;
    apr_reslist_release(dbd_list, dbd);
}

/* ---- a child ------------------------------------------------------------------------------------------- */

static apr_pool_t *root, *child;
static server_rec *server;
static mact_db_book_t *book;

static inline void child_begin(void)
{
    apr_pool_create(&child, root);
    server = apr_pcalloc(child, sizeof(*server));
    server->log.level = APLOG_DEBUG;
    log_text[0] = '\0';
    dbd_opened = 0;
    mact_db_book_make(&book, child);
    admin_connect();
    admin_sql("UPDATE demo.tally SET n = 0");
    admin_sql("SELECT setval('demo.tries', 1, false)");
}

/* After the statements are made: httpd's child_init. */
static inline void child_init(int connections)
{
    apr_pool_t *sub;

    apr_pool_create(&sub, child);
    ck_assert_int_eq(
        apr_reslist_create(&dbd_list, 0, connections, connections, 0, dbd_construct, dbd_destruct, NULL, sub),
        APR_SUCCESS);
    dbd_gone = 0;
    apr_pool_cleanup_register(sub, NULL, dbd_goes, apr_pool_cleanup_null);
    ck_assert_int_eq(mact_db_child(child, server, book, connections), APR_SUCCESS);
}

static inline void child_end(void)
{
    apr_pool_destroy(child);
}

/* `name(source.x:type …)` as a call. */
static inline const mact_oapi_call_t *make_call(const char *name, int nargs, const mact_oapi_arg_t *args)
{
    mact_oapi_call_t *call = apr_pcalloc(child, sizeof(*call));
    apr_array_header_t *list = apr_array_make(child, nargs + 1, sizeof(mact_oapi_arg_t));
    int i;

    for (i = 0; i < nargs; i++) {
        APR_ARRAY_PUSH(list, mact_oapi_arg_t) = args[i];
    }
    call->schema = "demo";
    call->name = name;
    call->args = list;
    return call;
}

static const mact_oapi_arg_t arg_text = {.source = MACT_FROM_QUERY, .name = "text", .index = -1, .type = "string"};
static const mact_oapi_arg_t arg_number = {.source = MACT_FROM_QUERY, .name = "number", .index = -1, .type = "number"};
static const mact_oapi_arg_t arg_sub = {.source = MACT_FROM_TOKEN, .name = "sub", .index = -1, .type = NULL};

/* A statement without a caller, of nargs text arguments (or what `args` says). */
static inline const mact_db_statement_t *plain(const char *name, int nargs, const mact_oapi_arg_t *args, int read_only)
{
    return mact_db_statement(book, make_call(name, nargs, args), NULL, NULL, read_only, child);
}

static inline const mact_db_statement_t *who(const apr_array_header_t *admits)
{
    mact_oapi_arg_t args[] = {{.source = MACT_FROM_CALLER, .name = "user_id", .index = -1},
                              {.source = MACT_FROM_CALLER, .name = "level", .index = -1},
                              arg_text};

    return mact_db_statement(book, make_call("who", 3, args), make_call("caller", 1, &arg_sub), admits, 0, child);
}

#define CALL(statement, bounds, ...)                                                                                   \
    mact_db_call(server, statement, (const char *const[]){__VA_ARGS__, NULL}, bounds, child)

static const char *const nobody[] = {NULL};
#define ASK(statement) mact_db_call(server, statement, nobody, &usual, child)

static inline void done(const mact_db_reply_t *reply)
{
    ck_assert_msg(reply->outcome == MACT_DB_DONE, "outcome %d, %s %s", reply->outcome, reply->sqlstate, reply->cause);
}

#define GOOD_SUB "a0000000-0000-4000-8000-000000000001"
#define BANNED_SUB "b0000000-0000-4000-8000-000000000001"

/* ---- calls in threads ---------------------------------------------------------------------------------- */

/* A thread that makes one call. */
typedef struct {
    pthread_t thread;
    const mact_db_statement_t *statement;
    const char *values[3];
    const mact_db_bounds_t *bounds;
    apr_pool_t *pool;
    const mact_db_reply_t *reply;
} thread_call_t;

static inline void *thread_call(void *arg)
{
    thread_call_t *call = arg;

    call->reply = mact_db_call(server, call->statement, call->values, call->bounds, call->pool);
    return NULL;
}

static inline void thread_begin(thread_call_t *call, const mact_db_statement_t *statement, const char *value,
                                const mact_db_bounds_t *bounds)
{
    memset(call, 0, sizeof(*call));
    call->statement = statement;
    call->values[0] = value;
    call->bounds = bounds;
    apr_pool_create(&call->pool, NULL);
    ck_assert_int_eq(pthread_create(&call->thread, NULL, thread_call, call), 0);
}

static inline const mact_db_reply_t *thread_end(thread_call_t *call)
{
    pthread_join(call->thread, NULL);
    return call->reply;
}

/* Until somebody of ours is inside the procedure. */
static inline void until_asleep(void)
{
    int i;

    for (i = 0; i < 300; i++) {
        if (atoi(admin_sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'web' AND wait_event = 'PgSleep'")) >
            0) {
            return;
        }
        usleep(10 * MS);
    }
    ck_abort_msg("nobody sleeps");
}

/* ---- the program --------------------------------------------------------------------------------------- */

/* Makes the cluster, runs the suite, and is the program's exit code. */
static inline int run(const char *program, Suite *suite)
{
    static const int ends[] = {SIGALRM, SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGABRT};
    SRunner *runner;
    size_t i;
    int failed;

    apr_initialize();
    apr_pool_create(&root, NULL);
    apr_hook_global_pool = root; /* optional functions are kept there */
    apr_dbd_init(root);
    signal(SIGPIPE, SIG_IGN);
    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        signal(ends[i], cluster_abandon);
    }
    alarm(180);
    if (apr_dbd_get_driver(root, "pgsql", &dbd_driver) != APR_SUCCESS) {
        fprintf(stderr, "%s: apr-util has no driver pgsql: install it (Debian: libaprutil1-dbd-pgsql)\n", program);
        return 1;
    }
    if (!cluster_make()) {
        fprintf(stderr, "%s: no PostgreSQL cluster could be made with %s/initdb in %s\n", program, cluster_bin,
                cluster_dir);
        return 1;
    }
    APR_REGISTER_OPTIONAL_FN(ap_dbd_open);
    APR_REGISTER_OPTIONAL_FN(ap_dbd_close);

    runner = srunner_create(suite);
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    PQfinish(admin);
    return failed ? 1 : 0;
}

#endif
