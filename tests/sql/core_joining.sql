-- admit, settle, leave, rank_of: places, the line and its order, and what hangs on taking part.
BEGIN;
SELECT plan(62);
\ir lib/core.sql
SELECT t.person('org', 'a', 'b', 'c', 'd', 'e', 'f') \g /dev/null

-- ---- places and the line ----

SELECT t.make('ride', 'org', '{"max_participants": 2}') \g /dev/null
SELECT t.told() \g /dev/null
SELECT is(t.join('ride', 'a'), 'registered', 'the first gets a place');
SELECT is(t.join('ride', 'b'), 'registered', 'and the second');
SELECT is(t.join('ride', 'c'), 'waitlisted 1', 'the third waits');
SELECT is(t.join('ride', 'd'), 'waitlisted 2', 'behind them the fourth');
SELECT is(t.join('ride', 'e', false), 'full', 'who may not wait gets nothing');
SELECT is(t.rows('ride'), 'a b | c d', 'rows as told');
SELECT is(t.counts('ride'), ARRAY[2, 2, 0], 'counters as rows');
SELECT is(t.told(), 'joined 1, joined 2, waiting 1, waiting 2', 'each is told with the count it left');
SELECT is(rank_of(t.a('ride'), t.id('d')), 2, 'rank in line');
SELECT is(rank_of(t.a('ride'), t.id('a')), NULL, 'who is in has no rank');
SELECT ok((SELECT array_agg(t.name(user_id) ORDER BY registered_at) = ARRAY['a', 'b', 'c', 'd']
             FROM (SELECT user_id, registered_at FROM participants WHERE activity_id = t.a('ride')
                   UNION ALL SELECT user_id, registered_at FROM waitlist_entries WHERE activity_id = t.a('ride')) r),
          'registered_at is the order of decisions');

-- ---- leaving ----

SELECT is(x.was, 'waiting', 'c leaves the line'), is(x.promoted, '{}', 'which promotes nobody') FROM t.leave('ride', 'c') x;
SELECT is(rank_of(t.a('ride'), t.id('d')), 1, 'those behind move up');
SELECT is(t.told(), '', 'a place in line given up is nobody''s news');
SELECT t.join('ride', 'c') \g /dev/null
SELECT is(t.rows('ride'), 'a b | d c', 'who waits again stands at the end');
SELECT is(x.was, 'registered', 'a leaves'), is(t.names(x.promoted), 'd', 'the head of the line gets the place'),
       ok(x.promoted_at > x.at, 'a moment later'), is(x.current_participants_count, 2, 'the count is what it was')
  FROM t.leave('ride', 'a') x;
SELECT is(t.rows('ride'), 'b d | c', 'and nobody else');
SELECT is(t.told(), 'waiting 2, left 1, promoted 2', 'told in order');
SELECT ok(joined_at > registered_at, 'promotion keeps registered_at') FROM participants WHERE activity_id = t.a('ride') AND user_id = t.id('d');
SELECT is(x.was, NULL, 'who is not in leaves nothing') FROM t.leave('ride', 'a') x;
SELECT t.leave('ride', 'b', true) \g /dev/null
SELECT is(ARRAY[participation_status::text, role::text, cancel_reason], ARRAY['cancelled', 'member', 'ill'], 'cancelling keeps the row')
  FROM participants WHERE activity_id = t.a('ride') AND user_id = t.id('b');
SELECT is(t.rows('ride'), 'd c | ', 'and gives the place on');
SELECT is(x.was, NULL, 'a cancelled row is no participation') FROM t.leave('ride', 'b') x;
SELECT is((t.standing('ride', 'b')).participation, 'cancelled', 'standing knows the cancelled row');
SELECT is(t.join('ride', 'b'), 'waitlisted 1', 'who cancelled may wait again');
SELECT is((SELECT participation_status FROM participants WHERE activity_id = t.a('ride') AND user_id = t.id('b')), 'cancelled', 'the row stays cancelled meanwhile');
SELECT t.leave('ride', 'd') \g /dev/null
SELECT is(t.rows('ride'), 'c b | ', 'and is registered again by promotion');
SELECT is((SELECT ARRAY[left_at::text, cancel_reason] FROM participants WHERE activity_id = t.a('ride') AND user_id = t.id('b')), ARRAY[NULL, NULL]::text[], 'as a clean row');
SELECT is(t.counts('ride'), ARRAY[2, 0, 0], 'counters as rows');

-- ---- nobody overtakes, nobody waits in vain ----

SELECT t.join_all('ride', 'd', 'e', 'f') \g /dev/null
SELECT is(promoted, ARRAY[t.id('d'), t.id('e')], 'two more places promote two, in order') FROM edit_activity(t.a('ride'), '{"max_participants": 4}', t.id('org'));
SELECT is(t.rows('ride'), 'c b d e | f', 'rows as told');
SELECT is(outcome, 'capacity-too-low', 'no capacity below the places held') FROM edit_activity(t.a('ride'), '{"max_participants": 3}', t.id('org'));
SELECT is(promoted, ARRAY[t.id('f')], 'no limit, nobody waits') FROM edit_activity(t.a('ride'), '{"max_participants": null}', t.id('org'));

