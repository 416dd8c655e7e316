/*
 * tests/api/harness_api.h: people who call the participation API, and what its replies are held against.
 *
 * JSON is written here with ' in place of ", which no test needs as itself: {'reason': null}.
 */
#ifndef LIVE_HARNESS_API_H
#define LIVE_HARNESS_API_H

#include <stdarg.h>

#include "harness.h"

#define API "/api/v1/participation"

/* Somebody with an account and a token for it. */
typedef struct {
    char *id, *token;
} person_t;

person_t person(const char *name);
person_t person_like(const char *name, const char *columns);    /* the columns set as in UPDATE: "gender = 'male'" */
person_t stranger(void);                                        /* a token for an id that has no account */

/*
 * One request of that person (NULL: nobody) to a path below the mount, which is a format; `json` (NULL: no body) is rewritten from ' to ".
 */
live_reply_t *api_get(const person_t *who, const char *path, ...) __attribute__((format(printf, 2, 3)));
live_reply_t *api_delete(const person_t *who, const char *path, ...) __attribute__((format(printf, 2, 3)));
live_reply_t *api_post(const person_t *who, const char *json, const char *path, ...) __attribute__((format(printf, 3, 4)));
live_reply_t *api_put(const person_t *who, const char *json, const char *path, ...) __attribute__((format(printf, 3, 4)));
live_reply_t *api_patch(const person_t *who, const char *json, const char *path, ...) __attribute__((format(printf, 3, 4)));

/* The text with " for '. */
char *quoted(const char *json);

/* What those send, and their like of other APIs: a request to a path below that mount, a format with these arguments; the token may be NULL. */
live_request_t request_below(const char *mount, const char *method, const char *token, const char *json, const char *format, va_list args);

/* ---- names and numbers ------------------------------------------------------------------------------------- */

char *made_unique(const char *name);                            /* with something behind it that no other has */
long long number_of_user(const char *user_id);
char *user_of(long long number);
long long number_of_activity(const char *activity_id);
char *activity_of(long long number);

/* ---- the state of the world -------------------------------------------------------------------------------- */

/* An activity a week ahead, made by createActivity with these further members ("'max_participants': 3", or NULL). Its id. */
char *outing(const person_t *organizer, const char *members);

void outing_begins(const char *activity_id);                    /* from now on it is past: it began an hour ago */
void joins(const person_t *who, const char *activity_id);       /* … which must be answered with 200 */
void befriend(const person_t *a, const person_t *b);
void block(const person_t *blocker, const person_t *blocked);

/* A pending invitation that sendInvitations made. Its id. */
char *invites(const person_t *staff, const person_t *whom, const char *activity_id);

/* A time so many seconds from now, in UTC. */
char *in_seconds(long seconds);

/* ---- what is expected of a reply --------------------------------------------------------------------------- */

/*
 * The object at `path` ("" is the whole body) has all of these members: "name:type", separated by spaces. Types are uuid, time, text, int, bool,
 * list, object, any; `?` behind one also allows null.
 */
#define expect_shape(reply, path, members) expect_shape_at(__FILE__, __LINE__, reply, path, members)
void expect_shape_at(const char *file, int line, const live_reply_t *reply, const char *path, const char *members);

/* The value at `path` is this one (a format). Objects may have more members than are given, lists not more items. */
#define expect_like(reply, path, ...) expect_like_at(__FILE__, __LINE__, reply, path, __VA_ARGS__)
void expect_like_at(const char *file, int line, const live_reply_t *reply, const char *path, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/*
 * 400 VALIDATION_ERROR whose detail names exactly these places ("body.title query.limit"), once each, in any order.
 */
#define expect_places(reply, places) expect_places_at(__FILE__, __LINE__, reply, places)
void expect_places_at(const char *file, int line, const live_reply_t *reply, const char *places);

/* The error, in one text: "400 ALREADY_JOINED Already joined this activity". Also that its body and headers have the form of all errors. */
#define expect_refusal(reply, refusal) expect_refusal_at(__FILE__, __LINE__, reply, refusal)
void expect_refusal_at(const char *file, int line, const live_reply_t *reply, const char *refusal);

/* The members `name` of the objects in the list at `path`, joined by a space. */
char *gather(const live_reply_t *reply, const char *path, const char *name);

#endif
