/*
 * GatherHub, 4 and 9: accounts, sessions, profiles, pictures; the shapes of errors; health.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness_gatherhub.h"

static live_reply_t *post(const char *path, const char *token, const char *json)
{
    return live_ask("POST", live_text(AUTH "%s", path), token, json ? quoted(json) : NULL);
}

static live_reply_t *refresh(const char *token)
{
    return post("/refresh/", NULL, live_text("{'refresh': '%s'}", token));
}

static live_reply_t *profile(const char *token)
{
    return live_ask("GET", AUTH "/profile/", token, NULL);
}

/* ---- registering ------------------------------------------------------------------------------------------- */

START_TEST(a_new_account)
{
    char *name;
    live_reply_t *reply = hub_register("Mira", &name), *shown = profile(live_string(reply, "access"));

    expect_like(reply, "user", "{'username': '%s', 'first_name': '', 'last_name': '', 'bio': '', 'avatar': null, 'last_login': null}", name);
    expect_shape(reply, "user", "id:int username:text first_name:text last_name:text email:text bio:text date_joined:time avatar:any? last_login:time?");
    ck_assert_str_eq(live_string(reply, "access"), live_string(reply, "tokens.access"));
    ck_assert_str_eq(live_string(reply, "refresh"), live_string(reply, "tokens.refresh"));
    ck_assert_int_eq(live_string(reply, "user.email")[0], 'm');       /* kept in lower case */
    live_expect(shown, 200);
    ck_assert_int_eq((int)live_int(shown, "id"), (int)live_int(reply, "user.id"));
    ck_assert_str_eq(live_header(reply, "Cache-Control"), "no-store");
    ck_assert_str_eq(live_header(reply, "X-Content-Type-Options"), "nosniff");
    live_expect(live_ask("GET", API "/blocks", live_string(reply, "access"), NULL), 200);      /* good on every API */
}
END_TEST

static const struct {
    const char *body, *details;
} REGISTERS[] = {
    {"{}", "{'username': ['This field is required.'], 'email': ['This field is required.'], 'password': ['This field is required.']}"},
    {"{'username': ' ', 'email': '', 'password': null}",
     "{'username': ['This field may not be blank.'], 'email': ['This field may not be blank.'], 'password': ['This field may not be null.']}"},
    {"{'username': 'ab', 'email': 'a', 'password': 7}",
     "{'username': ['Must have at least 3 characters.'], 'email': ['Enter a valid email address.'], 'password': ['Must be a string.']}"},
    {"{'username': 'a@b.example', 'email': 'a@b', 'password': 'a234567'}",
     "{'username': ['Enter a valid value.'], 'email': ['Enter a valid email address.'], 'password': ['Must have at least 8 characters.']}"},
    {"{'username': 'Abcd1234', 'email': 'x@e.org', 'password': 'aBCD1234'}", "{'password': ['Must be different from username.']}"},
    {"{'username': 'abcd', 'email': ' Abcd1@E.org ', 'password': 'abcd1@e.ORG'}", "{'password': ['Must be different from email.']}"},
    {"{'username': 'abcd', 'email': 'x@e.org', 'password': 'abcdefgh'}", "{'password': ['Must have at least one letter and one digit.']}"},
    {"{'username': 'abcd', 'email': 'x@e.org', 'password': '12345678'}", "{'password': ['Must have at least one letter and one digit.']}"},
    {"{'username': 'abcd', 'email': 'x@e.org', 'password': 'abcd12345', 'password_confirm': 'Abcd12345'}",
     "{'password_confirm': ['Must be equal to password.']}"},
    {"{'username': 'abcd', 'email': 'x@e.org', 'password': 'abcd12345', 'first_name': 'a\\u0000'}", "{'first_name': ['Enter a valid value.']}"},
};

START_TEST(what_an_account_may_not_be)
{
    expect_details(post("/register/", NULL, REGISTERS[_i].body), REGISTERS[_i].details);
}
END_TEST

