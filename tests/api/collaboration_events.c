/*
 * Collaboration: events, their calendar, their versions.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_collaboration.h"

#define E "/api/v1/events"

START_TEST(an_event_in_full)
{
    keeper_t mira = keeper("mira");
    live_reply_t *reply = col("POST", mira.token, "{'title': 'Räte ☃', 'description': 'a\\nb', 'location': '', 'start_time': '2031-05-01 09:00', "
                              "'end_time': '2031-05-01T12:30:00.5+02:00', 'is_recurring': true, 'recurrence_type': 'weekly', 'recurrence_pattern': "
                              "{'days': [1, 2.5], 'until': null}, 'id': 7, 'owner_id': 8, 'version': 9}", E);

    live_expect(reply, 201);
    expect_like(reply, "", "{'title': 'Räte ☃', 'description': 'a\\nb', 'location': '', 'start_time': '2031-05-01T09:00:00Z', 'end_time': "
                "'2031-05-01T10:30:00.500000Z', 'is_recurring': true, 'recurrence_type': 'weekly', 'recurrence_pattern': {'days': [1, 2.5], 'until': "
                "null}, 'owner_id': %lld, 'version': 1, 'updated_at': null, 'permission': 'owner'}", mira.id);
    expect_shape(reply, "", "id:int created_at:time activity_id:uuid");
    ck_assert_int_eq((int)json_object_size(reply->json), 15);
    ck_assert_str_eq(live_header(reply, "ETag"), "\"1\"");
    live_expect(col("GET", mira.token, NULL, E "/%lld/", live_int(reply, "id")), 200);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.participants WHERE user_id = $1::uuid", mira.uuid, NULL), "0");
}
END_TEST

START_TEST(what_is_no_event)
{
    static const char *const cases[][2] = {
        {"{}", "body.title=missing body.start_time=missing body.end_time=missing"},
        {"{'title': '', 'start_time': 7, 'end_time': 'tomorrow'}", "body.title=string_too_short body.start_time=datetime_type body.end_time=datetime_parsing"},
        {"{'title': '  ', 'start_time': '2031-02-30', 'end_time': '2031-01-01T24:00'}",
         "body.title=value_error body.start_time=datetime_parsing body.end_time=datetime_parsing"},
        {"{'title': null, 'start_time': null, 'end_time': '2031-01-01T10:00:60Z', 'is_recurring': 1}",
         "body.title=string_type body.start_time=datetime_type body.end_time=datetime_parsing body.is_recurring=bool_type"},
        {"{'title': 'x', 'start_time': '2031-01-01', 'end_time': '2031-01-02', 'recurrence_type': 'hourly', 'recurrence_pattern': []}",
         "body.recurrence_type=enum body.recurrence_pattern=dict_type"},
        {"{'title': 'x', 'start_time': '2031-01-01t09:00', 'end_time': '2031-01-01T10:00z', 'recurrence_type': 7}",
         "body.start_time=datetime_parsing body.end_time=datetime_parsing body.recurrence_type=enum"},
        {"{'title': '', 'start_time': '2031-01-01', 'end_time': '2031-01-01'}", "body.title=string_too_short"},
        {"{'title': 'x', 'start_time': '2031-01-01', 'end_time': '2031-01-02', 'recurrence_pattern': {'n': [1, 9223372036854775808]}}",
         "body.recurrence_pattern.n.1=int_type"},
        {"{'title': 'x', 'start_time': '2031-01-01', 'end_time': '2031-01-01'}", "body.end_time=value_error"},
        {"{'title': 'x', 'start_time': '0001-01-01T00:00+01:00', 'end_time': '2031-01-01'}", "body.start_time=datetime_parsing"},
        {"{'title': 'a\\u0000', 'start_time': '2031-01-01', 'end_time': '2031-01-02'}", "body.title=value_error"},
    };
    keeper_t mira = keeper("mira");
    live_reply_t *reply;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_flaws(col("POST", mira.token, cases[i][0], E), cases[i][1]);
    }
    reply = col("POST", mira.token, "{'title': 'x', 'start_time': '2031-01-01', 'end_time': '2031-01-01'}", E);
    ck_assert_str_eq(live_string(reply, "detail.0.msg"), "Value error, End time must be after start time");
    expect_flaws(col("POST", mira.token, live_text("{'title': 'x', 'start_time': '2031-01-01', 'end_time': '2031-01-02', 'recurrence_pattern': "
                 "{'a': '%s'}}", live_sql("SELECT repeat('x', 4096)", NULL)), E), "body.recurrence_pattern=value_error");
    expect_flaws(col("POST", mira.token, live_text("{'title': '', 'start_time': '2031-01-02', 'end_time': '2031-01-01', 'recurrence_pattern': "
                 "{'a': '%s'}}", live_sql("SELECT repeat('x', 4089)", NULL)), E), "body.title=string_too_short body.recurrence_pattern=value_error");
    live_expect(col("POST", mira.token, live_text("{'title': 'x', 'start_time': '2031-02-01', 'end_time': '2031-02-02', 'recurrence_pattern': "
                "{'a': '%s'}}", live_sql("SELECT repeat('x', 4088)", NULL)), E), 201);
    live_expect(col("POST", mira.token, live_text("{'title': '%s', 'start_time': '2031-01-01', 'end_time': '2031-01-02'}",
                live_sql("SELECT repeat('é', 200)", NULL)), E), 201);
}
END_TEST

/* What the request alone can tell is told before the account is looked at, and before the event. */
START_TEST(fields_come_before_the_account)
{
    keeper_t mira = keeper("mira");

    live_sql("UPDATE activity.users SET is_active = false WHERE user_id = $1::uuid", mira.uuid, NULL);
    expect_detail(col("GET", mira.token, NULL, E), 400, "Inactive user");
    expect_flaws(col("POST", mira.token, "{'title': 'x', 'start_time': '2031-01-02', 'end_time': '2031-01-01'}", E), "body.end_time=value_error");
    expect_flaws(col("POST", mira.token, "{'events': [{'title': 'x', 'start_time': '2031-01-02', 'end_time': '2031-01-01'}]}", E "/batch"),
                 "body.events.0.end_time=value_error");
    expect_flaws(col("PUT", mira.token, live_text("{'recurrence_pattern': {'a': '%s'}}", live_sql("SELECT repeat('x', 4096)", NULL)), E "/1"),
                 "body.recurrence_pattern=value_error");
    expect_flaws(col("POST", mira.token, live_text("{'users': [{'user_id': %lld, 'permission_level': 'viewer'}, {'user_id': %lld, 'permission_level': "
                 "'owner'}]}", mira.id, mira.id), E "/1/share"), "body.users=value_error");
    expect_flaws(col("POST", mira.token, "{'users': [{'user_id': 9223372036854775808, 'permission_level': null}]}", E "/1/share"),
                 "body.users.0.user_id=int_type body.users.0.permission_level=enum");
}
END_TEST

