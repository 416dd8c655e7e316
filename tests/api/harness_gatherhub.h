/*
 * tests/api/harness_gatherhub.h: people, events, tasks and votes of the GatherHub API.
 *
 * JSON is written with ' in place of ", as in harness_api.h.
 */
#ifndef LIVE_HARNESS_GATHERHUB_H
#define LIVE_HARNESS_GATHERHUB_H

#include "harness_api.h"

#define HUB "/gatherhub"
#define AUTH HUB "/api/v1/auth"
#define HUB_PASSWORD "lakeside 2031"

/* Somebody with an account and a token for it: user_id, number, token. */
typedef struct {
    char *uuid, *token;
    long long id;
} hubber_t;

hubber_t hubber(const char *name);          /* made in the database, without a password */

/* Registers `name`, made unique by what is appended; the reply, which must be 201. */
live_reply_t *hub_register(const char *name, char **username);

/* A request to a path below /api/v1, which is a format; `who` and `json` may be NULL. The reply is held against the document. */
live_reply_t *hub(const char *method, const hubber_t *who, const char *json, const char *path, ...) __attribute__((format(printf, 4, 5)));

/* The same as a request for live_together. */
live_request_t hub_request(const char *method, const hubber_t *who, const char *json, const char *path, ...)
    __attribute__((format(printf, 4, 5)));

/* A new event of so many places in 2031, a task of it, a vote of it with the options A, B, C: their ids. */
long long hub_event(const hubber_t *creator, int places);
long long hub_task(const hubber_t *creator, long long event, const hubber_t *assignee);
long long hub_vote(const hubber_t *creator, long long event, int multiple, long long options[3]);

/* The error in one text: "400 event_full Event is full"; also that it has the form of all errors. */
#define expect_error(reply, error) expect_error_at(__FILE__, __LINE__, reply, error)
void expect_error_at(const char *file, int line, const live_reply_t *reply, const char *error);

/* 400 validation_error whose details are exactly these (JSON). */
#define expect_details(reply, details) expect_details_at(__FILE__, __LINE__, reply, details)
void expect_details_at(const char *file, int line, const live_reply_t *reply, const char *details);

#endif
