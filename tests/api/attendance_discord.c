/*
 * The attendance API's Discord side: bots, chat commands, interactions signed by Discord, links, as docs/contracts/attendance.md has them (sections 1,
 * 7.6, 7.7, 9.6, 9.7).
 */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "harness_attendance.h"

static live_reply_t *signs_up(const char *json)
{
    return att("POST", NULL, json, "/discord/users/register");
}

static live_reply_t *marks(long long event, const char *discord)
{
    return att("POST", NULL, NULL, "/discord/attend/%lld?discord_user_id=%s", event, discord);
}

static live_reply_t *with_authorization(const char *base, const char *method, const char *path, const char *value)
{
    const char *headers[] = {value ? live_text("Authorization: %s", value) : NULL, NULL};
    live_request_t request = {.method = method, .base = base, .path = live_text(ATT "%s", path), .headers = headers};

    return live_send(&request);
}

/* ---- registration -------------------------------------------------------------------------------------------- */

START_TEST(an_identity_registers_and_follows_discord)
{
    char *id = snowflake(), *mail = live_text("d%s@example.org", id);
    live_reply_t *reply = signs_up(live_text("{'name': 'Jo', 'discord_user_id': '%s', 'discord_username': 'jo'}", id));

    live_expect(reply, 200);
    expect_like(reply, "", "{'is_new_user': true, 'changes': null, 'message': 'Welcome, Jo! You are registered for event attendance.', "
                           "'user': {'email': null, 'name': 'Jo', 'discord_user_id': '%s', 'discord_username': 'jo', 'is_active': true, 'updated_at': null}}", id);
    ck_assert_uint_eq(json_object_size(reply->json), 4);
    reply = signs_up(live_text("{'name': 'Jo', 'discord_user_id': '%s', 'discord_username': 'jo', 'email': null}", id));
    expect_like(reply, "", "{'is_new_user': false, 'changes': null, 'message': 'You are already registered, Jo.'}");
    reply = signs_up(live_text("{'name': 'Joan', 'discord_user_id': '%s', 'discord_username': 'joan', 'email': '%s'}", id, mail));
    expect_like(reply, "", "{'is_new_user': false, 'changes': ['name', 'discord_username', 'email'], 'message': 'Profile updated, Joan.', "
                           "'user': {'email': null, 'name': 'Joan'}}");
    expect_like(att("GET", NULL, NULL, "/discord/users/%s", id), "", "{'email': null, 'name': 'Joan', 'discord_username': 'joan'}");
    expect_detail(att("GET", NULL, NULL, "/discord/users/1"), 404, "Discord user not found");
    expect_flaws(att("GET", NULL, NULL, "/discord/users/x"), "path.discord_user_id=string_pattern_mismatch");
    /* No password, so no login, whatever is tried. */
    expect_detail(log_in(mail, ""), 401, "Incorrect email or password");
    expect_detail(log_in(mail, PASSWORD), 401, "Incorrect email or password");
}
END_TEST

START_TEST(who_knows_an_id_renames_nobody)
{
    member_t m = member("web"), other = member("other");
    char *id = snowflake();
    live_reply_t *reply;

    live_expect(att("PUT", m.token, live_text("{'discord_user_id': '%s'}", id), "/users/me"), 200);
    reply = signs_up(live_text("{'name': 'Thief', 'discord_user_id': '%s', 'discord_username': 'thief', 'email': 'thief@example.org'}", id));
    expect_like(reply, "", "{'is_new_user': false, 'changes': ['discord_username'], 'user': {'name': 'web', 'discord_username': 'thief'}}");
    expect_like(att("GET", m.token, NULL, "/users/me"), "", "{'name': 'web', 'email': '%s'}", m.email);
    id = snowflake();
    expect_detail(signs_up(live_text("{'name': 'N', 'discord_user_id': '%s', 'discord_username': 'n', 'email': '%s'}", id, other.email)), 400, "Email already registered");
    expect_detail(att("GET", NULL, NULL, "/discord/users/%s", id), 404, "Discord user not found");
    discord_person(id, "n");
    expect_detail(signs_up(live_text("{'name': 'M', 'discord_user_id': '%s', 'discord_username': 'm', 'email': '%s'}", id, other.email)), 400, "Email already registered");
    expect_like(att("GET", NULL, NULL, "/discord/users/%s", id), "", "{'name': 'n', 'discord_username': 'n'}");
    live_sql("UPDATE activity.users SET is_active = false WHERE discord_user_id = $1", id, NULL);
    expect_detail(signs_up(live_text("{'name': 'M', 'discord_user_id': '%s', 'discord_username': 'm'}", id)), 400, "Inactive user");
}
END_TEST

