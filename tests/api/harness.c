/*
 * The harness: requests, replies and what is expected of them. The rest is in harness_server.c.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness.h"

/* ---- memory ------------------------------------------------------------------------------------------------ */

static void *need(void *memory)
{
    if (!memory) {
        fputs("harness: out of memory\n", stderr);
        abort();
    }
    return memory;
}

char *live_text(const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    if (vasprintf(&text, format, args) < 0) {
        text = NULL;
    }
    va_end(args);
    return need(text);
}

/* Bytes that grow, always followed by a NUL. */
typedef struct {
    char *bytes;
    size_t length;
} heap_t;

static size_t grow(char *data, size_t size, size_t n, void *baton)
{
    heap_t *heap = baton;

    heap->bytes = need(realloc(heap->bytes, heap->length + size * n + 1));
    memcpy(heap->bytes + heap->length, data, size * n);
    heap->length += size * n;
    heap->bytes[heap->length] = '\0';
    return size * n;
}

/* ---- a transfer -------------------------------------------------------------------------------------------- */

typedef struct {
    CURL *curl;
    struct curl_slist *lines;
    heap_t headers, body;
    char *url;
    char error[CURL_ERROR_SIZE];
} transfer_t;

static void add_line(transfer_t *t, const char *line)
{
    t->lines = need(curl_slist_append(t->lines, line));
}

static void add_header(transfer_t *t, const char *name, const char *value)
{
    char *line = live_text("%s: %s", name, value);

    add_line(t, line);
    free(line);
}

static void set_body(transfer_t *t, const live_request_t *q)
{
    const char *body = q->json ? q->json : q->body;
    size_t length = q->json || !q->body_length ? strlen(body) : q->body_length;

    curl_easy_setopt(t->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)length);
    curl_easy_setopt(t->curl, CURLOPT_POSTFIELDS, body);
    if (q->json) {
        add_line(t, "Content-Type: application/json");
    } else if (q->type) {
        add_header(t, "Content-Type", q->type);
    } else {
        add_line(t, "Content-Type:");       /* none: libcurl would say that it is a form */
    }
    add_line(t, "Expect:");
}

