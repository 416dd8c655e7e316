/*
 * Participation API, 1.2 and 2: who may do what, with which token. One table holds each operation against each kind of caller.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness_api.h"

#define NOWHERE "00000000-0000-4000-8000-000000000000"

/* ---- who --------------------------------------------------------------------------------------------------- */

typedef enum {
    /* what the token decides */
    NOBODY, BASIC, IN_QUERY, GARBAGE, EXPIRED, FORGED, NONE_ALG, HS512, REFRESH, NO_SUB, SUB_NO_UUID, NO_EXP, NOT_YET,
    /* what the database knows of the account */
    UNKNOWN, DEACTIVATED, BANNED, BANNED_FOR_NOW,
    /* what the activity knows of the person */
    BLOCKED, STRANGER, FORMERLY_BANNED, INVITED, FRIENDLY, WAITING, REGISTERED, CO_ORGANIZER, ORGANIZER,
    CALLERS
} caller_t;

static const char *const CALLER_NAMES[CALLERS] = {
    "nobody", "another scheme", "token in the query", "garbage", "expired", "forged", "none-alg", "HS512", "refresh", "no sub", "sub no uuid", "no exp",
    "nbf ahead", "unknown", "deactivated", "banned", "banned for now", "blocked", "stranger", "formerly banned", "invited", "friend",
    "waiting", "registered", "co-organizer", "organizer",
};

/* ---- what: the status of each operation, for a person by their standing -------------------------------------- */

/*
 * `by` has a letter for each caller from BLOCKED on: what they are answered to an activity of the given privacy that is full, ahead, and has a
 * waitlist. 2: 200 or 201; 3: 403; 4: 404; 0: 400; `for_banned`: what a banned account gets (403 otherwise).
 */
static const struct {
    const char *name, *method, *path, *body;
    const char *privacy;
    const char *by;                     /* blocked, stranger, formerly banned, invited, friend, waiting, registered, co-organizer, organizer */
    long for_banned;
} OPERATIONS[] = {
    /* @A the activity, @U another user, @M the member, @I an invitation of the caller's, else of somebody's */
    {"joinActivity public", "POST", "/activities/@A/join", NULL, "public", "322220000", 403},
    {"joinActivity friends", "POST", "/activities/@A/join", NULL, "friends_only", "333320000", 403},
    {"joinActivity invited", "POST", "/activities/@A/join", NULL, "invite_only", "333230000", 403},
    {"leaveActivity", "DELETE", "/activities/@A/leave", NULL, "public", "000002223", 400},
    {"cancelParticipation", "POST", "/activities/@A/cancel", "{}", "public", "000000223", 400},
    {"listParticipants public", "GET", "/activities/@A/participants", NULL, "public", "322222222", 403},
    {"listParticipants friends", "GET", "/activities/@A/participants", NULL, "friends_only", "333322222", 403},
    {"listParticipants invited", "GET", "/activities/@A/participants", NULL, "invite_only", "333232222", 403},
    {"getUserActivities", "GET", "/users/@U/activities", NULL, "public", "222222222", 403},
    {"promoteParticipant", "POST", "/activities/@A/promote", "{'user_id': '@M'}", "public", "333333332", 403},
    {"demoteParticipant", "POST", "/activities/@A/demote", "{'user_id': '@M'}", "public", "333333330", 403},
    {"markAttendance", "POST", "/activities/@A/attendance", "{'attendances': [{'user_id': '@M', 'status': 'attended'}]}", "public", "333333300", 403},
    {"confirmAttendance", "POST", "/attendance/confirm", "{'activity_id': '@A', 'confirmed_user_id': '@M'}", "public", "000000000", 403},
    {"getPendingVerifications", "GET", "/attendance/pending", NULL, "public", "222222222", 403},
    {"sendInvitations", "POST", "/activities/@A/invitations", "{'user_ids': ['@U']}", "invite_only", "333333322", 403},
    {"acceptInvitation", "POST", "/invitations/@I/accept", NULL, "invite_only", "333233333", 403},
    {"declineInvitation", "POST", "/invitations/@I/decline", NULL, "invite_only", "333233333", 403},
    {"cancelInvitation", "DELETE", "/invitations/@I", NULL, "invite_only", "333333332", 403},
    {"getReceivedInvitations", "GET", "/invitations/received", NULL, "public", "222222222", 403},
    {"getSentInvitations", "GET", "/invitations/sent", NULL, "public", "222222222", 403},
    {"getWaitlist", "GET", "/activities/@A/waitlist", NULL, "public", "333333322", 403},
    {"createActivity", "POST", "/activities", "{'title': 'x', 'scheduled_at': '2131-01-01T00:00:00Z'}", "public", "222222222", 403},
    {"listActivities", "GET", "/activities?limit=1", NULL, "public", "222222222", 403},
    {"getActivity public", "GET", "/activities/@A", NULL, "public", "322222222", 403},
    {"getActivity friends", "GET", "/activities/@A", NULL, "friends_only", "333322222", 403},
    {"getActivity invited", "GET", "/activities/@A", NULL, "invite_only", "333232222", 403},
    {"updateActivity", "PATCH", "/activities/@A", "{'title': 'y'}", "public", "333333322", 403},
    {"deleteActivity", "DELETE", "/activities/@A", NULL, "public", "333333332", 403},
    {"getMyParticipation public", "GET", "/activities/@A/participation", NULL, "public", "322222222", 403},
    {"getMyParticipation friends", "GET", "/activities/@A/participation", NULL, "friends_only", "333322222", 403},
    {"removeParticipant", "DELETE", "/activities/@A/participants/@M", NULL, "public", "333333322", 403},
    {"getUser", "GET", "/users/@U", NULL, "public", "222222222", 403},
    {"blockUser", "PUT", "/users/@U/block", NULL, "public", "222222222", 403},
    {"unblockUser", "DELETE", "/users/@U/block", NULL, "public", "444444444", 403},
    {"listBlocks", "GET", "/blocks", NULL, "public", "222222222", 403},
    {"requestFriend", "POST", "/users/@U/friend", NULL, "public", "222222222", 403},
    {"acceptFriend", "POST", "/users/@U/friend/accept", NULL, "public", "444444444", 403},
    {"declineFriend", "POST", "/users/@U/friend/decline", NULL, "public", "444444444", 403},
    {"removeFriend", "DELETE", "/users/@U/friend", NULL, "public", "444444444", 403},
    {"listFriends", "GET", "/friends", NULL, "public", "222222222", 403},
    {"openStream", "GET", "/stream", NULL, "public", "", 403},      /* its good replies have no end: tests/api/stream.c */
};
#define OPERATION_COUNT ((int)(sizeof OPERATIONS / sizeof *OPERATIONS))

