/*
 * The way of a request through the module, on two APIs made for it (hello.yaml, engine.yaml): what is decided in which order, where values come
 * from, what becomes of whatever a procedure answers or fails with, and the HTTP around it.
 */
#include <stdlib.h>
#include <string.h>

#include "harness.h"

#define SUB "5b0c3f64-6c6a-4d0a-9f4e-0c6f5a6f7a11"

static live_reply_t *ask(const char *method, const char *path)
{
    return live_ask(method, path, NULL, NULL);
}

static live_reply_t *ask_with(const char *method, const char *path, const char *token, const char *body, const char *h1, const char *h2)
{
    const char *headers[] = {h1, h1 ? h2 : NULL, NULL};
    live_request_t request = {.method = method, .path = path, .token = token, .json = body, .headers = headers};

    return live_send(&request);
}

static void expect_header(const live_reply_t *reply, const char *name, const char *value)
{
    const char *found = live_header(reply, name);

    if (!value) {
        ck_assert_msg(!found, "%s: %s", name, found);
        return;
    }
    ck_assert_msg(found && !strcmp(found, value), "%s: %s, not %s", name, found ? found : "(none)", value);
}

/* ---- values ------------------------------------------------------------------------------------------------- */

START_TEST(every_source_has_its_value)
{
    char *token = live_token_of(live_text("{\"sub\":\"%s\",\"exp\":%lld,\"full_name\":\"Zo\"}", SUB, live_now() + 60));
    live_reply_t *reply = ask_with("POST", "/claims/sources/a%20b%C3%BC/?q=x%26y&page=3&z=1&pages=2", token, "{\"n\": 7.0, \"u\": [1, null]}",
                                   "X-Declared: 12", "X-Raw: caf\xe9");

    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "word"), "a b\xc3\xbc");
    ck_assert_str_eq(live_string(reply, "q"), "x&y");
    ck_assert_int_eq(live_int(reply, "declared"), 12);
    ck_assert_str_eq(live_string(reply, "raw"), "caf?");
    ck_assert_int_eq(live_int(reply, "n"), 7);
    ck_assert_int_eq(live_int(reply, "body.u.0"), 1);
    ck_assert_str_eq(live_string(reply, "sub"), SUB);
    ck_assert_str_eq(live_string(reply, "name"), "name of " SUB);
    ck_assert_str_eq(live_string(reply, "claims.full_name"), "Zo");
    ck_assert_str_eq(live_string(reply, "address"), "127.0.0.1");
    ck_assert_str_eq(live_string(reply, "mount"), "/claims");
    ck_assert_ptr_nonnull(strstr(live_string(reply, "base"), "/claims"));
    ck_assert_str_eq(live_string(reply, "query"), "q=x%26y&z=1&pages=2");
    ck_assert_str_eq(live_string(reply, "version"), "0.0.1");
    ck_assert(json_is_null(live_member(reply, "bot_key")));
}
END_TEST

START_TEST(what_is_absent_is_null)
{
    live_reply_t *reply = ask("POST", "/engine/sources/a");
    static const char *const absent[] = {"q", "declared", "raw", "body", "n", "sub", "claims", "name"};

    live_expect(reply, 200);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        ck_assert_msg(json_is_null(live_member(reply, absent[i])), "%s is not null", absent[i]);
    }
    ck_assert_str_eq(live_string(reply, "query"), "");
    ck_assert(json_is_true(live_member(reply, "bot_key")));
}
END_TEST

START_TEST(claims_are_withheld_where_nobody_is_provisioned)
{
    live_reply_t *reply = live_ask("POST", "/engine/sources/a", live_token(SUB), NULL);

    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "sub"), SUB);
    ck_assert(json_is_null(live_member(reply, "claims")));
}
END_TEST

/* ---- what procedures answer ---------------------------------------------------------------------------------- */

