/*
 * Messages as bytes: nothing in a message can forge another, and a queue that is not read stays bounded.
 */
#include <apr_atomic.h>
#include <apr_general.h>
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "realtime/inside.h"

static void expect_message(const char *id, const char *event, const char *data, const char *bytes)
{
    mact_realtime_frame_t *frame = mact_realtime_sse.message(id, event, data);

    ck_assert_uint_eq(frame->length, strlen(bytes));
    ck_assert_msg(memcmp(frame->bytes, bytes, frame->length) == 0, "not %s but %.*s", bytes, (int)frame->length, frame->bytes);
    mact_realtime_frame_drop(frame);
}

static const struct {
    const char *id, *event, *data, *bytes;
} MESSAGES[] = {
    {NULL, "waitlist.promoted", "{}", "event: waitlist.promoted\ndata: {}\n\n"},
    {"17", "updated", "{\"a\":1}", "id: 17\nevent: updated\ndata: {\"a\":1}\n\n"},
    {NULL, NULL, "x", "data: x\n\n"},
    {NULL, "e", "", "event: e\ndata: \n\n"},
    {NULL, "e", "one\ntwo", "event: e\ndata: one\ndata: two\n\n"},
    {NULL, "e", "one\r\ntwo\rthree", "event: e\ndata: one\ndata: two\ndata: three\n\n"},
    {NULL, "e", "one\n\nevent: forged", "event: e\ndata: one\ndata: \ndata: event: forged\n\n"},
    {NULL, "e", "end\n", "event: e\ndata: end\ndata: \n\n"},
    {"1\nevent: forged", "e", "x", "id: 1\nid: event: forged\nevent: e\ndata: x\n\n"},
};

START_TEST(a_message_is_these_bytes)
{
    expect_message(MESSAGES[_i].id, MESSAGES[_i].event, MESSAGES[_i].data, MESSAGES[_i].bytes);
}
END_TEST

START_TEST(a_beat_is_a_comment)
{
    mact_realtime_frame_t *frame = mact_realtime_sse.beat();

    ck_assert_uint_eq(frame->length, 3);
    ck_assert(memcmp(frame->bytes, ":\n\n", 3) == 0);
    mact_realtime_frame_drop(frame);
}
END_TEST

static mact_realtime_sub_t *subscriber(void)
{
    mact_realtime_sub_t *sub = calloc(1, sizeof(*sub));

    sub->wake[0] = sub->wake[1] = -1;
    return sub;
}

/* A frame that says which one it is. */
static void push(mact_realtime_sub_t *sub, unsigned char mark, apr_size_t length, apr_status_t expected)
{
    mact_realtime_frame_t *frame = mact_realtime_frame(length);

    memset(frame->bytes, mark, length);
    ck_assert_int_eq(mact_realtime_sub_push(sub, frame), expected);
    ck_assert_uint_eq(frame->holders, expected == APR_SUCCESS ? 2 : 1);
    mact_realtime_frame_drop(frame);
}

static void expect_next(mact_realtime_sub_t *sub, unsigned char mark)
{
    mact_realtime_frame_t *frame = mact_realtime_sub_next(sub);

    ck_assert_ptr_nonnull(frame);
    ck_assert_uint_eq((unsigned char)frame->bytes[0], mark);
    mact_realtime_frame_drop(frame);
}

START_TEST(a_queue_keeps_its_order_while_it_grows_and_wraps)
{
    mact_realtime_sub_t *sub = subscriber();
    unsigned char in = 0, out = 0;
    int round, i;

    for (round = 1; round < 12; round++) {
        for (i = 0; i < round; i++) {
            push(sub, in++, 10, APR_SUCCESS);
        }
        for (i = 0; i < round / 2; i++) {
            expect_next(sub, out++);
        }
    }
    while (out != in) {
        expect_next(sub, out++);
    }
    ck_assert_ptr_null(mact_realtime_sub_next(sub));
    ck_assert_uint_eq(sub->bytes, 0);
    mact_realtime_sub_free(sub);
}
END_TEST

START_TEST(a_queue_takes_so_many_messages)
{
    mact_realtime_sub_t *sub = subscriber();
    int i;

    for (i = 0; i < MACT_REALTIME_QUEUE_FRAMES; i++) {
        push(sub, 1, 1, APR_SUCCESS);
    }
    push(sub, 1, 1, APR_ENOSPC);
    expect_next(sub, 1);
    push(sub, 1, 1, APR_SUCCESS);
    mact_realtime_sub_free(sub);
}
END_TEST

START_TEST(a_queue_takes_so_many_bytes)
{
    mact_realtime_sub_t *sub = subscriber();

    push(sub, 1, MACT_REALTIME_QUEUE_BYTES + 1, APR_ENOSPC);
    push(sub, 1, MACT_REALTIME_QUEUE_BYTES, APR_SUCCESS);
    push(sub, 1, 1, APR_ENOSPC);
    expect_next(sub, 1);
    push(sub, 2, 1, APR_SUCCESS);
    mact_realtime_sub_free(sub);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("realtime_frame");
    TCase *bytes = tcase_create("bytes"), *queue = tcase_create("queue");
    SRunner *runner;
    int failed;

    apr_initialize();
    tcase_add_loop_test(bytes, a_message_is_these_bytes, 0, sizeof(MESSAGES) / sizeof(*MESSAGES));
    tcase_add_test(bytes, a_beat_is_a_comment);
    tcase_add_test(queue, a_queue_keeps_its_order_while_it_grows_and_wraps);
    tcase_add_test(queue, a_queue_takes_so_many_messages);
    tcase_add_test(queue, a_queue_takes_so_many_bytes);
    suite_add_tcase(suite, bytes);
    suite_add_tcase(suite, queue);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
