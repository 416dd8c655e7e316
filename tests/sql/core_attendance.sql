-- Attendance: its one writer with all its counters, the rule by which people mark themselves; and what becomes of it when accounts are joined and guests forgotten.
BEGIN;
SELECT plan(61);
\ir lib/core.sql
SELECT t.person('org', 'a', 'b', 'c', 'd', 'e', 'x', 'y') \g /dev/null
CREATE FUNCTION t.set(p_name text, p_statuses attendance_status[], VARIADIC p_who text[]) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(t.name(user_id) || ' ' || attendance_status || CASE WHEN attended_at IS NULL THEN '' ELSE ' at' END, ', '), '')
      FROM activity.set_attendance(activity.lock_activity(t.a(p_name)), ARRAY(SELECT t.id(w) FROM unnest(p_who) WITH ORDINALITY o (w, k) ORDER BY k), p_statuses, 'organizer', clock_timestamp())
$$;
CREATE FUNCTION t.no_shows(VARIADIC p_who text[]) RETURNS int[] LANGUAGE sql AS $$
    SELECT array_agg(no_show_count ORDER BY k) FROM unnest(p_who) WITH ORDINALITY o (w, k) JOIN users ON user_id = t.id(w)
$$;
CREATE FUNCTION t.mark(p_name text, p_who text, p_via attendance_via DEFAULT 'web', p_level subscription_level DEFAULT 'free') RETURNS text LANGUAGE sql AS $$
    SELECT outcome FROM activity.mark_attendance(t.a(p_name), t.id(p_who), p_level, p_via)
$$;

-- ---- the writer ----

SELECT t.make('past', 'org', '{"max_participants": 3}'), t.join_all('past', 'a', 'b', 'c', 'd'), t.started('past') \g /dev/null
SELECT is(t.set('past', '{attended,no_show,attended,attended}', 'b', 'a', 'd', 'c'), 'b attended at, a no_show, c attended at', 'who holds a place, in the order given');
SELECT is(t.counts('past'), '{3,1,2}', 'counted'), is(t.no_shows('a', 'b', 'c', 'd'), '{1,0,0,0}', 'and with the person');
SELECT ok((SELECT array_agg(t.name(user_id) ORDER BY attended_at) = '{b,c}' AND count(DISTINCT attended_at) = 2 FROM participants WHERE attended_at IS NOT NULL), 'each at an instant of their own');
CREATE TABLE t.then AS SELECT user_id, attended_at FROM participants WHERE attended_at IS NOT NULL;
SELECT is(t.set('past', '{attended,no_show}', 'b', 'a'), 'b attended at, a no_show', 'a repetition');
SELECT is(t.counts('past'), '{3,1,2}', 'changes no count'), is(t.no_shows('a', 'b'), '{1,0}', 'nor the person''s');
SELECT is(attended_at, (SELECT attended_at FROM t.then n WHERE n.user_id = p.user_id), 'nor the instant') FROM participants p WHERE user_id = t.id('b');
SELECT is(t.set('past', '{no_show,attended,registered}', 'b', 'a', 'c'), 'b no_show, a attended at, c registered', 'changed');
SELECT is(t.counts('past'), '{3,1,1}', 'in the count'), is(t.no_shows('a', 'b', 'c'), '{0,1,0}', 'and with each');
SELECT is(t.set('past', '{attended}', 'x'), '', 'who holds no place is not there');
SELECT t.leave('past', 'b') \g /dev/null
SELECT is(t.no_shows('b'), '{1}', 'a row that is gone keeps its no-show');
SELECT is(t.counts('past'), '{2,1,1}', 'who is past promotes nobody');
SELECT t.leave('past', 'a', true) \g /dev/null
SELECT is(t.counts('past'), '{1,1,0}', 'who leaves attended no more');

-- ---- the rule ----

