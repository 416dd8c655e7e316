/*
 * GatherHub, 1.1, 5 and 6: who may do what. One table holds each operation against each kind of caller.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "harness_gatherhub.h"

/* A task's creator and its assignee are there twice: still among the event's people, and gone. */
typedef enum { CREATOR, TASK_CREATOR, GONE_TASK_CREATOR, ASSIGNEE, GONE_ASSIGNEE, MEMBER, STRANGER, BLOCKED, NOBODY, CALLERS } caller_t;

static const char *const NAMES[CALLERS] = {"creator", "task creator", "gone task creator", "assignee", "gone assignee", "member", "stranger", "blocked",
                                           "nobody"};

/*
 * `name` is the operationId, and what is asked of it where that is more than one thing. `by` has a letter for each caller but nobody: 2: 200, 201
 * or 204; 0: 400; 3: 403; 4: 404. `refused` is how the message of a 3 begins, `invalid` the error of a 0.
 */
static const struct {
    const char *name, *method, *path, *body, *by;
    const char *refused, *invalid;
} OPERATIONS[] = {
    /* @E the event, @T the task, @V the vote, @O one of its options, @M the number of a member, @A of the present assignee */
    {"listEvents", "GET", "/events/", NULL, "22222222", NULL, NULL},
    {"createEvent", "POST", "/events/", "{'title': 'Mine', 'date': '2031-05-04', 'max_participants': 2}", "22222222", NULL, NULL},
    {"getEvent", "GET", "/events/@E/", NULL, "22222224", NULL, NULL},
    {"listParticipants", "GET", "/events/@E/participants/", NULL, "22222224", NULL, NULL},
    {"updateEvent", "PUT", "/events/@E/", "{'title': 'New'}", "23333334", "Only the event creator can update this event", NULL},
    {"patchEvent", "PATCH", "/events/@E/", "{'title': 'New'}", "23333334", "Only the event creator can update this event", NULL},
    {"deleteEvent", "DELETE", "/events/@E/", NULL, "23333334", "Only the event creator can delete this event", NULL},
    {"joinEvent", "POST", "/events/@E/join/", NULL, "00202024", NULL, "already_participant"},
    {"leaveEvent", "POST", "/events/@E/leave/", NULL, "32020204", "Event creator cannot leave the event", "not_participant"},
    {"listTasks", "GET", "/tasks/", NULL, "22222222", NULL, NULL},
    {"createTask", "POST", "/tasks/", "{'event': @E, 'title': 'T'}", "22323230", "Only participants of the event can create tasks", "validation_error"},
    {"getTask", "GET", "/tasks/@T/", NULL, "22222244", NULL, NULL},
    {"updateTask", "PUT", "/tasks/@T/", "{'title': 'New'}", "22222344",
     "Only the event creator, the task creator or the assignee can update this task", NULL},
    {"patchTask", "PATCH", "/tasks/@T/", "{'status': 'completed'}", "22222344",
     "Only the event creator, the task creator or the assignee can update this task", NULL},
    {"updateTask, same assignee", "PUT", "/tasks/@T/", "{'assignee': @A}", "22222344",
     "Only the event creator, the task creator or the assignee can update this task", NULL},
    {"updateTask, other assignee", "PUT", "/tasks/@T/", "{'assignee': @M, 'title': 'New'}", "22233344",
     "Only the event creator", NULL},
    {"updateTask, no assignee", "PUT", "/tasks/@T/", "{'assignee': null}", "22233344", "Only the event creator", NULL},
    {"patchTask, same assignee", "PATCH", "/tasks/@T/", "{'assignee': @A}", "22222344",
     "Only the event creator, the task creator or the assignee can update this task", NULL},
    {"patchTask, other assignee", "PATCH", "/tasks/@T/", "{'assignee': @M, 'title': 'New'}", "22233344",
     "Only the event creator", NULL},
    {"patchTask, no assignee", "PATCH", "/tasks/@T/", "{'assignee': null}", "22233344", "Only the event creator", NULL},
    {"assignTask", "POST", "/tasks/@T/assign/", "{'assignee': @M}", "22233344", "Only the event creator or the task creator can assign this task", NULL},
    {"completeTask", "POST", "/tasks/@T/complete/", NULL, "22222344",
     "Only the event creator, the task creator or the assignee can complete this task", NULL},
    {"deleteTask", "DELETE", "/tasks/@T/", NULL, "22233344", "Only the event creator or the task creator can delete this task", NULL},
    {"listVotes", "GET", "/voting/", NULL, "22222222", NULL, NULL},
    {"createVote", "POST", "/voting/", "{'event': @E, 'title': 'V', 'options': [{'text': 'A'}, {'text': 'B'}]}", "22323230",
     "Only participants of the event can create votes", "validation_error"},
    {"getVote", "GET", "/voting/@V/", NULL, "22222224", NULL, NULL},
    {"getVoteResults", "GET", "/voting/@V/results/", NULL, "22222224", NULL, NULL},
    {"castVote", "POST", "/voting/@V/vote/", "{'options': [@O]}", "22323234", "Only participants of the event can vote", NULL},
    {"closeVote", "POST", "/voting/@V/close/", NULL, "23333234", "Only the vote creator or the event creator can close this vote", NULL},
    {"getProfile", "GET", "/auth/profile/", NULL, "22222222", NULL, NULL},
    {"updateProfile", "PUT", "/auth/profile/", "{'bio': 'x'}", "22222222", NULL, NULL},
    {"deleteAvatar", "DELETE", "/auth/profile/avatar/", NULL, "00000000", NULL, "no_avatar"},
    {"changePassword", "POST", "/auth/change-password/", "{'current_password': 'x', 'new_password': 'lakeside 2031'}", "00000000", NULL, "validation_error"},
    {"logoutUser", "POST", "/auth/logout/", "{'refresh': 'x'}", "00000000", NULL, "invalid_token"},
};

