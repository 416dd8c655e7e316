/*
 * Collaboration: streamEvent, the versions of an event as they are made.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_collaboration.h"
#include "harness_stream.h"

#define E "/api/v1/events"

static stream_t *watch(const char *token, long long event)
{
    return open_stream(live_text(COL E "/%lld/stream", event), token);
}

static void expect_message(stream_t *s, const char *expected)
{
    char *got = next_message(s, SOON);

    ck_assert_msg(got && !strncmp(got, expected, strlen(expected)), "expected %s, got %s", expected, got ? got : "nothing");
}

/* Whether the server ends it by then without a further message. */
static void expect_end(stream_t *s, int ms)
{
    char *more = next_message(s, ms);

    ck_assert_msg(!more, "a message more: %s", more);
    ck_assert_msg(s->over, "the stream goes on");
}

START_TEST(each_version_as_it_is_made)
{
    keeper_t mira = keeper("mira"), jo = keeper("jo");
    long long event = occasion(&mira, "Watched");
    stream_t *s, *other;

    shares(&mira, event, &jo, "editor");
    s = watch(jo.token, event);
    expect_message(s, live_text("event: ready\ndata: {\"event_id\":%lld,\"version\":1}\n", event));
    live_expect(col("PUT", mira.token, "{'title': 'Second'}", E "/%lld", event), 200);
    live_expect(col("PUT", mira.token, "{'title': 'Second'}", E "/%lld", event), 200);       /* no version, no message */
    {
        char *got = next_message(s, SOON), *data = got ? strstr(got, "data: ") : NULL;
        json_t *json;

        ck_assert_msg(got && !strncmp(got, "id: 2\nevent: updated\n", 21), "%s", got ? got : "nothing");
        json = json_loads(data + 6, JSON_DISABLE_EOF_CHECK, NULL);
        ck_assert_int_eq((int)json_object_size(json), 4);
        ck_assert_int_eq(json_integer_value(json_object_get(json, "event_id")), event);
        ck_assert_int_eq(json_integer_value(json_object_get(json, "version")), 2);
        ck_assert_int_eq(json_integer_value(json_object_get(json, "changed_by")), mira.id);
        ck_assert_str_eq(json_string_value(json_object_get(json, "change_summary")), "Updated: title: Watched → Second");
    }
    live_expect(col("POST", jo.token, NULL, E "/%lld/rollback/1", event), 200);
    expect_message(s, "id: 3\nevent: rolled_back\n");
    live_expect(live_ask("PATCH", live_text(API "/activities/%s", activity_of(event)), mira.token, "{\"title\": \"From there\"}"), 200);
    expect_message(s, "id: 4\nevent: updated\n");
    other = watch(mira.token, event);
    expect_message(other, live_text("event: ready\ndata: {\"event_id\":%lld,\"version\":4}\n", event));
    live_expect(col("DELETE", mira.token, NULL, E "/%lld", event), 204);
    expect_message(s, "id: 5\nevent: deleted\n");
    expect_message(other, "id: 5\nevent: deleted\n");
    expect_end(s, SOON);
    expect_end(other, SOON);
}
END_TEST

START_TEST(a_bystander_is_told_of_the_end)
{
    keeper_t mira = keeper("mira"), guest = keeper("guest");
    char *activity = live_activity(mira.uuid, 0);
    long long event = number_of_activity(activity);
    stream_t *s = watch(guest.token, event);

    expect_message(s, "event: ready\n");
    live_expect(col("DELETE", mira.token, NULL, E "/%lld", event), 204);
    expect_message(s, "id: 2\nevent: deleted\n");
    expect_end(s, SOON);
}
END_TEST

START_TEST(who_loses_the_level_hears_nothing_more)
{
    keeper_t mira = keeper("mira"), jo = keeper("jo");
    long long event = occasion(&mira, "Watched");
    stream_t *s;

    shares(&mira, event, &jo, "viewer");
    s = watch(jo.token, event);
    expect_message(s, "event: ready\n");
    live_expect(col("DELETE", mira.token, NULL, E "/%lld/permissions/%lld", event, jo.id), 200);
    live_expect(col("PUT", mira.token, "{'title': 'Secret'}", E "/%lld", event), 200);
    expect_end(s, SOON);
}
END_TEST

START_TEST(who_logs_out_hears_nothing_more)
{
    keeper_t mira = keeper("mira"), jo = keeper("jo");
    long long event = occasion(&mira, "Watched");
    stream_t *s, *idle;

    shares(&mira, event, &jo, "viewer");
    s = watch(jo.token, event);
    idle = watch(jo.token, occasion(&jo, "Idle"));
    expect_message(s, "event: ready\n");
    expect_message(idle, "event: ready\n");
    live_expect(col("POST", jo.token, NULL, "/api/v1/auth/logout"), 200);
    live_expect(col("PUT", mira.token, "{'title': 'Secret'}", E "/%lld", event), 200);
    expect_end(s, SOON);
    expect_end(idle, 20000);                              /* the next comment due ends it */
}
END_TEST

START_TEST(who_may_not_opens_none)
{
    keeper_t mira = keeper("mira"), other = keeper("other");
    long long event = occasion(&mira, "Watched");

    expect_detail(col("GET", other.token, NULL, E "/%lld/stream", event), 403, "Insufficient permissions to view event");
    expect_detail(col("GET", NULL, NULL, E "/%lld/stream", event), 401, "Not authenticated");
    expect_detail(col("GET", mira.token, NULL, E "/999999999/stream"), 404, "Event not found");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("collaboration_stream");
    TCase *tcase = tcase_create("stream");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, each_version_as_it_is_made);
    tcase_add_test(tcase, a_bystander_is_told_of_the_end);
    tcase_add_test(tcase, who_loses_the_level_hears_nothing_more);
    tcase_add_test(tcase, who_logs_out_hears_nothing_more);
    tcase_add_test(tcase, who_may_not_opens_none);
    suite_add_tcase(suite, tcase);
    return live_run(suite);
}
