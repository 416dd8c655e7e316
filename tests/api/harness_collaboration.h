/*
 * tests/api/harness_collaboration.h: people and events of the collaboration API.
 *
 * JSON is written with ' in place of ", as in harness_api.h.
 */
#ifndef LIVE_HARNESS_COLLABORATION_H
#define LIVE_HARNESS_COLLABORATION_H

#include "harness_attendance.h"

#define COL "/collaboration"

/* Somebody who has registered here: user_id, number, name, and the tokens of that session. */
typedef struct {
    char *uuid, *name, *token, *refresh;
    long long id;
} keeper_t;

/* Registers; `name` is made unique by what is appended. */
keeper_t keeper(const char *name);

/* A request to a path below the mount, which is a format; `token` and `json` may be NULL. */
live_reply_t *col(const char *method, const char *token, const char *json, const char *path, ...) __attribute__((format(printf, 4, 5)));

/* The same with a header line such as `If-Match: "1"`. */
live_reply_t *col_with(const char *header, const char *method, const char *token, const char *json, const char *path, ...)
    __attribute__((format(printf, 5, 6)));

/* For live_together. */
live_request_t col_request(const char *method, const char *token, const char *json, const char *path);

/* An event of theirs at that hour of a day that is nobody else's: "T09:00" to "T10:00". Its id. */
long long occasion(const keeper_t *owner, const char *title);

void shares(const keeper_t *owner, long long event, const keeper_t *with, const char *level);

#endif
