/*
 * Participation API, 1.1 and 1.4, and HTTP itself: what a client may send, what it must not, and what every reply has.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness_api.h"

#define NOWHERE "00000000-0000-4000-8000-000000000000"
#define MIB 1048576
#define PAIR "\"activity_id\": \"" NOWHERE "\", \"confirmed_user_id\": \"" NOWHERE "\""
#define FINE "{" PAIR "}"               /* 404 ACTIVITY_NOT_FOUND, so it has passed validation */
#define NO_ACTIVITY "404 ACTIVITY_NOT_FOUND Activity not found"

static live_reply_t *confirm(const char *body, size_t length, const char *type)
{
    return live_send(&(live_request_t){.method = "POST", .path = API "/attendance/confirm", .token = person("jo").token, .body = body,
                                       .body_length = length, .type = type});
}

/* ---- bodies ------------------------------------------------------------------------------------------------- */

#define BODY(text) text, sizeof text - 1

static const struct {
    const char *text;
    size_t length;
    int good;
} BODIES[] = {
    {BODY(FINE), 1},
    {BODY(" \r\n\t" FINE "\n "), 1},
    {BODY("{" PAIR ", \"x\": [1e400, 2, {\"y\": null}], \"\\u0000\": \"\\u0000\"}"), 1}, /* what no program can hold, nor has to */
    {BODY("{" PAIR ", \"x\": [-1.5e-3, 0, {\"y\": null}], \"\": \"\\/\\u00e9\\ud83d\\ude00\"}"), 1},
    {BODY("{" PAIR ", \"x\": \"\xf0\x9f\x98\x80\xef\xbf\xbf\xf4\x8f\xbf\xbf\"}"), 1},
    {BODY("{" PAIR), 0},
    {BODY(FINE FINE), 0},
    {BODY(FINE " x"), 0},
    {BODY("{" PAIR ",}"), 0},
    {BODY("{" PAIR ", x: 1}"), 0},
    {BODY("{" PAIR ", 'x': 1}"), 0},
    {BODY("{" PAIR ", \"x\": 01}"), 0},
    {BODY("{" PAIR ", \"x\": +1}"), 0},
    {BODY("{" PAIR ", \"x\": .5}"), 0},
    {BODY("{" PAIR ", \"x\": 1.}"), 0},
    {BODY("{" PAIR ", \"x\": 0x10}"), 0},
    {BODY("{" PAIR ", \"x\": NaN}"), 0},
    {BODY("{" PAIR ", \"x\": Infinity}"), 0},
    {BODY("{" PAIR ", \"x\": True}"), 0},
    {BODY("{" PAIR ", \"x\": undefined}"), 0},
    {BODY("{" PAIR " /* no */}"), 0},
    {BODY("{" PAIR ", \"x\": \"a\nb\"}"), 0},
    {BODY("{" PAIR ", \"x\": \"\\x41\"}"), 0},
    {BODY("{" PAIR ", \"x\": \"\\ud800\"}"), 0},
    {BODY("{" PAIR ", \"x\": \"\\ude00\\ud83d\"}"), 0},
    {BODY("{" PAIR ", \"\\udead\": 1}"), 0},
    {BODY("{" PAIR ", \"x\": \"\xff\"}"), 0},
    {BODY("{" PAIR ", \"x\": \"\xc3\"}"), 0},
    {BODY("{" PAIR ", \"x\": \"\xc0\xaf\"}"), 0},                   /* overlong */
    {BODY("{" PAIR ", \"x\": \"\xed\xa0\x80\"}"), 0},               /* a surrogate */
    {BODY("{" PAIR ", \"x\": \"\xf4\x90\x80\x80\"}"), 0},           /* beyond U+10FFFF */
    {BODY("{" PAIR "}\0"), 0},
    {BODY("\0" FINE), 0},
    {BODY("\xef\xbb\xbf" FINE), 0},                                 /* RFC 8259, 8.1: no byte order mark */
    {BODY("\xff\xfe{\0}\0"), 0},
    {BODY("[" FINE "]"), 0},
    {BODY("\"" NOWHERE "\""), 0},
    {BODY("null"), 0},
    {BODY("true"), 0},
    {BODY("7"), 0},
    {BODY(" "), 0},
    {BODY("activity_id=" NOWHERE "&confirmed_user_id=" NOWHERE), 0},
};