START_TEST(names_are_taken_whatever_the_case)
{
    char *name;
    live_reply_t *reply;

    hub_register("taken", &name);
    name[0] = 'T';
    reply = post("/register/", NULL, live_text("{'username': '%s', 'email': '%s@Example.Org', 'password': '" HUB_PASSWORD "'}", name, name));
    expect_error(reply, "409 already_exists Username or email already exists");
    ck_assert(json_is_array(live_member(reply, "details.username")) && json_is_array(live_member(reply, "details.email")));
    reply = post("/register/", NULL, live_text("{'username': '%s-2', 'email': '%s@example.org', 'password': '" HUB_PASSWORD "'}", name, name));
    ck_assert_int_eq((int)json_object_size(live_member(reply, "details")), 1);
}
END_TEST

/* ---- logging in --------------------------------------------------------------------------------------------- */

START_TEST(logging_in)
{
    char *name;
    live_reply_t *reply;

    hub_register("lo", &name);
    reply = post("/login/", NULL, live_text("{'username': '%s', 'email': 'nobody', 'password': '" HUB_PASSWORD "'}", name));
    live_expect(reply, 200);
    ck_assert(json_is_string(live_member(reply, "user.last_login")));
    live_expect(post("/login/", NULL, live_text("{'username': '%s@EXAMPLE.org', 'password': '" HUB_PASSWORD "'}", name)), 200);
    live_expect(post("/login/", NULL, live_text("{'email': '%s@example.org', 'password': '" HUB_PASSWORD "'}", name)), 200);
    expect_error(post("/login/", NULL, live_text("{'username': '%s', 'password': 'lakeside 2032'}", name)), "400 invalid_credentials Invalid credentials");
    expect_error(post("/login/", NULL, "{'username': 'no-such-person', 'password': 'x'}"), "400 invalid_credentials Invalid credentials");
    expect_details(post("/login/", NULL, "{'password': 'x'}"), "{'username': ['This field is required.']}");
    expect_details(post("/login/", NULL, "{'username': '', 'password': ''}"),
                   "{'username': ['This field may not be blank.'], 'password': ['This field may not be blank.']}");
    live_sql("UPDATE activity.users SET is_active = false WHERE username = $1", name, NULL);
    expect_error(post("/login/", NULL, live_text("{'username': '%s', 'password': 'wrong 2031'}", name)), "400 invalid_credentials Invalid credentials");
    expect_error(post("/login/", NULL, live_text("{'username': '%s', 'password': '" HUB_PASSWORD "'}", name)), "401 account_disabled Account is disabled");
}
END_TEST

/* ---- sessions ------------------------------------------------------------------------------------------------ */

START_TEST(a_refresh_token_works_once)
{
    live_reply_t *first = hub_register("once", NULL), *second, *again, *third;

    second = refresh(live_string(first, "refresh"));
    live_expect(second, 200);
    again = refresh(live_string(first, "refresh"));
    live_expect(again, 200);
    ck_assert_str_eq(live_string(second, "refresh"), live_string(again, "refresh"));
    ck_assert_str_ne(live_string(second, "access"), live_string(again, "access"));
    third = refresh(live_string(second, "refresh"));
    live_expect(third, 200);
    expect_error(refresh(live_string(first, "refresh")), "401 token_reused Refresh token has already been used");
    expect_error(refresh(live_string(third, "refresh")), "401 invalid_token Token is invalid or expired");
    expect_error(profile(live_string(third, "access")), "401 invalid_token Token is invalid or expired");
    live_expect(live_ask("GET", API "/blocks", live_string(third, "access"), NULL), 401);
}
END_TEST

START_TEST(the_grace_ends)
{
    live_reply_t *first = hub_register("late", NULL), *second = refresh(live_string(first, "refresh"));

    live_sql("UPDATE activity.sessions SET rotated_at = rotated_at - interval '11 seconds' WHERE user_id = (SELECT user_id FROM activity.users WHERE number = $1::bigint)",
             live_text("%lld", live_int(first, "user.id")), NULL);
    expect_error(refresh(live_string(first, "refresh")), "401 token_reused Refresh token has already been used");
    expect_error(refresh(live_string(second, "refresh")), "401 invalid_token Token is invalid or expired");
}
END_TEST

