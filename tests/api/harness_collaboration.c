/*
 * The harness: the collaboration API's people and events.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness_collaboration.h"

static live_reply_t *ask(const char *header, const char *method, const char *token, const char *json, const char *format, va_list args)
{
    const char *headers[] = {header, NULL};
    char path[4096];
    live_request_t request = {.method = method, .token = token, .json = json ? quoted(json) : NULL, .headers = header ? headers : NULL};

    vsnprintf(path, sizeof path, format, args);
    request.path = live_text(COL "%s", path);
    return live_send(&request);
}

live_reply_t *col(const char *method, const char *token, const char *json, const char *path, ...)
{
    va_list args;
    live_reply_t *reply;

    va_start(args, path);
    reply = ask(NULL, method, token, json, path, args);
    va_end(args);
    return reply;
}

live_reply_t *col_with(const char *header, const char *method, const char *token, const char *json, const char *path, ...)
{
    va_list args;
    live_reply_t *reply;

    va_start(args, path);
    reply = ask(header, method, token, json, path, args);
    va_end(args);
    return reply;
}

live_request_t col_request(const char *method, const char *token, const char *json, const char *path)
{
    return (live_request_t){.method = method, .token = token, .json = json ? quoted(json) : NULL, .path = live_text(COL "%s", path)};
}

keeper_t keeper(const char *name)
{
    keeper_t made = {.name = live_text("%s-%s", name, live_sql("SELECT left(gen_random_uuid()::text, 8)", NULL))};
    live_reply_t *reply = col("POST", NULL, live_text("{'username': '%s', 'email': '%s@example.org', 'password': '" PASSWORD "'}", made.name,
                              made.name), "/api/v1/auth/register");

    live_expect(reply, 201);
    made.id = live_int(reply, "user_id");
    made.token = live_text("%s", live_string(reply, "access_token"));
    made.refresh = live_text("%s", live_string(reply, "refresh_token"));
    made.uuid = live_sql("SELECT user_id FROM activity.users WHERE number = $1::bigint", live_text("%lld", made.id), NULL);
    return made;
}

long long occasion(const keeper_t *owner, const char *title)
{
    static int day;
    live_reply_t *reply;

    day++;
    reply = col("POST", owner->token, live_text("{'title': '%s', 'start_time': '%d-%02d-%02dT09:00', 'end_time': '%d-%02d-%02dT10:00'}", title,
                2040 + day / 336, 1 + day / 28 % 12, 1 + day % 28, 2040 + day / 336, 1 + day / 28 % 12, 1 + day % 28), "/api/v1/events");
    live_expect(reply, 201);
    return live_int(reply, "id");
}

void shares(const keeper_t *owner, long long event, const keeper_t *with, const char *level)
{
    live_reply_t *reply = col("POST", owner->token, live_text("{'users': [{'user_id': %lld, 'permission_level': '%s'}]}", with->id, level),
                              "/api/v1/events/%lld/share", event);

    live_expect(reply, 201);
    ck_assert_str_eq(live_string(reply, "shared_with.0.status"), "granted");
}

char *uuid_of(long long event)
{
    return live_sql("SELECT activity_id FROM activity.activities WHERE number = $1::bigint", live_text("%lld", event), NULL);
}