START_TEST(a_body_is_one_object_in_utf8)
{
    live_reply_t *reply = confirm(BODIES[_i].text, BODIES[_i].length, "application/json");

    if (BODIES[_i].good) {
        expect_refusal(reply, NO_ACTIVITY);
    } else {
        expect_places(reply, "body");
    }
}
END_TEST

static const struct {
    const char *type;
    int good;
} TYPES[] = {
    {NULL, 1},
    {"application/json", 1},
    {"APPLICATION/Json", 1},
    {"application/json; charset=utf-8", 1},
    {"application/json ;charset=\"utf-8\"; x=y", 1},
    {"text/json", 0},
    {"text/plain", 0},
    {"application/jsonp", 0},
    {"application/ld+json", 0},
    {"application/octet-stream", 0},
    {"application/x-www-form-urlencoded", 0},
    {"multipart/form-data; boundary=x", 0},
    {"*/*", 0},
    {"json", 0},
};

START_TEST(a_body_is_sent_as_json)
{
    live_reply_t *reply = confirm(FINE, 0, TYPES[_i].type);

    if (TYPES[_i].good) {
        expect_refusal(reply, NO_ACTIVITY);
    } else {
        expect_places(reply, "body");
    }
}
END_TEST

START_TEST(a_body_may_be_missing_where_it_is_optional)
{
    person_t jo = person("jo");
    live_request_t q = {.method = "POST", .path = API "/activities/" NOWHERE "/cancel", .token = jo.token, .body = "", .type = "application/json"};

    expect_refusal(live_send(&q), NO_ACTIVITY);
    q.body = "{}";
    q.type = "text/plain";
    expect_places(live_send(&q), "body");
    q.body = "null";
    q.type = NULL;
    expect_places(live_send(&q), "body");
    expect_places(live_send(&(live_request_t){.method = "POST", .path = API "/attendance/confirm", .token = jo.token, .body = "", .type = "application/json"}),
                  "body");
}
END_TEST

/* {"x": [[[…]]]} with so many levels in all. */
static char *nested(int levels, const char *open, const char *close)
{
    char *text = live_text("{" PAIR ", \"x\": ");

    for (int i = 1; i < levels; i++) {
        text = live_text("%s%s", text, open);
    }
    for (int i = 1; i < levels; i++) {
        text = live_text("%s%s", text, i == 1 && *open == '{' ? live_text("1%s", close) : close);
    }
    return live_text("%s}", text);
}

START_TEST(nesting_ends_at_64_levels)
{
    char *quotes = live_text("{" PAIR ", \"x\": \"%s\"}", nested(2, "[", "]"));
    char *flat = live_text("{" PAIR ", \"x\": [[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],"
                           "[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]], \"y\": \"[[\\\"{{\"}");

    expect_refusal(confirm(nested(64, "[", "]"), 0, NULL), NO_ACTIVITY);
    expect_places(confirm(nested(65, "[", "]"), 0, NULL), "body");
    expect_refusal(confirm(nested(64, "{\"a\":", "}"), 0, NULL), NO_ACTIVITY);
    expect_places(confirm(nested(65, "{\"a\":", "}"), 0, NULL), "body");
    expect_refusal(confirm(flat, 0, NULL), NO_ACTIVITY);
    expect_places(confirm(quotes, 0, NULL), "body");
    expect_places(confirm(nested(5000, "[", ""), 0, NULL), "body");
}
END_TEST

/* ---- size --------------------------------------------------------------------------------------------------- */

static char *of_size(size_t size)
{
    char *text = malloc(size + 1);
    size_t n = strlen(FINE);

    memset(text, ' ', size);
    memcpy(text, FINE, n);
    text[size] = '\0';
    return text;
}

