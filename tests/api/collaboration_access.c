/*
 * Collaboration: who may do what. The contract's table, every cell of it, and how people come to a level.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_collaboration.h"

enum { NO_TOKEN, BAD_TOKEN, STRANGER, VIEWER, EDITOR, COOWNER, OWNER, ROLES };

static const char *const role_names[ROLES] = {"no token", "bad token", "no level", "viewer", "editor", "co-owner", "owner"};

/* %1$lld is the event, %2$lld somebody who has the permission viewer. */
static const struct {
    const char *name, *method, *path, *body;
    int least;                          /* the role that is let in */
    long good;
    const char *detail;
} OPERATIONS[] = {
    {"getEvent", "GET", "/api/v1/events/%lld", NULL, VIEWER, 200, "Insufficient permissions to view event"},
    {"updateEvent", "PUT", "/api/v1/events/%lld", "{'title': 'Other'}", EDITOR, 200, "Insufficient permissions to update event"},
    {"deleteEvent", "DELETE", "/api/v1/events/%lld", NULL, COOWNER, 204, "Only event owner can delete event"},
    {"getEventHistory", "GET", "/api/v1/events/%lld/history", NULL, VIEWER, 200, "Insufficient permissions to view event history"},
    {"getEventVersion", "GET", "/api/v1/events/%lld/versions/1", NULL, VIEWER, 200, "Insufficient permissions to view event version"},
    {"rollbackEvent", "POST", "/api/v1/events/%lld/rollback/1", NULL, EDITOR, 200, "Insufficient permissions to rollback event"},
    {"compareVersions", "GET", "/api/v1/events/%lld/diff/1/1", NULL, VIEWER, 200, "Insufficient permissions to compare versions"},
    {"getEventChangelog", "GET", "/api/v1/events/%lld/changelog", NULL, VIEWER, 200, "Insufficient permissions to view changelog"},
    {"shareEvent", "POST", "/api/v1/collaboration/%lld/share", "{'users': [{'user_id': %lld, 'permission_level': 'viewer'}]}", COOWNER, 201,
     "Only owners can share events"},
    {"getEventPermissions", "GET", "/api/v1/collaboration/%lld/permissions", NULL, VIEWER, 200, "Insufficient permissions to view event permissions"},
    {"updateEventPermission", "PUT", "/api/v1/collaboration/%lld/permissions/%lld", "{'permission_level': 'editor'}", COOWNER, 200,
     "Only owners can modify permissions"},
    {"revokeEventPermission", "DELETE", "/api/v1/collaboration/%lld/permissions/%lld", NULL, COOWNER, 200, "Only owners can revoke permissions"},
    {"getEventCollaborators", "GET", "/api/v1/collaboration/%lld/collaborators", NULL, VIEWER, 200, "Insufficient permissions to view collaborators"},
    {"shareEventByEvent", "POST", "/api/v1/events/%lld/share", "{'users': [{'user_id': %lld, 'permission_level': 'viewer'}]}", COOWNER, 201,
     "Only owners can share events"},
    {"getEventPermissionsByEvent", "GET", "/api/v1/events/%lld/permissions", NULL, VIEWER, 200, "Insufficient permissions to view event permissions"},
    {"updateEventPermissionByEvent", "PUT", "/api/v1/events/%lld/permissions/%lld", "{'permission_level': 'editor'}", COOWNER, 200,
     "Only owners can modify permissions"},
    {"revokeEventPermissionByEvent", "DELETE", "/api/v1/events/%lld/permissions/%lld", NULL, COOWNER, 200, "Only owners can revoke permissions"},
    {"getEventCollaboratorsByEvent", "GET", "/api/v1/events/%lld/collaborators", NULL, VIEWER, 200, "Insufficient permissions to view collaborators"},
};
#define OPERATION_COUNT ((int)(sizeof OPERATIONS / sizeof *OPERATIONS))

/* A format with the event's id and then somebody's, of which either may be left out. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
static char *filled(const char *format, long long first, long long second)
{
    return format ? live_text(format, first, second) : NULL;
}
#pragma GCC diagnostic pop

/* The first number of a body is a person. */
static live_reply_t *call(int op, const char *token, long long event, long long somebody)
{
    return col(OPERATIONS[op].method, token, filled(OPERATIONS[op].body, somebody, 0), "%s", filled(OPERATIONS[op].path, event, somebody));
}

