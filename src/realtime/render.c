/*
 * realtime/render.c: the procedures of the streams: who is asked about, what they return, and who gets it.
 */
#include <stdlib.h>
#include <string.h>

#include <httpd.h>
#include <http_config.h>
#include <http_log.h>

#include <apr_hash.h>
#include <apr_strings.h>

#include "config/config.h"
#include "feed.h"

APLOG_USE_MODULE(activities);

#define CALL_SUBSCRIBERS 5000                    /* subscribers of one call of a procedure */

/* ---- text ---------------------------------------------------------------------------------------------------- */

static void add(mact_realtime_text_t *text, const char *bytes, apr_size_t length)
{
    if (text->length + length + 1 > text->room) {
        apr_size_t room = (text->length + length + 1) * 2;
        char *grown = realloc(text->bytes, room);

        if (grown == NULL) {
            text->failed = 1;
            return;
        }
        text->bytes = grown;
        text->room = room;
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

static void add_string(mact_realtime_text_t *text, const char *string)
{
    add(text, string, strlen(string));
}

static void restart(mact_realtime_text_t *text, const char *string)
{
    text->length = 0;
    text->failed = 0;
    add_string(text, string);
}

/* ---- the streams' procedures --------------------------------------------------------------------------------- */

static const char *call_sql(mact_realtime_feed_t *feed, const mact_oapi_op_t *op, const char *name)
{
    const mact_oapi_call_t *call = mact_realtime_procedure(op, name);

    return call == NULL ? NULL
                        : apr_psprintf(feed->pool, "SELECT n, position, id, event, data, last FROM %s.%s($1%s)", call->schema,
                                       call->name, call->args->nelts == 2 ? ", $2" : "");
}

/* What the hub knows of an operation; the first subscriber brings it.  As many as documents have streams. */
mact_realtime_stream_t *mact_realtime_hub_stream(mact_realtime_feed_t *feed, const mact_oapi_op_t *op, apr_time_t now)
{
    mact_realtime_stream_t *stream;

    for (stream = feed->streams; stream != NULL; stream = stream->next) {
        if (stream->op == op) {
            return stream;
        }
    }
    stream = apr_pcalloc(feed->pool, sizeof(*stream));
    stream->op = op;
    stream->render = call_sql(feed, op, "render");
    stream->alive = call_sql(feed, op, "alive");
    stream->next_alive = now + mact_realtime_heartbeat(op);
    stream->next = feed->streams;
    feed->streams = stream;
    return stream;
}

/* What a batch means to one operation: its changes as JSON, and whom they may concern. */
typedef struct {
    int any, everybody;
    apr_hash_t *users, *activities;
} concern_t;

static void find_concern(mact_realtime_feed_t *feed, concern_t *concern, const mact_oapi_op_t *op,
                         const mact_realtime_change_t *changes, int n)
{
    int i;

    concern->any = concern->everybody = 0;
    concern->users = apr_hash_make(feed->scratch);
    concern->activities = apr_hash_make(feed->scratch);
    restart(&feed->changes, "[");
    for (i = 0; i < n; i++) {
        mact_concerns_e whom = mact_realtime_concerns(op, changes[i].kind);

        if (whom == MACT_CONCERNS_NOBODY) {
            continue;
        }
        add_string(&feed->changes, concern->any ? "," : "");
        add_string(&feed->changes, changes[i].json);
        concern->any = 1;
        if (whom == MACT_CONCERNS_ALL) {
            concern->everybody = 1;
        } else if (whom == MACT_CONCERNS_USER) {
            apr_hash_set(concern->users, changes[i].user_id, APR_HASH_KEY_STRING, "");
        } else {
            apr_hash_set(concern->activities, changes[i].activity_id, APR_HASH_KEY_STRING, "");
        }
    }
    add_string(&feed->changes, "]");
}

static int concerned(const concern_t *concern, const mact_realtime_sub_t *sub)
{
    return concern->everybody
           || (sub->user_id != NULL && apr_hash_get(concern->users, sub->user_id, APR_HASH_KEY_STRING) != NULL)
           || (sub->activity_id != NULL && apr_hash_get(concern->activities, sub->activity_id, APR_HASH_KEY_STRING) != NULL);
}

/*
 * Lists the next subscribers, from slot *from on, as JSON; at most CALL_SUBSCRIBERS of them.  `concern` NULL: whoever is open.  Returns how many;
 * *from is where to go on.
 */
static int list_subscribers(mact_realtime_feed_t *feed, const mact_oapi_op_t *op, const concern_t *concern, int fresh, int *from)
{
    mact_realtime_hub_t *hub = feed->hub;
    int n = 0;

    restart(&feed->subscribers, "[");
    for (; *from < hub->slots && n < CALL_SUBSCRIBERS; (*from)++) {
        const mact_realtime_sub_t *sub = hub->subs[*from];
        char head[48];

        if (sub == NULL || sub->op != op || sub->fresh != fresh || sub->state != MACT_SUB_OPEN
            || (concern != NULL && !concerned(concern, sub))) {
            continue;
        }
        apr_snprintf(head, sizeof(head), "%s{\"n\":%d%s", n > 0 ? "," : "", sub->slot, sub->object[0] == '}' ? "" : ",");
        add_string(&feed->subscribers, head);
        add_string(&feed->subscribers, sub->object);
        n++;
    }
    add_string(&feed->subscribers, "]");
    return n;
}

/* ---- giving out what they return ----------------------------------------------------------------------------- */

/* What all the messages of one call have in common. */
typedef struct {
    const mact_oapi_op_t *op;
    apr_uint64_t born;                     /* nobody younger was asked about */
    const char *id, *event, *data;         /* of the row at hand; NULL for null */
    apr_int64_t position;                  /* 0: of no change */
    int last;
    mact_realtime_frame_t *frame;          /* of that row, for the framing below */
    const mact_realtime_framing_t *framing;
} handing_t;

static void hand_to(mact_realtime_feed_t *feed, handing_t *handing, int slot)
{
    mact_realtime_hub_t *hub = feed->hub;
    mact_realtime_sub_t *sub = slot >= 0 && slot < hub->slots ? hub->subs[slot] : NULL;

    if (sub == NULL || sub->op != handing->op || sub->born > handing->born
        || (handing->position != 0 && handing->position <= sub->floor)) {
        return;
    }
    if (handing->event != NULL) {
        if (handing->frame != NULL && handing->framing != sub->framing) {
            mact_realtime_frame_drop(handing->frame);
            handing->frame = NULL;
        }
        if (handing->frame == NULL) {
            handing->framing = sub->framing;
            handing->frame = sub->framing->message(handing->id, handing->event, handing->data != NULL ? handing->data : "");
        }
        if (handing->frame != NULL) {
            mact_realtime_hub_send(hub, sub, handing->frame);
        }
    }
    if (handing->last) {
        mact_realtime_hub_end(hub, sub);
    }
}

/* Reads `17` or `{17,18}`. */
static void hand_to_all(mact_realtime_feed_t *feed, handing_t *handing, const char *slots)
{
    char *end;

    slots += (*slots == '{');
    while (*slots >= '0' && *slots <= '9') {
        hand_to(feed, handing, (int)strtol(slots, &end, 10));
        slots = end + (*end == ',');
    }
    mact_realtime_frame_drop(handing->frame);
    handing->frame = NULL;
}

static void hand_out(mact_realtime_feed_t *feed, const PGresult *result, const mact_oapi_op_t *op, apr_uint64_t born)
{
    handing_t handing = {.op = op, .born = born};
    int row;

    for (row = 0; row < PQntuples(result); row++) {
        handing.position = mact_realtime_number(result, row, 1);
        handing.id = mact_realtime_text(result, row, 2);
        handing.event = mact_realtime_text(result, row, 3);
        handing.data = mact_realtime_text(result, row, 4);
        handing.last = strcmp(mact_realtime_field(result, row, 5), "t") == 0;
        hand_to_all(feed, &handing, mact_realtime_field(result, row, 0));
    }
}

/*
 * Calls a procedure for the subscribers listed, and gives out what it returns.  False: the connection was lost, the subscribers have got
 * nothing and the batch must be offered again.  A fault of the procedure's own is logged, and they go without.
 */
static int call_for_listed(mact_realtime_feed_t *feed, const mact_oapi_op_t *op, const char *sql, int n)
{
    const char *values[2] = {feed->subscribers.bytes, feed->changes.bytes};
    apr_uint64_t born = feed->hub->births;
    PGresult *result;

    if (feed->subscribers.failed || feed->changes.failed) {
        ap_log_error(APLOG_MARK, APLOG_ERR, APR_ENOMEM, feed->hub->server, "ACT0524: no memory to tell subscribers of %s", op->id);
        return 1;
    }
    result = mact_realtime_hub_ask(feed, sql, n, values);
    if (result == NULL) {
        return 0;
    }
    if (mact_realtime_hub_good(feed, result, sql)) {
        hand_out(feed, result, op, born);
    }
    PQclear(result);
    return 1;
}

/* Has a batch rendered for the subscribers of one operation, as far as it concerns them. */
int mact_realtime_hub_render(mact_realtime_feed_t *feed, mact_realtime_stream_t *stream, const mact_realtime_change_t *changes, int n, int fresh)
{
    apr_int64_t last = changes[n - 1].position;
    concern_t concern;
    int from = 0;

    find_concern(feed, &concern, stream->op, changes, n);
    while (concern.any && from < feed->hub->slots) {
        int begin = from, slot;

        if (list_subscribers(feed, stream->op, &concern, fresh, &from) == 0) {
            continue;
        }
        if (!call_for_listed(feed, stream->op, stream->render, 2)) {
            return 0;
        }
        /* They have this batch: should the connection be lost before the others have it too, they do not get it twice. */
        for (slot = begin; slot < from; slot++) {
            mact_realtime_sub_t *sub = feed->hub->subs[slot];

            if (sub != NULL && sub->op == stream->op && sub->fresh == fresh && sub->floor < last) {
                sub->floor = last;
            }
        }
    }
    return 1;
}

/* Asks which subscribers must go. */
void mact_realtime_hub_ask_alive(mact_realtime_feed_t *feed, apr_time_t now)
{
    mact_realtime_stream_t *stream;

    for (stream = feed->streams; stream != NULL && feed->ready; stream = stream->next) {
        int from = 0;

        if (stream->alive == NULL || now < stream->next_alive) {
            continue;
        }
        stream->next_alive = now + mact_realtime_heartbeat(stream->op);
        restart(&feed->changes, "");
        while (feed->ready && from < feed->hub->slots) {
            if (list_subscribers(feed, stream->op, NULL, 0, &from) > 0
                && !call_for_listed(feed, stream->op, stream->alive, 1)) {
                break;
            }
        }
    }
}

