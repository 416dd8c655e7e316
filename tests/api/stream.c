/*
 * Streams: participation's openStream as its contract has it (7.8), what keeps it open and what ends it, and what it must not cost.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness_stream.h"

#define MOUNT "/api/v1/participation"
#define MANY 300                        /* streams at once: more than the children of a test have threads */

/* ---- what a stream tells ------------------------------------------------------------------------------------- */

/* The stream of the person whose token it is. */
static stream_t *stream_of(const char *token)
{
    return open_stream(MOUNT "/stream", token);
}

/* The next message is this event; its data. */
static json_t *expect_event(stream_t *s, const char *event)
{
    char *block = next_message(s, SOON), *line = live_text("event: %s\ndata: ", event), *data;
    json_t *json;

    ck_assert_msg(block != NULL, "no %s within %d ms", event, SOON);
    ck_assert_msg(!strncmp(block, line, strlen(line)), "not %s but: %s", event, block);
    data = block + strlen(line);
    *strchr(data, '\n') = '\0';
    json = json_loads(data, 0, NULL);
    ck_assert_msg(json_is_object(json), "data is no object: %s", data);
    return json;
}

static void expect_member(const json_t *json, const char *name, const char *value)
{
    const char *is = json_string_value(json_object_get(json, name));

    ck_assert_msg(is && !strcmp(is, value), "%s is %s, not %s", name, is ? is : "no string", value);
}

static void expect_silence(stream_t *s, int ms)
{
    char *block = next_message(s, ms);

    ck_assert_msg(block == NULL, "a message that should not be: %s", block);
    ck_assert_msg(!s->over, "the stream has ended");
}

/* The stream ends within so many milliseconds; how many it took. */
static long long expect_end(stream_t *s, int ms)
{
    long long began = milliseconds();

    while (!s->over && take(s, "\n\n", (int)(began + ms - milliseconds()))) {
        continue;
    }
    ck_assert_msg(s->over, "the stream has not ended after %d ms", ms);
    return milliseconds() - began;
}

/* ---- what happens -------------------------------------------------------------------------------------------- */

static void post(const char *user, const char *path, const char *json)
{
    live_reply_t *reply = live_ask("POST", live_text(MOUNT "%s", path), live_token(user), json);

    ck_assert_msg(reply->status / 100 == 2, "%s: %ld %s", path, reply->status, reply->body);
}

/* An activity that people are invited to. */
static char *invite_only(const char *host)
{
    live_reply_t *reply = live_ask("POST", MOUNT "/activities", live_token(host),
                                   "{\"title\": \"By invitation\", \"scheduled_at\": \"2092-05-04T18:00:00Z\", \"privacy\": \"invite_only\"}");

    live_expect(reply, 201);
    return strdup(live_string(reply, "activity_id"));
}

static void join(const char *user, const char *activity)
{
    post(user, live_text("/activities/%s/join", activity), NULL);
}

static void invite(const char *by, const char *activity, const char *user)
{
    post(by, live_text("/activities/%s/invitations", activity), live_text("{\"user_ids\": [\"%s\"]}", user));
}

static void change(const char *by, const char *activity, const char *json)
{
    live_reply_t *reply = live_ask("PATCH", live_text(MOUNT "/activities/%s", activity), live_token(by), json);

    live_expect(reply, 200);
}

/* ---- the reply's beginning ----------------------------------------------------------------------------------- */

START_TEST(headers_and_a_comment_come_at_once)
{
    char *token = live_token(live_user("early"));
    long long began = milliseconds();
    stream_t *s = request_stream("GET", MOUNT "/stream", token);
    char *head = take(s, "\r\n\r\n", 5000);

    ck_assert_ptr_nonnull(head);
    ck_assert_ptr_nonnull(strcasestr(head, "\r\nContent-Type: text/event-stream"));
    ck_assert_ptr_nonnull(strcasestr(head, "\r\nCache-Control: no-store\r\n"));
    ck_assert_ptr_nonnull(strcasestr(head, "\r\nX-Accel-Buffering: no\r\n"));
    ck_assert_msg(!strcasestr(head, "Content-Encoding"), "the stream is compressed: %s", head);
    ck_assert_ptr_nonnull(take(s, "\n\n", 1000));
    ck_assert_int_lt(milliseconds() - began, 1000);
    hang_up(s);
}
END_TEST

