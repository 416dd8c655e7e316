/*
 * People, events, tasks and votes of the GatherHub API.
 */
#include <string.h>

#include "harness_document.h"
#include "harness_gatherhub.h"

hubber_t hubber(const char *name)
{
    hubber_t who = {.uuid = live_user(name)};

    who.token = live_token(who.uuid);
    who.id = number_of_user(who.uuid);
    return who;
}

live_reply_t *hub_register(const char *name, char **username)
{
    char *own = made_unique(name);
    live_reply_t *reply = live_ask("POST", AUTH "/register/", NULL,
                                   quoted(live_text("{'username': '%s', 'email': '%s@example.org', 'password': '" HUB_PASSWORD "'}", own, own)));

    live_expect(reply, 201);
    if (username) {
        *username = own;
    }
    return reply;
}

live_request_t hub_request(const char *method, const hubber_t *who, const char *json, const char *path, ...)
{
    live_request_t made;
    va_list args;

    va_start(args, path);
    made = request_below(HUB "/api/v1", method, who ? who->token : NULL, json, path, args);
    va_end(args);
    return made;
}

live_reply_t *hub(const char *method, const hubber_t *who, const char *json, const char *path, ...)
{
    live_reply_t *reply;
    live_request_t made;
    va_list args;

    va_start(args, path);
    made = request_below(HUB "/api/v1", method, who ? who->token : NULL, json, path, args);
    va_end(args);
    reply = live_send(&made);
    if (reply->status) {
        expect_described(HUB, method, made.path, reply);
    }
    return reply;
}

long long hub_event(const hubber_t *creator, int places)
{
    live_reply_t *reply = hub("POST", creator, live_text("{'title': 'Lakeside', 'date': '2031-05-04T09:00:00Z', 'max_participants': %d}", places), "/events/");

    live_expect(reply, 201);
    return live_int(reply, "id");
}

long long hub_task(const hubber_t *creator, long long event, const hubber_t *assignee)
{
    live_reply_t *reply = hub("POST", creator, live_text("{'event': %lld, 'title': 'Bring bags', 'assignee': %s}", event,
                                                         assignee ? live_text("%lld", assignee->id) : "null"), "/tasks/");

    live_expect(reply, 201);
    return live_int(reply, "id");
}

long long hub_vote(const hubber_t *creator, long long event, int multiple, long long options[3])
{
    live_reply_t *reply = hub("POST", creator, live_text("{'event': %lld, 'title': 'Lunch', 'multiple_choice': %s,"
                                                         " 'options': [{'text': 'A'}, {'text': 'B'}, {'text': 'C'}]}", event,
                                                         multiple ? "true" : "false"), "/voting/");

    live_expect(reply, 201);
    for (int i = 0; i < 3; i++) {
        options[i] = live_int(reply, live_text("options.%d.id", i));
    }
    return live_int(reply, "id");
}

void expect_error_at(const char *file, int line, const live_reply_t *reply, const char *error)
{
    const char *name, *message;
    char *is;

    if (!json_is_object(reply->json) || json_object_size(reply->json) != 5 || !json_is_object(json_object_get(reply->json, "details"))
        || !json_is_string(json_object_get(reply->json, "timestamp"))) {
        ck_abort_msg("%s:%d: expected %s, got %ld %s", file, line, error, reply->status, reply->body ? reply->body : "nothing");
    }
    name = json_string_value(json_object_get(reply->json, "error"));
    message = json_string_value(json_object_get(reply->json, "message"));
    is = live_text("%ld %s %s", reply->status, name ? name : "-", message ? message : "-");
    ck_assert_msg(!strcmp(is, error), "%s:%d: expected %s, got %s", file, line, error, reply->body);
    ck_assert_msg(!strcmp(message, json_string_value(json_object_get(reply->json, "detail"))), "%s:%d: detail and message differ: %s", file, line,
                  reply->body);
    ck_assert_msg(reply->status != 401 || live_header(reply, "WWW-Authenticate"), "%s:%d: 401 without WWW-Authenticate", file, line);
}

void expect_details_at(const char *file, int line, const live_reply_t *reply, const char *details)
{
    json_t *wanted = json_loads(quoted(details), 0, NULL);

    ck_assert_msg(wanted != NULL, "%s:%d: no JSON: %s", file, line, details);
    expect_error_at(file, line, reply, "400 validation_error Invalid request data");
    ck_assert_msg(json_equal(wanted, json_object_get(reply->json, "details")), "%s:%d: expected %s, got %s", file, line, details, reply->body);
}
