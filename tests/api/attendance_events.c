/*
 * The attendance API: events, attendance and who may do what, as docs/contracts/attendance.md has them (sections 3, 4, 7.1 to 7.5, 8, 9.1 to 9.3, 9.8).
 */
#include <stdlib.h>
#include <string.h>

#include "harness_attendance.h"

#define EVENT "id:int uuid:uuid title:text description:text? start_time:time end_time:time discord_channel_id:text? is_active:bool user_id:int? " \
              "capacity:int? attendee_count:int created_at:time updated_at:time?"
#define USER "id:int uuid:uuid email:text? name:text discord_user_id:text? discord_username:text? is_active:bool created_at:time updated_at:time?"
#define STATUS "id:int event_id:int title:text status:text can_attend:bool start_time:time end_time:time current_time:time time_until_start:int? " \
               "time_until_end:int?"

static live_reply_t *creates(const member_t *m, const char *json)
{
    return att("POST", m->token, json, "/events");
}

static live_reply_t *attends(const member_t *m, long long event)
{
    return att("POST", m->token, NULL, "/events/%lld/attend", event);
}

/* 400 of an attendance: the sentence, and where the event stands. */
static void expect_no_mark(const live_reply_t *reply, const char *error, const char *status)
{
    live_expect(reply, 400);
    ck_assert_str_eq(live_string(reply, "detail.error"), error);
    expect_shape(reply, "detail.event_status", STATUS);
    ck_assert_str_eq(live_string(reply, "detail.event_status.status"), status);
    ck_assert_uint_eq(json_object_size(live_member(reply, "detail")), 2);
}

/* The numbers `id` of a list of events or people, joined by a space. */
static char *ids(const live_reply_t *reply)
{
    char *text = live_text("%s", "");
    size_t i;
    json_t *one;

    live_expect(reply, 200);
    json_array_foreach(reply->json, i, one) {
        text = live_text("%s%s%lld", text, i ? " " : "", (long long)json_integer_value(json_object_get(one, "id")));
    }
    return text;
}

static void expect_ids(const live_reply_t *reply, const char *expected, const char *total)
{
    ck_assert_str_eq(ids(reply), expected);
    ck_assert_str_eq(live_header(reply, "X-Total-Count"), total);
}

/* ---- making and changing ------------------------------------------------------------------------------------- */

START_TEST(an_event_comes_back_as_it_was_sent)
{
    member_t m = member("maker");
    live_reply_t *reply = creates(&m, "{'title': ' L\\u00f6ck-picking ', 'description': '', 'start_time': '2031-04-02T20:00+02:00', 'end_time': '2031-04-02 21:00:00.5', "
                                      "'discord_channel_id': '281474976710656777', 'capacity': 100000, 'user_id': 1, 'is_active': false}"), *same;

    live_expect(reply, 201);
    expect_shape(reply, "", EVENT);
    ck_assert_uint_eq(json_object_size(reply->json), 13);
    expect_like(reply, "", "{'description': '', 'start_time': '2031-04-02T18:00:00Z', 'end_time': '2031-04-02T21:00:00.500000Z', "
                           "'discord_channel_id': '281474976710656777', 'is_active': true, 'user_id': %lld, 'capacity': 100000, 'attendee_count': 0, 'updated_at': null}",
                m.id);
    ck_assert_str_eq(live_string(reply, "title"), " L\xc3\xb6""ck-picking ");
    same = att("GET", m.token, NULL, "/events/%lld/", live_int(reply, "id"));
    ck_assert(json_equal(same->json, reply->json));
    reply = creates(&m, "{'title': 'T', 'start_time': '2031-04-02T18:00+23:59', 'end_time': '2031-04-02T18:00-23:59'}");
    live_expect(reply, 201);
    expect_like(reply, "", "{'start_time': '2031-04-01T18:01:00Z', 'end_time': '2031-04-03T17:59:00Z'}");
    reply = att("PUT", m.token, "{'end_time': '2031-04-02 18:00-16:30'}", "/events/%lld", live_int(reply, "id"));
    live_expect(reply, 200);
    expect_like(reply, "", "{'end_time': '2031-04-03T10:30:00Z'}");
    reply = creates(&m, "{'title': 'T', 'description': null, 'start_time': '1900-01-01T00:00', 'end_time': '9999-12-31T23:59:59.999999Z', 'discord_channel_id': null, 'capacity': null}");
    live_expect(reply, 201);
    expect_like(reply, "", "{'description': null, 'discord_channel_id': null, 'capacity': null, 'start_time': '1900-01-01T00:00:00Z', 'end_time': '9999-12-31T23:59:59.999999Z'}");
}
END_TEST