START_TEST(a_mebibyte_and_no_more)
{
    static const char *const chunked[] = {"Transfer-Encoding: chunked", NULL};
    person_t jo = person("jo");
    live_request_t q = {.method = "POST", .path = API "/attendance/confirm", .token = jo.token, .body = of_size(MIB), .body_length = MIB};

    expect_refusal(live_send(&q), NO_ACTIVITY);
    q.headers = chunked;
    expect_refusal(live_send(&q), NO_ACTIVITY);
    q.body = of_size(MIB + 1);
    q.body_length = MIB + 1;
    expect_refusal(live_send(&q), "413 BODY_TOO_LARGE Request body too large");
    q.headers = NULL;
    expect_refusal(live_send(&q), "413 BODY_TOO_LARGE Request body too large");
    q.type = "text/plain";                              /* size before validation */
    expect_refusal(live_send(&q), "413 BODY_TOO_LARGE Request body too large");
    q.token = NULL;                                     /* and the token before size */
    expect_refusal(live_send(&q), "401 NOT_AUTHENTICATED Not authenticated");
    q.token = jo.token;
    q.path = API "/activities/" NOWHERE "/join";        /* which has no body, so ignores this one */
    expect_refusal(live_send(&q), NO_ACTIVITY);
}
END_TEST

/* ---- query -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *query, *places;         /* NULL: 200 */
} QUERIES[] = {
    {"", NULL},
    {"?", NULL},
    {"?&&=&a&=b", NULL},
    {"?limit=1&offset=0", NULL},
    {"?limit=100&offset=2147483647", NULL},
    {"?%6Cimit=%31%30", NULL},
    {"?LIMIT=x&unknown=%C3%A9+x", NULL},
    {"?limit=0", "query.limit"},
    {"?limit=101", "query.limit"},
    {"?limit=-1", "query.limit"},
    {"?limit=1.0", "query.limit"},
    {"?limit=1e1", "query.limit"},
    {"?limit=", "query.limit"},
    {"?limit", "query.limit"},
    {"?limit=+1", "query.limit"},
    {"?limit=1+", "query.limit"},
    {"?limit=0x1", "query.limit"},
    {"?limit=null", "query.limit"},
    {"?limit=true", "query.limit"},
    {"?limit=\xd9\xa1", "query.limit"},
    {"?limit=99999999999999999999999", "query.limit"},
    {"?limit=%6Cimit", "query.limit"},
    {"?offset=-1", "query.offset"},
    {"?offset=2147483648", "query.offset"},
    {"?offset=a&limit=b", "query.offset query.limit"},
    {"?limit=5&limit=x", "query.limit"},
    {"?limit=x&limit=5", NULL},
    {"?x=%", "query.x"},                /* a parameter that is not described, too */
    {"?x=%4", "query.x"},
    {"?x=%zz", "query.x"},
    {"?x=%ff", "query.x"},
    {"?x=%c3%28", "query.x"},
    {"?x=%ed%a0%80", "query.x"},
    {"?%ff=x", "query"},
    {"?x=%00", "query.x"},
    {"?%00", "query"},
};

START_TEST(a_query_is_form_encoded_utf8)
{
    person_t jo = person("jo");
    live_reply_t *reply = live_ask("GET", live_text(API "/blocks%s", QUERIES[_i].query), jo.token, NULL);

    if (QUERIES[_i].places) {
        expect_places(reply, QUERIES[_i].places);
    } else {
        live_expect(reply, 200);
    }
}
END_TEST

START_TEST(a_detail_names_place_and_fault)
{
    person_t jo = person("jo");

    expect_refusal(api_get(&jo, "/blocks?limit=0"), "400 VALIDATION_ERROR query.limit: must be between 1 and 100");
}
END_TEST