START_TEST(a_reply_goes_out_as_it_is)
{
    live_reply_t *reply = ask("GET", "/engine/reply?status=409&body=%7B%22a%22%3A%20%201%20%7D");

    live_expect(reply, 409);
    ck_assert_str_eq(reply->body, "{\"a\":  1 }");
    expect_header(reply, "Content-Type", "application/json");
    expect_header(reply, "X-Content-Type-Options", "nosniff");
    expect_header(reply, "ETag", NULL);
    ck_assert_ptr_nonnull(live_header(reply, "X-Request-Id"));
}
END_TEST

/* The document's headers are set among them, of the operation and of the whole. */
START_TEST(headers_of_other_modules_stay)
{
    live_reply_t *reply = ask("GET", "/engine/reply?status=200");

    expect_header(reply, "X-Content-Type-Options", "nosniff");
    ck_assert_int_eq(live_header_count(reply, "X-Early"), 2);
    ck_assert_int_eq(live_header_count(ask("GET", "/engine/nowhere"), "X-Early"), 2);
}
END_TEST

START_TEST(a_large_reply_is_whole)
{
    live_reply_t *reply = ask("GET", "/engine/large?n=3000000");

    live_expect(reply, 200);
    ck_assert_uint_eq(reply->length, 3000002);
}
END_TEST

START_TEST(a_procedure_may_set_headers)
{
    live_reply_t *reply = ask("GET", "/engine/reply?status=200&body=hi&headers=" "%7B%22X-A%22%3A%22b%22%2C%22ETag%22%3A%22%5C%22v1%5C%22%22%2C"
                              "%22X-N%22%3A5%2C%22X-Null%22%3Anull%2C%22Content-Type%22%3A%22text/plain%22%2C%22Link%22%3A%5B%22%3Ca%3E%22%2C%22%3Cb%3E%22%5D%7D");

    live_expect(reply, 200);
    expect_header(reply, "X-A", "b");
    expect_header(reply, "ETag", "\"v1\"");
    expect_header(reply, "X-N", "5");
    expect_header(reply, "X-Null", NULL);
    expect_header(reply, "Content-Type", "text/plain");
    ck_assert_int_eq(live_header_count(reply, "Link"), 2);
}
END_TEST

START_TEST(no_header_ends_its_line_or_the_framing)
{
    live_reply_t *reply;

    live_expect_log("ACT0306");
    /* {"X-A":"b\r\nX-B: c","X C":"d","Content-Length":"3","X-Ok":"y"} */
    reply = ask("GET", "/engine/reply?status=200&body=1234567&headers=%7B%22X-A%22%3A%22b%5Cr%5CnX-B%3A%20c%22%2C%22X%20C%22%3A%22d%22%2C"
                       "%22Content-Length%22%3A%223%22%2C%22X-Ok%22%3A%22y%22%7D");
    live_expect(reply, 200);
    expect_header(reply, "X-A", NULL);
    expect_header(reply, "X-B", NULL);
    expect_header(reply, "Content-Length", "7");
    expect_header(reply, "X-Ok", "y");
}
END_TEST

START_TEST(a_reply_that_is_none_is_a_fault)
{
    live_expect_log("ACT0305");
    live_expect_log("ACT0307");
    live_expect(ask("GET", "/engine/reply?status=99&body=1"), 500);
    live_expect(ask("GET", "/engine/reply?status=1000&body=1"), 500);
    live_expect(ask("GET", "/engine/reply?body=1"), 500);
    live_expect(ask("GET", "/engine/reply?status=200&body=1&headers=%5B%5D"), 200);
}
END_TEST

START_TEST(an_error_without_a_body_gets_one)
{
    live_reply_t *reply = ask("GET", "/engine/reply?status=418");

    live_expect(reply, 418);
    ck_assert_str_eq(live_string(reply, "error"), "http_418");
}
END_TEST

START_TEST(no_content_has_none)
{
    live_reply_t *reply = ask("POST", "/engine/reply?status=204&body=1");

    live_expect(reply, 204);
    ck_assert_uint_eq(reply->length, 0);
    expect_header(reply, "Content-Type", NULL);
    expect_header(reply, "Content-Length", NULL);
}
END_TEST

