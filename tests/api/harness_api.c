/*
 * The harness: the participation API's people, activities and replies.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness_api.h"

#define FAIL_AT(file, line, ...) _ck_assert_failed(file, line, "expectation", __VA_ARGS__)

/* ---- people ------------------------------------------------------------------------------------------------ */

static person_t with_token(char *id)
{
    return (person_t){.id = id, .token = live_token(id)};
}

person_t person(const char *name)
{
    return with_token(live_user(name));
}

person_t person_like(const char *name, const char *columns)
{
    char *id = live_user(name);

    live_sql(live_text("UPDATE activity.users SET %s WHERE user_id = '%s'", columns, id), NULL);
    return with_token(id);
}

person_t stranger(void)
{
    return with_token(live_sql("SELECT gen_random_uuid()", NULL));
}

/* ---- asking ------------------------------------------------------------------------------------------------ */

char *quoted(const char *json)
{
    char *text = live_text("%s", json);

    for (char *c = text; *c; c++) {
        if (*c == '\'') {
            *c = '"';
        }
    }
    return text;
}

live_request_t request_below(const char *mount, const char *method, const char *token, const char *json, const char *format, va_list args)
{
    char path[4096];

    vsnprintf(path, sizeof path, format, args);
    return (live_request_t){.method = method, .path = live_text("%s%s", mount, path), .token = token, .json = json ? quoted(json) : NULL};
}

#define ASK(method, json)                                                             \
    va_list args;                                                                     \
    live_request_t made;                                                              \
                                                                                      \
    va_start(args, path);                                                             \
    made = request_below(API, method, who ? who->token : NULL, json, path, args);     \
    va_end(args);                                                                     \
    return live_send(&made)

live_reply_t *api_get(const person_t *who, const char *path, ...)
{
    ASK("GET", NULL);
}

live_reply_t *api_delete(const person_t *who, const char *path, ...)
{
    ASK("DELETE", NULL);
}

live_reply_t *api_post(const person_t *who, const char *json, const char *path, ...)
{
    ASK("POST", json);
}

live_reply_t *api_put(const person_t *who, const char *json, const char *path, ...)
{
    ASK("PUT", json);
}

live_reply_t *api_patch(const person_t *who, const char *json, const char *path, ...)
{
    ASK("PATCH", json);
}

/* ---- names and numbers ------------------------------------------------------------------------------------- */

char *made_unique(const char *name)
{
    return live_text("%s-%s", name, live_sql("SELECT left(gen_random_uuid()::text, 8)", NULL));
}

long long number_of_user(const char *user_id)
{
    return atoll(live_sql("SELECT number FROM activity.users WHERE user_id = $1::uuid", user_id, NULL));
}

char *user_of(long long number)
{
    return live_sql("SELECT user_id FROM activity.users WHERE number = $1::bigint", live_text("%lld", number), NULL);
}

long long number_of_activity(const char *activity_id)
{
    return atoll(live_sql("SELECT number FROM activity.activities WHERE activity_id = $1::uuid", activity_id, NULL));
}

char *activity_of(long long number)
{
    return live_sql("SELECT activity_id FROM activity.activities WHERE number = $1::bigint", live_text("%lld", number), NULL);
}

/* ---- the state of the world -------------------------------------------------------------------------------- */

char *in_seconds(long seconds)
{
    time_t when = time(NULL) + seconds;
    struct tm t;
    char text[40];

    gmtime_r(&when, &t);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &t);
    return live_text("%s", text);
}

char *outing(const person_t *organizer, const char *members)
{
    live_reply_t *reply = api_post(organizer, live_text("{'title': 'An outing', 'scheduled_at': '%s'%s%s}", in_seconds(7 * 86400),
                                                        members ? ", " : "", members ? members : ""), "/activities");

    live_expect(reply, 201);
    return live_text("%s", live_string(reply, "activity_id"));
}

void outing_begins(const char *activity_id)
{
    live_sql("UPDATE activity.activities SET scheduled_at = clock_timestamp() - interval '1 hour', joinable_at_free = NULL"
             " WHERE activity_id = $1::uuid", activity_id, NULL);
    /* the newest version tells the same */
    live_sql("UPDATE activity.activity_versions v SET data = activity.version_data(a) FROM activity.activities a"
             " WHERE a.activity_id = $1::uuid AND v.activity_id = a.activity_id AND v.version_number = a.version", activity_id, NULL);
}

