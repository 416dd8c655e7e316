/*
 * GatherHub, 3, 5, 6 and 7: events, tasks and votes, and what the other APIs of the platform see of them.
 */
#include <stdlib.h>
#include <string.h>

#include "harness_gatherhub.h"

#define EVENT_SHAPE "id:int title:text description:text date:time end_date:time? location:text max_participants:int current_participants:int status:text " \
                    "is_participant:bool activity_id:uuid creator:object created_at:time updated_at:time"

/* ---- events ------------------------------------------------------------------------------------------------ */

START_TEST(an_event)
{
    hubber_t mira = hubber("mira"), jo = hubber("jo");
    live_reply_t *made = hub("POST", &mira, "{'title': ' Lake ', 'date': '2031-05-04T18:30+02:00', 'end_date': '2031-05-05', 'max_participants': 3,"
                                            " 'location': ' Pier ', 'description': ' as is ', 'id': 7, 'creator': null}", "/events/");
    long long id;

    live_expect(made, 201);
    id = live_int(made, "id");
    expect_shape(made, "", EVENT_SHAPE);
    expect_like(made, "", "{'title': 'Lake', 'date': '2031-05-04T16:30:00Z', 'end_date': '2031-05-05T00:00:00Z', 'location': 'Pier', 'description': ' as is ',"
                          " 'current_participants': 1, 'status': 'upcoming', 'is_participant': true}");
    ck_assert_int_eq((int)live_int(made, "creator.id"), (int)mira.id);
    expect_like(hub("POST", &jo, NULL, "/events/%lld/join/", id), "",
                "{'message': 'Successfully joined the event', 'event': {'id': %lld, 'title': 'Lake', 'current_participants': 2}}", id);
    made = hub("PUT", &mira, "{'date': '2031-06-04T16:30:00Z'}", "/events/%lld/", id);
    expect_like(made, "", "{'date': '2031-06-04T16:30:00Z', 'end_date': '2031-06-05T00:00:00Z', 'title': 'Lake'}");      /* the duration stays */
    expect_like(hub("PATCH", &mira, "{'end_date': null}", "/events/%lld/", id), "", "{'end_date': null}");
    expect_details(hub("PUT", &mira, "{'max_participants': 1}", "/events/%lld/", id),
                   "{'max_participants': ['Cannot be less than the current number of participants (2).']}");
    expect_details(hub("PUT", &mira, "{'end_date': '2031-06-04T16:30:00Z'}", "/events/%lld/", id), "{'end_date': ['Must be later than date.']}");
    expect_details(hub("PUT", &mira, "{'max_participants': 1, 'end_date': '2031-06-04'}", "/events/%lld/", id),       /* all that is wrong at once */
                   "{'max_participants': ['Cannot be less than the current number of participants (2).'], 'end_date': ['Must be later than date.']}");
    expect_details(hub("PUT", &mira, "{'max_participants': 99999999999999999999}", "/events/%lld/", id), "{'max_participants': ['Must be at most 100000.']}");
    expect_details(hub("PUT", &mira, "{'end_date': '2031-07-06T16:30:00Z'}", "/events/%lld/", id), "{'end_date': ['Must be within 31 days of date.']}");
    made = hub("GET", &jo, NULL, "/events/%lld/", id);
    ck_assert_int_eq((int)live_int(made, "participants.0.id"), (int)mira.id);
    ck_assert_int_eq((int)live_int(made, "participants.1.id"), (int)jo.id);
    expect_shape(made, "participants.0", "id:int username:text first_name:text last_name:text avatar:any?");
    expect_like(hub("POST", &jo, NULL, "/events/%lld/leave/", id), "event", "{'current_participants': 1}");
    live_expect(hub("DELETE", &mira, NULL, "/events/%lld/", id), 204);
    expect_error(hub("GET", &mira, NULL, "/events/%lld/", id), "404 event_not_found Event does not exist");
}
END_TEST