/* ---- paths -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *method, *path;
    long status;
    const char *places;                 /* of a 400 */
} PATHS[] = {
    {"GET", "/activities/%37d0c2f6e-3b1a-4c55-9f0e-2a86d1c4b7a9", 404, NULL},
    {"GET", "/%61ctivities/7d0c2f6e-3b1a-4c55-9f0e-2a86d1c4b7a9", 404, NULL},
    {"GET", "//activities///7d0c2f6e-3b1a-4c55-9f0e-2a86d1c4b7a9//", 404, NULL},
    {"GET", "/activities/7D0C2F6E-3B1A-4C55-9F0E-2A86D1C4B7A9", 404, NULL},
    {"GET", "/activities/00000000-0000-0000-0000-000000000000", 404, NULL},
    {"GET", "/activities/7d0c2f6e3b1a4c559f0e2a86d1c4b7a9", 400, "path.activity_id"},
    {"GET", "/activities/{7d0c2f6e-3b1a-4c55-9f0e-2a86d1c4b7a9}", 400, "path.activity_id"},
    {"GET", "/activities/7d0c2f6e-3b1a-4c55-9f0e-2a86d1c4b7ag", 400, "path.activity_id"},
    {"GET", "/activities/7d0c2f6e-3b1a-4c55-9f0e-2a86d1c4b7a9%20", 400, "path.activity_id"},
    {"GET", "/activities/%20", 400, "path.activity_id"},
    {"GET", "/activities/%ff", 400, "path.activity_id"},
    {"GET", "/activities/%C3%A9", 400, "path.activity_id"},
    {"GET", "/activities/1'%20OR%20'1'='1", 400, "path.activity_id"},
    {"DELETE", "/activities/x/participants/y", 400, "path.activity_id path.user_id"},
    {"GET", "/activities/x/nothing", 404, NULL},
    {"GET", "/Activities", 404, NULL},
    {"GET", "/activities;a=b", 404, NULL},
    {"GET", "/activities/x/../../blocks", 200, NULL},
    {"GET", "/./blocks", 200, NULL},
    {"GET", "/blocks/", 200, NULL},
    {"GET", "/blocks/x", 404, NULL},
    {"GET", "/%62locks", 200, NULL},
};

START_TEST(a_path_is_decoded)
{
    person_t jo = person("jo");
    live_reply_t *reply = live_ask(PATHS[_i].method, live_text(API "%s", PATHS[_i].path), jo.token, NULL);

    if (PATHS[_i].places) {
        expect_places(reply, PATHS[_i].places);
    } else {
        live_expect(reply, PATHS[_i].status);
    }
}
END_TEST

START_TEST(what_httpd_refuses_is_refused)
{
    person_t jo = person("jo");
    char *longer = live_text("%09000d", 0);
    live_reply_t *reply = live_ask("GET", live_text(API "/users/%s%%2Fx", jo.id), jo.token, NULL);

    ck_assert_msg(reply->status == 404 || reply->status == 400, "%ld", reply->status);
    reply = live_ask("GET", API "/users/%00", jo.token, NULL);
    ck_assert_msg(reply->status == 404 || reply->status == 400, "%ld", reply->status);
    live_expect(live_ask("GET", live_text(API "/users/%s", longer), jo.token, NULL), 414);
    live_expect(live_ask("GET", live_text(API "/blocks?x=%s", longer), jo.token, NULL), 414);
}
END_TEST

/* Each path and what it takes; the two of a template are one line. */
static const struct {
    const char *path, *allow;
} METHODS[] = {
    {"/health", "GET, HEAD, OPTIONS"},
    {"/openapi.json", "GET, HEAD, OPTIONS"},
    {"/docs", "GET, HEAD, OPTIONS"},
    {"/activities", "GET, HEAD, OPTIONS, POST"},
    {"/activities/x", "DELETE, GET, HEAD, OPTIONS, PATCH"},
    {"/activities/x/join", "OPTIONS, POST"},
    {"/activities/x/leave", "DELETE, OPTIONS"},
    {"/activities/x/cancel", "OPTIONS, POST"},
    {"/activities/x/participants", "GET, HEAD, OPTIONS"},
    {"/activities/x/participants/y", "DELETE, OPTIONS"},
    {"/activities/x/participation", "GET, HEAD, OPTIONS"},
    {"/activities/x/promote", "OPTIONS, POST"},
    {"/activities/x/demote", "OPTIONS, POST"},
    {"/activities/x/attendance", "OPTIONS, POST"},
    {"/activities/x/invitations", "OPTIONS, POST"},
    {"/activities/x/waitlist", "GET, HEAD, OPTIONS"},
    {"/attendance/confirm", "OPTIONS, POST"},
    {"/attendance/pending", "GET, HEAD, OPTIONS"},
    {"/invitations/received", "GET, HEAD, OPTIONS"},     /* a path without parameters comes before one with */
    {"/invitations/sent", "GET, HEAD, OPTIONS"},
    {"/invitations/x", "DELETE, OPTIONS"},
    {"/invitations/x/accept", "OPTIONS, POST"},
    {"/invitations/x/decline", "OPTIONS, POST"},
    {"/users/x", "GET, HEAD, OPTIONS"},
    {"/users/x/activities", "GET, HEAD, OPTIONS"},
    {"/users/x/block", "DELETE, OPTIONS, PUT"},
    {"/users/x/friend", "DELETE, OPTIONS, POST"},
    {"/users/x/friend/accept", "OPTIONS, POST"},
    {"/users/x/friend/decline", "OPTIONS, POST"},
    {"/blocks", "GET, HEAD, OPTIONS"},
    {"/friends", "GET, HEAD, OPTIONS"},
    {"/stream", "GET, HEAD, OPTIONS"},
};

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The methods of a list, sorted. */
static char *sorted(const char *list)
{
    char *words[16], *rest = live_text("%s", list), *word, *text = live_text("%s", "");
    size_t n = 0;

    while ((word = strsep(&rest, ", "))) {
        if (*word && n < 16) {
            words[n++] = word;
        }
    }
    qsort(words, n, sizeof *words, by_text);
    for (size_t i = 0; i < n; i++) {
        text = live_text("%s%s%s", text, i ? ", " : "", words[i]);
    }
    return text;
}