#define TIMES "'start_time': '2031-04-02T18:00:00Z', 'end_time': '2031-04-02T21:00:00Z'"

static const struct {
    const char *json, *flaws;
} bad_events[] = {
    {"{}", "body.title=missing body.start_time=missing body.end_time=missing"},
    {"{'title': '', " TIMES "}", "body.title=string_too_short"},
    {"{'title': '  ', " TIMES "}", "body.title=value_error"},
    {"{'title': null, " TIMES "}", "body.title=string_type"},
    {"{'title': 'T', 'description': 5, " TIMES "}", "body.description=string_type"},
    {"{'title': 'T', 'capacity': 0, " TIMES "}", "body.capacity=greater_than_equal"},
    {"{'title': 'T', 'capacity': 100001, " TIMES "}", "body.capacity=less_than_equal"},
    {"{'title': 'T', 'capacity': '5', " TIMES "}", "body.capacity=int_type"},
    {"{'title': 'T', 'capacity': true, " TIMES "}", "body.capacity=int_type"},
    {"{'title': 'T', 'capacity': 1.5, " TIMES "}", "body.capacity=int_type"},
    {"{'title': 'T', 'discord_channel_id': 5, " TIMES "}", "body.discord_channel_id=string_type"},
    {"{'title': 'T', 'discord_channel_id': 'x', " TIMES "}", "body.discord_channel_id=string_pattern_mismatch"},
    {"{'title': 'T', 'start_time': null, 'end_time': 5}", "body.start_time=datetime_type body.end_time=datetime_type"},
    {"{'title': 'T', 'start_time': 'now', 'end_time': 'infinity'}", "body.start_time=datetime_parsing body.end_time=datetime_parsing"},
    {"{'title': 'T', 'start_time': '2031-04-02', 'end_time': '2031-02-29T00:00'}", "body.start_time=datetime_parsing body.end_time=datetime_parsing"},
    {"{'title': 'T', 'start_time': '2031-04-02T24:00', 'end_time': '2031-04-02T23:59:60'}", "body.start_time=datetime_parsing body.end_time=datetime_parsing"},
    {"{'title': 'T', 'start_time': '2031-04-02T18:00:00.1234567', 'end_time': '1899-12-31T23:59'}", "body.start_time=datetime_parsing body.end_time=datetime_parsing"},
    {"{'title': 'T', 'start_time': '2031-04-02T18:00:00.', 'end_time': '10000-01-01T00:00'}", "body.start_time=datetime_parsing body.end_time=datetime_parsing"},
    {"{'title': 'T', 'start_time': '1900-01-01T00:00+01:00', 'end_time': '2031-04-02T18:00 Z'}", "body.start_time=datetime_parsing body.end_time=datetime_parsing"},
    {"{'title': 'T', 'start_time': '2031-04-02T18:00+0200', 'end_time': '2031-04-02  18:00'}", "body.start_time=datetime_parsing body.end_time=datetime_parsing"},
    {"{'title': 'T', 'start_time': '2031-04-02T21:00:00Z', 'end_time': '2031-04-02T21:00:00Z'}", "body.end_time=value_error"},
    {"{'title': 'T', 'start_time': '2031-04-02T21:00:00Z', 'end_time': '2031-04-02T22:00:00+02:00'}", "body.end_time=value_error"},
    {"{'title': '', 'start_time': '2031-04-02T21:00:00Z', 'end_time': '2031-04-02T20:00:00Z'}", "body.title=string_too_short body.end_time=value_error"},
    {"{'title': 'T', 'start_time': '2031-02-30T21:00:00Z', 'end_time': '2031-01-02T20:00:00Z'}", "body.start_time=datetime_parsing"},
    {"{'title': 'T', 'capacity': 9223372036854775808, " TIMES "}", "body.capacity=less_than_equal"},
};

START_TEST(a_bad_event_names_every_field)
{
    member_t m = member("bad");

    expect_flaws(creates(&m, bad_events[_i].json), bad_events[_i].flaws);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.activities WHERE organizer_user_id = $1::uuid", m.uuid, NULL), "0");
}
END_TEST

START_TEST(the_rule_of_the_window_has_its_sentence)
{
    member_t m = member("window");
    live_reply_t *reply = creates(&m, bad_events[21].json);

    ck_assert_str_eq(live_string(reply, "detail.0.msg"), "Value error, end_time must be after start_time");
}
END_TEST

