/*
 * GatherHub under many requests at once, over several children: places, ballots, names, sessions and tasks are decided once each.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_gatherhub.h"

#define N 60

static int saying(live_reply_t **replies, int n, const char *error)
{
    int found = 0;

    for (int i = 0; i < n; i++) {
        const char *is = json_string_value(json_object_get(replies[i]->json, "error"));

        found += is && !strcmp(is, error);
    }
    return found;
}

START_TEST(places_are_exact_and_counted_apart)
{
    hubber_t creator = hubber("host");
    long long event = hub_event(&creator, 11);
    live_request_t all[N];
    live_reply_t **replies;
    char seen[12] = "";

    for (int i = 0; i < N; i++) {
        hubber_t who = hubber("crowd");

        all[i] = hub_request("POST", &who, NULL, "/events/%lld/join/", event);
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 200), 10);
    ck_assert_int_eq(saying(replies, N, "event_full"), N - 10);
    for (int i = 0; i < N; i++) {
        if (replies[i]->status == 200) {
            long long count = live_int(replies[i], "event.current_participants");

            ck_assert(count >= 2 && count <= 11 && !seen[count]);
            seen[count] = 1;
        }
    }
    ck_assert_int_eq((int)live_int(hub("GET", &creator, NULL, "/events/%lld/", event), "current_participants"), 11);
}
END_TEST

START_TEST(one_person_joins_and_leaves_once)
{
    hubber_t creator = hubber("host"), who = hubber("eager");
    long long event = hub_event(&creator, 50);
    live_request_t all[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        all[i] = hub_request("POST", &who, NULL, "/events/%lld/join/", event);
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 200), 1);
    ck_assert_int_eq(saying(replies, N, "already_participant"), N - 1);
    for (int i = 0; i < N; i++) {
        all[i] = hub_request("POST", &who, NULL, "/events/%lld/leave/", event);
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 200), 1);
    ck_assert_int_eq(saying(replies, N, "not_participant"), N - 1);
}
END_TEST

START_TEST(one_delete_of_many)
{
    hubber_t creator = hubber("host");
    long long event = hub_event(&creator, 5), task = hub_task(&creator, event, NULL);
    live_request_t all[20];
    live_reply_t **replies;

    for (int i = 0; i < 20; i++) {
        all[i] = hub_request("DELETE", &creator, NULL, "/tasks/%lld/", task);
    }
    replies = live_together(20, all);
    ck_assert_int_eq(live_count(replies, 20, 204), 1);
    ck_assert_int_eq(saying(replies, 20, "task_not_found"), 19);
    for (int i = 0; i < 20; i++) {
        all[i] = hub_request("DELETE", &creator, NULL, "/events/%lld/", event);
    }
    replies = live_together(20, all);
    ck_assert_int_eq(live_count(replies, 20, 204), 1);
    ck_assert_int_eq(saying(replies, 20, "event_not_found"), 19);
}
END_TEST

/* Half of the ballots have two options; each person sends theirs twice. While they come in, every reply adds up. */
START_TEST(ballots_count_once)
{
    hubber_t creator = hubber("host"), reader = hubber("reader");
    long long event = hub_event(&creator, 100), options[3], vote = hub_vote(&creator, event, 1, options), counts[3] = {0};
    live_request_t all[N + 10];
    live_reply_t **replies, *results;
    int cast = 0;

    for (int i = 0; i < N; i += 2) {
        hubber_t who = hubber("voter");
        char *ballot = i % 4 ? live_text("{'options': [%lld]}", options[0]) : live_text("{'options': [%lld, %lld]}", options[2], options[1]);

        live_expect(hub("POST", &who, NULL, "/events/%lld/join/", event), 200);
        all[i] = all[i + 1] = hub_request("POST", &who, ballot, "/voting/%lld/vote/", vote);
    }
    for (int i = N; i < N + 10; i++) {
        all[i] = hub_request("GET", &reader, NULL, "/voting/%lld/results/", vote);
    }
    replies = live_together(N + 10, all);
    for (int i = 0; i < N; i += 2) {
        ck_assert_int_eq(live_count(replies + i, 2, 200), 1);
        ck_assert_int_eq(saying(replies + i, 2, "already_voted"), 1);
        cast++;
        counts[0] += i % 4 != 0;
        counts[1] += i % 4 == 0;
        counts[2] += i % 4 == 0;
    }
    for (int i = N; i < N + 10; i++) {
        live_expect(replies[i], 200);
        ck_assert_int_eq((int)(live_int(replies[i], "results.0.vote_count") + live_int(replies[i], "results.1.vote_count")),
                         (int)live_int(replies[i], "total_votes"));
    }
    results = hub("GET", &reader, NULL, "/voting/%lld/results/", vote);
    ck_assert_int_eq((int)live_int(results, "total_votes"), cast);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq((int)live_int(results, live_text("results.%d.vote_count", i)), (int)counts[i]);
    }
    ck_assert(json_is_null(live_member(results, "winner")));
}
END_TEST