static const struct {
    const char *body, *details;
} EVENTS[] = {
    {"{}", "{'title': ['This field is required.'], 'date': ['This field is required.'], 'max_participants': ['This field is required.']}"},
    {"{'title': ' ', 'date': null, 'max_participants': '3'}",
     "{'title': ['This field may not be blank.'], 'date': ['This field may not be null.'], 'max_participants': ['Must be an integer.']}"},
    {"{'title': 7, 'date': 7, 'max_participants': 0}",
     "{'title': ['Must be a string.'], 'date': ['Must be a date-time.'], 'max_participants': ['Must be at least 1.']}"},
    {"{'title': 'T', 'date': 'soon', 'max_participants': 100001, 'description': null, 'location': 1}",
     "{'date': ['Must be a date-time.'], 'max_participants': ['Must be at most 100000.'], 'description': ['This field may not be null.'],"
     " 'location': ['Must be a string.']}"},
    {"{'title': 'T', 'date': '1969-12-31', 'max_participants': 1.5}", "{'date': ['Must be a date-time.'], 'max_participants': ['Must be an integer.']}"},
    {"{'title': 'T', 'date': '9999-12-31T23:59:59-01:00', 'max_participants': true}",
     "{'date': ['Must be a date-time.'], 'max_participants': ['Must be an integer.']}"},
    {"{'title': 'T', 'date': '2031-05-04', 'end_date': '2031-05-04', 'max_participants': 2}", "{'end_date': ['Must be later than date.']}"},
};

START_TEST(what_an_event_may_not_be)
{
    hubber_t who = hubber("mira");

    expect_details(hub("POST", &who, EVENTS[_i].body, "/events/"), EVENTS[_i].details);
}
END_TEST

START_TEST(lengths)
{
    hubber_t who = hubber("long");
    char *title = live_text("%0200d", 7), *more = live_text("%0201d", 7);

    live_expect(hub("POST", &who, live_text("{'title': ' %s ', 'date': '2031-05-04', 'max_participants': 2}", title), "/events/"), 201);
    expect_details(hub("POST", &who, live_text("{'title': '%s', 'location': '%s', 'date': '2031-05-04', 'max_participants': 2}", more, more), "/events/"),
                   "{'title': ['Must have at most 200 characters.'], 'location': ['Must have at most 200 characters.']}");
}
END_TEST

START_TEST(lists_of_events)
{
    hubber_t who = hubber("lister");
    char *word = live_sql("SELECT left(gen_random_uuid()::text, 8)", NULL);
    live_reply_t *page, *next;

    for (int i = 0; i < 3; i++) {
        live_expect(hub("POST", &who, live_text("{'title': '%s 100%% %c', 'date': '2031-05-0%dT10:00:00Z', 'max_participants': 2, 'description': 'A_b'}", word,
                                                'a' + i, i + 1), "/events/"), 201);
    }
    page = hub("GET", &who, NULL, "/events/?search=A_B%%20100%%25%%20%s&page_size=2", word);
    live_expect(page, 200);
    ck_assert_int_eq((int)live_int(page, "count"), 3);
    ck_assert(strstr(live_string(page, "results.0.title"), " c"));              /* newest first */
    ck_assert(json_is_null(live_member(page, "previous")));
    next = live_ask("GET", strstr(live_string(page, "next"), HUB), who.token, NULL);
    live_expect(next, 200);
    ck_assert_int_eq((int)json_array_size(live_member(next, "results")), 1);
    ck_assert(json_is_null(live_member(next, "next")));
    ck_assert(strstr(live_string(next, "previous"), "page_size=2&page=1"));
    expect_error(hub("GET", &who, NULL, "/events/?search=%s&page=2", word), "404 invalid_page Page does not exist");
    expect_error(hub("GET", &who, NULL, "/events/?page=9223372036854775807"), "404 invalid_page Page does not exist");
    ck_assert_int_eq((int)live_int(hub("GET", &who, NULL, "/events/?search=AXb+%s", word), "count"), 0);          /* _ is itself */
    ck_assert_int_eq((int)live_int(hub("GET", &who, NULL, "/events/?search=%s&date_from=2031-05-02&date_to=2031-05-02", word), "count"), 1);
    ck_assert(strstr(live_string(hub("GET", &who, NULL, "/events/?search=%s&ordering=date&status=&page_size=1000", word), "results.0.title"), " a"));
    ck_assert(strstr(live_string(hub("GET", &who, NULL, "/events/?search=%s&ordering=-title", word), "results.0.title"), " c"));
    ck_assert_int_eq((int)live_int(hub("GET", &who, NULL, "/events/?joined=true&creator=%lld&status=upcoming", who.id), "count"), 3);
    ck_assert_int_eq((int)live_int(hub("GET", &who, NULL, "/events/?joined=false&creator=%lld", who.id), "count"), 0);
    expect_details(hub("GET", &who, NULL, "/events/?page=0&page_size=x&status=over&creator=a&date_from=2031-13-01&joined=yes"),
                   "{'page': ['Must be at least 1.'], 'page_size': ['Must be an integer.'], 'status': ['Must be one of: upcoming, ongoing, completed.'],"
                   " 'creator': ['Must be an integer.'], 'date_from': ['Enter a valid value.'], 'joined': ['Must be a boolean.']}");
}
END_TEST