START_TEST(other_methods_are_told_those_that_there_are)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get"};

    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        const char *at = strstr(METHODS[_i].allow, methods[i]);
        live_reply_t *reply;

        if (at) {
            continue;
        }
        reply = live_ask(methods[i], live_text(API "%s", METHODS[_i].path), NULL, NULL);
        expect_refusal(reply, "405 METHOD_NOT_ALLOWED Method Not Allowed");
        ck_assert_str_eq(sorted(live_header(reply, "Allow")), METHODS[_i].allow);
    }
    expect_refusal(live_ask("POST", live_text(API "%s/no/such/path", METHODS[_i].path), NULL, NULL), "404 NOT_FOUND Not Found");
}
END_TEST

/* ---- text --------------------------------------------------------------------------------------------------- */

static const char *const TEXTS[] = {
    "Robert'); DROP TABLE activity.users; --",
    "\\\\ \\\" % _ \\\\x41 $1 {0} %s %n ${x} `id`",
    "<script>alert(1)</script>&amp;",
    " both ends ",
    "\\u0001\\u001f\\u007f\\u0080\\u2028\\ufeff\\uffff",
    "\xf0\x9f\x98\x80\xe2\x80\x8d\xf0\x9f\x94\xa5 \xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae",
    "e\\u0301 is not \\u00e9",
    "\\n\\r\\t\\b\\f",
    "null",
    "{\\\"a\\\": [1, 2]}",
    "{\\\"\\\\\\\"}",
    "\\ud834\\udd1e\\udbff\\udfff",
};

START_TEST(text_comes_back_as_it_was_sent)
{
    person_t mira = person("mira"), jo = person("jo");
    json_t *sent = json_loads(live_text("\"x%s\"", TEXTS[_i]), JSON_DECODE_ANY, NULL);
    char *body = live_text("{\"title\": \"x%s\", \"scheduled_at\": \"2131-01-01T00:00:00Z\", \"description\": \"x%s\", \"city\": \"x%s\","
                           " \"tags\": [\"x%s\"], \"privacy\": \"invite_only\"}", TEXTS[_i], TEXTS[_i], TEXTS[_i], TEXTS[_i]);
    live_reply_t *reply = live_ask("POST", API "/activities", mira.token, body);
    static const char *const members[] = {"title", "description", "city", "tags.0"};
    const char *id;

    ck_assert_ptr_nonnull(sent);
    live_expect(reply, 201);
    id = live_string(reply, "activity_id");
    reply = api_get(&mira, "/activities/%s", id);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        ck_assert_msg(json_equal(live_member(reply, members[i]), sent), "%s: %s", members[i], reply->body);
    }
    reply = live_ask("POST", live_text(API "/activities/%s/invitations", id), mira.token,
                     live_text("{\"user_ids\": [\"%s\"], \"message\": \"x%s\"}", jo.id, TEXTS[_i]));
    live_expect(reply, 200);
    ck_assert_msg(json_equal(live_member(api_get(&jo, "/invitations/received"), "invitations.0.message"), sent), "%s", reply->body);
}
END_TEST

