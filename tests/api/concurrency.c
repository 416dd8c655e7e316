/*
 * Participation API, 1.7: what holds for any number of simultaneous requests. The server has four children, so the requests meet in the database
 * and not in one process. What the rows must agree on is asked of activity.broken() too, by each test and after the last.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness_api.h"

#define CROWD 200
#define PLACES 50

static void expect_nothing_broken(void)
{
    char *broken = live_sql("SELECT string_agg(invariant || ': ' || \"rows\", '; ') FROM activity.broken()", NULL);

    ck_assert_msg(broken == NULL, "%s", broken);
}

static live_request_t request(const person_t *who, const char *method, const char *path)
{
    return (live_request_t){.method = method, .path = live_text(API "%s", path), .token = who->token};
}

/* So many people, made in one statement. */
static person_t *crowd(int n)
{
    person_t *people = calloc((size_t)n, sizeof *people);
    char *ids = live_sql("WITH made AS (INSERT INTO activity.users (username) SELECT 'c' || gen_random_uuid() FROM generate_series(1, $1::int) RETURNING user_id)"
                         " SELECT string_agg(user_id::text, ' ') FROM made", live_text("%d", n), NULL);

    for (int i = 0; i < n; i++) {
        people[i].id = strsep(&ids, " ");
        people[i].token = live_token(people[i].id);
    }
    return people;
}

/* All replies are `status`, or the program fails with the first that is not. */
static void expect_all(live_reply_t **replies, int n, long status)
{
    for (int i = 0; i < n; i++) {
        ck_assert_msg(replies[i]->status == status, "reply %d: %ld %s %s", i, replies[i]->status, replies[i]->body, replies[i]->error ? replies[i]->error : "");
    }
}

/* How many replies have this code. */
static int codes(live_reply_t **replies, int n, const char *code)
{
    int count = 0;

    for (int i = 0; i < n; i++) {
        const char *is = json_string_value(json_object_get(replies[i]->json, "code"));

        count += is && !strcmp(is, code);
    }
    return count;
}

/* Lets every child open its connections, so that what follows meets in the database at once. */
static void warm_up(const person_t *who)
{
    live_request_t requests[CROWD];
    live_reply_t **replies;

    for (int i = 0; i < CROWD; i++) {
        requests[i] = request(who, "GET", "/activities");
    }
    replies = live_together(CROWD, requests);
    expect_all(replies, CROWD, 200);
    free(replies);
}

/* ---- joining and leaving ------------------------------------------------------------------------------------ */

START_TEST(two_hundred_join_for_fifty_places_and_fifty_leave)
{
    person_t mira = person("mira"), *people = crowd(CROWD);
    char *id = outing(&mira, live_text("'organizer_participates': false, 'max_participants': %d", PLACES));
    live_request_t requests[CROWD];
    live_reply_t **replies;
    int registered = 0, at[CROWD + 1] = {0}, promoted[CROWD + 1] = {0}, leaver[PLACES], leavers = 0;

    warm_up(&mira);
    for (int i = 0; i < CROWD; i++) {
        requests[i] = request(&people[i], "POST", live_text("/activities/%s/join", id));
    }
    replies = live_together(CROWD, requests);
    expect_all(replies, CROWD, 200);
    for (int i = 0; i < CROWD; i++) {
        if (!strcmp(live_string(replies[i], "participation_status"), "registered")) {
            leaver[leavers++ % PLACES] = i;
            registered++;
        } else {
            int position = (int)live_int(replies[i], "waitlist_position");

            ck_assert_int_ge(position, 1);
            ck_assert_int_le(position, CROWD - PLACES);
            ck_assert_msg(!at[position], "position %d was given twice", position);
            at[position] = i + 1;
        }
    }
    ck_assert_int_eq(registered, PLACES);
    expect_like(api_get(&mira, "/activities/%s", id), "", "{'current_participants_count': %d, 'waitlist_count': %d}", PLACES, CROWD - PLACES);
    expect_nothing_broken();

    for (int i = 0; i < PLACES; i++) {
        requests[i] = request(&people[leaver[i]], i % 2 ? "DELETE" : "POST", live_text("/activities/%s/%s", id, i % 2 ? "leave" : "cancel"));
    }
    replies = live_together(PLACES, requests);
    expect_all(replies, PLACES, 200);
    for (int i = 0; i < PLACES; i++) {
        const char *user = live_string(replies[i], "waitlist_promoted.user_id");

        for (int position = 1; position <= CROWD - PLACES; position++) {
            promoted[position] += !strcmp(people[at[position] - 1].id, user);
        }
    }
    for (int position = 1; position <= CROWD - PLACES; position++) {
        ck_assert_msg(promoted[position] == (position <= PLACES), "who was at %d was promoted %d times", position, promoted[position]);
    }
    expect_like(api_get(&mira, "/activities/%s", id), "", "{'current_participants_count': %d, 'waitlist_count': %d}", PLACES, CROWD - 2 * PLACES);
    for (int i = 0; i < PLACES; i += 10) {              /* the rest moved up, in their order */
        expect_like(api_get(&people[at[PLACES + 1 + i] - 1], "/activities/%s/participation", id), "", "{'waitlist_position': %d}", i + 1);
    }
    expect_nothing_broken();
}
END_TEST