START_TEST(an_event_is_changed_member_by_member)
{
    member_t m = member("editor");
    long long event = gathering(&m, 3600, 7200, "'description': 'D', 'discord_channel_id': '5', 'capacity': 5");
    live_reply_t *before = att("GET", m.token, NULL, "/events/%lld", event), *reply = att("PUT", m.token, "{}", "/events/%lld", event);
    char *end = in_seconds(9100);          /* said once: the clock goes on */

    live_expect(reply, 200);
    ck_assert(json_equal(reply->json, before->json));
    reply = att("PUT", m.token, "{'title': 'New', 'id': 5, 'user_id': 5, 'attendee_count': 9}", "/events/%lld", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'title': 'New', 'description': 'D', 'capacity': 5, 'id': %lld, 'user_id': %lld, 'attendee_count': 0}", event, m.id);
    expect_shape(reply, "", "updated_at:time");
    before = att("PUT", m.token, "{'description': null, 'discord_channel_id': null, 'capacity': null}", "/events/%lld", event);
    expect_like(before, "", "{'title': 'New', 'description': null, 'discord_channel_id': null, 'capacity': null}");
    reply = att("PUT", m.token, "{'description': null, 'title': 'New'}", "/events/%lld", event);
    ck_assert(json_equal(reply->json, before->json));
    expect_flaws(att("PUT", m.token, "{'title': null, 'start_time': null, 'end_time': null, 'is_active': null}", "/events/%lld", event),
                 "body.title=string_type body.start_time=datetime_type body.end_time=datetime_type body.is_active=bool_type");
    expect_flaws(att("PUT", m.token, live_text("{'start_time': '%s'}", in_seconds(7300)), "/events/%lld", event), "body.end_time=value_error");
    expect_flaws(att("PUT", m.token, live_text("{'end_time': '%s'}", in_seconds(3000)), "/events/%lld", event), "body.end_time=value_error");
    reply = att("PUT", m.token, live_text("{'start_time': '%s', 'end_time': '%s'}", in_seconds(9000), end), "/events/%lld", event);
    live_expect(reply, 200);
    reply = att("PUT", m.token, live_text("{'start_time': '%s'}", in_seconds(8000)), "/events/%lld", event);
    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "end_time"), end);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.activity_versions v JOIN activity.activities USING (activity_id) WHERE number = $1::bigint",
                              live_text("%lld", event), NULL), "5");
}
END_TEST

START_TEST(cancelling_is_a_flag)
{
    member_t m = member("canceller"), other = member("other");
    long long event = running(&m, NULL);
    live_reply_t *reply;

    expect_detail(att("DELETE", other.token, NULL, "/events/%lld", event), 403, "Not authorized to update this event");
    for (int i = 0; i < 3; i++) {
        reply = att("DELETE", m.token, NULL, "/events/%lld", event);
        live_expect(reply, 204);
        ck_assert_int_eq((int)reply->length, 0);
    }
    reply = att("GET", other.token, NULL, "/events/%lld", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'is_active': false}");
    expect_detail(att("GET", other.token, NULL, "/events/%lld/status", event), 404, "Event not found");
    expect_detail(attends(&other, event), 404, "Event not found or inactive");
    live_expect(att("GET", other.token, NULL, "/events/%lld/attendees", event), 200);
    live_expect(att("GET", other.token, NULL, "/events/%lld/check-attendance", event), 200);
    reply = att("PUT", m.token, "{'is_active': true}", "/events/%lld", event);
    live_expect(reply, 200);
    expect_like(reply, "", "{'is_active': true}");
    live_expect(attends(&other, event), 200);
    expect_detail(att("DELETE", m.token, NULL, "/events/999999999"), 404, "Event not found");
}
END_TEST

/* ---- who may ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *method, *path, *json;
    const char *missing, *stranger;              /* the 404 of what is not there, the 403 of who is not the creator (NULL: may) */
} matrix[] = {
    {"GET", "", NULL, "Event not found", NULL},
    {"GET", "/status", NULL, "Event not found", NULL},
    {"PUT", "", "{}", "Event not found", "Not authorized to update this event"},
    {"DELETE", "", NULL, "Event not found", "Not authorized to update this event"},
    {"POST", "/attend", NULL, "Event not found or inactive", NULL},
    {"GET", "/attendees", NULL, "Event not found", NULL},
    {"GET", "/check-attendance", NULL, "Event not found", NULL},
    {"POST", "/attendees", "{'user_id': 1}", "Event not found or inactive", "Not authorized to manage attendance of this event"},
    {"DELETE", "/attendees/1", NULL, "Event not found", "Not authorized to manage attendance of this event"},
};