START_TEST(u0000_is_refused_wherever_it_means_something)
{
    person_t mira = person("mira");

    expect_places(live_ask("POST", API "/activities", mira.token,
                           "{\"title\": \"a\\u0000\", \"scheduled_at\": \"2131-01-01T00:00:00Z\", \"tags\": [\"a\", \"\\u0000\"], \"city\": \"\\u0000\"}"),
                  "body.title body.tags[1] body.city");
    live_expect(live_ask("POST", API "/activities", mira.token,
                         "{\"title\": \"a\", \"scheduled_at\": \"2131-01-01T00:00:00Z\","
                         " \"\\u0000\": 1, \"x\": \"\\u0000\", \"y\": [1e400]}"), 201);
    expect_places(live_ask("POST", API "/activities", mira.token,
                           "{\"title\": \"a\", \"scheduled_at\": \"2131-01-01T00:00:00Z\", \"max_participants\": 99999999999999999999}"),
                  "body.max_participants");
}
END_TEST

/* ---- replies ------------------------------------------------------------------------------------------------ */

START_TEST(every_reply_has_an_id_and_its_length)
{
    person_t jo = person("jo");
    live_reply_t *replies[] = {
        api_get(&jo, "/blocks"), api_get(NULL, "/blocks"), api_get(&jo, "/nowhere"), api_put(&jo, NULL, "/blocks"), api_get(&jo, "/blocks?limit=x"),
        api_get(NULL, "/health"), api_get(&jo, "/openapi.json"), api_get(&jo, "/docs"), api_post(&jo, "{", "/attendance/confirm"),
        api_post(&jo, "{'title': 'x', 'scheduled_at': '2131-01-01T00:00:00Z'}", "/activities"),
    };
    size_t n = sizeof replies / sizeof *replies;

    for (size_t i = 0; i < n; i++) {
        const char *id = live_header(replies[i], "X-Request-Id"), *length = live_header(replies[i], "Content-Length");

        ck_assert_msg(id && *id, "reply %zu has no X-Request-Id", i);
        ck_assert_msg(length && strtoul(length, NULL, 10) == replies[i]->length, "reply %zu: Content-Length %s of %zu", i, length ? length : "none",
                      replies[i]->length);
        for (size_t k = 0; k < i; k++) {
            ck_assert_str_ne(live_header(replies[k], "X-Request-Id"), id);
        }
        if (i != 7) {
            ck_assert_str_eq(live_header(replies[i], "Content-Type"), "application/json");
        }
        ck_assert_ptr_null(strstr(replies[i]->headers, "Access-Control-"));
    }
}
END_TEST

START_TEST(head_is_get_without_the_body)
{
    static const char *const paths[] = {"/health", "/blocks", "/activities", "/users/" NOWHERE, "/blocks?limit=0", "/nowhere", "/openapi.json", "/docs"};
    person_t jo = person("jo");

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char *path = live_text(API "%s", paths[i]);
        live_reply_t *get = live_ask("GET", path, jo.token, NULL), *head = live_ask("HEAD", path, jo.token, NULL);
        const char *length = live_header(head, "Content-Length");

        live_expect(head, get->status);
        ck_assert_uint_eq(head->length, 0);
        ck_assert_str_eq(live_header(head, "Content-Type"), live_header(get, "Content-Type"));
        ck_assert_msg(!length || !strcmp(length, live_header(get, "Content-Length")) || !i, "%s: %s", paths[i], length);
        if (live_header(get, "ETag")) {
            ck_assert_str_eq(live_header(head, "ETag"), live_header(get, "ETag"));
        }
    }
}
END_TEST