/* Title, search, whether it is found: whatever the case, also where capitals are more than letter by letter; any part of a word. */
static const struct {
    const char *title, *search;
    int found;
} SEARCHES[] = {
    {"Große STRASSE", "gro%C3%9Fe%20stra%C3%9Fe", 1},
    {"Große STRASSE", "GROSSE%20STRA%E1%BA%9EE", 1},
    {"İstanbul ılık", "istanbul", 1},
    {"İstanbul ılık", "%C4%B0STANBUL%20ILIK", 1},
    {"İstanbul ılık", "ISTANBUL%20%C4%B1l%C4%B1k", 1},
    {"ΟΔΥΣΣΕΥΣ", "%CE%9F%CE%94%CE%A5%CE%A3", 1},                /* the beginning of it as it stands there: its last letter ends no word */
    {"ΟΔΥΣΣΕΥΣ", "%CE%BF%CE%B4%CF%85%CF%83%CF%83%CE%B5%CF%85%CF%82", 1},
    {"Ёлка в ПАРКЕ", "%D1%91%D0%BB%D0%BA%D0%B0%20%D0%BF%D0%B0%D1%80", 1},
    {"Ёлка в ПАРКЕ", "%D0%B5%D0%BB%D0%BA%D0%B0", 0},
    {"back\\\\slash", "K%5CS", 1},
    {"back\\\\slash", "k%5C%5Cs", 0},
    {"lake gloves", "lake%E3%80%80%C2%A0gloves", 1},
    {"lake gloves", "lake%20nothing", 0},
};

START_TEST(what_is_found)
{
    hubber_t who = hubber("finder");

    live_expect(hub("POST", &who, live_text("{'title': '%s', 'date': '2031-05-04', 'max_participants': 2}", SEARCHES[_i].title), "/events/"), 201);
    ck_assert_int_eq((int)live_int(hub("GET", &who, NULL, "/events/?creator=%lld&search=%s", who.id, SEARCHES[_i].search), "count"), SEARCHES[_i].found);
}
END_TEST

/* Days that PostgreSQL has, and those that it has not. */
START_TEST(the_first_day)
{
    hubber_t who = hubber("old");

    live_expect(hub("GET", &who, NULL, "/events/?date_from=0001-01-01&date_to=9999-12-31"), 200);
    expect_details(hub("GET", &who, NULL, "/events/?date_from=0000-01-01&date_to=0000-12-31"),
                   "{'date_from': ['Enter a valid value.'], 'date_to': ['Enter a valid value.']}");
    expect_details(hub("GET", &who, NULL, "/tasks/?due_date_to=0000-01-01"), "{'due_date_to': ['Enter a valid value.']}");
}
END_TEST

START_TEST(the_clock)
{
    hubber_t mira = hubber("mira"), jo = hubber("jo");
    long long id = hub_event(&mira, 5);
    char *number = live_text("%lld", id);

    live_sql("UPDATE activity.activities SET scheduled_at = now() - interval '1 hour' WHERE number = $1::bigint", number, NULL);
    ck_assert_str_eq(live_string(hub("GET", &jo, NULL, "/events/%lld/", id), "status"), "ongoing");
    ck_assert_int_eq((int)live_int(hub("GET", &jo, NULL, "/events/?creator=%lld&status=ongoing", mira.id), "count"), 1);
    live_expect(hub("POST", &jo, NULL, "/events/%lld/join/", id), 200);
    live_sql("UPDATE activity.activities SET scheduled_at = now() - interval '25 hours' WHERE number = $1::bigint", number, NULL);
    ck_assert_str_eq(live_string(hub("GET", &jo, NULL, "/events/%lld/", id), "status"), "completed");
    ck_assert_int_eq((int)live_int(hub("GET", &jo, NULL, "/events/?creator=%lld&status=completed", mira.id), "count"), 1);
    expect_error(hub("POST", &jo, NULL, "/events/%lld/leave/", id), "400 event_completed This event is already completed");
    expect_error(hub("POST", &mira, NULL, "/events/%lld/leave/", id), "403 creator_cannot_leave Event creator cannot leave the event");
    jo = hubber("late");
    expect_error(hub("POST", &jo, NULL, "/events/%lld/join/", id), "400 event_completed This event is already completed");
    /* the clock was set by hand: the newest version is to be the activity as it is */
    live_sql("UPDATE activity.activity_versions v SET data = activity.version_data(a) FROM activity.activities a"
             " WHERE a.number = $1::bigint AND v.activity_id = a.activity_id", number, NULL);
}
END_TEST

