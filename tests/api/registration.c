/*
 * The registration API: requests, replies, errors, CORS and limits, as docs/contracts/registration.md has them.  Who may do what with a token, and what
 * the other APIs see of it, is in registration_platform.c; many clients at once in registration_crowd.c.
 */
#include <string.h>

#include "harness_api.h"

#define REG "/registration"

static live_reply_t *get(const char *path)
{
    return live_ask("GET", live_text(REG "%s", path), NULL, NULL);
}

static live_reply_t *del(const char *path)
{
    return live_ask("DELETE", live_text(REG "%s", path), NULL, NULL);
}

static live_reply_t *post(const char *path, const char *json)
{
    return live_ask("POST", live_text(REG "%s", path), NULL, quoted(json));
}

static live_reply_t *put(const char *path, const char *json)
{
    return live_ask("PUT", live_text(REG "%s", path), NULL, quoted(json));
}

/* An event of that id, with these further members ("'capacity': 2, 'hasWaitlist': true", or ""). */
static void event(const char *id, const char *more)
{
    live_expect(post("/events", live_text("{'eventId': '%s', 'title': 'T', 'description': 'D', 'date': '2031-05-02', 'location': 'L', "
                                          "'capacity': 30, 'organizer': 'O'%s%s}", id, *more ? ", " : "", more)), 201);
}

static void guest(const char *id)
{
    live_expect(post("/users", live_text("{'userId': '%s', 'name': 'Name of %s'}", id, id)), 201);
}

static live_reply_t *enroll(const char *user, const char *event_id)
{
    return post("/registrations", live_text("{'userId': '%s', 'eventId': '%s'}", user, event_id));
}

static void expect_detail(const live_reply_t *reply, long status, const char *detail)
{
    live_expect_problem(reply, status, detail, NULL);
    ck_assert_uint_eq(json_object_size(reply->json), 1);
}

/* ---- events ------------------------------------------------------------------------------------------------- */

START_TEST(an_event_comes_back_as_it_was_sent)
{
    live_reply_t *reply = post("/events", "{'eventId': 'harbour-walk', 'title': ' Harbour  walk ', 'description': '\\u00e9 \\ud83d\\ude00', "
                                          "'date': '2031-05-02 18:30+02', 'location': 'Pier 4', 'capacity': 3e1, 'organizer': 'Club', "
                                          "'hasWaitlist': true, 'unknown': {'a': 1}}");

    live_expect(reply, 201);
    expect_like(reply, "", "{'eventId': 'harbour-walk', 'title': ' Harbour  walk ', 'description': '\\u00e9 \\ud83d\\ude00', "
                "'date': '2031-05-02 18:30+02', 'location': 'Pier 4', 'capacity': 30, 'organizer': 'Club', 'status': 'active', "
                "'hasWaitlist': true, 'confirmedCount': 0, 'waitlistedCount': 0}");
    ck_assert_str_eq(live_header(reply, "Cache-Control"), "no-store");
    ck_assert_str_eq(live_header(reply, "X-Content-Type-Options"), "nosniff");
    ck_assert(json_equal(get("/events/harbour-walk")->json, reply->json));
    ck_assert(json_equal(get("/events/harbour-walk/")->json, reply->json));
    expect_detail(post("/events", "{'eventId': 'harbour-walk', 'title': 'T', 'description': 'D', 'date': '2031-05-02', 'location': 'L', "
                                  "'capacity': 1, 'organizer': 'O'}"), 409, "Event with eventId 'harbour-walk' already exists");
}
END_TEST

START_TEST(an_id_is_made_where_none_is_given)
{
    static const char *const given[] = {"", ", 'eventId': null", ", 'eventId': ''"};
    live_reply_t *reply = post("/events", live_text("{'title': 'T', 'description': 'D', 'date': '2031-05-02', 'location': 'L', 'capacity': 1, "
                                                    "'organizer': 'O'%s}", given[_i]));
    const char *id;

    live_expect(reply, 201);
    expect_shape(reply, "", "eventId:uuid");
    id = live_string(reply, "eventId");
    live_expect(get(live_text("/events/%s", id)), 200);
    for (char *c = (char *)id; *c; c++) {
        *c = (char)(*c >= 'a' && *c <= 'f' ? *c - 32 : *c);
    }
    live_expect(get(live_text("/events/%s", id)), 200);
    expect_detail(post("/events", live_text("{'eventId': '%s', 'title': 'T', 'description': 'D', 'date': '2031-05-02', 'location': 'L', "
                                            "'capacity': 1, 'organizer': 'O'}", id)), 409,
                  live_text("Event with eventId '%s' already exists", id));
}
END_TEST

