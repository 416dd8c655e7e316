-- The attendance API's events and marks: what is refused changes nothing, what is done keeps every counter, and the other APIs' rows are seen as the contract says.
BEGIN;
SELECT no_plan();
\ir lib/attendance.sql

SELECT t.person('mira', 'jo', 'ann', 'bob', 'cy', 'dee') \g /dev/null
SELECT t.event('runs', 'mira'), t.event('ahead', 'mira', '90 seconds', '2 hours'), t.event('over', 'mira', '-2 hours', '-1 hour'),
       t.event('small', 'mira', '-1 hour', '1 hour', 1), t.event('off', 'mira') \g /dev/null
SELECT t.good(sp_cancel_event(t.id('mira'), t.e('off')), 204) \g /dev/null

-- ---- refusals, in their order

SELECT t.refused($$t.attend('ahead', 'jo')$$, '400 Event hasn''t started yet. Starts in 2 minutes');
SELECT t.refused($$t.attend('over', 'jo')$$, '400 Event has already ended');
SELECT t.refused($$t.attend('off', 'jo')$$, '404 Event not found or inactive');
SELECT t.refused($$sp_attend(t.id('jo'), 'free', 999999999)$$, '404 Event not found or inactive');
SELECT t.refused($$sp_update_event(t.id('jo'), t.e('runs'), '{"title": "x"}')$$, '403 Not authorized to update this event');
SELECT t.refused($$sp_update_event(t.id('mira'), t.e('runs'), '{}')$$, '200');
SELECT t.refused($$sp_update_event(t.id('mira'), t.e('runs'), '{"title": "runs", "capacity": null, "is_active": true}')$$, '200');
SELECT t.refused($$sp_cancel_event(t.id('mira'), t.e('off'))$$, '204');
SELECT t.refused($$sp_add_attendee(t.id('jo'), t.e('runs'), t.n('ann'))$$, '403 Not authorized to manage attendance of this event');
SELECT t.refused($$sp_add_attendee(t.id('mira'), t.e('off'), t.n('ann'))$$, '404 Event not found or inactive');
SELECT t.refused($$sp_add_attendee(t.id('mira'), t.e('runs'), 999999999)$$, '404 User not found');
SELECT t.refused($$sp_add_attendee(t.id('mira'), t.e('ahead'), t.n('ann'))$$, '400 Event hasn''t started yet. Starts in 2 minutes');
SELECT t.refused($$sp_remove_attendee(t.id('mira'), t.e('runs'), t.n('ann'))$$, '404 Attendance not found');
SELECT t.refused($$sp_remove_attendee(t.id('jo'), t.e('runs'), t.n('ann'))$$, '403 Not authorized to manage attendance of this event');
SELECT t.refused($$sp_remove_attendee(t.id('jo'), 999999999, t.n('ann'))$$, '404 Event not found');

-- ---- marks

SELECT is(t.said(t.attend('small', 'jo')), '200 Attendance marked successfully', 'a place is free');
SELECT is(t.counts('small'), ARRAY[1, 0, 1], 'who walks in takes a place');
SELECT is((SELECT ARRAY[walk_in::text, attended_via::text, role::text] FROM participants WHERE activity_id = t.a('small') AND user_id = t.id('jo')),
          ARRAY['true', 'web', 'member'], 'and has walked in');
SELECT t.refused($$t.attend('small', 'jo')$$, '400 Already marked as attended');
SELECT t.refused($$t.attend('small', 'ann')$$, '400 Event is full');
SELECT is(t.said(sp_update_event(t.id('mira'), t.e('small'), '{"capacity": 2}')), '200', 'room for another');
SELECT is(t.said(t.attend('small', 'ann')), '200 Attendance marked successfully', 'who comes in');
SELECT t.refused($$sp_update_event(t.id('mira'), t.e('small'), '{"capacity": 1}')$$, '400 Capacity is below the number of participants');
SELECT ok(a.attended_at > j.attended_at, 'times are in the order of decision')
  FROM participants a, participants j
 WHERE a.activity_id = t.a('small') AND j.activity_id = t.a('small') AND a.user_id = t.id('ann') AND j.user_id = t.id('jo');