/* ---- tasks ------------------------------------------------------------------------------------------------- */

START_TEST(a_task)
{
    hubber_t mira = hubber("mira"), jo = hubber("jo"), stranger = hubber("stranger");
    long long event = hub_event(&mira, 5), id;
    live_reply_t *reply;
    const char *done;

    live_expect(hub("POST", &jo, NULL, "/events/%lld/join/", event), 200);
    reply = hub("POST", &mira, live_text("{'event': %lld, 'title': 'Bags', 'due_date': '2031-05-03', 'assignee': %lld, 'priority': 'high'}", event, jo.id),
                "/tasks/");
    live_expect(reply, 201);
    id = live_int(reply, "id");
    expect_shape(reply, "", "id:int title:text description:text status:text priority:text due_date:time? completed_at:time? event:object assignee:object? "
                            "creator:object created_at:time updated_at:time");
    expect_like(reply, "", "{'status': 'pending', 'priority': 'high', 'due_date': '2031-05-03T00:00:00Z', 'completed_at': null, 'event': {'id': %lld}}", event);
    ck_assert(!json_object_get(live_member(reply, "assignee"), "email"));
    ck_assert(json_object_get(live_member(hub("GET", &jo, NULL, "/tasks/%lld/", id), "assignee"), "email"));
    expect_details(hub("POST", &mira, live_text("{'event': %lld, 'title': 'B', 'assignee': %lld}", event, stranger.id), "/tasks/"),
                   "{'assignee': ['Assignee must be a participant of the event.']}");
    expect_details(hub("POST", &mira, "{'event': 999999999, 'title': 'B'}", "/tasks/"), "{'event': ['Event does not exist.']}");
    expect_details(hub("POST", &mira, live_text("{'event': %lld, 'title': 'B', 'status': 'x', 'priority': 'x', 'due_date': 'x'}", event), "/tasks/"),
                   "{'priority': ['Must be one of: low, medium, high.'], 'due_date': ['Must be a date-time.']}");
    expect_like(hub("PUT", &jo, "{'status': 'completed'}", "/tasks/%lld/", id), "", "{'status': 'completed', 'title': 'Bags'}");
    done = live_string(hub("GET", &jo, NULL, "/tasks/%lld/", id), "completed_at");
    expect_like(hub("POST", &jo, NULL, "/tasks/%lld/complete/", id), "",
                "{'message': 'Task marked as completed', 'task': {'id': %lld, 'title': 'Bags', 'status': 'completed', 'completed_at': '%s'}}", id, done);
    expect_like(hub("PUT", &jo, "{'status': 'pending', 'due_date': null}", "/tasks/%lld/", id), "", "{'completed_at': null, 'due_date': null}");
    expect_like(hub("POST", &mira, "{'assignee': null}", "/tasks/%lld/assign/", id), "",
                "{'message': 'Task assigned successfully', 'task': {'id': %lld, 'title': 'Bags', 'assignee': null}}", id);
    expect_like(hub("POST", &mira, live_text("{'assignee': %lld}", jo.id), "/tasks/%lld/assign/", id), "task.assignee", "{'id': %lld}", jo.id);
    expect_details(hub("POST", &mira, "{}", "/tasks/%lld/assign/", id), "{'assignee': ['This field is required.']}");
    live_expect(hub("POST", &jo, NULL, "/events/%lld/leave/", event), 200);              /* open tasks of who leaves are nobody's */
    ck_assert(json_is_null(live_member(hub("GET", &mira, NULL, "/tasks/%lld/", id), "assignee")));
    expect_error(hub("GET", &jo, NULL, "/tasks/%lld/", id), "404 task_not_found Task does not exist");
    live_expect(hub("DELETE", &mira, NULL, "/tasks/%lld/", id), 204);
    expect_error(hub("DELETE", &mira, NULL, "/tasks/%lld/", id), "404 task_not_found Task does not exist");
}
END_TEST