/* Nobody who may not see an event is told that it is there. */
START_TEST(who_may_do_what)
{
    member_t creator = member("creator"), stranger = member("stranger"), blocked = member("blocked"), staff = member("staff");
    long long event = running(&creator, NULL), hidden = running(&creator, NULL);
    const char *method = matrix[_i].method, *path = matrix[_i].path, *json = matrix[_i].json;
    live_reply_t *reply;

    block(&(person_t){creator.uuid, creator.token}, &(person_t){blocked.uuid, blocked.token});
    live_sql("UPDATE activity.activities SET activity_privacy_level = 'invite_only' WHERE number = $1::bigint", live_text("%lld", hidden), NULL);
    live_expect(live_ask("POST", live_text(API "/activities/%s/join", activity_of(event)), staff.token, NULL), 400);
    expect_detail(att(method, stranger.token, json, "/events/999999999%s", path), 404, matrix[_i].missing);
    expect_detail(att(method, stranger.token, json, "/events/%lld%s", hidden, path), 404, matrix[_i].missing);
    expect_detail(att(method, blocked.token, json, "/events/%lld%s", event, path), 404, matrix[_i].missing);
    reply = att(method, stranger.token, json, "/events/%lld%s", event, path);
    if (matrix[_i].stranger) {
        expect_detail(reply, 403, matrix[_i].stranger);
    }
    else {
        live_expect(reply, 200);
    }
    expect_flaws(att(method, stranger.token, json, "/events/x%s", path), "path.event_id=int_parsing");
    expect_flaws(att(method, stranger.token, json, "/events/0%s", path), "path.event_id=greater_than_equal");
    ck_assert_int_eq((int)att(method, stranger.token, json, "/events/9223372036854775808%s", path)->status, 422);
    ck_assert_int_eq((int)att(method, stranger.token, json, "/events/9223372036854775807%s", path)->status, 404);
}
END_TEST

/* ---- lists --------------------------------------------------------------------------------------------------- */

START_TEST(lists_by_flag_and_clock)
{
    member_t m = member("lister");
    const char *tag = live_text("list%lld", m.id);
    long long past, now, ahead, off, first;
    char *all;

    past = gathering(&m, -7200, -3600, live_text("'title': '%s past'", tag));
    ahead = gathering(&m, 3600, 7200, live_text("'title': '%s Ahead 100%%', 'discord_channel_id': '%lld'", tag, m.id));
    now = gathering(&m, -60, 3600, live_text("'title': '%s now'", tag));
    off = gathering(&m, -60, 3600, live_text("'title': '%s off'", tag));
    first = gathering(&m, -120, 3600, live_text("'title': '%s first', 'discord_channel_id': '%lld'", tag, m.id));
    live_expect(att("PUT", m.token, "{'is_active': false}", "/events/%lld", off), 200);

    all = live_text("%lld %lld %lld %lld", past, ahead, now, first);
    expect_ids(att("GET", m.token, NULL, "/events?mine=true"), all, "4");
    expect_ids(att("GET", m.token, NULL, "/events?q=%s", tag), all, "4");
    expect_ids(att("GET", m.token, NULL, "/events?mine=1&active_only=false"), live_text("%lld %lld %lld %lld %lld", past, ahead, now, off, first), "5");
    expect_ids(att("GET", m.token, NULL, "/events?mine=true&skip=1&limit=2"), live_text("%lld %lld", ahead, now), "4");
    expect_ids(att("GET", m.token, NULL, "/events?mine=true&skip=10"), "", "4");
    expect_ids(att("GET", m.token, NULL, "/events?mine=true&status=ended"), live_text("%lld", past), "1");
    expect_ids(att("GET", m.token, NULL, "/events?mine=true&status=upcoming"), live_text("%lld", ahead), "1");
    expect_ids(att("GET", m.token, NULL, "/events?mine=true&status=active"), live_text("%lld %lld", now, first), "2");
    expect_ids(att("GET", m.token, NULL, "/events?mine=true&q=AHEAD%%20100%%25"), live_text("%lld", ahead), "1");
    expect_ids(att("GET", m.token, NULL, "/events?mine=true&q=%%25"), live_text("%lld", ahead), "1");
    expect_ids(att("GET", m.token, NULL, "/events?mine=true&q=_"), "", "0");
    expect_ids(att("GET", m.token, NULL, "/events?discord_channel_id=%lld&mine=true", m.id), live_text("%lld %lld", ahead, first), "2");
    expect_ids(att("GET", NULL, NULL, "/discord/events/channel/%lld", m.id), live_text("%lld %lld", first, ahead), "2");
    expect_ids(att("GET", NULL, NULL, "/discord/events/channel/123123123"), "", "0");
    ck_assert_ptr_nonnull(strstr(ids(att("GET", m.token, NULL, "/events/active")), live_text("%lld %lld", first, now)));
    ck_assert_ptr_nonnull(strstr(ids(att("GET", NULL, NULL, "/discord/events/active")), live_text("%lld %lld", first, now)));
    ck_assert_ptr_nonnull(strstr(ids(att("GET", m.token, NULL, "/events/upcoming?limit=1000")), live_text("%lld", ahead)));
    ck_assert_ptr_nonnull(strstr(ids(att("GET", NULL, NULL, "/discord/events/upcoming?limit=1000")), live_text("%lld", ahead)));
}
END_TEST