START_TEST(what_the_client_has_is_not_sent_again)
{
    person_t mira = person("mira");
    char *id = outing(&mira, NULL), *path = live_text(API "/activities/%s", id);
    const char *tag = live_header(live_ask("GET", path, mira.token, NULL), "ETag");
    const struct {
        const char *method, *condition;
        long status;
    } cases[] = {
        {"GET", live_text("If-None-Match: %s", tag), 304},
        {"HEAD", live_text("If-None-Match: %s", tag), 304},
        {"GET", live_text("If-None-Match: W/%s", tag), 304},
        {"GET", live_text("If-None-Match: \"a\", %s, \"b\"", tag), 304},
        {"GET", "If-None-Match: *", 304},
        {"GET", "If-None-Match: \"a\"", 200},
        {"GET", live_text("If-None-Match: \"%s\"", tag), 200},
        {"GET", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT", 200},
    };

    ck_assert_msg(tag && *tag == '"' && tag[strlen(tag) - 1] == '"', "the ETag is %s", tag ? tag : "missing");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *headers[] = {cases[i].condition, NULL};
        live_reply_t *reply = live_send(&(live_request_t){.method = cases[i].method, .path = path, .token = mira.token, .headers = headers});

        ck_assert_msg(reply->status == cases[i].status, "%s, %s: %ld", cases[i].method, cases[i].condition, reply->status);
        ck_assert_str_eq(live_header(reply, "ETag"), tag);
        if (reply->status == 304) {
            ck_assert_uint_eq(reply->length, 0);
            ck_assert_ptr_null(live_header(reply, "Content-Type"));
        }
    }
    live_expect(api_patch(&mira, "{'city': 'Gent'}", "/activities/%s", id), 200);
    ck_assert_str_ne(live_header(live_ask("GET", path, mira.token, NULL), "ETag"), tag);
    ck_assert_ptr_null(live_header(api_get(&mira, "/activities/" NOWHERE), "ETag"));
    /* for who may not see it, it is no 304 */
    live_expect(live_send(&(live_request_t){.path = path, .headers = (const char *[]){cases[0].condition, NULL}}), 401);
}
END_TEST

START_TEST(the_document_has_an_etag_too)
{
    const char *tag = live_header(api_get(NULL, "/openapi.json"), "ETag");
    const char *headers[] = {live_text("If-None-Match: %s", tag ? tag : ""), NULL};

    ck_assert_ptr_nonnull(tag);
    live_expect(live_send(&(live_request_t){.path = API "/openapi.json", .headers = headers}), 304);
}
END_TEST

START_TEST(pages_of_other_origins_are_told_nothing)
{
    static const char *const preflight[] = {"Origin: https://example.org", "Access-Control-Request-Method: POST", NULL};
    person_t jo = person("jo");
    live_reply_t *reply = live_send(&(live_request_t){.path = API "/blocks", .token = jo.token, .headers = preflight});

    live_expect(reply, 200);
    ck_assert_ptr_null(strstr(reply->headers, "Access-Control-"));
    reply = live_send(&(live_request_t){.method = "OPTIONS", .path = API "/blocks", .headers = preflight});
    ck_assert_ptr_null(strstr(reply->headers, "Access-Control-"));
}
END_TEST

START_TEST(no_error_tells_internals)
{
    person_t jo = person("jo");
    live_reply_t *replies[] = {api_get(&jo, "/activities/'"), api_post(&jo, "{", "/attendance/confirm"), api_get(&jo, "/blocks?limit=x"), api_get(NULL, "/blocks")};

    for (size_t i = 0; i < sizeof replies / sizeof *replies; i++) {
        static const char *const words[] = {"SQL", "postgres", "jansson", "libjwt", "line ", ".c", "activity.", "0x"};

        for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
            ck_assert_msg(!strstr(replies[i]->body, words[k]), "`%s' in %s", words[k], replies[i]->body);
        }
    }
}
END_TEST

/* ---- on the wire -------------------------------------------------------------------------------------------- */

static char *wire(const char *method, const char *path, const char *token, const char *more)
{
    return live_text("%s " API "%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s", method, path, token, more);
}

static int times(const char *text, const char *part)
{
    int n = 0;

    for (; (text = strstr(text, part)); text++) {
        n++;
    }
    return n;
}

