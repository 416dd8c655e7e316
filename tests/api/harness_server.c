/*
 * The harness: tokens, the database, and the server itself, which it starts and stops with the same tools as everybody.
 */
#include <errno.h>
#include <glob.h>
#include <libpq-fe.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness.h"

const char *live_url(void)
{
    return getenv("ACTIVITIES_URL");
}

const char *live_var(void)
{
    return getenv("ACTIVITIES_VAR");
}

/* The whole of a file with a NUL behind it. */
static char *read_file(const char *name, size_t *length)
{
    FILE *f = fopen(name, "rb");
    char *bytes;
    long size;

    ck_assert_msg(f != NULL, "%s: %s", name, strerror(errno));
    fseek(f, 0, SEEK_END);
    size = ftell(f);
    rewind(f);
    bytes = calloc(1, (size_t)size + 1);
    ck_assert_ptr_nonnull(bytes);
    *length = fread(bytes, 1, (size_t)size, f);
    fclose(f);
    return bytes;
}

char *live_read(const char *file)
{
    size_t length;

    return read_file(file, &length);
}

/* ---- the log ----------------------------------------------------------------------------------------------- */

void live_expect_log(const char *text)
{
    char *name = live_text("%s/expected.log", live_var());
    FILE *f = fopen(name, "a");

    ck_assert_msg(f != NULL, "%s: %s", name, strerror(errno));
    fprintf(f, "%s\n", text);
    fclose(f);
    free(name);
}

long live_log_end(void)
{
    struct stat st;
    char *name = live_text("%s/error.log", live_var());
    int failed = stat(name, &st);

    free(name);
    return failed ? 0 : (long)st.st_size;
}

void live_await_log(long from, const char *text)
{
    char *name = live_text("%s/error.log", live_var());

    for (int i = 0; i < 100; i++) {
        size_t length;
        char *log = read_file(name, &length);
        int found = (size_t)from <= length && strstr(log + from, text) != NULL;

        free(log);
        if (found) {
            free(name);
            return;
        }
        usleep(50000);
    }
    ck_abort_msg("the error log did not get a line with `%s'", text);
}

/* ---- tokens ------------------------------------------------------------------------------------------------ */

long long live_now(void)
{
    return (long long)time(NULL);
}

char *live_base64url(const void *bytes, size_t length)
{
    char *text = calloc(1, length * 2 + 8);
    int n = EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);

    while (n && text[n - 1] == '=') {
        text[--n] = '\0';
    }
    for (char *c = text; *c; c++) {
        *c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
    }
    return text;
}

static const EVP_MD *digest_of(const char *header)
{
    return strstr(header, "512") ? EVP_sha512() : strstr(header, "384") ? EVP_sha384() : EVP_sha256();
}

char *live_sign(const char *header, const char *claims, const char *secret)
{
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    size_t length = secret ? strlen(secret) : 0;
    char *head = live_base64url(header, strlen(header));
    char *body = live_base64url(claims, strlen(claims));
    char *token = live_text("%s.%s", head, body), *key = NULL, *signature, *whole;

    if (!secret) {
        char *name = live_text("%s/jwt.secret", live_var());

        secret = key = read_file(name, &length);
        free(name);
    }
    if (!strstr(header, "\"none\"")) {
        HMAC(digest_of(header), secret, (int)length, (unsigned char *)token, strlen(token), mac, &n);
    }
    signature = live_base64url(mac, n);
    whole = live_text("%s.%s", token, signature);
    free(head);
    free(body);
    free(token);
    free(key);
    free(signature);
    return whole;
}