START_TEST(one_name_one_account)
{
    char *name = live_sql("SELECT 'n' || left(gen_random_uuid()::text, 8)", NULL), *large = live_text("%s", name);
    live_request_t all[20];
    live_reply_t **replies;

    large[0] = 'N';
    for (int i = 0; i < 20; i++) {
        all[i] = (live_request_t){.method = "POST", .path = AUTH "/register/",
                                  .json = quoted(live_text("{'username': '%s', 'email': '%s-%d@example.org', 'password': '" HUB_PASSWORD "'}",
                                                           i % 2 ? name : large, name, i))};
    }
    replies = live_together(20, all);
    ck_assert_int_eq(live_count(replies, 20, 201), 1);
    ck_assert_int_eq(live_count(replies, 20, 409), 19);
    ck_assert_int_eq(saying(replies, 20, "already_exists"), 19);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.users WHERE lower(username) = $1", name, NULL), "1");
}
END_TEST

START_TEST(simultaneous_refreshes_leave_one_live_token)
{
    const char *refresh = live_string(hub_register("twin", NULL), "refresh"), *successor;
    live_request_t all[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        all[i] = (live_request_t){.method = "POST", .path = AUTH "/refresh/", .json = quoted(live_text("{'refresh': '%s'}", refresh))};
    }
    replies = live_together(N, all);
    ck_assert_int_eq(live_count(replies, N, 200), N);
    successor = live_string(replies[0], "refresh");
    ck_assert_str_ne(successor, refresh);
    for (int i = 0; i < N; i++) {
        ck_assert_str_eq(live_string(replies[i], "refresh"), successor);
        ck_assert_str_eq(live_string(replies[i], "tokens.refresh"), successor);
    }
}
END_TEST

/* Whoever is second has given a password that was another's by then. */
START_TEST(one_of_many_changes_the_password)
{
    char *name;
    const char *token = live_string(hub_register("changer", &name), "access");
    live_request_t all[20];
    live_reply_t **replies;
    int works = 0;

    for (int i = 0; i < 20; i++) {
        all[i] = (live_request_t){.method = "POST", .path = AUTH "/change-password/", .token = token,
                                  .json = quoted(live_text("{'current_password': '" HUB_PASSWORD "', 'new_password': 'north pier %d'}", i))};
    }
    replies = live_together(20, all);
    ck_assert_int_eq(live_count(replies, 20, 200), 1);
    for (int i = 0; i < 20; i++) {
        if (replies[i]->status == 200) {
            works = i;
        } else {
            expect_details(replies[i], "{'current_password': ['Current password is incorrect.']}");
        }
    }
    live_expect(live_ask("POST", AUTH "/login/", NULL, quoted(live_text("{'username': '%s', 'password': 'north pier %d'}", name, works))), 200);
}
END_TEST

/* A task is never left to somebody who left meanwhile. */
START_TEST(assigning_against_leaving)
{
    hubber_t creator = hubber("host");
    long long event = hub_event(&creator, 100), tasks[20];
    live_request_t all[40];

    for (int i = 0; i < 20; i++) {
        hubber_t who = hubber("fickle");

        live_expect(hub("POST", &who, NULL, "/events/%lld/join/", event), 200);
        tasks[i] = hub_task(&creator, event, NULL);
        all[2 * i] = hub_request("POST", &creator, live_text("{'assignee': %lld}", who.id), "/tasks/%lld/assign/", tasks[i]);
        all[2 * i + 1] = hub_request("POST", &who, NULL, "/events/%lld/leave/", event);
    }
    live_together(40, all);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.tasks k JOIN activity.activities a USING (activity_id) WHERE a.number = $1::bigint"
                              " AND k.assignee_user_id IS NOT NULL", live_text("%lld", event), NULL), "0");
}
END_TEST

