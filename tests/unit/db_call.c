/*
 * db_call: src/db/ against a real PostgreSQL, without httpd.
 *
 * Links: src/db/ alone (libpq, apr-util, check).  mod_dbd is replaced by a small one over apr_reslist and the same driver, with its
 * manners: it waits without a bound when all connections are out, and a connection that its check finds dead comes back as NULL once.
 * The program makes a cluster of its own in a temporary directory (initdb and pg_ctl as pg_config says; as user postgres where it is run by
 * root), since it must be able to stop it, and fails where that cannot be had.
 */
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

/* ---- httpd's log ------------------------------------------------------------------------------------------- */

static char log_text[65536];
static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;

AP_DECLARE(void) ap_log_error_(const char *file, int line, int index, int level, apr_status_t status, const server_rec *s,
                               const char *fmt, ...)
{
    va_list args;
    size_t used;

    (void)file; (void)line; (void)index; (void)level; (void)status; (void)s;
    pthread_mutex_lock(&log_mutex);
    used = strlen(log_text);
    va_start(args, fmt);
    apr_vsnprintf(log_text + used, sizeof(log_text) - used - 1, fmt, args);
    va_end(args);
    strncat(log_text, "\n", sizeof(log_text) - strlen(log_text) - 1);
    pthread_mutex_unlock(&log_mutex);
}

static int logged(const char *what)
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

/* ---- a cluster --------------------------------------------------------------------------------------------- */

static char cluster_dir[] = "/tmp/mact-db-XXXXXX";
static char cluster_bin[512];
static pid_t cluster_owner;
static PGconn *admin;

/* Runs a shell command as the cluster's user. */
static int cluster_sh(const char *format, ...)
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

        if (chdir("/") != 0 || (getuid() == 0 && (!user || initgroups("postgres", user->pw_gid) != 0
                                                  || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0))) {
            _exit(126);
        }
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int cluster_start(void)
{
    return cluster_sh("%s/pg_ctl -D %s/pg -w -t 30 -l %s/log -o \"-k %s -c listen_addresses= -c fsync=off -c max_connections=20\" start"
                      " >/dev/null", cluster_bin, cluster_dir, cluster_dir, cluster_dir);
}

static int cluster_stop(void)
{
    return cluster_sh("%s/pg_ctl -D %s/pg -w -m fast stop >/dev/null", cluster_bin, cluster_dir);
}

static void cluster_remove(void)
{
    if (getpid() == cluster_owner) {
        cluster_sh("%s/pg_ctl -D %s/pg -w -m immediate stop >/dev/null 2>&1", cluster_bin, cluster_dir);
        cluster_sh("rm -rf %s/pg %s/log", cluster_dir, cluster_dir);
        rmdir(cluster_dir);
    }
}

/* Too long (SIGALRM), a crash, or an interrupt: no cluster is left behind. */
static void cluster_abandon(int number)
{
    signal(number, SIG_DFL);
    cluster_remove();
    raise(number);
}

static void admin_connect(void)
{
    char dsn[256];

    PQfinish(admin);
    apr_snprintf(dsn, sizeof(dsn), "host=%s user=postgres dbname=postgres", cluster_dir);
    admin = PQconnectdb(dsn);
    ck_assert_msg(PQstatus(admin) == CONNECTION_OK, "%s", PQerrorMessage(admin));
}

/* Runs SQL as the superuser; the first value of the answer. */
static const char *admin_sql(const char *sql)
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
    "CREATE FUNCTION demo.who(p_user uuid, p_level text, p_text text) RETURNS demo.reply LANGUAGE plpgsql SECURITY DEFINER AS"
    " $$BEGIN UPDATE demo.tally SET n = n + 1;"
    " RETURN (200, concat_ws('/', p_user, p_level, p_text), '{\"X-A\":\"b\"}')::demo.reply; END$$;"
    "CREATE FUNCTION demo.session(OUT status int, OUT body text) LANGUAGE sql AS"
    " $$SELECT 200, pg_backend_pid() || '/' || (SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'act\\_%')$$;"
    "CREATE FUNCTION demo.slow(p_seconds float8) RETURNS demo.reply LANGUAGE plpgsql SECURITY DEFINER AS"
    " $$BEGIN UPDATE demo.tally SET n = n + 1; PERFORM pg_sleep(p_seconds); RETURN (200, 'slept', NULL)::demo.reply; END$$;"
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

static void fixture_load(void)
{
    admin_connect();
    admin_sql(fixture_sql);
}

static int cluster_make(void)
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
    return cluster_sh("%s/initdb -D %s/pg -U postgres -A trust -E UTF8 --locale=C --no-sync >%s/log 2>&1",
                      cluster_bin, cluster_dir, cluster_dir) && cluster_start();
}

/* ---- in place of mod_dbd ----------------------------------------------------------------------------------- */

static const apr_dbd_driver_t *dbd_driver;
static apr_reslist_t *dbd_list;
static int dbd_opened;                   /* how often a connection was handed out */

