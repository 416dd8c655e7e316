/*
 * realtime/frame.c: messages as bytes.  Frames are made once, counted, and shared by all who get them; a subscriber's queue is a ring of
 * them.  The framing of Server-Sent Events (WHATWG HTML, section 9.2) is here too.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <apr_atomic.h>

#include "inside.h"

mact_realtime_frame_t *mact_realtime_frame(apr_size_t length)
{
    mact_realtime_frame_t *frame = malloc(sizeof(*frame) + length);

    if (frame != NULL) {
        frame->holders = 1;
        frame->length = length;
    }
    return frame;
}

static void hold(mact_realtime_frame_t *frame)
{
    apr_atomic_inc32(&frame->holders);
}

void mact_realtime_frame_drop(mact_realtime_frame_t *frame)
{
    if (frame != NULL && apr_atomic_dec32(&frame->holders) == 0) {
        free(frame);
    }
}

/* ---- Server-Sent Events -------------------------------------------------------------------------------------- */

/* Where the next bytes go; with `at` NULL they are only counted. */
typedef struct {
    char *at;
    apr_size_t length;
} pen_t;

static void put(pen_t *pen, const char *text, apr_size_t length)
{
    if (pen->at != NULL) {
        memcpy(pen->at + pen->length, text, length);
    }
    pen->length += length;
}

/* One field.  A line feed, carriage return or both in the value begin a line of the same name: none can end the message or forge a field. */
static void put_field(pen_t *pen, const char *name, const char *value)
{
    for (;;) {
        apr_size_t length = strcspn(value, "\r\n");

        put(pen, name, strlen(name));
        put(pen, ": ", 2);
        put(pen, value, length);
        put(pen, "\n", 1);
        value += length;
        if (*value == '\0') {
            return;
        }
        value += (value[0] == '\r' && value[1] == '\n') ? 2 : 1;
    }
}

static void put_message(pen_t *pen, const char *id, const char *event, const char *data)
{
    if (id != NULL) {
        put_field(pen, "id", id);
    }
    if (event != NULL) {
        put_field(pen, "event", event);
    }
    put_field(pen, "data", data);
    put(pen, "\n", 1);
}

static mact_realtime_frame_t *sse_message(const char *id, const char *event, const char *data)
{
    mact_realtime_frame_t *frame;
    pen_t pen = {NULL, 0};

    put_message(&pen, id, event, data);
    frame = mact_realtime_frame(pen.length);
    if (frame != NULL) {
        pen = (pen_t){frame->bytes, 0};
        put_message(&pen, id, event, data);
    }
    return frame;
}

static mact_realtime_frame_t *sse_beat(void)
{
    static const char COMMENT[] = ":\n\n";
    mact_realtime_frame_t *frame = mact_realtime_frame(sizeof(COMMENT) - 1);

    if (frame != NULL) {
        memcpy(frame->bytes, COMMENT, sizeof(COMMENT) - 1);
    }
    return frame;
}

const mact_realtime_framing_t mact_realtime_sse = {
    .name = "sse",
    .message = sse_message,
    .beat = sse_beat,
};

/* ---- subscribers --------------------------------------------------------------------------------------------- */

/* Makes room for one more frame. */
static apr_status_t grow(mact_realtime_sub_t *sub)
{
    apr_size_t room = sub->room == 0 ? 4 : sub->room * 2, i;
    mact_realtime_frame_t **ring;

    if (sub->count < sub->room) {
        return APR_SUCCESS;
    }
    ring = malloc(room * sizeof(*ring));
    if (ring == NULL) {
        return APR_ENOSPC;
    }
    for (i = 0; i < sub->count; i++) {
        ring[i] = sub->ring[(sub->first + i) % sub->room];
    }
    free(sub->ring);
    sub->ring = ring;
    sub->room = room;
    sub->first = 0;
    return APR_SUCCESS;
}

apr_status_t mact_realtime_sub_push(mact_realtime_sub_t *sub, mact_realtime_frame_t *frame)
{
    if (sub->count >= MACT_REALTIME_QUEUE_FRAMES || sub->bytes + frame->length > MACT_REALTIME_QUEUE_BYTES
        || grow(sub) != APR_SUCCESS) {
        return APR_ENOSPC;
    }
    hold(frame);
    sub->ring[(sub->first + sub->count) % sub->room] = frame;
    sub->count++;
    sub->bytes += frame->length;
    return APR_SUCCESS;
}

mact_realtime_frame_t *mact_realtime_sub_next(mact_realtime_sub_t *sub)
{
    mact_realtime_frame_t *frame;

    if (sub->count == 0) {
        return NULL;
    }
    frame = sub->ring[sub->first];
    sub->first = (sub->first + 1) % sub->room;
    sub->count--;
    sub->bytes -= frame->length;
    return frame;
}

void mact_realtime_sub_free(mact_realtime_sub_t *sub)
{
    mact_realtime_frame_t *frame;

    while ((frame = mact_realtime_sub_next(sub)) != NULL) {
        mact_realtime_frame_drop(frame);
    }
    mact_realtime_frame_drop(sub->partial);
    if (sub->wake[0] >= 0) {
        close(sub->wake[0]);
        close(sub->wake[1]);
    }
    free(sub->ring);
    free(sub->object);
    free(sub->user_id);
    free(sub->activity_id);
    free(sub);
}

void mact_realtime_sub_release(mact_realtime_sub_t *sub)
{
    if (apr_atomic_dec32(&sub->holders) == 0) {
        mact_realtime_sub_free(sub);
    }
}