START_TEST(head_answers_and_opens_nothing)
{
    stream_t *s = request_stream("HEAD", MOUNT "/stream", live_token(live_user("header")));
    char *head = take(s, "\r\n\r\n", 5000);

    ck_assert_msg(head && !strncmp(head, "HTTP/1.1 200 ", 13), "%s", head ? head : "nothing came");
    expect_end(s, 5000);
    ck_assert_uint_eq(s->length, 0);
    hang_up(s);
}
END_TEST

START_TEST(who_may_not_call_gets_no_stream)
{
    live_expect_problem(live_ask("GET", MOUNT "/stream", NULL, NULL), 401, "Not authenticated", "NOT_AUTHENTICATED");
    live_expect_problem(live_ask("GET", MOUNT "/stream", live_token("11111111-2222-4333-8444-555555555555"), NULL), 404,
                        "User not found", "USER_NOT_FOUND");
    live_expect(live_ask("POST", MOUNT "/stream", live_token(live_user("poster")), NULL), 405);
}
END_TEST

/* ---- what is told ---------------------------------------------------------------------------------------------- */

START_TEST(who_is_promoted_hears_of_it)
{
    char *host = live_user("host"), *in = live_user("in"), *waiting = live_user("waiting"), *other = live_user("other");
    char *activity = live_activity(host, 2);
    stream_t *s, *bystander;
    json_t *data;

    join(in, activity);                 /* the organizer has the other place */
    join(waiting, activity);
    s = stream_of(live_token(waiting));
    bystander = stream_of(live_token(other));
    live_expect(live_ask("DELETE", live_text(MOUNT "/activities/%s/leave", activity), live_token(in), NULL), 200);
    data = expect_event(s, "waitlist.promoted");
    expect_member(data, "activity_id", activity);
    ck_assert_ptr_nonnull(json_string_value(json_object_get(data, "promoted_at")));
    expect_silence(s, 500);
    expect_silence(bystander, 100);
    hang_up(s);
    hang_up(bystander);
}
END_TEST

START_TEST(who_is_invited_hears_of_it)
{
    char *host = live_user("host"), *guest = live_user("guest"), *activity = invite_only(host);
    stream_t *first = stream_of(live_token(guest)), *second = stream_of(live_token(guest));
    stream_t *own = stream_of(live_token(host));
    json_t *data;

    invite(host, activity, guest);
    data = expect_event(first, "invitation.received");
    expect_member(data, "activity_id", activity);
    expect_member(data, "invitation_id", live_sql("SELECT invitation_id FROM activity.activity_invitations WHERE user_id = $1::uuid",
                                                  guest, NULL));
    ck_assert_int_eq(json_equal(data, expect_event(second, "invitation.received")), 1);
    expect_silence(own, 300);
    hang_up(first);
    hang_up(second);
    hang_up(own);
}
END_TEST

