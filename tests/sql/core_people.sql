-- Accounts, callers and sessions: who is made from a token, who is refused, which token is good.
BEGIN;
SELECT plan(86);
\ir lib/core.sql
SELECT t.person('mira', 'jo') \g /dev/null

-- ---- names ----

SELECT is(x.taken, NULL, 'an account is made'), ok((x.account).number > 0, 'and given back')
  FROM sign_up('{"username": "Önal", "email": "Anna@Example.org", "discord_user_id": "281474976710656001", "handle": "anna", "name": "Anna Ö"}') x;
SELECT is(x.taken, ARRAY['username', 'email', 'discord_user_id', 'handle'], 'all that another has is named') FROM
    sign_up('{"username": "öNAL", "email": "aNNA@eXAMPLE.ORG", "discord_user_id": "281474976710656001", "handle": "anna"}') x;
SELECT is(x.taken, ARRAY['email'], 'or one alone') FROM sign_up('{"username": "other", "email": "anna@example.org"}') x;
SELECT is(x.taken, NULL, 'handles differ by case') FROM sign_up('{"handle": "Anna", "name": "A", "is_guest": true}') x;
SELECT is(x.taken, ARRAY['handle'], 'no handle that is the text of somebody''s id') FROM sign_up(jsonb_build_object('handle', upper(t.id('jo')::text))) x;
SELECT is(x.taken, NULL, 'two without a name do not collide') FROM sign_up('{}') x;
SELECT is((credentials('ANNA@example.org')).username, 'Önal', 'login by address, whatever the case');
SELECT is((credentials('ÖNAL')).email, 'Anna@Example.org', 'login by name, kept as given');
SELECT is((credentials('anna')).user_id, NULL, 'a handle is no login');
SELECT is((credentials('nobody@example.org')).user_id, NULL, 'nobody');
SELECT is(username_of(u), 'Önal', 'shown user name'), is(shown_name(u), 'Anna Ö', 'shown name') FROM users u WHERE handle = 'anna';
SELECT is(username_of(u), 'Anna', 'of a guest the handle') FROM users u WHERE handle = 'Anna';
SELECT is(ARRAY[username_of(u), shown_name(u)], ARRAY['user-' || number, 'user-' || number], 'of who has none a made-up one')
  FROM users u WHERE num_nonnulls(username, handle, email) = 0;
SELECT is(username_of(NULL::users), NULL, 'of nobody none');

-- ---- provisioning ----

SELECT is(x.refusal, 'user-unknown', 'an unknown subject without provisioning'), is(x.user_id, NULL, 'is nobody')
  FROM caller(t.id('new'), NULL, 1, '\x01', 'club', NULL) x;
SELECT is((SELECT count(*) FROM users WHERE user_id = t.id('new')), 0::bigint, 'and is not made');
SELECT is(x.refusal, NULL, 'with it a user'), is(x.user_id, t.id('new'), 'of that id'), is(x.level, 'premium', 'the token''s level counts')
  FROM caller(t.id('new'), NULL, 1, '\x01', 'premium', '{"username": "MIRA", "name": "Newt", "full_name": "Newt N", "email": "ANNA@example.org",
         "first_name": "", "last_name": 7, "gender": "female", "subscription_level": "club"}') x;
SELECT is(ARRAY[username, email, name, first_name, last_name, gender, subscription_level::text], ARRAY[NULL, NULL, 'Newt N', NULL, NULL, 'female', 'club'],
          'what another has or does not fit is left out, never linked') FROM users WHERE user_id = t.id('new');
SELECT is((SELECT array_agg(username) FROM users WHERE user_id = t.id('mira')), ARRAY['mira'], 'who had the name keeps it');
SELECT is(x.refusal, NULL, 'the next call finds them') FROM caller(t.id('new'), NULL, 1, '\x01', NULL, '{"username": "changed"}') x;
SELECT is((SELECT username FROM users WHERE user_id = t.id('new')), NULL, 'and claims change nothing any more');
SELECT is(username, 'Newt', 'the name stands in for a user name'), is(name, 'Newt', 'and for the display name') FROM provision(t.id('n2'), '{"name": "Newt", "email": "not an address"}');
SELECT is(username, 'Nora', 'an address is no user name') FROM provision(t.id('n3'), '{"username": "x@y.org", "name": "Nora"}');
SELECT is(username, NULL, 'nor as a name') FROM provision(t.id('n4'), '{"name": "x@y.org"}');
SELECT is(num_nonnulls(username, email, name), 0, 'no claims, no names') FROM provision(t.id('n5'), '{}');
SELECT is(ARRAY[username, name], ARRAY[NULL, repeat('x', 200)], 'each claim by its own length') FROM provision(t.id('n6'), jsonb_build_object('name', repeat('x', 200)));
SELECT is(username, NULL, 'white space is no name') FROM provision(t.id('n7'), '{"username": "\u2003 \u00a0"}');
SELECT is(email, 'a.b+c@d-e.co', 'an address') FROM provision(t.id('n8'), '{"email": "a.b+c@d-e.co", "subscription_level": "gold"}');
SELECT is(x.refusal, 'user-unknown', 'no subject at all') FROM caller(NULL, NULL, 1, '\x01', NULL, '{}') x;
SELECT is(x.level, 'free', 'an unknown level is the row''s') FROM caller(t.id('jo'), NULL, 1, '\x01', 'gold', NULL) x;

