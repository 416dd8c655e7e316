-- The attendance API's accounts, Discord identities and links.
BEGIN;
SELECT no_plan();
\ir lib/attendance.sql

SELECT t.person('mira', 'jo') \g /dev/null
SELECT t.event('first', 'mira', '-3 hours', '1 hour'), t.event('second', 'mira'), t.event('line', 'mira', '-1 hour', '1 hour', 1) \g /dev/null

-- ---- registering

SELECT is((sp_register_refusal('new@example.org', NULL, true)).status, NULL, 'nothing speaks against it');
SELECT is(t.said(sp_register('New@example.org', 'New', '1:hash', '100', 'new', NULL)), '201', 'registered');
SELECT t.refused($$sp_register('NEW@EXAMPLE.org', 'New', '1:hash', '100', NULL, NULL)$$, '400 Email already registered');
SELECT t.refused($$sp_register('other@example.org', 'New', '1:hash', '100', NULL, NULL)$$, '400 Discord user already registered');
SELECT t.refused($$sp_register('other@example.org', 'New', '1:hash', '101', NULL, true)$$, '403 Discord identity is set through Discord');
SELECT t.refused($$sp_register_refusal('NEW@example.org', '100', NULL)$$, '400 Email already registered');
SELECT is(t.said(sp_register('other@example.org', 'Other', '1:hash', NULL, NULL, true)), '201', 'without an identity it may be');

-- ---- what a login is told

SELECT is(ARRAY[password_hash, refusal], ARRAY['1:hash', NULL], 'a good account') FROM sp_credentials('nEw@example.ORG');
SELECT is(count(*), 1::bigint, 'one row'), ok(bool_and(num_nonnulls(user_id, password_hash, refusal) = 0), 'of nulls for nobody') FROM sp_credentials('nobody@example.org');
UPDATE users SET username = 'newname', is_active = false WHERE email = 'New@example.org';
SELECT is(user_id, NULL, 'a user name is no login here') FROM sp_credentials('newname');
SELECT is(refusal, 'user-inactive', 'closed') FROM sp_credentials('new@example.org');
UPDATE users SET is_active = true, status = 'banned' WHERE email = 'New@example.org';
SELECT is(refusal, 'user-banned', 'banned') FROM sp_credentials('new@example.org');
UPDATE users SET status = 'temporary_ban', ban_expires_at = now() - interval '1 second' WHERE email = 'New@example.org';
SELECT is(refusal, NULL, 'no longer banned') FROM sp_credentials('new@example.org');
SELECT is(l.status, 200, 'logged in'), is(l.subject, u.user_id, 'whose token it is'),
       is(l.claims::jsonb, '{"email": "New@example.org", "name": "New", "username": "newname", "subscription_level": "free"}', 'what it says')
  FROM users u, sp_login(u.user_id) l WHERE u.email = 'New@example.org';
SELECT isnt(last_login, NULL, 'and when is remembered') FROM users WHERE email = 'New@example.org';

-- ---- Discord identities

SELECT is(x ->> 'is_new_user', 'true', 'new') FROM t.good(sp_discord_register('Kit', '200', 'kit', NULL)) x;
SELECT t.refused($$sp_discord_register('Kit', '200', 'kit', NULL)$$, '200 You are already registered, Kit.');
SELECT t.refused($$sp_discord_register('Kim', '200', 'kim', 'new@example.org')$$, '400 Email already registered');
SELECT is(x -> 'changes', '["name", "email"]', 'what changed') FROM t.good(sp_discord_register('Kim', '200', 'kit', 'kim@example.org')) x;
SELECT is(t.said(sp_update_me(t.id('jo'), '{"discord_user_id": "300"}', NULL)), '200', 'jo claims one');
SELECT is(x -> 'changes', '["discord_username"]', 'who has an account keeps their name') FROM t.good(sp_discord_register('X', '300', 'jo', 'x@example.org')) x;

-- ---- chat

CREATE FUNCTION t.chat(p_who text, p_line text) RETURNS text LANGUAGE sql AS $$
    SELECT t.good(attendance.sp_command(p_who, 'kit', NULL, p_line)) ->> 'reply'
