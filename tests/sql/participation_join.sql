-- Joining, leaving, cancelling, where one stands, who takes part, putting somebody out.
BEGIN;
SELECT plan(90);
\ir lib/participation.sql

SELECT t.person('mira'), t.person('jo'), t.person('ann', 'premium', 'female'), t.person('bob', 'free', 'male'), t.person('cy'), t.person('dee'),
       t.person('eve'), t.person('flo', 'club') \g /dev/null
SELECT t.activity('ride', 'mira', '{"max_participants": 3}'), t.activity('draft', 'mira', '{"status": "draft"}'), t.activity('past', 'mira'),
       t.activity('friends', 'mira', '{"privacy": "friends_only"}'), t.activity('invited', 'mira', '{"privacy": "invite_only"}'),
       t.activity('women', 'mira', '{"activity_type": "womens_only"}'), t.activity('men', 'mira', '{"activity_type": "mens_only"}'),
       t.activity('full', 'mira', '{"max_participants": 1, "waitlist_enabled": false}'), t.activity('xxl', 'mira', '{"activity_type": "xxl"}'),
       t.activity('hosted', 'mira', '{"organizer_participates": false, "max_participants": 1}'), t.activity('off', 'mira') \g /dev/null
SELECT t.activity('premium', 'mira', jsonb_build_object('joinable_at_free', to_char(now() + interval '6 days', 'YYYY-MM-DD"T"HH24:MI:SSOF') || ':00')) \g /dev/null

-- ---- join

SELECT is(x - 'joined_at', jsonb_build_object('activity_id', t.a('ride'), 'user_id', t.id('jo'), 'role', 'member', 'participation_status', 'registered',
                                              'waitlist_position', null, 'message', 'Successfully joined activity'), 'joined')
     , ok(t.is_time(x ->> 'joined_at'), 'joined_at is a time')
  FROM t.good(sp_join_activity(t.a('ride'), t.id('jo'), 'free')) x;
SELECT t.join('ride', 'ann') \g /dev/null
SELECT is(x - 'joined_at', jsonb_build_object('activity_id', t.a('ride'), 'user_id', t.id('bob'), 'role', null, 'participation_status', 'waitlisted',
                                              'waitlist_position', 1, 'message', 'Activity is full. You have been added to the waitlist at position 1.'),
          'waitlisted')
     , ok(t.is_time(x ->> 'joined_at'), 'joined_at of an entry is a time')
  FROM t.good(sp_join_activity(t.a('ride'), t.id('bob'), 'free')) x;
SELECT is(t.good(sp_join_activity(t.a('ride'), t.id('cy'), 'free')) ->> 'waitlist_position', '2', 'second in line');

SELECT t.begin('past') \g /dev/null
UPDATE activities SET status = 'cancelled', cancelled_at = now() WHERE activity_id = t.a('off');
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('eve'), t.id('mira'));

