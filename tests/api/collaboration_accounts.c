/*
 * Collaboration: accounts, sessions and their tokens.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_collaboration.h"

#define AUTH "/api/v1/auth"

static live_reply_t *refresh(const char *token)
{
    return col("POST", NULL, live_text("{'refresh_token': '%s'}", token), AUTH "/refresh");
}

static void is_over(const char *token)
{
    live_reply_t *reply = col("GET", token, NULL, AUTH "/me");

    expect_detail(reply, 401, "Could not validate credentials");
    ck_assert_str_eq(live_header(reply, "WWW-Authenticate"), "Bearer");
}

static char *text_of(const live_reply_t *reply, const char *member)
{
    return live_text("%s", live_string(reply, member));
}

START_TEST(registering)
{
    char *mark = live_sql("SELECT left(gen_random_uuid()::text, 8)", NULL);
    char *body = live_text("{'username': 'Mira-%s', 'email': 'Mira-%s@Example.org', 'password': 'correct horse', 'full_name': 'Mira Holt', "
                           "'role': 'admin', 'is_active': false, 'id': 7}", mark, mark);
    live_reply_t *reply = col("POST", NULL, body, AUTH "/register"), *me;

    live_expect(reply, 201);
    expect_shape(reply, "", "access_token:text refresh_token:text token_type:text expires_in:int user_id:int username:text role:text");
    expect_like(reply, "", "{'token_type': 'bearer', 'expires_in': 1800, 'username': 'Mira-%s', 'role': 'user'}", mark);
    ck_assert_int_eq((int)json_object_size(reply->json), 7);
    ck_assert_str_eq(live_header(reply, "Cache-Control"), "no-store");
    me = col("GET", live_string(reply, "access_token"), NULL, AUTH "/me");
    live_expect(me, 200);
    expect_like(me, "", "{'username': 'Mira-%s', 'email': 'Mira-%s@Example.org', 'full_name': 'Mira Holt', 'role': 'user', 'is_active': true}",
                mark, mark);
    expect_shape(me, "", "id:int uuid:uuid");
    ck_assert_int_eq((int)json_object_size(me->json), 7);
    expect_detail(col("POST", NULL, body, AUTH "/register"), 400, "Username already registered");
    expect_detail(col("POST", NULL, live_text("{'username': 'mIRA-%s', 'email': 'other-%s@example.org', 'password': 'correct horse'}", mark, mark),
                      AUTH "/register"), 400, "Username already registered");
    expect_detail(col("POST", NULL, live_text("{'username': 'other-%s', 'email': 'mira-%s@example.ORG', 'password': 'correct horse'}", mark, mark),
                      AUTH "/register"), 400, "Email already registered");
}
END_TEST

START_TEST(texts_come_back_as_they_were_sent)
{
    static const char *const names[] = {"", " ", "  Mira ", "a\\n\\u0001b", "Mi\\u0301ra \\ud83d\\ude00"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *mark = live_sql("SELECT left(gen_random_uuid()::text, 8)", NULL);
        live_reply_t *reply = col("POST", NULL, live_text("{'username': 'mira %s', 'email': 'mira-%s@example.org', 'password': 'correct horse', "
                                  "'full_name': '%s'}", mark, mark, names[i]), AUTH "/register");
        char *token;

        live_expect(reply, 201);
        token = text_of(reply, "access_token");
        reply = col("GET", token, NULL, AUTH "/me");
        expect_like(reply, "", "{'full_name': '%s'}", names[i]);
        if (i == 0) {
            expect_like(att("GET", token, NULL, "/users/me"), "", "{'name': 'mira %s'}", mark); /* which shows somebody, so no empty name */
        }
    }
}
END_TEST

START_TEST(no_reply_about_accounts_is_stored)
{
    static const char *const requests[][2] = {
        {"GET", AUTH "/me"}, {"POST", AUTH "/login"}, {"POST", AUTH "/register"}, {"POST", AUTH "/refresh"}, {"POST", AUTH "/logout"},
        {"PUT", AUTH "/password"}, {"GET", AUTH "/login"}, {"DELETE", AUTH "/me/"}, {"GET", AUTH "/nothing"}, {"GET", AUTH},
    };

    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        ck_assert_str_eq(live_header(col(requests[i][0], NULL, NULL, "%s", requests[i][1]), "Cache-Control"), "no-store");
    }
    ck_assert_ptr_null(live_header(col("GET", NULL, NULL, "/api/v1/authors"), "Cache-Control"));
}
END_TEST