$$;
SELECT is(t.chat('200', '!attend ' || t.e('first')), 'Successfully attended ''first''!', 'attended by chat');
SELECT is((SELECT attended_via::text FROM participants p JOIN users USING (user_id) WHERE discord_user_id = '200'), 'discord', 'by way of Discord');
SELECT is(t.chat('200', '! attend 5'), NULL, 'no command'), is(t.chat('200', ''), NULL, 'an empty line');
SELECT is(t.chat('999', '!attend 5'), 'You are not registered yet. Use !register first.', 'nobody');
SELECT ok(char_length(t.chat('200', '!events')) <= 2000, 'short enough for Discord');
SELECT is(said(repeat('é', 61)), repeat('é', 59) || '…', 'a long title'), is(said(repeat('é', 60)), repeat('é', 60), 'one that just fits'),
       is(said('@here @'), '@' || U&'\200B' || 'here @' || U&'\200B', 'nobody is pinged'), is(said(NULL), '', 'no title');

-- ---- links: two accounts become one

SELECT t.chat('200', '!attend ' || t.e('second')) \g /dev/null
SELECT t.good(t.attend('second', 'jo')) \g /dev/null
SELECT t.person('web') \g /dev/null
SELECT t.good(t.attend('second', 'web')) \g /dev/null
CREATE TABLE t.codes AS SELECT t.good(sp_create_discord_link(t.id('web')), 201) ->> 'code' AS code;
SELECT is((SELECT count(*) FROM discord_links l, t.codes c WHERE l.code_hash = sha256(convert_to(c.code, 'UTF8'))), 1::bigint, 'stored hashed');
SELECT is(t.chat('200', '!link nonsense'), 'That code is not valid. Ask for a new one.', 'a wrong code');
SELECT is(t.chat('300', '!link ' || code), 'This Discord account already belongs to another account.', 'of somebody else') FROM t.codes;
CREATE TABLE t.earlier AS SELECT p.attended_at FROM participants p JOIN users u USING (user_id) WHERE u.discord_user_id = '200' AND p.activity_id = t.a('second');
SELECT is(t.chat('200', ' !LiNk ' || lower(code) || ' '), 'Linked to web.', 'linked') FROM t.codes;
SELECT is(t.chat('200', '!link ' || code), 'That code is not valid. Ask for a new one.', 'once') FROM t.codes;
SELECT is(ARRAY[discord_user_id, discord_username, email], ARRAY['200', 'kit', 'web@example.org'], 'the web account has the identity') FROM users WHERE user_id = t.id('web');
SELECT is((SELECT count(*) FROM participants WHERE user_id = t.id('web') AND attended_at IS NOT NULL), 2::bigint, 'and what it attended');
SELECT is(p.attended_at, e.attended_at, 'the earlier time stays') FROM participants p, t.earlier e WHERE p.user_id = t.id('web') AND p.activity_id = t.a('second');
SELECT is(t.counts('second'), ARRAY[2, 0, 2], 'a place that was held twice is free');
SELECT ok(NOT is_active AND discord_user_id IS NULL, 'the other account is closed') FROM users WHERE email = 'kim@example.org';
SELECT t.chat('400', '!register') \g /dev/null
UPDATE t.codes SET code = t.good(sp_create_discord_link(t.id('web')), 201) ->> 'code';
UPDATE discord_links SET expires_at = clock_timestamp() WHERE user_id = t.id('web');
SELECT is(t.chat('400', '!link ' || code), 'That code is not valid. Ask for a new one.', 'an expired code') FROM t.codes;

-- ---- closed accounts

SELECT is(t.said(sp_update_me(t.id('web'), '{"is_active": false}', NULL)), '200', 'closed by oneself');
SELECT is(t.chat('200', '!status'), 'Your account is deactivated.', 'which Discord is told'), is(t.chat('200', 'hello'), NULL, 'only where it asks');
SELECT t.refused($$sp_discord_attend(t.e('first'), '200')$$, '400 Inactive user');
SELECT is(x ->> 'is_active', 'false', 'seen') FROM t.good(sp_discord_user('200')) x;
SELECT is(x ->> 'total_attended', '2', 'history does not vanish') FROM t.good(sp_discord_attendance('200', 0, 1)) x;

-- ---- rights

SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'attendance'::regnamespace AND NOT p.prosecdef AND has_function_privilege('activity_web', p.oid, 'EXECUTE')$$,
                'the web role calls what is made for it to call, and nothing more');
SELECT is_empty('SELECT * FROM activity.broken()', 'nothing is broken');
SELECT * FROM finish();
ROLLBACK;
