/*
 * The attendance API: accounts, logins and tokens, as docs/contracts/attendance.md has them (sections 1, 2, 6, 9.4, 9.5, 9.9).
 */
#include <stdlib.h>
#include <string.h>

#include "harness_attendance.h"

static live_reply_t *registers(const char *json)
{
    return att("POST", NULL, json, "/auth/register");
}

static live_reply_t *with_header(const char *method, const char *path, const char *header, const char *body, const char *type)
{
    const char *headers[] = {header, NULL};
    live_request_t request = {.method = method, .path = live_text(ATT "%s", path), .headers = header ? headers : NULL, .body = body, .type = type};

    return live_send(&request);
}

static json_t *claims_of(const char *token)
{
    char *part = live_sql("SELECT convert_from(decode(rpad(p, (length(p) + 3) / 4 * 4, '='), 'base64'), 'UTF8')"
                          " FROM (SELECT translate(split_part($1, '.', 2), '-_', '+/') p) x", token, NULL);

    return json_loads(part, 0, NULL);
}

static const char *claim(json_t *claims, const char *name)
{
    return json_string_value(json_object_get(claims, name));
}

/* ---- the service --------------------------------------------------------------------------------------------- */

START_TEST(the_service_says_what_it_is)
{
    live_reply_t *reply = att("GET", NULL, NULL, "/");

    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "message"), "Event Attendance API");
    ck_assert_str_eq(live_string(reply, "version"), "2.0.0");
    ck_assert_str_eq(live_string(reply, "docs"), "/docs");
    ck_assert_int_gt((int)json_array_size(live_member(reply, "features")), 0);
    reply = att("GET", "rubbish", NULL, "/health/");
    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "status"), "healthy");
    expect_detail(att("GET", NULL, NULL, "/nowhere"), 404, "Not Found");
    reply = att("PATCH", NULL, NULL, "/events");
    expect_detail(reply, 405, "Method Not Allowed");
    ck_assert_ptr_nonnull(live_header(reply, "Allow"));
}
END_TEST

/* Section 5 and 9. */
static const char *const operations[] = {
    "getApiInfo", "getHealth", "registerUser", "loginUser", "getCurrentUser", "updateCurrentUser", "listMyAttendedEvents", "createEvent",
    "listEvents", "listActiveEvents", "listUpcomingEvents", "getEvent", "getEventStatus", "updateEvent", "attendEvent", "listEventAttendees",
    "checkAttendance", "registerDiscordUser", "getDiscordUser", "listActiveEventsForDiscord", "listEventsByChannel", "attendEventByDiscord",
    "getDiscordAttendance", "getEventStatusForDiscord", "listEventAttendeesForDiscord", "runDiscordCommand", "handleDiscordInteraction",
    "cancelEvent", "listUpcomingEventsForDiscord", "attendOngoingEventByDiscord", "createDiscordLink", "addEventAttendee",
    "removeEventAttendee", "changePassword",
};

START_TEST(every_operation_is_published)
{
    live_reply_t *reply = att("GET", NULL, NULL, "/openapi.json");
    char *dumped;

    live_expect(reply, 200);
    dumped = json_dumps(reply->json, JSON_COMPACT);
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        ck_assert_msg(strstr(dumped, live_text("\"operationId\":\"%s\"", operations[i])), "%s", operations[i]);
    }
    ck_assert_ptr_null(strstr(dumped, "\"x-"));
}
END_TEST