START_TEST(defaults_of_pages)
{
    member_t m = member("pages");

    live_sql("SELECT count(attendance.sp_create_event($1::uuid, 'page ' || i, NULL, (now() + i * interval '1 hour')::text, (now() + i * interval '1 hour' + interval '1 min')::text, NULL, NULL))"
             " FROM generate_series(1, 105) i", m.uuid, NULL);
    ck_assert_uint_eq(json_array_size(att("GET", m.token, NULL, "/events?mine=true")->json), 100);
    ck_assert_uint_eq(json_array_size(att("GET", m.token, NULL, "/events?mine=true&limit=1000")->json), 105);
    ck_assert_uint_eq(json_array_size(att("GET", m.token, NULL, "/events/upcoming")->json), 10);
    ck_assert_uint_eq(json_array_size(att("GET", NULL, NULL, "/discord/events/upcoming")->json), 5);
}
END_TEST

static const struct {
    const char *query, *flaws;
} bad_queries[] = {
    {"limit=0", "query.limit=greater_than_equal"}, {"limit=1001", "query.limit=less_than_equal"}, {"limit=x", "query.limit=int_parsing"},
    {"limit=", "query.limit=int_parsing"}, {"limit=1.0", "query.limit=int_parsing"}, {"skip=-1", "query.skip=greater_than_equal"},
    {"skip=2147483648&limit=5000", "query.skip=less_than_equal query.limit=less_than_equal"}, {"active_only=yes", "query.active_only=bool_parsing"},
    {"status=soon", "query.status=enum"}, {"q=", "query.q=string_too_short"}, {"discord_channel_id=x", "query.discord_channel_id=string_pattern_mismatch"},
    {"mine=2", "query.mine=bool_parsing"},
};

START_TEST(a_bad_query_is_never_clamped)
{
    member_t m = member("query");

    expect_flaws(att("GET", m.token, NULL, "/events?%s", bad_queries[_i].query), bad_queries[_i].flaws);
}
END_TEST

/* ---- attending ----------------------------------------------------------------------------------------------- */

START_TEST(the_window_decides)
{
    member_t creator = member("host"), m = member("guest");
    long long ahead = gathering(&creator, 90, 7200, NULL), over = gathering(&creator, -7200, -3600, NULL), now = running(&creator, NULL);
    live_reply_t *reply;

    expect_no_mark(attends(&m, ahead), "Event hasn't started yet. Starts in 2 minutes", "upcoming");
    expect_no_mark(attends(&m, over), "Event has already ended", "ended");
    reply = attends(&m, now);
    live_expect(reply, 200);
    expect_shape(reply, "", "success:bool message:text event:object user:object attended_at:time");
    ck_assert_uint_eq(json_object_size(reply->json), 5);
    expect_shape(reply, "event", EVENT);
    expect_shape(reply, "user", USER);
    expect_like(reply, "", "{'success': true, 'message': 'Attendance marked successfully', 'event': {'id': %lld, 'attendee_count': 1}, 'user': {'id': %lld, 'email': '%s'}}",
                now, m.id, m.email);
    expect_no_mark(attends(&m, now), "Already marked as attended", "active");
    reply = att("GET", m.token, NULL, "/events/%lld/check-attendance", now);
    expect_like(reply, "", "{'attended': true, 'user_id': %lld, 'event_id': %lld}", m.id, now);
    expect_shape(reply, "", "attended_at:time");
    reply = att("GET", creator.token, NULL, "/events/%lld/check-attendance", now);
    expect_like(reply, "", "{'attended': false, 'user_id': %lld, 'event_id': %lld, 'attended_at': null}", creator.id, now);
}
END_TEST