START_TEST(a_connection_goes_on_after_a_body_that_was_ignored)
{
    person_t jo = person("jo");
    char *bytes = live_text("%s%s%s%s", wire("GET", "/blocks", jo.token, "Content-Length: 25\r\n\r\nGET /smuggled HTTP/1.1\r\n\r"),
                            wire("POST", "/activities/" NOWHERE "/join", jo.token, "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
                            wire("POST", "/attendance/confirm", jo.token, live_text("Content-Length: %zu\r\n\r\n" FINE, strlen(FINE))),
                            wire("GET", "/friends", jo.token, "Connection: close\r\n\r\n"));
    char *came = live_raw(bytes, strlen(bytes), 1);

    ck_assert_msg(times(came, "HTTP/1.1 ") == 4, "not four replies: %s", came);
    ck_assert_msg(times(came, "HTTP/1.1 200 ") == 2 && times(came, "HTTP/1.1 404 ") == 2, "%s", came);
}
END_TEST

START_TEST(a_length_that_is_too_large_is_refused_before_the_body)
{
    person_t jo = person("jo");
    char *bytes = wire("POST", "/attendance/confirm", jo.token, "Expect: 100-continue\r\nContent-Length: 1048577\r\n\r\n");
    char *came = live_raw(bytes, strlen(bytes), 1);

    ck_assert_msg(!strncmp(came, "HTTP/1.1 413 ", 13), "%s", came);
    ck_assert_ptr_null(strstr(came, "100 Continue"));
}
END_TEST

/* What is broken on the way: no reply is promised but a 4xx or a closed connection, and that the server lives. */
static const struct {
    const char *head, *status;
} BROKEN[] = {
    {"Content-Length: 100\r\n\r\n{\"activity_id\"", NULL},
    {"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", "400"},
    {"Transfer-Encoding: chunked\r\n\r\n5\r\n{", NULL},
    {"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}", "4"},
    {"Content-Length: -1\r\n\r\n{}", "4"},
    {"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "4"},
    {"Content-Length: 99999999999999999999\r\n\r\n{}", "4"},
    {"Transfer-Encoding: gzip\r\n\r\n{}", NULL},
};

START_TEST(a_broken_body_breaks_nothing)
{
    person_t jo = person("jo");
    char *bytes = wire("POST", "/attendance/confirm", jo.token, BROKEN[_i].head), *came = live_raw(bytes, strlen(bytes), 0);

    ck_assert_msg(!*came || !strncmp(came, "HTTP/1.1 4", 10) || !strncmp(came, "HTTP/1.1 501", 12), "%s", came);
    if (BROKEN[_i].status) {
        ck_assert_msg(!strncmp(came + 9, BROKEN[_i].status, strlen(BROKEN[_i].status)), "%s", came);
    }
    live_expect(api_get(&jo, "/blocks"), 200);
}
END_TEST

START_TEST(who_hangs_up_breaks_nothing)
{
    person_t mira = person("mira");
    char *bytes = wire("GET", "/activities", mira.token, "\r\n");

    for (int i = 0; i < 20; i++) {
        live_request_t q = {.path = API "/activities", .token = mira.token, .timeout = 1};

        live_free(live_send(&q));
    }
    ck_assert_ptr_nonnull(strstr(live_raw(bytes, strlen(bytes), 0), "HTTP/1.1 200"));
    live_expect(api_get(&mira, "/blocks"), 200);
}
END_TEST

#define LOOP(tc, test, table) tcase_add_loop_test(tc, test, 0, (int)(sizeof table / sizeof *table))

static Suite *suite(void)
{
    Suite *s = suite_create("hostile");
    TCase *tc = tcase_create("hostile");

    tcase_set_timeout(tc, 60);
    LOOP(tc, a_body_is_one_object_in_utf8, BODIES);
    LOOP(tc, a_body_is_sent_as_json, TYPES);
    tcase_add_test(tc, a_body_may_be_missing_where_it_is_optional);
    tcase_add_test(tc, nesting_ends_at_64_levels);
    tcase_add_test(tc, a_mebibyte_and_no_more);
    LOOP(tc, a_query_is_form_encoded_utf8, QUERIES);
    tcase_add_test(tc, a_detail_names_place_and_fault);
    LOOP(tc, a_path_is_decoded, PATHS);
    tcase_add_test(tc, what_httpd_refuses_is_refused);
    LOOP(tc, other_methods_are_told_those_that_there_are, METHODS);
    LOOP(tc, text_comes_back_as_it_was_sent, TEXTS);
    tcase_add_test(tc, u0000_is_refused_wherever_it_means_something);
    tcase_add_test(tc, every_reply_has_an_id_and_its_length);
    tcase_add_test(tc, head_is_get_without_the_body);
    tcase_add_test(tc, what_the_client_has_is_not_sent_again);
    tcase_add_test(tc, the_document_has_an_etag_too);
    tcase_add_test(tc, pages_of_other_origins_are_told_nothing);
    tcase_add_test(tc, no_error_tells_internals);
    tcase_add_test(tc, a_connection_goes_on_after_a_body_that_was_ignored);
    tcase_add_test(tc, a_length_that_is_too_large_is_refused_before_the_body);
    LOOP(tc, a_broken_body_breaks_nothing, BROKEN);
    tcase_add_test(tc, who_hangs_up_breaks_nothing);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