static apr_status_t dbd_close(void *data)
{
    ap_dbd_t *dbd = data;

    return apr_dbd_close(dbd->driver, dbd->handle);
}

static apr_status_t dbd_construct(void **made, void *params, apr_pool_t *pool)
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

static apr_status_t dbd_destruct(void *data, void *params, apr_pool_t *pool)
{
    (void)params; (void)pool;
    if (!dbd_gone) {
        apr_pool_destroy(((ap_dbd_t *)data)->pool);
    }
    return APR_SUCCESS;
}

static apr_status_t dbd_goes(void *unused)
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

/* ---- a child ----------------------------------------------------------------------------------------------- */

static apr_pool_t *root, *child;
static server_rec *server;
static mact_db_book_t *book;

static void child_begin(void)
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
static void child_init(int connections)
{
    apr_pool_t *sub;

    apr_pool_create(&sub, child);
    ck_assert_int_eq(apr_reslist_create(&dbd_list, 0, connections, connections, 0, dbd_construct, dbd_destruct, NULL, sub), APR_SUCCESS);
    dbd_gone = 0;
    apr_pool_cleanup_register(sub, NULL, dbd_goes, apr_pool_cleanup_null);
    ck_assert_int_eq(mact_db_child(child, server, book, connections), APR_SUCCESS);
}

static void child_end(void)
{
    apr_pool_destroy(child);
}

/* `name(source.x:type …)` as a call. */
static const mact_oapi_call_t *make_call(const char *name, int nargs, const mact_oapi_arg_t *args)
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
static const mact_db_statement_t *plain(const char *name, int nargs, const mact_oapi_arg_t *args, int read_only)
{
    return mact_db_statement(book, make_call(name, nargs, args), NULL, NULL, read_only, child);
}

static const mact_db_statement_t *who(const apr_array_header_t *admits)
{
    mact_oapi_arg_t args[] = {{.source = MACT_FROM_CALLER, .name = "user_id", .index = -1},
                              {.source = MACT_FROM_CALLER, .name = "level", .index = -1}, arg_text};

    return mact_db_statement(book, make_call("who", 3, args), make_call("caller", 1, &arg_sub), admits, 0, child);
}

#define CALL(statement, bounds, ...) \
    mact_db_call(server, statement, (const char *const[]){__VA_ARGS__, NULL}, bounds, child)

static const char *const nobody[] = {NULL};
#define ASK(statement) mact_db_call(server, statement, nobody, &usual, child)

static void done(const mact_db_reply_t *reply)
{
    ck_assert_msg(reply->outcome == MACT_DB_DONE, "outcome %d, %s %s", reply->outcome, reply->sqlstate, reply->cause);
}

#define GOOD_SUB "a0000000-0000-4000-8000-000000000001"
#define BANNED_SUB "b0000000-0000-4000-8000-000000000001"

/* ---- statements and replies -------------------------------------------------------------------------------- */

START_TEST(a_caller_and_its_call_are_one_statement)
{
    const mact_db_statement_t *statement = who(NULL);
    const mact_db_reply_t *reply;

    ck_assert_str_eq(statement->sql,
                     "SELECT c.refusal, r.* FROM \"demo\".\"caller\"($1) c LEFT JOIN LATERAL (SELECT p.* FROM \"demo\".\"who\"(c.\"user_id\", "
                     "c.\"level\", $2) p WHERE c.refusal IS NULL OFFSET 0) r ON true");
    ck_assert_int_eq(statement->nparams, 2);
    ck_assert_int_eq(statement->params[0]->source, MACT_FROM_TOKEN);
    child_init(2);
    reply = CALL(statement, &usual, GOOD_SUB, "hello");
    done(reply);
    ck_assert_ptr_null(reply->refusal);
    ck_assert_int_eq(reply->status, 200);
    ck_assert_str_eq(reply->body, GOOD_SUB "/gold/hello");
    ck_assert_uint_eq(reply->body_length, strlen(reply->body));
    ck_assert_str_eq(reply->headers, "{\"X-A\":\"b\"}");
}
END_TEST

START_TEST(a_refused_caller_s_procedure_is_not_called)
{
    const mact_db_statement_t *statement = who(NULL);
    const mact_db_reply_t *reply;

    child_init(2);
    reply = CALL(statement, &usual, BANNED_SUB, "hello");
    done(reply);
    ck_assert_str_eq(reply->refusal, "user-banned");
    ck_assert_int_eq(reply->status, 0);
    ck_assert_ptr_null(reply->body);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "0");
}
END_TEST

START_TEST(an_admitted_refusal_is_none)
{
    apr_array_header_t *admits = apr_array_make(child, 2, sizeof(const char *));
    const mact_db_statement_t *statement;
    const mact_db_reply_t *reply;

    APR_ARRAY_PUSH(admits, const char *) = "user-inactive";
    APR_ARRAY_PUSH(admits, const char *) = "user-banned";
    statement = who(admits);
    child_init(2);
    reply = CALL(statement, &usual, BANNED_SUB, "hello");
    done(reply);
    ck_assert_ptr_null(reply->refusal);
    ck_assert_int_eq(reply->status, 200);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "1");
}
END_TEST