START_TEST(pages_from_anywhere_may_call)
{
    const char *preflight[] = {"Origin: https://a.example", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: authorization", NULL};
    live_reply_t *reply = live_send(&(live_request_t){.method = "OPTIONS", .path = ATT "/users/me", .headers = preflight});

    live_expect(reply, 204);
    ck_assert_str_eq(live_header(reply, "Access-Control-Allow-Origin"), "*");
    reply = att("GET", NULL, NULL, "/users/me");
    ck_assert_str_eq(live_header(reply, "Access-Control-Allow-Origin"), "*");
    ck_assert_ptr_null(live_header(reply, "Access-Control-Allow-Credentials"));
}
END_TEST

/* ---- registering --------------------------------------------------------------------------------------------- */

START_TEST(an_account_comes_back_as_it_was_sent)
{
    live_reply_t *reply = registers("{'email': 'Mira.Ode+x@Example.org', 'name': ' Mira \\u00d8de ', 'password': '12345678', "
                                    "'discord_user_id': '281474976710656001', 'discord_username': 'mira', 'is_active': false, 'id': 1}");

    live_expect(reply, 201);
    expect_shape(reply, "", "id:int uuid:uuid email:text name:text discord_user_id:text discord_username:text is_active:bool created_at:time "
                            "updated_at:any?");
    ck_assert_uint_eq(json_object_size(reply->json), 9);
    expect_like(reply, "", "{'email': 'Mira.Ode+x@Example.org', 'discord_user_id': '281474976710656001', 'discord_username': 'mira', 'is_active': true, "
                           "'updated_at': null}");
    ck_assert_str_eq(live_string(reply, "name"), " Mira \xc3\x98""de ");
    expect_detail(registers("{'email': 'mira.ode+X@eXample.ORG', 'name': 'Other', 'password': '12345678', 'discord_user_id': '281474976710656001'}"), 400,
                  "Email already registered");
    expect_detail(registers("{'email': 'other@example.org', 'name': 'Other', 'password': '12345678', 'discord_user_id': '281474976710656001'}"), 400,
                  "Discord user already registered");
    live_expect(registers("{'email': 'nul@example.org', 'name': 'N', 'password': '12345678', 'discord_user_id': null, 'discord_username': null}"), 201);
}
END_TEST

static const struct {
    const char *json, *flaws;
} bad_registrations[] = {
    {"{}", "body.email=missing body.name=missing body.password=missing"},
    {"[]", "body=dict_type"},
    {"{", "body=json_invalid"},
    {"", "body=missing"},
    {"{'email': 'a@b.c', 'name': 'N', 'password': '1234567'}", "body.password=string_too_short"},
    {"{'email': 'a@b.c', 'name': 'N', 'password': 12345678}", "body.password=string_type"},
    {"{'email': 'a@b.c', 'name': '', 'password': '12345678'}", "body.name=string_too_short"},
    {"{'email': 'a@b.c', 'name': ' \\u00a0', 'password': '12345678'}", "body.name=value_error"},
    {"{'email': 'a@b.c', 'name': null, 'password': '12345678'}", "body.name=string_type"},
    {"{'email': null, 'name': 'N', 'password': '12345678'}", "body.email=string_type"},
    {"{'email': 'a', 'name': 'N', 'password': '12345678'}", "body.email=value_error"},
    {"{'email': 'a@b', 'name': 'N', 'password': '12345678'}", "body.email=value_error"},
    {"{'email': 'a@b..c', 'name': 'N', 'password': '12345678'}", "body.email=value_error"},
    {"{'email': 'a@b@c.d', 'name': 'N', 'password': '12345678'}", "body.email=value_error"},
    {"{'email': 'a b@c.d', 'name': 'N', 'password': '12345678'}", "body.email=value_error"},
    {"{'email': '@c.d', 'name': 'N', 'password': '12345678'}", "body.email=value_error"},
    {"{'email': 'a@b.c', 'name': 'N', 'password': '12345678', 'discord_user_id': 281474976710656001}", "body.discord_user_id=string_type"},
    {"{'email': 'a@b.c', 'name': 'N', 'password': '12345678', 'discord_user_id': '28x'}", "body.discord_user_id=string_pattern_mismatch"},
    {"{'email': 'a@b.c', 'name': 'N', 'password': '12345678', 'discord_user_id': ''}", "body.discord_user_id=string_pattern_mismatch"},
    {"{'email': 'a@b.c', 'name': 'N', 'password': '12345678', 'discord_user_id': '123456789012345678901'}", "body.discord_user_id=string_pattern_mismatch"},
    {"{'email': 'a@b.c', 'name': 'N', 'password': '12345678', 'discord_user_id': '1\\n'}", "body.discord_user_id=string_pattern_mismatch"},
    {"{'email': 'a@b.c', 'name': 'N', 'password': '12345678', 'discord_username': ''}", "body.discord_username=string_too_short"},
    {"{'email': 'a@b.c', 'name': 'a\\u0000b', 'password': '12345678'}", "body.name=value_error"},
    {"{'email': 5, 'name': true, 'password': [], 'discord_username': {}}",
     "body.email=string_type body.name=string_type body.password=string_type body.discord_username=string_type"},
};

START_TEST(a_bad_registration_names_every_field)
{
    live_reply_t *reply = registers(bad_registrations[_i].json);

    expect_flaws(reply, bad_registrations[_i].flaws);
    ck_assert_ptr_null(strstr(reply->body, "12345678"));
}
END_TEST

static char *repeated(const char *what, int n)
{
    char *text = live_text("%s", "");

    for (int i = 0; i < n; i++) {
        text = live_text("%s%s", text, what);
    }
    return text;
}

START_TEST(lengths_count_characters)
{
    char *long_local = repeated("x", 64), *label = repeated("y", 60);

    live_expect(registers(live_text("{'email': '%s@l.example', 'name': '%s', 'password': '%s'}", long_local, repeated("\xc3\xa9", 100), repeated("\xf0\x9f\x98\x80", 128))), 201);
    expect_flaws(registers(live_text("{'email': 'n@l.example', 'name': '%s', 'password': '%s'}", repeated("\xc3\xa9", 101), repeated("p", 129))),
                 "body.name=string_too_long body.password=string_too_long");
    expect_flaws(registers(live_text("{'email': 'x%s@l.example', 'name': 'N', 'password': '12345678'}", long_local)), "body.email=value_error");
    expect_flaws(registers(live_text("{'email': 'x@%s.%s.%s.%s.%s', 'name': 'N', 'password': '12345678'}", label, label, label, label, label)), "body.email=value_error");
}
END_TEST

START_TEST(a_body_of_another_type_is_read_as_json)
{
    live_reply_t *reply = with_header("POST", "/auth/register", NULL, "{\"email\": \"plain@example.org\", \"name\": \"P\", \"password\": \"12345678\"}", "text/plain");

    live_expect(reply, 201);
    expect_flaws(with_header("POST", "/auth/register", NULL, "{\"email\": \"\xff\"}", "application/json"), "body=json_invalid");
}
END_TEST

/* ---- logging in ---------------------------------------------------------------------------------------------- */

#define FORM "application/x-www-form-urlencoded"

START_TEST(three_forms_of_credentials)
{
    member_t m = member("three");
    char *basic = live_sql("SELECT 'Authorization: bAsIc ' || replace(encode(convert_to($1 || ':' || $2, 'UTF8'), 'base64'), E'\\n', '')", m.email, PASSWORD, NULL);
    char *form = live_text("grant_type=password&username=%s&password=correct+horse%%20battery&scope=", m.email);
    live_reply_t *replies[] = {
        log_in(m.email, PASSWORD), with_header("POST", "/auth/login", NULL, form, FORM), with_header("POST", "/auth/login", basic, NULL, NULL),
        with_header("POST", "/auth/login", basic, "rubbish", "application/json"),
        with_header("POST", "/auth/login", basic, "{\"email\": 5}", "application/json"),
        with_header("POST", "/auth/login", "Authorization: Bearer rubbish", form, FORM),
    };

    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        live_expect(replies[i], 200);
        ck_assert_str_eq(live_string(replies[i], "token_type"), "bearer");
        ck_assert_int_eq((int)live_int(replies[i], "expires_in"), 1800);
        ck_assert_uint_eq(json_object_size(replies[i]->json), 3);
        ck_assert_str_eq(live_header(replies[i], "Cache-Control"), "no-store");
        live_expect(att("GET", live_string(replies[i], "access_token"), NULL, "/users/me"), 200);
    }
}
END_TEST