static void begin(transfer_t *t, const live_request_t *q)
{
    const char *method = q->method ? q->method : "GET";

    memset(t, 0, sizeof *t);
    t->curl = need(curl_easy_init());
    t->url = live_text("%s%s", q->base ? q->base : live_url(), q->path);
    curl_easy_setopt(t->curl, CURLOPT_URL, t->url);
    curl_easy_setopt(t->curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(t->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(t->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(t->curl, CURLOPT_ERRORBUFFER, t->error);
    curl_easy_setopt(t->curl, CURLOPT_TIMEOUT_MS, q->timeout ? q->timeout : 30000L);
    curl_easy_setopt(t->curl, CURLOPT_HEADERFUNCTION, grow);
    curl_easy_setopt(t->curl, CURLOPT_HEADERDATA, &t->headers);
    curl_easy_setopt(t->curl, CURLOPT_WRITEFUNCTION, grow);
    curl_easy_setopt(t->curl, CURLOPT_WRITEDATA, &t->body);
    if (q->json || q->body) {
        set_body(t, q);
    } else if (!strcmp(method, "HEAD")) {
        curl_easy_setopt(t->curl, CURLOPT_NOBODY, 1L);
    }
    curl_easy_setopt(t->curl, CURLOPT_CUSTOMREQUEST, method);
    if (q->from) {
        curl_easy_setopt(t->curl, CURLOPT_INTERFACE, q->from);
    }
    if (q->token) {
        char *value = live_text("Bearer %s", q->token);

        add_header(t, "Authorization", value);
        free(value);
    }
    for (const char *const *line = q->headers; line && *line; line++) {
        add_line(t, *line);
    }
    curl_easy_setopt(t->curl, CURLOPT_HTTPHEADER, t->lines);
}

/* The reply of a transfer that is over, which is gone afterwards. */
static live_reply_t *end(transfer_t *t, CURLcode code)
{
    live_reply_t *reply = need(calloc(1, sizeof *reply));
    const char *type;

    reply->headers = t->headers.bytes ? t->headers.bytes : need(strdup(""));
    reply->body = t->body.bytes ? t->body.bytes : need(strdup(""));
    reply->length = t->body.length;
    curl_easy_getinfo(t->curl, CURLINFO_TOTAL_TIME, &reply->seconds);
    if (code == CURLE_OK) {
        curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &reply->status);
    } else {
        reply->error = need(strdup(*t->error ? t->error : curl_easy_strerror(code)));
    }
    type = live_header(reply, "Content-Type");
    if (type && reply->length && (strstr(type, "/json") || strstr(type, "+json"))) {
        reply->json = json_loadb(reply->body, reply->length, JSON_DECODE_ANY, NULL);
    }
    curl_slist_free_all(t->lines);
    curl_easy_cleanup(t->curl);
    free(t->url);
    return reply;
}

live_reply_t *live_send(const live_request_t *request)
{
    transfer_t t;

    begin(&t, request);
    return end(&t, curl_easy_perform(t.curl));
}

live_reply_t *live_ask(const char *method, const char *path, const char *token, const char *json)
{
    return live_send(&(live_request_t){.method = method, .path = path, .token = token, .json = json});
}

/* ---- many at once ------------------------------------------------------------------------------------------ */

/* A connection each needs a file each. */
static void allow_files(int n)
{
    struct rlimit limit;

    if (!getrlimit(RLIMIT_NOFILE, &limit) && limit.rlim_cur < (rlim_t)n + 64) {
        limit.rlim_cur = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > (rlim_t)n + 64 ? (rlim_t)n + 64 : limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

#define CROWD 64                        /* requests at once: as many as a child has threads */

live_reply_t **live_together(int n, const live_request_t *requests)
{
    CURLM *multi = need(curl_multi_init());
    transfer_t *t = need(calloc(n, sizeof *t));
    live_reply_t **replies = need(calloc(n, sizeof *replies));
    CURLMsg *message;
    int running = 0, left;

    if (n >= CROWD) {
        live_expect_log("MaxRequestWorkers");           /* httpd says, rightly, that it has few threads left */
    }
    allow_files(n);
    for (int i = 0; i < n; i++) {
        begin(&t[i], &requests[i]);
        curl_easy_setopt(t[i].curl, CURLOPT_PRIVATE, (char *)(size_t)i);
        curl_easy_setopt(t[i].curl, CURLOPT_FRESH_CONNECT, 1L);
        curl_multi_add_handle(multi, t[i].curl);
    }
    do {
        if (curl_multi_perform(multi, &running) != CURLM_OK
            || (running && curl_multi_poll(multi, NULL, 0, 1000, NULL) != CURLM_OK)) {
            ck_abort_msg("libcurl failed with %d requests under way", running);
        }
    } while (running);
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            CURLcode code = message->data.result;
            char *at = NULL;

            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &at);
            curl_multi_remove_handle(multi, message->easy_handle);
            replies[(size_t)at] = end(&t[(size_t)at], code);
        }
    }
    curl_multi_cleanup(multi);
    free(t);
    return replies;
}

int live_connect(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    to.sin_port = htons((unsigned short)atoi(strrchr(live_url(), ':') + 1));
    ck_assert_msg(connect(fd, (struct sockaddr *)&to, sizeof to) == 0, "connect: %s", strerror(errno));
    return fd;
}

char *live_raw(const char *bytes, size_t length, int keep_open)
{
    struct pollfd fd = {.fd = live_connect(), .events = POLLIN};
    heap_t heap = {need(strdup("")), 0};
    char buffer[8192];
    ssize_t n;

    while (length && (n = send(fd.fd, bytes, length, MSG_NOSIGNAL)) > 0) {
        bytes += n;
        length -= (size_t)n;
    }
    if (!keep_open) {
        shutdown(fd.fd, SHUT_WR);
    }
    while (poll(&fd, 1, 2000) > 0 && (n = recv(fd.fd, buffer, sizeof buffer, 0)) > 0) {
        grow(buffer, 1, (size_t)n, &heap);
    }
    close(fd.fd);
    return heap.bytes;
}

int live_count(live_reply_t **replies, int n, long status)
{
    int count = 0;

    for (int i = 0; i < n; i++) {
        count += replies[i]->status == status;
    }
    return count;
}

/* ---- headers ----------------------------------------------------------------------------------------------- */

/* The next header line of that name from *at on: its value begins where the result points. */
static const char *next_header(const char **at, const char *name)
{
    size_t n = strlen(name);

    while (**at) {
        const char *line = *at, *stop = strchr(line, '\n');

        *at = stop ? stop + 1 : line + strlen(line);
        if (!strncasecmp(line, name, n) && line[n] == ':') {
            return line + n + 1 + strspn(line + n + 1, " \t");
        }
    }
    return NULL;
}

const char *live_header(const live_reply_t *reply, const char *name)
{
    const char *at = reply->headers, *value = next_header(&at, name);

    return value ? need(strndup(value, strcspn(value, "\r\n"))) : NULL;
}

int live_header_count(const live_reply_t *reply, const char *name)
{
    const char *at = reply->headers;
    int n = 0;

    while (next_header(&at, name)) {
        n++;
    }
    return n;
}

void live_free(live_reply_t *reply)
{
    if (reply) {
        json_decref(reply->json);
        free((char *)reply->error);
        free(reply->headers);
        free(reply->body);
        free(reply);
    }
}

/* ---- what is expected -------------------------------------------------------------------------------------- */

/* Check's failures name a line: that of the test, not one of ours. */
#define FAIL_AT(file, line, ...) _ck_assert_failed(file, line, "expectation", __VA_ARGS__)

void live_expect_at(const char *file, int line, const live_reply_t *reply, long expected)
{
    if (reply->status != expected) {
        FAIL_AT(file, line, "status %ld, not %ld: %.600s", reply->status, expected, reply->error ? reply->error : reply->body);
    }
    mark_point();
}

json_t *live_member_at(const char *file, int line, const live_reply_t *reply, const char *path)
{
    json_t *at = reply->json;
    char *copy = need(strdup(path)), *rest = copy;

    for (char *name; at && (name = strsep(&rest, ".")) && *name;) {
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(name)) : json_object_get(at, name);
    }
    free(copy);
    if (!at) {
        FAIL_AT(file, line, "there is no %s in: %.600s", path, reply->error ? reply->error : reply->body);
    }
    return at;
}