START_TEST(twenty_times_the_same_join)
{
    person_t mira = person("mira"), jo = person("jo");
    char *id = outing(&mira, "'max_participants': 5");
    live_request_t requests[20];
    live_reply_t **replies;

    for (int i = 0; i < 20; i++) {
        requests[i] = request(&jo, "POST", live_text("/activities/%s/join", id));
    }
    replies = live_together(20, requests);
    ck_assert_int_eq(live_count(replies, 20, 200), 1);
    ck_assert_int_eq(codes(replies, 20, "ALREADY_JOINED"), 19);
    for (int i = 0; i < 20; i++) {
        requests[i] = request(&jo, "DELETE", live_text("/activities/%s/leave", id));
    }
    replies = live_together(20, requests);
    ck_assert_int_eq(live_count(replies, 20, 200), 1);
    ck_assert_int_eq(codes(replies, 20, "NOT_PARTICIPANT"), 19);
    expect_like(api_get(&mira, "/activities/%s", id), "", "{'current_participants_count': 1}");
}
END_TEST

/* Joining, leaving, cancelling, promoting, removing, raising the limit and deleting, all at once: only documented replies. */
START_TEST(a_melee_leaves_nothing_broken)
{
    enum { PEOPLE = 30, ROUNDS = 6 };
    person_t mira = person("mira"), *people = crowd(PEOPLE);
    char *id = outing(&mira, "'max_participants': 8");
    live_request_t requests[PEOPLE * ROUNDS];
    live_reply_t **replies;

    for (int i = 0; i < PEOPLE * ROUNDS; i++) {
        const person_t *who = &people[i % PEOPLE];

        switch ((i * 7 + i / PEOPLE) % 12) {
        case 0: case 1: case 2: case 3: case 4:
            requests[i] = request(who, "POST", live_text("/activities/%s/join", id));
            break;
        case 5: case 6:
            requests[i] = request(who, "DELETE", live_text("/activities/%s/leave", id));
            break;
        case 7:
            requests[i] = request(who, "POST", live_text("/activities/%s/cancel", id));
            break;
        case 8:
            requests[i] = request(&mira, "DELETE", live_text("/activities/%s/participants/%s", id, who->id));
            break;
        case 9:
            requests[i] = request(&mira, "POST", live_text("/activities/%s/promote", id));
            requests[i].json = quoted(live_text("{'user_id': '%s'}", who->id));
            break;
        case 10:
            requests[i] = request(&mira, "PATCH", live_text("/activities/%s", id));
            requests[i].json = quoted(live_text("{'max_participants': %d}", 5 + i % 9));
            break;
        default:
            requests[i] = request(who, "GET", live_text("/activities/%s/participants", id));
        }
    }
    replies = live_together(PEOPLE * ROUNDS, requests);
    for (int i = 0; i < PEOPLE * ROUNDS; i++) {
        ck_assert_msg(replies[i]->status >= 200 && replies[i]->status < 500, "%s %s: %ld %s", requests[i].method, requests[i].path,
                      replies[i]->status, replies[i]->body);
    }
    expect_nothing_broken();
}
END_TEST

