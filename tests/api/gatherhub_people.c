/*
 * GatherHub, 3, 5, 7 and 10: who sees an event of the platform, who may join it, whom its details show, and what ballots add up to.
 */
#include <string.h>

#include "harness_gatherhub.h"

#define UNSEEN "404 event_not_found Event does not exist"

/* The same person for the participation API. */
static person_t there(const hubber_t *who)
{
    return (person_t){.id = who->uuid, .token = who->token};
}

static hubber_t hubber_like(const char *name, const char *columns)
{
    hubber_t who = hubber(name);

    live_sql(live_text("UPDATE activity.users SET %s WHERE user_id = $1::uuid", columns), who.uuid, NULL);
    return who;
}

/* As other APIs make it: whose it is does not take part. */
static long long outing_without(const hubber_t *host, const char *members)
{
    person_t host_there = there(host);
    char *activity = outing(&host_there, members);

    live_sql("DELETE FROM activity.participants WHERE activity_id = $1::uuid", activity, NULL);
    live_sql("UPDATE activity.places SET current_participants_count = 0 WHERE activity_id = $1::uuid", activity, NULL);
    return number_of_activity(activity);
}

/* ---- doors ------------------------------------------------------------------------------------------------- */

/* An activity of the participation API, somebody, and what joining it here says; a person without a refusal is let in. */
static const struct {
    const char *activity, *columns, *refusal;
} DOORS[] = {
    {"'activity_type': 'womens_only'", "gender = 'male'", "403 permission_denied This event is for women only"},
    {"'activity_type': 'womens_only'", "gender = 'Female'", NULL},
    {"'activity_type': 'mens_only'", "gender = 'female'", "403 permission_denied This event is for men only"},
    {"'activity_type': 'mens_only'", "gender = NULL", NULL},
    {"'privacy': 'invite_only'", "gender = NULL", UNSEEN},
    {"'privacy': 'friends_only'", "gender = NULL", UNSEEN},
    {"'max_participants': 2", "is_active = true", NULL},
};

START_TEST(a_door)
{
    hubber_t host = hubber("host"), guest = hubber_like("guest", DOORS[_i].columns);
    long long event = outing_without(&host, DOORS[_i].activity);
    live_reply_t *reply = hub("POST", &guest, NULL, "/events/%lld/join/", event);
    int seen = !DOORS[_i].refusal || DOORS[_i].refusal[0] != '4' || DOORS[_i].refusal[2] != '4';

    if (DOORS[_i].refusal) {
        expect_error(reply, DOORS[_i].refusal);
    } else {
        live_expect(reply, 200);
    }
    ck_assert_int_eq(hub("GET", &guest, NULL, "/events/%lld/", event)->status, seen ? 200 : 404);
    ck_assert_int_eq((int)live_int(hub("GET", &guest, NULL, "/events/?creator=%lld", host.id), "count"), seen);
    ck_assert_int_eq(hub("GET", &guest, NULL, "/events/%lld/participants/", event)->status, seen ? 200 : 404);
    expect_error(hub("POST", &host, NULL, "/events/%lld/leave/", event), "400 not_participant You are not a participant of this event");
    live_expect(hub("POST", &host, NULL, "/events/%lld/join/", event), 200);        /* whose it is comes in, whatever it is */
    ck_assert_int_eq((int)live_int(hub("GET", &host, NULL, "/events/%lld/", event), "participants.0.id"), (int)host.id);
    expect_error(hub("POST", &host, NULL, "/events/%lld/leave/", event), "403 creator_cannot_leave Event creator cannot leave the event");
}
END_TEST

/* First to those of higher levels; that comes before there being no place. */
START_TEST(not_open_yet)
{
    hubber_t host = hubber("host"), member = hubber_like("member", "subscription_level = 'premium'"), guest = hubber("guest");
    person_t host_there = there(&host);
    char *activity = outing(&host_there, "'max_participants': 2, 'waitlist_enabled': false");
    long long event = number_of_activity(activity);

    live_sql("UPDATE activity.activities SET joinable_at_free = scheduled_at - interval '1 day' WHERE activity_id = $1::uuid", activity, NULL);
    expect_error(hub("POST", &guest, NULL, "/events/%lld/join/", event), "403 permission_denied This event is not open to you yet");
    live_expect(hub("POST", &member, NULL, "/events/%lld/join/", event), 200);
    expect_error(hub("POST", &guest, NULL, "/events/%lld/join/", event), "403 permission_denied This event is not open to you yet");
    live_sql("UPDATE activity.activities SET joinable_at_free = NULL WHERE activity_id = $1::uuid", activity, NULL);
    expect_error(hub("POST", &guest, NULL, "/events/%lld/join/", event), "400 event_full Event is full");
}
END_TEST