START_TEST(lists_of_tasks)
{
    hubber_t mira = hubber("mira");
    long long event = hub_event(&mira, 5), other = hub_event(&mira, 5);

    hub_task(&mira, event, &mira);
    hub_task(&mira, other, NULL);
    live_expect(hub("POST", &mira, live_text("{'event': %lld, 'title': 'Due', 'due_date': '2031-05-03T23:59:59Z'}", event), "/tasks/"), 201);
    ck_assert_int_eq((int)live_int(hub("GET", &mira, NULL, "/tasks/"), "count"), 3);
    ck_assert_int_eq((int)live_int(hub("GET", &mira, NULL, "/tasks/?event=%lld", event), "count"), 2);
    ck_assert_int_eq((int)live_int(hub("GET", &mira, NULL, "/tasks/?event=999999999"), "count"), 0);
    ck_assert_int_eq((int)live_int(hub("GET", &mira, NULL, "/tasks/?assignee=%lld&status=pending", mira.id), "count"), 1);
    ck_assert_int_eq((int)live_int(hub("GET", &mira, NULL, "/tasks/?due_date_from=2031-05-03&due_date_to=2031-05-03"), "count"), 1);
    ck_assert_str_eq(live_string(hub("GET", &mira, NULL, "/tasks/?ordering=-due_date"), "results.0.title"), "Due");      /* nulls last, both ways */
    ck_assert_str_eq(live_string(hub("GET", &mira, NULL, "/tasks/?ordering=due_date"), "results.0.title"), "Due");
}
END_TEST

/* ---- votes ------------------------------------------------------------------------------------------------- */

START_TEST(a_vote)
{
    hubber_t mira = hubber("mira"), jo = hubber("jo"), ann = hubber("ann");
    long long event = hub_event(&mira, 5), o[3], id = hub_vote(&mira, event, 1, o);
    live_reply_t *reply;

    live_expect(hub("POST", &jo, NULL, "/events/%lld/join/", event), 200);
    live_expect(hub("POST", &ann, NULL, "/events/%lld/join/", event), 200);
    expect_error(hub("POST", &jo, live_text("{'options': [%lld, %lld]}", o[0], o[0]), "/voting/%lld/vote/", id), "400 invalid_options Invalid options");
    expect_error(hub("POST", &jo, "{'options': [1000000000]}", "/voting/%lld/vote/", id), "400 invalid_options Invalid options");
    expect_details(hub("POST", &jo, "{'options': []}", "/voting/%lld/vote/", id), "{'options': ['Must have at least 1 items.']}");
    expect_details(hub("POST", &jo, "{'options': ['1']}", "/voting/%lld/vote/", id), "{'options': ['Must be an integer.']}");
    expect_like(hub("POST", &jo, live_text("{'options': [%lld, %lld]}", o[2], o[0]), "/voting/%lld/vote/", id), "",
                "{'message': 'Vote cast successfully', 'vote': {'id': %lld, 'title': 'Lunch', 'total_votes': 1,"
                " 'user_vote': {'option_id': %lld, 'option_ids': [%lld, %lld]}}}", id, o[0], o[0], o[2]);
    expect_error(hub("POST", &jo, live_text("{'options': [%lld]}", o[1]), "/voting/%lld/vote/", id), "400 already_voted You have already voted");
    live_expect(hub("POST", &mira, live_text("{'options': [%lld]}", o[0]), "/voting/%lld/vote/", id), 200);
    live_expect(hub("POST", &ann, live_text("{'options': [%lld]}", o[0]), "/voting/%lld/vote/", id), 200);
    reply = hub("GET", &ann, NULL, "/voting/%lld/", id);
    expect_like(reply, "", "{'status': 'active', 'total_votes': 3, 'user_voted': true, 'multiple_choice': true, 'ends_at': null}");
    ck_assert(json_number_value(live_member(reply, "options.0.percentage")) == 100 && json_number_value(live_member(reply, "options.2.percentage")) == 33.3);
    reply = hub("GET", &jo, NULL, "/voting/%lld/results/", id);
    expect_like(reply, "winner", "{'option_id': %lld, 'text': 'A'}", o[0]);
    expect_like(hub("POST", &mira, NULL, "/voting/%lld/close/", id), "", "{'status': 'ended'}");
    expect_like(hub("POST", &mira, NULL, "/voting/%lld/close/", id), "", "{'status': 'ended'}");
    expect_error(hub("POST", &jo, live_text("{'options': [%lld]}", o[1]), "/voting/%lld/vote/", id), "403 voting_ended Voting has ended");
    ck_assert_int_eq((int)live_int(hub("GET", &jo, NULL, "/voting/?event=%lld&status=ended&creator=%lld", event, mira.id), "count"), 1);
    ck_assert_int_eq((int)live_int(hub("GET", &jo, NULL, "/voting/?event=%lld&status=active", event), "count"), 0);
    live_expect(hub("POST", &jo, NULL, "/events/%lld/leave/", event), 200);
    ck_assert_int_eq((int)live_int(hub("GET", &jo, NULL, "/voting/%lld/", id), "total_votes"), 3);         /* ballots stay */
}
END_TEST