/* Nor is one that was done and is to do again. */
START_TEST(opening_again_against_leaving)
{
    hubber_t creator = hubber("host");
    long long event = hub_event(&creator, 100);
    live_request_t all[40];

    for (int i = 0; i < 20; i++) {
        hubber_t who = hubber("fickle");
        long long task;

        live_expect(hub("POST", &who, NULL, "/events/%lld/join/", event), 200);
        task = hub_task(&creator, event, &who);
        live_expect(hub("POST", &who, NULL, "/tasks/%lld/complete/", task), 200);
        all[2 * i] = hub_request("PUT", &creator, "{'status': 'pending'}", "/tasks/%lld/", task);
        all[2 * i + 1] = hub_request("POST", &who, NULL, "/events/%lld/leave/", event);
    }
    live_together(40, all);
    ck_assert_int_eq((int)live_int(hub("GET", &creator, NULL, "/tasks/?event=%lld&status=pending", event), "count"), 20);
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.tasks k JOIN activity.activities a USING (activity_id) WHERE a.number = $1::bigint"
                              " AND k.assignee_user_id IS NOT NULL", live_text("%lld", event), NULL), "0");
}
END_TEST

/* One of many deletes a task; and many who change it each win in what they sent. */
START_TEST(one_task_and_many_writers)
{
    static const char *const changes[] = {"{'title': 'Ropes'}", "{'description': 'Long'}", "{'priority': 'high'}", "{'status': 'in_progress'}",
                                          "{'due_date': '2031-05-01'}"};
    hubber_t creator = hubber("host");
    long long event = hub_event(&creator, 5), task = hub_task(&creator, event, NULL);
    live_request_t all[20];
    live_reply_t **replies;

    for (int i = 0; i < 20; i++) {
        all[i] = hub_request("PUT", &creator, changes[i % 5], "/tasks/%lld/", task);
    }
    ck_assert_int_eq(live_count(live_together(20, all), 20, 200), 20);
    expect_like(hub("GET", &creator, NULL, "/tasks/%lld/", task), "", "{'title': 'Ropes', 'description': 'Long', 'priority': 'high',"
                " 'status': 'in_progress', 'due_date': '2031-05-01T00:00:00Z'}");
    for (int i = 0; i < 20; i++) {
        all[i] = hub_request("DELETE", &creator, NULL, "/tasks/%lld/", task);
    }
    replies = live_together(20, all);
    ck_assert_int_eq(live_count(replies, 20, 204), 1);
    ck_assert_int_eq(live_count(replies, 20, 404), 19);
}
END_TEST

/* Every ballot that was taken is counted, and none once the vote is closed. */
START_TEST(casting_against_closing)
{
    hubber_t creator = hubber("host");
    long long event = hub_event(&creator, 100), options[3], vote = hub_vote(&creator, event, 0, options), counted;
    live_request_t all[60];
    live_reply_t **replies;

    for (int i = 0; i < 60; i++) {
        hubber_t who = i == 30 ? creator : hubber("voter");

        if (i != 30) {
            live_expect(hub("POST", &who, NULL, "/events/%lld/join/", event), 200);
        }
        all[i] = i == 30 ? hub_request("POST", &creator, NULL, "/voting/%lld/close/", vote)
                         : hub_request("POST", &who, live_text("{'options': [%lld]}", options[i % 3]), "/voting/%lld/vote/", vote);
    }
    replies = live_together(60, all);
    live_expect(replies[30], 200);
    counted = live_int(replies[30], "total_votes");
    ck_assert_int_eq(live_count(replies, 60, 200) - 1, (int)counted);
    ck_assert_int_eq(live_count(replies, 60, 403), 59 - (int)counted);
    ck_assert_int_eq((int)live_int(hub("GET", &creator, NULL, "/voting/%lld/", vote), "total_votes"), (int)counted);
}
END_TEST