/* An accepted friend sees what is for friends, until the friendship ends; who takes part sees it still. */
START_TEST(among_friends)
{
    hubber_t host = hubber("host"), near = hubber("near"), far = hubber("far");
    person_t host_there = there(&host), near_there = there(&near), far_there = there(&far);
    long long event = number_of_activity(outing(&host_there, "'privacy': 'friends_only'"));

    live_expect(api_post(&host_there, NULL, "/users/%s/friend", far.uuid), 200);
    expect_error(hub("GET", &far, NULL, "/events/%lld/", event), UNSEEN);               /* asked is not accepted */
    befriend(&host_there, &near_there);
    live_expect(api_post(&far_there, NULL, "/users/%s/friend/accept", host.uuid), 200);
    live_expect(hub("POST", &near, NULL, "/events/%lld/join/", event), 200);
    live_expect(hub("GET", &far, NULL, "/events/%lld/", event), 200);
    live_sql("DELETE FROM activity.friendships WHERE $1::uuid IN (user_id_1, user_id_2)", host.uuid, NULL);
    expect_error(hub("GET", &far, NULL, "/events/%lld/", event), UNSEEN);
    live_expect(hub("GET", &near, NULL, "/events/%lld/", event), 200);
}
END_TEST

/* Neither is an event, for nobody. */
START_TEST(no_event_at_all)
{
    static const char *const states[] = {"status = 'draft'", "status = 'cancelled', cancelled_at = clock_timestamp()"};

    for (int i = 0; i < 2; i++) {
        hubber_t host = hubber("host");
        long long event = hub_event(&host, 5), options[3], task = hub_task(&host, event, &host), vote = hub_vote(&host, event, 0, options);

        live_sql(live_text("UPDATE activity.activities SET %s WHERE number = $1::bigint", states[i]), live_text("%lld", event), NULL);
        expect_error(hub("GET", &host, NULL, "/events/%lld/", event), UNSEEN);
        expect_error(hub("PUT", &host, "{'title': 'x'}", "/events/%lld/", event), UNSEEN);
        expect_error(hub("DELETE", &host, NULL, "/events/%lld/", event), UNSEEN);
        expect_error(hub("POST", &host, NULL, "/events/%lld/leave/", event), UNSEEN);
        expect_error(hub("GET", &host, NULL, "/tasks/%lld/", task), "404 task_not_found Task does not exist");
        expect_error(hub("GET", &host, NULL, "/voting/%lld/results/", vote), "404 vote_not_found Vote does not exist");
        expect_error(hub("POST", &host, NULL, "/voting/%lld/close/", vote), "404 vote_not_found Vote does not exist");
        expect_details(hub("POST", &host, live_text("{'event': %lld, 'title': 'T'}", event), "/tasks/"), "{'event': ['Event does not exist.']}");
        ck_assert_int_eq((int)live_int(hub("GET", &host, NULL, "/events/?joined=true"), "count"), 0);
        ck_assert_int_eq((int)live_int(hub("GET", &host, NULL, "/tasks/"), "count"), 0);
        ck_assert_int_eq((int)live_int(hub("GET", &host, NULL, "/voting/?creator=%lld", host.id), "count"), 0);
    }
}
END_TEST

/* ---- whom one is shown ------------------------------------------------------------------------------------- */