START_TEST(conflicts_are_told)
{
    keeper_t mira = keeper("mira"), jo = keeper("jo");
    live_reply_t *first = col("POST", mira.token, "{'title': 'Stand-up', 'start_time': '2031-05-01T09:15', 'end_time': '2031-05-01T09:30'}", E), *reply;
    long long later;

    live_expect(first, 201);
    reply = col("POST", mira.token, "{'title': 'x', 'start_time': '2031-05-01T09:00', 'end_time': '2031-05-01T10:00'}", E);
    live_expect(reply, 409);
    expect_like(reply, "", "{'detail': 'Event conflicts with existing event: Stand-up', 'conflict_count': 1, 'conflicts': [{'id': %lld, 'title': "
                "'Stand-up', 'start_time': '2031-05-01T09:15:00Z', 'end_time': '2031-05-01T09:30:00Z'}]}", live_int(first, "id"));
    live_expect(col("POST", mira.token, "{'title': 'touches', 'start_time': '2031-05-01T09:30', 'end_time': '2031-05-01T10:00'}", E), 201);
    live_expect(col("POST", jo.token, "{'title': 'hers', 'start_time': '2031-05-01T09:00', 'end_time': '2031-05-01T10:00'}", E), 201);
    live_expect(col("POST", mira.token, "{'title': 'twice', 'start_time': '2031-05-01T09:00', 'end_time': '2031-05-01T10:00'}", E
                    "?allow_conflicts=TRUE"), 201);
    expect_flaws(col("POST", mira.token, "{'title': 'x', 'start_time': '2031-05-01', 'end_time': '2031-05-02'}", E "?allow_conflicts=maybe"),
                 "query.allow_conflicts=bool_parsing");
    /* an editor is told no more than the times of what is not shared with them */
    later = occasion(&mira, "Later");
    shares(&mira, later, &jo, "editor");
    reply = col("PUT", jo.token, "{'start_time': '2031-05-01T09:15', 'end_time': '2031-05-01T09:20'}", E "/%lld", later);
    live_expect(reply, 409);
    expect_like(reply, "", "{'detail': 'Event conflicts with existing event: (private)', 'conflict_count': 2, 'conflicts': [{'id': null, 'title': null, "
                "'start_time': '2031-05-01T09:00:00Z'}, {'id': null, 'title': null, 'start_time': '2031-05-01T09:15:00Z'}]}");
    live_expect(col("PUT", jo.token, "{'title': 'not moved'}", E "/%lld", later), 200);
}
END_TEST

