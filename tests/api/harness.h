/*
 * tests/api/harness.h: what the live tests stand on: a running server, asked over HTTP, and its database beside it.
 *
 * A live test is a program of Check whose main is `return live_run(suite);`. tests/run starts a fresh database and a
 * fresh httpd for each program, and afterwards reads the error log (a line at warn or worse that the program did
 * not announce fails it), looks whether a child died, and asks activity.broken() whether the data still hold together.
 * By hand: make start, then ACTIVITIES_URL=http://127.0.0.1:8080 ACTIVITIES_VAR=$PWD/var build/api/NAME.
 *
 * Every test runs in a process of its own (Check forks), which frees what is made here by ending. Nothing here is for threads.
 */
#ifndef LIVE_HARNESS_H
#define LIVE_HARNESS_H

#include <check.h>
#include <jansson.h>
#include <stddef.h>

/* Runs the suite and reports. The result is main's. */
int live_run(Suite *suite);

/* ---- asking ------------------------------------------------------------------------------------------------ */

/* A request. What is left out is NULL or 0. */
typedef struct {
    const char *method;                 /* NULL: GET */
    const char *path;                   /* below the base, with query string; sent as it stands */
    const char *base;                   /* NULL: ACTIVITIES_URL */
    const char *token;                  /* sent as `Authorization: Bearer …` */
    const char *json;                   /* a body, sent as application/json */
    const char *body;                   /* any other body, … */
    size_t body_length;                 /* … of so many bytes; 0: up to its NUL */
    const char *type;                   /* … with this Content-Type; NULL: none */
    const char *const *headers;         /* further header lines, up to a NULL: "Name: value" */
    const char *from;                   /* the address that the client has: any of 127.0.0.0/8, each with limits of its own */
    long timeout;                       /* milliseconds; 0: 30 seconds */
} live_request_t;

typedef struct {
    long status;                        /* 0: no reply came, and `error` says why */
    const char *error;
    char *headers;                      /* all header lines as they came */
    char *body;                         /* with a NUL behind it */
    size_t length;
    json_t *json;                       /* the body, where its Content-Type says JSON; else NULL */
    double seconds;                     /* from the start of the request to the end of the reply */
} live_reply_t;

/* Sends the request. Never NULL. */
live_reply_t *live_send(const live_request_t *request);

/* The short form: any of the last three may be NULL. */
live_reply_t *live_ask(const char *method, const char *path, const char *token, const char *json);

/*
 * Sends `n` requests at once: every connection is begun before any reply is awaited. The replies are in the order of the
 * requests. For some thousands.
 */
live_reply_t **live_together(int n, const live_request_t *requests);

int live_connect(void);                 /* a connection of its own to the server: a socket */

/*
 * Sends these bytes as they are on a connection of its own, then (unless `keep_open`) says that no more will come, and reads until the server
 * closes or nothing has come for two seconds. What came, with a NUL behind it.
 */
char *live_raw(const char *bytes, size_t length, int keep_open);

/* How many of the replies have this status. */
int live_count(live_reply_t **replies, int n, long status);

/* The value of the first header of that name (any case), or NULL. */
const char *live_header(const live_reply_t *reply, const char *name);

/* How often the header stands in the reply. */
int live_header_count(const live_reply_t *reply, const char *name);

void live_free(live_reply_t *reply);    /* for loops; NULL is fine */

/* A printf into memory. */
char *live_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- what is expected -------------------------------------------------------------------------------------- */

/* Fails with the reply's body in the message when the status is another. */
#define live_expect(reply, expected) live_expect_at(__FILE__, __LINE__, reply, expected)
void live_expect_at(const char *file, int line, const live_reply_t *reply, long expected);

/* That status, and a JSON body whose `detail` and (unless NULL) `code` are these. */
#define live_expect_problem(reply, expected, detail, code) \
    live_expect_problem_at(__FILE__, __LINE__, reply, expected, detail, code)
void live_expect_problem_at(const char *file, int line, const live_reply_t *reply, long expected, const char *detail,
                            const char *code);

/*
 * The member at `path` ("activities.0.title") of the reply's JSON; fails when it is not there. As a string, an integer,
 * whatever it is.
 */
#define live_string(reply, path) live_string_at(__FILE__, __LINE__, reply, path)
#define live_int(reply, path) live_int_at(__FILE__, __LINE__, reply, path)
#define live_member(reply, path) live_member_at(__FILE__, __LINE__, reply, path)
const char *live_string_at(const char *file, int line, const live_reply_t *reply, const char *path);
long long live_int_at(const char *file, int line, const live_reply_t *reply, const char *path);
json_t *live_member_at(const char *file, int line, const live_reply_t *reply, const char *path);

/*
 * Announces that from now on the error log may have lines with this text (a tag such as "ACT0203") at warn or worse. What is
 * not announced fails the program after its end.
 */
void live_expect_log(const char *text);

long live_log_end(void);                /* where the error log ends now */

/* Waits (at most 5 seconds) until the error log has the text behind `from`; fails otherwise. */
void live_await_log(long from, const char *text);

/* ---- who asks ---------------------------------------------------------------------------------------------- */

/* A token of the user, good for an hour. */
char *live_token(const char *user_id);

/* A token of these claims (a JSON object) and no others, signed with the instance's secret. */
char *live_token_of(const char *claims);

/* The same with this JOSE header and secret (NULL: the instance's). "none" as the algorithm gives an empty signature. */
char *live_sign(const char *header, const char *claims, const char *secret);

char *live_base64url(const void *bytes, size_t length);     /* RFC 4648, 5, without padding */

long long live_now(void);               /* Unix seconds */

/* A new account; its user_id. `name` is its username, made unique by what is appended. */
char *live_user(const char *name);

/* A new public activity of the organizer, an hour or more ahead; `places` 0: no limit. Its activity_id. */
char *live_activity(const char *organizer, int places);

/* ---- the database ------------------------------------------------------------------------------------------ */

/*
 * Runs the statement as a superuser. Its first column in its first row as text; NULL: null, or no row. Further arguments up
 * to a NULL are $1, $2 … as text. Fails on an error.
 */
char *live_sql(const char *statement, ...) __attribute__((sentinel));

/* ---- the server -------------------------------------------------------------------------------------------- */

const char *live_url(void);             /* its base, without a slash behind it */
const char *live_var(void);             /* its state directory */

/*
 * Another httpd on the same database, with this configuration included last; its base URL. It ends with the program,
 * or by live_stop.
 */
char *live_server(const char *extra_conf);
void live_stop(const char *base);
char *live_directory(const char *base); /* the directory of such a server (NULL: of ours), where its error.log, access.log and httpd.pid are */
char *live_read(const char *file);      /* a whole file, with a NUL behind it */

/* Whether that configuration is accepted; what httpd said of it in *said. For directives. */
int live_configtest(const char *extra_conf, char **said);

void live_graceful(void);               /* restarts the server gracefully; back when the new generation answers */
void live_database_stop(void);
void live_database_start(void);         /* back when the server has it again */

#endif