START_TEST(what_the_client_has_is_not_sent_again)
{
    live_reply_t *first = ask("GET", "/engine/large?n=10");
    const char *etag = live_header(first, "ETag");
    live_reply_t *again;

    ck_assert_ptr_nonnull(etag);
    again = ask_with("GET", "/engine/large?n=10", NULL, NULL, live_text("If-None-Match: \"x\", %s", etag), NULL);
    live_expect(again, 304);
    ck_assert_uint_eq(again->length, 0);
    expect_header(again, "ETag", etag);
    live_expect(ask_with("GET", "/engine/large?n=11", NULL, NULL, live_text("If-None-Match: %s", etag), NULL), 200);
    expect_header(ask("GET", "/engine/large?n=10"), "ETag", etag);
    ck_assert_str_ne(live_header(ask("GET", "/engine/large?n=11"), "ETag"), etag);
}
END_TEST

/* ---- how procedures fail ------------------------------------------------------------------------------------- */

static const struct {
    const char *sqlstate;
    int status;
} FAULTS[] = {
    {"23505", 500}, {"P0001", 500}, {"22012", 500}, {"40001", 503}, {"40P01", 503}, {"53300", 503}, {"57014", 504},
};

START_TEST(a_fault_becomes_a_status_and_tells_nothing)
{
    live_reply_t *reply;

    live_expect_log("ACT0308");
    live_expect_log("ACT0309");
    live_expect_log("ACT0310");
    reply = ask("POST", live_text("/engine/fail/%s", FAULTS[_i].sqlstate));
    live_expect(reply, FAULTS[_i].status);
    ck_assert_msg(!strstr(reply->body, "made to fail") && !strstr(reply->body, FAULTS[_i].sqlstate), "%s", reply->body);
    expect_header(reply, "Retry-After", FAULTS[_i].status == 503 ? "2" : NULL);
}
END_TEST

START_TEST(the_log_finds_the_request)
{
    long from = live_log_end();
    const char *id;

    live_expect_log("ACT0310");
    id = live_header(ask("POST", "/engine/fail/P0001"), "X-Request-Id");
    live_await_log(from, live_text("request %s, operation fail: 500, the procedure failed, SQLSTATE P0001: made to fail", id));
}
END_TEST

START_TEST(a_procedure_that_takes_too_long_is_stopped)
{
    live_reply_t *reply;

    live_expect_log("ACT0309");
    live_expect(ask("POST", "/engine/sleep/0.2"), 200);
    reply = ask("POST", "/engine/sleep/20");
    live_expect(reply, 504);
    ck_assert_msg(reply->seconds < 5, "after %f s", reply->seconds);
}
END_TEST

START_TEST(a_missing_procedure_is_unavailable_alone)
{
    live_expect_log("ACT0220");
    live_expect_log("ACT0308");
    live_expect(ask("GET", "/engine/missing"), 503);
    live_expect(ask("GET", "/engine/large?n=1"), 200);
}
END_TEST

/* ---- who calls ----------------------------------------------------------------------------------------------- */

START_TEST(a_token_is_needed_where_the_mount_needs_it)
{
    live_reply_t *reply = live_ask("POST", "/hello/greetings", NULL, "{\"whom\":\"Bo\"}");

    live_expect_problem(reply, 401, "Not authenticated", NULL);
    expect_header(reply, "WWW-Authenticate", "Bearer");
    expect_header(reply, "X-RateLimit-Limit", NULL);
    live_expect(live_ask("POST", "/hello/greetings", live_token(SUB), "{\"whom\":\"Bo\"}"), 201);
    live_expect(ask("GET", "/hello/greetings"), 200);                         /* [{}, {bearer}] */
    live_expect(live_ask("GET", "/hello/greetings", "nonsense", NULL), 401);  /* may come, and must then be good */
    live_expect(live_ask("GET", "/hello/greetings/1", "nonsense", NULL), 200);/* [] */
    live_expect(live_ask("GET", "/engine/nobody", NULL, NULL), 200);          /* ActivitiesAuth optional */
    live_expect(live_ask("GET", "/engine/nobody", "nonsense", NULL), 401);
    live_expect(ask_with("GET", "/engine/nobody", NULL, NULL, "Authorization: Basic YTpi", NULL), 200);
    live_expect(live_ask("GET", "/nobody/greetings", "nonsense", NULL), 200); /* ActivitiesAuth none */
}
END_TEST