START_TEST(deleted_while_they_join)
{
    enum { N = 40 };
    person_t mira = person("mira"), *people = crowd(N);
    char *id = outing(&mira, "'max_participants': 10");
    live_request_t requests[N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        requests[i] = i == N / 2 ? request(&mira, "DELETE", live_text("/activities/%s", id)) : request(&people[i], "POST", live_text("/activities/%s/join", id));
    }
    replies = live_together(N, requests);
    live_expect(replies[N / 2], 200);
    ck_assert_int_eq(live_count(replies, N, 200) + codes(replies, N, "ACTIVITY_NOT_FOUND"), N);
    expect_nothing_broken();
}
END_TEST

/* ---- invitations and friends -------------------------------------------------------------------------------- */

START_TEST(of_accept_and_cancel_one_wins_wholly)
{
    enum { N = 20 };
    person_t mira = person("mira"), *people = crowd(N);
    char *id = outing(&mira, "'privacy': 'invite_only'"), *invitation[N];
    live_request_t requests[2 * N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        invitation[i] = invites(&mira, &people[i], id);
        requests[2 * i + i % 2] = request(&people[i], "POST", live_text("/invitations/%s/accept", invitation[i]));
        requests[2 * i + 1 - i % 2] = request(&mira, "DELETE", live_text("/invitations/%s", invitation[i]));
    }
    replies = live_together(2 * N, requests);
    for (int i = 0; i < N; i++) {
        const live_reply_t *accept = replies[2 * i + i % 2], *cancel = replies[2 * i + 1 - i % 2];

        if (accept->status == 200) {
            expect_refusal(cancel, "400 ALREADY_RESPONDED Invitation already responded to");
            expect_like(api_get(&people[i], "/activities/%s/participation", id), "", "{'participation_status': 'registered'}");
            expect_like(api_get(&people[i], "/invitations/received"), "", "{'total_count': 1}");
        } else {
            expect_refusal(accept, "404 INVITATION_NOT_FOUND Invitation not found");
            live_expect(cancel, 200);
            expect_refusal(api_get(&people[i], "/activities/%s/participation", id), "403 ACCESS_DENIED Access denied");
            expect_like(api_get(&people[i], "/invitations/received"), "", "{'total_count': 0}");
        }
    }
    expect_nothing_broken();
}
END_TEST

START_TEST(of_accept_and_decline_one_wins)
{
    enum { N = 20 };
    person_t mira = person("mira"), *people = crowd(N);
    char *id = outing(&mira, "'privacy': 'invite_only'");
    live_request_t requests[2 * N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        char *invitation = invites(&mira, &people[i], id);

        requests[2 * i] = request(&people[i], "POST", live_text("/invitations/%s/%s", invitation, i % 2 ? "accept" : "decline"));
        requests[2 * i + 1] = request(&people[i], "POST", live_text("/invitations/%s/%s", invitation, i % 2 ? "decline" : "accept"));
    }
    replies = live_together(2 * N, requests);
    for (int i = 0; i < N; i++) {
        ck_assert_int_eq(live_count(replies + 2 * i, 2, 200), 1);
        ck_assert_int_eq(codes(replies + 2 * i, 2, "ALREADY_RESPONDED"), 1);
    }
}
END_TEST