START_TEST(one_choice_and_an_end)
{
    hubber_t mira = hubber("mira");
    long long event = hub_event(&mira, 5), o[3], id = hub_vote(&mira, event, 0, o);

    expect_error(hub("POST", &mira, live_text("{'options': [%lld, %lld]}", o[0], o[1]), "/voting/%lld/vote/", id), "400 invalid_options Invalid options");
    ck_assert(json_is_null(live_member(hub("GET", &mira, NULL, "/voting/%lld/results/", id), "winner")));
    live_sql("UPDATE activity.votes SET ends_at = now() - interval '1 second' WHERE vote_id = $1::bigint", live_text("%lld", id), NULL);
    ck_assert_str_eq(live_string(hub("GET", &mira, NULL, "/voting/%lld/", id), "status"), "ended");
    expect_error(hub("POST", &mira, live_text("{'options': [%lld]}", o[0]), "/voting/%lld/vote/", id), "403 voting_ended Voting has ended");
    expect_details(hub("POST", &mira, "{'event': 999999999, 'title': 'V', 'ends_at': '2020-01-01', 'options': [{'text': 'Soup'}, {'text': ' SOUP '}]}", "/voting/"),
                   "{'event': ['Event does not exist.'], 'ends_at': ['Must be in the future.'], 'options': ['Option texts must be different.']}");
    expect_details(hub("POST", &mira, live_text("{'event': %lld, 'title': 'V', 'options': [{'text': 'Soup'}]}", event), "/voting/"),
                   "{'options': ['Must have at least 2 items.']}");
    expect_details(hub("POST", &mira, live_text("{'event': %lld, 'title': 'V', 'options': [{'text': 'Soup'}, {'text': ''}], 'multiple_choice': 'no'}", event), "/voting/"),
                   "{'options': ['This field may not be blank.'], 'multiple_choice': ['Must be a boolean.']}");
    expect_error(hub("GET", &mira, NULL, "/voting/999999999/"), "404 vote_not_found Vote does not exist");
}
END_TEST

/* ---- one platform -------------------------------------------------------------------------------------------- */

START_TEST(an_event_is_an_activity)
{
    hubber_t mira = hubber("mira"), jo = hubber("jo");
    person_t jo_there = {.id = jo.uuid, .token = jo.token}, mira_there = {.id = mira.uuid, .token = mira.token};
    long long event = hub_event(&mira, 2);
    const char *activity = live_string(hub("GET", &mira, NULL, "/events/%lld/", event), "activity_id");
    hubber_t ann = hubber("ann");

    joins(&jo_there, activity);
    expect_error(hub("POST", &jo, NULL, "/events/%lld/join/", event), "400 already_participant You are already a participant of this event");
    expect_error(hub("POST", &ann, NULL, "/events/%lld/join/", event), "400 event_full Event is full");
    ck_assert_int_eq((int)live_int(hub("GET", &ann, NULL, "/events/%lld/", event), "current_participants"), 2);
    live_expect(api_delete(&mira_there, "/activities/%s", activity), 200);
    expect_error(hub("GET", &mira, NULL, "/events/%lld/", event), "404 event_not_found Event does not exist");
}
END_TEST

