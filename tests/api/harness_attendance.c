/*
 * The harness: the attendance API's people, events and bots.
 */
#include <string.h>

#include "harness_attendance.h"

#define FAIL_AT(file, line, ...) _ck_assert_failed(file, line, "expectation", __VA_ARGS__)

live_reply_t *att(const char *method, const char *token, const char *json, const char *path, ...)
{
    live_request_t made;
    va_list args;

    va_start(args, path);
    made = request_below(ATT, method, token, json, path, args);
    va_end(args);
    return live_send(&made);
}

live_reply_t *att_at(const char *base, const char *method, const char *token, const char *json, const char *path, ...)
{
    live_request_t made;
    va_list args;

    va_start(args, path);
    made = request_below(ATT, method, token, json, path, args);
    va_end(args);
    made.base = base;
    return live_send(&made);
}

/* ---- people ------------------------------------------------------------------------------------------------- */

live_reply_t *log_in(const char *email, const char *password)
{
    return att("POST", NULL, live_text("{'email': '%s', 'password': '%s'}", email, password), "/auth/login");
}

member_t member(const char *name)
{
    member_t made = {.email = live_text("%s@example.org", made_unique(name))};
    live_reply_t *reply = att("POST", NULL, live_text("{'email': '%s', 'name': '%s', 'password': '" PASSWORD "'}", made.email, name),
                              "/auth/register");

    live_expect(reply, 201);
    made.id = live_int(reply, "id");
    made.uuid = live_text("%s", live_string(reply, "uuid"));
    reply = log_in(made.email, PASSWORD);
    live_expect(reply, 200);
    made.token = live_text("%s", live_string(reply, "access_token"));
    return made;
}

member_t outsider(const char *name)
{
    member_t made = {.uuid = live_user(name)};

    made.token = live_token(made.uuid);
    made.id = number_of_user(made.uuid);
    return made;
}

/* ---- events ------------------------------------------------------------------------------------------------- */

long long gathering(const member_t *creator, long from, long until, const char *members)
{
    live_reply_t *reply = att("POST", creator->token, live_text("{'title': 'A gathering', 'start_time': '%s', 'end_time': '%s'%s%s}",
                              in_seconds(from), in_seconds(until), members ? ", " : "", members ? members : ""), "/events");

    live_expect(reply, 201);
    return live_int(reply, "id");
}

long long running(const member_t *creator, const char *members)
{
    return gathering(creator, -3600, 3600, members);
}

/* ---- Discord ------------------------------------------------------------------------------------------------- */

char *snowflake(void)
{
    return live_sql("SELECT '9' || lpad((random() * 1e15)::bigint::text, 16, '0')", NULL);
}

void discord_person(const char *id, const char *name)
{
    live_expect(att("POST", NULL, live_text("{'name': '%s', 'discord_user_id': '%s', 'discord_username': '%s'}", name, id, name),
                    "/discord/users/register"), 200);
}

const char *says(const char *id, const char *line)
{
    live_reply_t *reply = att("POST", NULL, live_text("{'discord_user_id': '%s', 'discord_username': 'jo', 'content': '%s'}", id, line),
                              "/discord/commands");

    live_expect(reply, 200);
    return live_string(reply, "reply");
}

/* ---- what is expected ---------------------------------------------------------------------------------------- */

void expect_detail_at(const char *file, int line, const live_reply_t *reply, long status, const char *detail)
{
    live_expect_problem_at(file, line, reply, status, detail, NULL);
    if (json_object_size(reply->json) != 1) {
        FAIL_AT(file, line, "more members than detail: %s", reply->body);
    }
}

/* "body.title=missing" of one entry. */
static char *flaw_of(json_t *entry)
{
    char *text = live_text("%s", "");
    size_t i;
    json_t *step;

    json_array_foreach(json_object_get(entry, "loc"), i, step) {
        const char *name = json_is_string(step) ? json_string_value(step) : live_text("%lld", (long long)json_integer_value(step));

        text = live_text("%s%s%s", text, i ? "." : "", name);
    }
    return live_text("%s=%s", text, json_string_value(json_object_get(entry, "type")));
}

void expect_flaws_at(const char *file, int line, const live_reply_t *reply, const char *flaws)
{
    json_t *list = json_object_get(reply->json, "detail"), *entry;
    int expected = *flaws != '\0';
    size_t i;

    live_expect_at(file, line, reply, 422);
    for (const char *c = flaws; *c; c++) {
        expected += *c == ' ';
    }
    if (!json_is_array(list) || (int)json_array_size(list) != expected) {
        FAIL_AT(file, line, "expected %s, got %s", flaws, reply->body);
    }
    json_array_foreach(list, i, entry) {
        char *flaw = flaw_of(entry), *padded = live_text(" %s ", flaws);

        if (!strstr(padded, live_text(" %s ", flaw))) {
            FAIL_AT(file, line, "%s is not among %s: %s", flaw, flaws, reply->body);
        }
        if (json_object_size(entry) != 3 || !json_is_string(json_object_get(entry, "msg"))) {
            FAIL_AT(file, line, "an entry is not exactly loc, msg and type: %s", reply->body);
        }
        if (strstr(flaw, "=value_error") && strncmp(json_string_value(json_object_get(entry, "msg")), "Value error, ", 13)) {
            FAIL_AT(file, line, "a value_error that does not begin so: %s", reply->body);
        }
    }
}
