/*
 * tests/api/harness_attendance.h: people, events and bots of the attendance API.
 *
 * JSON is written with ' in place of ", as in harness_api.h.
 */
#ifndef LIVE_HARNESS_ATTENDANCE_H
#define LIVE_HARNESS_ATTENDANCE_H

#include "harness_api.h"

#define ATT "/attendance"

#define PASSWORD "correct horse battery"

/* Somebody who has registered: user_id, number, address and a token of a login. */
typedef struct {
    char *uuid, *email, *token;
    long long id;
} member_t;

/* Registers and logs in; `name` is made unique by what is appended. */
member_t member(const char *name);

/* A request to a path below the mount, which is a format; `token` and `json` may be NULL. */
live_reply_t *att(const char *method, const char *token, const char *json, const char *path, ...) __attribute__((format(printf, 4, 5)));

/* The same of a server of the test's own. */
live_reply_t *att_at(const char *base, const char *method, const char *token, const char *json, const char *path, ...)
    __attribute__((format(printf, 5, 6)));

/* A login by JSON. */
live_reply_t *log_in(const char *email, const char *password);

/* An event from so many seconds from now until so many, with these further members ("'capacity': 2", or NULL). Its id. */
long long gathering(const member_t *creator, long from, long until, const char *members);

/* One that runs: from an hour ago to in an hour. */
long long running(const member_t *creator, const char *members);

/* A user_id as live_user makes them, as a member without password or address. */
member_t outsider(const char *name);

/* A Discord id that nobody has. */
char *snowflake(void);

/* Registers a Discord identity. */
void discord_person(const char *id, const char *name);

/* The reply to one line of chat from that identity; fails where it is null. */
const char *says(const char *id, const char *line);

/* Nobody may be told more than the contract says: this status, this detail, one member. */
#define expect_detail(reply, status, detail) expect_detail_at(__FILE__, __LINE__, reply, status, detail)
void expect_detail_at(const char *file, int line, const live_reply_t *reply, long status, const char *detail);

/* 422 whose list names exactly these, "body.title=missing query.limit=int_parsing", in any order. */
#define expect_flaws(reply, flaws) expect_flaws_at(__FILE__, __LINE__, reply, flaws)
void expect_flaws_at(const char *file, int line, const live_reply_t *reply, const char *flaws);

#endif