START_TEST(what_cannot_be_registered)
{
    static const char *const cases[][2] = {
        {"{}", "body.username=missing body.email=missing body.password=missing"},
        {"{'username': 'ab', 'email': 'x', 'password': '1234567', 'full_name': 7}",
         "body.username=string_too_short body.email=value_error body.password=string_too_short body.full_name=string_type"},
        {"{'username': null, 'email': true, 'password': 12345678}", "body.username=string_type body.email=string_type body.password=string_type"},
        {"{'username': 'a@bc', 'email': 'a@b', 'password': '12345678'}", "body.username=value_error body.email=value_error"},
        {"{'username': ' abc', 'email': 'a b@c.de', 'password': '12345678'}", "body.username=value_error body.email=value_error"},
        {"{'username': 'abc ', 'email': 'a@b..de', 'password': '12345678'}", "body.username=value_error body.email=value_error"},
        {"{'username': 'a\\u0007bc', 'email': 'a@@b.de', 'password': '12345678'}", "body.username=value_error body.email=value_error"},
        {"[]", "body=dict_type"}, {"{", "body=json_invalid"}, {"", "body=missing"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_flaws(col("POST", NULL, cases[i][0], AUTH "/register"), cases[i][1]);
    }
}
END_TEST

START_TEST(every_character_of_a_password_counts)
{
    char *mark = live_sql("SELECT left(gen_random_uuid()::text, 8)", NULL), *most = live_sql("SELECT repeat('p', 127)", NULL);

    live_expect(col("POST", NULL, live_text("{'username': 'long-%s', 'email': 'long-%s@example.org', 'password': '%sx'}", mark, mark, most),
                    AUTH "/register"), 201);
    live_expect(col("POST", NULL, live_text("{'username': 'long-%s', 'password': '%sx'}", mark, most), AUTH "/login"), 200);
    live_expect(col("POST", NULL, live_text("{'username': 'long-%s', 'password': '%sy'}", mark, most), AUTH "/login"), 401);
}
END_TEST

START_TEST(logging_in)
{
    keeper_t mira = keeper("mira");
    char *tokenless = live_user("elsewhere");
    char *name = live_sql("SELECT username FROM activity.users WHERE user_id = $1::uuid", tokenless, NULL);
    live_reply_t *unknown = col("POST", NULL, "{'username': 'nobody at all', 'password': 'correct horse'}", AUTH "/login");
    live_reply_t *wrong = col("POST", NULL, live_text("{'username': '%s', 'password': 'incorrect'}", mira.name), AUTH "/login");
    live_reply_t *none = col("POST", NULL, live_text("{'username': '%s', 'password': 'incorrect'}", name), AUTH "/login");
    live_reply_t *good = col("POST", NULL, live_text("{'username': '%s@EXAMPLE.org', 'password': '" PASSWORD "'}", mira.name), AUTH "/login");

    expect_detail(unknown, 401, "Incorrect username/email or password");
    ck_assert_str_eq(unknown->body, wrong->body);
    ck_assert_str_eq(unknown->body, none->body);
    ck_assert_str_eq(live_header(wrong, "WWW-Authenticate"), "Bearer");
    live_expect(good, 200);
    ck_assert_int_eq(live_int(good, "user_id"), mira.id);
    live_expect(col("GET", mira.token, NULL, AUTH "/me"), 200);
    expect_flaws(col("POST", NULL, "{'username': '', 'password': ''}", AUTH "/login"),
                 "body.username=string_too_short body.password=string_too_short");
}
END_TEST

START_TEST(refreshing)
{
    keeper_t mira = keeper("mira");
    live_reply_t *first = refresh(mira.refresh), *second;
    char *access, *next;

    live_expect(first, 200);
    access = text_of(first, "access_token");
    next = text_of(first, "refresh_token");
    live_expect(col("GET", mira.token, NULL, AUTH "/me"), 200);
    second = refresh(next);
    live_expect(second, 200);
    live_expect(col("GET", text_of(second, "access_token"), NULL, AUTH "/me"), 200);
    /* one that was replaced is reuse: the session ends, with all that came of it */
    expect_detail(refresh(mira.refresh), 401, "Invalid refresh token");
    is_over(mira.token);
    is_over(access);
    is_over(text_of(second, "access_token"));
    expect_detail(refresh(text_of(second, "refresh_token")), 401, "Invalid refresh token");
}
END_TEST

START_TEST(what_is_no_refresh_token)
{
    keeper_t mira = keeper("mira");
    char *sid = live_sql("SELECT sid FROM activity.sessions WHERE user_id = $1::uuid", mira.uuid, NULL);
    char *foreign = live_token_of(live_text("{\"sub\":\"%s\",\"type\":\"refresh\",\"sid\":\"%s\",\"jti\":\"%s\",\"iat\":%lld,\"exp\":%lld}", mira.uuid,
                                            mira.uuid, mira.uuid, live_now(), live_now() + 99));
    char *expired = live_token_of(live_text("{\"sub\":\"%s\",\"type\":\"refresh\",\"sid\":\"%s\",\"jti\":\"%s\",\"exp\":%lld}", mira.uuid, sid, mira.uuid,
                                            live_now() - 60));

    expect_detail(refresh("nonsense"), 401, "Invalid refresh token");
    expect_detail(refresh(mira.token), 401, "Invalid refresh token");
    expect_detail(refresh(foreign), 401, "Invalid refresh token");
    expect_detail(refresh(expired), 401, "Invalid refresh token");
    expect_flaws(col("POST", NULL, "{}", AUTH "/refresh"), "body.refresh_token=missing");
    is_over(mira.refresh);                                /* nor is it an access token */
    live_expect(refresh(mira.refresh), 200);              /* and none of that did harm */
}
END_TEST

START_TEST(an_account_that_is_closed)
{
    keeper_t mira = keeper("mira");
    live_reply_t *me;

    live_sql("UPDATE activity.users SET is_active = false WHERE user_id = $1::uuid", mira.uuid, NULL);
    expect_detail(col("GET", mira.token, NULL, "/api/v1/events"), 400, "Inactive user");
    expect_detail(col("POST", mira.token, "{}", "/api/v1/events/1/rollback/1"), 400, "Inactive user");
    me = col("GET", mira.token, NULL, AUTH "/me");
    live_expect(me, 200);
    ck_assert(json_is_false(live_member(me, "is_active")));
    expect_detail(col("POST", NULL, live_text("{'username': '%s', 'password': '" PASSWORD "'}", mira.name), AUTH "/login"), 400, "Inactive user");
    expect_detail(col("POST", NULL, live_text("{'username': '%s', 'password': 'incorrect'}", mira.name), AUTH "/login"), 401,
                  "Incorrect username/email or password");
    expect_detail(refresh(mira.refresh), 401, "User not found or inactive");
    live_expect(col("POST", mira.token, NULL, AUTH "/logout"), 200);
    is_over(mira.token);
}
END_TEST

START_TEST(logging_out_holds_everywhere)
{
    keeper_t mira = keeper("mira");
    live_reply_t *reply = col("POST", mira.token, NULL, AUTH "/logout");

    live_expect(reply, 200);
    expect_like(reply, "", "{'message': 'Successfully logged out'}");
    is_over(mira.token);
    expect_detail(refresh(mira.refresh), 401, "Invalid refresh token");
    live_expect(live_ask("GET", ATT "/users/me", mira.token, NULL), 401);
    live_expect(live_ask("GET", API "/invitations/received", mira.token, NULL), 401);
    expect_detail(col("POST", mira.token, NULL, AUTH "/logout"), 401, "Could not validate credentials");
}
END_TEST

START_TEST(logging_out_with_a_refresh_token)
{
    keeper_t mira = keeper("mira"), jo = keeper("jo");
    live_reply_t *other = col("POST", NULL, live_text("{'username': '%s', 'password': '" PASSWORD "'}", mira.name), AUTH "/login");
    char *stale;

    live_expect(other, 200);
    stale = text_of(other, "refresh_token");
    other = refresh(stale);
    live_expect(col("POST", jo.token, live_text("{'refresh_token': '%s'}", mira.refresh), AUTH "/logout"), 200);
    live_expect(col("GET", mira.token, NULL, AUTH "/me"), 200);           /* nobody ends another's */
    live_expect(col("POST", mira.token, live_text("{'refresh_token': '%s'}", stale), AUTH "/logout"), 200);
    live_expect(col("GET", text_of(other, "access_token"), NULL, AUTH "/me"), 200);   /* nor by one that is not good */
    mira.token = text_of(col("POST", NULL, live_text("{'username': '%s', 'password': '" PASSWORD "'}", mira.name), AUTH "/login"), "access_token");
    live_expect(col("POST", mira.token, live_text("{'refresh_token': '%s'}", text_of(other, "refresh_token")), AUTH "/logout"), 200);
    is_over(mira.token);
    is_over(text_of(other, "access_token"));
}
END_TEST

START_TEST(tokens_without_a_session)
{
    char *user = live_user("outside");
    char *one = live_token_of(live_text("{\"sub\":\"%s\",\"iat\":%lld,\"exp\":%lld,\"n\":1}", user, live_now(), live_now() + 600));
    char *two = live_token_of(live_text("{\"sub\":\"%s\",\"iat\":%lld,\"exp\":%lld,\"n\":2}", user, live_now(), live_now() + 600));

    live_expect(col("POST", one, NULL, AUTH "/logout"), 200);
    is_over(one);
    live_expect(col("GET", two, NULL, AUTH "/me"), 200);
    live_expect(col("POST", two, "{'all_sessions': true}", AUTH "/logout"), 200);
    is_over(two);
    is_over(live_token_of(live_text("{\"sub\":\"%s\",\"iat\":%lld,\"exp\":%lld,\"n\":3}", user, live_now() - 5, live_now() + 600)));
    expect_flaws(col("POST", live_token(live_user("x")), "{'all_sessions': 1, 'refresh_token': 7}", AUTH "/logout"),
                 "body.all_sessions=bool_type body.refresh_token=string_type");
}
END_TEST

START_TEST(logging_out_everywhere)
{
    keeper_t mira = keeper("mira");
    live_reply_t *other = col("POST", NULL, live_text("{'username': '%s', 'password': '" PASSWORD "'}", mira.name), AUTH "/login");

    live_expect(col("POST", mira.token, "{'all_sessions': true}", AUTH "/logout"), 200);
    is_over(mira.token);
    is_over(text_of(other, "access_token"));
    expect_detail(refresh(text_of(other, "refresh_token")), 401, "Invalid refresh token");
    live_expect(col("POST", NULL, live_text("{'username': '%s', 'password': '" PASSWORD "'}", mira.name), AUTH "/login"), 200);
}
END_TEST

START_TEST(another_password)
{
    keeper_t mira = keeper("mira");
    live_reply_t *other = col("POST", NULL, live_text("{'username': '%s', 'password': '" PASSWORD "'}", mira.name), AUTH "/login");

    expect_detail(col("PUT", mira.token, "{'current_password': 'incorrect', 'new_password': 'battery staple'}", AUTH "/password"), 400,
                  "Incorrect password");
    expect_detail(col("PUT", live_token(live_user("x")), "{'current_password': 'incorrect', 'new_password': 'battery staple'}", AUTH "/password"), 400,
                  "Incorrect password");
    expect_flaws(col("PUT", mira.token, "{'current_password': '', 'new_password': 'short'}", AUTH "/password"),
                 "body.current_password=string_too_short body.new_password=string_too_short");
    other = col("PUT", mira.token, "{'current_password': '" PASSWORD "', 'new_password': 'battery staple'}", AUTH "/password");
    live_expect(other, 200);
    expect_like(other, "", "{'message': 'Password changed'}");
    live_expect(col("GET", mira.token, NULL, AUTH "/me"), 200);
    live_expect(col("POST", NULL, live_text("{'username': '%s', 'password': '" PASSWORD "'}", mira.name), AUTH "/login"), 401);
    live_expect(col("POST", NULL, live_text("{'username': '%s', 'password': 'battery staple'}", mira.name), AUTH "/login"), 200);
}
END_TEST

START_TEST(another_password_ends_other_sessions)
{
    keeper_t mira = keeper("mira");
    char *other = text_of(col("POST", NULL, live_text("{'username': '%s', 'password': '" PASSWORD "'}", mira.name), AUTH "/login"), "access_token");

    live_expect(col("PUT", mira.token, "{'current_password': '" PASSWORD "', 'new_password': 'battery staple'}", AUTH "/password"), 200);
    is_over(other);
    live_expect(refresh(mira.refresh), 200);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("collaboration_accounts");
    TCase *tcase = tcase_create("accounts");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, registering);
    tcase_add_test(tcase, texts_come_back_as_they_were_sent);
    tcase_add_test(tcase, no_reply_about_accounts_is_stored);
    tcase_add_test(tcase, what_cannot_be_registered);
    tcase_add_test(tcase, every_character_of_a_password_counts);
    tcase_add_test(tcase, logging_in);
    tcase_add_test(tcase, refreshing);
    tcase_add_test(tcase, what_is_no_refresh_token);
    tcase_add_test(tcase, an_account_that_is_closed);
    tcase_add_test(tcase, logging_out_holds_everywhere);
    tcase_add_test(tcase, logging_out_with_a_refresh_token);
    tcase_add_test(tcase, tokens_without_a_session);
    tcase_add_test(tcase, logging_out_everywhere);
    tcase_add_test(tcase, another_password);
    tcase_add_test(tcase, another_password_ends_other_sessions);
    suite_add_tcase(suite, tcase);
    return live_run(suite);
}