START_TEST(a_new_start_or_status_is_told_to_all_in_it)
{
    char *host = live_user("host"), *in = live_user("in"), *waiting = live_user("waiting"), *other = live_user("other");
    char *activity = live_activity(host, 2);
    stream_t *streams[3], *bystander;
    int i;

    join(in, activity);
    join(waiting, activity);
    streams[0] = stream_of(live_token(host));
    streams[1] = stream_of(live_token(in));
    streams[2] = stream_of(live_token(waiting));
    bystander = stream_of(live_token(other));
    change(host, activity, "{\"title\": \"Only another name\"}");
    expect_silence(streams[1], 700);
    change(host, activity, "{\"scheduled_at\": \"2093-05-04T18:00:00+02:00\"}");
    for (i = 0; i < 3; i++) {
        json_t *data = expect_event(streams[i], "activity.updated");

        expect_member(data, "activity_id", activity);
        expect_member(data, "status", "published");
        expect_member(data, "scheduled_at", "2093-05-04T16:00:00Z");
    }
    change(host, activity, "{\"status\": \"cancelled\"}");
    for (i = 0; i < 3; i++) {
        expect_member(expect_event(streams[i], "activity.updated"), "status", "cancelled");
        hang_up(streams[i]);
    }
    expect_silence(bystander, 100);
    hang_up(bystander);
}
END_TEST

/* Whatever commits after the headers is delivered: here it commits as soon as they have come, again and again. */
START_TEST(nothing_after_the_headers_is_missed)
{
    char *host = live_user("host"), *activity = invite_only(host);
    int round;

    for (round = 0; round < 25; round++) {
        char *guest = live_user("guest");
        stream_t *s = stream_of(live_token(guest));

        invite(host, activity, guest);
        expect_member(expect_event(s, "invitation.received"), "activity_id", activity);
        expect_silence(s, 50);
        hang_up(s);
    }
}
END_TEST

/* Many, each once, in the order in which they were committed. */
START_TEST(a_burst_comes_whole_and_in_order)
{
    char *host = live_user("host"), *guest = live_user("guest"), *activities[100];
    stream_t *s = stream_of(live_token(guest));
    int i;

    for (i = 0; i < 100; i++) {
        activities[i] = invite_only(host);
    }
    for (i = 0; i < 100; i++) {
        invite(host, activities[i], guest);
    }
    for (i = 0; i < 100; i++) {
        expect_member(expect_event(s, "invitation.received"), "activity_id", activities[i]);
    }
    expect_silence(s, 300);
    hang_up(s);
}
END_TEST

/* ---- ends -------------------------------------------------------------------------------------------------------- */

START_TEST(the_tokens_end_is_the_streams)
{
    char *user = live_user("brief");
    stream_t *s = stream_of(live_token_of(live_text("{\"sub\": \"%s\", \"exp\": %lld}", user, live_now() + 3)));
    long long took = expect_end(s, 6000);

    ck_assert_msg(took > 1500, "it ended after %lld ms already", took);
    hang_up(s);
}
END_TEST

/* A comment every 25 seconds; and by then a stream whose session has ended is closed, whichever API ended it. */
START_TEST(a_silent_stream_lives_and_one_without_session_does_not)
{
    char *user = live_user("patient"), *sid = live_sql("SELECT gen_random_uuid()", NULL);
    stream_t *lives, *ends;
    char *comment;

    live_sql("SELECT outcome FROM activity.open_session($1::uuid, 'gatherhub', $2::uuid, gen_random_uuid(), 3600)", user, sid, NULL);
    lives = stream_of(live_token(user));
    ends = stream_of(live_token_of(live_text("{\"sub\": \"%s\", \"sid\": \"%s\", \"iat\": %lld, \"exp\": %lld}", user, sid,
                                               live_now(), live_now() + 3600)));
    live_sql("SELECT activity.end_session($1::uuid)", sid, NULL);
    comment = take(lives, "\n\n", 26500);
    ck_assert_msg(comment && comment[0] == ':', "no comment in 26 seconds");
    expect_end(ends, 26000);
    ck_assert(!lives->over);
    hang_up(lives);
    hang_up(ends);
}
END_TEST

START_TEST(a_graceful_restart_ends_streams_soon)
{
    char *token = live_token(live_user("restarted"));
    stream_t *s = stream_of(token);

    live_graceful();
    expect_end(s, 5000);
    hang_up(s);
    s = stream_of(token);
    expect_silence(s, 100);
    hang_up(s);
}
END_TEST