START_TEST(an_activity_is_an_event)
{
    hubber_t jo = hubber("jo"), ann = hubber("ann");
    person_t mira = person("mira");
    char *activity = outing(&mira, NULL), *small = outing(&mira, "'max_participants': 2, 'waitlist_enabled': true"),
         *hidden = outing(&mira, "'privacy': 'invite_only'");
    char *number = live_sql("SELECT number FROM activity.activities WHERE activity_id = $1::uuid", activity, NULL);
    live_reply_t *shown;

    live_expect(hub("POST", &jo, NULL, "/events/%s/join/", number), 200);
    shown = hub("GET", &jo, NULL, "/events/%s/", number);
    expect_like(shown, "", "{'max_participants': 100000, 'is_participant': true}");
    expect_error(hub("PUT", &jo, "{'title': 'x'}", "/events/%s/", number), "403 permission_denied Only the event creator can update this event");
    number = live_sql("SELECT number FROM activity.activities WHERE activity_id = $1::uuid", small, NULL);
    live_expect(hub("POST", &jo, NULL, "/events/%s/join/", number), 200);
    expect_error(hub("POST", &ann, NULL, "/events/%s/join/", number), "400 event_full Event is full");       /* never waitlists */
    live_expect(api_post(&(person_t){.id = ann.uuid, .token = ann.token}, NULL, "/activities/%s/join", small), 200);     /* waits there */
    expect_error(hub("POST", &ann, NULL, "/events/%s/leave/", number), "400 not_participant You are not a participant of this event");
    live_expect(hub("POST", &jo, NULL, "/events/%s/leave/", number), 200);
    ck_assert(json_is_true(live_member(hub("GET", &ann, NULL, "/events/%s/", number), "is_participant")));              /* promoted */
    number = live_sql("SELECT number FROM activity.activities WHERE activity_id = $1::uuid", hidden, NULL);
    expect_error(hub("GET", &jo, NULL, "/events/%s/", number), "404 event_not_found Event does not exist");
    expect_error(hub("POST", &jo, NULL, "/events/%s/join/", number), "404 event_not_found Event does not exist");
    invites(&mira, &(person_t){.id = jo.uuid, .token = jo.token}, hidden);
    live_expect(hub("POST", &jo, NULL, "/events/%s/join/", number), 200);
}
END_TEST

/* A form that is sent back as it was filled in changes nothing, where more is shown than there is. */
START_TEST(what_is_sent_back)
{
    hubber_t mira = hubber("mira");
    person_t there = {.id = mira.uuid, .token = mira.token};
    char *activity = outing(&there, NULL), *number = live_sql("SELECT number FROM activity.activities WHERE activity_id = $1::uuid", activity, NULL);
    live_reply_t *shown;
    const char *title, *date;

    live_sql("UPDATE activity.activities SET description = NULL, location = NULL, duration_minutes = 90 WHERE activity_id = $1::uuid", activity,
             NULL);
    live_sql("UPDATE activity.activity_versions v SET data = activity.version_data(a) FROM activity.activities a"
             " WHERE a.activity_id = $1::uuid AND v.activity_id = a.activity_id", activity, NULL);
    shown = hub("GET", &mira, NULL, "/events/%s/", number);
    expect_like(shown, "", "{'description': '', 'location': '', 'max_participants': 100000}");
    title = live_string(shown, "title");
    date = live_string(shown, "date");
    expect_like(hub("PUT", &mira, live_text("{'title': '%s', 'date': '%s', 'description': '', 'location': ' ', 'max_participants': 100000,"
                                            " 'end_date': null}", title, date),
                    "/events/%s/", number), "", "{'updated_at': '%s'}", live_string(shown, "updated_at"));
    ck_assert_str_eq(live_sql("SELECT a.version || ' ' || coalesce(p.max_participants::text, 'none') FROM activity.activities a"
                              " JOIN activity.places p USING (activity_id) WHERE a.activity_id = $1::uuid", activity, NULL), "1 none");
    live_sql("UPDATE activity.activities SET duration_minutes = NULL, ends_at = scheduled_at + interval '60 days' WHERE activity_id = $1::uuid", activity, NULL);
    live_sql("UPDATE activity.activity_versions v SET data = activity.version_data(a) FROM activity.activities a"
             " WHERE a.activity_id = $1::uuid AND v.activity_id = a.activity_id", activity, NULL);
    shown = hub("GET", &mira, NULL, "/events/%s/", number);
    expect_like(hub("PUT", &mira, live_text("{'date': '%s', 'end_date': '%s'}", date, live_string(shown, "end_date")), "/events/%s/", number), "",
                "{'updated_at': '%s'}", live_string(shown, "updated_at"));
    expect_details(hub("PUT", &mira, "{'date': '2040-01-01', 'end_date': '2040-02-02'}", "/events/%s/", number),
                   "{'end_date': ['Must be within 31 days of date.']}");
    expect_like(hub("PUT", &mira, "{'max_participants': 99999, 'location': 'Pier'}", "/events/%s/", number), "", "{'max_participants': 99999, 'location': 'Pier'}");
}
END_TEST