#define OPERATION_COUNT ((int)(sizeof OPERATIONS / sizeof *OPERATIONS))

/* Those that ask for no token. */
static const char *const OPEN[] = {"registerUser", "loginUser", "refreshToken", "getAvatar", "getHealth", "getLiveness", "getReadiness", "getStatus"};

#define OPEN_COUNT ((int)(sizeof OPEN / sizeof *OPEN))

typedef struct {
    hubber_t who[CALLERS];
    long long event, task, vote, option, other;
} scene_t;

static void joined(const hubber_t *who, long long event)
{
    live_expect(hub("POST", who, NULL, "/events/%lld/join/", event), 200);
}

static void left(const hubber_t *who, long long event)
{
    live_expect(hub("POST", who, NULL, "/events/%lld/leave/", event), 200);
}

/* The vote is the member's. Who has gone keeps a task that was completed meanwhile, since open ones are taken from who leaves. */
static scene_t scene(caller_t caller)
{
    scene_t s;
    long long options[3];
    hubber_t other = hubber("other");
    const hubber_t *maker, *doer;

    for (int i = 0; i < NOBODY; i++) {
        s.who[i] = hubber("hub");
    }
    s.event = hub_event(&s.who[CREATOR], 50);
    joined(&other, s.event);
    for (int i = TASK_CREATOR; i <= MEMBER; i++) {
        joined(&s.who[i], s.event);
    }
    maker = &s.who[caller == GONE_TASK_CREATOR ? GONE_TASK_CREATOR : TASK_CREATOR];
    doer = &s.who[caller == GONE_ASSIGNEE ? GONE_ASSIGNEE : ASSIGNEE];
    s.task = hub_task(maker, s.event, doer);
    s.vote = hub_vote(&s.who[MEMBER], s.event, 0, options);
    s.option = options[0];
    s.other = other.id;
    if (caller == GONE_ASSIGNEE) {
        live_expect(hub("POST", doer, NULL, "/tasks/%lld/complete/", s.task), 200);
    }
    left(&s.who[GONE_TASK_CREATOR], s.event);
    left(&s.who[GONE_ASSIGNEE], s.event);
    live_sql("INSERT INTO activity.user_blocks (blocker_user_id, blocked_user_id) VALUES ($1::uuid, $2::uuid)", s.who[CREATOR].uuid,
             s.who[BLOCKED].uuid, NULL);
    return s;
}

/* The text with the scene's numbers for @X. */
static char *named(const char *text, const scene_t *s, caller_t caller)
{
    char *result = live_text("%s", "");

    for (; *text; text++) {
        long long number = text[0] != '@'  ? 0
                           : text[1] == 'E' ? s->event
                           : text[1] == 'T' ? s->task
                           : text[1] == 'V' ? s->vote
                           : text[1] == 'O' ? s->option
                           : text[1] == 'M' ? s->other
                                            : s->who[caller == GONE_ASSIGNEE ? GONE_ASSIGNEE : ASSIGNEE].id;

        result = *text == '@' ? live_text("%s%lld", result, number) : live_text("%s%c", result, *text);
        text += *text == '@';
    }
    return result;
}