START_TEST(batches)
{
    keeper_t mira = keeper("mira");
    live_reply_t *reply;

    occasion(&mira, "Other day");
    live_expect(col("POST", mira.token, "{'title': 'Stand-up', 'start_time': '2031-05-01T09:15', 'end_time': '2031-05-01T09:30'}", E), 201);
    reply = col("POST", mira.token, "{'events': [{'title': 'Rehearsal', 'start_time': '2031-05-01T10:00', 'end_time': '2031-05-01T11:00'}, {'title': 'b', "
                "'start_time': '2031-06-01', 'end_time': '2031-06-02'}, {'title': 'c', 'start_time': '2031-05-01T09:00', 'end_time': "
                "'2031-05-01T10:30'}]}", E "/batch");
    live_expect(reply, 400);
    expect_like(reply, "", "{'detail': 'Batch creation failed: 1 of 3 events cannot be created', 'errors': [{'index': 2, 'status': 409, 'detail': 'Event "
                "conflicts with existing event: Stand-up', 'conflicts': [{'index': null, 'title': 'Stand-up', 'start_time': '2031-05-01T09:15:00Z', "
                "'end_time': '2031-05-01T09:30:00Z'}, {'id': null, 'index': 0, 'title': 'Rehearsal', 'start_time': '2031-05-01T10:00:00Z', 'end_time': "
                "'2031-05-01T11:00:00Z'}]}]}");
    expect_flaws(col("POST", mira.token, "{'events': [{'title': 'a', 'start_time': '2031-05-03', 'end_time': '2031-05-02'}, {'title': 'b', 'start_time': "
                     "'2031-05-03', 'end_time': '2031-05-02'}]}", E "/batch"), "body.events.0.end_time=value_error body.events.1.end_time=value_error");
    expect_flaws(col("POST", mira.token, "{'events': [{'start_time': '2031-05-03', 'end_time': '2031-05-02'}, {}]}", E "/batch"),
                 "body.events.0.title=missing body.events.1.title=missing body.events.1.start_time=missing body.events.1.end_time=missing");
    expect_flaws(col("POST", mira.token, "{'events': []}", E "/batch"), "body.events=too_short");
    reply = col("POST", mira.token, "{'events': [{'title': 'a', 'start_time': '2031-07-01', 'end_time': '2031-07-02'}, {'title': 'b', 'start_time': "
                "'2031-06-01', 'end_time': '2031-06-02'}]}", E "/batch");
    live_expect(reply, 201);
    ck_assert_str_eq(gather(reply, "", "title"), "a b");
    live_expect(col("POST", mira.token, "{'events': [{'title': 'a', 'start_time': '2031-07-01', 'end_time': '2031-07-02'}]}", E
                    "/batch?allow_conflicts=1"), 201);
}
END_TEST

