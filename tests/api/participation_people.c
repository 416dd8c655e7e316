/*
 * Participation API, 5.7, 5.8 and 7.5: blocks, friends, people.
 */
#include <string.h>

#include "harness_api.h"

#define NOWHERE "00000000-0000-4000-8000-000000000000"
#define NO_USER "404 USER_NOT_FOUND User not found"
#define FRIEND "user_id:uuid username:text first_name:text? profile_photo_url:text? status:text direction:text created_at:time accepted_at:time?"

START_TEST(people_are_shown)
{
    person_t mira = person_like("mira", "first_name = 'Mira', last_name = 'M', main_photo_url = 'https://example.org/m.jpg', is_verified = true");
    person_t jo = person("jo"), eve = person("eve"), gone = person_like("gone", "is_active = false");
    live_reply_t *reply = api_get(&jo, "/users/%s", mira.id);

    live_expect(reply, 200);
    expect_shape(reply, "", "user_id:uuid username:text first_name:text? last_name:text? profile_photo_url:text? is_verified:bool verification_count:int"
                 " no_show_count:int?");
    expect_like(reply, "", "{'user_id': '%s', 'first_name': 'Mira', 'last_name': 'M', 'profile_photo_url': 'https://example.org/m.jpg', 'is_verified': true,"
                " 'verification_count': 0, 'no_show_count': null}", mira.id);
    expect_like(api_get(&mira, "/users/%s", mira.id), "", "{'no_show_count': 0}");
    ck_assert_ptr_null(strchr(live_string(reply, "username"), '@'));
    expect_refusal(api_get(&jo, "/users/" NOWHERE), NO_USER);
    expect_refusal(api_get(&jo, "/users/%s", gone.id), NO_USER);
    block(&mira, &eve);
    expect_refusal(api_get(&mira, "/users/%s", eve.id), NO_USER);
    expect_refusal(api_get(&eve, "/users/%s", mira.id), NO_USER);
    expect_places(api_get(&jo, "/users/mira"), "path.user_id");
}
END_TEST

/* Username, else handle, else Discord name, else a number; never the address. */
static const struct {
    const char *columns, *name;
} NAMES[] = {
    {"username = 'U' || number, handle = 'h' || number, discord_username = 'd', email = number || 'e@example.org'", "'U' || number"},
    {"username = NULL, handle = 'h' || number, discord_username = 'd', email = number || 'e@example.org'", "'h' || number"},
    {"username = NULL, discord_username = 'd', email = number || 'e@example.org'", "'d'"},
    {"username = NULL, email = number || 'e@example.org'", "'user-' || number"},
};

START_TEST(a_username_is_never_null)
{
    person_t mira = person("mira"), jo = person_like("jo", NAMES[_i].columns);
    char *name = live_sql(live_text("SELECT %s FROM activity.users WHERE user_id = $1::uuid", NAMES[_i].name), jo.id, NULL);
    char *id = outing(&jo, NULL);

    expect_like(api_get(&mira, "/users/%s", jo.id), "", "{'username': '%s'}", name);
    expect_like(api_get(&mira, "/activities/%s", id), "", "{'organizer_username': '%s'}", name);
    expect_like(api_get(&mira, "/activities/%s/participants", id), "participants", "[{'username': '%s'}]", name);
}
END_TEST

START_TEST(blocks_are_one_sided_and_act_on_both)
{
    person_t mira = person("mira"), jo = person("jo"), ann = person("ann");
    live_reply_t *first, *again;

    befriend(&mira, &jo);
    first = api_put(&mira, "{'reason': 'rude'}", "/users/%s/block", jo.id);
    live_expect(first, 200);
    expect_shape(first, "", "blocker_user_id:uuid blocked_user_id:uuid created_at:time message:text");
    expect_like(first, "", "{'blocker_user_id': '%s', 'blocked_user_id': '%s', 'message': 'User blocked'}", mira.id, jo.id);
    again = api_put(&mira, NULL, "/users/%s/block", jo.id);
    live_expect(again, 200);
    ck_assert_str_eq(again->body, first->body);
    ck_assert_ptr_null(strstr(api_get(&jo, "/blocks")->body, mira.id));
    expect_like(api_get(&mira, "/friends"), "", "{'total_count': 0}");          /* it ended the friendship */
    live_expect(api_put(&mira, "{'reason': null}", "/users/%s/block", ann.id), 200);
    again = api_get(&mira, "/blocks");
    expect_shape(again, "blocks.0", "user_id:uuid username:text created_at:time");
    expect_like(again, "", "{'total_count': 2, 'blocks': [{'user_id': '%s'}, {'user_id': '%s'}]}", ann.id, jo.id);
    expect_like(api_get(&mira, "/blocks?limit=1&offset=1"), "", "{'total_count': 2, 'blocks': [{'user_id': '%s'}]}", jo.id);
    expect_refusal(api_put(&mira, NULL, "/users/%s/block", mira.id), "400 SELF_BLOCK Cannot block yourself");
    expect_refusal(api_put(&mira, NULL, "/users/" NOWHERE "/block"), NO_USER);
    expect_refusal(api_delete(&jo, "/users/%s/block", mira.id), "404 BLOCK_NOT_FOUND Block not found");
    live_expect(api_put(&jo, NULL, "/users/%s/block", mira.id), 200);           /* each may block the other */
    again = api_delete(&mira, "/users/%s/block", jo.id);
    live_expect(again, 200);
    expect_like(again, "", "{'blocker_user_id': '%s', 'blocked_user_id': '%s', 'message': 'User unblocked'}", mira.id, jo.id);
    expect_refusal(api_delete(&mira, "/users/%s/block", jo.id), "404 BLOCK_NOT_FOUND Block not found");
    expect_refusal(api_get(&mira, "/users/%s", jo.id), NO_USER);                /* jo's own block stays */
    expect_places(api_put(&mira, "{'reason': 5}", "/users/x/block"), "path.user_id body.reason");
    expect_places(api_get(&mira, "/blocks?limit=101"), "query.limit");
}
END_TEST