static void expect_cell(int row, caller_t caller, const live_reply_t *reply)
{
    char letter = OPERATIONS[row].by[caller];
    long status = letter == '2' ? 200 : letter == '0' ? 400 : letter == '3' ? 403 : 404;
    const char *error = json_string_value(json_object_get(reply->json, "error"));
    const char *message = json_string_value(json_object_get(reply->json, "message"));

    ck_assert_msg(letter == '2' ? reply->status / 100 == 2 : reply->status == status, "%s by %s: expected %ld, got %ld %s", OPERATIONS[row].name,
                  NAMES[caller], status, reply->status, reply->body);
    if (letter == '3') {
        ck_assert_msg(message && !strncmp(message, OPERATIONS[row].refused, strlen(OPERATIONS[row].refused)), "%s by %s: %s", OPERATIONS[row].name,
                      NAMES[caller], reply->body);
    }
    if (letter == '0') {
        ck_assert_msg(error && !strcmp(error, OPERATIONS[row].invalid), "%s by %s: %s", OPERATIONS[row].name, NAMES[caller], reply->body);
    }
    if (letter == '4') {
        ck_assert_msg(error && strstr(error, "_not_found"), "%s by %s: %s", OPERATIONS[row].name, NAMES[caller], reply->body);
    }
}

START_TEST(every_operation_by_every_caller)
{
    for (caller_t caller = CREATOR; caller < NOBODY; caller++) {
        scene_t s = scene(caller);
        const char *body = OPERATIONS[_i].body ? named(OPERATIONS[_i].body, &s, caller) : NULL;
        live_reply_t *reply = hub(OPERATIONS[_i].method, &s.who[caller], body, "%s", named(OPERATIONS[_i].path, &s, caller));

        expect_cell(_i, caller, reply);
        if (caller == CREATOR) {
            hubber_t nobody = {.token = NULL}, forged = {.token = live_text("%sx", s.who[CREATOR].token)};

            expect_error(hub(OPERATIONS[_i].method, &nobody, body, "%s", named(OPERATIONS[_i].path, &s, caller)),
                         "401 authentication_required Authentication credentials were not provided");
            expect_error(hub(OPERATIONS[_i].method, &forged, body, "%s", named(OPERATIONS[_i].path, &s, caller)),
                         "401 invalid_token Token is invalid or expired");
        }
    }
}
END_TEST

/* A row's path as the document has it. */
static const char *template_of(int row)
{
    char *result = live_text("/api/v1");

    for (const char *p = OPERATIONS[row].path; *p; p++) {
        result = *p == '@' ? live_text("%s{id}", result) : live_text("%s%c", result, *p);
        p += *p == '@';
    }
    return result;
}

/* Which rows are about this operation is noted in `found`; how many they are. */
static int rows_of(const char *operation, const char *method, const char *path, int found[OPERATION_COUNT])
{
    size_t length = strlen(operation);
    int rows = 0;

    for (int i = 0; i < OPERATION_COUNT; i++) {
        const char *name = OPERATIONS[i].name;

        if (!strncmp(name, operation, length) && (!name[length] || name[length] == ',')) {
            ck_assert_msg(!strcasecmp(OPERATIONS[i].method, method) && !strcmp(template_of(i), path), "%s is not %s", operation, template_of(i));
            found[i] = 1;
            rows++;
        }
    }
    return rows;
}

static int is_open(const char *operation)
{
    int i = 0;

    while (i < OPEN_COUNT && strcmp(OPEN[i], operation)) {
        i++;
    }
    return i < OPEN_COUNT;
}

/* The table is held against the document: no operation without a row for everybody, no row without its operation. */
START_TEST(every_operation_is_in_the_table)
{
    json_t *paths = live_member(live_ask("GET", HUB "/openapi.json", NULL, NULL), "paths"), *item, *operation;
    int found[OPERATION_COUNT] = {0}, open = 0;
    const char *path, *method;

    json_object_foreach(paths, path, item) {
        json_object_foreach(item, method, operation) {
            const char *id = json_string_value(json_object_get(operation, "operationId"));

            if (!id) {
                continue;           /* what all operations of a path share */
            }
            if (json_object_get(operation, "security")) {
                ck_assert_msg(is_open(id), "%s asks for no token", id);
                open++;
            } else {
                ck_assert_msg(rows_of(id, method, path, found) > 0, "%s is in no row", id);
            }
        }
    }
    ck_assert_int_eq(open, OPEN_COUNT);
    for (int i = 0; i < OPERATION_COUNT; i++) {
        ck_assert_msg(found[i], "%s is in no document", OPERATIONS[i].name);
        ck_assert_msg(strlen(OPERATIONS[i].by) == NOBODY, "%s: not one letter for each caller", OPERATIONS[i].name);
    }
}
END_TEST