/* ---- the world of one line of the table ---------------------------------------------------------------------- */

typedef struct {
    person_t mira, co, member, waiting, friendly, invited, blocked, other;
    char *activity, *invitation;
} world_t;

static world_t make_world(int operation)
{
    world_t w = {.mira = person("mira"), .co = person("co"), .member = person("member"), .waiting = person("waiting"), .friendly = person("friendly"),
                 .invited = person("invited"), .blocked = person("blocked"), .other = person("other")};
    const char *privacy = OPERATIONS[operation].privacy;

    w.activity = outing(&w.mira, "'max_participants': 3");
    joins(&w.co, w.activity);
    joins(&w.member, w.activity);
    joins(&w.waiting, w.activity);
    live_expect(api_post(&w.mira, live_text("{'user_id': '%s'}", w.co.id), "/activities/%s/promote", w.activity), 200);
    befriend(&w.mira, &w.friendly);
    block(&w.blocked, &w.mira);
    if (strcmp(privacy, "public")) {
        live_expect(api_patch(&w.mira, live_text("{'privacy': '%s'}", privacy), "/activities/%s", w.activity), 200);
    }
    if (!strcmp(privacy, "invite_only")) {
        w.invitation = invites(&w.mira, &w.invited, w.activity);
    }
    return w;
}

/* The text with what @A and the others stand for; who is to be acted on must not be the caller. */
static char *filled(const char *text, const world_t *w, caller_t caller)
{
    char *from = live_text("%s", text), *result = live_text("%s", ""), *part;

    for (int i = 0; (part = strsep(&from, "@")); i++) {
        const char *value = "";

        if (i) {
            value = *part == 'A' ? w->activity : *part == 'U' ? w->other.id : *part == 'I' ? (w->invitation ? w->invitation : NOWHERE)
                  : caller == REGISTERED ? w->co.id : w->member.id;
            part++;
        }
        result = live_text("%s%s%s", result, value, part);
    }
    return result;
}