START_TEST(what_is_no_refresh_token)
{
    live_reply_t *one = hub_register("odd", NULL);
    char *number = live_text("%lld", live_int(one, "user.id"));

    expect_error(refresh("x"), "401 invalid_token Token is invalid or expired");
    expect_error(refresh(live_string(one, "access")), "401 invalid_token Token is invalid or expired");
    expect_error(profile(live_string(one, "refresh")), "401 invalid_token Token is invalid or expired");
    expect_details(post("/refresh/", NULL, ""), "{'refresh': ['This field is required.']}");
    live_sql("UPDATE activity.sessions SET api = 'collaboration' WHERE user_id = (SELECT user_id FROM activity.users WHERE number = $1::bigint)", number, NULL);
    expect_error(refresh(live_string(one, "refresh")), "401 invalid_token Token is invalid or expired");
    live_sql("UPDATE activity.sessions SET api = 'gatherhub' WHERE user_id = (SELECT user_id FROM activity.users WHERE number = $1::bigint)", number, NULL);
    live_sql("UPDATE activity.users SET is_active = false WHERE number = $1::bigint", number, NULL);
    expect_error(refresh(live_string(one, "refresh")), "401 account_disabled Account is disabled");
}
END_TEST

START_TEST(logging_out)
{
    live_reply_t *a = hub_register("out", NULL), *b = hub_register("stay", NULL);
    const char *access = live_string(a, "access"), *own = live_string(a, "refresh");

    expect_error(post("/logout/", access, live_text("{'refresh': '%s'}", live_string(b, "refresh"))), "400 invalid_token Token is invalid or expired");
    expect_error(post("/logout/", access, live_text("{'refresh': '%s'}", access)), "400 invalid_token Token is invalid or expired");
    live_expect(profile(live_string(b, "access")), 200);
    expect_like(post("/logout/", access, live_text("{'refresh': '%s'}", own)), "", "{'message': 'Successfully logged out'}");
    expect_error(post("/logout/", access, live_text("{'refresh': '%s'}", own)), "401 invalid_token Token is invalid or expired");
    expect_error(refresh(own), "401 invalid_token Token is invalid or expired");
}
END_TEST

START_TEST(another_password)
{
    char *name;
    live_reply_t *here = hub_register("pw", &name), *there;
    const char *access = live_string(here, "access");

    there = post("/login/", NULL, live_text("{'username': '%s', 'password': '" HUB_PASSWORD "'}", name));
    expect_details(post("/change-password/", access, "{'current_password': 'x', 'new_password': 'pier 2032'}"),
                   "{'current_password': ['Current password is incorrect.']}");
    expect_details(post("/change-password/", access, "{'current_password': '" HUB_PASSWORD "', 'new_password': '" HUB_PASSWORD "'}"),
                   "{'new_password': ['Must be different from current_password.']}");
    expect_details(post("/change-password/", access, live_text("{'current_password': '" HUB_PASSWORD "', 'new_password': '%s@EXAMPLE.org'}", name)),
                   "{'new_password': ['Must be different from the username and the email.']}");
    expect_details(post("/change-password/", access, "{'current_password': 'x', 'new_password': 'pier 2032', 'new_password_confirm': 'Pier 2032'}"),
                   "{'new_password_confirm': ['Must be equal to new_password.']}");
    expect_like(post("/change-password/", access, "{'current_password': '" HUB_PASSWORD "', 'new_password': 'pier 2032'}"), "",
                "{'message': 'Password changed successfully.'}");
    live_expect(profile(access), 200);
    expect_error(profile(live_string(there, "access")), "401 invalid_token Token is invalid or expired");
    live_expect(post("/login/", NULL, live_text("{'username': '%s', 'password': 'pier 2032'}", name)), 200);
}
END_TEST

/* ---- profile and picture -------------------------------------------------------------------------------------- */

#define BOUNDARY "pictureboundary"
#define FORM "multipart/form-data; boundary=" BOUNDARY