START_TEST(a_bad_identity_names_every_field)
{
    expect_flaws(signs_up("{}"), "body.name=missing body.discord_user_id=missing body.discord_username=missing");
    expect_flaws(signs_up("{'name': null, 'discord_user_id': 5, 'discord_username': null, 'email': 'x'}"),
                 "body.name=string_type body.discord_user_id=string_type body.discord_username=string_type body.email=value_error");
}
END_TEST

/* ---- attending ------------------------------------------------------------------------------------------------ */

START_TEST(an_identity_attends_and_may_ask_again)
{
    member_t host = member("host");
    long long event = running(&host, "'title': 'Lock-picking'"), ahead = gathering(&host, 90, 3600, NULL);
    char *id = snowflake(), *at;
    live_reply_t *reply;

    expect_detail(marks(event, id), 404, "Discord user not registered. Please register first.");
    expect_detail(marks(999999999, id), 404, "Discord user not registered. Please register first.");
    discord_person(id, "jo");
    reply = marks(event, id);
    live_expect(reply, 200);
    expect_shape(reply, "", "success:bool message:text event:object user:object attended_at:time");
    expect_like(reply, "", "{'success': true, 'event': {'id': %lld, 'title': 'Lock-picking'}, 'user': {'name': 'jo', 'discord_username': 'jo'}}", event);
    ck_assert_str_eq(live_string(reply, "message"), "Successfully attended 'Lock-picking'!");
    ck_assert_uint_eq(json_object_size(live_member(reply, "event")), 3);
    ck_assert_uint_eq(json_object_size(live_member(reply, "user")), 2);
    at = live_text("%s", live_string(reply, "attended_at"));
    reply = marks(event, id);
    expect_like(reply, "", "{'success': true, 'message': 'You have already been marked as attended for this event', 'attended_at': '%s'}", at);
    reply = marks(ahead, id);
    live_expect(reply, 200);
    expect_like(reply, "", "{'success': false, 'event_status': {'status': 'upcoming', 'id': %lld}}", ahead);
    ck_assert_str_eq(live_string(reply, "message"), "Cannot attend: Event hasn't started yet. Starts in 2 minutes");
    expect_detail(marks(999999999, id), 404, "Event not found");
    expect_flaws(att("POST", NULL, NULL, "/discord/attend/%lld", event), "query.discord_user_id=missing");
    expect_flaws(att("POST", NULL, NULL, "/discord/attend/x?discord_user_id=y"), "path.event_id=int_parsing query.discord_user_id=string_pattern_mismatch");

    reply = att("GET", NULL, NULL, "/discord/attendance/%s", id);
    live_expect(reply, 200);
    expect_like(reply, "", "{'user': {'discord_user_id': '%s', 'discord_username': 'jo', 'name': 'jo'}, 'attended_events': [{'id': %lld, 'title': 'Lock-picking', "
                           "'attended_at': '%s'}], 'total_attended': 1}", id, event, at);
    expect_like(att("GET", NULL, NULL, "/discord/attendance/%s?skip=1", id), "", "{'attended_events': [], 'total_attended': 1}");
    expect_detail(att("GET", NULL, NULL, "/discord/attendance/1"), 404, "Discord user not found");

    live_expect(att("POST", host.token, NULL, "/events/%lld/attend", event), 200);
    reply = att("GET", NULL, NULL, "/discord/event/%lld/attendees", event);
    expect_like(reply, "", "{'event': {'id': %lld, 'title': 'Lock-picking'}, 'attendees': [{'name': 'jo', 'discord_username': 'jo', 'discord_user_id': '%s', "
                           "'attended_at': '%s'}], 'total_attendees': 1}", event, id, at);
    expect_detail(att("GET", NULL, NULL, "/discord/event/999999999/attendees"), 404, "Event not found");
    live_sql("UPDATE activity.users SET is_active = false WHERE discord_user_id = $1", id, NULL);
    expect_detail(marks(event, id), 400, "Inactive user");
}
END_TEST

START_TEST(every_refusal_is_a_sentence)
{
    member_t host = member("host"), blocked = member("blocked");
    long long full = running(&host, "'capacity': 1"), over = gathering(&host, -7200, -3600, NULL), event = running(&host, NULL);
    char *a = snowflake(), *b = snowflake();

    discord_person(a, "a");
    live_expect(att("PUT", blocked.token, live_text("{'discord_user_id': '%s'}", b), "/users/me"), 200);
    block(&(person_t){host.uuid, host.token}, &(person_t){blocked.uuid, blocked.token});
    live_expect(att("POST", host.token, NULL, "/events/%lld/attend", full), 200);
    expect_like(marks(full, a), "", "{'success': false, 'message': 'Cannot attend: Event is full', 'event_status': {'status': 'active'}}");
    expect_like(marks(over, a), "", "{'success': false, 'message': 'Cannot attend: Event has already ended', 'event_status': {'status': 'ended'}}");
    expect_like(marks(event, b), "", "{'success': false, 'message': 'Cannot attend: Not allowed to attend this event', 'event_status': {'status': 'active'}}");
    ck_assert_str_eq(says(b, live_text("!attend %lld", event)), "Not allowed to attend this event");
    live_expect(att("DELETE", host.token, NULL, "/events/%lld", event), 204);
    expect_detail(marks(event, a), 404, "Event not found");
}
END_TEST

