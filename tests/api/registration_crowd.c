/*
 * Many clients at once, against several children: whoever registers, leaves, or changes the capacity at one moment, the confirmed never exceed it,
 * nobody overtakes, and nobody waits while a place is free.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_api.h"

#define REG "/registration"

static void event(const char *id, int capacity, int waitlist)
{
    live_expect(live_ask("POST", REG "/events", NULL, quoted(live_text("{'eventId': '%s', 'title': 'T', 'description': 'D', 'date': '2031-05-02', "
        "'location': 'L', 'capacity': %d, 'organizer': 'O', 'hasWaitlist': %s}", id, capacity, waitlist ? "true" : "false"))), 201);
}

/* Guests of that event: NAME-0, NAME-1 … */
static void guests(const char *name, int n)
{
    live_sql("SELECT count(registration.sp_create_user(NULL, NULL, $1 || '-' || i, 'n')) FROM generate_series(0, $2::int - 1) i", name,
             live_text("%d", n), NULL);
}

static live_request_t enrolling(const char *event, int i)
{
    return (live_request_t){.method = "POST", .path = REG "/registrations",
                            .json = quoted(live_text("{'userId': '%s-%d', 'eventId': '%s'}", event, i, event))};
}

static live_request_t leaving(const char *event, int i)
{
    return (live_request_t){.method = "DELETE", .path = live_text(REG "/registrations/%s-%d/%s", event, i, event)};
}

static int count_status(live_reply_t **replies, int n, const char *status)
{
    int found = 0;

    for (int i = 0; i < n; i++) {
        found += replies[i]->status == 201 && !strcmp(live_string(replies[i], "status"), status);
    }
    return found;
}

/* In the order of registration: `confirmed` confirmed, then `waiting` waiting at 1, 2, 3 …; and the event counts the same. */
static void expect_line(const char *event, int confirmed, int waiting)
{
    live_reply_t *list = live_ask("GET", live_text(REG "/events/%s/registrations", event), NULL, NULL);
    live_reply_t *shown = live_ask("GET", live_text(REG "/events/%s", event), NULL, NULL);
    size_t i;
    json_t *one;

    live_expect(list, 200);
    ck_assert_int_eq((int)json_array_size(list->json), confirmed + waiting);
    ck_assert_int_eq((int)live_int(shown, "confirmedCount"), confirmed);
    ck_assert_int_eq((int)live_int(shown, "waitlistedCount"), waiting);
    json_array_foreach(list->json, i, one) {
        json_t *position = json_object_get(one, "waitlistPosition");

        if ((int)i < confirmed) {
            ck_assert(json_is_null(position));
        }
        else {
            ck_assert_int_eq((int)json_integer_value(position), (int)i - confirmed + 1);
        }
    }
}

START_TEST(forty_for_ten_places_with_a_line)
{
    live_request_t all[40];
    live_reply_t **replies;
    char seen[41] = "";

    event("with", 10, 1);
    guests("with", 40);
    for (int i = 0; i < 40; i++) {
        all[i] = enrolling("with", i);
    }
    replies = live_together(40, all);
    ck_assert_int_eq(live_count(replies, 40, 201), 40);
    ck_assert_int_eq(count_status(replies, 40, "confirmed"), 10);
    for (int i = 0; i < 40; i++) {
        json_t *position = live_member(replies[i], "waitlistPosition");

        if (!json_is_null(position)) {
            ck_assert_msg(!seen[json_integer_value(position)]++, "position %d was told twice", (int)json_integer_value(position));
        }
    }
    expect_line("with", 10, 30);
}
END_TEST

START_TEST(forty_for_ten_places_without_one)
{
    live_request_t all[40];
    live_reply_t **replies;

    event("without", 10, 0);
    guests("without", 40);
    for (int i = 0; i < 40; i++) {
        all[i] = enrolling("without", i);
    }
    replies = live_together(40, all);
    ck_assert_int_eq(live_count(replies, 40, 201), 10);
    ck_assert_int_eq(live_count(replies, 40, 409), 30);
    expect_line("without", 10, 0);
}
END_TEST

START_TEST(each_departure_promotes_one_in_order)
{
    live_request_t all[20];
    live_reply_t **replies;
    char promoted[30] = "";

    event("leave", 10, 1);
    guests("leave", 30);
    for (int i = 0; i < 30; i++) {
        live_request_t one = enrolling("leave", i);

        live_expect(live_send(&one), 201);
    }
    for (int i = 0; i < 20; i++) {          /* each confirmed one leaves twice */
        all[i] = leaving("leave", i / 2);
    }
    replies = live_together(20, all);
    ck_assert_int_eq(live_count(replies, 20, 200), 10);
    ck_assert_int_eq(live_count(replies, 20, 404), 10);
    for (int i = 0; i < 20; i++) {
        if (replies[i]->status == 200) {
            int who = atoi(live_string(replies[i], "promotedUserId") + strlen("leave-"));

            ck_assert_msg(who >= 10 && who < 20, "%d was promoted before the first ten of the line", who);
            ck_assert_msg(!promoted[who]++, "%d was promoted twice", who);
        }
    }
    expect_line("leave", 10, 10);
}
END_TEST