/* A form of a text and a file of `length` bytes that begin with `head`. */
static live_reply_t *upload(const char *token, const char *bio, const char *head, size_t head_length, size_t length)
{
    char *before = live_text("--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"bio\"\r\n\r\n%s\r\n--" BOUNDARY
                             "\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"me.gif\"\r\nContent-Type: image/gif\r\n\r\n", bio);
    const char *after = "\r\n--" BOUNDARY "--\r\n";
    size_t n = strlen(before);
    char *body = malloc(n + length + strlen(after));

    memcpy(body, before, n);
    memset(body + n, 'x', length);
    memcpy(body + n, head, head_length < length ? head_length : length);
    memcpy(body + n + length, after, strlen(after));
    return live_send(&(live_request_t){.method = "PUT", .path = AUTH "/profile/", .token = token, .body = body,
                                       .body_length = n + length + strlen(after), .type = FORM});
}

#define PNG "\x89PNG\r\n\x1a\n"
#define JPEG "\xff\xd8\xff\xe0"

static const char *picture_path(const live_reply_t *reply)
{
    return strstr(live_string(reply, "avatar"), HUB "/media/");
}

START_TEST(a_picture)
{
    live_reply_t *me = hub_register("pic", NULL), *reply, *image;
    const char *token = live_string(me, "access"), *path, *headers[] = {NULL, NULL};

    reply = upload(token, "hello", PNG, 8, 2000000);
    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "bio"), "hello");
    path = picture_path(reply);
    image = live_ask("GET", path, NULL, NULL);
    live_expect(image, 200);
    ck_assert_int_eq((int)image->length, 2000000);
    ck_assert(!memcmp(image->body, PNG, 8));
    ck_assert_str_eq(live_header(image, "Content-Type"), "image/png");
    ck_assert_str_eq(live_header(image, "Cache-Control"), "public, max-age=31536000, immutable");
    ck_assert_str_eq(live_header(image, "X-Content-Type-Options"), "nosniff");
    ck_assert_str_eq(live_header(image, "Content-Security-Policy"), "default-src 'none'; sandbox");
    headers[0] = live_text("If-None-Match: %s", live_header(image, "ETag"));
    image = live_send(&(live_request_t){.path = path, .headers = headers});
    live_expect(image, 304);
    ck_assert_int_eq((int)image->length, 0);
    reply = upload(token, "again", JPEG, 4, 5242880);
    live_expect(reply, 200);
    ck_assert(strstr(picture_path(reply), ".jpg"));
    expect_error(live_ask("GET", path, NULL, NULL), "404 not_found Not found");
    ck_assert_str_eq(live_header(live_ask("GET", path, NULL, NULL), "Cache-Control"), "no-store");
    ck_assert_str_eq(live_header(live_ask("GET", HUB "/media/avatars/x.jpg", NULL, NULL), "Cache-Control"), "no-store");
    expect_like(live_ask("DELETE", AUTH "/profile/avatar/", token, NULL), "", "{'message': 'Avatar deleted successfully.'}");
    expect_error(live_ask("DELETE", AUTH "/profile/avatar/", token, NULL), "400 no_avatar No avatar to delete");
}
END_TEST

START_TEST(bad_pictures_change_nothing)
{
    live_reply_t *me = hub_register("bad", NULL);
    const char *token = live_string(me, "access");

    expect_details(upload(token, "b", PNG, 8, 5242881), "{'avatar': ['Avatar file must be at most 5 MiB.']}");
    expect_details(upload(token, "b", "GIF89a", 6, 100), "{'avatar': ['Avatar must be a JPEG or PNG image.']}");
    expect_details(upload(token, "b", "", 0, 0), "{'avatar': ['Avatar file is empty.']}");
    expect_error(upload(token, "b", PNG, 8, 6291456), "413 payload_too_large Request body is too large");
    expect_details(live_ask("PUT", AUTH "/profile/", token, "{\"avatar\": \"x\", \"bio\": \"b\"}"), "{'avatar': ['Send the avatar as a multipart/form-data file.']}");
    expect_details(live_ask("PUT", AUTH "/profile/", token, "{\"avatar\": 7, \"bio\": null}"),
                   "{'avatar': ['Send the avatar as a multipart/form-data file.'], 'bio': ['This field may not be null.']}");
    ck_assert_str_eq(live_string(profile(token), "bio"), "");
}
END_TEST