START_TEST(a_status_counts_seconds)
{
    member_t m = member("status");
    long long ahead = gathering(&m, 90, 7200, NULL), over = gathering(&m, -7200, -3600, NULL), now = running(&m, NULL);
    live_reply_t *reply = att("GET", m.token, NULL, "/events/%lld/status", ahead);

    expect_shape(reply, "", STATUS);
    ck_assert_uint_eq(json_object_size(reply->json), 10);
    expect_like(reply, "", "{'status': 'upcoming', 'can_attend': false, 'time_until_end': null, 'id': %lld, 'event_id': %lld}", ahead, ahead);
    ck_assert_int_le((int)live_int(reply, "time_until_start"), 90);
    ck_assert_int_ge((int)live_int(reply, "time_until_start"), 80);
    reply = att("GET", m.token, NULL, "/events/%lld/status", now);
    expect_like(reply, "", "{'status': 'active', 'can_attend': true, 'time_until_start': null}");
    ck_assert_int_le((int)live_int(reply, "time_until_end"), 3600);
    reply = att("GET", NULL, NULL, "/discord/event/%lld/status", over);
    expect_like(reply, "", "{'status': 'ended', 'can_attend': false, 'time_until_start': null, 'time_until_end': null}");
}
END_TEST

START_TEST(attendees_in_order_and_their_addresses)
{
    member_t creator = member("host"), a = member("a"), b = member("b"), c = member("c");
    long long event = running(&creator, NULL);
    live_reply_t *reply;

    live_expect(attends(&b, event), 200);
    live_expect(attends(&a, event), 200);
    live_expect(att("POST", creator.token, live_text("{'user_id': %lld}", c.id), "/events/%lld/attendees", event), 200);
    reply = att("GET", creator.token, NULL, "/events/%lld/attendees", event);
    expect_ids(reply, live_text("%lld %lld %lld", b.id, a.id, c.id), "3");
    expect_shape(reply, "0", USER " attended_at:time");
    expect_like(reply, "", "[{'email': '%s'}, {'email': '%s'}, {'email': null}]", b.email, a.email);
    reply = att("GET", a.token, NULL, "/events/%lld/attendees", event);
    expect_like(reply, "", "[{'email': null}, {'email': '%s'}, {'email': null}]", a.email);
    expect_ids(att("GET", a.token, NULL, "/events/%lld/attendees?skip=1&limit=1", event), live_text("%lld", a.id), "3");
    block(&(person_t){a.uuid, a.token}, &(person_t){b.uuid, b.token});
    expect_ids(att("GET", a.token, NULL, "/events/%lld/attendees", event), live_text("%lld %lld", a.id, c.id), "2");
    expect_ids(att("GET", b.token, NULL, "/events/%lld/attendees", event), live_text("%lld %lld", b.id, c.id), "2");
    live_sql("UPDATE activity.activities SET activity_type = 'xxl' WHERE number = $1::bigint", live_text("%lld", event), NULL);
    expect_ids(att("GET", a.token, NULL, "/events/%lld/attendees", event), live_text("%lld %lld %lld", b.id, a.id, c.id), "3");
    /* Counters agree with rows. */
    expect_like(att("GET", a.token, NULL, "/events/%lld", event), "", "{'attendee_count': 3}");
}
END_TEST

START_TEST(what_one_has_attended)
{
    member_t creator = member("host"), m = member("goer");
    long long first = running(&creator, NULL), second = running(&creator, NULL);
    live_reply_t *reply;

    live_expect(attends(&m, second), 200);
    live_expect(attends(&m, first), 200);
    live_expect(att("DELETE", creator.token, NULL, "/events/%lld", second), 204);
    reply = att("GET", m.token, NULL, "/users/me/events");
    expect_ids(reply, live_text("%lld %lld", second, first), "2");
    expect_shape(reply, "0", EVENT " attended_at:time");
    expect_ids(att("GET", m.token, NULL, "/users/me/events?skip=1"), live_text("%lld", first), "2");
    expect_ids(att("GET", creator.token, NULL, "/users/me/events"), "", "0");
}
END_TEST