SELECT t.make('soon', 'org') \g /dev/null
SELECT is(t.mark('soon', 'a'), 'not-started', 'too early'), is(t.mark('soon', 'a', 'organizer'), 'not-started', 'for anybody');
SELECT t.make('run', 'org', '{"max_participants": 2, "duration_minutes": 600}'), t.join_all('run', 'a'), t.started('run') \g /dev/null
SELECT is(t.mark('run', 'a'), 'marked', 'a participant'), is(t.mark('run', 'a'), 'already', 'once');
SELECT is(t.mark('run', 'b', 'discord'), 'marked', 'a walk-in'), is(t.mark('run', 'c'), 'full', 'while there is a place');
SELECT results_eq($$SELECT t.name(user_id), walk_in, attended_via::text FROM participants WHERE activity_id = t.a('run') ORDER BY attended_at$$, $$VALUES ('a', false, 'web'), ('b', true, 'discord')$$, 'as told');
SELECT is(t.counts('run'), '{2,0,2}', 'counted'), ok((SELECT bool_and(attended_at >= joined_at AND attended_at <= decided_at) FROM participants JOIN places USING (activity_id) WHERE activity_id = t.a('run')), 'in order');
SELECT ok(x.attended_at = p.attended_at, 'told when the first time was') FROM mark_attendance(t.a('run'), t.id('a'), 'free', 'web') x, participants p WHERE p.activity_id = t.a('run') AND p.user_id = t.id('a');
SELECT t.make('line', 'org', '{"max_participants": 1, "duration_minutes": 600}'), t.join_all('line', 'a', 'b'), t.started('line'), t.leave('line', 'a') \g /dev/null
SELECT is(t.mark('line', 'b'), 'waiting', 'who waits is not passed'), is(t.mark('line', 'c'), 'full', 'by nobody');
SELECT t.make('over', 'org', '{"duration_minutes": 30}'), t.join_all('over', 'a'), t.started('over') \g /dev/null
SELECT is(t.mark('over', 'a'), 'ended', 'too late'), is(t.mark('over', 'a', 'organizer'), 'marked', 'but not for the organizer''s list');
SELECT edit_activity(t.a('over'), '{"duration_minutes": 600, "status": "completed"}', NULL) \g /dev/null
SELECT is(t.mark('over', 'b'), 'ended', 'completed is ended, whatever the clock');
SELECT edit_activity(t.a('over'), '{"status": "cancelled"}', NULL) \g /dev/null
SELECT is(t.mark('over', 'b'), 'not-found', 'cancelled is nothing');
SELECT t.make('clockless', 'org', '{"clockless": true, "duration_minutes": 30}'), t.started('clockless') \g /dev/null
SELECT is(t.mark('clockless', 'a'), 'ended', 'a clockless activity has its window too');
SELECT t.make('secret', 'org', '{"activity_privacy_level": "invite_only"}'), t.started('secret'), t.make('early', 'org', jsonb_build_object('joinable_at_free', clock_timestamp() + interval '1 day')), t.started('early'),
       t.make('women', 'org', '{"activity_type": "womens_only"}'), t.started('women'), t.make('draft', 'org', '{"status": "draft"}'), t.started('draft') \g /dev/null
INSERT INTO permissions (activity_id, user_id, level) VALUES (t.a('secret'), t.id('c'), 'viewer'), (t.a('line'), t.id('d'), 'viewer');
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('org'), t.id('d'));
UPDATE users SET gender = 'male' WHERE user_id = t.id('b');
SELECT is(t.mark('secret', 'a'), 'not-found', 'unseen'), is(t.mark('secret', 'c'), 'not-allowed', 'seen, but by invitation'), is(t.mark('line', 'd'), 'not-allowed', 'seen, but blocked'), is(t.mark('run', 'd'), 'not-found', 'blocked and unseen'),
       is(t.mark('early', 'a'), 'not-allowed', 'not open yet'), is(t.mark('early', 'a', p_level => 'club'), 'marked', 'open to club'), is(t.mark('women', 'b'), 'not-allowed', 'not for men'), is(t.mark('draft', 'a'), 'not-found', 'a draft'),
       is(t.mark('draft', 'org'), 'not-found', 'is none for its organizer'), is(t.mark('none', 'a'), 'not-found', 'nothing');
SELECT is(t.mark('secret', 'org'), 'marked', 'the organizer attends');
SELECT is((SELECT role FROM participants WHERE activity_id = t.a('secret')), 'organizer', 'as such');
SELECT t.sound();

-- ---- two accounts become one ----

SELECT t.make('m' || k, 'org', '{"max_participants": 2}') FROM generate_series(1, 9) k \g /dev/null
SELECT t.join_all('m1', 'x'),                                                          -- only the one
       t.join_all('m2', 'y', 'x', 'a', 'b'),                                           -- both: one place is free
       t.join_all('m3', 'a', 'b', 'x', 'y'),                                           -- both wait: the earlier place
       t.join_all('m4', 'x', 'a', 'y'),                                                -- in, and waiting
       t.join_all('m5', 'y', 'a', 'x'),
       t.join_all('m6', 'a', 'b', 'x', 'c'),
       t.join_all('m7', 'x', 'y'), t.join_all('m8', 'x', 'y'), t.join_all('m9', 'y', 'x') \g /dev/null