START_TEST(without_a_caller_its_columns_are_null)
{
    mact_oapi_arg_t args[] = {{.source = MACT_FROM_CALLER, .name = "user_id", .index = -1},
                              {.source = MACT_FROM_CALLER, .name = "level", .index = -1}, arg_text};
    const mact_db_statement_t *statement = plain("who", 3, args, 0);
    const mact_db_reply_t *reply;

    ck_assert_str_eq(statement->sql, "SELECT NULL::text AS refusal, p.* FROM \"demo\".\"who\"(NULL, NULL, $1) p");
    child_init(2);
    reply = CALL(statement, &usual, "hello");
    done(reply);
    ck_assert_str_eq(reply->body, "hello");
}
END_TEST

START_TEST(a_source_twice_is_one_parameter)
{
    mact_oapi_arg_t args[] = {arg_text, {.source = MACT_FROM_QUERY, .name = "other", .index = -1}, arg_text};
    const mact_db_statement_t *one = plain("three", 3, args, 0);
    const mact_db_statement_t *two = plain("three", 3, args, 1);
    const mact_db_statement_t *other = plain("other", 3, args, 1);

    ck_assert_str_eq(one->sql, "SELECT NULL::text AS refusal, p.* FROM \"demo\".\"three\"($1, $2, $1) p");
    ck_assert_int_eq(one->nparams, 2);
    ck_assert_int_eq(one->id, two->id);
    ck_assert_str_eq(one->name, two->name);
    ck_assert_int_ne(one->id, other->id);
    ck_assert_str_ne(one->name, other->name);
    ck_assert_int_eq(strncmp(one->name, "act_", 4), 0);
    ck_assert_uint_lt(strlen(one->name), 64);
}
END_TEST

START_TEST(a_statement_is_prepared_once_a_connection)
{
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    const mact_db_statement_t *echo = plain("cast_it", 1, &arg_text, 1);
    char first[64];
    int i;

    child_init(1);
    apr_cpystrn(first, ASK(session)->body, sizeof(first));
    ck_assert_ptr_nonnull(strstr(first, "/1"));
    for (i = 0; i < 5; i++) {
        ck_assert_str_eq(ASK(session)->body, first);
    }
    done(CALL(echo, &usual, "200"));
    ck_assert_ptr_nonnull(strstr(ASK(session)->body, "/2"));
}
END_TEST

START_TEST(further_columns_and_bytes)
{
    const mact_db_statement_t *picture = plain("picture", 0, NULL, 1);
    const mact_db_reply_t *reply;
    const unsigned char *bytes;
    apr_size_t length;

    child_init(1);
    reply = ASK(picture);
    done(reply);
    ck_assert_str_eq(mact_db_column(reply, "kind"), "png");
    ck_assert_ptr_null(mact_db_column(reply, "body"));
    ck_assert_ptr_null(mact_db_column(reply, "no such"));
    bytes = mact_db_bytes(reply, "image", &length, child);
    ck_assert_uint_eq(length, 4);
    ck_assert_int_eq(memcmp(bytes, "\x00\xff\x0a\x41", 4), 0);
    ck_assert_ptr_null(mact_db_bytes(reply, "kind", &length, child));
    ck_assert_uint_eq(length, 0);
    reply = ASK(plain("nothing", 0, NULL, 1));
    done(reply);
    ck_assert_int_eq(reply->status, 0);
}
END_TEST

START_TEST(a_failure_tells_its_place_and_no_value)
{
    const mact_db_statement_t *cast = plain("cast_it", 1, &arg_text, 1);
    const mact_db_statement_t *noisy = plain("noisy", 0, NULL, 1);
    const mact_db_reply_t *reply;

    child_init(1);
    reply = CALL(cast, &usual, "a \"secret\" word");
    ck_assert_int_eq(reply->outcome, MACT_DB_FAILED);
    ck_assert_str_eq(reply->sqlstate, "22P02");
    ck_assert_ptr_null(strstr(reply->cause, "secret"));
    ck_assert_ptr_nonnull(strstr(reply->cause, "PL/pgSQL function demo.cast_it(text) line 1"));
    done(ASK(noisy));
    ck_assert_int_eq(logged("ACT0210"), 1);
    ck_assert_int_eq(logged("loud"), 1);
    ck_assert_int_eq(logged("a person"), 0);
}
END_TEST

/* ---- connections that die ---------------------------------------------------------------------------------- */

START_TEST(a_connection_killed_while_idle_costs_nothing)
{
    const mact_db_statement_t *statement = who(NULL);
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    char before[64];

    child_init(1);
    done(CALL(statement, &usual, GOOD_SUB, "x"));
    apr_cpystrn(before, ASK(session)->body, sizeof(before));
    admin_sql("SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = 'web'");
    done(CALL(statement, &usual, GOOD_SUB, "x"));
    ck_assert_str_ne(ASK(session)->body, before);
    ck_assert_ptr_nonnull(strstr(ASK(session)->body, "/2"));
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "2");
}
END_TEST