SELECT is(t.said(sp_remove_attendee(t.id('ann'), t.e('small'), t.n('ann'))), '204', 'who walked in goes');
SELECT is(t.counts('small'), ARRAY[1, 0, 1], 'and frees the place');

-- The creator, after the end too.
SELECT is(t.said(sp_add_attendee(t.id('mira'), t.e('over'), t.n('bob'))), '200 Attendance marked successfully', 'noted afterwards');
SELECT is((SELECT attended_via::text FROM participants WHERE activity_id = t.a('over')), 'organizer', 'by the organizer');
SELECT t.refused($$sp_remove_attendee(t.id('bob'), t.e('over'), t.n('bob'))$$, '400 Event has already ended');
SELECT is((t.good(sp_attendees(t.id('mira'), t.e('over'), 0, 10)) -> 0 ->> 'email'), NULL, 'an address is for who marked themselves');
SELECT is((t.good(sp_attendees(t.id('mira'), t.e('small'), 0, 10)) -> 0 ->> 'email'), 'jo@example.org', 'whose it then is told to the creator');
SELECT is((t.good(sp_attendees(t.id('ann'), t.e('small'), 0, 10)) -> 0 ->> 'email'), NULL, 'and to nobody else');

-- ---- what other APIs have made

SELECT t.foreign_event('lined', 'mira', '{"max_participants": 1, "waitlist_enabled": true, "duration_minutes": 120}'),
       t.foreign_event('open end', 'mira', '{}'), t.foreign_event('draft', 'mira', '{"status": "draft"}'),
       t.foreign_event('done', 'mira', '{"status": "completed", "duration_minutes": 600}'), t.foreign_event('friends', 'mira', '{"activity_privacy_level": "friends_only"}'),
       t.foreign_event('early', 'mira', jsonb_build_object('joinable_at_free', clock_timestamp() + interval '1 hour')),
       t.foreign_event('nobody', 'mira', '{"organizer_user_id": null, "duration_minutes": 120}') \g /dev/null
SELECT is(t.join('lined', 'jo'), 'registered', 'jo has a place'), is(t.join('lined', 'ann'), 'waitlisted', 'ann waits');
SELECT t.refused($$t.attend('lined', 'ann')$$, '400 You are on the waitlist of this event');
SELECT t.refused($$t.attend('lined', 'bob')$$, '400 Event is full');
SELECT is(t.said(t.attend('lined', 'jo')), '200 Attendance marked successfully', 'a participant comes');
SELECT is(t.counts('lined'), ARRAY[1, 1, 1], 'and takes no second place');
SELECT is(t.said(sp_remove_attendee(t.id('mira'), t.e('lined'), t.n('jo'))), '204', 'their mark is taken back');
SELECT is(t.counts('lined'), ARRAY[1, 1, 0], 'and they keep their place');
SELECT is(t.said(sp_update_event(t.id('mira'), t.e('lined'), '{"capacity": 3}')), '200', 'more room');
SELECT is(t.counts('lined'), ARRAY[1, 1, 0], 'promotes nobody once it has begun, by the platform''s rule');
SELECT t.foreign_event('to come', 'mira', jsonb_build_object('max_participants', 1, 'waitlist_enabled', true, 'scheduled_at', clock_timestamp() + interval '1 hour')) \g /dev/null
SELECT is(t.join('to come', 'jo') || ' ' || t.join('to come', 'ann'), 'registered waitlisted', 'one in, one waiting');
SELECT is(t.said(sp_update_event(t.id('mira'), t.e('to come'), '{"capacity": null}')), '200', 'no limit any more');
SELECT is(t.counts('to come'), ARRAY[2, 0, 0], 'promotes who waits');

SELECT is(x ->> 'end_time', wire_time(a.scheduled_at + interval '24 hours'), 'without an end it is a day')
  FROM t.good(sp_get_event(t.id('jo'), t.e('open end'))) x, activities a WHERE a.number = t.e('open end');
SELECT is((SELECT x ->> 'end_time' FROM t.good(sp_get_event(t.id('jo'), t.e('lined'))) x),
          (SELECT wire_time(scheduled_at + interval '120 minutes') FROM activities WHERE number = t.e('lined')), 'or its duration');