static live_reply_t *ask(int operation, const world_t *w, caller_t caller, const char *token, const char *authorization)
{
    const char *headers[] = {authorization, NULL};
    const char *body = OPERATIONS[operation].body;

    return live_send(&(live_request_t){
        .method = OPERATIONS[operation].method,
        .path = live_text(API "%s", filled(OPERATIONS[operation].path, w, caller)),
        .token = token,
        .json = body ? quoted(filled(body, w, caller)) : NULL,
        .headers = authorization ? headers : NULL,
        .timeout = strcmp(OPERATIONS[operation].path, "/stream") ? 0 : 2000,
    });
}

/* ---- the table, token by token ------------------------------------------------------------------------------ */

static char *claims(const char *id, long long exp, const char *more)
{
    return quoted(live_text("{'sub': '%s', 'exp': %lld%s}", id, exp, more));
}

/* The token, or the whole header, of each caller who gets no further than the token. */
static char *bad_token(caller_t caller, const char *id)
{
    long long soon = live_now() + 600;

    switch (caller) {
    case GARBAGE:
        return live_text("no.such.token");
    case EXPIRED:
        return live_token_of(claims(id, live_now() - 1, ""));
    case FORGED:
        return live_sign("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", claims(id, soon, ""), "another secret, which has 32 bytes or more too");
    case NONE_ALG:
        return live_sign("{\"alg\":\"none\"}", claims(id, soon, ""), NULL);
    case HS512:
        return live_sign("{\"alg\":\"HS512\",\"typ\":\"JWT\"}", claims(id, soon, ""), NULL);
    case REFRESH:
        return live_token_of(claims(id, soon, ", 'type': 'refresh'"));
    case NO_SUB:
        return live_token_of(quoted(live_text("{'exp': %lld}", soon)));
    case SUB_NO_UUID:
        return live_token_of(claims("mira", soon, ""));
    case NO_EXP:
        return live_token_of(quoted(live_text("{'sub': '%s'}", id)));
    case NOT_YET:
        return live_token_of(claims(id, soon, live_text(", 'nbf': %lld", live_now() + 300)));
    default:
        return NULL;
    }
}

START_TEST(a_token_is_judged_first)
{
    world_t w = {.activity = NOWHERE, .invitation = NOWHERE, .other = {.id = NOWHERE}, .member = {.id = NOWHERE}, .co = {.id = NOWHERE}};
    person_t jo = person("jo");

    for (caller_t caller = NOBODY; caller <= NOT_YET; caller++) {
        const char *refusal = caller <= IN_QUERY ? "401 NOT_AUTHENTICATED Not authenticated" : caller == EXPIRED ? "401 TOKEN_EXPIRED Token has expired"
                            : "401 INVALID_TOKEN Invalid token";
        live_reply_t *reply = caller == IN_QUERY
            ? live_ask(OPERATIONS[_i].method, live_text(API "%s?access_token=%s", filled(OPERATIONS[_i].path, &w, caller), jo.token), NULL, NULL)
            : ask(_i, &w, caller, bad_token(caller, jo.id), caller == BASIC ? "Authorization: Basic am86am8=" : NULL);

        ck_assert_msg(reply->status == 401, "%s, %s: status %ld: %s", OPERATIONS[_i].name, CALLER_NAMES[caller], reply->status, reply->body);
        expect_refusal(reply, refusal);
        ck_assert_ptr_null(live_header(reply, "X-RateLimit-Limit"));
    }
}
END_TEST

/* What the database knows of an account is said after validation: so these are good requests. */
START_TEST(then_the_account)
{
    world_t w = {.activity = NOWHERE, .invitation = NOWHERE, .other = {.id = NOWHERE}, .member = {.id = NOWHERE}, .co = {.id = NOWHERE}};
    person_t unknown = stranger(), gone = person_like("gone", "is_active = false"), banned = person_like("banned", "status = 'banned'");
    person_t for_now = person_like("paused", "status = 'temporary_ban', ban_expires_at = now() + interval '1 hour'");
    struct {
        caller_t caller;
        const person_t *who;
        const char *refusal;
    } accounts[] = {
        {UNKNOWN, &unknown, "404 USER_NOT_FOUND User not found"},
        {DEACTIVATED, &gone, "404 USER_NOT_FOUND User not found"},
        {BANNED, &banned, "403 USER_BANNED Account is banned"},
        {BANNED_FOR_NOW, &for_now, "403 USER_BANNED Account is banned"},
    };
    int admitted = strstr("leaveActivity cancelParticipation declineInvitation", OPERATIONS[_i].name) != NULL;

    for (int i = 0; i < 4; i++) {
        live_reply_t *reply = ask(_i, &w, accounts[i].caller, accounts[i].who->token, NULL);

        if (admitted && accounts[i].caller >= BANNED) {
            ck_assert_msg(reply->status == 404 && strcmp(live_string(reply, "code"), "USER_NOT_FOUND"), "%s: %s", OPERATIONS[_i].name, reply->body);
        } else {
            ck_assert_msg(reply->status == strtol(accounts[i].refusal, NULL, 10), "%s, %s: status %ld: %s", OPERATIONS[_i].name,
                          CALLER_NAMES[accounts[i].caller], reply->status, reply->body);
            expect_refusal(reply, accounts[i].refusal);
        }
    }
}
END_TEST