START_TEST(the_one_event_that_runs)
{
    member_t host = member("host");
    char *channel = snowflake(), *id = snowflake();
    const char *path = live_text("/discord/attend/auto?discord_user_id=%s&channel_id=%s", id, channel);
    long long first, second;

    expect_detail(att("POST", NULL, NULL, "%s", path), 404, "Discord user not registered. Please register first.");
    discord_person(id, "jo");
    expect_like(att("POST", NULL, NULL, "%s", path), "", "{'success': false, 'message': 'No event is active right now.'}");
    first = running(&host, live_text("'discord_channel_id': '%s'", channel));
    expect_like(att("POST", NULL, NULL, "%s", path), "", "{'success': true, 'event': {'id': %lld}}", first);
    expect_like(att("POST", NULL, NULL, "%s", path), "", "{'success': true, 'message': 'You have already been marked as attended for this event'}");
    second = gathering(&host, -1800, 3600, live_text("'discord_channel_id': '%s'", channel));
    expect_like(att("POST", NULL, NULL, "%s", path), "", "{'success': false, 'message': 'Several events are active. Choose one by its id.', 'events': [{'id': %lld}, {'id': %lld}]}", first, second);
    expect_flaws(att("POST", NULL, NULL, "/discord/attend/auto?channel_id=x"), "query.discord_user_id=missing query.channel_id=string_pattern_mismatch");
}
END_TEST

/* ---- commands ------------------------------------------------------------------------------------------------- */

static const char *const no_commands[] = {"", "hello", "!registerme", "!unknown", "! events", "events", "/events", "!", "x !events", "!events!"};

START_TEST(what_is_no_command_is_not_answered)
{
    live_reply_t *reply = att("POST", NULL, live_text("{'discord_user_id': '5', 'discord_username': 'jo', 'content': '%s'}", no_commands[_i]), "/discord/commands");

    live_expect(reply, 200);
    ck_assert(json_is_null(live_member(reply, "reply")));
    ck_assert_uint_eq(json_object_size(reply->json), 1);
}
END_TEST

START_TEST(registering_by_chat)
{
    char *id = snowflake(), *named = snowflake();
    live_reply_t *reply;

    ck_assert_str_eq(says(id, "!status"), "You are not registered yet. Use !register first.");
    ck_assert_str_eq(says(id, "!attend 5"), "You are not registered yet. Use !register first.");
    ck_assert_str_eq(says(id, "  !REGISTER \\u00a0 "), "Welcome, jo! You are registered for event attendance.");
    ck_assert_str_eq(says(id, "!register"), "You are already registered, jo.");
    ck_assert_str_eq(says(id, "!register Jo  @here \\t Smith"), "Profile updated, Jo @\xe2\x80\x8bhere Smith.");
    expect_like(att("GET", NULL, NULL, "/discord/users/%s", id), "", "{'name': 'Jo @here Smith'}");
    ck_assert_str_eq(says(id, "!register"), "You are already registered, Jo @\xe2\x80\x8bhere Smith.");
    ck_assert_str_eq(says(id, live_text("!register %0101d", 0)), "Names have 1 to 100 characters.");
    ck_assert_str_eq(says(named, "!register Mira"), "Welcome, Mira! You are registered for event attendance.");
    reply = att("POST", NULL, live_text("{'discord_user_id': '%s', 'discord_username': 'old#1234', 'channel_id': null, 'content': '!register'}", snowflake()), "/discord/commands");
    ck_assert_str_eq(live_string(reply, "reply"), "Welcome, old! You are registered for event attendance.");
    live_sql("UPDATE activity.users SET is_active = false WHERE discord_user_id = $1", id, NULL);
    ck_assert_str_eq(says(id, "!register"), "Your account is deactivated.");
    ck_assert_str_eq(says(id, "!help"), "Your account is deactivated.");
    ck_assert_str_eq(says(id, "!attend"), "Your account is deactivated.");
}
END_TEST

