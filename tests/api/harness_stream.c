/*
 * The harness: streams.
 */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "harness_stream.h"

long long milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

stream_t *request_stream(const char *method, const char *path, const char *token)
{
    stream_t *s = calloc(1, sizeof *s);
    char *request = live_text("%s %s HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip, br\r\n%s%s%s\r\n", method, path,
                              token ? "Authorization: Bearer " : "", token ? token : "", token ? "\r\n" : "");
    size_t length = strlen(request);

    s->fd = live_connect();
    ck_assert_int_eq(send(s->fd, request, length, MSG_NOSIGNAL), (ssize_t)length);
    return s;
}

stream_t *open_stream(const char *path, const char *token)
{
    stream_t *s = request_stream("GET", path, token);
    char *head = take(s, "\r\n\r\n", 5000), *comment;

    ck_assert_msg(head && !strncmp(head, "HTTP/1.1 200 ", 13) && strcasestr(head, "\r\nContent-Type: text/event-stream"), "no stream: %s",
                  head ? head : "nothing came");
    comment = take(s, "\n\n", 1000);
    ck_assert_msg(comment && comment[0] == ':', "the first line is no comment: %s", comment ? comment : "nothing came");
    return s;
}

void hang_up(stream_t *s)
{
    close(s->fd);
    free(s);
}

char *take(stream_t *s, const char *end, int ms)
{
    long long until = milliseconds() + ms;

    for (;;) {
        struct pollfd fd = {.fd = s->fd, .events = POLLIN};
        char *at = memmem(s->bytes, s->length, end, strlen(end));
        long long left = until - milliseconds();
        ssize_t got;

        if (at) {
            size_t length = (size_t)(at - s->bytes) + strlen(end);
            char *block = strndup(s->bytes, length);

            s->length -= length;
            memmove(s->bytes, s->bytes + length, s->length);
            return block;
        }
        if (s->over || left <= 0 || poll(&fd, 1, (int)left) <= 0) {
            return NULL;
        }
        ck_assert_uint_lt(s->length, sizeof s->bytes);
        got = recv(s->fd, s->bytes + s->length, sizeof s->bytes - s->length, 0);
        s->over = got <= 0;
        s->length += got > 0 ? (size_t)got : 0;
    }
}

char *next_message(stream_t *s, int ms)
{
    long long until = milliseconds() + ms;
    char *block;

    do {
        block = take(s, "\n\n", (int)(until - milliseconds()));
    } while (block && block[0] == ':');
    return block;
}