-- ---- refusals ----

UPDATE users SET is_active = false WHERE user_id = t.id('n2');
UPDATE users SET status = 'banned', ban_expires_at = now() - interval '1 day' WHERE user_id = t.id('n3');
UPDATE users SET status = 'temporary_ban', ban_expires_at = clock_timestamp() + interval '1 hour' WHERE user_id = t.id('n4');
UPDATE users SET status = 'temporary_ban', ban_expires_at = clock_timestamp() - interval '1 microsecond' WHERE user_id = t.id('n5');
SELECT is(x.refusal, 'user-inactive', 'inactive'), is(x.user_id, t.id('n2'), 'but told who') FROM caller(t.id('n2'), NULL, 1, '\x01', NULL, '{}') x;
SELECT is(x.refusal, 'user-banned', 'banned, whatever the date'), ok(x.number > 0, 'but told who') FROM caller(t.id('n3'), NULL, 1, '\x01', NULL, NULL) x;
SELECT is(x.refusal, 'user-banned', 'banned for a while') FROM caller(t.id('n4'), NULL, 1, '\x01', NULL, NULL) x;
SELECT is(x.refusal, NULL, 'the while is over') FROM caller(t.id('n5'), NULL, 1, '\x01', NULL, NULL) x;
SELECT is(x.refusal, 'user-unknown', 'a guest calls nothing') FROM users u, caller(u.user_id, NULL, 1, '\x01', NULL, '{}') x WHERE u.handle = 'Anna';

-- ---- sessions ----

CREATE FUNCTION t.refusal(p_sid uuid, p_iat bigint DEFAULT 1, p_digest bytea DEFAULT '\x01', p_who text DEFAULT 'jo') RETURNS text LANGUAGE sql AS
    $$ SELECT coalesce(refusal, 'good') FROM activity.caller(t.id(p_who), p_sid, p_iat, p_digest, NULL, NULL) $$;

SELECT is(x.outcome, 'opened', 'a session'), is(x.exp - x.iat, 60::bigint, 'lives as long as asked'), is(x.jti, t.id('r1'), 'with its good token')
  FROM open_session(t.id('jo'), 'gatherhub', t.id('s1'), t.id('r1'), 60) x;
SELECT is(t.refusal(t.id('s1')), 'good', 'its tokens are good');
SELECT is(t.refusal(t.id('s1'), p_who => 'mira'), 'token-ended', 'for nobody else');
SELECT is(x.outcome, 'unknown', 'another API does not know it') FROM rotate('collaboration', t.id('s1'), t.id('r1'), t.id('r2'), '0', 60) x;
SELECT is(x.outcome, 'unknown', 'nor any a session that is none') FROM rotate('gatherhub', t.id('s9'), t.id('r1'), t.id('r2'), '0', 60) x;
SELECT is(x.outcome, 'rotated', 'rotation'), is(x.jti, t.id('r2'), 'gives the new one') FROM rotate('gatherhub', t.id('s1'), t.id('r1'), t.id('r2'), '10 s', 60) x;
CREATE TABLE t.first AS SELECT * FROM rotate('gatherhub', t.id('s1'), t.id('r1'), t.id('r3'), '10 s', 60);
SELECT is(outcome, 'rotated', 'within the grace the replaced one'), is(jti, t.id('r2'), 'gets the same successor') FROM t.first;
SELECT ok(f = r, 'the very same, each time') FROM t.first f, rotate('gatherhub', t.id('s1'), t.id('r1'), t.id('r4'), '10 s', 60) r;
SELECT is(x.jti, t.id('r5'), 'the successor is used') FROM rotate('gatherhub', t.id('s1'), t.id('r2'), t.id('r5'), '10 s', 60) x;
SELECT is(x.outcome, 'reused', 'now the first is reuse, grace or not') FROM rotate('gatherhub', t.id('s1'), t.id('r1'), t.id('r6'), '10 s', 60) x;
SELECT is(t.refusal(t.id('s1')), 'token-ended', 'which ends the session');
SELECT is(x.outcome, 'unknown', 'with its newest token') FROM rotate('gatherhub', t.id('s1'), t.id('r5'), t.id('r6'), '10 s', 60) x;