START_TEST(the_token_says_who_it_is)
{
    member_t m = member("claims");
    json_t *claims = claims_of(m.token);

    ck_assert_str_eq(claim(claims, "sub"), m.uuid);
    ck_assert_str_eq(claim(claims, "email"), m.email);
    ck_assert_str_eq(claim(claims, "name"), "claims");
    ck_assert_str_eq(claim(claims, "subscription_level"), "free");
    ck_assert_str_eq(claim(claims, "type"), "access");
    ck_assert_ptr_null(json_object_get(claims, "username"));
    ck_assert_ptr_null(json_object_get(claims, "sid"));
    ck_assert_ptr_null(json_object_get(claims, "iss"));
    ck_assert_int_eq((int)(json_integer_value(json_object_get(claims, "exp")) - json_integer_value(json_object_get(claims, "iat"))), 1800);
    ck_assert_int_lt(abs((int)(json_integer_value(json_object_get(claims, "iat")) - live_now())), 10);
    /* … and the other APIs believe it. */
    live_expect(live_ask("GET", API "/invitations/received", m.token, NULL), 200);
}
END_TEST

START_TEST(a_login_in_any_letter_case)
{
    member_t m = member("case");

    for (char *c = m.email; *c; c++) {
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 32) : *c;
    }
    live_expect(log_in(m.email, PASSWORD), 200);
    live_expect(log_in(m.email, "Correct horse battery"), 401);
}
END_TEST