START_TEST(updates_and_if_match)
{
    keeper_t mira = keeper("mira");
    long long event = occasion(&mira, "Rehearsal");
    live_reply_t *reply = col("PUT", mira.token, "{'location': 'Room 4', 'change_reason': 'moved'}", E "/%lld", event), *again;

    live_expect(reply, 200);
    expect_like(reply, "", "{'title': 'Rehearsal', 'location': 'Room 4', 'version': 2}");
    ck_assert(json_is_string(live_member(reply, "updated_at")));
    again = col("PUT", mira.token, "{'location': 'Room 4', 'change_reason': 'again', 'owner_id': 1}", E "/%lld", event);
    live_expect(again, 200);
    ck_assert(json_equal(again->json, reply->json));
    ck_assert(json_equal(col("PUT", mira.token, "{}", E "/%lld", event)->json, reply->json));
    for (int i = 0; i < 5; i++) {
        static const char *const good[] = {"If-Match: \"2\"", "If-Match: W/\"2\"", "If-Match: \"7\", \"2-gzip\"", "If-Match: *", "If-Match: \"2-br\""};

        live_expect(col_with(good[i], "PUT", mira.token, "{}", E "/%lld", event), 200);
    }
    for (int i = 0; i < 5; i++) {
        static const char *const bad[] = {"If-Match: \"1\"", "If-Match: 2", "If-Match: nonsense", "If-Match: \"2-zip\"", "If-Match: \"22\""};

        reply = col_with(bad[i], "PUT", mira.token, "{'title': 'no'}", E "/%lld", event);
        live_expect(reply, 412);
        expect_like(reply, "", "{'detail': 'Event was modified: current version is 2', 'current_version': 2}");
        ck_assert_str_eq(live_header(reply, "ETag"), "\"2\"");
        live_expect(col_with(bad[i], "POST", mira.token, NULL, E "/%lld/rollback/1", event), 412);
        live_expect(col_with(bad[i], "DELETE", mira.token, NULL, E "/%lld", event), 412);
    }
    expect_flaws(col("PUT", mira.token, "{'title': null, 'start_time': null, 'is_recurring': null, 'change_reason': ''}", E "/%lld", event),
                 "body.title=string_type body.start_time=datetime_type body.is_recurring=bool_type body.change_reason=string_too_short");
    expect_flaws(col("PUT", mira.token, "{'end_time': '2000-01-01'}", E "/%lld", event), "body.end_time=value_error");
    reply = col("PUT", mira.token, "{'location': null, 'recurrence_pattern': {'a': 1}}", E "/%lld", event);
    expect_like(reply, "", "{'location': null, 'recurrence_pattern': {'a': 1}, 'version': 3}");
}
END_TEST

START_TEST(conditional_reads)
{
    keeper_t mira = keeper("mira"), other = keeper("other");
    long long event = occasion(&mira, "Read");
    live_reply_t *reply = col_with("If-None-Match: \"1\"", "GET", mira.token, NULL, E "/%lld", event);

    live_expect(reply, 304);
    ck_assert_str_eq(live_header(reply, "ETag"), "\"1\"");
    ck_assert_int_eq((int)reply->length, 0);
    live_expect(col_with("If-None-Match: W/\"1-gzip\", \"9\"", "GET", mira.token, NULL, E "/%lld", event), 304);
    live_expect(col_with("If-None-Match: \"2\"", "GET", mira.token, NULL, E "/%lld", event), 200);
    live_expect(col_with("If-None-Match: *", "GET", other.token, NULL, E "/%lld", event), 403);
}
END_TEST