START_TEST(then_the_person)
{
    world_t w = make_world(_i);
    person_t nobody = person("stranger"), again = person_like("again", "status = 'temporary_ban', ban_expires_at = now() - interval '1 second'");
    int changed = 0, changes = strcmp(OPERATIONS[_i].method, "GET") && (strstr(OPERATIONS[_i].path, "@A") || strstr(OPERATIONS[_i].path, "@I"));
    const struct {
        caller_t caller;
        const person_t *who;
    } people[] = {
        {BLOCKED, &w.blocked}, {STRANGER, &nobody}, {FORMERLY_BANNED, &again}, {INVITED, &w.invited}, {FRIENDLY, &w.friendly},
        {WAITING, &w.waiting}, {REGISTERED, &w.member}, {CO_ORGANIZER, &w.co}, {ORGANIZER, &w.mira},
    };

    for (size_t i = 0; i < strlen(OPERATIONS[_i].by); i++) {
        int digit = OPERATIONS[_i].by[i] - '0';
        live_reply_t *reply;

        w = changed ? make_world(_i) : w;               /* each in a world that no other has changed */
        reply = ask(_i, &w, people[i].caller, people[i].who->token, NULL);
        changed = reply->status < 300 && changes;
        ck_assert_msg(digit == 2 ? reply->status == 200 || reply->status == 201 : reply->status == 400 + digit, "%s, %s: status %ld: %s",
                      OPERATIONS[_i].name, CALLER_NAMES[people[i].caller], reply->status, reply->body);
        ck_assert_msg(reply->status != 400 || strcmp(live_string(reply, "code"), "VALIDATION_ERROR"), "%s: %s", OPERATIONS[_i].name, reply->body);
    }
}
END_TEST

/* ---- further truths about tokens ---------------------------------------------------------------------------- */

START_TEST(what_a_good_token_may_look_like)
{
    person_t jo = person("jo");
    long long soon = live_now() + 600;
    char *large = live_text("%s", jo.id);
    const char *headers[2] = {NULL, NULL};
    char *good[] = {
        live_token_of(claims(jo.id, soon, ", 'type': 'access'")),
        live_token_of(claims(jo.id, soon, ", 'token_type': 'access', 'email': 'x', 'ghost_mode': true, 'org_id': 7")),
        live_token_of(claims(jo.id, soon, live_text(", 'iat': %lld, 'nbf': %lld, 'iss': 'anybody', 'aud': ['a', 'b']", live_now(), live_now()))),
        live_token_of(claims(jo.id, soon, ", 'subscription_level': 9")),
        live_sign("{\"alg\":\"HS256\"}", claims(jo.id, soon, ""), NULL),
        NULL,
    };
    char *bad[] = {
        live_token_of(claims(jo.id, soon, ", 'token_type': 'refresh'")),
        live_token_of(claims(jo.id, soon, ", 'type': 1")),
        live_token_of(quoted(live_text("{'sub': '%s', 'exp': 'tomorrow'}", jo.id))),
        live_sign("{\"alg\":\"hs256\"}", claims(jo.id, soon, ""), NULL),
        live_text("%s.", live_token(jo.id)),
        live_text("%.*s", (int)strlen(live_token(jo.id)) - 2, live_token(jo.id)),
        NULL,
    };

    for (char *c = large; *c; c++) {
        *c = *c >= 'a' && *c <= 'f' ? *c - 32 : *c;
    }
    live_expect(live_ask("GET", API "/blocks", live_token(large), NULL), 200);
    for (int i = 0; good[i]; i++) {
        live_reply_t *reply = live_ask("GET", API "/blocks", good[i], NULL);

        ck_assert_msg(reply->status == 200, "good token %d: %s", i, reply->body);
    }
    for (int i = 0; bad[i]; i++) {
        live_reply_t *reply = live_ask("GET", API "/blocks", bad[i], NULL);

        ck_assert_msg(reply->status == 401 && !strcmp(live_string(reply, "code"), "INVALID_TOKEN"), "bad token %d: %ld %s", i, reply->status, reply->body);
    }
    headers[0] = live_text("authorization: bEARER   %s", jo.token);
    live_expect(live_send(&(live_request_t){.path = API "/blocks", .headers = headers}), 200);
    headers[0] = live_text("Cookie: token=%s; access_token=%s", jo.token, jo.token);
    expect_refusal(live_send(&(live_request_t){.path = API "/blocks", .headers = headers}), "401 NOT_AUTHENTICATED Not authenticated");
    headers[0] = "Authorization: Bearer";
    live_expect(live_send(&(live_request_t){.path = API "/blocks", .headers = headers}), 401);
}
END_TEST