START_TEST(friends_ask_and_answer)
{
    person_t mira = person_like("mira", "first_name = 'Mira'"), jo = person("jo"), ann = person("ann"), eve = person("eve");
    live_reply_t *reply = api_post(&jo, NULL, "/users/%s/friend", mira.id);

    live_expect(reply, 200);
    expect_shape(reply, "", FRIEND);
    expect_like(reply, "", "{'user_id': '%s', 'first_name': 'Mira', 'status': 'pending', 'direction': 'outgoing', 'accepted_at': null}", mira.id);
    expect_refusal(api_post(&jo, NULL, "/users/%s/friend", mira.id), "400 ALREADY_REQUESTED Friend request already sent");
    expect_like(api_get(&mira, "/friends"), "", "{'total_count': 0, 'friends': []}");
    expect_like(api_get(&mira, "/friends?status=pending"), "", "{'total_count': 1, 'friends': [{'user_id': '%s', 'direction': 'incoming'}]}", jo.id);
    expect_refusal(api_post(&jo, NULL, "/users/%s/friend/accept", mira.id), "404 REQUEST_NOT_FOUND Friend request not found");
    reply = api_post(&mira, NULL, "/users/%s/friend/accept", jo.id);
    live_expect(reply, 200);
    expect_shape(reply, "", FRIEND " accepted_at:time");
    expect_like(reply, "", "{'user_id': '%s', 'status': 'accepted', 'direction': 'incoming'}", jo.id);
    expect_refusal(api_post(&mira, NULL, "/users/%s/friend", jo.id), "400 ALREADY_FRIENDS Already friends");
    live_expect(api_post(&ann, NULL, "/users/%s/friend", jo.id), 200);
    expect_like(api_post(&jo, NULL, "/users/%s/friend", ann.id), "", "{'status': 'accepted', 'direction': 'incoming'}");
    expect_like(api_get(&jo, "/friends"), "", "{'total_count': 2, 'friends': [{'user_id': '%s'}, {'user_id': '%s'}]}", ann.id, mira.id);
    expect_like(api_get(&jo, "/friends?status=accepted&limit=1&offset=1"), "", "{'total_count': 2, 'friends': [{'user_id': '%s'}]}", mira.id);
    reply = api_delete(&ann, "/users/%s/friend", jo.id);
    expect_like(reply, "", "{'user_id': '%s', 'status': 'removed', 'message': 'Friend removed'}", jo.id);
    expect_refusal(api_delete(&jo, "/users/%s/friend", ann.id), "404 NOT_FRIENDS Not friends");
    live_expect(api_post(&ann, NULL, "/users/%s/friend", jo.id), 200);
    reply = api_post(&jo, NULL, "/users/%s/friend/decline", ann.id);
    expect_like(reply, "", "{'user_id': '%s', 'status': 'declined', 'message': 'Friend request declined'}", ann.id);
    expect_refusal(api_post(&jo, NULL, "/users/%s/friend/decline", ann.id), "404 REQUEST_NOT_FOUND Friend request not found");
    live_expect(api_post(&ann, NULL, "/users/%s/friend", jo.id), 200);          /* a new request is possible */
    live_expect(api_delete(&ann, "/users/%s/friend", jo.id), 200);              /* and withdrawn */
    block(&eve, &jo);
    expect_refusal(api_post(&jo, NULL, "/users/%s/friend", jo.id), "400 SELF_FRIEND Cannot befriend yourself");
    expect_refusal(api_post(&jo, NULL, "/users/" NOWHERE "/friend"), NO_USER);
    expect_refusal(api_post(&jo, NULL, "/users/%s/friend", eve.id), "403 BLOCKED_USER Cannot send friend request");
    expect_refusal(api_post(&eve, NULL, "/users/%s/friend", jo.id), "403 BLOCKED_USER Cannot send friend request");
    expect_places(api_get(&jo, "/friends?status=declined&offset=-1"), "query.status query.offset");
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("participation: people");
    TCase *tc = tcase_create("people");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, people_are_shown);
    tcase_add_loop_test(tc, a_username_is_never_null, 0, sizeof NAMES / sizeof *NAMES);
    tcase_add_test(tc, blocks_are_one_sided_and_act_on_both);
    tcase_add_test(tc, friends_ask_and_answer);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