char *live_token_of(const char *claims)
{
    return live_sign("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims, NULL);
}

char *live_token(const char *user_id)
{
    char *claims = live_text("{\"sub\":\"%s\",\"iat\":%lld,\"exp\":%lld}", user_id, live_now(), live_now() + 3600);
    char *token = live_token_of(claims);

    free(claims);
    return token;
}

/* ---- the database ------------------------------------------------------------------------------------------ */

static PGconn *connect_database(void)
{
    size_t length;
    char *name = live_text("%s/socket.path", live_var()), *socket = read_file(name, &length), *how;
    const char *database = getenv("ACTIVITIES_DATABASE");
    PGconn *conn;

    socket[strcspn(socket, "\n")] = '\0';
    how = live_text("host=%s port=5432 user=postgres dbname=%s connect_timeout=5", socket, database ? database : "activities");
    conn = PQconnectdb(how);
    ck_assert_msg(PQstatus(conn) == CONNECTION_OK, "%s", PQerrorMessage(conn));
    free(name);
    free(socket);
    free(how);
    return conn;
}

#define PARAMS_MOST 16

static PGconn *conn;
static pid_t owner;                     /* a connection does not survive the fork of the next test */

char *live_sql(const char *statement, ...)
{
    const char *params[PARAMS_MOST];
    int n = 0;
    va_list args;
    PGresult *result;
    char *value = NULL;

    va_start(args, statement);
    for (const char *param; (param = va_arg(args, const char *));) {
        ck_assert_int_lt(n, PARAMS_MOST);
        params[n++] = param;
    }
    va_end(args);
    if (owner != getpid()) {
        conn = connect_database();
        owner = getpid();
    }
    result = PQexecParams(conn, statement, n, NULL, params, NULL, NULL, 0);
    if (PQstatus(conn) != CONNECTION_OK) {          /* the database was restarted since */
        PQclear(result);
        PQfinish(conn);
        conn = connect_database();
        result = PQexecParams(conn, statement, n, NULL, params, NULL, NULL, 0);
    }
    ck_assert_msg(PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK, "%s: %s",
                  statement, PQerrorMessage(conn));
    if (PQntuples(result) && PQnfields(result) && !PQgetisnull(result, 0, 0)) {
        value = strdup(PQgetvalue(result, 0, 0));
    }
    PQclear(result);
    return value;
}

char *live_user(const char *name)
{
    return live_sql("INSERT INTO activity.users (username, name) VALUES ($1 || '-' || substr(gen_random_uuid()::text, 1, 13), $1)"
                    " RETURNING user_id", name, NULL);
}

char *live_activity(const char *organizer, int places)
{
    char *most = places ? live_text("%d", places) : NULL;
    char *id = live_sql("SELECT (activity.create_activity(jsonb_build_object('title', 'An outing', 'organizer_user_id', $1::text,"
                        " 'scheduled_at', clock_timestamp() + interval '1 day', 'max_participants', nullif($2, '')::int), true)).activity_id",
                        organizer, most ? most : "", NULL);

    free(most);
    return id;
}

/* ---- the server -------------------------------------------------------------------------------------------- */

/* Runs `tools/…` as a shell would. What it says goes to *said, or to a log that a failure shows. */
static int run_tool(char **said, const char *command)
{
    const char *top = getenv("ACTIVITIES_TOP");
    char *log = live_text("%s/tool.log", live_var()), *line;
    size_t length;
    int status;

    line = live_text("cd '%s' && VAR='%s' %s >'%s' 2>&1 </dev/null", top ? top : ".", live_var(), command, log);
    status = system(line);
    if (said) {
        *said = read_file(log, &length);
    }
    free(line);
    free(log);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void must_run(const char *command)
{
    char *said = NULL;
    int status = run_tool(&said, command);

    ck_assert_msg(status == 0, "%s: exit %d: %s", command, status, said);
    free(said);
}

/* A directory for one more httpd, with that configuration in it. */
static char *make_server(const char *extra_conf)
{
    char *directory = live_text("%s/server-XXXXXX", live_var()), *name;
    FILE *f;

    ck_assert_msg(mkdtemp(directory) != NULL, "%s: %s", directory, strerror(errno));
    chmod(directory, 0755);
    name = live_text("%s/extra.conf", directory);
    f = fopen(name, "w");
    ck_assert_msg(f != NULL, "%s: %s", name, strerror(errno));
    fputs(extra_conf, f);
    fputc('\n', f);
    fclose(f);
    free(name);
    return directory;
}

char *live_server(const char *extra_conf)
{
    char *directory = make_server(extra_conf), *name, *port, *base, *command;
    size_t length;

    command = live_text("SERVER='%s' EXTRA_CONF='%s/extra.conf' PORT=0 tools/httpd.sh start", directory, directory);
    must_run(command);
    name = live_text("%s/port", directory);
    port = read_file(name, &length);
    base = live_text("http://127.0.0.1:%d", atoi(port));
    free(command);
    free(name);
    free(port);
    free(directory);
    return base;
}

char *live_directory(const char *base)
{
    char *pattern = live_text("%s/server-*/port", live_var()), *found = NULL;
    glob_t all = {0};

    if (!base) {
        free(pattern);
        return live_text("%s", live_var());
    }
    glob(pattern, 0, NULL, &all);
    for (size_t i = 0; i < all.gl_pathc && !found; i++) {
        char *port = live_read(all.gl_pathv[i]);

        if (atoi(port) == atoi(strrchr(base, ':') + 1)) {
            found = live_text("%.*s", (int)(strlen(all.gl_pathv[i]) - strlen("/port")), all.gl_pathv[i]);
        }
        free(port);
    }
    globfree(&all);
    free(pattern);
    ck_assert_msg(found != NULL, "there is no server at %s", base);
    return found;
}

void live_stop(const char *base)
{
    /* a script of its own: run_tool puts settings before the command, and a loop is none */
    char *command = live_text("sh -c 'for d in \"$VAR\"/server-*; do"
                              " [ \"$(cat \"$d/port\")\" != %s ] || SERVER=\"$d\" tools/httpd.sh stop; done'",
                              strrchr(base, ':') + 1);

    must_run(command);
    free(command);
}

int live_configtest(const char *extra_conf, char **said)
{
    char *directory = make_server(extra_conf), *command;
    int status;

    command = live_text("SERVER='%s' EXTRA_CONF='%s/extra.conf' PORT=1 tools/httpd.sh configtest", directory, directory);
    status = run_tool(said, command);
    free(command);
    free(directory);
    return status == 0;
}

void live_graceful(void)
{
    long from = live_log_end();

    must_run("tools/httpd.sh graceful");
    live_await_log(from, "resuming normal operations");
}

void live_database_stop(void)
{
    must_run("tools/database.sh stop");
}

void live_database_start(void)
{
    must_run("tools/database.sh restart-cluster");
    /* Each child looks for a database that was away only now and then: all are asked until all have it. */
    for (int i = 0, good = 0; i < 400; i++) {
        live_reply_t *reply = live_ask("GET", "/api/v1/participation/health", NULL, NULL);

        good = reply->status == 200 ? good + 1 : 0;
        live_free(reply);
        if (good == 40) {
            return;
        }
        usleep(good ? 5000 : 50000);
    }
    ck_abort_msg("the database was back for 10 seconds, and the server did not notice");
}