START_TEST(every_cell)
{
    keeper_t owner = keeper("owner"), coowner = keeper("coowner"), editor = keeper("editor"), viewer = keeper("viewer"), other = keeper("other"),
             somebody = keeper("somebody");
    const char *tokens[ROLES] = {NULL, "no.to.ken", other.token, viewer.token, editor.token, coowner.token, owner.token};

    for (int role = 0; role < ROLES; role++) {
        long long event = occasion(&owner, "Matrix");
        char *before;
        live_reply_t *reply;
        long expected = role <= BAD_TOKEN ? 401 : role < OPERATIONS[_i].least ? 403 : OPERATIONS[_i].good;

        shares(&owner, event, &coowner, "owner");
        shares(&owner, event, &editor, "editor");
        shares(&owner, event, &viewer, "viewer");
        shares(&owner, event, &somebody, "viewer");
        before = live_sql("SELECT version || string_agg(g.user_id::text || g.level, ',' ORDER BY g.user_id) FROM activity.activities a JOIN "
                          "activity.permissions g USING (activity_id) WHERE a.number = $1::bigint GROUP BY a.version",
                          live_text("%lld", event), NULL);
        reply = call(_i, tokens[role], event, somebody.id);
        ck_assert_msg(reply->status == expected, "%s by %s: %ld, not %ld: %s", OPERATIONS[_i].name, role_names[role], reply->status, expected,
                      reply->body);
        if (expected == 401) {
            expect_detail(reply, 401, role == NO_TOKEN ? "Not authenticated" : "Could not validate credentials");
            ck_assert_str_eq(live_header(reply, "WWW-Authenticate"), "Bearer");
        }
        if (expected == 403) {
            expect_detail(reply, 403, OPERATIONS[_i].detail);
        }
        if (expected >= 400) {
            ck_assert_str_eq(before, live_sql("SELECT version || string_agg(g.user_id::text || g.level, ',' ORDER BY g.user_id) FROM "
                             "activity.activities a JOIN activity.permissions g USING (activity_id) WHERE a.number = $1::bigint GROUP BY a.version",
                             live_text("%lld", event), NULL));
        }
    }
}
END_TEST

START_TEST(what_is_not_there_is_404_for_all)
{
    keeper_t owner = keeper("owner"), other = keeper("other");
    long long event = occasion(&owner, "Gone");

    live_expect(col("DELETE", owner.token, NULL, "/api/v1/events/%lld", event), 204);
    expect_detail(call(_i, owner.token, event, other.id), 404, "Event not found");
    expect_detail(call(_i, other.token, event, owner.id), 404, "Event not found");
    expect_detail(call(_i, other.token, 9223372036854775807LL, owner.id), 404, "Event not found");
    expect_detail(call(_i, other.token, -1, owner.id), 404, "Event not found");
}
END_TEST

START_TEST(ids_are_numbers)
{
    keeper_t owner = keeper("owner");

    expect_flaws(col("GET", owner.token, NULL, "/api/v1/events/abc"), "path.event_id=int_parsing");
    expect_flaws(col("GET", owner.token, NULL, "/api/v1/events/1.0"), "path.event_id=int_parsing");
    expect_flaws(col("GET", owner.token, NULL, "/api/v1/events/+1"), "path.event_id=int_parsing");
    live_expect(col("GET", owner.token, NULL, "/api/v1/events/9223372036854775808"), 422);
    expect_flaws(col("GET", owner.token, NULL, "/api/v1/events/x/versions/y"), "path.event_id=int_parsing path.version=int_parsing");
}
END_TEST

START_TEST(an_owner_cannot_be_touched)
{
    keeper_t owner = keeper("owner"), coowner = keeper("coowner");
    long long event = occasion(&owner, "Mine");

    shares(&owner, event, &coowner, "owner");
    expect_detail(col("PUT", coowner.token, "{'permission_level': 'viewer'}", "/api/v1/events/%lld/permissions/%lld", event, owner.id), 400,
                  "Cannot modify owner's permissions");
    expect_detail(col("DELETE", coowner.token, NULL, "/api/v1/events/%lld/permissions/%lld", event, owner.id), 400,
                  "Cannot revoke owner's permissions");
    expect_detail(col("DELETE", owner.token, NULL, "/api/v1/events/%lld/permissions/%lld", event, owner.id), 400,
                  "Cannot revoke owner's permissions");
    expect_detail(col("PUT", owner.token, "{'permission_level': 'viewer'}", "/api/v1/events/%lld/permissions/999999999", event), 404, "User not found");
    expect_detail(col("DELETE", owner.token, NULL, "/api/v1/events/%lld/permissions/999999999", event), 404, "Permission not found");
    live_expect(col("DELETE", owner.token, NULL, "/api/v1/events/%lld/permissions/%lld", event, coowner.id), 200);
    expect_detail(col("DELETE", owner.token, NULL, "/api/v1/events/%lld/permissions/%lld", event, coowner.id), 404, "Permission not found");
    expect_detail(col("GET", coowner.token, NULL, "/api/v1/events/%lld", event), 403, "Insufficient permissions to view event");
}
END_TEST