START_TEST(attending_by_chat)
{
    member_t host = member("host");
    char *id = snowflake();
    long long event = running(&host, "'title': 'A @everyone evening'"), ahead = gathering(&host, 3600, 7200, NULL);

    discord_person(id, "jo");
    ck_assert_str_eq(says(id, "!attend"), "Usage: !attend <event_id>");
    ck_assert_str_eq(says(id, "!attend 1 2"), "Usage: !attend <event_id>");
    ck_assert_str_eq(says(id, "!attend 0"), "Usage: !attend <event_id>");
    ck_assert_str_eq(says(id, "!attend -1"), "Usage: !attend <event_id>");
    ck_assert_str_eq(says(id, "!attend 9223372036854775808"), "Usage: !attend <event_id>");
    ck_assert_str_eq(says(id, "!attend 99999999999999999999"), "Usage: !attend <event_id>");
    ck_assert_str_eq(says(id, "!attend 999999999"), "Event not found");
    ck_assert_str_eq(says(id, live_text("!Attend %lld", ahead)), "Event hasn't started yet. Starts in 60 minutes");
    ck_assert_str_eq(says(id, live_text("!attend %lld", event)), "Successfully attended 'A @\xe2\x80\x8b""everyone evening'!");
    ck_assert_str_eq(says(id, live_text("!attend %lld", event)), "You have already been marked as attended for this event");
    ck_assert_str_eq(says(id, "!status"), live_text("jo, you have attended 1 event.\n\xe2\x80\xa2 A @\xe2\x80\x8b""everyone evening, <t:%s:d>",
                     live_sql("SELECT floor(extract(epoch FROM scheduled_at)) FROM activity.activities WHERE number = $1::bigint", live_text("%lld", event), NULL)));
}
END_TEST

START_TEST(a_status_shows_the_latest_five)
{
    member_t host = member("host");
    char *id = snowflake();
    const char *text;
    int lines = 0;

    discord_person(id, "jo");
    ck_assert_str_eq(says(id, "!status"), "jo, you have attended 0 events.");
    for (int i = 0; i < 7; i++) {
        live_expect(marks(running(&host, live_text("'title': 'Number %d'", i)), id), 200);
    }
    text = says(id, "!status");
    ck_assert_int_eq(strncmp(text, "jo, you have attended 7 events.\n\xe2\x80\xa2 Number 6, <t:", 49), 0);
    for (const char *c = text; *c; c++) {
        lines += *c == '\n';
    }
    ck_assert_int_eq(lines, 5);
    ck_assert_ptr_null(strstr(text, "Number 1"));
}
END_TEST

START_TEST(events_of_the_channel_come_first)
{
    member_t host = member("host");
    char *channel = snowflake(), *id = snowflake();
    long long here = running(&host, live_text("'discord_channel_id': '%s', 'title': '%s'", channel, "1234567890123456789012345678901234567890123456789012345678901"));
    live_reply_t *reply;
    const char *text;

    for (int i = 0; i < 11; i++) {
        gathering(&host, -7200, 3600, NULL);
    }
    reply = att("POST", NULL, live_text("{'discord_user_id': '%s', 'discord_username': 'jo', 'channel_id': '%s', 'content': '!events'}", id, channel), "/discord/commands");
    text = live_string(reply, "reply");
    ck_assert_msg(!strncmp(text, live_text("Active events:\n\xe2\x80\xa2 **12345678901234567890123456789012345678901234567890123456789\xe2\x80\xa6** (ID %lld), ends <t:", here), 80), "%s", text);
    ck_assert_ptr_nonnull(strstr(text, "\n\xe2\x80\xa6 and "));
    ck_assert_ptr_nonnull(strstr(text, " more\nUse !attend <event_id> to mark your attendance."));
    ck_assert_int_lt((int)strlen(text), 2000);
}
END_TEST

START_TEST(help_lists_the_commands)
{
    const char *text = says(snowflake(), "!HELP me");

    ck_assert_ptr_nonnull(strstr(text, "!register [name]"));
    ck_assert_ptr_nonnull(strstr(text, "\n!events"));
    ck_assert_ptr_nonnull(strstr(text, "\n!attend <event_id>"));
    ck_assert_ptr_nonnull(strstr(text, "\n!status"));
    ck_assert_ptr_nonnull(strstr(text, "\n!link <code>"));
    ck_assert_ptr_nonnull(strstr(text, "\n!help"));
}
END_TEST

START_TEST(a_bad_line_is_refused)
{
    expect_flaws(att("POST", NULL, "{}", "/discord/commands"), "body.discord_user_id=missing body.discord_username=missing body.content=missing");
    expect_flaws(att("POST", NULL, "{'discord_user_id': 'x', 'discord_username': '', 'content': null, 'channel_id': 5}", "/discord/commands"),
                 "body.discord_user_id=string_pattern_mismatch body.discord_username=string_too_short body.content=string_type body.channel_id=string_type");
    expect_flaws(att("POST", NULL, live_text("{'discord_user_id': '5', 'discord_username': 'jo', 'content': '%04001d'}", 0), "/discord/commands"), "body.content=string_too_long");
}
END_TEST

/* ---- links ---------------------------------------------------------------------------------------------------- */