START_TEST(two_staff_invite_at_once)
{
    enum { N = 10 };
    person_t mira = person("mira"), co = person("co"), jo = person("jo");
    char *id = outing(&mira, "'privacy': 'invite_only'");
    live_request_t requests[2 * N];
    live_reply_t **replies;
    int sent = 0;

    live_expect(api_post(&co, NULL, "/invitations/%s/accept", invites(&mira, &co, id)), 200);
    live_expect(api_post(&mira, live_text("{'user_id': '%s'}", co.id), "/activities/%s/promote", id), 200);
    for (int i = 0; i < 2 * N; i++) {
        requests[i] = request(i % 2 ? &mira : &co, "POST", live_text("/activities/%s/invitations", id));
        requests[i].json = quoted(live_text("{'user_ids': ['%s']}", jo.id));
    }
    replies = live_together(2 * N, requests);
    expect_all(replies, 2 * N, 200);
    for (int i = 0; i < 2 * N; i++) {
        sent += (int)live_int(replies[i], "invited_count");
        ck_assert_int_eq((int)live_int(replies[i], "invited_count") + (int)live_int(replies[i], "failed_count"), 1);
    }
    ck_assert_int_eq(sent, 1);
}
END_TEST

START_TEST(two_who_ask_each_other_are_friends)
{
    enum { N = 20 };
    person_t *a = crowd(N), *b = crowd(N);
    live_request_t requests[2 * N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        requests[2 * i] = request(&a[i], "POST", live_text("/users/%s/friend", b[i].id));
        requests[2 * i + 1] = request(&b[i], "POST", live_text("/users/%s/friend", a[i].id));
    }
    replies = live_together(2 * N, requests);
    expect_all(replies, 2 * N, 200);
    for (int i = 0; i < N; i++) {
        expect_like(api_get(&a[i], "/friends"), "", "{'total_count': 1, 'friends': [{'user_id': '%s', 'status': 'accepted'}]}", b[i].id);
        expect_like(api_get(&b[i], "/friends"), "", "{'total_count': 1, 'friends': [{'user_id': '%s', 'status': 'accepted'}]}", a[i].id);
    }
}
END_TEST

START_TEST(asked_and_blocked_at_once)
{
    enum { N = 20 };
    person_t *a = crowd(N), *b = crowd(N);
    live_request_t requests[2 * N];
    live_reply_t **replies;

    for (int i = 0; i < N; i++) {
        requests[2 * i] = request(&a[i], "POST", live_text("/users/%s/friend", b[i].id));
        requests[2 * i + 1] = request(&b[i], "PUT", live_text("/users/%s/block", a[i].id));
    }
    replies = live_together(2 * N, requests);
    ck_assert_int_eq(live_count(replies, 2 * N, 200) + codes(replies, 2 * N, "BLOCKED_USER"), 2 * N);
    for (int i = 0; i < N; i++) {                       /* whoever was first: a blocked pair has no friendship */
        live_expect(replies[2 * i + 1], 200);
        expect_like(api_get(&a[i], "/friends?status=pending"), "", "{'total_count': 0}");
    }
}
END_TEST

/* ---- attendance --------------------------------------------------------------------------------------------- */

START_TEST(marking_in_opposite_orders)
{
    enum { N = 30, MARKS = 40, OTHERS = 2 };
    person_t mira = person("mira"), *people = crowd(N);
    char *ids[OTHERS], *up = live_text("%s", ""), *down = live_text("%s", "");
    live_request_t requests[MARKS];
    live_reply_t **replies;

    for (int k = 0; k < OTHERS; k++) {                  /* in two activities, whose locks do not order the users for each other */
        live_request_t joins_of[N];

        ids[k] = outing(&mira, NULL);
        for (int i = 0; i < N; i++) {
            joins_of[i] = request(&people[i], "POST", live_text("/activities/%s/join", ids[k]));
        }
        expect_all(live_together(N, joins_of), N, 200);
        outing_begins(ids[k]);
    }
    for (int i = 0; i < N; i++) {
        up = live_text("%s%s{'user_id': '%s', 'status': '@'}", up, i ? ", " : "", people[i].id);
        down = live_text("{'user_id': '%s', 'status': '@'}%s%s", people[i].id, i ? ", " : "", down);
    }
    for (int i = 0; i < MARKS; i++) {
        char *body = live_text("%s", i / 2 % 2 ? up : down), *from = live_text("{'attendances': [%s]}", body), *part;

        body = live_text("%s", "");
        for (int n = 0; (part = strsep(&from, "@")); n++) {
            body = live_text("%s%s%s", body, !n ? "" : i % 3 ? "no_show" : "attended", part);
        }
        requests[i] = request(&mira, "POST", live_text("/activities/%s/attendance", ids[i % OTHERS]));
        requests[i].json = quoted(body);
    }
    replies = live_together(MARKS, requests);
    expect_all(replies, MARKS, 200);
    for (int i = 0; i < MARKS; i++) {
        ck_assert_int_eq((int)live_int(replies[i], "updated_count"), N);
    }
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.users u WHERE user_id = ANY (SELECT user_id FROM activity.participants WHERE activity_id = $1::uuid)"
                              " AND no_show_count <> (SELECT count(*) FROM activity.participants p WHERE p.user_id = u.user_id AND attendance_status = 'no_show')",
                              ids[0], NULL), "0");
    expect_nothing_broken();
}
END_TEST