START_TEST(capacity_counts_places)
{
    member_t creator = member("host"), a = member("a"), b = member("b"), c = member("c");
    long long event = running(&creator, "'capacity': 2");

    live_expect(attends(&a, event), 200);
    live_expect(attends(&b, event), 200);
    expect_no_mark(attends(&c, event), "Event is full", "active");
    expect_detail(att("PUT", creator.token, "{'capacity': 1}", "/events/%lld", event), 400, "Capacity is below the number of participants");
    live_expect(att("PUT", creator.token, "{'capacity': null}", "/events/%lld", event), 200);
    live_expect(attends(&c, event), 200);
}
END_TEST

/* ---- the creator keeps the list right ------------------------------------------------------------------------ */

START_TEST(the_creator_adds_and_removes)
{
    member_t creator = member("host"), m = member("late"), other = member("other");
    long long over = gathering(&creator, -7200, -3600, NULL), ahead = gathering(&creator, 3600, 7200, NULL);
    live_reply_t *reply = att("POST", creator.token, live_text("{'user_id': %lld}", m.id), "/events/%lld/attendees", over);

    live_expect(reply, 200);
    expect_like(reply, "", "{'success': true, 'event': {'attendee_count': 1}, 'user': {'id': %lld, 'email': null}}", m.id);
    expect_no_mark(att("POST", creator.token, live_text("{'user_id': %lld}", m.id), "/events/%lld/attendees", over), "Already marked as attended", "ended");
    expect_no_mark(att("POST", creator.token, live_text("{'user_id': %lld}", m.id), "/events/%lld/attendees", ahead), "Event hasn't started yet. Starts in 60 minutes", "upcoming");
    expect_detail(att("POST", creator.token, "{'user_id': 999999999}", "/events/%lld/attendees", over), 404, "User not found");
    expect_flaws(att("POST", creator.token, "{'user_id': '5'}", "/events/%lld/attendees", over), "body.user_id=int_type");
    expect_flaws(att("POST", creator.token, "{'user_id': 0}", "/events/%lld/attendees", over), "body.user_id=greater_than_equal");

    expect_detail(att("DELETE", m.token, NULL, "/events/%lld/attendees/%lld", over, m.id), 400, "Event has already ended");
    expect_detail(att("DELETE", other.token, NULL, "/events/%lld/attendees/%lld", over, m.id), 403, "Not authorized to manage attendance of this event");
    expect_detail(att("DELETE", creator.token, NULL, "/events/%lld/attendees/%lld", over, other.id), 404, "Attendance not found");
    expect_detail(att("DELETE", creator.token, NULL, "/events/%lld/attendees/999999999", over), 404, "Attendance not found");
    reply = att("DELETE", creator.token, NULL, "/events/%lld/attendees/%lld", over, m.id);
    live_expect(reply, 204);
    ck_assert_int_eq((int)reply->length, 0);
    expect_detail(att("DELETE", creator.token, NULL, "/events/%lld/attendees/%lld", over, m.id), 404, "Attendance not found");
    expect_like(att("GET", creator.token, NULL, "/events/%lld", over), "", "{'attendee_count': 0}");
}
END_TEST

START_TEST(one_takes_back_ones_own_while_it_runs)
{
    member_t creator = member("host"), m = member("goer");
    long long event = running(&creator, "'capacity': 1");

    live_expect(attends(&m, event), 200);
    live_expect(att("DELETE", m.token, NULL, "/events/%lld/attendees/%lld", event, m.id), 204);
    expect_detail(att("DELETE", m.token, NULL, "/events/%lld/attendees/%lld", event, m.id), 404, "Attendance not found");
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.participants WHERE user_id = $1::uuid", m.uuid, NULL), "0");
    live_expect(attends(&m, event), 200);
}
END_TEST

/* ---- the other APIs' rows ------------------------------------------------------------------------------------ */

/* An activity of the participation API that runs, as an event here. */
static long long runs_elsewhere(const person_t *organizer, const char *members, char **activity)
{
    *activity = outing(organizer, members);
    return number_of_activity(*activity);
}