SELECT t.leave('m8', 'x', true), t.leave('m9', 'y', true) \g /dev/null
SELECT t.set('m1', '{no_show}', 'x'), t.set('m2', '{attended}', 'x'), t.set('m2', '{attended}', 'y'), t.set('m7', '{no_show,no_show}', 'x', 'y'), t.set('m9', '{attended}', 'x') \g /dev/null
INSERT INTO tasks (activity_id, creator_user_id, assignee_user_id, title) VALUES (t.a('m1'), t.id('org'), t.id('x'), 'x');
INSERT INTO attendance_confirmations (activity_id, confirmer_user_id, confirmed_user_id)
VALUES (t.a('m2'), t.id('a'), t.id('x')), (t.a('m7'), t.id('a'), t.id('x')), (t.a('m7'), t.id('a'), t.id('y')), (t.a('m9'), t.id('y'), t.id('x'));
UPDATE users SET verification_count = CASE user_id WHEN t.id('x') THEN 3 ELSE 1 END WHERE user_id IN (t.id('x'), t.id('y'));
CREATE TABLE t.first AS SELECT min(attended_at) FROM participants WHERE activity_id = t.a('m2');
SELECT is(move_participation(t.id('x'), t.id('y')), 9, 'all that x was in');
SELECT is((SELECT array_agg(t.rows('m' || k) ORDER BY k) FROM generate_series(1, 9) k),
          '{"y | ","y a | b","a b | y","y a | ","y a | ","a b | y c","y | ","y | ","y | "}', 'is y''s now, the better of two stays, the next in line comes in');
SELECT is((SELECT count(*) FROM participants WHERE user_id = t.id('x')) + (SELECT count(*) FROM waitlist_entries WHERE user_id = t.id('x')), 0::bigint, 'x is in nothing');
SELECT is((SELECT attended_at FROM participants WHERE activity_id = t.a('m2') AND user_id = t.id('y')), (SELECT min FROM t.first), 'the earlier attendance stays');
SELECT is(t.no_shows('x', 'y'), '{0,2}', 'no-shows: one that was counted twice is one'), is((SELECT array_agg(verification_count ORDER BY username) FROM users WHERE username IN ('x', 'y')), '{2,2}', 'confirmations, but for what y has or gave');
SELECT is((SELECT t.name(assignee_user_id) FROM tasks WHERE activity_id = t.a('m1')), 'y', 'tasks');
SELECT t.sound();

-- ---- a guest is forgotten ----

INSERT INTO users (user_id, handle, name, is_guest) VALUES (t.id('guest'), 'guest', 'Guest', true);
SELECT t.make('g1', 'org', '{"max_participants": 1}'), t.make('g2', 'org', '{"max_participants": 1}'), t.make('g3', 'org'), t.make('g4', 'org') \g /dev/null
SELECT t.join_all('g1', 'guest', 'a'), t.join_all('g2', 'a', 'guest', 'b'), t.join_all('g3', 'guest') \g /dev/null
SELECT t.leave('g3', 'guest', true), invite(t.a('g4'), t.id('guest'), t.id('org'), NULL, NULL, clock_timestamp()) \g /dev/null
INSERT INTO tasks (activity_id, creator_user_id, assignee_user_id, title) VALUES (t.a('g1'), t.id('org'), t.id('guest'), 'x');
SELECT is(forget_guest(t.id('guest')), true, 'forgotten'), is(forget_guest(t.id('guest')), false, 'once'), is(forget_guest(t.id('a')), false, 'guests only');
SELECT is(ARRAY[t.rows('g1'), t.rows('g2')], '{"a | ","a | b"}', 'each place goes on');
SELECT is((SELECT ARRAY[handle, name, is_active::text] FROM users WHERE user_id = t.id('guest')), ARRAY[NULL, NULL, 'false'], 'an empty row is left');
SELECT is((SELECT count(*) FROM participants WHERE user_id = t.id('guest')) + (SELECT count(*) FROM activity_invitations WHERE user_id = t.id('guest')) + (SELECT count(*) FROM tasks WHERE assignee_user_id = t.id('guest')), 0::bigint, 'that is in nothing');
SELECT is(x.taken, NULL, 'the handle is free') FROM sign_up('{"handle": "guest", "name": "Another", "is_guest": true}') x;
SELECT t.sound();
SELECT * FROM finish();
ROLLBACK;