START_TEST(confirmations_are_counted_exactly)
{
    enum { N = 30 };
    person_t mira = person("mira"), jo = person("jo"), *people = crowd(N);
    char *id = outing(&mira, NULL), *items = live_text("{'user_id': '%s', 'status': 'attended'}", jo.id);
    live_request_t requests[2 * N];
    live_reply_t **replies;
    int seen[N + 1] = {0};

    joins(&jo, id);
    for (int i = 0; i < N; i++) {
        requests[i] = request(&people[i], "POST", live_text("/activities/%s/join", id));
        items = live_text("%s, {'user_id': '%s', 'status': 'attended'}", items, people[i].id);
    }
    expect_all(live_together(N, requests), N, 200);
    outing_begins(id);
    live_expect(api_post(&mira, live_text("{'attendances': [%s]}", items), "/activities/%s/attendance", id), 200);
    for (int i = 0; i < 2 * N; i++) {                   /* each twice */
        requests[i] = request(&people[i / 2], "POST", "/attendance/confirm");
        requests[i].json = quoted(live_text("{'activity_id': '%s', 'confirmed_user_id': '%s'}", id, jo.id));
    }
    replies = live_together(2 * N, requests);
    ck_assert_int_eq(live_count(replies, 2 * N, 200), N);
    ck_assert_int_eq(codes(replies, 2 * N, "ALREADY_CONFIRMED"), N);
    for (int i = 0; i < 2 * N; i++) {
        if (replies[i]->status == 200) {
            int count = (int)live_int(replies[i], "verification_count_updated");

            ck_assert_msg(count >= 1 && count <= N && !seen[count]++, "the count %d comes twice, or is none", count);
        }
    }
    expect_like(api_get(&mira, "/users/%s", jo.id), "", "{'verification_count': %d}", N);
}
END_TEST

/* ---- what is read afterwards -------------------------------------------------------------------------------- */

START_TEST(a_read_sees_the_write_before_it)
{
    person_t mira = person("mira"), *people = crowd(25);
    char *id = outing(&mira, NULL);

    for (int i = 0; i < 25; i++) {                      /* each on a connection of its own, so by whichever child */
        joins(&people[i], id);
        expect_like(api_get(&mira, "/activities/%s", id), "", "{'current_participants_count': %d}", i + 2);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("concurrency");
    TCase *tc = tcase_create("concurrency");

    tcase_set_timeout(tc, 90);
    tcase_add_test(tc, two_hundred_join_for_fifty_places_and_fifty_leave);
    tcase_add_test(tc, twenty_times_the_same_join);
    tcase_add_test(tc, a_melee_leaves_nothing_broken);
    tcase_add_test(tc, deleted_while_they_join);
    tcase_add_test(tc, of_accept_and_cancel_one_wins_wholly);
    tcase_add_test(tc, of_accept_and_decline_one_wins);
    tcase_add_test(tc, two_staff_invite_at_once);
    tcase_add_test(tc, two_who_ask_each_other_are_friends);
    tcase_add_test(tc, asked_and_blocked_at_once);
    tcase_add_test(tc, marking_in_opposite_orders);
    tcase_add_test(tc, confirmations_are_counted_exactly);
    tcase_add_test(tc, a_read_sees_the_write_before_it);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