/* Somebody else resets it, as mod_dbd's check does: the session is new to us too. */
START_TEST(a_reset_connection_prepares_anew)
{
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    ap_dbd_t *dbd;

    child_init(1);
    done(ASK(session));
    dbd = ap_dbd_open(child, server);
    PQreset(apr_dbd_native_handle(dbd->driver, dbd->handle));
    ap_dbd_close(server, dbd);
    done(ASK(session));
    done(ASK(session));
}
END_TEST

/* PgBouncer hands the next session to us: what was prepared is not there. */
START_TEST(a_session_that_forgot_prepares_again)
{
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    ap_dbd_t *dbd;

    child_init(1);
    done(ASK(session));
    dbd = ap_dbd_open(child, server);
    PQclear(PQexec(apr_dbd_native_handle(dbd->driver, dbd->handle), "DEALLOCATE ALL"));
    ap_dbd_close(server, dbd);
    done(ASK(session));
}
END_TEST

/* ... or one that has prepared it already, for another of its clients. */
START_TEST(a_session_that_knows_it_already_is_good)
{
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    ap_dbd_t *dbd;

    child_init(1);
    dbd = ap_dbd_open(child, server);
    PQclear(PQprepare(apr_dbd_native_handle(dbd->driver, dbd->handle), session->name, session->sql, 0, NULL));
    ap_dbd_close(server, dbd);
    done(ASK(session));
}
END_TEST

START_TEST(a_changed_result_type_is_prepared_again)
{
    const mact_db_statement_t *statement = plain("upgraded", 0, NULL, 0);

    admin_sql("CREATE FUNCTION demo.upgraded(OUT status int, OUT body text) LANGUAGE sql AS $$SELECT 200, 'old'$$");
    child_init(1);
    ck_assert_str_eq(ASK(statement)->body, "old");
    admin_sql("DROP FUNCTION demo.upgraded();"
              "CREATE FUNCTION demo.upgraded(OUT status int, OUT body text, OUT headers text) LANGUAGE sql AS $$SELECT 200, 'new', '{}'$$");
    ck_assert_str_eq(ASK(statement)->body, "new");
    admin_sql("DROP FUNCTION demo.upgraded()");
}
END_TEST

/* A thread that makes one call. */
typedef struct {
    pthread_t thread;
    const mact_db_statement_t *statement;
    const char *values[3];
    const mact_db_bounds_t *bounds;
    apr_pool_t *pool;
    const mact_db_reply_t *reply;
} thread_call_t;

static void *thread_call(void *arg)
{
    thread_call_t *call = arg;

    call->reply = mact_db_call(server, call->statement, call->values, call->bounds, call->pool);
    return NULL;
}

static void thread_begin(thread_call_t *call, const mact_db_statement_t *statement, const char *value, const mact_db_bounds_t *bounds)
{
    memset(call, 0, sizeof(*call));
    call->statement = statement;
    call->values[0] = value;
    call->bounds = bounds;
    apr_pool_create(&call->pool, NULL);
    ck_assert_int_eq(pthread_create(&call->thread, NULL, thread_call, call), 0);
}

static const mact_db_reply_t *thread_end(thread_call_t *call)
{
    pthread_join(call->thread, NULL);
    return call->reply;
}

/* Until somebody of ours is inside the procedure. */
static void until_asleep(void)
{
    int i;

    for (i = 0; i < 300; i++) {
        if (atoi(admin_sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'web' AND wait_event = 'PgSleep'")) > 0) {
            return;
        }
        usleep(10 * MS);
    }
    ck_abort_msg("nobody sleeps");
}

START_TEST(a_write_killed_on_its_way_is_unavailable_and_not_repeated)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    thread_call_t call;

    child_init(2);
    thread_begin(&call, slow, "1", &usual);
    until_asleep();
    admin_sql("SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = 'web' AND wait_event = 'PgSleep'");
    ck_assert_int_eq(thread_end(&call)->outcome, MACT_DB_UNAVAILABLE);
    ck_assert_str_eq(call.reply->sqlstate, "57P01");
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "0");
    apr_pool_destroy(call.pool);
    done(CALL(slow, &usual, "0"));
}
END_TEST

START_TEST(a_read_killed_on_its_way_is_repeated)
{
    const mact_db_statement_t *nap = plain("nap", 1, &arg_number, 1);
    thread_call_t call;

    child_init(2);
    thread_begin(&call, nap, "0.5", &usual);
    until_asleep();
    admin_sql("SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity WHERE usename = 'web' AND wait_event = 'PgSleep'");
    done(thread_end(&call));
    apr_pool_destroy(call.pool);
}
END_TEST

/* ---- bounds ------------------------------------------------------------------------------------------------ */

