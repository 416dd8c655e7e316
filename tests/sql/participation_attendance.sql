-- Co-organizers, attendance, confirmations.
BEGIN;
SELECT plan(65);
\ir lib/participation.sql

SELECT t.person('mira'), t.person('jo'), t.person('ann'), t.person('bob'), t.person('cy'), t.person('dee') \g /dev/null
SELECT t.activity('ride', 'mira', '{"max_participants": 4}'), t.activity('draft', 'mira', '{"status": "draft"}'), t.activity('ahead', 'mira'),
       t.activity('off', 'mira'), t.activity('hosted', 'mira', '{"organizer_participates": false}') \g /dev/null
SELECT t.join('ride', 'jo', 'ann', 'bob', 'cy'), t.join('hosted', 'jo', 'ann'), t.join('ahead', 'jo', 'ann') \g /dev/null

-- ---- promote, demote

SELECT t.refused($$sp_promote_participant(t.a('draft'), t.id('jo'), t.id('ann'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_promote_participant(t.a('ride'), t.id('jo'), t.id('ann'))$$, 403, 'NOT_ORGANIZER', 'Only organizer can promote participants');
SELECT t.refused($$sp_promote_participant(t.a('ride'), t.id('mira'), t.id('cy'))$$, 400, 'TARGET_NOT_MEMBER', 'User is not a member participant');
SELECT t.refused($$sp_promote_participant(t.a('ride'), t.id('mira'), t.id('dee'))$$, 400, 'TARGET_NOT_MEMBER', 'User is not a member participant');
SELECT t.refused($$sp_promote_participant(t.a('ride'), t.id('mira'), t.id('nobody'))$$, 400, 'TARGET_NOT_MEMBER', 'User is not a member participant');
SELECT t.refused($$sp_promote_participant(t.a('ride'), t.id('mira'), t.id('mira'))$$, 400, 'TARGET_NOT_MEMBER', 'User is not a member participant');
SELECT t.refused($$sp_promote_participant(t.a('hosted'), t.id('mira'), t.id('mira'))$$, 400, 'TARGET_NOT_MEMBER', 'User is not a member participant');
SELECT t.good(sp_cancel_participation(t.a('ahead'), t.id('ann'), NULL)) \g /dev/null
SELECT t.refused($$sp_promote_participant(t.a('ahead'), t.id('mira'), t.id('ann'))$$, 400, 'TARGET_NOT_MEMBER', 'User is not a member participant');
SELECT is(x - 'promoted_at', jsonb_build_object('activity_id', t.a('ride'), 'user_id', t.id('jo'), 'role', 'co_organizer',
                                                'message', 'User promoted to co-organizer successfully'), 'promoted')
     , ok(t.is_time(x ->> 'promoted_at'), 'with a time')
  FROM t.good(sp_promote_participant(t.a('ride'), t.id('mira'), t.id('jo'))) x;
SELECT t.refused($$sp_promote_participant(t.a('ride'), t.id('mira'), t.id('jo'))$$, 400, 'ALREADY_CO_ORGANIZER', 'User is already a co-organizer');
SELECT t.refused($$sp_promote_participant(t.a('ride'), t.id('jo'), t.id('ann'))$$, 403, 'NOT_ORGANIZER', 'Only organizer can promote participants');

SELECT t.refused($$sp_demote_participant(t.a('draft'), t.id('jo'), t.id('ann'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_demote_participant(t.a('ride'), t.id('jo'), t.id('jo'))$$, 403, 'NOT_ORGANIZER', 'Only organizer can demote participants');
SELECT t.refused($$sp_demote_participant(t.a('ride'), t.id('mira'), t.id('ann'))$$, 400, 'NOT_CO_ORGANIZER', 'User is not a co-organizer');
SELECT t.refused($$sp_demote_participant(t.a('ride'), t.id('mira'), t.id('mira'))$$, 400, 'NOT_CO_ORGANIZER', 'User is not a co-organizer');
SELECT is(x - 'demoted_at', jsonb_build_object('activity_id', t.a('ride'), 'user_id', t.id('jo'), 'role', 'member',
                                               'message', 'User demoted to member successfully'), 'demoted')
     , ok(t.is_time(x ->> 'demoted_at'), 'with a time')
  FROM t.good(sp_demote_participant(t.a('ride'), t.id('mira'), t.id('jo'))) x;
SELECT t.refused($$sp_get_waitlist(t.a('ride'), t.id('jo'), 50, 0)$$, 403, 'NOT_AUTHORIZED', 'Only organizer or co-organizer can view waitlist');
SELECT t.good(sp_promote_participant(t.a('ride'), t.id('mira'), t.id('jo'))) \g /dev/null
SELECT is(x ->> 'total_count', '1', 'a co-organizer is staff') FROM t.good(sp_get_waitlist(t.a('ride'), t.id('jo'), 50, 0)) x;

-- ---- mark

CREATE FUNCTION t.marks(VARIADIC p_pairs text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_agg(jsonb_build_object('user_id', t.id(split_part(p, ' ', 1)), 'status', split_part(p, ' ', 2)) ORDER BY n)
      FROM unnest(p_pairs) WITH ORDINALITY u (p, n)
$$;
UPDATE activities SET status = 'cancelled', cancelled_at = now() WHERE activity_id = t.a('off');
SELECT t.refused($$sp_mark_attendance(t.a('draft'), t.id('jo'), t.marks('jo attended'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_mark_attendance(t.a('ride'), t.id('ann'), t.marks('jo attended', 'jo attended'))$$, 403, 'NOT_AUTHORIZED',
                 'Only organizer or co-organizer can mark attendance');
SELECT t.refused($$sp_mark_attendance(t.a('draft'), t.id('mira'), t.marks('jo attended'))$$, 400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
SELECT t.refused($$sp_mark_attendance(t.a('off'), t.id('mira'), t.marks('jo attended'))$$, 400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
SELECT t.refused($$sp_mark_attendance(t.a('ride'), t.id('mira'), t.marks('jo attended', 'jo attended'))$$, 400, 'ACTIVITY_NOT_COMPLETED',
                 'Activity has not yet completed');
SELECT t.begin('ride'), t.begin('hosted') \g /dev/null
SELECT t.refused($$sp_mark_attendance(t.a('ride'), t.id('mira'), t.marks('jo attended', 'ann attended', 'jo no_show'))$$, 400, 'DUPLICATE_USER',
                 'Duplicate user_id in attendances');
SELECT is(t.members(x), 'activity_id attendances failed_updates message updated_count', 'what marking says')
     , is(t.members(x -> 'attendances' -> 0), 'attendance_status updated_at user_id', 'a mark')
     , is(jsonb_path_query_array(x, '$.attendances[*].user_id'), jsonb_build_array(t.id('bob'), t.id('mira'), t.id('jo')), 'in the order of the request')
     , is(jsonb_path_query_array(x, '$.attendances[*].attendance_status'), '["no_show", "attended", "attended"]', 'what holds')
     , is(x -> 'failed_updates', jsonb_build_array(jsonb_build_object('user_id', t.id('cy'), 'reason', 'Not a registered participant'),
                                                   jsonb_build_object('user_id', t.id('nobody'), 'reason', 'Not a registered participant')), 'what does not')
     , is((x ->> 'updated_count', x ->> 'message')::text, '(3,"Attendance updated successfully")', 'how many')
     , ok(t.is_time(x #>> '{attendances,0,updated_at}'), 'and when')
  FROM t.good(sp_mark_attendance(t.a('ride'), t.id('jo'), t.marks('cy attended', 'bob no_show', 'nobody no_show', 'mira attended', 'jo attended'))) x;
SELECT is(no_show_count, 1, 'a no-show is counted') FROM users WHERE user_id = t.id('bob');
SELECT t.good(sp_mark_attendance(t.a('ride'), t.id('jo'), t.marks('bob no_show'))) \g /dev/null
SELECT is(no_show_count, 1, 'once') FROM users WHERE user_id = t.id('bob');
SELECT t.good(sp_mark_attendance(t.a('ride'), t.id('jo'), t.marks('bob attended'))) \g /dev/null
SELECT is(no_show_count, 0, 'and taken back') FROM users WHERE user_id = t.id('bob');
SELECT is(x ->> 'updated_count', '0', 'who only hosts has no place') FROM t.good(sp_mark_attendance(t.a('hosted'), t.id('mira'), t.marks('mira attended'))) x;

-- ---- confirm

SELECT t.refused($$sp_confirm_attendance(gen_random_uuid(), t.id('jo'), t.id('jo'))$$, 400, 'SELF_CONFIRMATION', 'Cannot confirm your own attendance');
SELECT t.refused($$sp_confirm_attendance(gen_random_uuid(), t.id('jo'), t.id('mira'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_confirm_attendance(t.a('draft'), t.id('mira'), t.id('jo'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_confirm_attendance(t.a('draft'), t.id('jo'), t.id('mira'))$$, 400, 'ACTIVITY_NOT_COMPLETED', 'Activity has not yet completed');
SELECT t.refused($$sp_confirm_attendance(t.a('ahead'), t.id('jo'), t.id('mira'))$$, 400, 'ACTIVITY_NOT_COMPLETED', 'Activity has not yet completed');
SELECT t.refused($$sp_confirm_attendance(t.a('off'), t.id('jo'), t.id('mira'))$$, 400, 'ACTIVITY_NOT_COMPLETED', 'Activity has not yet completed');
SELECT t.refused($$sp_confirm_attendance(t.a('ride'), t.id('cy'), t.id('ann'))$$, 400, 'CONFIRMER_NOT_ATTENDED',
                 'You must have attended status to confirm others');
SELECT t.refused($$sp_confirm_attendance(t.a('ride'), t.id('ann'), t.id('dee'))$$, 400, 'CONFIRMER_NOT_ATTENDED',
                 'You must have attended status to confirm others');
SELECT t.refused($$sp_confirm_attendance(t.a('ride'), t.id('ann'), t.id('jo'))$$, 400, 'CONFIRMED_NOT_ATTENDED', 'User does not have attended status');
SELECT t.refused($$sp_confirm_attendance(t.a('ride'), t.id('nobody'), t.id('jo'))$$, 400, 'CONFIRMED_NOT_ATTENDED', 'User does not have attended status');
SELECT is(x - '{confirmation_id,created_at}'::text[],
          jsonb_build_object('activity_id', t.a('ride'), 'confirmed_user_id', t.id('bob'), 'confirmer_user_id', t.id('jo'), 'verification_count_updated', 1,
                             'message', 'Attendance confirmed successfully'), 'confirmed')
     , ok(t.is_time(x ->> 'created_at') AND (x ->> 'confirmation_id')::uuid IS NOT NULL, 'with an id and a time')
  FROM t.good(sp_confirm_attendance(t.a('ride'), t.id('bob'), t.id('jo'))) x;
SELECT t.refused($$sp_confirm_attendance(t.a('ride'), t.id('bob'), t.id('jo'))$$, 400, 'ALREADY_CONFIRMED',
                 'You already confirmed this user for this activity');
SELECT is(x ->> 'verification_count_updated', '2', 'another''s word counts too') FROM t.good(sp_confirm_attendance(t.a('ride'), t.id('bob'), t.id('mira'))) x;

-- ---- pending

SELECT is(t.members(x), 'pending_verifications total_count', 'what is pending')
     , is(t.members(x -> 'pending_verifications' -> 0), 'activity_id participants_to_confirm scheduled_at title', 'an activity')
     , is(t.members(x #> '{pending_verifications,0,participants_to_confirm,0}'), 'first_name profile_photo_url user_id username', 'a person')
     , is(jsonb_path_query_array(x, '$.pending_verifications[*].participants_to_confirm[*].username'), '["mira"]', 'whom one has not confirmed yet')
     , is(x ->> 'total_count', '1', 'activities are counted')
  FROM t.good(sp_get_pending_verifications(t.id('jo'), 20, 0)) x;
SELECT is(jsonb_path_query_array(x, '$.pending_verifications[*].participants_to_confirm[*].username'), '["mira", "jo"]', 'by joined_at')
  FROM t.good(sp_get_pending_verifications(t.id('bob'), 20, 0)) x;
SELECT is(x, '{"total_count": 0, "pending_verifications": []}', 'nothing for who was not there') FROM t.good(sp_get_pending_verifications(t.id('ann'), 20, 0)) x;
SELECT is(x, '{"total_count": 1, "pending_verifications": []}', 'an offset past the end') FROM t.good(sp_get_pending_verifications(t.id('bob'), 20, 5)) x;
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('mira'), t.id('jo'));
SELECT is(x ->> 'total_count', '0', 'a blocked pair is left out') FROM t.good(sp_get_pending_verifications(t.id('jo'), 20, 0)) x;
UPDATE activities SET activity_type = 'xxl' WHERE activity_id = t.a('ride');
SELECT is(x ->> 'total_count', '1', 'but in xxl') FROM t.good(sp_get_pending_verifications(t.id('jo'), 20, 0)) x;
SELECT t.good(sp_mark_attendance(t.a('hosted'), t.id('mira'), t.marks('jo attended', 'ann attended'))) \g /dev/null
SELECT t.begin('hosted', '5 minutes') \g /dev/null
SELECT is(jsonb_path_query_array(x, '$.pending_verifications[*].title'), '["hosted", "ride"]', 'the latest first')
  FROM t.good(sp_get_pending_verifications(t.id('jo'), 20, 0)) x;
SELECT is(jsonb_path_query_array(x, '$.pending_verifications[*].title'), '["ride"]', 'a second page')
  FROM t.good(sp_get_pending_verifications(t.id('jo'), 1, 1)) x;
SELECT t.good(delete_activity(t.a('ride'), t.id('mira'))) \g /dev/null
SELECT is(verification_count, 2, 'confirmations outlive the activity') FROM users WHERE user_id = t.id('bob');

SELECT is_empty('SELECT * FROM activity.broken()', 'nothing is broken');
SELECT * FROM finish();
ROLLBACK;