/* An event that goes takes everything with it, and leaves nobody behind. */
START_TEST(deleting_against_everything)
{
    hubber_t creator = hubber("host");
    long long event = hub_event(&creator, 100);
    live_request_t all[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        hubber_t who = hubber("crowd");

        all[i] = i == N / 2   ? hub_request("DELETE", &creator, NULL, "/events/%lld/", event)
                 : i % 8 == 0 ? hub_request("POST", &creator, live_text("{'event': %lld, 'title': 'T'}", event), "/tasks/")
                 : i % 8 == 1 ? hub_request("POST", &creator, live_text("{'event': %lld, 'title': 'V',"
                                                                        " 'options': [{'text': 'A'}, {'text': 'B'}]}", event), "/voting/")
                              : hub_request("POST", &who, NULL, "/events/%lld/join/", event);
    }
    replies = live_together(N, all);
    live_expect(replies[N / 2], 204);
    for (int i = 0; i < N; i++) {
        ck_assert_msg(replies[i]->status < 500, "%s", replies[i]->body);
    }
    ck_assert_str_eq(live_sql("SELECT (SELECT count(*) FROM activity.participants p WHERE p.activity_id = a.activity_id)"
                              " + (SELECT count(*) FROM activity.tasks k WHERE k.activity_id = a.activity_id)"
                              " + (SELECT count(*) FROM activity.votes v WHERE v.activity_id = a.activity_id)"
                              " FROM activity.activities a WHERE a.number = $1::bigint", live_text("%lld", event), NULL), "0");
}
END_TEST

START_TEST(completed_at_one_moment)
{
    hubber_t creator = hubber("host");
    long long event = hub_event(&creator, 5), task = hub_task(&creator, event, NULL);
    live_request_t all[20];
    live_reply_t **replies;

    for (int i = 0; i < 20; i++) {
        all[i] = hub_request("POST", &creator, NULL, "/tasks/%lld/complete/", task);
    }
    replies = live_together(20, all);
    ck_assert_int_eq(live_count(replies, 20, 200), 20);
    for (int i = 1; i < 20; i++) {
        ck_assert_str_eq(live_string(replies[i], "task.completed_at"), live_string(replies[0], "task.completed_at"));
    }
}
END_TEST

/* Fewer places against joins: never more people than places. */
START_TEST(shrinking_against_joining)
{
    hubber_t creator = hubber("host");
    long long event = hub_event(&creator, 40);
    live_request_t all[N];
    live_reply_t *shown;

    for (int i = 0; i < N; i++) {
        hubber_t who = hubber("crowd");

        all[i] = i % 6 ? hub_request("POST", &who, NULL, "/events/%lld/join/", event)
                       : hub_request("PUT", &creator, live_text("{'max_participants': %d}", 40 - i / 2), "/events/%lld/", event);
    }
    live_together(N, all);
    shown = hub("GET", &creator, NULL, "/events/%lld/", event);
    ck_assert(live_int(shown, "current_participants") <= live_int(shown, "max_participants"));
    ck_assert_int_eq((int)json_array_size(live_member(shown, "participants")), (int)live_int(shown, "current_participants"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("gatherhub: crowds");
    TCase *tc = tcase_create("crowds");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, places_are_exact_and_counted_apart);
    tcase_add_test(tc, one_person_joins_and_leaves_once);
    tcase_add_test(tc, one_delete_of_many);
    tcase_add_test(tc, ballots_count_once);
    tcase_add_test(tc, one_name_one_account);
    tcase_add_test(tc, simultaneous_refreshes_leave_one_live_token);
    tcase_add_test(tc, one_of_many_changes_the_password);
    tcase_add_test(tc, assigning_against_leaving);
    tcase_add_test(tc, opening_again_against_leaving);
    tcase_add_test(tc, one_task_and_many_writers);
    tcase_add_test(tc, casting_against_closing);
    tcase_add_test(tc, deleting_against_everything);
    tcase_add_test(tc, completed_at_one_moment);
    tcase_add_test(tc, shrinking_against_joining);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