static void expect_challenge(const live_reply_t *reply, const char *detail, const char *challenge)
{
    expect_detail(reply, 401, detail);
    ck_assert_str_eq(live_header(reply, "WWW-Authenticate"), challenge);
}

#define BASIC "Basic realm=\"attendance\""

START_TEST(a_wrong_password_and_an_unknown_address_are_one)
{
    member_t m = member("wrong");
    live_reply_t *wrong = log_in(m.email, "wrong horse battery"), *unknown = log_in("nobody@example.org", PASSWORD);

    expect_challenge(wrong, "Incorrect email or password", "Bearer");
    expect_challenge(unknown, "Incorrect email or password", "Bearer");
    ck_assert_str_eq(wrong->body, unknown->body);
    expect_challenge(log_in(m.email, ""), "Incorrect email or password", "Bearer");
    expect_challenge(log_in("", ""), "Incorrect email or password", "Bearer");
    expect_challenge(log_in("wrong", PASSWORD), "Incorrect email or password", "Bearer");
    expect_challenge(with_header("POST", "/auth/login", NULL, "username=nobody&password=x", FORM), "Incorrect email or password", "Bearer");
    expect_challenge(with_header("POST", "/auth/login", "Authorization: Basic eDp5", NULL, NULL), "Incorrect email or password", BASIC);
    expect_challenge(with_header("POST", "/auth/login", "Authorization: Basic Og==", NULL, NULL), "Incorrect email or password", BASIC);
}
END_TEST

static const char *const malformed[] = {"Authorization: Basic", "Authorization: Basic ????", "Authorization: Basic eHk=", "Authorization: Basic eDp", "Authorization: Basic /zp5",
                                        "Authorization: Basic eAA6eQ=="};

START_TEST(a_malformed_basic_header)
{
    expect_challenge(with_header("POST", "/auth/login", malformed[_i], "{\"email\": \"a\", \"password\": \"b\"}", "application/json"),
                     "Invalid authentication credentials", BASIC);
}
END_TEST

START_TEST(no_credentials_at_all)
{
    expect_challenge(att("POST", NULL, NULL, "/auth/login"), "Not authenticated", BASIC);
    expect_challenge(with_header("POST", "/auth/login", "Authorization: Bearer x", NULL, NULL), "Not authenticated", BASIC);
}
END_TEST

START_TEST(missing_fields_of_a_login)
{
    expect_flaws(att("POST", NULL, "{}", "/auth/login"), "body.email=missing body.password=missing");
    expect_flaws(att("POST", NULL, "{'email': 5, 'password': null}", "/auth/login"), "body.email=string_type body.password=string_type");
    expect_flaws(att("POST", NULL, "[1]", "/auth/login"), "body=dict_type");
    expect_flaws(with_header("POST", "/auth/login", NULL, "username=x", FORM), "body.password=missing");
    expect_flaws(with_header("POST", "/auth/login", NULL, "email=x&password=y", FORM), "body.username=missing");
}
END_TEST

START_TEST(only_a_right_password_tells_of_the_account)
{
    member_t m = member("closed");

    live_sql("UPDATE activity.users SET is_active = false WHERE user_id = $1::uuid", m.uuid, NULL);
    expect_detail(log_in(m.email, PASSWORD), 400, "Inactive user");
    expect_detail(log_in(m.email, "wrong horse battery"), 401, "Incorrect email or password");
    expect_detail(att("GET", m.token, NULL, "/users/me"), 400, "Inactive user");
    live_sql("UPDATE activity.users SET is_active = true, status = 'banned' WHERE user_id = $1::uuid", m.uuid, NULL);
    expect_detail(log_in(m.email, PASSWORD), 403, "Account is banned");
    expect_detail(log_in(m.email, "wrong horse battery"), 401, "Incorrect email or password");
    expect_detail(att("GET", m.token, NULL, "/users/me"), 403, "Account is banned");
    live_sql("UPDATE activity.users SET status = 'active', password_hash = NULL WHERE user_id = $1::uuid", m.uuid, NULL);
    expect_detail(log_in(m.email, PASSWORD), 401, "Incorrect email or password");
    expect_detail(log_in(m.email, ""), 401, "Incorrect email or password");
}
END_TEST