START_TEST(an_ended_session_comes_after_validation)
{
    person_t jo = person("jo");
    char *session = live_sql("INSERT INTO activity.sessions (sid, user_id, api, refresh_jti, created_at, expires_at)"
                             " VALUES (gen_random_uuid(), $1::uuid, 'attendance', gen_random_uuid(), now(), now() + interval '1 day') RETURNING sid", jo.id, NULL);

    jo.token = live_token_of(claims(jo.id, live_now() + 600, live_text(", 'sid': '%s'", session)));
    live_expect(api_get(&jo, "/blocks"), 200);
    live_sql("UPDATE activity.sessions SET ended_at = now() WHERE sid = $1::uuid", session, NULL);
    expect_places(api_get(&jo, "/blocks?limit=0"), "query.limit");
    expect_refusal(api_get(&jo, "/blocks"), "401 INVALID_TOKEN Invalid token");
}
END_TEST

START_TEST(a_logged_out_token_is_no_more)
{
    person_t jo = person("jo");

    live_expect(api_get(&jo, "/blocks"), 200);
    live_sql("INSERT INTO activity.revoked_tokens (digest, expires_at) VALUES (sha256(convert_to($1, 'UTF8')), now() + interval '1 hour')", jo.token, NULL);
    expect_refusal(api_get(&jo, "/blocks"), "401 INVALID_TOKEN Invalid token");
}
END_TEST

START_TEST(the_order_of_checks)
{
    person_t jo = person("jo"), gone = person_like("gone", "is_active = false");
    char *expired = live_token_of(claims(jo.id, live_now() - 1, ""));

    expect_refusal(live_ask("GET", API "/nowhere", expired, NULL), "404 NOT_FOUND Not Found");
    expect_refusal(live_ask("PUT", API "/blocks", expired, NULL), "405 METHOD_NOT_ALLOWED Method Not Allowed");
    expect_refusal(live_ask("POST", API "/attendance/confirm", expired, "{"), "401 TOKEN_EXPIRED Token has expired");
    expect_places(api_post(&gone, "{'activity_id': 7, 'confirmed_user_id': 7}", "/attendance/confirm"), "body.activity_id body.confirmed_user_id");
    expect_refusal(api_post(&gone, "{'user_id': '" NOWHERE "'}", "/activities/" NOWHERE "/promote"), "404 USER_NOT_FOUND User not found");
}
END_TEST

/* ---- provisioning ------------------------------------------------------------------------------------------- */

#define MAKES_USERS "/newcomers"        /* the mount of this API where that is on: participation_access.conf */
#define FIRST_REQUESTS 50

START_TEST(a_token_makes_its_user_once)
{
    char *id = live_sql("SELECT gen_random_uuid()", NULL);
    char *name = live_text("new-%.8s", id), *token;
    live_request_t requests[FIRST_REQUESTS];
    live_reply_t **replies;

    token = live_token_of(claims(id, live_now() + 600, live_text(", 'username': '%s', 'name': 'New One', 'full_name': 'New Full One', 'email': '%s@example.org',"
                                                                " 'first_name': 'New', 'last_name': 'One', 'subscription_level': 'club', 'gender': 'female'", name, name)));
    expect_refusal(live_ask("GET", live_text(API "/users/%s", id), token, NULL), "404 USER_NOT_FOUND User not found");   /* off, here */
    for (int i = 0; i < FIRST_REQUESTS; i++) {
        requests[i] = (live_request_t){.path = live_text(MAKES_USERS "/users/%s", id), .token = token};
    }
    replies = live_together(FIRST_REQUESTS, requests);
    for (int i = 0; i < FIRST_REQUESTS; i++) {
        live_expect(replies[i], 200);
        expect_like(replies[i], "", "{'user_id': '%s', 'username': '%s', 'first_name': 'New', 'last_name': 'One', 'verification_count': 0}", id, name);
    }
    ck_assert_str_eq(live_sql("SELECT concat_ws('|', count(*), min(name), min(email), min(subscription_level::text), min(gender)) FROM activity.users"
                              " WHERE user_id = $1::uuid", id, NULL), live_text("1|New Full One|%s@example.org|club|female", name));
}
END_TEST