START_TEST(a_refused_caller_is_answered_by_the_document)
{
    live_reply_t *reply = live_ask("GET", "/engine/nobody", live_token("11111111-1111-1111-1111-111111111111"), NULL);

    live_expect(reply, 403);
    ck_assert_str_eq(live_string(reply, "error"), "banned");
    live_expect_problem(live_ask("DELETE", "/hello/greetings/1", live_token("00000000-0000-0000-0000-000000000000"), NULL), 404,
                        "User not found", NULL);
}
END_TEST

/* ---- the order of decisions ---------------------------------------------------------------------------------- */

static const struct {
    const char *what, *method, *path, *token, *body;
    int status;
} ORDER[] = {
    {"no path before no token", "POST", "/hello/nothing", "bad", "{", 404},
    {"no method before no token", "PUT", "/hello/greetings", "bad", "{", 405},
    {"no token before a bad body", "POST", "/hello/greetings", "bad", "{", 401},
    {"a bad body before a refused caller", "POST", "/hello/greetings", "nil", "{", 400},
    {"a bad field before a refused caller", "POST", "/hello/greetings", "nil", "{}", 422},
    {"a refused caller last", "POST", "/hello/greetings", "nil", "{\"whom\":\"x\"}", 404},
};

START_TEST(decisions_come_in_their_order)
{
    const char *token = strcmp(ORDER[_i].token, "nil") ? ORDER[_i].token : live_token("00000000-0000-0000-0000-000000000000");
    live_reply_t *reply = live_ask(ORDER[_i].method, ORDER[_i].path, token, ORDER[_i].body);

    ck_assert_msg(reply->status == ORDER[_i].status, "%s: %ld", ORDER[_i].what, reply->status);
}
END_TEST

START_TEST(limits_count_by_whom_they_should)
{
    char *someone = live_token("5b0c3f64-6c6a-4d0a-9f4e-0c6f5a6f7a12"), *another = live_token("5b0c3f64-6c6a-4d0a-9f4e-0c6f5a6f7a13");
    live_reply_t *reply;

    for (int i = 0; i < 10; i++) {
        reply = live_ask("POST", "/hello/greetings", someone, i < 5 ? "{\"whom\":\"x\"}" : "{");
        ck_assert_int_eq(reply->status, i < 5 ? 201 : 400);                   /* what validation refuses counts */
        expect_header(reply, "X-RateLimit-Remaining", live_text("%d", 9 - i));
    }
    reply = live_ask("POST", "/hello/greetings", someone, "{\"whom\":\"x\"}");
    live_expect(reply, 429);
    ck_assert_int_eq(live_int(reply, "retry_after"), atoi(live_header(reply, "Retry-After")));
    ck_assert_int_ge(live_int(reply, "retry_after"), 1);
    ck_assert_int_le(live_int(reply, "retry_after"), 120);
    live_expect(live_ask("POST", "/hello/greetings", another, "{\"whom\":\"x\"}"), 201);
}
END_TEST

START_TEST(a_dry_run_refuses_nothing)
{
    long from = live_log_end();

    for (int i = 0; i < 5; i++) {
        live_expect(ask("GET", "/dry/few"), 200);
    }
    live_await_log(from, "ACT0301");
    for (int i = 0; i < 4; i++) {
        live_expect(ask("GET", "/engine/few"), i < 3 ? 200 : 429);            /* each mount counts for itself */
    }
}
END_TEST

START_TEST(limits_outlive_a_graceful_restart)
{
    live_request_t request = {.path = "/engine/few", .from = "127.0.9.9"};

    for (int i = 0; i < 3; i++) {
        live_expect(live_send(&request), 200);
    }
    live_graceful();
    live_expect(live_send(&request), 429);
}
END_TEST

/* ---- HTTP ---------------------------------------------------------------------------------------------------- */