START_TEST(versions_and_differences)
{
    keeper_t mira = keeper("mira"), jo = keeper("jo");
    long long event = occasion(&mira, "Release");
    live_reply_t *reply;

    shares(&mira, event, &jo, "editor");
    live_expect(col("PUT", jo.token, "{'title': 'Daily', 'location': 'Room 4\\nleft', 'is_recurring': true, 'change_reason': 'why'}", E "/%lld", event), 200);
    reply = col("GET", mira.token, NULL, E "/%lld/versions/2", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'event_id': %lld, 'version_number': 2, 'changed_by': %lld, 'changed_by_username': '%s', 'change_reason': 'why', "
                "'change_summary': 'Updated: title: Release → Daily, location: null → Room 4\\nleft, is_recurring: false → true', 'is_current': true}",
                event, jo.id, jo.name);
    ck_assert_int_eq((int)json_object_size(reply->json), 10);
    ck_assert_int_eq((int)json_object_size(live_member(reply, "event_data")), 8);
    reply = col("GET", mira.token, NULL, E "/%lld/versions/1", event);
    expect_like(reply, "", "{'change_summary': 'Initial creation', 'change_reason': 'Event lifecycle', 'is_current': false}");
    expect_detail(col("GET", mira.token, NULL, E "/%lld/versions/3", event), 404, "Version not found");
    expect_detail(col("GET", mira.token, NULL, E "/%lld/versions/-1", event), 404, "Version not found");
    reply = col("GET", mira.token, NULL, E "/%lld/diff/1/2", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'event_id': %lld, 'version1': 1, 'version2': 2, 'changes': {'title': {'version_1': 'Release', 'version_2': 'Daily', "
                "'old_value': 'Release', 'new_value': 'Daily', 'change_type': 'modified'}, 'location': {'version_1': null, 'change_type': 'added'}, "
                "'is_recurring': {'old_value': false, 'new_value': true, 'change_type': 'modified'}}, 'summary': {'changed_fields': 3}, 'text_diff': "
                "'--- Version 1\\n+++ Version 2\\n-title: Release\\n+title: Daily\\n+location: Room 4\\\\nleft\\n-is_recurring: false\\n+is_recurring: "
                "true'}", event);
    ck_assert_int_eq((int)json_object_size(live_member(reply, "changes")), 3);
    reply = col("GET", mira.token, NULL, E "/%lld/diff/2/1", event);
    expect_like(reply, "", "{'changes': {'location': {'change_type': 'removed', 'version_1': null, 'version_2': 'Room 4\\nleft'}}}");
    reply = col("GET", mira.token, NULL, E "/%lld/diff/2/2", event);
    expect_like(reply, "", "{'changes': {}, 'summary': {'changed_fields': 0}, 'text_diff': '--- Version 2\\n+++ Version 2'}");
    expect_detail(col("GET", mira.token, NULL, E "/%lld/diff/1/3", event), 404, "One or both versions not found");
    reply = col("POST", mira.token, "{'change_reason': 'back'}", E "/%lld/rollback/1", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'title': 'Release', 'location': null, 'version': 3}");
    live_expect(col("POST", mira.token, NULL, E "/%lld/rollback/1", event), 200);
    reply = col("GET", mira.token, NULL, E "/%lld/changelog?skip=1&limit=1", event);
    expect_like(reply, "", "{'event_id': %lld, 'changelog': [{'version': 3, 'change_summary': 'Rollback to version 1', 'event_state': {'title': "
                "'Release'}}]}", event);
    ck_assert_int_eq((int)json_object_size(live_member(reply, "changelog.0")), 6);
    expect_detail(col("POST", mira.token, NULL, E "/%lld/rollback/9", event), 404, "Version 9 not found");
    reply = col("GET", mira.token, NULL, E "/%lld/history?skip=7", event);
    expect_like(reply, "", "{'total_versions': 4, 'versions': []}");
    expect_flaws(col("GET", mira.token, NULL, E "/%lld/history?skip=-1&limit=101", event), "query.skip=greater_than_equal query.limit=less_than_equal");
}
END_TEST

START_TEST(deleting_and_restoring)
{
    keeper_t mira = keeper("mira"), coowner = keeper("coowner"), editor = keeper("editor");
    long long event = occasion(&mira, "Gone");
    live_reply_t *reply;

    shares(&mira, event, &coowner, "owner");
    shares(&mira, event, &editor, "editor");
    expect_detail(col("POST", mira.token, NULL, E "/%lld/restore", event), 404, "Event not found");
    reply = col("DELETE", coowner.token, NULL, E "/%lld", event);
    live_expect(reply, 204);
    ck_assert_int_eq((int)reply->length, 0);
    expect_detail(col("DELETE", mira.token, NULL, E "/%lld", event), 404, "Event not found");
    expect_detail(col("POST", editor.token, NULL, E "/%lld/restore", event), 404, "Event not found");
    reply = col("POST", coowner.token, NULL, E "/%lld/restore", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'version': 3, 'permission': 'owner'}");
    ck_assert_str_eq(live_header(reply, "ETag"), "\"3\"");
    reply = col("GET", editor.token, NULL, E "/%lld/history", event);
    expect_like(reply, "", "{'versions': [{'change_summary': 'Event restored'}, {'change_summary': 'Event deleted'}, {}]}");
    live_expect(col("DELETE", mira.token, NULL, E "/%lld", event), 204);
    live_sql("UPDATE activity.activities SET deleted_at = deleted_at - interval '31 days' WHERE number = $1::bigint", live_text("%lld", event), NULL);
    expect_detail(col("POST", mira.token, NULL, E "/%lld/restore", event), 404, "Event not found");
}
END_TEST

START_TEST(a_place_that_was_taken_meanwhile)
{
    keeper_t mira = keeper("mira");
    const char *body = "{'title': 'x', 'start_time': '2033-01-01', 'end_time': '2033-01-02'}";
    live_reply_t *reply = col("POST", mira.token, body, E);
    long long event = live_int(reply, "id");

    live_expect(col("PUT", mira.token, "{'start_time': '2034-01-01', 'end_time': '2034-01-02'}", E "/%lld", event), 200);
    live_expect(col("POST", mira.token, body, E), 201);
    live_expect(col("POST", mira.token, NULL, E "/%lld/rollback/1", event), 409);
    live_expect(col("POST", mira.token, NULL, E "/%lld/rollback/1?allow_conflicts=true", event), 200);
    live_expect(col("DELETE", mira.token, NULL, E "/%lld", event), 204);
    live_expect(col("POST", mira.token, NULL, E "/%lld/restore", event), 409);
    live_expect(col("POST", mira.token, NULL, E "/%lld/restore?allow_conflicts=1", event), 200);
}
END_TEST

START_TEST(lists)
{
    keeper_t mira = keeper("mira"), jo = keeper("jo");
    live_reply_t *reply;
    long long shared;

    live_expect(col("POST", mira.token, "{'title': '100% Fun', 'start_time': '2031-05-03', 'end_time': '2031-05-04'}", E), 201);
    live_expect(col("POST", mira.token, "{'title': 'Other', 'description': 'fÜn_1', 'start_time': '2031-05-01', 'end_time': '2031-05-02'}", E), 201);
    reply = col("POST", jo.token, "{'title': 'Hers', 'location': 'C:\\\\Fun', 'start_time': '2031-05-02', 'end_time': '2031-05-05'}", E);
    shared = live_int(reply, "id");
    shares(&jo, shared, &mira, "viewer");
    reply = col("GET", mira.token, NULL, E "?owned_only=");
    live_expect(reply, 200);
    ck_assert_str_eq(gather(reply, "", "title"), "Other Hers 100% Fun");
    ck_assert_str_eq(live_header(reply, "X-Total-Count"), "3");
    ck_assert_str_eq(gather(col("GET", mira.token, NULL, E "?owned_only=TRUE"), "", "title"), "Other 100% Fun");
    ck_assert_str_eq(gather(col("GET", mira.token, NULL, E "?q=FUN"), "", "title"), "Hers 100% Fun");
    ck_assert_str_eq(gather(col("GET", mira.token, NULL, E "?q=F%%C3%%BCN_"), "", "title"), "Other");
    ck_assert_str_eq(gather(col("GET", mira.token, NULL, E "?q=0%%25"), "", "title"), "100% Fun");
    ck_assert_str_eq(gather(col("GET", mira.token, NULL, E "?q=%%5C"), "", "title"), "Hers");
    ck_assert_str_eq(gather(col("GET", mira.token, NULL, E "?start_date=2031-05-02&end_date=2031-05-04T00:00:00Z"), "", "title"), "100% Fun");
    reply = col("GET", mira.token, NULL, E "?skip=1&limit=1&unknown=7");
    ck_assert_str_eq(gather(reply, "", "title"), "Hers");
    ck_assert_str_eq(live_header(reply, "X-Total-Count"), "3");
    expect_flaws(col("GET", mira.token, NULL, E "?skip=x&limit=0&start_date=x&owned_only=yes&q=%s", live_sql("SELECT repeat('x', 201)", NULL)),
                 "query.skip=int_parsing query.limit=greater_than_equal query.start_date=datetime_parsing query.owned_only=bool_parsing "
                 "query.q=string_too_long");
}
END_TEST

/* One platform: what another API changes is the next version here. */
START_TEST(one_platform)
{
    keeper_t mira = keeper("mira");
    char *activity = live_activity(mira.uuid, 0);
    long long event = number_of_activity(activity), mine;
    live_reply_t *reply;

    live_expect(live_ask("PATCH", live_text(API "/activities/%s", activity), mira.token, "{\"title\": \"From there\"}"), 200);
    reply = col("GET", mira.token, NULL, E "/%lld/history", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'total_versions': 2, 'versions': [{'version_number': 2, 'changed_by': %lld, 'event_data': {'title': 'From there'}}, {}]}",
                mira.id);
    live_expect(col("PUT", mira.token, "{'title': 'From here'}", E "/%lld", event), 200);
    reply = live_ask("GET", live_text(API "/activities/%s", activity), mira.token, NULL);
    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "title"), "From here");
    live_expect(live_ask("DELETE", live_text(API "/activities/%s", activity), mira.token, NULL), 200);
    expect_detail(col("GET", mira.token, NULL, E "/%lld", event), 404, "Event not found");
    live_expect(col("POST", mira.token, NULL, E "/%lld/restore", event), 200);
    mine = occasion(&mira, "Made here");
    live_expect(live_ask("GET", live_text(API "/activities/%s", activity_of(mine)), mira.token, NULL), 200);
    live_expect(live_ask("GET", live_text(API "/activities/%s", activity_of(mine)), keeper("other").token, NULL), 403);
}
END_TEST