const char *live_string_at(const char *file, int line, const live_reply_t *reply, const char *path)
{
    json_t *member = live_member_at(file, line, reply, path);

    if (!json_is_string(member)) {
        FAIL_AT(file, line, "%s is no string in: %.600s", path, reply->body);
    }
    return json_string_value(member);
}

long long live_int_at(const char *file, int line, const live_reply_t *reply, const char *path)
{
    json_t *member = live_member_at(file, line, reply, path);

    if (!json_is_integer(member)) {
        FAIL_AT(file, line, "%s is no integer in: %.600s", path, reply->body);
    }
    return json_integer_value(member);
}

void live_expect_problem_at(const char *file, int line, const live_reply_t *reply, long expected, const char *detail,
                            const char *code)
{
    const char *said;

    live_expect_at(file, line, reply, expected);
    said = live_string_at(file, line, reply, "detail");
    if (strcmp(said, detail)) {
        FAIL_AT(file, line, "detail is `%s', not `%s'", said, detail);
    }
    if (code && strcmp(live_string_at(file, line, reply, "code"), code)) {
        FAIL_AT(file, line, "code is `%s', not `%s'", live_string_at(file, line, reply, "code"), code);
    }
}

/* ---- the program ------------------------------------------------------------------------------------------- */

int live_run(Suite *suite)
{
    SRunner *runner;
    int failed;

    if (!getenv("ACTIVITIES_URL") || !getenv("ACTIVITIES_VAR")) {
        fputs("ACTIVITIES_URL and ACTIVITIES_VAR must name a running instance: see tests/api/harness.h\n", stderr);
        return 2;
    }
    curl_global_init(CURL_GLOBAL_ALL);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