static char *link_code(const member_t *m)
{
    live_reply_t *reply = att("POST", m->token, NULL, "/users/me/discord-link");
    const char *code;

    live_expect(reply, 201);
    expect_shape(reply, "", "code:text expires_at:time");
    code = live_string(reply, "code");
    ck_assert_uint_eq(strlen(code), 8);
    ck_assert_uint_eq(strspn(code, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"), 8);
    ck_assert_ptr_null(live_sql("SELECT 1 FROM activity.discord_links WHERE code_hash = convert_to($1, 'UTF8')", code, NULL));
    return live_text("%s", code);
}

#define NO_CODE "That code is not valid. Ask for a new one."

START_TEST(a_code_links_the_accounts)
{
    member_t host = member("host"), m = member("linker"), other = member("other");
    char *id = snowflake(), *taken = snowflake(), *old, *code;
    long long both = running(&host, NULL), only = running(&host, NULL);

    discord_person(id, "jo");
    live_expect(marks(both, id), 200);
    live_expect(marks(only, id), 200);
    live_expect(att("POST", m.token, NULL, "/events/%lld/attend", both), 200);
    live_expect(att("PUT", other.token, live_text("{'discord_user_id': '%s'}", taken), "/users/me"), 200);

    old = link_code(&m);
    code = link_code(&m);
    ck_assert_str_eq(says(id, live_text("!link %s", old)), NO_CODE);
    ck_assert_str_eq(says(id, "!link"), NO_CODE);
    ck_assert_str_eq(says(id, "!link 5\\u00df"), NO_CODE);
    ck_assert_str_eq(says(taken, live_text("!link %s", code)), "This Discord account already belongs to another account.");
    for (char *c = code; *c; c++) {
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    }
    ck_assert_str_eq(says(id, live_text("!link %s", code)), "Linked to linker.");
    ck_assert_str_eq(says(id, live_text("!link %s", code)), NO_CODE);
    expect_like(att("GET", m.token, NULL, "/users/me"), "", "{'discord_user_id': '%s', 'discord_username': 'jo', 'email': '%s'}", id, m.email);
    expect_like(att("GET", m.token, NULL, "/users/me/events"), "", "[{'id': %lld}, {'id': %lld}]", both, only);
    expect_like(att("GET", NULL, NULL, "/discord/attendance/%s", id), "", "{'total_attended': 2, 'user': {'name': 'linker'}}");
    expect_like(att("GET", NULL, NULL, "/discord/event/%lld/attendees", both), "", "{'total_attendees': 1}");
    ck_assert_str_eq(live_sql("SELECT count(*) FROM activity.users WHERE discord_only AND name = 'jo' AND NOT is_active AND discord_user_id IS NULL", NULL), "1");

    code = link_code(&m);
    live_sql("UPDATE activity.discord_links SET expires_at = now() WHERE user_id = $1::uuid", m.uuid, NULL);
    ck_assert_str_eq(says(id, live_text("!link %s", code)), NO_CODE);
    code = link_code(&m);
    id = snowflake();
    ck_assert_str_eq(says(id, live_text("!link %s", code)), "Linked to linker.");
    expect_like(att("GET", m.token, NULL, "/users/me"), "", "{'discord_user_id': '%s'}", id);
}
END_TEST

/* ---- a bot key ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *method, *path;
} of_bots[] = {
    {"POST", "/discord/users/register"}, {"GET", "/discord/users/5"}, {"GET", "/discord/events/active"}, {"GET", "/discord/events/upcoming"},
    {"GET", "/discord/events/channel/5"}, {"POST", "/discord/attend/5"}, {"POST", "/discord/attend/auto"}, {"GET", "/discord/attendance/5"},
    {"GET", "/discord/event/5/status"}, {"GET", "/discord/event/5/attendees"}, {"POST", "/discord/commands"},
};

START_TEST(a_bot_key_is_asked_before_all_else)
{
    static const char *const wrong[] = {NULL, "Bot", "Bot ", "Bot the-bot's-ke", "Bot the-bot's-keyy", "bot the-bot's-key", "Bot  the-bot's-key", "Bearer the-bot's-key", "the-bot's-key"};
    char *base = live_server("ActivitiesRateLimit bot-read 1/hour\nActivitiesRateLimit bot-write 1/hour\n<Location /attendance>\nActivitiesDiscordBotKey \"the-bot's-key\"\n</Location>\n");
    live_reply_t *reply;

    for (size_t i = 0; i < sizeof of_bots / sizeof of_bots[0]; i++) {
        for (size_t j = 0; j < sizeof wrong / sizeof wrong[0]; j++) {
            reply = with_authorization(base, of_bots[i].method, of_bots[i].path, wrong[j]);
            expect_detail(reply, 401, "Invalid bot key");
            ck_assert_str_eq(live_header(reply, "WWW-Authenticate"), "Bot");
            ck_assert_ptr_null(live_header(reply, "X-RateLimit-Limit"));
        }
        reply = with_authorization(base, of_bots[i].method, of_bots[i].path, "Bot the-bot's-key");
        ck_assert_msg(reply->status != 401 && reply->status != 429, "%s: %ld", of_bots[i].path, reply->status);
        ck_assert_str_eq(live_header(reply, "X-RateLimit-Limit"), "1");
    }
    live_expect(with_authorization(base, "GET", "/discord/events/active", "Bot the-bot's-key"), 429);
    expect_detail(with_authorization(base, "PUT", "/discord/events/active", NULL), 405, "Method Not Allowed");
}
END_TEST

START_TEST(without_a_key_nothing_is_looked_at)
{
    live_expect(with_authorization(NULL, "GET", "/discord/events/active", "Bot rubbish"), 200);
    live_expect(with_authorization(NULL, "GET", "/discord/events/active", "Bearer rubbish"), 200);
}
END_TEST

START_TEST(with_a_key_an_identity_must_be_proved)
{
    char *base = live_server("ActivitiesRateLimit * off\nActivitiesPasswordCost 4\nActivitiesDiscordBotKey secret\n");
    member_t m = member("proved");
    char *id = snowflake(), *mail = live_text("k%s@example.org", id);

    live_expect(att("PUT", m.token, live_text("{'discord_user_id': '%s'}", id), "/users/me"), 200);
    expect_detail(att_at(base, "POST", NULL, live_text("{'email': '%s', 'name': 'N', 'password': '12345678', 'discord_user_id': '%s'}", mail, snowflake()), "/auth/register"), 403,
                  "Discord identity is set through Discord");
    live_expect(att_at(base, "POST", NULL, live_text("{'email': '%s', 'name': 'N', 'password': '12345678', 'discord_user_id': null}", mail), "/auth/register"), 201);
    expect_detail(att_at(base, "PUT", m.token, live_text("{'discord_user_id': '%s'}", snowflake()), "/users/me"), 403, "Discord identity is set through Discord");
    live_expect(att_at(base, "PUT", m.token, live_text("{'discord_user_id': '%s', 'name': 'P'}", id), "/users/me"), 200);
    live_expect(att_at(base, "PUT", m.token, "{'discord_user_id': null}", "/users/me"), 200);
}
END_TEST

/* ---- interactions --------------------------------------------------------------------------------------------- */

static EVP_PKEY *application;                      /* the key pair of a made-up application */

static char *hex_of(const unsigned char *bytes, size_t length)
{
    char *text = live_text("%s", "");

    for (size_t i = 0; i < length; i++) {
        text = live_text("%s%02x", text, bytes[i]);
    }
    return text;
}

/* The server that knows the application's public key. */
static char *application_server(void)
{
    unsigned char public[32], private[32] = "a private key of 32 bytes, ours";
    size_t length = sizeof public;

    application = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, private, sizeof private);
    ck_assert_int_eq(EVP_PKEY_get_raw_public_key(application, public, &length), 1);
    return live_server(live_text("ActivitiesRateLimit * off\nActivitiesDiscordBotKey secret\nActivitiesDiscordPublicKey %s\n", hex_of(public, length)));
}

static char *signature_of(const char *timestamp, const char *body)
{
    char *message = live_text("%s%s", timestamp, body);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    unsigned char signature[64];
    size_t length = sizeof signature;

    ck_assert_int_eq(EVP_DigestSignInit(context, NULL, NULL, NULL, application), 1);
    ck_assert_int_eq(EVP_DigestSign(context, signature, &length, (unsigned char *)message, strlen(message)), 1);
    EVP_MD_CTX_free(context);
    return hex_of(signature, length);
}

static live_reply_t *sends(const char *base, const char *timestamp, const char *signature, const char *body)
{
    const char *headers[3] = {NULL};
    int n = 0;

    if (signature) {
        headers[n++] = live_text("X-Signature-Ed25519: %s", signature);
    }
    if (timestamp) {
        headers[n++] = live_text("X-Signature-Timestamp: %s", timestamp);
    }
    return live_send(&(live_request_t){.method = "POST", .base = base, .path = ATT "/discord/interactions", .headers = headers, .body = body, .type = "application/json"});
}

/* Signed as Discord does. */
static live_reply_t *interacts(const char *base, const char *json)
{
    char *now = live_text("%lld", live_now()), *body = quoted(json);

    return sends(base, now, signature_of(now, body), body);
}

static const char *answer(const char *base, const char *user, const char *data)
{
    live_reply_t *reply = interacts(base, live_text("{'type': 2, 'channel_id': '5', 'member': {'user': %s}, 'data': %s}", user, data));

    live_expect(reply, 200);
    expect_like(reply, "", "{'type': 4, 'data': {'flags': 64, 'allowed_mentions': {'parse': []}}}");
    return live_string(reply, "data.content");
}

START_TEST(only_discord_is_heard)
{
    char *base = application_server(), *now = live_text("%lld", live_now()), *old = live_text("%lld", live_now() - 301), *ahead = live_text("%lld", live_now() + 310);
    const char *ping = "{\"type\":1}";
    char *good = signature_of(now, ping), *upper = live_text("%s", good), *other = live_text("%s", good);

    live_expect(sends(base, now, good, ping), 200);
    expect_like(sends(base, now, good, ping), "", "{'type': 1}");
    for (char *c = upper; *c; c++) {
        *c = *c >= 'a' ? (char)(*c - 32) : *c;
    }
    live_expect(sends(base, now, upper, ping), 200);
    other[3] = other[3] == '0' ? '1' : '0';
    expect_detail(sends(base, now, other, ping), 401, "Invalid request signature");
    expect_detail(sends(base, now, good, "{\"type\":1 }"), 401, "Invalid request signature");
    expect_detail(sends(base, now, good, "rubbish"), 401, "Invalid request signature");
    expect_detail(sends(base, now, good, NULL), 401, "Invalid request signature");
    expect_detail(sends(base, now, NULL, ping), 401, "Invalid request signature");
    expect_detail(sends(base, NULL, good, ping), 401, "Invalid request signature");
    expect_detail(sends(base, now, "", ping), 401, "Invalid request signature");
    expect_detail(sends(base, now, live_text("%s0", good), ping), 401, "Invalid request signature");
    expect_detail(sends(base, now, live_text("g%s", good + 1), ping), 401, "Invalid request signature");
    expect_detail(sends(base, old, signature_of(old, ping), ping), 401, "Invalid request signature");
    expect_detail(sends(base, ahead, signature_of(ahead, ping), ping), 401, "Invalid request signature");
    expect_detail(sends(base, "now", signature_of("now", ping), ping), 401, "Invalid request signature");
    expect_detail(sends(base, live_text("%s.0", now), signature_of(live_text("%s.0", now), ping), ping), 401, "Invalid request signature");
    /* Without a key nobody is. */
    expect_detail(sends(NULL, now, good, ping), 401, "Invalid request signature");
}
END_TEST

START_TEST(what_is_signed_and_makes_no_sense)
{
    char *base = application_server();

    expect_flaws(interacts(base, "rubbish"), "body=json_invalid");
    expect_flaws(interacts(base, "[]"), "body=dict_type");
    expect_flaws(interacts(base, "{}"), "body.type=missing");
    expect_flaws(interacts(base, "{'type': '1'}"), "body.type=int_type");
    expect_flaws(interacts(base, "{'type': 1.5}"), "body.type=int_type");
    expect_detail(interacts(base, "{'type': 3}"), 400, "Unsupported interaction type");
    expect_detail(interacts(base, "{'type': -9000000000}"), 400, "Unsupported interaction type");
    live_expect(interacts(base, "{'type': 2}"), 422);
    live_expect(interacts(base, "{'type': 2, 'user': {'id': '5', 'username': 'jo'}}"), 422);
    live_expect(interacts(base, "{'type': 2, 'user': {'id': 5, 'username': 'jo'}, 'data': {'name': 5}}"), 422);
    live_expect(interacts(base, "{'type': 2, 'user': 'jo', 'data': {'name': 'help'}}"), 422);
    live_expect(interacts(base, "{'type': 2, 'user': {'id': 5, 'username': 'jo'}, 'data': {'name': 'help'}}"), 422);
    live_expect(interacts(base, "{'type': 2, 'user': {'id': '5', 'username': 5}, 'data': {'name': 'help'}}"), 422);
    live_expect(interacts(base, "{'type': 2, 'user': {'id': '5x', 'username': 'jo'}, 'data': {'name': 'help'}}"), 422);
    live_expect(interacts(base, "{'type': 2, 'member': 5, 'user': null, 'data': 'help'}"), 422);
}
END_TEST

START_TEST(slash_commands)
{
    char *base = application_server(), *id = snowflake();
    const char *jo = live_text("{'id': '%s', 'username': 'jo', 'global_name': 'Jo Smith', 'discriminator': '0'}", id);
    const char *old = live_text("{'id': '%s', 'username': 'old', 'global_name': null, 'discriminator': '1234'}", snowflake());
    member_t host = member("host");
    long long event = running(&host, "'title': 'Evening'");
    live_reply_t *reply;

    ck_assert_str_eq(answer(base, jo, "{'name': 'dance'}"), "Unknown command. Use /help.");
    ck_assert_str_eq(answer(base, jo, "{'name': 'status'}"), "You are not registered yet. Use /register first.");
    ck_assert_str_eq(answer(base, jo, "{'name': 'register'}"), "Welcome, Jo Smith! You are registered for event attendance.");
    ck_assert_str_eq(answer(base, jo, "{'name': 'register', 'options': [{'name': 'name', 'type': 3, 'value': ' Joan  S. '}]}"), "Profile updated, Joan S..");
    ck_assert_str_eq(answer(base, old, "{'name': 'register', 'options': []}"), "Welcome, old! You are registered for event attendance.");
    ck_assert_ptr_nonnull(live_sql("SELECT 1 FROM activity.users WHERE discord_username = 'old#1234'", NULL));
    ck_assert_str_eq(answer(base, jo, "{'name': 'attend'}"), "Usage: /attend <event_id>");
    ck_assert_str_eq(answer(base, jo, live_text("{'name': 'attend', 'options': [{'name': 'event_id', 'type': 4, 'value': %lld}]}", event)), "Successfully attended 'Evening'!");
    ck_assert_str_eq(answer(base, jo, live_text("{'name': 'attend', 'options': [{'name': 'event_id', 'type': 3, 'value': '%lld'}]}", event)),
                     "You have already been marked as attended for this event");
    ck_assert_str_eq(answer(base, jo, "{'name': 'attend', 'options': [{'name': 'event_id', 'value': 'x'}]}"), "Usage: /attend <event_id>");
    ck_assert_int_eq(strncmp(answer(base, jo, "{'name': 'status'}"), "Joan S., you have attended 1 event.\n", 36), 0);
    ck_assert_int_eq(strncmp(answer(base, jo, "{'name': 'help'}"), "/register [name]", 16), 0);
    ck_assert_ptr_nonnull(strstr(answer(base, jo, "{'name': 'events'}"), "Use /attend <event_id> to mark your attendance."));
    ck_assert_str_eq(answer(base, old, live_text("{'name': 'link', 'options': [{'name': 'code', 'value': '%s'}]}", link_code(&host))), "Linked to host.");
    ck_assert_str_eq(answer(base, old, "{'name': 'link', 'options': [{'name': 'code', 'value': 'WRONG'}]}"), NO_CODE);
    /* In a direct message the caller is `user`. */
    reply = interacts(base, live_text("{'type': 2, 'user': %s, 'data': {'name': 'register'}}", jo));
    live_expect(reply, 200);
    ck_assert_str_eq(live_string(reply, "data.content"), "You are already registered, Joan S..");
}
END_TEST

START_TEST(keys_are_judged_at_configtest)
{
    char *said;

    ck_assert(!live_configtest("ActivitiesDiscordPublicKey 1234\n", &said));
    ck_assert_ptr_nonnull(strstr(said, "64 hexadecimal digits"));
    ck_assert(!live_configtest("ActivitiesDiscordPublicKey 0100000000000000000000000000000000000000000000000000000000000000\n", &said));
    ck_assert(!live_configtest("ActivitiesPasswordCost 3\n", &said));
    ck_assert_ptr_nonnull(strstr(said, "from 4 to 17"));
    ck_assert(!live_configtest("ActivitiesJWTAccessLifetime forever\n", &said));
    ck_assert(!live_configtest("<Location /attendance>\nActivitiesJWTSecret default\n</Location>\n", &said));
    ck_assert_ptr_nonnull(strstr(said, "attendance"));
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("attendance: Discord");
    TCase *tc = tcase_create("all");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, an_identity_registers_and_follows_discord);
    tcase_add_test(tc, who_knows_an_id_renames_nobody);
    tcase_add_test(tc, a_bad_identity_names_every_field);
    tcase_add_test(tc, an_identity_attends_and_may_ask_again);
    tcase_add_test(tc, every_refusal_is_a_sentence);
    tcase_add_test(tc, the_one_event_that_runs);
    tcase_add_loop_test(tc, what_is_no_command_is_not_answered, 0, sizeof no_commands / sizeof no_commands[0]);
    tcase_add_test(tc, registering_by_chat);
    tcase_add_test(tc, attending_by_chat);
    tcase_add_test(tc, a_status_shows_the_latest_five);
    tcase_add_test(tc, events_of_the_channel_come_first);
    tcase_add_test(tc, help_lists_the_commands);
    tcase_add_test(tc, a_bad_line_is_refused);
    tcase_add_test(tc, a_code_links_the_accounts);
    tcase_add_test(tc, a_bot_key_is_asked_before_all_else);
    tcase_add_test(tc, without_a_key_nothing_is_looked_at);
    tcase_add_test(tc, with_a_key_an_identity_must_be_proved);
    tcase_add_test(tc, only_discord_is_heard);
    tcase_add_test(tc, what_is_signed_and_makes_no_sense);
    tcase_add_test(tc, slash_commands);
    tcase_add_test(tc, keys_are_judged_at_configtest);
    suite_add_tcase(s, tc);
    return s;
}

int main(void)
{
    return live_run(suite());
}