START_TEST(a_statement_out_of_time_is_a_timeout)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    const mact_db_statement_t *session = plain("session", 0, NULL, 1);
    mact_db_bounds_t hasty = usual;
    char before[64];

    hasty.statement_timeout = 200 * MS;
    child_init(1);
    apr_cpystrn(before, ASK(session)->body, 5);
    ck_assert_int_eq(CALL(slow, &hasty, "3")->outcome, MACT_DB_TIMEOUT);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "0");
    ck_assert_int_eq(strncmp(ASK(session)->body, before, 4), 0);    /* the same session goes on */
    done(CALL(slow, &usual, "0.3"));
}
END_TEST

/* The server does not keep to its own timeout (PgBouncer has given the SET to another session). */
START_TEST(a_server_that_forgets_the_time_is_cancelled)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    mact_db_bounds_t hasty = usual;
    const mact_db_reply_t *reply;
    ap_dbd_t *dbd;

    hasty.statement_timeout = 300 * MS;
    child_init(1);
    done(CALL(slow, &hasty, "0"));
    dbd = ap_dbd_open(child, server);
    PQclear(PQexec(apr_dbd_native_handle(dbd->driver, dbd->handle), "SET statement_timeout = 0"));
    ap_dbd_close(server, dbd);
    reply = CALL(slow, &hasty, "5");
    ck_assert_int_eq(reply->outcome, MACT_DB_TIMEOUT);
    ck_assert_msg(reply->took < 1500 * MS, "took %d us", (int)reply->took);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "1");
    done(CALL(slow, &hasty, "0"));
}
END_TEST

START_TEST(a_full_pool_refuses_in_time_and_sends_nothing)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    mact_db_bounds_t hasty = usual;
    const mact_db_reply_t *reply;
    mact_db_gauges_t gauges;
    thread_call_t call;

    hasty.pool_wait = 200 * MS;
    child_init(1);
    done(CALL(slow, &usual, "0"));
    thread_begin(&call, slow, "1", &usual);
    until_asleep();
    reply = CALL(slow, &hasty, "0");
    ck_assert_int_eq(reply->outcome, MACT_DB_UNAVAILABLE);
    ck_assert_msg(reply->waited >= 190 * MS && reply->waited < 600 * MS, "waited %d us", (int)reply->waited);
    hasty.pool_wait = 0;
    reply = CALL(slow, &hasty, "0");
    ck_assert_int_eq(reply->outcome, MACT_DB_UNAVAILABLE);
    ck_assert(reply->waited < 50 * MS);
    mact_db_gauges(&gauges, server);
    ck_assert_uint_eq(gauges.limit, 1);
    ck_assert_uint_eq(gauges.used, 1);
    ck_assert_uint_eq(gauges.refused, 2);
    reply = CALL(slow, &usual, "0");          /* this one waits long enough */
    done(reply);
    ck_assert(reply->waited > 100 * MS);
    done(thread_end(&call));
    apr_pool_destroy(call.pool);
    ck_assert_str_eq(admin_sql("SELECT n FROM demo.tally"), "3");
    mact_db_gauges(&gauges, server);
    ck_assert_uint_eq(gauges.used, 0);
    ck_assert_uint_eq(gauges.waiting, 0);
}
END_TEST

START_TEST(conflicts_are_tried_again)
{
    static const struct { const char *state, *times; int retries; mact_db_outcome_e outcome; } rows[] = {
        {"40P01", "2", 3, MACT_DB_DONE},
        {"40001", "2", 3, MACT_DB_DONE},
        {"40P01", "3", 3, MACT_DB_DONE},
        {"40P01", "4", 3, MACT_DB_UNAVAILABLE},
        {"40001", "1", 0, MACT_DB_UNAVAILABLE},
        {"P0001", "1", 3, MACT_DB_FAILED},
    };
    mact_oapi_arg_t args[] = {arg_text, {.source = MACT_FROM_QUERY, .name = "times", .index = -1, .type = "integer"}};
    const mact_db_statement_t *conflict = plain("conflict", 2, args, 0);
    mact_db_bounds_t bounds = usual;
    const mact_db_reply_t *reply;

    child_init(1);
    bounds.retries = rows[_i].retries;
    reply = CALL(conflict, &bounds, rows[_i].state, rows[_i].times);
    ck_assert_int_eq(reply->outcome, rows[_i].outcome);
    if (reply->outcome == MACT_DB_DONE) {
        ck_assert_int_eq(atoi(reply->body), atoi(rows[_i].times) + 1);
    }
    else {
        ck_assert_str_eq(reply->sqlstate, rows[_i].state);
    }
}
END_TEST

/* ---- documents and database -------------------------------------------------------------------------------- */