START_TEST(every_byte_of_a_password_counts)
{
    char *password = repeated("abcdefgh", 16), *other = live_text("%s", password);

    live_expect(registers(live_text("{'email': 'bytes@example.org', 'name': 'B', 'password': '%s'}", password)), 201);
    other[127] = 'x';
    live_expect(log_in("bytes@example.org", password), 200);
    live_expect(log_in("bytes@example.org", other), 401);
    ck_assert_ptr_null(live_sql("SELECT 1 FROM activity.users WHERE password_hash LIKE '%abcdefgh%'", NULL));
}
END_TEST

static double seconds_of_logins(const char *email)
{
    double all = 0;

    for (int i = 0; i < 6; i++) {
        live_reply_t *reply = log_in(email, "wrong horse battery");

        live_expect(reply, 401);
        all += reply->seconds;
    }
    return all;
}

START_TEST(an_unknown_address_costs_the_same_work)
{
    char *base = live_server("ActivitiesRateLimit * off\nActivitiesPasswordCost 9\n");
    live_request_t request = {.method = "POST", .base = base, .path = ATT "/auth/register", .json = quoted("{'email': 'work@example.org', 'name': 'W', 'password': '12345678'}")};

    live_expect(live_send(&request), 201);
    setenv("ACTIVITIES_URL", base, 1);
    for (int tries = 0; tries < 5; tries++) {
        double known = seconds_of_logins("work@example.org"), unknown = seconds_of_logins("nobody@example.org");

        if (unknown > known * 0.6 && unknown < known * 1.7) {
            return;
        }
    }
    ck_abort_msg("the time tells who has an account");
}
END_TEST

/* ---- tokens -------------------------------------------------------------------------------------------------- */

static void expect_bad_token(const char *token)
{
    live_reply_t *reply = att("GET", token, NULL, "/users/me");

    expect_challenge(reply, "Could not validate credentials", "Bearer");
}

START_TEST(what_is_no_good_token)
{
    member_t m = member("tokens");
    long long now = live_now();

    expect_challenge(att("GET", NULL, NULL, "/users/me"), "Not authenticated", "Bearer");
    expect_challenge(with_header("GET", "/users/me", "Authorization: Basic eDp5", NULL, NULL), "Not authenticated", "Bearer");
    expect_bad_token("rubbish");
    expect_bad_token(live_token_of(live_text("{\"sub\": \"%s\", \"exp\": %lld}", m.uuid, now - 1)));
    expect_bad_token(live_token_of(live_text("{\"sub\": \"%s\"}", m.uuid)));
    expect_bad_token(live_token_of(live_text("{\"sub\": \"%lld\", \"exp\": %lld}", m.id, now + 60)));
    expect_bad_token(live_token_of(live_text("{\"sub\": \"00000000-0000-4000-8000-00000000dead\", \"exp\": %lld}", now + 60)));
    expect_bad_token(live_token_of(live_text("{\"sub\": \"%s\", \"exp\": %lld, \"type\": \"refresh\"}", m.uuid, now + 60)));
    expect_bad_token(live_token_of(live_text("{\"sub\": \"%s\", \"exp\": %lld, \"token_type\": \"refresh\"}", m.uuid, now + 60)));
    expect_bad_token(live_sign("{\"alg\": \"none\"}", live_text("{\"sub\": \"%s\", \"exp\": %lld}", m.uuid, now + 60), NULL));
    expect_bad_token(live_sign("{\"alg\": \"HS256\"}", live_text("{\"sub\": \"%s\", \"exp\": %lld}", m.uuid, now + 60), "another secret of thirty-two bytes"));
    live_expect(att("GET", live_token_of(live_text("{\"sub\": \"%s\", \"exp\": %lld}", m.uuid, now + 60)), NULL, "/users/me"), 200);
}
END_TEST

static const struct {
    const char *method, *path;
} with_token[] = {
    {"GET", "/users/me"}, {"PUT", "/users/me"}, {"GET", "/users/me/events"}, {"POST", "/users/me/discord-link"}, {"PUT", "/users/me/password"},
    {"POST", "/events"}, {"GET", "/events"}, {"GET", "/events/active"}, {"GET", "/events/upcoming"}, {"GET", "/events/1"}, {"PUT", "/events/1"},
    {"DELETE", "/events/1"}, {"GET", "/events/1/status"}, {"POST", "/events/1/attend"}, {"GET", "/events/1/attendees"}, {"POST", "/events/1/attendees"},
    {"DELETE", "/events/1/attendees/1"}, {"GET", "/events/1/check-attendance"},
};