/* What asks for no token does not look at one either. */
START_TEST(a_token_where_none_is_asked)
{
    static const char *const asked[][2] = {{"POST", AUTH "/register/"}, {"POST", AUTH "/login/"}, {"POST", AUTH "/refresh/"},
                                           {"GET", HUB "/media/avatars/00000000-0000-4000-8000-000000000001.png"}, {"GET", HUB "/health/"},
                                           {"GET", HUB "/health/live/"}, {"GET", HUB "/health/ready/"}, {"GET", HUB "/health/status/"}};

    for (int i = 0; i < (int)(sizeof asked / sizeof *asked); i++) {
        live_reply_t *without = live_ask(asked[i][0], asked[i][1], NULL, i < 3 ? "{}" : NULL);
        live_reply_t *forged = live_ask(asked[i][0], asked[i][1], "no.such.token", i < 3 ? "{}" : NULL);

        ck_assert_msg(without->status == (i < 3 ? 400 : i == 3 ? 404 : 200), "%s: %s", asked[i][1], without->body);
        ck_assert_msg(forged->status == without->status, "%s: %s", asked[i][1], forged->body);
    }
}
END_TEST

/* Lists hold what may be seen, and an event's details have its tasks for members alone. */
START_TEST(what_lists_hold)
{
    static const int sees_task[] = {1, 1, 1, 1, 1, 1, 0, 0}, sees_event[] = {1, 1, 1, 1, 1, 1, 1, 0};

    for (caller_t caller = CREATOR; caller < NOBODY; caller++) {
        scene_t s = scene(caller);
        const hubber_t *who = &s.who[caller];

        ck_assert_int_eq((int)live_int(hub("GET", who, NULL, "/tasks/?event=%lld", s.event), "count"), sees_task[caller]);
        ck_assert_int_eq((int)live_int(hub("GET", who, NULL, "/events/?creator=%lld", s.who[CREATOR].id), "count"), sees_event[caller]);
        ck_assert_int_eq((int)live_int(hub("GET", who, NULL, "/voting/?event=%lld", s.event), "count"), sees_event[caller]);
        if (sees_event[caller]) {
            live_reply_t *event = hub("GET", who, NULL, "/events/%lld/", s.event);

            ck_assert_int_eq((int)json_array_size(live_member(event, "tasks")), sees_task[caller]);
            ck_assert_int_eq((int)json_array_size(live_member(event, "votes")), 1);
        }
    }
}
END_TEST

START_TEST(what_the_account_decides)
{
    hubber_t gone = hubber("gone"), banned = hubber("banned"), unknown = {.token = live_token("00000000-0000-4000-8000-000000000009")};

    live_sql("UPDATE activity.users SET is_active = false WHERE user_id = $1::uuid", gone.uuid, NULL);
    live_sql("UPDATE activity.users SET status = 'banned' WHERE user_id = $1::uuid", banned.uuid, NULL);
    expect_error(hub("GET", &gone, NULL, "/events/"), "401 account_disabled Account is disabled");
    expect_error(hub("GET", &banned, NULL, "/events/"), "401 account_disabled Account is disabled");
    expect_error(hub("GET", &unknown, NULL, "/events/"), "401 user_not_found User not found");
    expect_details(hub("GET", &unknown, NULL, "/events/?page=0"), "{'page': ['Must be at least 1.']}");
    expect_error(hub("GET", &unknown, NULL, "/events/0/"), "404 not_found Not found");
    expect_error(hub("GET", NULL, NULL, "/nowhere/"), "404 not_found Not found");
    expect_error(hub("POST", NULL, NULL, "/events/1/"), "405 method_not_allowed Method not allowed");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("gatherhub: access");
    TCase *tc = tcase_create("access");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, every_operation_is_in_the_table);
    tcase_add_test(tc, a_token_where_none_is_asked);
    tcase_add_loop_test(tc, every_operation_by_every_caller, 0, OPERATION_COUNT);
    tcase_add_test(tc, what_lists_hold);
    tcase_add_test(tc, what_the_account_decides);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