SELECT t.make('past', 'org', '{"max_participants": 1}'), t.join_all('past', 'a', 'b', 'c'), t.started('past') \g /dev/null
SELECT is(x.promoted, '{}', 'what has begun promotes nobody') FROM t.leave('past', 'a') x;
SELECT is(t.join('past', 'd', false), 'full', 'and a newcomer does not pass those who wait, though a place is free');
SELECT is(t.rows('past'), ' | b c', 'rows as told');
UPDATE activities SET clockless = true WHERE activity_id = t.a('past');
SELECT is(settle(t.a('past')), ARRAY[t.id('b')], 'without a clock it is open');

SELECT t.make('off', 'org', '{"max_participants": 1}'), t.join_all('off', 'a', 'b') \g /dev/null
SELECT edit_activity(t.a('off'), '{"status": "cancelled"}', t.id('org')) \g /dev/null
SELECT is(x.promoted, '{}', 'a cancelled activity promotes nobody') FROM t.leave('off', 'a') x;
SELECT is(promoted, ARRAY[t.id('b')], 'opening it again does') FROM edit_activity(t.a('off'), '{"status": "published"}', t.id('org'));

SELECT t.make('closed', 'org', '{"max_participants": 1, "waitlist_enabled": false}') \g /dev/null
SELECT is(t.join('closed', 'a'), 'registered', 'without a waitlist there are places'), is(t.join('closed', 'b'), 'full', 'and no line');
SELECT edit_activity(t.a('closed'), '{"waitlist_enabled": true}', t.id('org')), t.join('closed', 'b'), edit_activity(t.a('closed'), '{"waitlist_enabled": false}', t.id('org')) \g /dev/null
SELECT is(t.names(x.promoted), 'b', 'those who wait already are still promoted') FROM t.leave('closed', 'a') x;

-- ---- the organizer ----

SELECT t.make('own', 'org', '{"max_participants": 2}', true) \g /dev/null
SELECT is(t.counts('own'), ARRAY[1, 0, 0], 'an organizer who takes part takes a place');
SELECT ok((t.standing('own', 'org')).organizer AND (t.standing('own', 'org')).role = 'organizer', 'in their role');
SELECT t.make('hosted', 'org', '{"max_participants": 1}'), t.join_all('hosted', 'a', 'org') \g /dev/null
SELECT is(t.rows('hosted'), 'a | org', 'one who hosts may wait like others');
SELECT t.leave('hosted', 'a') \g /dev/null
SELECT is((SELECT role FROM participants WHERE activity_id = t.a('hosted')), 'organizer', 'and is promoted to organizer');

-- ---- what hangs on taking part ----

SELECT t.make('chores', 'org'), t.join_all('chores', 'a', 'b') \g /dev/null
INSERT INTO tasks (activity_id, creator_user_id, assignee_user_id, title, status, completed_at)
VALUES (t.a('chores'), t.id('org'), t.id('a'), 'open', 'in_progress', NULL), (t.a('chores'), t.id('org'), t.id('a'), 'done', 'completed', now()),
       (t.a('chores'), t.id('org'), t.id('b'), 'other', 'pending', NULL), (t.a('chores'), t.id('org'), t.id('org'), 'mine', 'pending', NULL);
SELECT t.told(), t.leave('chores', 'a') \g /dev/null
SELECT results_eq($$SELECT title, t.name(assignee_user_id) FROM tasks WHERE activity_id = t.a('chores') ORDER BY task_id$$,
                  $$VALUES ('open', NULL), ('done', 'a'), ('other', 'b'), ('mine', 'org')$$, 'a leaver''s open tasks become nobody''s, and only these');
SELECT is(t.told(), 'task.updated, task.assigned, left 1', 'which is told');

SELECT t.make('secret', 'org', '{"activity_privacy_level": "invite_only", "max_participants": 1}') \g /dev/null
SELECT isnt(invite(t.a('secret'), t.id('a'), t.id('org'), 'come', NULL, clock_timestamp()), NULL, 'an invitation');
SELECT is(invite(t.a('secret'), t.id('a'), t.id('org'), 'come', NULL, clock_timestamp()), NULL, 'one is pending at most');
SELECT is((t.standing('secret', 'a')).refused_privacy, NULL, 'who is invited is not kept out'), is((t.standing('secret', 'b')).refused_privacy, 'invite_only', 'others are');
SELECT t.join('secret', 'a') \g /dev/null
SELECT results_eq($$SELECT status::text, responded_at IS NOT NULL FROM activity_invitations WHERE user_id = t.id('a')$$, $$VALUES ('accepted', true)$$, 'joining accepts it');
SELECT invite(t.a('secret'), t.id('b'), t.id('org'), NULL, clock_timestamp() - interval '1 second', clock_timestamp() - interval '1 hour') \g /dev/null
SELECT is((t.standing('secret', 'b')).invited, false, 'an expired one invites nobody');
SELECT isnt(invite(t.a('secret'), t.id('b'), t.id('org'), NULL, NULL, clock_timestamp()), NULL, 'and makes way for another');
SELECT is(t.join('secret', 'b'), 'waitlisted 1', 'who waits');
SELECT is((SELECT string_agg(status::text, ' ' ORDER BY invited_at) FROM activity_invitations WHERE user_id = t.id('b')), 'expired accepted', 'has accepted as well');

SELECT t.sound();
SELECT * FROM finish();
ROLLBACK;