START_TEST(everything_of_users_and_events_needs_a_token)
{
    expect_challenge(att(with_token[_i].method, NULL, NULL, "%s", with_token[_i].path), "Not authenticated", "Bearer");
    expect_challenge(att(with_token[_i].method, "x.y.z", "{'title': 5}", "%s/", with_token[_i].path), "Could not validate credentials", "Bearer");
}
END_TEST

START_TEST(a_token_makes_its_user_where_that_is_wanted)
{
    char *base = live_server("ActivitiesRateLimit * off\nActivitiesProvisionUsers On\n");
    char *uuid = live_sql("SELECT gen_random_uuid()", NULL), *name = live_text("p%.8s", uuid);
    char *token = live_token_of(live_text("{\"sub\": \"%s\", \"exp\": %lld, \"username\": \"%s\", \"full_name\": \"Pia P.\", \"email\": \"%s@example.org\", "
                                          "\"first_name\": 5}", uuid, live_now() + 60, name, name));
    live_request_t one = {.base = base, .path = ATT "/users/me", .token = token}, all[12];
    live_reply_t **replies;

    for (int i = 0; i < 12; i++) {
        all[i] = one;
    }
    replies = live_together(12, all);
    ck_assert_int_eq(live_count(replies, 12, 200), 12);
    expect_like(replies[0], "", "{'uuid': '%s', 'name': 'Pia P.', 'email': '%s@example.org', 'is_active': true}", uuid, name);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.users WHERE user_id = $1::uuid", uuid, NULL), "1");
}
END_TEST

START_TEST(lifetimes_are_the_administrators)
{
    char *base = live_server("ActivitiesRateLimit * off\nActivitiesPasswordCost 4\n<Location /attendance>\nActivitiesJWTAccessLifetime 2min\n"
                             "ActivitiesJWTIssuer https://login.example.org\nActivitiesJWTAudience activities\n</Location>\n");
    member_t m = member("lifetime");
    live_reply_t *reply = att_at(base, "POST", NULL, live_text("{'email': '%s', 'password': '" PASSWORD "'}", m.email), "/auth/login");
    json_t *claims;

    live_expect(reply, 200);
    ck_assert_int_eq((int)live_int(reply, "expires_in"), 120);
    claims = claims_of(live_string(reply, "access_token"));
    ck_assert_str_eq(claim(claims, "iss"), "https://login.example.org");
    ck_assert_str_eq(claim(claims, "aud"), "activities");
    ck_assert_int_eq((int)(json_integer_value(json_object_get(claims, "exp")) - json_integer_value(json_object_get(claims, "iat"))), 120);
    live_expect(att_at(base, "GET", live_string(reply, "access_token"), NULL, "/users/me"), 200);
    live_expect(att_at(base, "GET", m.token, NULL, "/users/me"), 401);
}
END_TEST

/* ---- oneself ------------------------------------------------------------------------------------------------- */

START_TEST(an_account_is_changed_member_by_member)
{
    member_t m = member("change");
    live_reply_t *before = att("GET", m.token, NULL, "/users/me"), *reply = att("PUT", m.token, "{}", "/users/me");

    live_expect(reply, 200);
    ck_assert(json_equal(before->json, reply->json));
    ck_assert(json_is_null(live_member(reply, "updated_at")));
    reply = att("PUT", m.token, "{'name': 'Mira Holt', 'id': 1, 'created_at': 'x', 'password': 'whatever', 'uuid': null}", "/users/me");
    live_expect(reply, 200);
    expect_like(reply, "", "{'name': 'Mira Holt', 'email': '%s', 'id': %lld}", m.email, m.id);
    expect_shape(reply, "", "updated_at:time");
    reply = att("PUT", m.token, "{'discord_user_id': '7700000000000001', 'discord_username': 'mira'}", "/users/me");
    expect_like(reply, "", "{'discord_user_id': '7700000000000001', 'discord_username': 'mira', 'name': 'Mira Holt'}");
    reply = att("PUT", m.token, "{'discord_user_id': null}", "/users/me");
    expect_like(reply, "", "{'discord_user_id': null, 'discord_username': 'mira'}");
    reply = att("PUT", m.token, live_text("{'email': 'New-%s'}", m.email), "/users/me");
    live_expect(reply, 200);
    live_expect(att("GET", m.token, NULL, "/users/me"), 200);
    live_expect(log_in(m.email, PASSWORD), 401);
    live_expect(log_in(live_text("new-%s", m.email), PASSWORD), 200);
}
END_TEST

