/*
 * The harness: the collaboration API's people and events.
 */
#include "harness_collaboration.h"

live_reply_t *col(const char *method, const char *token, const char *json, const char *path, ...)
{
    live_request_t made;
    va_list args;

    va_start(args, path);
    made = request_below(COL, method, token, json, path, args);
    va_end(args);
    return live_send(&made);
}

live_reply_t *col_with(const char *header, const char *method, const char *token, const char *json, const char *path, ...)
{
    const char *const headers[] = {header, NULL};
    live_request_t made;
    va_list args;

    va_start(args, path);
    made = request_below(COL, method, token, json, path, args);
    va_end(args);
    made.headers = headers;
    return live_send(&made);
}

live_request_t col_request(const char *method, const char *token, const char *json, const char *path)
{
    return (live_request_t){.method = method, .token = token, .json = json ? quoted(json) : NULL, .path = live_text(COL "%s", path)};
}

keeper_t keeper(const char *name)
{
    keeper_t made = {.name = made_unique(name)};
    live_reply_t *reply = col("POST", NULL, live_text("{'username': '%s', 'email': '%s@example.org', 'password': '" PASSWORD "'}", made.name,
                              made.name), "/api/v1/auth/register");

    live_expect(reply, 201);
    made.id = live_int(reply, "user_id");
    made.token = live_text("%s", live_string(reply, "access_token"));
    made.refresh = live_text("%s", live_string(reply, "refresh_token"));
    made.uuid = user_of(made.id);
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