SELECT is(t.said(sp_get_event(t.id('jo'), t.e('draft'))), '404 Event not found', 'a draft is nobody''s');
SELECT is(x ->> 'is_active', 'false', 'but its staff''s') FROM t.good(sp_get_event(t.id('mira'), t.e('draft'))) x;
SELECT is(x ->> 'status', 'ended', 'what is completed has ended'), is(x ->> 'can_attend', 'false', 'whatever the clock says')
  FROM t.good(sp_event_status(t.id('jo'), t.e('done'))) x;
SELECT t.refused($$t.attend('done', 'jo')$$, '400 Event has already ended');
SELECT is(x ->> 'is_active', 'true', 'and is active') FROM t.good(sp_get_event(t.id('jo'), t.e('done'))) x;
SELECT is(t.said(sp_update_event(t.id('mira'), t.e('done'), '{"is_active": true}')), '200', 'which it is already');
SELECT is((SELECT status::text FROM activities WHERE number = t.e('done')), 'completed', 'so it stays completed');
SELECT t.refused($$t.attend('friends', 'jo')$$, '404 Event not found or inactive');
SELECT t.refused($$t.attend('early', 'jo')$$, '403 Not allowed to attend this event');
SELECT is(t.said(sp_attend(t.id('jo'), 'premium', t.e('early'))), '200 Attendance marked successfully', 'the priority period of free members');
SELECT is(x ->> 'user_id', NULL, 'without an account nobody is the creator') FROM t.good(sp_get_event(t.id('jo'), t.e('nobody'))) x;
SELECT t.refused($$sp_update_event(t.id('jo'), t.e('nobody'), '{"title": "mine"}')$$, '403 Not authorized to update this event');

-- A new start keeps the end, whatever it came from.
CREATE TABLE t.ended AS SELECT over_at FROM activities WHERE number = t.e('open end');
SELECT is(t.said(sp_update_event(t.id('mira'), t.e('open end'), jsonb_build_object('start_time', wire_time(clock_timestamp() - interval '2 hours')))), '200', 'moved');
SELECT is(a.ends_at, e.over_at, 'the end stays, and is written down') FROM activities a, t.ended e WHERE a.number = t.e('open end');
SELECT is(x ->> 'end_time', wire_time(a.ends_at), 'and shown') FROM t.good(sp_get_event(t.id('jo'), t.e('open end'))) x, activities a WHERE a.number = t.e('open end');

-- Blocks.
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('mira'), t.id('cy'));
SELECT t.refused($$t.attend('runs', 'cy')$$, '404 Event not found or inactive');
SELECT t.good(t.attend('runs', 'jo')), t.good(t.attend('runs', 'dee')) \g /dev/null
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('jo'), t.id('dee'));
SELECT is(jsonb_array_length(t.good(sp_attendees(t.id('dee'), t.e('runs'), 0, 10))), 1, 'people in a blocked pair are left out');
SELECT is((sp_attendees(t.id('dee'), t.e('runs'), 0, 10)).headers::jsonb ->> 'X-Total-Count', '1', 'and not counted');

-- ---- lists count what they do not show

SELECT is((sp_list_events(t.id('ann'), 0, 1, false, NULL, 'RUNS', NULL, false)).headers::jsonb ->> 'X-Total-Count', '1', 'found by a piece of its title, whatever the case');
SELECT is((sp_list_events(t.id('ann'), 0, 1, false, NULL, 'r_ns', NULL, false)).headers::jsonb ->> 'X-Total-Count', '0', 'an underscore is one');
SELECT is((sp_list_events(t.id('mira'), 0, 1, true, NULL, NULL, NULL, true)).headers::jsonb ->> 'X-Total-Count',
          (SELECT count(*)::text FROM activities WHERE organizer_user_id = t.id('mira') AND status IN ('published', 'completed')), 'one''s own, active ones');
SELECT is((sp_list_events(t.id('jo'), 0, 100, false, 'ended', NULL, NULL, false)).headers::jsonb ->> 'X-Total-Count', '2', 'those that have ended');

SELECT is_empty('SELECT * FROM activity.broken()', 'nothing is broken');
SELECT * FROM finish();
ROLLBACK;