START_TEST(one_id_is_given_once)
{
    live_request_t all[40];
    live_reply_t **replies;

    for (int i = 0; i < 40; i++) {
        all[i] = (live_request_t){.method = "POST", .path = i % 2 ? REG "/users" : REG "/events", .json = quoted(i % 2
            ? "{'userId': 'once', 'name': 'n'}"
            : "{'eventId': 'once', 'title': 'T', 'description': 'D', 'date': '2031-05-02', 'location': 'L', 'capacity': 1, 'organizer': 'O'}")};
    }
    replies = live_together(40, all);
    ck_assert_int_eq(live_count(replies, 40, 201), 2);
    ck_assert_int_eq(live_count(replies, 40, 409), 38);
}
END_TEST

START_TEST(the_capacity_rises_while_others_come_and_go)
{
    live_request_t all[120];
    live_reply_t **replies, *shown;

    event("busy", 10, 1);
    guests("busy", 80);
    for (int i = 0; i < 40; i++) {
        live_request_t one = enrolling("busy", i);

        live_expect(live_send(&one), 201);
    }
    for (int i = 0; i < 40; i++) {
        all[3 * i] = enrolling("busy", 40 + i);
        all[3 * i + 1] = leaving("busy", i);
        all[3 * i + 2] = (live_request_t){.method = "PUT", .path = REG "/events/busy",
                                          .json = quoted(live_text("{'capacity': %d}", 10 + i / 2))};
    }
    replies = live_together(120, all);
    for (int i = 0; i < 120; i++) {
        ck_assert_msg(replies[i]->status == 200 || replies[i]->status == 201 || replies[i]->status == 409, "request %d: %ld %s", i,
                      replies[i]->status, replies[i]->body);
    }
    live_expect(live_ask("PUT", REG "/events/busy", NULL, "{\"capacity\": 35}"), 200);
    shown = live_ask("GET", REG "/events/busy", NULL, NULL);
    ck_assert_int_eq((int)live_int(shown, "confirmedCount"), 35);
    expect_line("busy", 35, 5);
}
END_TEST

START_TEST(a_deletion_leaves_nobody_behind)
{
    live_request_t all[41];

    event("doomed", 5, 1);
    guests("doomed", 40);
    for (int i = 0; i < 40; i++) {
        all[i] = enrolling("doomed", i);
    }
    all[40] = (live_request_t){.method = "DELETE", .path = REG "/events/doomed"};
    live_reply_t **replies = live_together(41, all);
    for (int i = 0; i < 40; i++) {
        ck_assert_msg(replies[i]->status == 201 || replies[i]->status == 404, "%ld %s", replies[i]->status, replies[i]->body);
    }
    live_expect(replies[40], 200);
    for (int i = 0; i < 40; i++) {
        ck_assert_str_eq(live_ask("GET", live_text(REG "/users/doomed-%d/registrations", i), NULL, NULL)->body, "[]");
    }
}
END_TEST

START_TEST(people_are_erased_while_they_register)
{
    live_request_t all[60];
    live_reply_t **replies, *shown;

    event("gone", 5, 1);
    guests("gone", 30);
    for (int i = 0; i < 30; i++) {
        all[2 * i] = enrolling("gone", i);
        all[2 * i + 1] = (live_request_t){.method = "DELETE", .path = live_text(REG "/users/gone-%d", i)};
    }
    replies = live_together(60, all);
    for (int i = 0; i < 30; i++) {
        ck_assert_msg(replies[2 * i]->status == 201 || replies[2 * i]->status == 404, "%ld %s", replies[2 * i]->status, replies[2 * i]->body);
        live_expect(replies[2 * i + 1], 200);
    }
    shown = live_ask("GET", REG "/events/gone", NULL, NULL);
    ck_assert_int_eq((int)live_int(shown, "confirmedCount"), 0);
    ck_assert_int_eq((int)live_int(shown, "waitlistedCount"), 0);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("registration, many at once");
    TCase *crowd = tcase_create("crowd");

    tcase_set_timeout(crowd, 60);
    tcase_add_test(crowd, forty_for_ten_places_with_a_line);
    tcase_add_test(crowd, forty_for_ten_places_without_one);
    tcase_add_test(crowd, each_departure_promotes_one_in_order);
    tcase_add_test(crowd, one_id_is_given_once);
    tcase_add_test(crowd, the_capacity_rises_while_others_come_and_go);
    tcase_add_test(crowd, a_deletion_leaves_nobody_behind);
    tcase_add_test(crowd, people_are_erased_while_they_register);
    suite_add_tcase(s, crowd);
    return s;
}

int main(void)
{
    return live_run(suite());
}