START_TEST(whoever_has_a_permission_may_leave)
{
    static const char *const levels[] = {"viewer", "editor", "owner"};
    keeper_t owner = keeper("owner"), guest = keeper("guest");
    long long event = occasion(&owner, "Leaving");

    for (int i = 0; i < 3; i++) {
        live_reply_t *reply;

        shares(&owner, event, &guest, levels[i]);
        reply = col("DELETE", guest.token, NULL, "/api/v1/collaboration/%lld/permissions/%lld", event, guest.id);
        live_expect(reply, 200);
        expect_like(reply, "", "{'event_id': %lld, 'user_id': %lld, 'message': 'Permission revoked successfully'}", event, guest.id);
        expect_detail(col("DELETE", guest.token, NULL, "/api/v1/collaboration/%lld/permissions/%lld", event, guest.id), 403,
                      "Only owners can revoke permissions");
    }
}
END_TEST

START_TEST(sharing_in_one_request)
{
    keeper_t owner = keeper("owner"), a = keeper("a"), b = keeper("b"), enemy = keeper("enemy");
    long long event = occasion(&owner, "Shared");
    live_reply_t *reply;

    live_sql("INSERT INTO activity.user_blocks (blocker_user_id, blocked_user_id) VALUES ($1::uuid, $2::uuid)", enemy.uuid, owner.uuid, NULL);
    reply = col("POST", owner.token, live_text("{'users': [{'user_id': %lld, 'permission_level': 'editor'}, {'user_id': %lld, 'permission_level': "
                "'viewer'}, {'user_id': %lld, 'permission_level': 'viewer'}, {'user_id': %lld, 'permission_level': 'owner'}]}", b.id, owner.id,
                enemy.id, a.id), "/api/v1/collaboration/%lld/share", event);
    live_expect(reply, 201);
    expect_like(reply, "", "{'event_id': %lld, 'message': 'Event sharing completed', 'shared_with': ["
                "{'user_id': %lld, 'permission_level': 'editor', 'status': 'granted'},"
                "{'user_id': %lld, 'permission_level': 'viewer', 'status': 'failed', 'error': 'Cannot modify owner\\u0027s permissions'},"
                "{'user_id': %lld, 'permission_level': 'viewer', 'status': 'failed', 'error': 'User unavailable'},"
                "{'user_id': %lld, 'permission_level': 'owner', 'status': 'granted'}]}", event, b.id, owner.id, enemy.id, a.id);
    reply = col("GET", a.token, NULL, "/api/v1/events/%lld/permissions", event);
    expect_like(reply, "", "[{'user_id': %lld, 'permission_level': 'owner', 'updated_at': null}, {'user_id': %lld, 'permission_level': 'editor', "
                "'granted_by': %lld, 'updated_at': null}, {'user_id': %lld, 'permission_level': 'owner'}]", owner.id, b.id, owner.id, a.id);
    live_expect(col("PUT", a.token, "{'permission_level': 'viewer'}", "/api/v1/events/%lld/permissions/%lld", event, b.id), 200);
    reply = col("GET", a.token, NULL, "/api/v1/events/%lld/permissions", event);
    ck_assert_int_eq(live_int(reply, "1.granted_by"), a.id);
    ck_assert(json_is_string(live_member(reply, "1.updated_at")));
    reply = col("GET", b.token, NULL, "/api/v1/events/%lld/collaborators", event);
    expect_like(reply, "", "{'event_id': %lld, 'total_collaborators': 3, 'collaborators': [{'user_id': %lld, 'role': 'owner', 'permission_level': "
                "'owner'}, {'user_id': %lld, 'role': 'collaborator', 'permission_level': 'viewer'}, {'user_id': %lld, 'role': 'collaborator', "
                "'permission_level': 'owner'}]}", event, owner.id, b.id, a.id);
    ck_assert_msg(!strstr(reply->body, "@"), "an address is shown");
}
END_TEST