START_TEST(what_another_account_has_is_refused)
{
    member_t m = member("mine"), other = member("others");

    live_expect(att("PUT", other.token, "{'discord_user_id': '7700000000000002'}", "/users/me"), 200);
    expect_detail(att("PUT", m.token, live_text("{'email': '%s'}", other.email), "/users/me"), 400, "Email already registered");
    expect_detail(att("PUT", m.token, "{'discord_user_id': '7700000000000002'}", "/users/me"), 400, "Discord user already registered");
    expect_detail(att("PUT", m.token, live_text("{'email': '%s', 'discord_user_id': '7700000000000002', 'name': 'X'}", other.email), "/users/me"), 400,
                  "Email already registered");
    live_expect(att("PUT", m.token, live_text("{'email': '%s'}", m.email), "/users/me"), 200);
    live_expect(att("PUT", other.token, "{'discord_user_id': '7700000000000002'}", "/users/me"), 200);
    expect_like(att("GET", m.token, NULL, "/users/me"), "", "{'name': 'mine', 'email': '%s', 'updated_at': null}", m.email);
}
END_TEST

static const struct {
    const char *json, *flaws;
} bad_changes[] = {
    {"{'email': null}", "body.email=string_type"}, {"{'email': 'x'}", "body.email=value_error"}, {"{'name': null}", "body.name=string_type"},
    {"{'name': '\\t'}", "body.name=value_error"}, {"{'is_active': null}", "body.is_active=bool_type"}, {"{'is_active': 1}", "body.is_active=bool_type"},
    {"{'is_active': 'false'}", "body.is_active=bool_type"}, {"{'discord_user_id': 5}", "body.discord_user_id=string_type"},
    {"{'discord_username': ''}", "body.discord_username=string_too_short"}, {"'x'", "body=dict_type"}, {"", "body=missing"},
};

START_TEST(a_bad_change_is_refused)
{
    member_t m = member("bad");

    expect_flaws(att("PUT", m.token, bad_changes[_i].json, "/users/me"), bad_changes[_i].flaws);
}
END_TEST

START_TEST(who_closes_their_account_is_out_everywhere)
{
    member_t m = member("leaver");
    live_reply_t *reply = att("PUT", m.token, "{'is_active': false}", "/users/me");

    live_expect(reply, 200);
    expect_like(reply, "", "{'is_active': false}");
    expect_detail(att("PUT", m.token, "{'is_active': true}", "/users/me"), 400, "Inactive user");
    expect_detail(att("GET", m.token, NULL, "/events"), 400, "Inactive user");
    expect_detail(log_in(m.email, PASSWORD), 400, "Inactive user");
    ck_assert_int_ge((int)live_ask("GET", API "/invitations/received", m.token, NULL)->status, 400);
    /* Fields are judged before the account. */
    live_expect(att("PUT", m.token, "{'is_active': 5}", "/users/me"), 422);
}
END_TEST

/* ---- passwords ----------------------------------------------------------------------------------------------- */

static live_reply_t *changes(const member_t *m, const char *current, const char *new)
{
    return att("PUT", m->token, live_text("{'current_password': '%s', 'new_password': '%s'}", current, new), "/users/me/password");
}

START_TEST(a_password_is_changed_by_who_knows_it)
{
    member_t m = member("password"), nobody = outsider("nopassword");
    live_reply_t *reply;

    expect_detail(changes(&m, "wrong", "another password"), 400, "Incorrect password");
    expect_detail(changes(&m, "", "another password"), 400, "Incorrect password");
    expect_detail(changes(&nobody, "wrong", "another password"), 400, "Account has no password");
    expect_flaws(changes(&m, PASSWORD, "short"), "body.new_password=string_too_short");
    expect_flaws(att("PUT", m.token, "{'current_password': 5}", "/users/me/password"), "body.current_password=string_type body.new_password=missing");
    live_expect(log_in(m.email, PASSWORD), 200);
    reply = changes(&m, PASSWORD, "another password");
    live_expect(reply, 204);
    ck_assert_int_eq((int)reply->length, 0);
    live_expect(log_in(m.email, PASSWORD), 401);
    live_expect(log_in(m.email, "another password"), 200);
    live_expect(att("GET", m.token, NULL, "/users/me"), 200);
}
END_TEST