/* Who was given to see an event is let in by its privacy and by blocks as everybody else. */
START_TEST(a_grant_opens_no_door)
{
    hubber_t jo = hubber("jo"), ann = hubber("ann");
    person_t mira = person("mira");
    char *open = outing(&mira, NULL), *closed = outing(&mira, "'privacy': 'invite_only'");
    char *number[] = {live_sql("SELECT number FROM activity.activities WHERE activity_id = $1::uuid", open, NULL),
                      live_sql("SELECT number FROM activity.activities WHERE activity_id = $1::uuid", closed, NULL)};

    live_sql("INSERT INTO activity.permissions (activity_id, user_id, level, granted_at) SELECT a::uuid, u::uuid, 'viewer', clock_timestamp()"
             " FROM unnest(ARRAY[$1, $2]) a, unnest(ARRAY[$3, $4]) u", open, closed, jo.uuid, ann.uuid, NULL);
    live_sql("INSERT INTO activity.user_blocks (blocker_user_id, blocked_user_id) VALUES ($1::uuid, $2::uuid)", mira.id, jo.uuid, NULL);
    for (int i = 0; i < 2; i++) {
        live_expect(hub("GET", &jo, NULL, "/events/%s/", number[i]), 200);
        expect_error(hub("POST", &jo, NULL, "/events/%s/join/", number[i]), "403 permission_denied This event is by invitation only");
    }
    expect_error(hub("POST", &ann, NULL, "/events/%s/join/", number[1]), "403 permission_denied This event is by invitation only");
    live_expect(hub("POST", &ann, NULL, "/events/%s/join/", number[0]), 200);
}
END_TEST

/* An event of the registration API has no clock and an organizer by name alone. */
START_TEST(a_sign_up_sheet_is_an_event)
{
    hubber_t jo = hubber("jo");
    char *id = made_unique("sheet"), *number;
    live_reply_t *shown;

    live_expect(live_ask("POST", "/registration/events", NULL, quoted(live_text("{'eventId': '%s', 'title': 'T', 'description': 'D', 'date': '2020-05-02', "
        "'location': 'L', 'capacity': 3, 'organizer': 'Olga', 'hasWaitlist': false}", id))), 201);
    number = live_sql("SELECT number FROM activity.activities WHERE slug = $1", id, NULL);
    shown = hub("GET", &jo, NULL, "/events/%s/", number);
    expect_like(shown, "", "{'status': 'completed', 'creator': {'id': 0, 'username': 'Olga', 'first_name': '', 'last_name': ''}}");
    live_expect(hub("POST", &jo, NULL, "/events/%s/join/", number), 200);               /* whatever its date */
    ck_assert_int_eq((int)live_int(live_ask("GET", live_text("/registration/events/%s", id), NULL, NULL), "confirmedCount"), 1);
    live_expect(hub("POST", &jo, NULL, "/events/%s/leave/", number), 200);
    live_expect(hub("POST", &jo, NULL, "/events/%s/join/", number), 200);
    live_sql("UPDATE activity.activities SET status = 'completed', status_word = NULL, completed_at = clock_timestamp() WHERE number = $1::bigint", number, NULL);
    expect_error(hub("POST", &jo, NULL, "/events/%s/leave/", number), "400 event_completed This event is already completed");     /* what was said to be over is */
    jo = hubber("late");
    expect_error(hub("POST", &jo, NULL, "/events/%s/join/", number), "400 event_completed This event is already completed");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("gatherhub: events");
    TCase *tc = tcase_create("events");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, an_event);
    tcase_add_loop_test(tc, what_an_event_may_not_be, 0, (int)(sizeof EVENTS / sizeof *EVENTS));
    tcase_add_test(tc, lengths);
    tcase_add_test(tc, lists_of_events);
    tcase_add_loop_test(tc, what_is_found, 0, (int)(sizeof SEARCHES / sizeof *SEARCHES));
    tcase_add_test(tc, the_first_day);
    tcase_add_test(tc, the_clock);
    tcase_add_test(tc, a_task);
    tcase_add_test(tc, lists_of_tasks);
    tcase_add_test(tc, a_vote);
    tcase_add_test(tc, one_choice_and_an_end);
    tcase_add_test(tc, an_event_is_an_activity);
    tcase_add_test(tc, an_activity_is_an_event);
    tcase_add_test(tc, what_is_sent_back);
    tcase_add_test(tc, a_grant_opens_no_door);
    tcase_add_test(tc, a_sign_up_sheet_is_an_event);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