START_TEST(sharing_that_is_refused_grants_nothing)
{
    keeper_t owner = keeper("owner"), a = keeper("a");
    long long event = occasion(&owner, "Shared");

    expect_detail(col("POST", owner.token, live_text("{'users': [{'user_id': %lld, 'permission_level': 'editor'}, {'user_id': 999999999, "
                  "'permission_level': 'viewer'}, {'user_id': 888888888, 'permission_level': 'viewer'}]}", a.id), "/api/v1/events/%lld/share", event),
                  400, "Users not found: [888888888, 999999999]");
    expect_flaws(col("POST", owner.token, live_text("{'users': [{'user_id': %lld, 'permission_level': 'editor'}, {'user_id': %lld, "
                 "'permission_level': 'viewer'}]}", a.id, a.id), "/api/v1/events/%lld/share", event), "body.users=value_error");
    expect_flaws(col("POST", owner.token, "{'users': []}", "/api/v1/events/%lld/share", event), "body.users=too_short");
    expect_flaws(col("POST", owner.token, "{'users': [{'user_id': 0, 'permission_level': 'boss'}, {}, 7]}", "/api/v1/events/%lld/share", event),
                 "body.users.0.user_id=greater_than body.users.0.permission_level=enum body.users.1.user_id=missing "
                 "body.users.1.permission_level=missing body.users.2=dict_type");
    expect_detail(col("GET", a.token, NULL, "/api/v1/events/%lld", event), 403, "Insufficient permissions to view event");
}
END_TEST

START_TEST(a_thousand_and_no_more)
{
    keeper_t owner = keeper("owner"), late = keeper("late"), old = keeper("old");
    long long event = occasion(&owner, "Crowded");

    shares(&owner, event, &old, "viewer");
    live_sql("WITH u AS (INSERT INTO activity.users (username) SELECT 'crowd-' || $1 || '-' || i FROM generate_series(1, 999) i RETURNING user_id) "
             "INSERT INTO activity.permissions (activity_id, user_id, level) SELECT $2::uuid, user_id, 'viewer' FROM u",
             live_text("%lld", event), activity_of(event), NULL);
    expect_detail(col("POST", owner.token, live_text("{'users': [{'user_id': %lld, 'permission_level': 'editor'}]}", late.id),
                  "/api/v1/events/%lld/share", event), 400, "Too many collaborators (max 1000)");
    shares(&owner, event, &old, "editor");
}
END_TEST

/* What other APIs make of people. */
START_TEST(levels_from_elsewhere)
{
    keeper_t owner = keeper("owner"), guest = keeper("guest"), helper = keeper("helper");
    char *activity = live_activity(owner.uuid, 0);
    long long event = number_of_activity(activity);
    live_reply_t *reply = col("GET", guest.token, NULL, "/api/v1/events/%lld", event);

    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "permission"), "viewer");
    ck_assert_int_eq(live_int(reply, "owner_id"), owner.id);
    ck_assert_str_eq(live_string(reply, "activity_id"), activity);
    expect_detail(col("PUT", guest.token, "{'title': 'x'}", "/api/v1/events/%lld", event), 403, "Insufficient permissions to update event");
    live_expect(live_ask("POST", live_text(API "/activities/%s/join", activity), helper.token, "{}"), 200);
    live_expect(live_ask("POST", live_text(API "/activities/%s/promote", activity), owner.token,
                         live_text("{\"user_id\": \"%s\"}", helper.uuid)), 200);
    reply = col("PUT", helper.token, "{'title': 'Changed'}", "/api/v1/events/%lld", event);
    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "permission"), "editor");
    reply = col("GET", guest.token, NULL, "/api/v1/events/%lld/collaborators", event);
    expect_like(reply, "", "{'total_collaborators': 2, 'collaborators': [{'user_id': %lld}, {'user_id': %lld, 'role': 'collaborator', "
                "'permission_level': 'editor'}]}", owner.id, helper.id);
    live_expect(col("DELETE", helper.token, NULL, "/api/v1/events/%lld/permissions/%lld", event, helper.id), 403);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("collaboration_access");
    TCase *tcase = tcase_create("access");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, every_cell, 0, OPERATION_COUNT);
    tcase_add_loop_test(tcase, what_is_not_there_is_404_for_all, 0, OPERATION_COUNT);
    tcase_add_test(tcase, ids_are_numbers);
    tcase_add_test(tcase, an_owner_cannot_be_touched);
    tcase_add_test(tcase, whoever_has_a_permission_may_leave);
    tcase_add_test(tcase, sharing_in_one_request);
    tcase_add_test(tcase, sharing_that_is_refused_grants_nothing);
    tcase_add_test(tcase, a_thousand_and_no_more);
    tcase_add_test(tcase, levels_from_elsewhere);
    suite_add_tcase(suite, tcase);
    return live_run(suite);
}