static char *of_session(const member_t *m, const char *sid)
{
    return live_token_of(live_text("{\"sub\": \"%s\", \"sid\": \"%s\", \"exp\": %lld}", m->uuid, sid, live_now() + 60));
}

START_TEST(a_new_password_ends_the_other_sessions)
{
    member_t m = member("sessions");
    char *kept = live_sql("SELECT (activity.open_session($1::uuid, 'collaboration', gen_random_uuid(), gen_random_uuid(), 3600)).sid", m.uuid, NULL);
    char *ended = live_sql("SELECT (activity.open_session($1::uuid, 'collaboration', gen_random_uuid(), gen_random_uuid(), 3600)).sid", m.uuid, NULL);
    char *token = of_session(&m, kept), *other = of_session(&m, ended);

    live_expect(att("GET", other, NULL, "/users/me"), 200);
    live_expect(att("PUT", token, "{'current_password': '" PASSWORD "', 'new_password': 'another password'}", "/users/me/password"), 204);
    live_expect(att("GET", token, NULL, "/users/me"), 200);
    expect_bad_token(other);
}
END_TEST

START_TEST(nothing_secret_is_logged_or_shown)
{
    member_t m = member("secret");
    live_reply_t *reply = att("GET", m.token, NULL, "/users/me");

    ck_assert_ptr_null(strstr(reply->body, "hash"));
    ck_assert_ptr_null(strstr(reply->body, "$2"));
}
END_TEST

START_TEST(a_large_body_is_refused)
{
    char *large = malloc(1100000);

    memset(large, ' ', 1099999);
    large[1099999] = '\0';
    expect_detail(with_header("POST", "/auth/register", NULL, large, "application/json"), 413, "Request body too large");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("attendance: accounts");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, the_service_says_what_it_is);
    tcase_add_test(tc, every_operation_is_published);
    tcase_add_test(tc, pages_from_anywhere_may_call);
    tcase_add_test(tc, an_account_comes_back_as_it_was_sent);
    tcase_add_loop_test(tc, a_bad_registration_names_every_field, 0, sizeof bad_registrations / sizeof bad_registrations[0]);
    tcase_add_test(tc, lengths_count_characters);
    tcase_add_test(tc, a_body_of_another_type_is_read_as_json);
    tcase_add_test(tc, three_forms_of_credentials);
    tcase_add_test(tc, the_token_says_who_it_is);
    tcase_add_test(tc, a_login_in_any_letter_case);
    tcase_add_test(tc, a_wrong_password_and_an_unknown_address_are_one);
    tcase_add_loop_test(tc, a_malformed_basic_header, 0, sizeof malformed / sizeof malformed[0]);
    tcase_add_test(tc, no_credentials_at_all);
    tcase_add_test(tc, missing_fields_of_a_login);
    tcase_add_test(tc, only_a_right_password_tells_of_the_account);
    tcase_add_test(tc, every_byte_of_a_password_counts);
    tcase_add_test(tc, an_unknown_address_costs_the_same_work);
    tcase_add_test(tc, what_is_no_good_token);
    tcase_add_loop_test(tc, everything_of_users_and_events_needs_a_token, 0, sizeof with_token / sizeof with_token[0]);
    tcase_add_test(tc, a_token_makes_its_user_where_that_is_wanted);
    tcase_add_test(tc, lifetimes_are_the_administrators);
    tcase_add_test(tc, an_account_is_changed_member_by_member);
    tcase_add_test(tc, what_another_account_has_is_refused);
    tcase_add_loop_test(tc, a_bad_change_is_refused, 0, sizeof bad_changes / sizeof bad_changes[0]);
    tcase_add_test(tc, who_closes_their_account_is_out_everywhere);
    tcase_add_test(tc, a_password_is_changed_by_who_knows_it);
    tcase_add_test(tc, a_new_password_ends_the_other_sessions);
    tcase_add_test(tc, nothing_secret_is_logged_or_shown);
    tcase_add_test(tc, a_large_body_is_refused);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