START_TEST(a_missing_procedure_is_said_once_and_heals)
{
    const mact_db_statement_t *later = plain("later", 1, &arg_text, 0);
    const mact_db_reply_t *reply;
    int opened, i;

    child_init(2);
    reply = CALL(later, &usual, "x");
    ck_assert_int_eq(reply->outcome, MACT_DB_UNAVAILABLE);
    opened = dbd_opened;
    for (i = 0; i < 5; i++) {
        ck_assert_int_eq(CALL(later, &usual, "x")->outcome, MACT_DB_UNAVAILABLE);
    }
    ck_assert_int_eq(dbd_opened, opened);
    ck_assert_int_eq(logged("ACT0220"), 1);
    ck_assert_int_eq(logged("demo.later with 1 argument (string): there is no such function"), 1);
    ck_assert_int_eq(mact_db_missing(server, child)->nelts, 1);
    admin_sql("CREATE FUNCTION demo.later(p text) RETURNS demo.reply LANGUAGE sql AS $$SELECT 200, p, NULL$$");
    for (i = 0; i < 50 && reply->outcome != MACT_DB_DONE; i++) {
        usleep(100 * MS);
        reply = CALL(later, &usual, "x");
    }
    done(reply);
    ck_assert_int_eq(logged("ACT0221"), 1);
    ck_assert_int_eq(mact_db_missing(server, child)->nelts, 0);
    admin_sql("DROP FUNCTION demo.later(text)");      /* and gone again, under a running server */
    ck_assert_int_eq(CALL(later, &usual, "x")->outcome, MACT_DB_UNAVAILABLE);
    ck_assert_int_eq(logged("ACT0230"), 1);
    usleep(1100 * MS);
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_DONE);
    ck_assert_int_eq(logged("ACT0220"), 2);
}
END_TEST

START_TEST(each_kind_of_disagreement_is_named)
{
    static const struct { const char *name; mact_oapi_arg_t arg; int nargs; const char *said; } rows[] = {
        {"json_it", {.source = MACT_FROM_BODY, .index = -1, .type = "json"}, 1, NULL},
        {"json_it", {.source = MACT_FROM_BODY, .index = -1, .type = "uuid"}, 1, "it takes other arguments: (p_json jsonb)"},
        {"nap", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "boolean"}, 1, "it takes other arguments"},
        {"nap", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "integer"}, 1, NULL},
        {"nap", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = NULL}, 0, "it takes other arguments"},
        {"caller", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "integer"}, 1, "it takes other arguments"},
        {"caller", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "string"}, 1, NULL},
        {"locked", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "string"}, 1, "role web has no EXECUTE"},
        {"defaulted", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "string"}, 1, NULL},
        {"nowhere", {.source = MACT_FROM_BODY, .name = "x", .index = -1, .type = "string"}, 1, "there is no such function"},
    };

    admin_sql("CREATE OR REPLACE FUNCTION demo.locked(p text) RETURNS demo.reply LANGUAGE sql AS $$SELECT 200, p, NULL$$;"
              "REVOKE EXECUTE ON FUNCTION demo.locked(text) FROM PUBLIC;"
              "CREATE OR REPLACE FUNCTION demo.defaulted(p text, q int DEFAULT 1) RETURNS demo.reply LANGUAGE sql AS $$SELECT 200, p, NULL$$");
    plain(rows[_i].name, rows[_i].nargs, &rows[_i].arg, 1);
    child_init(1);
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_DONE);
    ck_assert_int_eq(mact_db_missing(server, child)->nelts, rows[_i].said != NULL);
    ck_assert_msg(!rows[_i].said || logged(rows[_i].said) == 1, "%s", log_text);
}
END_TEST

/* A caller's column that is not there shows only when PostgreSQL reads the statement. */
START_TEST(a_text_that_cannot_be_prepared_is_a_disagreement)
{
    mact_oapi_arg_t args[] = {{.source = MACT_FROM_CALLER, .name = "shoe_size", .index = -1},
                              {.source = MACT_FROM_CALLER, .name = "level", .index = -1}, arg_text};
    const mact_db_statement_t *statement = mact_db_statement(book, make_call("who", 3, args), make_call("caller", 1, &arg_sub), NULL,
                                                             0, child);
    const mact_db_reply_t *reply;

    child_init(1);
    reply = CALL(statement, &usual, GOOD_SUB, "x");
    ck_assert_int_eq(reply->outcome, MACT_DB_UNAVAILABLE);
    ck_assert_str_eq(reply->sqlstate, "42703");
    CALL(statement, &usual, GOOD_SUB, "x");
    ck_assert_int_eq(logged("ACT0230"), 1);
}
END_TEST

/* ---- a database that goes and comes ------------------------------------------------------------------------ */

static int load_stop;
static int load_done, load_unavailable, load_other;

static void *load_run(void *arg)
{
    const mact_db_statement_t *statement = arg;
    const char *values[] = {GOOD_SUB, "x"};
    apr_pool_t *pool;

    apr_pool_create(&pool, NULL);
    while (!__atomic_load_n(&load_stop, __ATOMIC_SEQ_CST)) {
        const mact_db_reply_t *reply = mact_db_call(server, statement, values, &usual, pool);
        int *which = reply->outcome == MACT_DB_DONE ? &load_done
                     : reply->outcome == MACT_DB_UNAVAILABLE ? &load_unavailable : &load_other;

        __atomic_add_fetch(which, 1, __ATOMIC_SEQ_CST);
        apr_pool_clear(pool);
        usleep(2 * MS);
    }
    apr_pool_destroy(pool);
    return NULL;
}