/* Two who have blocked one another do not find each other among an event's people, but in one so large that it does not count. */
START_TEST(hidden_from_one_another)
{
    hubber_t host = hubber("host"), jo = hubber("jo"), ann = hubber("ann"), bob = hubber("bob");
    person_t jo_there = there(&jo), ann_there = there(&ann);

    for (int xxl = 0; xxl < 2; xxl++) {
        long long event = outing_without(&host, xxl ? "'activity_type': 'xxl'" : NULL);
        live_reply_t *shown;

        live_expect(hub("POST", &bob, NULL, "/events/%lld/join/", event), 200);
        live_expect(hub("POST", &jo, NULL, "/events/%lld/join/", event), 200);
        live_expect(hub("POST", &ann, NULL, "/events/%lld/join/", event), 200);
        block(&jo_there, &ann_there);
        for (int i = 0; i < 2; i++) {
            const hubber_t *reader = i ? &ann : &jo;

            shown = hub("GET", reader, NULL, "/events/%lld/", event);
            ck_assert_int_eq((int)live_int(shown, "current_participants"), 3);
            ck_assert_int_eq((int)json_array_size(live_member(shown, "participants")), xxl ? 3 : 2);
            ck_assert_int_eq((int)live_int(shown, "participants.0.id"), (int)bob.id);
            ck_assert_int_eq((int)live_int(shown, "participants.1.id"), (int)(xxl ? jo.id : reader->id));
            ck_assert_int_eq((int)live_int(hub("GET", reader, NULL, "/events/%lld/participants/", event), "count"), xxl ? 3 : 2);
        }
    }
}
END_TEST

/* The first 500 by the time of joining, a creator who takes part before them, and whoever asks. */
START_TEST(five_hundred)
{
    hubber_t host = hubber("host"), late = hubber("late"), stranger = hubber("stranger");
    person_t host_there = there(&host);
    char *activity = outing(&host_there, "'max_participants': 1000");
    long long event = number_of_activity(activity);
    live_reply_t *shown;

    live_sql("WITH made AS (INSERT INTO activity.users (username) SELECT 'row-' || k || '-' || gen_random_uuid() FROM generate_series(1, 510) k"
             " RETURNING user_id, number) INSERT INTO activity.participants (activity_id, user_id, registered_at, joined_at)"
             " SELECT $1::uuid, user_id, t, t FROM made, LATERAL (SELECT timestamptz '2026-01-01' + number * interval '1 second') s (t)",
             activity, NULL);
    live_sql("UPDATE activity.places SET current_participants_count = 511 WHERE activity_id = $1::uuid", activity, NULL);
    live_expect(hub("POST", &late, NULL, "/events/%lld/join/", event), 200);
    shown = hub("GET", &late, NULL, "/events/%lld/", event);
    ck_assert_int_eq((int)live_int(shown, "current_participants"), 512);
    ck_assert_int_eq((int)json_array_size(live_member(shown, "participants")), 500);
    ck_assert_int_eq((int)live_int(shown, "participants.0.id"), (int)host.id);
    ck_assert_int_eq((int)live_int(shown, "participants.499.id"), (int)late.id);
    ck_assert(live_int(shown, "participants.1.id") + 497 == live_int(shown, "participants.498.id"));        /* none left out between */
    shown = hub("GET", &stranger, NULL, "/events/%lld/", event);
    ck_assert_int_eq((int)json_array_size(live_member(shown, "participants")), 500);
    ck_assert(live_int(shown, "participants.499.id") != late.id);
    shown = hub("GET", &stranger, NULL, "/events/%lld/participants/?page=6&page_size=100", event);
    ck_assert_int_eq((int)live_int(shown, "count"), 512);
    ck_assert_int_eq((int)live_int(shown, "results.10.id"), (int)host.id);              /* in order of joining: the creator as well */
    ck_assert_int_eq((int)live_int(shown, "results.11.id"), (int)late.id);
}
END_TEST

/* ---- names ------------------------------------------------------------------------------------------------- */

/* Whoever came through another API has a name all the same, and never an address. */
START_TEST(what_people_are_called)
{
    static const struct {
        const char *columns, *name;
    } people[] = {
        {"username = NULL, handle = 'hand-' || number, discord_username = 'disco', name = 'Nora'", "hand-"},
        {"username = NULL, discord_username = 'disco', name = 'Nora'", "disco"},
        {"username = NULL, name = 'Nora'", "user-"},
        {"first_name = 'Nora', main_photo_url = 'https://img.example/n.jpg'", "named"},
    };
    hubber_t host = hubber("host");
    long long event = hub_event(&host, 10);
    live_reply_t *shown;

    for (int i = 0; i < 4; i++) {
        hubber_t who = hubber_like("named", people[i].columns);

        live_expect(hub("POST", &who, NULL, "/events/%lld/join/", event), 200);
        shown = hub("GET", &host, NULL, "/events/%lld/", event);
        ck_assert(!strncmp(live_string(shown, live_text("participants.%d.username", i + 1)), people[i].name, strlen(people[i].name)));
    }
    ck_assert_str_eq(live_string(shown, "participants.4.avatar"), "https://img.example/n.jpg");
    ck_assert_str_eq(live_string(shown, "participants.4.first_name"), "Nora");
    ck_assert(!strchr(shown->body, '@'));
}
END_TEST