SELECT t.refused(format('sp_join_activity(%L, t.id(''jo''), ''free'')', gen_random_uuid()), 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_join_activity(t.a('draft'), t.id('jo'), 'free')$$, 400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
SELECT t.refused($$sp_join_activity(t.a('off'), t.id('mira'), 'free')$$, 400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
SELECT t.refused($$sp_join_activity(t.a('past'), t.id('mira'), 'free')$$, 400, 'ACTIVITY_IN_PAST', 'Cannot join past activities');
SELECT t.refused($$sp_join_activity(t.a('ride'), t.id('mira'), 'free')$$, 400, 'USER_IS_ORGANIZER', 'Organizer cannot join own activity');
SELECT t.refused($$sp_join_activity(t.a('hosted'), t.id('mira'), 'free')$$, 400, 'USER_IS_ORGANIZER', 'Organizer cannot join own activity');
SELECT t.refused($$sp_join_activity(t.a('ride'), t.id('jo'), 'free')$$, 400, 'ALREADY_JOINED', 'Already joined this activity');
SELECT t.refused($$sp_join_activity(t.a('ride'), t.id('bob'), 'free')$$, 400, 'ALREADY_JOINED', 'Already joined this activity');
SELECT t.refused($$sp_join_activity(t.a('friends'), t.id('eve'), 'free')$$, 403, 'BLOCKED_USER', 'Cannot join this activity');
SELECT t.refused($$sp_join_activity(t.a('friends'), t.id('jo'), 'free')$$, 403, 'FRIENDS_ONLY', 'Activity is friends only');
SELECT t.refused($$sp_join_activity(t.a('invited'), t.id('jo'), 'free')$$, 403, 'INVITE_ONLY', 'Activity is invite only');
SELECT t.refused($$sp_join_activity(t.a('women'), t.id('bob'), 'free')$$, 403, 'GENDER_RESTRICTED', 'Activity is for women only');
SELECT t.refused($$sp_join_activity(t.a('men'), t.id('ann'), 'free')$$, 403, 'GENDER_RESTRICTED', 'Activity is for men only');
SELECT t.refused($$sp_join_activity(t.a('premium'), t.id('jo'), 'free')$$, 403, 'PREMIUM_ONLY_PERIOD', 'Activity is currently only open to Premium members');
SELECT t.refused($$sp_join_activity(t.a('full'), t.id('jo'), 'free')$$, 400, 'ACTIVITY_FULL', 'Activity is full');
SELECT is(t.good(sp_join_activity(t.a('premium'), t.id('flo'), 'club')) ->> 'participation_status', 'registered', 'club passes the first period');
SELECT is(t.good(sp_join_activity(t.a('premium'), t.id('ann'), 'premium')) ->> 'participation_status', 'registered', 'premium passes the first period');
SELECT is(t.good(sp_join_activity(t.a('women'), t.id('ann'), 'free')) ->> 'participation_status', 'registered', 'women join what is for women');
SELECT is(t.good(sp_join_activity(t.a('women'), t.id('jo'), 'free')) ->> 'participation_status', 'registered', 'unknown gender passes');
SELECT is(t.good(sp_join_activity(t.a('xxl'), t.id('eve'), 'free')) ->> 'participation_status', 'registered', 'a block means nothing in xxl');
SELECT is(t.good(sp_join_activity(t.a('hosted'), t.id('jo'), 'free')) ->> 'participation_status', 'registered', 'who only hosts takes no place');
INSERT INTO friendships (user_id_1, user_id_2, status, initiated_by, accepted_at)
VALUES (least(t.id('mira'), t.id('jo')), greatest(t.id('mira'), t.id('jo')), 'accepted', t.id('jo'), now());
SELECT is(t.good(sp_join_activity(t.a('friends'), t.id('jo'), 'free')) ->> 'participation_status', 'registered', 'a friend joins what is for friends');
SELECT t.good(sp_send_invitations(t.a('invited'), t.id('mira'), jsonb_build_array(t.id('jo')), NULL, 1)) \g /dev/null
SELECT is(t.good(sp_join_activity(t.a('invited'), t.id('jo'), 'free')) ->> 'participation_status', 'registered', 'who is invited joins');
SELECT is(status, 'accepted', 'which accepts the invitation') FROM activity_invitations WHERE user_id = t.id('jo');

-- ---- where one stands

SELECT is(x - 'joined_at', jsonb_build_object('activity_id', t.a('ride'), 'user_id', t.id('jo'), 'role', 'member', 'participation_status', 'registered',
                                              'waitlist_position', null, 'attendance_status', 'registered'), 'stands: a place')
     , ok(t.is_time(x ->> 'joined_at'), 'and since when')
  FROM t.good(get_my_participation(t.a('ride'), t.id('jo'))) x;
SELECT is(x - 'joined_at', jsonb_build_object('activity_id', t.a('ride'), 'user_id', t.id('cy'), 'role', null, 'participation_status', 'waitlisted',
                                              'waitlist_position', 2, 'attendance_status', null), 'stands: in line')
     , ok(t.is_time(x ->> 'joined_at'), 'and since when')
  FROM t.good(get_my_participation(t.a('ride'), t.id('cy'))) x;
SELECT is(t.good(get_my_participation(t.a('ride'), t.id('dee'))),
          jsonb_build_object('activity_id', t.a('ride'), 'user_id', t.id('dee'), 'role', null, 'participation_status', null,
                             'waitlist_position', null, 'attendance_status', null, 'joined_at', null), 'stands: neither');
SELECT is(t.good(get_my_participation(t.a('hosted'), t.id('mira'))) ->> 'role', NULL, 'an organizer without a row stands nowhere');
SELECT t.refused($$get_my_participation(t.a('draft'), t.id('jo'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$get_my_participation(t.a('ride'), t.id('eve'))$$, 403, 'ACCESS_DENIED', 'Access denied');
SELECT is(t.good(get_my_participation(t.a('draft'), t.id('mira'))) ->> 'role', 'organizer', 'staff see a draft');

-- ---- leave

SELECT t.refused(format('sp_leave_activity(%L, t.id(''jo''))', gen_random_uuid()), 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_leave_activity(t.a('draft'), t.id('jo'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_leave_activity(t.a('past'), t.id('mira'))$$, 403, 'IS_ORGANIZER', 'Organizer cannot leave activity');
SELECT t.refused($$sp_leave_activity(t.a('past'), t.id('jo'))$$, 400, 'ACTIVITY_IN_PAST', 'Cannot leave past activities');
SELECT t.refused($$sp_leave_activity(t.a('ride'), t.id('dee'))$$, 400, 'NOT_PARTICIPANT', 'Not a participant of this activity');

SELECT is(x #- '{left_at}' #- '{waitlist_promoted,promoted_at}',
          jsonb_build_object('activity_id', t.a('ride'), 'user_id', t.id('ann'), 'waitlist_promoted', jsonb_build_object('user_id', t.id('bob')),
                             'message', 'Successfully left activity'), 'left; the first in line has the place')
     , ok(t.is_time(x ->> 'left_at') AND t.is_time(x #>> '{waitlist_promoted,promoted_at}'), 'with times')
  FROM t.good(sp_leave_activity(t.a('ride'), t.id('ann'))) x;
SELECT is(t.good(get_my_participation(t.a('ride'), t.id('bob'))) ->> 'role', 'member', 'the promoted one is member');
SELECT is(t.good(get_my_participation(t.a('ride'), t.id('cy'))) ->> 'waitlist_position', '1', 'those behind move up');
SELECT is(x -> 'waitlist_promoted', 'null', 'leaving the line promotes nobody') FROM t.good(sp_leave_activity(t.a('ride'), t.id('cy'))) x;
SELECT t.refused($$sp_leave_activity(t.a('ride'), t.id('cy'))$$, 400, 'NOT_PARTICIPANT', 'Not a participant of this activity');

-- ---- cancel

SELECT t.join('ride', 'cy', 'dee') \g /dev/null
SELECT t.refused($$sp_cancel_participation(t.a('draft'), t.id('jo'), NULL)$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_cancel_participation(t.a('ride'), t.id('mira'), NULL)$$, 403, 'IS_ORGANIZER', 'Organizer cannot leave activity');
SELECT t.refused($$sp_cancel_participation(t.a('past'), t.id('jo'), NULL)$$, 400, 'ACTIVITY_IN_PAST', 'Cannot cancel past activities');
SELECT t.refused($$sp_cancel_participation(t.a('ride'), t.id('dee'), 'x')$$, 400, 'NOT_PARTICIPANT', 'Not a participant of this activity');
SELECT is(x #- '{left_at}' #- '{waitlist_promoted,promoted_at}',
          jsonb_build_object('activity_id', t.a('ride'), 'user_id', t.id('jo'), 'participation_status', 'cancelled',
                             'waitlist_promoted', jsonb_build_object('user_id', t.id('cy')), 'message', 'Participation cancelled successfully'), 'cancelled')
     , ok(t.is_time(x ->> 'left_at'), 'with a time')
  FROM t.good(sp_cancel_participation(t.a('ride'), t.id('jo'), 'a cold')) x;
SELECT t.refused($$sp_cancel_participation(t.a('ride'), t.id('jo'), NULL)$$, 400, 'ALREADY_CANCELLED', 'Participation already cancelled');
SELECT t.refused($$sp_leave_activity(t.a('ride'), t.id('jo'))$$, 400, 'NOT_PARTICIPANT', 'Not a participant of this activity');
SELECT is(t.good(get_my_participation(t.a('ride'), t.id('jo'))) ->> 'participation_status', 'cancelled', 'the row stays');
SELECT is(x ->> 'waitlist_position', '2', 'who cancelled queues at the end') FROM t.good(sp_join_activity(t.a('ride'), t.id('jo'), 'free')) x;
SELECT is((x ->> 'participation_status', x ->> 'role')::text, '(waitlisted,)', 'waiting hides the cancelled row')
  FROM t.good(get_my_participation(t.a('ride'), t.id('jo'))) x;
SELECT is(left_at IS NOT NULL AND participation_status = 'cancelled', true, 'which stays cancelled until promotion')
  FROM participants WHERE activity_id = t.a('ride') AND user_id = t.id('jo');
SELECT t.good(sp_leave_activity(t.a('ride'), t.id('dee'))) \g /dev/null
SELECT t.good(sp_leave_activity(t.a('ride'), t.id('bob'))) \g /dev/null
SELECT is((participation_status, role, attendance_status, left_at IS NULL, cancel_reason IS NULL)::text, '(registered,member,registered,t,t)', 'promotion registers it again')
  FROM participants WHERE activity_id = t.a('ride') AND user_id = t.id('jo');
UPDATE activities SET status = 'cancelled', cancelled_at = now() WHERE activity_id = t.a('hosted');
SELECT is(x ->> 'waitlist_promoted', NULL, 'a cancelled activity ahead may be left') FROM t.good(sp_leave_activity(t.a('hosted'), t.id('jo'))) x;

-- ---- who takes part

SELECT t.activity('list', 'mira'), t.join('list', 'jo', 'ann', 'bob', 'cy') \g /dev/null
SELECT t.good(sp_promote_participant(t.a('list'), t.id('mira'), t.id('bob'))) \g /dev/null
SELECT t.good(sp_cancel_participation(t.a('list'), t.id('jo'), 'a cold')) \g /dev/null
SELECT is(t.members(x), 'activity_id participants total_count', 'a page of participants')
     , is(t.members(x -> 'participants' -> 0), 'attendance_status cancel_reason first_name is_verified joined_at last_name participation_status profile_photo_url role '
                                            || 'user_id username verification_count', 'a participant')
     , is(jsonb_path_query_array(x, '$.participants[*].username'), '["mira", "bob", "jo", "ann", "cy"]', 'organizer, co-organizers, members; by joined_at')
     , is(x ->> 'total_count', '5', 'all of them')
     , is(x #>> '{participants,2,cancel_reason}', 'a cold', 'staff are told the reason')
  FROM t.good(sp_list_participants(t.a('list'), t.id('bob'), NULL, NULL, 50, 0)) x;
SELECT is(x #>> '{participants,2,cancel_reason}', NULL, 'others are not') FROM t.good(sp_list_participants(t.a('list'), t.id('cy'), NULL, NULL, 50, 0)) x;
SELECT is((SELECT string_agg(t.good(sp_list_participants(t.a('list'), t.id('mira'), NULL, NULL, 2, o)) #>> '{participants,0,username}', ' ' ORDER BY o)
             FROM generate_series(0, 4) o), 'mira bob jo ann cy', 'pages, from any offset')
     , is((SELECT string_agg(t.good(sp_list_participants(t.a('list'), t.id('mira'), NULL, NULL, 2, o)) #>> '{participants,1,username}', ' ' ORDER BY o)
             FROM generate_series(0, 4) o), 'bob jo ann cy', 'and their second entries');
SELECT is((x -> 'total_count', x -> 'participants')::text, '(5,[])', 'an offset past the end')
  FROM t.good(sp_list_participants(t.a('list'), t.id('mira'), NULL, NULL, 100, 2147483647)) x;
SELECT is((SELECT string_agg(s || ' ' || (t.good(sp_list_participants(t.a('list'), t.id('mira'), s, NULL, 50, 0)) ->> 'total_count'), ', ' ORDER BY s)
             FROM unnest('{registered,cancelled,declined,waitlisted}'::text[]) s), 'cancelled 1, declined 0, registered 4, waitlisted 0', 'by status');
SELECT is((SELECT string_agg(r || ' ' || (t.good(sp_list_participants(t.a('list'), t.id('mira'), NULL, r, 50, 0)) ->> 'total_count')
                                  || ' ' || jsonb_array_length(t.good(sp_list_participants(t.a('list'), t.id('mira'), NULL, r, 50, 0)) -> 'participants'), ', ' ORDER BY r)
             FROM unnest('{organizer,co_organizer,member}'::text[]) r), 'co_organizer 1 1, member 3 3, organizer 1 1', 'by role');
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('bob'), t.id('cy'));
SELECT is(jsonb_path_query_array(x, '$.participants[*].username'), '["mira", "jo", "ann", "cy"]', 'a blocked pair: left out')
     , is(x ->> 'total_count', '4', 'and not counted')
  FROM t.good(sp_list_participants(t.a('list'), t.id('cy'), NULL, NULL, 50, 0)) x;
UPDATE activities SET activity_type = 'xxl' WHERE activity_id = t.a('list');
SELECT is(t.good(sp_list_participants(t.a('list'), t.id('cy'), NULL, NULL, 50, 0)) ->> 'total_count', '5', 'but in xxl');
SELECT t.refused($$sp_list_participants(t.a('draft'), t.id('jo'), NULL, NULL, 50, 0)$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_list_participants(t.a('invited'), t.id('ann'), NULL, NULL, 50, 0)$$, 403, 'ACCESS_DENIED', 'Access denied');
SELECT is(t.good(sp_list_participants(t.a('ride'), t.id('jo'), NULL, NULL, 50, 0)) ->> 'total_count', '3', 'cy, jo and mira');

-- ---- putting somebody out

SELECT t.activity('door', 'mira', '{"max_participants": 3}'), t.join('door', 'jo', 'ann', 'bob', 'cy') \g /dev/null
SELECT t.good(sp_promote_participant(t.a('door'), t.id('mira'), t.id('ann'))) \g /dev/null
SELECT t.refused($$remove_participant(t.a('draft'), t.id('jo'), t.id('ann'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$remove_participant(t.a('door'), t.id('jo'), t.id('mira'))$$, 403, 'NOT_AUTHORIZED', 'Only organizer or co-organizer can remove participants');
SELECT t.refused($$remove_participant(t.a('door'), t.id('ann'), t.id('mira'))$$, 403, 'IS_ORGANIZER', 'Organizer cannot leave activity');
SELECT t.refused($$remove_participant(t.a('door'), t.id('ann'), t.id('ann'))$$, 403, 'NOT_ORGANIZER', 'Only organizer can remove co-organizers');
SELECT t.refused($$remove_participant(t.a('past'), t.id('mira'), t.id('jo'))$$, 400, 'ACTIVITY_IN_PAST', 'Activity has already occurred');
SELECT t.refused($$remove_participant(t.a('door'), t.id('mira'), t.id('dee'))$$, 400, 'NOT_PARTICIPANT', 'User is not a participant of this activity');
SELECT is(x #- '{left_at}' #- '{waitlist_promoted,promoted_at}',
          jsonb_build_object('activity_id', t.a('door'), 'user_id', t.id('jo'), 'waitlist_promoted', jsonb_build_object('user_id', t.id('bob')),
                             'message', 'Participant removed'), 'removed')
  FROM t.good(remove_participant(t.a('door'), t.id('ann'), t.id('jo'))) x;
SELECT is(x -> 'waitlist_promoted', 'null', 'out of the line') FROM t.good(remove_participant(t.a('door'), t.id('ann'), t.id('cy'))) x;
SELECT is(x ->> 'message', 'Participant removed', 'the organizer removes a co-organizer') FROM t.good(remove_participant(t.a('door'), t.id('mira'), t.id('ann'))) x;

SELECT is_empty('SELECT * FROM activity.broken()', 'nothing is broken');
SELECT * FROM finish();
ROLLBACK;