START_TEST(paths_and_methods)
{
    live_reply_t *reply = ask("PATCH", "/hello/greetings/1");

    live_expect(reply, 405);
    expect_header(reply, "Allow", "DELETE, GET, HEAD, OPTIONS");
    live_expect(ask("TRACE", "/hello/greetings"), 405);
    live_expect(ask("BREW", "/hello/greetings"), 405);
    reply = ask("OPTIONS", "/hello/greetings");
    live_expect(reply, 204);
    expect_header(reply, "Allow", "GET, HEAD, OPTIONS, POST");
    live_expect_problem(ask("OPTIONS", "/hello/nothing"), 404, "Not Found", NULL);
    live_expect_problem(ask("GET", "/hello"), 404, "Not Found", NULL);
    live_expect(ask("GET", "/hello/greetings/"), 200);
    live_expect(ask("GET", "/hellogreetings"), 404);                          /* not below the mount */
}
END_TEST

START_TEST(httpds_own_errors_speak_the_apis_language)
{
    live_reply_t *reply;

    live_expect_log("AH01630");
    reply = ask("GET", "/engine/denied");
    live_expect(reply, 403);
    ck_assert_str_eq(live_string(reply, "error"), "http_403");
    ck_assert_str_eq(live_string(reply, "message"), "Forbidden");
    expect_header(reply, "Content-Type", "application/json");
    expect_header(reply, "Access-Control-Allow-Origin", "*");
    ck_assert_ptr_nonnull(live_header(reply, "X-Request-Id"));
}
END_TEST

START_TEST(a_body_that_is_too_large_is_refused)
{
    char *body = malloc(100002);
    live_request_t request = {.method = "POST", .path = "/engine/sources/a", .body = body, .type = "application/json"};
    const char *chunked[] = {"Transfer-Encoding: chunked", NULL};

    memset(body, ' ', 100001);
    memcpy(body, "{}", 2);
    body[100001] = '\0';
    request.body_length = 100000;
    live_expect(live_send(&request), 200);
    request.body_length = 100001;
    live_expect(live_send(&request), 413);
    request.headers = chunked;
    live_expect(live_send(&request), 413);
    request.body_length = 100000;
    live_expect(live_send(&request), 200);
}
END_TEST

START_TEST(any_origin_may_call)
{
    live_reply_t *reply = ask("GET", "/engine/nothing");

    live_expect(reply, 404);
    expect_header(reply, "Access-Control-Allow-Origin", "*");
    ck_assert_ptr_nonnull(strstr(live_header(reply, "Access-Control-Expose-Headers"), "X-RateLimit-Remaining"));
    expect_header(reply, "Access-Control-Allow-Credentials", NULL);
    expect_header(ask("GET", "/dry/large"), "Access-Control-Allow-Origin", NULL);
}
END_TEST

static live_reply_t *preflight(const char *path, const char *origin, const char *more)
{
    const char *headers[] = {live_text("Origin: %s", origin), "Access-Control-Request-Method: POST", more, NULL};
    live_request_t request = {.method = "OPTIONS", .path = path, .headers = headers};

    return live_send(&request);
}