/* ---- cost ------------------------------------------------------------------------------------------------------ */

START_TEST(hundreds_of_idle_streams_hold_no_worker)
{
    char *host = live_user("host"), *guest = live_user("guest"), *token = live_token(guest), *activity = invite_only(host);
    stream_t *streams[MANY];
    int i;

    for (i = 0; i < MANY; i++) {
        streams[i] = stream_of(token);
    }
    for (i = 0; i < 10; i++) {
        live_reply_t *reply = live_ask("GET", live_text(MOUNT "/activities/%s", activity), live_token(host), NULL);

        live_expect(reply, 200);
        ck_assert_msg(reply->seconds < 1.0, "an ordinary request took %.2f s", reply->seconds);
    }
    invite(host, activity, guest);
    for (i = 0; i < MANY; i++) {
        expect_member(expect_event(streams[i], "invitation.received"), "activity_id", activity);
        hang_up(streams[i]);
    }
}
END_TEST

/* ---- the database goes and comes back ------------------------------------------------------------------------- */

START_TEST(streams_outlive_the_database)
{
    char *host = live_user("host"), *guest = live_user("guest"), *activity = invite_only(host);
    stream_t *s = stream_of(live_token(guest));
    live_reply_t *reply = NULL;
    int i;

    live_expect_log("ACT0520");         /* the hub is without it */
    live_expect_log("ACT0231");         /* and so are requests */
    live_expect_log("ACT0308");
    live_database_stop();
    expect_silence(s, 1500);
    live_database_start();
    for (i = 0; i < 100 && (!reply || reply->status / 100 != 2); i++) {
        usleep(100000);
        reply = live_ask("POST", live_text(MOUNT "/activities/%s/invitations", activity), live_token(host),
                         live_text("{\"user_ids\": [\"%s\"]}", guest));
    }
    ck_assert_int_eq(reply->status / 100, 2);
    ck_assert_ptr_nonnull(next_message(s, 20000));
    hang_up(s);
}
END_TEST

static Suite *suite(void)
{
    Suite *all = suite_create("stream");
    TCase *beginning = tcase_create("beginning"), *told = tcase_create("told"), *ends = tcase_create("ends"),
          *cost = tcase_create("cost"), *database = tcase_create("database");

    tcase_add_test(beginning, headers_and_a_comment_come_at_once);
    tcase_add_test(beginning, head_answers_and_opens_nothing);
    tcase_add_test(beginning, who_may_not_call_gets_no_stream);
    tcase_set_timeout(told, 60);
    tcase_add_test(told, who_is_promoted_hears_of_it);
    tcase_add_test(told, who_is_invited_hears_of_it);
    tcase_add_test(told, a_new_start_or_status_is_told_to_all_in_it);
    tcase_add_test(told, nothing_after_the_headers_is_missed);
    tcase_add_test(told, a_burst_comes_whole_and_in_order);
    tcase_set_timeout(ends, 90);
    tcase_add_test(ends, the_tokens_end_is_the_streams);
    tcase_add_test(ends, a_silent_stream_lives_and_one_without_session_does_not);
    tcase_add_test(ends, a_graceful_restart_ends_streams_soon);
    tcase_set_timeout(cost, 60);
    if (!getenv("MPM") || !strcmp(getenv("MPM"), "event")) {
        tcase_add_test(cost, hundreds_of_idle_streams_hold_no_worker);      /* elsewhere each stream holds one */
    }
    tcase_set_timeout(database, 60);
    tcase_add_test(database, streams_outlive_the_database);
    suite_add_tcase(all, beginning);
    suite_add_tcase(all, told);
    suite_add_tcase(all, ends);
    suite_add_tcase(all, cost);
    suite_add_tcase(all, database);
    return all;
}

int main(void)
{
    return live_run(suite());
}