/* Milliseconds until a call succeeds, asking every few. */
static int until_done(const mact_db_statement_t *statement)
{
    apr_time_t from = apr_time_now();

    while (CALL(statement, &usual, GOOD_SUB, "x")->outcome != MACT_DB_DONE) {
        ck_assert_msg(apr_time_now() - from < 10000 * MS, "it never came back");
        usleep(5 * MS);
    }
    return (int)((apr_time_now() - from) / MS);
}

START_TEST(a_restart_under_load_is_survived)
{
    const mact_db_statement_t *statement = who(NULL);
    pthread_t threads[8];
    int i, back, round;
    mact_db_gauges_t gauges;

    child_init(4);
    load_stop = load_done = load_unavailable = load_other = 0;
    for (i = 0; i < 8; i++) {
        ck_assert_int_eq(pthread_create(&threads[i], NULL, load_run, (void *)statement), 0);
    }
    for (round = 0; round < 2; round++) {
        usleep(300 * MS);
        ck_assert(load_done > 0);
        ck_assert(cluster_stop());
        usleep(500 * MS);
        ck_assert(cluster_start());
        back = until_done(statement);
        ck_assert_msg(back < 1000, "back after %d ms", back);
        usleep(600 * MS);
        i = load_unavailable;
        usleep(500 * MS);
        ck_assert_msg(load_unavailable == i, "%d calls were refused long after the restart", load_unavailable - i);
    }
    __atomic_store_n(&load_stop, 1, __ATOMIC_SEQ_CST);
    for (i = 0; i < 8; i++) {
        pthread_join(threads[i], NULL);
    }
    ck_assert_int_eq(load_other, 0);
    ck_assert_int_gt(load_unavailable, 0);
    ck_assert_int_eq(logged("ACT0231"), 2);
    ck_assert_int_eq(logged("ACT0232"), 2);
    mact_db_gauges(&gauges, server);
    ck_assert_uint_eq(gauges.used, 0);
    ck_assert_uint_eq(gauges.waiting, 0);
}
END_TEST

/* Idle connections are replaced unnoticed: no call after the restart fails. */
START_TEST(a_restart_while_idle_costs_nothing)
{
    const mact_db_statement_t *statement = who(NULL);
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    thread_call_t calls[4];
    int i;

    child_init(4);
    done(CALL(statement, &usual, GOOD_SUB, "x"));
    for (i = 0; i < 4; i++) {
        thread_begin(&calls[i], slow, "0.1", &usual);
    }
    for (i = 0; i < 4; i++) {
        done(thread_end(&calls[i]));
        apr_pool_destroy(calls[i].pool);
    }
    ck_assert(cluster_stop() && cluster_start());
    for (i = 0; i < 4; i++) {
        thread_begin(&calls[i], slow, "0.1", &usual);
    }
    for (i = 0; i < 4; i++) {
        done(thread_end(&calls[i]));
        apr_pool_destroy(calls[i].pool);
    }
}
END_TEST

START_TEST(a_database_away_from_the_start_is_a_quick_refusal)
{
    const mact_db_statement_t *statement = who(NULL);
    thread_call_t calls[6];
    apr_time_t from;
    int i, back;

    ck_assert(cluster_stop());
    child_init(4);
    from = apr_time_now();
    for (i = 0; i < 6; i++) {
        thread_begin(&calls[i], statement, GOOD_SUB, &usual);
    }
    for (i = 0; i < 6; i++) {
        ck_assert_int_eq(thread_end(&calls[i])->outcome, MACT_DB_UNAVAILABLE);
        apr_pool_destroy(calls[i].pool);
    }
    for (i = 0; i < 100; i++) {
        ck_assert_int_eq(CALL(statement, &usual, GOOD_SUB, "x")->outcome, MACT_DB_UNAVAILABLE);
    }
    ck_assert_msg(apr_time_now() - from < 500 * MS, "refusing took %d us", (int)(apr_time_now() - from));
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_UNAVAILABLE);
    ck_assert(cluster_start());
    back = until_done(statement);
    ck_assert_msg(back < 1000, "back after %d ms", back);
    ck_assert_int_eq(mact_db_ping(server, &usual, child)->outcome, MACT_DB_DONE);
    ck_assert_int_eq(logged("ACT0231"), 1);
    ck_assert_int_eq(logged("ACT0232"), 1);
}
END_TEST

/* The server has no room for as many as the pool would open: those that are open go on. */
START_TEST(too_few_connections_are_shared)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    thread_call_t calls[6];
    int i, good = 0;

    admin_sql("ALTER ROLE web CONNECTION LIMIT 2");
    child_init(6);
    done(CALL(slow, &usual, "0"));
    for (i = 0; i < 6; i++) {
        thread_begin(&calls[i], slow, "0.1", &usual);
    }
    for (i = 0; i < 6; i++) {
        good += thread_end(&calls[i])->outcome == MACT_DB_DONE;
        apr_pool_destroy(calls[i].pool);
    }
    ck_assert_int_ge(good, 2);
    for (i = 0; i < 3; i++) {
        thread_begin(&calls[i], slow, "0.05", &usual);
    }
    for (i = 0; i < 3; i++) {
        done(thread_end(&calls[i]));
        apr_pool_destroy(calls[i].pool);
    }
    ck_assert_int_eq(logged("ACT0231"), 0);
    admin_sql("ALTER ROLE web CONNECTION LIMIT -1");
}
END_TEST