START_TEST(preflights_are_answered_on_every_path)
{
    live_reply_t *reply = preflight("/engine/reply", "https://b.example", "Access-Control-Request-Headers: authorization,X-A");

    live_expect(reply, 204);
    expect_header(reply, "Access-Control-Allow-Origin", "*");
    expect_header(reply, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS, POST");
    expect_header(reply, "Access-Control-Allow-Headers", "authorization,X-A");
    expect_header(reply, "Access-Control-Max-Age", "600");
    reply = preflight("/engine/nothing", "https://b.example", "Access-Control-Request-Headers: a(b)");
    live_expect(reply, 204);
    expect_header(reply, "Access-Control-Allow-Headers", NULL);
    expect_header(reply, "Access-Control-Allow-Methods", "GET, HEAD, OPTIONS, POST");
    reply = preflight("/engine/nothing", "https://b.example", "Access-Control-Request-Headers: a b");
    expect_header(reply, "Access-Control-Allow-Headers", NULL);
    reply = preflight("/dry/reply", "https://b.example", NULL);               /* none: an ordinary OPTIONS */
    live_expect(reply, 204);
    expect_header(reply, "Access-Control-Allow-Methods", NULL);
    expect_header(reply, "Allow", "GET, HEAD, OPTIONS, POST");
}
END_TEST

START_TEST(only_listed_origins_may_call)
{
    live_reply_t *reply = preflight("/claims/reply", "http://localhost:3000", NULL);

    live_expect(reply, 204);
    expect_header(reply, "Access-Control-Allow-Origin", "http://localhost:3000");
    expect_header(reply, "Vary", "Origin");
    reply = preflight("/claims/reply", "https://b.example", NULL);
    live_expect(reply, 403);
    ck_assert_str_eq(live_string(reply, "message"), "Origin not allowed");
    expect_header(reply, "Vary", "Origin");
    expect_header(reply, "Access-Control-Allow-Origin", NULL);
    reply = ask_with("GET", "/claims/large?n=1", NULL, NULL, "Origin: https://b.example", NULL);
    live_expect(reply, 200);                                                  /* carried out, but not for that page to read */
    expect_header(reply, "Access-Control-Allow-Origin", NULL);
    expect_header(reply, "Vary", "Origin");
}
END_TEST

START_TEST(docs_can_be_turned_off)
{
    live_expect(ask("GET", "/hello/openapi.json"), 200);
    live_expect(ask("GET", "/hello/docs"), 200);
    live_expect(ask("GET", "/nobody/openapi.json"), 404);
    live_expect(ask("GET", "/nobody/docs"), 404);
    live_expect(ask("POST", "/hello/docs"), 405);
    live_expect(ask("GET", "/hello/docs/index.html"), 404);
    live_expect(ask("GET", "/hello/docs/swagger-ui.version"), 404);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("engine");
    TCase *tc = tcase_create("requests");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, every_source_has_its_value);
    tcase_add_test(tc, what_is_absent_is_null);
    tcase_add_test(tc, claims_are_withheld_where_nobody_is_provisioned);
    tcase_add_test(tc, a_reply_goes_out_as_it_is);
    tcase_add_test(tc, headers_of_other_modules_stay);
    tcase_add_test(tc, a_large_reply_is_whole);
    tcase_add_test(tc, a_procedure_may_set_headers);
    tcase_add_test(tc, no_header_ends_its_line_or_the_framing);
    tcase_add_test(tc, a_reply_that_is_none_is_a_fault);
    tcase_add_test(tc, an_error_without_a_body_gets_one);
    tcase_add_test(tc, no_content_has_none);
    tcase_add_test(tc, what_the_client_has_is_not_sent_again);
    tcase_add_loop_test(tc, a_fault_becomes_a_status_and_tells_nothing, 0, (int)(sizeof FAULTS / sizeof *FAULTS));
    tcase_add_test(tc, the_log_finds_the_request);
    tcase_add_test(tc, a_procedure_that_takes_too_long_is_stopped);
    tcase_add_test(tc, a_missing_procedure_is_unavailable_alone);
    tcase_add_test(tc, a_token_is_needed_where_the_mount_needs_it);
    tcase_add_test(tc, a_refused_caller_is_answered_by_the_document);
    tcase_add_loop_test(tc, decisions_come_in_their_order, 0, (int)(sizeof ORDER / sizeof *ORDER));
    tcase_add_test(tc, limits_count_by_whom_they_should);
    tcase_add_test(tc, a_dry_run_refuses_nothing);
    tcase_add_test(tc, limits_outlive_a_graceful_restart);
    tcase_add_test(tc, paths_and_methods);
    tcase_add_test(tc, httpds_own_errors_speak_the_apis_language);
    tcase_add_test(tc, a_body_that_is_too_large_is_refused);
    tcase_add_test(tc, any_origin_may_call);
    tcase_add_test(tc, preflights_are_answered_on_every_path);
    tcase_add_test(tc, only_listed_origins_may_call);
    tcase_add_test(tc, docs_can_be_turned_off);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