/* Made by nobody in particular: nobody is its owner, and it is in no calendar. */
START_TEST(an_event_without_an_owner)
{
    keeper_t mira = keeper("mira");
    char *id = made_unique("walk");
    live_reply_t *reply = live_ask("POST", "/registration/events", NULL, quoted(live_text("{'eventId': '%s', 'title': 'Harbour walk', 'description': 'D', "
                                   "'date': '2031-05-02', 'location': 'L', 'capacity': 1, 'organizer': 'O', 'status': 'active'}", id)));
    long long event;

    live_expect(reply, 201);
    event = atoll(live_sql("SELECT number FROM activity.activities WHERE slug = $1", id, NULL));
    live_expect(live_ask("PUT", live_text("/registration/events/%s", id), NULL, "{\"title\": \"From registration\"}"), 200);
    reply = col("GET", mira.token, NULL, E "/%lld", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'title': 'From registration', 'owner_id': null, 'version': 2, 'permission': 'viewer', 'start_time': '2031-05-02T00:00:00Z', "
                "'end_time': '2031-05-03T00:00:00Z'}");
    reply = col("GET", mira.token, NULL, E "/%lld/versions/2", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'changed_by': null, 'changed_by_username': 'Unknown', 'event_data': {'title': 'From registration', 'end_time': "
                "'2031-05-03T00:00:00Z'}}");
    reply = col("GET", mira.token, NULL, E "/%lld/permissions", event);
    live_expect(reply, 200);
    ck_assert_int_eq((int)json_array_size(reply->json), 0);
    reply = col("GET", mira.token, NULL, E "/%lld/collaborators", event);
    expect_like(reply, "", "{'total_collaborators': 0, 'collaborators': []}");
    live_expect(live_ask("PUT", live_text("/registration/events/%s", id), NULL, "{\"status\": \"cancelled\"}"), 200);
    expect_detail(col("GET", mira.token, NULL, E "/%lld", event), 404, "Event not found");
}
END_TEST

START_TEST(the_rest_of_the_service)
{
    keeper_t mira = keeper("mira");
    live_reply_t *reply = col("GET", NULL, NULL, "/");

    live_expect(reply, 200);
    expect_like(reply, "", "{'message': 'Event Management API', 'version': '1.0.0', 'status': 'operational'}");
    reply = col("GET", NULL, NULL, "/health");
    expect_like(reply, "", "{'status': 'healthy', 'version': '1.0.0', 'database': {'status': 'connected', 'provider': 'postgresql'}}");
    expect_detail(col("GET", NULL, NULL, "/api/v2"), 404, "Not Found");
    reply = col("PATCH", mira.token, "{}", E "/1");
    expect_detail(reply, 405, "Method Not Allowed");
    ck_assert_str_eq(live_header(reply, "Allow"), "DELETE, GET, HEAD, OPTIONS, PUT");
    expect_flaws(live_send(&(live_request_t){.method = "POST", .path = COL E, .token = mira.token, .body = "a=b", .type = "text/plain"}), "body=dict_type");
    expect_detail(live_send(&(live_request_t){.method = "POST", .path = COL E, .token = mira.token, .type = "application/json",
                                              .body = live_sql("SELECT repeat(' ', 1048577)", NULL)}), 413, "Request body too large");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("collaboration_events");
    TCase *tcase = tcase_create("events");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, an_event_in_full);
    tcase_add_test(tcase, what_is_no_event);
    tcase_add_test(tcase, fields_come_before_the_account);
    tcase_add_test(tcase, conflicts_are_told);
    tcase_add_test(tcase, batches);
    tcase_add_test(tcase, updates_and_if_match);
    tcase_add_test(tcase, conditional_reads);
    tcase_add_test(tcase, versions_and_differences);
    tcase_add_test(tcase, deleting_and_restoring);
    tcase_add_test(tcase, a_place_that_was_taken_meanwhile);
    tcase_add_test(tcase, lists);
    tcase_add_test(tcase, one_platform);
    tcase_add_test(tcase, an_event_without_an_owner);
    tcase_add_test(tcase, the_rest_of_the_service);
    suite_add_tcase(suite, tcase);
    return live_run(suite);
}