void joins(const person_t *who, const char *activity_id)
{
    live_expect(api_post(who, NULL, "/activities/%s/join", activity_id), 200);
}

void befriend(const person_t *a, const person_t *b)
{
    live_expect(api_post(a, NULL, "/users/%s/friend", b->id), 200);
    live_expect(api_post(b, NULL, "/users/%s/friend/accept", a->id), 200);
}

void block(const person_t *blocker, const person_t *blocked)
{
    live_expect(api_put(blocker, NULL, "/users/%s/block", blocked->id), 200);
}

char *invites(const person_t *staff, const person_t *whom, const char *activity_id)
{
    live_reply_t *reply = api_post(staff, live_text("{'user_ids': ['%s']}", whom->id), "/activities/%s/invitations", activity_id);

    live_expect(reply, 200);
    return live_text("%s", live_string(reply, "invitations.0.invitation_id"));
}

/* ---- shapes ------------------------------------------------------------------------------------------------ */

/* The text against a pattern: `x` a lower-case hexadecimal digit, `9` a digit, anything else itself. */
static int is_formed(const char *text, size_t length, const char *pattern)
{
    if (length != strlen(pattern)) {
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        int c = (unsigned char)text[i];

        if (pattern[i] == 'x' ? !(isdigit(c) || (c >= 'a' && c <= 'f')) : pattern[i] == '9' ? !isdigit(c) : c != pattern[i]) {
            return 0;
        }
    }
    return 1;
}

/* UTC with Z, 0 to 6 fraction digits. */
static int is_time(const char *text)
{
    size_t length = strlen(text), digits;

    if (length < 20 || text[length - 1] != 'Z' || !is_formed(text, 19, "9999-99-99T99:99:99")) {
        return 0;
    }
    digits = strspn(text + 20, "0123456789");
    return length == 20 || (text[19] == '.' && digits >= 1 && digits <= 6 && text[20 + digits] == 'Z' && !text[21 + digits]);
}