START_TEST(a_profile)
{
    live_reply_t *me = hub_register("prof", NULL), *reply;
    const char *token = live_string(me, "access"), *address;

    address = live_string(upload(token, "b", PNG, 8, 10), "avatar");
    reply = live_ask("PUT", AUTH "/profile/", token, quoted(live_text("{'first_name': ' Mira ', 'username': 'other', 'avatar': '%s'}", address)));
    live_expect(reply, 200);
    expect_like(reply, "", "{'first_name': 'Mira', 'bio': 'b', 'avatar': '%s'}", address);
    reply = live_ask("PUT", AUTH "/profile/", token, "{\"avatar\": null, \"last_name\": \"Holt\"}");
    expect_like(reply, "", "{'first_name': 'Mira', 'last_name': 'Holt', 'avatar': '%s'}", address);
    live_expect(live_ask("PUT", AUTH "/profile/", token, NULL), 200);
}
END_TEST

START_TEST(two_uploads_leave_one_picture)
{
    live_reply_t *me = hub_register("two", NULL), **replies;
    const char *token = live_string(me, "access");
    const char *body = "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"avatar\"; filename=\"a\"\r\n\r\n" JPEG "x\r\n--" BOUNDARY "--\r\n";
    live_request_t all[10];
    int shown = 0;

    for (int i = 0; i < 10; i++) {
        all[i] = (live_request_t){.method = "PUT", .path = AUTH "/profile/", .token = token, .body = body, .type = FORM};
    }
    replies = live_together(10, all);
    ck_assert_int_eq(live_count(replies, 10, 200), 10);
    for (int i = 0; i < 10; i++) {
        shown += live_ask("GET", picture_path(replies[i]), NULL, NULL)->status == 200;
    }
    ck_assert_int_eq(shown, 1);
}
END_TEST

/* ---- requests and health --------------------------------------------------------------------------------------- */

START_TEST(bodies)
{
    hubber_t who = hubber("body");
    char *large = malloc(1048579);

    memset(large, ' ', 1048578);
    large[1048578] = '\0';
    expect_error(hub("POST", &who, "{", "/events/"), "400 invalid_json Request body is not valid JSON");
    expect_error(hub("PUT", &who, large, "/auth/profile/"), "413 payload_too_large Request body is too large");
    expect_details(hub("POST", &who, "[]", "/events/"), "{'body': ['Must be an object.']}");
    expect_error(live_send(&(live_request_t){.method = "POST", .path = HUB "/api/v1/events/", .token = who.token, .body = "a", .type = "text/plain"}),
                 "415 unsupported_media_type Unsupported media type");
    live_expect(live_send(&(live_request_t){.method = "PUT", .path = AUTH "/profile/", .token = who.token, .body = "{}"}), 200);
}
END_TEST

START_TEST(the_window_of_a_limit)
{
    char *base = live_server("ActivitiesRateLimit listEvents 2/minute");
    hubber_t who = hubber("often");
    live_reply_t *reply = NULL;

    for (int i = 0; i < 3; i++) {
        reply = live_send(&(live_request_t){.base = base, .path = HUB "/api/v1/events/", .token = who.token});
    }
    expect_error(reply, live_text("429 rate_limit_exceeded Rate limit exceeded. Try again in %s seconds.", live_header(reply, "Retry-After")));
    expect_like(reply, "details", "{'limit': 2, 'window': '1 minute'}");
    ck_assert(json_is_string(live_member(reply, "details.reset_at")));
    live_stop(base);
}
END_TEST