START_TEST(a_claim_that_does_not_fit_is_left_out)
{
    char *many = live_text("%0200d", 7);
    person_t mira = person_like("mira", "email = number || '@example.org'");
    char *name = live_sql("SELECT username FROM activity.users WHERE user_id = $1::uuid", mira.id, NULL);
    char *email = live_sql("SELECT email FROM activity.users WHERE user_id = $1::uuid", mira.id, NULL), *large = live_text("%s", name);
    const struct {
        const char *claims, *row;       /* username or "-", email or "-", level */
    } cases[] = {
        {"", "-|-|free"},
        {live_text(", 'username': '%s', 'email': '%s'", name, email), "-|-|free"},
        {live_text(", 'username': '%s'", large), "-|-|free"},
        {", 'username': 7, 'email': ['a@example.org'], 'subscription_level': 'gold', 'first_name': {}, 'gender': false", "-|-|free"},
        {live_text(", 'username': '%s', 'first_name': '%s', 'subscription_level': 'premium'", many, many), "-|-|premium"},
        {", 'email': 'nobody', 'name': ''", "-|-|free"},
        {", 'name': 'a\\u0000b', 'username': 99999999999999999999, 'subscription_level': 'club', 'x': 1e400, 'y': {'\\u0000': 'z'}",
         "-|-|club"},
        {", 'subscription_level': 'premium\\u0000'", "-|-|free"},
    };

    large[0] = 'M';
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *id = live_sql("SELECT gen_random_uuid()", NULL);
        char *token = live_token_of(claims(id, live_now() + 600, cases[i].claims));
        live_reply_t *reply = live_send(&(live_request_t){.path = live_text(MAKES_USERS "/users/%s", id), .token = token});
        char *row;

        ck_assert_msg(reply->status == 200, "case %zu: %ld %s", i, reply->status, reply->body);
        row = live_sql("SELECT concat_ws('|', coalesce(username, '-'), coalesce(email, '-'), subscription_level) FROM activity.users WHERE user_id = $1::uuid",
                       id, NULL);
        ck_assert_msg(row && !strcmp(row, cases[i].row), "case %zu: %s, not %s", i, row ? row : "no row", cases[i].row);
        ck_assert_str_eq(live_string(reply, "username"), live_sql("SELECT 'user-' || number FROM activity.users WHERE user_id = $1::uuid", id, NULL));
    }
    ck_assert_str_eq(live_sql("SELECT username FROM activity.users WHERE user_id = $1::uuid", mira.id, NULL), name);
}
END_TEST

START_TEST(two_newcomers_of_one_name)
{
    char *name = live_sql("SELECT 'n' || gen_random_uuid()", NULL);
    live_request_t requests[20];
    live_reply_t **replies;

    for (int i = 0; i < 20; i++) {
        char *id = live_sql("SELECT gen_random_uuid()", NULL);

        requests[i] = (live_request_t){.path = MAKES_USERS "/blocks", .token = live_token_of(claims(id, live_now() + 600, live_text(", 'username': '%s'", name)))};
    }
    replies = live_together(20, requests);
    ck_assert_int_eq(live_count(replies, 20, 200), 20);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.users WHERE username = $1", name, NULL), "1");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("participation: access");
    TCase *tc = tcase_create("access");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_token_is_judged_first, 0, OPERATION_COUNT);
    tcase_add_loop_test(tc, then_the_account, 0, OPERATION_COUNT);
    tcase_add_loop_test(tc, then_the_person, 0, OPERATION_COUNT);
    tcase_add_test(tc, what_a_good_token_may_look_like);
    tcase_add_test(tc, an_ended_session_comes_after_validation);
    tcase_add_test(tc, a_logged_out_token_is_no_more);
    tcase_add_test(tc, the_order_of_checks);
    tcase_add_test(tc, a_token_makes_its_user_once);
    tcase_add_test(tc, a_claim_that_does_not_fit_is_left_out);
    tcase_add_test(tc, two_newcomers_of_one_name);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
