/*
 * What every mounted API has before any operation of its own: health, the published document, the page of /docs, and
 * what happens to paths and methods that it does not have.
 */
#include <string.h>
#include <unistd.h>

#include "harness.h"

/* The mounts of conf/activities.conf, and what one may expect of each. */
static const struct {
    const char *base, *health, *title;
    const char *ready;                  /* what says whether the database is there; NULL: health does */
} MOUNTS[] = {
    {"/api/v1/participation", "/health", "Participation", NULL},
    {"/registration", "/health", "Registration", NULL},
    {"/attendance", "/health", "Attendance", NULL},
    {"/collaboration", "/health", "Event Management", NULL},
    {"/gatherhub", "/health", "GatherHub", "/health/ready"},
    {"/attendance", "/health", "Attendance", NULL},
};
#define MOUNT_COUNT ((int)(sizeof MOUNTS / sizeof *MOUNTS))

static live_reply_t *ask(const char *method, int mount, const char *path)
{
    return live_ask(method, live_text("%s%s", MOUNTS[mount].base, path), NULL, NULL);
}

START_TEST(health_is_answered)
{
    live_reply_t *reply = ask("GET", _i, MOUNTS[_i].health);

    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "status"), "healthy");
    ck_assert_msg(!live_header(reply, "X-RateLimit-Limit"), "health is limited");
}
END_TEST

START_TEST(the_document_is_published)
{
    live_reply_t *reply = ask("GET", _i, "/openapi.json");
    const char *path, *key;
    json_t *operations, *operation;

    live_expect(reply, 200);
    ck_assert_str_eq(live_header(reply, "Content-Type"), "application/json");
    ck_assert_int_eq(strncmp(live_string(reply, "openapi"), "3.1.", 4), 0);
    ck_assert_ptr_nonnull(strstr(live_string(reply, "info.title"), MOUNTS[_i].title));
    ck_assert_msg(strstr(reply->body, "\"x-") == NULL, "an x- key is published");
    ck_assert_int_gt((int)json_object_size(live_member(reply, "paths")), 5);
    json_object_foreach(live_member(reply, "paths"), path, operations) {
        json_object_foreach(operations, key, operation) {
            ck_assert_msg(!strcmp(key, "parameters") || json_object_get(operation, "operationId"), "%s %s has no operationId",
                          key, path);
        }
    }
}
END_TEST

START_TEST(the_document_names_its_mount)
{
    live_reply_t *reply = ask("GET", _i, "/openapi.json");

    live_expect(reply, 200);
    ck_assert_ptr_nonnull(strstr(live_string(reply, "servers.0.url"), MOUNTS[_i].base));
}
END_TEST

START_TEST(docs_are_a_page_of_our_own)
{
    live_reply_t *reply = ask("GET", _i, "/docs");

    live_expect(reply, 200);
    ck_assert_int_eq(strncmp(live_header(reply, "Content-Type"), "text/html", 9), 0);
    ck_assert_msg(!strstr(reply->body, "https://") && !strstr(reply->body, "http://"), "the page loads something from elsewhere");
}
END_TEST

START_TEST(a_trailing_slash_means_nothing)
{
    live_expect(ask("GET", _i, live_text("%s/", MOUNTS[_i].health)), 200);
    live_expect(ask("GET", _i, "/openapi.json/"), 200);
    live_expect(ask("GET", _i, live_text("//%s//", MOUNTS[_i].health + 1)), 200);
}
END_TEST

START_TEST(an_unknown_path_is_404)
{
    live_reply_t *reply = ask("GET", _i, "/no/such/path");

    live_expect(reply, 404);
    ck_assert_ptr_nonnull(reply->json);
    ck_assert_str_eq(live_header(reply, "Content-Type"), "application/json");
    live_string(reply, "detail");
    live_expect(ask("DELETE", _i, "/no/such/path"), 404);
}
END_TEST

START_TEST(another_method_is_405)
{
    live_reply_t *reply = ask("DELETE", _i, MOUNTS[_i].health);

    live_expect(reply, 405);
    live_string(reply, "detail");
    ck_assert_str_eq(live_header(reply, "Allow"), "GET, HEAD, OPTIONS");
    live_expect(ask("BREW", _i, MOUNTS[_i].health), 405);
}
END_TEST

START_TEST(head_is_get_without_a_body)
{
    live_reply_t *head = ask("HEAD", _i, MOUNTS[_i].health), *get = ask("GET", _i, MOUNTS[_i].health);

    live_expect(head, 200);
    ck_assert_int_eq((int)head->length, 0);
    ck_assert_str_eq(live_header(head, "Content-Type"), live_header(get, "Content-Type"));
}
END_TEST

START_TEST(options_says_what_there_is)
{
    live_reply_t *reply = ask("OPTIONS", _i, MOUNTS[_i].health);

    ck_assert_msg(reply->status == 204 || reply->status == 200, "status %ld", reply->status);
    ck_assert_str_eq(live_header(reply, "Allow"), "GET, HEAD, OPTIONS");
    live_expect(ask("OPTIONS", _i, "/no/such/path"), 404);
}
END_TEST

START_TEST(nothing_is_answered_beside_the_mounts)
{
    live_reply_t *reply = live_ask("GET", "/api/v1/participationhealth", NULL, NULL);

    live_expect(reply, 404);
    ck_assert_ptr_null(reply->json);
}
END_TEST

START_TEST(an_unhealthy_database_is_said)
{
    live_reply_t *reply = NULL;
    const char *ready = MOUNTS[_i].ready ? MOUNTS[_i].ready : MOUNTS[_i].health;

    live_expect_log("ACT02");
    live_expect_log("dbd:error");
    live_expect_log("ACT03");
    live_expect_log("ACT05");
    live_database_stop();
    for (int i = 0; i < 30 && (!reply || reply->status == 200); i++) {  /* a healthy answer may be a second old */
        usleep(100000);
        reply = ask("GET", _i, ready);
    }
    live_database_start();
    live_expect(reply, 503);
    live_expect(ask("GET", _i, ready), 200);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("service");
    TCase *tc = tcase_create("every mount");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, health_is_answered, 0, MOUNT_COUNT);
    tcase_add_loop_test(tc, the_document_is_published, 0, MOUNT_COUNT);
    tcase_add_loop_test(tc, the_document_names_its_mount, 0, MOUNT_COUNT);
    tcase_add_loop_test(tc, docs_are_a_page_of_our_own, 0, MOUNT_COUNT);
    tcase_add_loop_test(tc, a_trailing_slash_means_nothing, 0, MOUNT_COUNT);
    tcase_add_loop_test(tc, an_unknown_path_is_404, 0, MOUNT_COUNT);
    tcase_add_loop_test(tc, another_method_is_405, 0, MOUNT_COUNT);
    tcase_add_loop_test(tc, head_is_get_without_a_body, 0, MOUNT_COUNT);
    tcase_add_loop_test(tc, options_says_what_there_is, 0, MOUNT_COUNT);
    tcase_add_test(tc, nothing_is_answered_beside_the_mounts);
    tcase_add_loop_test(tc, an_unhealthy_database_is_said, 0, MOUNT_COUNT);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