START_TEST(health)
{
    live_reply_t *reply = live_ask("GET", HUB "/health/", NULL, NULL);

    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "status"), "healthy");
    expect_shape(reply, "", "status:text timestamp:time version:text");
    expect_like(live_ask("GET", HUB "/health/live", NULL, NULL), "", "{'status': 'alive', 'server_ready': true, 'django_ready': true}");
    reply = live_ask("GET", HUB "/health/ready/", NULL, NULL);
    live_expect(reply, 200);
    expect_like(reply, "", "{'status': 'healthy', 'checks': {'database': {'status': 'healthy'}, 'redis': {'status': 'not_configured'},"
                           " 'channels': {'status': 'healthy'}}}");
    ck_assert(json_is_number(live_member(reply, "checks.database.latency_ms")) && json_is_number(live_member(reply, "total_latency_ms")));
    reply = live_ask("GET", HUB "/health/status/", NULL, NULL);
    live_expect(reply, 200);
    expect_like(reply, "", "{'status': 'ok', 'system': {'environment': 'production', 'platform': 'Linux'}, 'database': {'status': 'connected'},"
                           " 'cache': {'status': 'working', 'backend': 'shared_memory'}, 'debug_mode': false}");
    ck_assert_str_eq(live_header(reply, "Cache-Control"), "no-store");
}
END_TEST

START_TEST(not_ready_without_a_procedure)
{
    live_reply_t *reply;
    int ready = 0;

    live_expect_log("ACT0220");
    live_sql("ALTER FUNCTION gatherhub.close_vote(uuid, bigint) RENAME TO was_close_vote", NULL);
    usleep(1100000);                        /* what was seen a second ago is not looked at again */
    reply = live_ask("GET", HUB "/health/ready/", NULL, NULL);
    live_expect(reply, 503);
    expect_like(reply, "", "{'status': 'unhealthy', 'checks': {'database': {'status': 'unhealthy', 'error': 'unavailable'},"
                           " 'channels': {'status': 'healthy'}}}");
    live_expect(live_ask("GET", HUB "/health/live/", NULL, NULL), 200);
    live_sql("ALTER FUNCTION gatherhub.was_close_vote(uuid, bigint) RENAME TO close_vote", NULL);
    for (int i = 0; i < 100 && ready < 8; i++) {        /* eight times: every child has seen it come back */
        usleep(100000);
        ready = live_ask("GET", HUB "/health/ready/", NULL, NULL)->status == 200 ? ready + 1 : 0;
    }
    ck_assert_int_eq(ready, 8);
}
END_TEST

START_TEST(health_without_a_database)
{
    live_reply_t *reply;

    live_expect_log("ACT02");
    live_expect_log("ACT03");
    live_expect_log("ACT05");
    live_expect_log("AH00632");
    live_expect_log("AH00639");
    live_database_stop();
    live_expect(live_ask("GET", HUB "/health/", NULL, NULL), 200);
    live_expect(live_ask("GET", HUB "/health/live/", NULL, NULL), 200);
    reply = live_ask("GET", HUB "/health/ready/", NULL, NULL);
    live_expect(reply, 503);
    expect_like(reply, "", "{'status': 'unhealthy', 'checks': {'database': {'status': 'unhealthy'}}}");
    ck_assert(json_is_string(live_member(reply, "checks.database.error")));
    reply = live_ask("GET", HUB "/health/status/", NULL, NULL);
    live_expect(reply, 200);
    sleep(2);                               /* what was kept from before is not kept longer */
    expect_like(live_ask("GET", HUB "/health/status/", NULL, NULL), "", "{'status': 'degraded', 'database': {'status': 'error'}}");
    live_database_start();
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("gatherhub: accounts");
    TCase *tc = tcase_create("accounts");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, a_new_account);
    tcase_add_loop_test(tc, what_an_account_may_not_be, 0, (int)(sizeof REGISTERS / sizeof *REGISTERS));
    tcase_add_test(tc, names_are_taken_whatever_the_case);
    tcase_add_test(tc, logging_in);
    tcase_add_test(tc, a_refresh_token_works_once);
    tcase_add_test(tc, the_grace_ends);
    tcase_add_test(tc, what_is_no_refresh_token);
    tcase_add_test(tc, logging_out);
    tcase_add_test(tc, another_password);
    tcase_add_test(tc, a_picture);
    tcase_add_test(tc, bad_pictures_change_nothing);
    tcase_add_test(tc, a_profile);
    tcase_add_test(tc, two_uploads_leave_one_picture);
    tcase_add_test(tc, bodies);
    tcase_add_test(tc, the_window_of_a_limit);
    tcase_add_test(tc, health);
    tcase_add_test(tc, not_ready_without_a_procedure);
    tcase_add_test(tc, health_without_a_database);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