/* ---- ballots ----------------------------------------------------------------------------------------------- */

/* Ballots of a vote with the options A, B, C; what each has of a hundred, and who wins: its place, or -1. */
static const struct {
    int multiple;
    const char *ballots;
    double shares[3];
    int winner;
} COUNTS[] = {
    {0, "", {0, 0, 0}, -1},
    {0, "A B", {50, 50, 0}, -1},
    {0, "A B B", {33.3, 66.7, 0}, 1},
    {0, "A C C C C C C C", {12.5, 0, 87.5}, 2},
    {0, "A B B B C C C C C C C C C C C C", {6.3, 18.8, 75}, 2},             /* a half goes up */
    {1, "AC ABC B", {66.7, 66.7, 66.7}, -1},
    {1, "CA ABC", {100, 50, 100}, -1},
    {1, "AB A", {100, 50, 0}, 0},
};

/* Somebody new takes part and casts this ballot, a letter for each option. */
static void cast(long long event, long long vote, const long long options[3], const char *ballot, size_t length)
{
    hubber_t who = hubber("voter");
    char *chosen = "";

    live_expect(hub("POST", &who, NULL, "/events/%lld/join/", event), 200);
    for (size_t i = 0; i < length; i++) {
        chosen = live_text("%s%s%lld", chosen, i ? ", " : "", options[ballot[i] - 'A']);
    }
    live_expect(hub("POST", &who, live_text("{'options': [%s]}", chosen), "/voting/%lld/vote/", vote), 200);
}

START_TEST(shares_and_a_winner)
{
    hubber_t host = hubber("host");
    long long event = hub_event(&host, 100), options[3], vote = hub_vote(&host, event, COUNTS[_i].multiple, options);
    live_reply_t *shown, *results;
    int ballots = 0;

    for (const char *p = COUNTS[_i].ballots; *p; p += strcspn(p, " "), p += *p == ' ') {
        cast(event, vote, options, p, strcspn(p, " "));
        ballots++;
    }
    shown = hub("GET", &host, NULL, "/voting/%lld/", vote);
    results = hub("GET", &host, NULL, "/voting/%lld/results/", vote);
    ck_assert_int_eq((int)live_int(shown, "total_votes"), ballots);
    ck_assert_int_eq((int)live_int(results, "total_votes"), ballots);
    ck_assert(json_is_null(live_member(shown, "user_vote")));                   /* the host's own, which is none */
    for (int i = 0; i < 3; i++) {
        ck_assert(json_number_value(live_member(shown, live_text("options.%d.percentage", i))) == COUNTS[_i].shares[i]);
        ck_assert(json_number_value(live_member(results, live_text("results.%d.percentage", i))) == COUNTS[_i].shares[i]);
    }
    if (COUNTS[_i].winner < 0) {
        ck_assert(json_is_null(live_member(results, "winner")));
    } else {
        ck_assert_int_eq((int)live_int(results, "winner.option_id"), (int)options[COUNTS[_i].winner]);
    }
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("gatherhub: people");
    TCase *tc = tcase_create("people");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, a_door, 0, (int)(sizeof DOORS / sizeof *DOORS));
    tcase_add_test(tc, not_open_yet);
    tcase_add_test(tc, among_friends);
    tcase_add_test(tc, no_event_at_all);
    tcase_add_test(tc, hidden_from_one_another);
    tcase_add_test(tc, five_hundred);
    tcase_add_test(tc, what_people_are_called);
    tcase_add_loop_test(tc, shares_and_a_winner, 0, (int)(sizeof COUNTS / sizeof *COUNTS));
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