START_TEST(a_participant_takes_no_second_place)
{
    person_t organizer = person("organizer");
    member_t m = member("joined"), waiting = member("waiting"), other = member("other");
    char *activity;
    long long event = runs_elsewhere(&organizer, "'max_participants': 2, 'duration_minutes': 120", &activity);
    live_reply_t *reply;

    joins(&(person_t){m.uuid, m.token}, activity);
    joins(&(person_t){waiting.uuid, waiting.token}, activity);
    outing_begins(activity);
    live_expect(attends(&m, event), 200);
    expect_no_mark(attends(&waiting, event), "You are on the waitlist of this event", "active");
    expect_no_mark(attends(&other, event), "Event is full", "active");
    reply = att("GET", m.token, NULL, "/events/%lld", event);
    expect_like(reply, "", "{'capacity': 2, 'attendee_count': 1, 'is_active': true}");
    live_expect(att("DELETE", m.token, NULL, "/events/%lld/attendees/%lld", event, m.id), 204);
    ck_assert_str_eq(live_sql("SELECT participation_status || ' ' || attendance_status FROM activity.participants WHERE user_id = $1::uuid", m.uuid, NULL),
                     "registered registered");
}
END_TEST

START_TEST(rules_of_joining_hold_here)
{
    person_t organizer = person("organizer");
    member_t m = member("free"), friend = member("friend");
    char *early, *private;
    long long closed = runs_elsewhere(&organizer, "'duration_minutes': 120", &early);
    long long hidden = runs_elsewhere(&organizer, "'privacy': 'friends_only', 'duration_minutes': 120", &private);

    outing_begins(early);
    outing_begins(private);
    live_sql("UPDATE activity.activities SET joinable_at_free = now() + interval '1 hour' WHERE activity_id = $1::uuid", early, NULL);
    expect_detail(attends(&m, closed), 403, "Not allowed to attend this event");
    expect_detail(attends(&m, hidden), 404, "Event not found or inactive");
    befriend(&organizer, &(person_t){friend.uuid, friend.token});
    live_expect(attends(&friend, hidden), 200);
    expect_detail(att("GET", NULL, NULL, "/discord/event/%lld/status", hidden), 404, "Event not found");
}
END_TEST

START_TEST(an_event_is_an_activity_everywhere)
{
    member_t creator = member("host"), m = member("goer");
    long long event = running(&creator, NULL);
    char *activity = activity_of(event);
    live_reply_t *reply = live_ask("GET", live_text(API "/activities/%s", activity), m.token, NULL);

    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "organizer_user_id"), creator.uuid);
    live_expect(attends(&m, event), 200);
    reply = live_ask("GET", live_text(API "/activities/%s/participants", activity), creator.token, NULL);
    live_expect(reply, 200);
    ck_assert_ptr_nonnull(strstr(reply->body, m.uuid));
    /* Attendance that staff turn into a no-show there is none here. */
    reply = live_ask("POST", live_text(API "/activities/%s/attendance", activity), creator.token,
                     quoted(live_text("{'attendances': [{'user_id': '%s', 'status': 'no_show'}]}", m.uuid)));
    live_expect(reply, 200);
    expect_like(att("GET", m.token, NULL, "/events/%lld", event), "", "{'attendee_count': 0}");
    expect_like(att("GET", m.token, NULL, "/events/%lld/check-attendance", event), "", "{'attended': false}");
    live_expect(attends(&m, event), 200);
    live_expect(live_ask("DELETE", live_text(API "/activities/%s", activity), creator.token, NULL), 200);
    expect_detail(att("GET", m.token, NULL, "/events/%lld", event), 404, "Event not found");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("attendance: events");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, an_event_comes_back_as_it_was_sent);
    tcase_add_loop_test(tc, a_bad_event_names_every_field, 0, sizeof bad_events / sizeof bad_events[0]);
    tcase_add_test(tc, the_rule_of_the_window_has_its_sentence);
    tcase_add_test(tc, an_event_is_changed_member_by_member);
    tcase_add_test(tc, cancelling_is_a_flag);
    tcase_add_loop_test(tc, who_may_do_what, 0, sizeof matrix / sizeof matrix[0]);
    tcase_add_test(tc, lists_by_flag_and_clock);
    tcase_add_test(tc, defaults_of_pages);
    tcase_add_loop_test(tc, a_bad_query_is_never_clamped, 0, sizeof bad_queries / sizeof bad_queries[0]);
    tcase_add_test(tc, the_window_decides);
    tcase_add_test(tc, a_status_counts_seconds);
    tcase_add_test(tc, attendees_in_order_and_their_addresses);
    tcase_add_test(tc, what_one_has_attended);
    tcase_add_test(tc, capacity_counts_places);
    tcase_add_test(tc, the_creator_adds_and_removes);
    tcase_add_test(tc, one_takes_back_ones_own_while_it_runs);
    tcase_add_test(tc, a_participant_takes_no_second_place);
    tcase_add_test(tc, rules_of_joining_hold_here);
    tcase_add_test(tc, an_event_is_an_activity_everywhere);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