static int is_of(const json_t *value, const char *type)
{
    const char *text = json_string_value(value);

    if (!strcmp(type, "uuid")) {
        return text && is_formed(text, strlen(text), "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
    }
    return !strcmp(type, "time") ? text && is_time(text)
         : !strcmp(type, "text") ? text != NULL
         : !strcmp(type, "int") ? json_is_integer(value)
         : !strcmp(type, "bool") ? json_is_boolean(value)
         : !strcmp(type, "list") ? json_is_array(value)
         : !strcmp(type, "object") ? json_is_object(value)
         : !strcmp(type, "any");
}

/* What is at `path`; "" is the whole. */
static json_t *at(const char *file, int line, const live_reply_t *reply, const char *path)
{
    if (*path) {
        return live_member_at(file, line, reply, path);
    }
    if (!reply->json) {
        FAIL_AT(file, line, "no JSON: %ld %.300s", reply->status, reply->error ? reply->error : reply->body);
    }
    return reply->json;
}

void expect_shape_at(const char *file, int line, const live_reply_t *reply, const char *path, const char *members)
{
    const json_t *object = at(file, line, reply, path);
    char *copy = live_text("%s", members), *rest = copy, *member;

    while ((member = strsep(&rest, " "))) {
        char *type = strchr(member, ':');
        int nullable = member[strlen(member) - 1] == '?';
        const json_t *value;

        *type++ = '\0';
        type[strcspn(type, "?")] = '\0';
        value = json_object_get(object, member);
        if (!value) {
            FAIL_AT(file, line, "there is no `%s' in %s of: %.800s", member, path, reply->body);
        }
        if (!is_of(value, type) && !(nullable && json_is_null(value))) {
            FAIL_AT(file, line, "`%s' is no %s in %s of: %.800s", member, type, path, reply->body);
        }
    }
    free(copy);
    mark_point();
}

/* Whether `is` is `wanted`, and perhaps more. */
static int is_like(const json_t *is, const json_t *wanted)
{
    const char *name;
    const json_t *value;
    size_t i;

    if (json_is_object(wanted)) {
        json_object_foreach((json_t *)wanted, name, value) {
            if (!json_object_get(is, name) || !is_like(json_object_get(is, name), value)) {
                return 0;
            }
        }
        return json_is_object(is);
    }
    if (json_is_array(wanted)) {
        json_array_foreach(wanted, i, value) {
            if (!is_like(json_array_get(is, i), value)) {
                return 0;
            }
        }
        return json_is_array(is) && json_array_size(is) == json_array_size(wanted);
    }
    return is && json_equal((json_t *)is, (json_t *)wanted);
}

void expect_like_at(const char *file, int line, const live_reply_t *reply, const char *path, const char *format, ...)
{
    const json_t *is = at(file, line, reply, path);
    char wanted_text[8192], *text;
    json_t *wanted;
    json_error_t error;
    va_list args;

    va_start(args, format);
    vsnprintf(wanted_text, sizeof wanted_text, format, args);
    va_end(args);
    text = quoted(wanted_text);
    wanted = json_loads(text, JSON_DECODE_ANY, &error);
    if (!wanted) {
        FAIL_AT(file, line, "the test's own JSON: %s: %s", error.text, text);
    }
    if (!is_like(is, wanted)) {
        FAIL_AT(file, line, "not like %s: %ld %.1500s", text, reply->status, reply->body);
    }
    json_decref(wanted);
    free(text);
    mark_point();
}

/* ---- places ------------------------------------------------------------------------------------------------ */

/* How often the place is named in a detail of the form `place: what; place: what`. */
static int times_named(const char *detail, const char *place)
{
    size_t n = strlen(place);
    int count = 0;

    for (const char *at = detail; at; at = strstr(at, "; ")) {
        at += at == detail ? 0 : 2;
        count += !strncmp(at, place, n) && at[n] == ':' && at[n + 1] == ' ' && at[n + 2];
    }
    return count;
}

void expect_places_at(const char *file, int line, const live_reply_t *reply, const char *places)
{
    char *copy = live_text("%s", places), *rest = copy, *place;
    const char *detail;
    int wanted = 0, named = 1;

    live_expect_at(file, line, reply, 400);
    if (strcmp(live_string_at(file, line, reply, "code"), "VALIDATION_ERROR")) {
        FAIL_AT(file, line, "no VALIDATION_ERROR: %s", reply->body);
    }
    detail = live_string_at(file, line, reply, "detail");
    while ((place = strsep(&rest, " "))) {
        if (times_named(detail, place) != 1) {
            FAIL_AT(file, line, "`%s' is not named once in: %s", place, detail);
        }
        wanted++;
    }
    for (const char *c = detail; (c = strstr(c, "; ")); c += 2) {
        named++;
    }
    if (named != wanted) {
        FAIL_AT(file, line, "%d places are named, not %d: %s", named, wanted, detail);
    }
    free(copy);
}

void expect_refusal_at(const char *file, int line, const live_reply_t *reply, const char *refusal)
{
    long status = strtol(refusal, NULL, 10);
    const char *code = refusal + 4, *detail = strchr(code, ' ') + 1, *header;
    char *only_code = live_text("%.*s", (int)(detail - 1 - code), code);

    live_expect_problem_at(file, line, reply, status, detail, only_code);
    header = live_header(reply, "Content-Type");
    if (!header || strcmp(header, "application/json")) {
        FAIL_AT(file, line, "the error's Content-Type is %s", header ? header : "missing");
    }
    header = live_header(reply, "WWW-Authenticate");
    if (status == 401 && (!header || strcmp(header, "Bearer"))) {
        FAIL_AT(file, line, "WWW-Authenticate is %s", header ? header : "missing");
    }
    header = live_header(reply, "Retry-After");
    if (status == 503 && (!header || atoi(header) < 1)) {
        FAIL_AT(file, line, "Retry-After is %s", header ? header : "missing");
    }
    free(only_code);
}

char *gather(const live_reply_t *reply, const char *path, const char *name)
{
    const json_t *list = *path ? live_member(reply, path) : reply->json, *item;
    char *all = live_text("%s", "");
    size_t i;

    json_array_foreach(list, i, item) {
        const char *text = json_string_value(json_object_get(item, name));
        char *longer = live_text("%s%s%s", all, i ? " " : "", text ? text : "(none)");

        free(all);
        all = longer;
    }
    return all;
}