SELECT open_session(t.id('jo'), 'collaboration', t.id('s2'), t.id('r1'), 60), rotate('collaboration', t.id('s2'), t.id('r1'), t.id('r2'), '0', 60) \g /dev/null
SELECT is(x.outcome, 'reused', 'without a grace the replaced one is reuse at once') FROM rotate('collaboration', t.id('s2'), t.id('r1'), t.id('r3'), '0', 60) x;
SELECT open_session(t.id('jo'), 'gatherhub', t.id('s3'), t.id('r1'), 60), rotate('gatherhub', t.id('s3'), t.id('r1'), t.id('r2'), '10 s', 60) \g /dev/null
UPDATE sessions SET rotated_at = rotated_at - interval '10.1 s' WHERE sid = t.id('s3');
SELECT is(x.outcome, 'reused', 'after the grace too') FROM rotate('gatherhub', t.id('s3'), t.id('r1'), t.id('r3'), '10 s', 60) x;
SELECT open_session(t.id('jo'), 'gatherhub', t.id('s4'), t.id('r1'), -1) \g /dev/null
SELECT is(x.outcome, 'unknown', 'an expired session') FROM rotate('gatherhub', t.id('s4'), t.id('r1'), t.id('r3'), '10 s', 60) x;
SELECT open_session(t.id('n2'), 'gatherhub', t.id('s5'), t.id('r1'), 60), open_session(t.id('n4'), 'gatherhub', t.id('s6'), t.id('r1'), 60) \g /dev/null
SELECT is(x.outcome, 'disabled', 'an inactive user''s') FROM rotate('gatherhub', t.id('s5'), t.id('r1'), t.id('r3'), '10 s', 60) x;
SELECT is(x.outcome, 'disabled', 'a banned user''s') FROM rotate('gatherhub', t.id('s6'), t.id('r1'), t.id('r3'), '10 s', 60) x;
SELECT is((SELECT array_agg(refresh_jti) FROM sessions WHERE sid IN (t.id('s5'), t.id('s6'))), ARRAY[t.id('r1'), t.id('r1')], 'stays as it was');

SELECT open_session(t.id('jo'), 'gatherhub', t.id('s7'), t.id('r1'), 60), open_session(t.id('jo'), 'collaboration', t.id('s8'), t.id('r1'), 60) \g /dev/null
SELECT is(end_session(t.id('s4')), true, 'ended'), is(end_session(t.id('s4')), false, 'once'), is(end_session(t.id('s9')), false, 'or never begun');
SELECT t.told() \g /dev/null
UPDATE users SET password_hash = 'old' WHERE user_id = t.id('jo');
SELECT is(set_password(t.id('jo'), 'older', 'hash', t.id('s8')), false, 'a password that is not there any more is not replaced'), is(t.refusal(t.id('s7')), 'good', 'and ends nothing');
SELECT is(set_password(t.id('jo'), 'old', 'hash', t.id('s8')), true, 'the one that is there is');
SELECT is(t.refusal(t.id('s7')), 'token-ended', 'a new password ends the other sessions'), is(t.refusal(t.id('s8')), 'good', 'but not its own'), is(t.refusal(NULL), 'good', 'nor what has none');
SELECT is(t.told(), 'session.ended', 'which is told');

-- Tokens of no session of ours.
SELECT is(t.refusal(t.id('elsewhere')), 'good', 'a session that nobody here knows says nothing');
SELECT revoke('\xab', extract(epoch FROM now())::bigint + 60), revoke('\xab', 9223372036854775807) \g /dev/null
SELECT is(t.refusal(NULL, p_digest => '\xab'), 'token-ended', 'a logged-out token'), is(t.refusal(t.id('elsewhere'), p_digest => '\xab'), 'token-ended', 'also of an outside issuer');
SELECT is(session_live(NULL, t.id('jo'), '\xab', 1), false, 'streams hear the same'), is(session_live(NULL, t.id('jo'), '\xac', 1), true, 'of each token'),
       is(session_live(t.id('s7'), t.id('jo'), '\xac', 1), false, 'and session');
UPDATE sessions SET ended_at = NULL WHERE sid = t.id('s7');
SELECT is(end_sessions(t.id('jo'), NULL, true), 2, 'all sessions');
SELECT is(t.refusal(NULL, floor(extract(epoch FROM tokens_valid_after))::bigint), 'token-ended', 'a token of the same second is not after'),
       is(t.refusal(NULL, floor(extract(epoch FROM tokens_valid_after))::bigint + 1), 'good', 'of the next it is'),
       is(t.refusal(NULL, NULL), 'token-ended', 'without iat it is not') FROM users WHERE user_id = t.id('jo');

SELECT t.sound();
SELECT * FROM finish();
ROLLBACK;