START_TEST(ids_are_compared_code_point_by_code_point)
{
    event("Bob", "");
    event("bob", "");
    event("bob ", "");
    event("a?b%#\\u00e9", "");
    live_expect(get("/events/bob%20"), 200);
    live_expect(get("/events/a%3Fb%25%23%C3%A9"), 200);
    expect_detail(get("/events/BOB"), 404, "Event with ID BOB not found");
}
END_TEST

/* What is written in the body, and each item of `detail` as "type loc: msg". */
static const struct {
    const char *method, *path, *json, *items;
} FLAWS[] = {
    {"POST", "/users", NULL, "missing body: Field required"},
    {"POST", "/users", "{", "json_invalid body: JSON decode error"},
    {"POST", "/users", "{'userId': '\\ud800', 'name': 'n'}", "json_invalid body: JSON decode error"},
    {"POST", "/users", "[1]", "dict_type body: Input should be a valid dictionary"},
    {"POST", "/users", "{}", "missing body.name: Field required; missing body.userId: Field required"},
    {"POST", "/users", "{'userId': 5, 'name': null}",
     "string_type body.name: Input should be a valid string; string_type body.userId: Input should be a valid string"},
    {"POST", "/users", "{'userId': '', 'name': ''}", "string_too_short body.name: String should have at least 1 character; "
                                                     "string_too_short body.userId: String should have at least 1 character"},
    {"POST", "/users", "{'userId': 'a/b', 'name': ' \\u2003\\t'}", "value_error body.name: Value error, Name cannot be empty or whitespace only; "
                                                            "value_error body.userId: Value error, Id must be addressable as one path segment"},
    {"POST", "/users", "{'userId': '..', 'name': 'x'}", "value_error body.userId: Value error, Id must be addressable as one path segment"},
    {"POST", "/users", "{'userId': '\\u3000', 'name': 'x'}", "value_error body.userId: Value error, Id must be addressable as one path segment"},
    {"POST", "/users", "{'userId': 'a\\nb', 'name': 'x'}", "value_error body.userId: Value error, Id must be addressable as one path segment"},
    {"POST", "/users", "{'userId': 'u', 'name': 'x\\u0000y'}", "value_error body.name: Value error, Text must not contain U+0000"},
    {"PUT", "/events/x", "{'capacity': 0, 'hasWaitlist': 1, 'status': 'gone', 'title': ''}",
     "bool_type body.hasWaitlist: Input should be a valid boolean; enum body.status: Input should be 'active', 'scheduled', 'ongoing', 'completed' "
     "or 'cancelled'; greater_than_equal body.capacity: Input should be greater than or equal to 1; string_too_short body.title: String should have "
     "at least 1 character"},
    {"PUT", "/events/x", "{'capacity': 100001}", "less_than_equal body.capacity: Input should be less than or equal to 100000"},
    {"PUT", "/events/x", "{'capacity': 1e400}", "less_than_equal body.capacity: Input should be less than or equal to 100000"},
    {"PUT", "/events/x", "{'other': {'x': 'a\\u0000'}}", "value_error body.other: Value error, Text must not contain U+0000"},
    {"PUT", "/events/x", "{'other': 9223372036854775808}", "json_invalid body: JSON decode error"},
    {"PUT", "/events/x", "{'capacity': 1.5}", "int_type body.capacity: Input should be a valid integer"},
    {"PUT", "/events/x", "{'capacity': '5'}", "int_type body.capacity: Input should be a valid integer"},
    {"PUT", "/events/x", "{'capacity': true}", "int_type body.capacity: Input should be a valid integer"},
    {"PUT", "/events/x", "{'date': 'tomorrow'}", "value_error body.date: Value error, Date must be in ISO format or YYYY-MM-DD"},
    {"PUT", "/events/x", "{'date': '2026-05-02t18:00'}", "value_error body.date: Value error, Date must be in ISO format or YYYY-MM-DD"},
    {"PUT", "/events/x", "{'date': '2026-05-02T18:00z'}", "value_error body.date: Value error, Date must be in ISO format or YYYY-MM-DD"},
    {"PUT", "/events/x", "{'date': '2023-02-29'}", "value_error body.date: Value error, Date must be in ISO format or YYYY-MM-DD"},
    {"PUT", "/events/x", "{'date': '0001-01-01T00:00+01:00'}", "value_error body.date: Value error, Date must be in ISO format or YYYY-MM-DD"},
    {"PUT", "/events/x", "{'date': '12/15/2024'}", "value_error body.date: Value error, Date must be in ISO format or YYYY-MM-DD"},
    {"GET", "/events?status=gone&limit=0&offset=-1&from=now", NULL,
     "enum query.status: Input should be 'active', 'scheduled', 'ongoing', 'completed' or 'cancelled'; greater_than_equal query.limit: Input should be "
     "greater than or equal to 1; greater_than_equal query.offset: Input should be greater than or equal to 0; value_error query.from: Value error, "
     "Date must be in ISO format or YYYY-MM-DD"},
    {"GET", "/events?limit=1001", NULL, "less_than_equal query.limit: Input should be less than or equal to 1000"},
    {"GET", "/events?limit=ten", NULL, "int_parsing query.limit: Input should be a valid integer"},
    {"GET", "/users/u/registrations?status=maybe", NULL, "enum query.status: Input should be 'confirmed' or 'waitlisted'"},
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The items of a 422, sorted. */
static char *items_of(const live_reply_t *reply)
{
    char *items[32], *all = "", *loc;
    size_t n = 0, i, j;
    json_t *item, *part;

    json_array_foreach(live_member(reply, "detail"), i, item) {
        ck_assert_uint_eq(json_object_size(item), 3);
        loc = "";
        json_array_foreach(json_object_get(item, "loc"), j, part) {
            loc = live_text("%s%s%s", loc, j ? "." : "", json_string_value(part));
        }
        items[n++] = live_text("%s %s: %s", json_string_value(json_object_get(item, "type")), loc,
                               json_string_value(json_object_get(item, "msg")));
    }
    qsort(items, n, sizeof *items, by_text);
    for (i = 0; i < n; i++) {
        all = live_text("%s%s%s", all, i ? "; " : "", items[i]);
    }
    return all;
}

START_TEST(every_faulty_member_is_named)
{
    live_reply_t *reply = live_ask(FLAWS[_i].method, live_text(REG "%s", FLAWS[_i].path), NULL, FLAWS[_i].json ? quoted(FLAWS[_i].json) : NULL);

    live_expect(reply, 422);
    ck_assert_str_eq(items_of(reply), FLAWS[_i].items);
}
END_TEST

START_TEST(bodies_are_json_and_bounded)
{
    char *big = live_text("{\"userId\": \"%01048600d\", \"name\": \"n\"}", 0), *deep = live_text("{\"a\": %.*s", 65,
        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");
    live_reply_t *reply;

    expect_detail(live_send(&(live_request_t){.method = "POST", .path = REG "/users", .json = big}), 413, "Request body too large");
    ck_assert_str_eq(items_of(live_send(&(live_request_t){.method = "POST", .path = REG "/users", .body = "{}", .type = "text/plain"})),
                     "dict_type body: Input should be a valid dictionary");
    ck_assert_str_eq(items_of(live_send(&(live_request_t){.method = "POST", .path = REG "/users", .json = deep})),
                     "json_invalid body: JSON decode error");
    reply = live_send(&(live_request_t){.method = "POST", .path = REG "/users", .body = "{\"userId\":\"plain\",\"name\":\"n\"}"});
    live_expect(reply, 201);
    reply = live_send(&(live_request_t){.method = "POST", .path = REG "/users", .body = "{\"userId\":\"problem\",\"name\":\"n\",\"name\":\"last\"}",
                                        .type = "application/problem+json; charset=utf-8"});
    live_expect(reply, 201);
    ck_assert_str_eq(live_string(reply, "name"), "last");
}
END_TEST

START_TEST(a_number_beyond_a_double_is_refused)
{
    live_expect(put("/events/x", "{'capacity': 1e400}"), 422);
    live_expect(put("/events/x", "{'capacity': 9999999999999999999999999999999999999999}"), 422);
    live_expect(put("/events/x", "{'other': 1e400}"), 422);
}
END_TEST

START_TEST(a_query_parameter_that_nobody_asked_for_is_ignored_however_it_is_written)
{
    live_expect(get("/events?x=%FF&y=%&%00=%00&%FF&\xff"), 200);
    ck_assert_str_eq(items_of(get("/events?from=%FF")), "value_error query.from: Value error, Input should be UTF-8");
    live_expect(get("/events?limit=%00"), 422);
}
END_TEST

START_TEST(an_id_that_cannot_exist_is_not_found)
{
    expect_detail(get(live_text("/events/%0101d", 7)), 404, live_text("Event with ID %0101d not found", 7));
    live_expect(get("/events/%FF"), 404);
    live_expect(get("/users/%C0%80"), 404);
    expect_detail(get("/users/nobody"), 404, "User with ID nobody not found");
    expect_detail(get("/nothing"), 404, "Not Found");
    expect_detail(live_ask("PATCH", REG "/events/x", NULL, NULL), 405, "Method Not Allowed");
    ck_assert_str_eq(live_header(live_ask("PATCH", REG "/events/x", NULL, NULL), "Allow"), "DELETE, GET, HEAD, OPTIONS, PUT");
}
END_TEST

START_TEST(an_update_changes_what_it_names)
{
    live_reply_t *reply;

    event("up", "");
    reply = put("/events/up", "{'title': 'New', 'status': 'ongoing', 'description': null, 'date': '2020-01-01', 'hasWaitlist': false, "
                              "'waitlistEnabled': true, 'eventId': 'other'}");
    live_expect(reply, 200);
    expect_like(reply, "", "{'eventId': 'up', 'title': 'New', 'description': 'D', 'status': 'ongoing', 'date': '2020-01-01', 'hasWaitlist': true}");
    ck_assert(json_equal(put("/events/up", "{}")->json, reply->json));
    live_expect(put("/events/up", "{'status': 'completed'}"), 200);
    live_expect(put("/events/up", "{'status': 'cancelled'}"), 200);
    expect_like(put("/events/up", "{'status': 'active'}"), "", "{'status': 'active'}");
    expect_detail(put("/events/none", "{}"), 404, "Event with ID none not found");
}
END_TEST

START_TEST(a_capacity_below_the_confirmed_changes_nothing)
{
    event("cap", "");
    guest("cap-1");
    guest("cap-2");
    live_expect(enroll("cap-1", "cap"), 201);
    live_expect(enroll("cap-2", "cap"), 201);
    expect_detail(put("/events/cap", "{'capacity': 1, 'title': 'Not kept'}"), 409, "Capacity 1 is below the 2 confirmed registrations of event cap");
    ck_assert_str_eq(live_string(get("/events/cap"), "title"), "T");
    live_expect(put("/events/cap", "{'capacity': 2}"), 200);
}
END_TEST

START_TEST(a_deleted_event_is_gone_and_its_id_free)
{
    event("del", "");
    guest("del-1");
    live_expect(enroll("del-1", "del"), 201);
    expect_like(del("/events/del"), "", "{'message': 'Event deleted successfully'}");
    expect_detail(get("/events/del"), 404, "Event with ID del not found");
    expect_detail(del("/events/del"), 404, "Event with ID del not found");
    ck_assert_str_eq(get("/users/del-1/registrations")->body, "[]");
    event("del", "");
    expect_like(get("/events/del"), "", "{'confirmedCount': 0}");
}
END_TEST

START_TEST(events_are_listed_in_order_and_paged)
{
    live_reply_t *reply;

    event("list-b", "'date': '1990-01-01', 'status': 'scheduled'");
    event("list-a", "'date': '1990-01-02T10:00', 'status': 'scheduled'");
    event("list-c", "'date': '1990-01-03', 'status': 'completed'");
    reply = get("/events?from=1990-01-01&to=1990-01-03");
    live_expect(reply, 200);
    ck_assert_str_eq(gather(reply, "", "eventId"), "list-b list-a");
    ck_assert_str_eq(live_header(reply, "X-Total-Count"), "2");
    reply = get("/events?status=scheduled&from=1990-01-01T00%3A00Z&to=&limit=1&offset=1&limit=1");
    ck_assert_str_eq(gather(reply, "", "eventId"), "list-a");
    ck_assert_str_eq(live_header(reply, "X-Total-Count"), "2");
    ck_assert_str_eq(get("/events?from=9999-01-01")->body, "[]");
    ck_assert_str_eq(get("/events?offset=1000000000")->body, "[]");
}
END_TEST

START_TEST(a_list_is_never_shortened_in_silence)
{
    live_reply_t *reply;

    live_sql("SELECT count(activity.create_activity(jsonb_build_object('title', 'n', 'scheduled_at', '1980-06-01', 'clockless', true), false))"
             " FROM generate_series(1, 10001)", NULL);
    reply = get("/events?from=1980-06-01&to=1980-06-02");
    live_expect(reply, 422);
    ck_assert_str_eq(items_of(reply), "too_many_rows query.limit: More than 10000 rows match: page with limit and offset");
    live_expect(get("/events?from=1980-06-01&to=1980-06-02&limit=1000"), 200);
    live_sql("SELECT count(activity.delete_activity(activity_id, NULL)) FROM activity.activities WHERE scheduled_at = '1980-06-01'", NULL);
}
END_TEST

/* ---- people and registrations ------------------------------------------------------------------------------- */

START_TEST(people_are_made_renamed_and_erased)
{
    live_reply_t *reply = post("/users", "{'userId': 'mira-7', 'name': 'Mira \\u00d6nal'}");

    live_expect(reply, 201);
    ck_assert_str_eq(json_dumps(reply->json, JSON_COMPACT | JSON_SORT_KEYS), "{\"name\":\"Mira Önal\",\"userId\":\"mira-7\"}");
    expect_detail(post("/users", "{'userId': 'mira-7', 'name': 'Other'}"), 409, "User with userId 'mira-7' already exists");
    ck_assert(json_equal(get("/users/mira-7")->json, reply->json));
    expect_like(put("/users/mira-7", "{'name': 'Mira Holt'}"), "", "{'userId': 'mira-7', 'name': 'Mira Holt'}");
    expect_detail(put("/users/none", "{'name': 'x'}"), 404, "User with ID none not found");
    expect_like(del("/users/mira-7"), "", "{'message': 'User deleted successfully'}");
    expect_detail(get("/users/mira-7"), 404, "User with ID mira-7 not found");
    guest("mira-7");
}
END_TEST

START_TEST(the_text_of_somebodys_uuid_is_taken)
{
    char *account = live_user("uuid");

    expect_detail(post("/users", live_text("{'userId': '%s', 'name': 'x'}", account)), 409,
                  live_text("User with userId '%s' already exists", account));
}
END_TEST

START_TEST(who_is_first_is_served_first)
{
    live_reply_t *reply;

    event("line", "'capacity': 1, 'hasWaitlist': true");
    guest("line-1");
    guest("line-2");
    guest("line-3");
    reply = enroll("line-1", "line");
    live_expect(reply, 201);
    expect_like(reply, "", "{'userId': 'line-1', 'eventId': 'line', 'status': 'confirmed', 'waitlistPosition': null}");
    expect_like(post("/events/line/registrations", "{'userId': 'line-2', 'eventId': 'ignored'}"), "",
                "{'userId': 'line-2', 'eventId': 'line', 'status': 'waitlisted', 'waitlistPosition': 1}");
    expect_like(enroll("line-3", "line"), "", "{'status': 'waitlisted', 'waitlistPosition': 2}");
    expect_detail(enroll("line-3", "line"), 409, "Registration already exists for user 'line-3' and event 'line'");
    expect_like(get("/events/line"), "", "{'confirmedCount': 1, 'waitlistedCount': 2}");
    ck_assert_str_eq(gather(get("/events/line/registrations"), "", "userId"), "line-1 line-2 line-3");
    ck_assert_str_eq(gather(get("/events/line/registrations?status=waitlisted&limit=1&offset=1"), "", "userId"), "line-3");
    expect_like(get("/events/line/registrations/line-3"), "", "{'waitlistPosition': 2}");
    expect_like(get("/registrations/line-3/line"), "", "{'waitlistPosition': 2}");
    expect_like(get("/users/line-3/registrations?status=waitlisted"), "0", "{'eventId': 'line', 'eventTitle': 'T', 'status': 'waitlisted', 'waitlistPosition': 2}");

    reply = del("/registrations/line-1/line");
    expect_like(reply, "", "{'message': 'Registration deleted successfully', 'promotedUserId': 'line-2'}");
    expect_like(get("/registrations/line-2/line"), "", "{'status': 'confirmed', 'waitlistPosition': null}");
    expect_like(get("/registrations/line-3/line"), "", "{'waitlistPosition': 1}");
    expect_detail(del("/registrations/line-1/line"), 404, "Registration not found for user line-1 and event line");
    expect_like(enroll("line-1", "line"), "", "{'status': 'waitlisted', 'waitlistPosition': 2}");
    expect_like(del("/events/line/registrations/line-3"), "", "{'promotedUserId': null}");
    expect_like(get("/registrations/line-1/line"), "", "{'waitlistPosition': 1}");
    expect_like(put("/events/line", "{'capacity': 2}"), "", "{'confirmedCount': 2, 'waitlistedCount': 0}");
}
END_TEST

START_TEST(a_full_event_without_a_line_refuses)
{
    event("full", "'capacity': 1");
    guest("full-1");
    guest("full-2");
    live_expect(enroll("full-1", "full"), 201);
    expect_detail(enroll("full-2", "full"), 409, "Event full is full and has no waitlist");
    expect_detail(enroll("full-1", "full"), 409, "Registration already exists for user 'full-1' and event 'full'");
    expect_detail(enroll("nobody", "nothing"), 404, "User with ID nobody not found");
    expect_detail(enroll("full-2", "nothing"), 404, "Event with ID nothing not found");
}
END_TEST

START_TEST(a_closed_event_takes_and_promotes_nobody)
{
    event("closed", "'capacity': 1, 'waitlistEnabled': true, 'date': '1999-01-01'");
    guest("closed-1");
    guest("closed-2");
    guest("closed-3");
    live_expect(enroll("closed-1", "closed"), 201);
    live_expect(enroll("closed-2", "closed"), 201);
    live_expect(put("/events/closed", "{'status': 'completed'}"), 200);
    expect_detail(enroll("closed-3", "closed"), 409, "Event closed takes no registrations");
    expect_like(del("/registrations/closed-1/closed"), "", "{'promotedUserId': null}");
    expect_like(put("/events/closed", "{'status': 'active'}"), "", "{'confirmedCount': 1, 'waitlistedCount': 0}");
    expect_like(get("/registrations/closed-2/closed"), "", "{'status': 'confirmed'}");
}
END_TEST

START_TEST(who_is_erased_leaves_every_place)
{
    event("erase", "'capacity': 1, 'hasWaitlist': true");
    guest("erase-1");
    guest("erase-2");
    live_expect(enroll("erase-1", "erase"), 201);
    live_expect(enroll("erase-2", "erase"), 201);
    live_expect(del("/users/erase-1"), 200);
    expect_like(get("/registrations/erase-2/erase"), "", "{'status': 'confirmed'}");
    expect_like(get("/events/erase"), "", "{'confirmedCount': 1, 'waitlistedCount': 0}");
}
END_TEST

START_TEST(all_texts_are_data)
{
    live_expect(live_ask("POST", REG "/users", NULL, "{\"userId\": \"'; drop table --\", \"name\": \"\\\"%s<b>\"}"), 201);
    ck_assert_str_eq(live_string(get("/users/'%3B%20drop%20table%20--"), "name"), "\"%s<b>");
}
END_TEST

/* ---- tokens, CORS, limits ----------------------------------------------------------------------------------- */

START_TEST(by_default_no_token_is_looked_at)
{
    live_expect(live_ask("GET", REG "/events?limit=1", "rubbish", NULL), 200);
    live_expect(live_ask("POST", REG "/users", "rubbish", "{\"userId\":\"rubbish\",\"name\":\"n\"}"), 201);
}
END_TEST

static const struct {
    const char *mount, *method, *path;
    int anonymous;                       /* the status without a token; with a bad one it is 401 wherever a token is looked at */
    int looked_at;
} DOORS[] = {
    {"/reg-optional", "GET", "/events?limit=1", 200, 1},      {"/reg-optional", "GET", "/users/nobody", 404, 1},
    {"/reg-optional", "POST", "/users", 422, 1},              {"/reg-optional", "GET", "/health", 200, 0},
    {"/reg-required", "GET", "/events?limit=1", 200, 1},      {"/reg-required", "GET", "/events/none", 404, 1},
    {"/reg-required", "POST", "/users", 401, 1},              {"/reg-required", "PUT", "/events/none", 401, 1},
    {"/reg-required", "DELETE", "/events/none", 401, 1},      {"/reg-required", "GET", "/users/nobody", 401, 1},
    {"/reg-required", "GET", "/registrations/a/b", 401, 1},   {"/reg-required", "GET", "/events/e/registrations", 401, 1},
    {"/reg-required", "GET", "/users/u/registrations", 401, 1}, {"/reg-required", "GET", "/", 200, 0},
    {"/reg-required", "GET", "/health", 200, 0},              {"/reg-required", "GET", "/openapi.json", 200, 0},
    {"/reg-required", "GET", "/docs", 200, 0},
};

START_TEST(a_mount_asks_for_tokens_as_it_is_told)
{
    char *path = live_text("%s%s", DOORS[_i].mount, DOORS[_i].path);
    live_reply_t *reply = live_ask(DOORS[_i].method, path, NULL, NULL);

    live_expect(reply, DOORS[_i].anonymous);
    if (DOORS[_i].anonymous == 401) {
        expect_detail(reply, 401, "Not authenticated");
        ck_assert_str_eq(live_header(reply, "WWW-Authenticate"), "Bearer");
    }
    reply = live_ask(DOORS[_i].method, path, "rubbish", NULL);
    if (DOORS[_i].looked_at) {
        expect_detail(reply, 401, "Could not validate credentials");
        ck_assert_str_eq(live_header(reply, "WWW-Authenticate"), "Bearer");
    }
    else {
        live_expect(reply, DOORS[_i].anonymous);
    }
}
END_TEST

static live_reply_t *from_origin(const char *method, const char *path, const char *origin, const char *more)
{
    const char *headers[] = {live_text("Origin: %s", origin), more, NULL};

    return live_send(&(live_request_t){.method = method, .path = path, .headers = headers});
}

START_TEST(browsers_from_anywhere_may_call)
{
    static const char *const paths[] = {"/events", "/nothing", "/users/nobody", "/health"};
    live_reply_t *reply = from_origin("GET", live_text(REG "%s", paths[_i]), "https://a.example", NULL);

    ck_assert_str_eq(live_header(reply, "Access-Control-Allow-Origin"), "*");
    ck_assert_int_eq(live_header_count(reply, "Access-Control-Allow-Origin"), 1);
    ck_assert_ptr_null(live_header(reply, "Access-Control-Allow-Credentials"));
    ck_assert_ptr_nonnull(strstr(live_header(reply, "Access-Control-Expose-Headers"), "X-Total-Count"));
    ck_assert_str_eq(live_header(get(paths[_i]), "Access-Control-Allow-Origin"), "*");
}
END_TEST

START_TEST(a_preflight_is_answered_without_more_ado)
{
    live_reply_t *reply = from_origin("OPTIONS", REG "/events", "https://a.example", "Access-Control-Request-Method: DELETE");

    live_expect(reply, 204);
    ck_assert_uint_eq(reply->length, 0);
    ck_assert_str_eq(live_header(reply, "Access-Control-Allow-Origin"), "*");
    ck_assert_str_eq(live_header(reply, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS, POST");
    ck_assert_str_eq(live_header(reply, "Access-Control-Max-Age"), "600");
    ck_assert_ptr_null(live_header(reply, "Access-Control-Allow-Headers"));
    ck_assert_ptr_null(live_header(reply, "X-RateLimit-Limit"));
    reply = live_send(&(live_request_t){.method = "OPTIONS", .path = REG "/nothing/at/all", .headers = (const char *const[]){
        "Origin: https://a.example", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: X-One, authorization", NULL}});
    live_expect(reply, 204);
    ck_assert_str_eq(live_header(reply, "Access-Control-Allow-Headers"), "X-One, authorization");
    ck_assert_str_eq(live_header(reply, "Access-Control-Allow-Methods"), "DELETE, GET, HEAD, OPTIONS, POST, PUT");
    reply = live_ask("OPTIONS", REG "/events", NULL, NULL);
    live_expect(reply, 204);
    ck_assert_str_eq(live_header(reply, "Allow"), "GET, HEAD, OPTIONS, POST");
    live_expect(live_ask("OPTIONS", REG "/nothing", NULL, NULL), 404);
}
END_TEST

START_TEST(origins_can_be_listed)
{
    live_reply_t *reply = from_origin("GET", "/reg-origins/health", "https://other.example", NULL);

    ck_assert_str_eq(live_header(reply, "Access-Control-Allow-Origin"), "https://other.example");
    ck_assert_str_eq(live_header(reply, "Vary"), "Origin");
    reply = from_origin("GET", "/reg-origins/health", "https://Other.example", NULL);
    live_expect(reply, 200);
    ck_assert_ptr_null(live_header(reply, "Access-Control-Allow-Origin"));
    ck_assert_ptr_null(live_header(reply, "Access-Control-Expose-Headers"));
    ck_assert_str_eq(live_header(reply, "Vary"), "Origin");
    ck_assert_str_eq(live_header(live_ask("GET", "/reg-origins/nothing", NULL, NULL), "Vary"), "Origin");
    reply = from_origin("OPTIONS", "/reg-origins/health", "null", "Access-Control-Request-Method: GET");
    expect_detail(reply, 403, "Origin not allowed");
    live_expect(from_origin("OPTIONS", "/reg-origins/health", "https://club.example", "Access-Control-Request-Method: GET"), 204);
    reply = from_origin("OPTIONS", "/reg-closed/health", "https://club.example", "Access-Control-Request-Method: GET");
    live_expect(reply, 204);
    ck_assert_ptr_null(live_header(reply, "Access-Control-Allow-Origin"));
}
END_TEST

START_TEST(a_refusal_says_when_to_come_again)
{
    live_request_t all[40];
    live_reply_t **replies, *refused = NULL;

    for (int i = 0; i < 40; i++) {
        all[i] = (live_request_t){.path = "/reg-limited/events?limit=1"};
    }
    replies = live_together(40, all);
    ck_assert_int_eq(live_count(replies, 40, 200), 10);
    ck_assert_int_eq(live_count(replies, 40, 429), 30);
    for (int i = 0; i < 40; i++) {
        refused = replies[i]->status == 429 ? replies[i] : refused;
        ck_assert_str_eq(live_header(replies[i], "X-RateLimit-Limit"), "10");
    }
    ck_assert_str_eq(live_string(refused, "detail"), "Rate limit exceeded");
    ck_assert_str_eq(live_string(refused, "error"), "Rate limit exceeded");
    ck_assert_int_eq(live_int(refused, "retry_after"), atoi(live_header(refused, "Retry-After")));
    ck_assert_str_eq(live_header(refused, "Access-Control-Allow-Origin"), "*");
    live_expect(from_origin("OPTIONS", "/reg-limited/events", "https://a.example", "Access-Control-Request-Method: GET"), 204);
    live_expect(live_ask("GET", "/reg-limited/events/none", NULL, NULL), 404);     /* each operation counts by itself */
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("registration");
    TCase *events = tcase_create("events"), *people = tcase_create("people"), *doors = tcase_create("doors");

    tcase_set_timeout(events, 60);
    tcase_add_test(events, an_event_comes_back_as_it_was_sent);
    tcase_add_loop_test(events, an_id_is_made_where_none_is_given, 0, 3);
    tcase_add_test(events, ids_are_compared_code_point_by_code_point);
    tcase_add_loop_test(events, every_faulty_member_is_named, 0, sizeof FLAWS / sizeof *FLAWS);
    tcase_add_test(events, bodies_are_json_and_bounded);
    tcase_add_test(events, a_number_beyond_a_double_is_refused);
    tcase_add_test(events, a_query_parameter_that_nobody_asked_for_is_ignored_however_it_is_written);
    tcase_add_test(events, an_id_that_cannot_exist_is_not_found);
    tcase_add_test(events, an_update_changes_what_it_names);
    tcase_add_test(events, a_capacity_below_the_confirmed_changes_nothing);
    tcase_add_test(events, a_deleted_event_is_gone_and_its_id_free);
    tcase_add_test(events, events_are_listed_in_order_and_paged);
    tcase_add_test(events, a_list_is_never_shortened_in_silence);
    tcase_add_test(people, people_are_made_renamed_and_erased);
    tcase_add_test(people, the_text_of_somebodys_uuid_is_taken);
    tcase_add_test(people, who_is_first_is_served_first);
    tcase_add_test(people, a_full_event_without_a_line_refuses);
    tcase_add_test(people, a_closed_event_takes_and_promotes_nobody);
    tcase_add_test(people, who_is_erased_leaves_every_place);
    tcase_add_test(people, all_texts_are_data);
    tcase_add_test(doors, by_default_no_token_is_looked_at);
    tcase_add_loop_test(doors, a_mount_asks_for_tokens_as_it_is_told, 0, sizeof DOORS / sizeof *DOORS);
    tcase_add_loop_test(doors, browsers_from_anywhere_may_call, 0, 4);
    tcase_add_test(doors, a_preflight_is_answered_without_more_ado);
    tcase_add_test(doors, origins_can_be_listed);
    tcase_add_test(doors, a_refusal_says_when_to_come_again);
    suite_add_tcase(s, events);
    suite_add_tcase(s, people);
    suite_add_tcase(s, doors);
    return s;
}

int main(void)
{
    return live_run(suite());
}
