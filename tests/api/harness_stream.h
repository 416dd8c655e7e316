/*
 * tests/api/harness_stream.h: a stream of server-sent events, read by hand: its reply has no end to wait for.
 */
#ifndef LIVE_HARNESS_STREAM_H
#define LIVE_HARNESS_STREAM_H

#include "harness.h"

#define SOON 2000                       /* milliseconds: the contracts' "within 2 seconds" */

typedef struct {
    int fd;
    int over;                           /* the server has closed */
    size_t length;
    char bytes[65536];                  /* read and not yet taken */
} stream_t;

long long milliseconds(void);           /* of a clock that only goes forward */

/* Sends such a request, `path` with its mount, and reads nothing. */
stream_t *request_stream(const char *method, const char *path, const char *token);

/* An open stream: its headers, which must be those of one, and its first comment have been read; they come at once. */
stream_t *open_stream(const char *path, const char *token);

void hang_up(stream_t *s);

/* Takes what is there up to and with `end`; NULL if it has not come by then, or never will. */
char *take(stream_t *s, const char *end, int ms);

/* The next message; comments are passed over. NULL: none came. */
char *next_message(stream_t *s, int ms);

#endif