/* Two virtual hosts on one pool of mod_dbd: together they stay below its size. */
START_TEST(servers_of_one_pool_share_a_gate)
{
    const mact_db_statement_t *slow = plain("slow", 1, &arg_number, 0);
    server_rec *other = apr_pcalloc(child, sizeof(*other));
    mact_db_gauges_t gauges;

    child_init(3);
    ck_assert_int_eq(mact_db_child(child, other, book, 2), APR_SUCCESS);
    done(CALL(slow, &usual, "0"));
    done(mact_db_call(other, slow, (const char *const[]){"0"}, &usual, child));
    mact_db_gauges(&gauges, server);
    ck_assert_uint_eq(gauges.limit, 2);
    mact_db_gauges(&gauges, other);
    ck_assert_uint_eq(gauges.limit, 2);
}
END_TEST

/* ---- all of it --------------------------------------------------------------------------------------------- */

static Suite *suite(void)
{
    Suite *s = suite_create("db");
    TCase *t = tcase_create("calls");

    tcase_add_unchecked_fixture(t, fixture_load, NULL);
    tcase_add_checked_fixture(t, child_begin, child_end);
    tcase_add_test(t, a_caller_and_its_call_are_one_statement);
    tcase_add_test(t, a_refused_caller_s_procedure_is_not_called);
    tcase_add_test(t, an_admitted_refusal_is_none);
    tcase_add_test(t, without_a_caller_its_columns_are_null);
    tcase_add_test(t, a_source_twice_is_one_parameter);
    tcase_add_test(t, a_statement_is_prepared_once_a_connection);
    tcase_add_test(t, further_columns_and_bytes);
    tcase_add_test(t, a_failure_tells_its_place_and_no_value);
    tcase_add_test(t, a_connection_killed_while_idle_costs_nothing);
    tcase_add_test(t, a_reset_connection_prepares_anew);
    tcase_add_test(t, a_session_that_forgot_prepares_again);
    tcase_add_test(t, a_session_that_knows_it_already_is_good);
    tcase_add_test(t, a_changed_result_type_is_prepared_again);
    tcase_add_test(t, a_write_killed_on_its_way_is_unavailable_and_not_repeated);
    tcase_add_test(t, a_read_killed_on_its_way_is_repeated);
    tcase_add_test(t, a_statement_out_of_time_is_a_timeout);
    tcase_add_test(t, a_server_that_forgets_the_time_is_cancelled);
    tcase_add_test(t, a_full_pool_refuses_in_time_and_sends_nothing);
    tcase_add_loop_test(t, conflicts_are_tried_again, 0, 6);
    tcase_add_test(t, a_missing_procedure_is_said_once_and_heals);
    tcase_add_loop_test(t, each_kind_of_disagreement_is_named, 0, 10);
    tcase_add_test(t, a_text_that_cannot_be_prepared_is_a_disagreement);
    tcase_add_test(t, a_restart_under_load_is_survived);
    tcase_add_test(t, a_restart_while_idle_costs_nothing);
    tcase_add_test(t, a_database_away_from_the_start_is_a_quick_refusal);
    tcase_add_test(t, too_few_connections_are_shared);
    tcase_add_test(t, servers_of_one_pool_share_a_gate);
    suite_add_tcase(s, t);
    return s;
}

int main(void)
{
    static const int ends[] = {SIGALRM, SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGABRT};
    SRunner *runner;
    size_t i;
    int failed;

    apr_initialize();
    apr_pool_create(&root, NULL);
    apr_hook_global_pool = root;             /* optional functions are kept there */
    apr_dbd_init(root);
    signal(SIGPIPE, SIG_IGN);
    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        signal(ends[i], cluster_abandon);
    }
    alarm(180);
    if (apr_dbd_get_driver(root, "pgsql", &dbd_driver) != APR_SUCCESS) {
        fprintf(stderr, "db_call: apr-util has no driver pgsql: install it (Debian: libaprutil1-dbd-pgsql)\n");
        return 1;
    }
    if (!cluster_make()) {
        fprintf(stderr, "db_call: no PostgreSQL cluster could be made with %s/initdb in %s\n", cluster_bin, cluster_dir);
        return 1;
    }
    APR_REGISTER_OPTIONAL_FN(ap_dbd_open);
    APR_REGISTER_OPTIONAL_FN(ap_dbd_close);

    runner = srunner_create(suite());
    srunner_set_fork_status(runner, CK_NOFORK);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    PQfinish(admin);
    return failed ? 1 : 0;
}
