-- Invitations, and the waitlist as staff see it.
BEGIN;
SELECT plan(66);
\ir lib/participation.sql

SELECT t.person('mira'), t.person('jo'), t.person('ann'), t.person('bob', 'free', 'male'), t.person('cy'), t.person('dee'), t.person('eve'), t.person('flo') \g /dev/null
SELECT t.activity('dinner', 'mira', '{"privacy": "invite_only", "max_participants": 3, "title": "Dinner"}'), t.activity('draft', 'mira', '{"status": "draft", "privacy": "invite_only"}'),
       t.activity('open', 'mira'), t.activity('past', 'mira', '{"privacy": "invite_only"}'), t.activity('xxl', 'mira', '{"privacy": "invite_only", "activity_type": "xxl"}'),
       t.activity('women', 'mira', '{"privacy": "invite_only", "activity_type": "womens_only"}'),
       t.activity('full', 'mira', '{"privacy": "invite_only", "max_participants": 1, "waitlist_enabled": false}') \g /dev/null
SELECT t.begin('past') \g /dev/null

CREATE FUNCTION t.ids(VARIADIC p_names text[]) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_agg(t.id(p) ORDER BY n) FROM unnest(p_names) WITH ORDINALITY u (p, n)
$$;
-- The newest invitation of somebody to an activity.
CREATE FUNCTION t.inv(p_activity text, p_who text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT invitation_id FROM activity.activity_invitations WHERE activity_id = t.a(p_activity) AND user_id = t.id(p_who) ORDER BY invited_at DESC LIMIT 1
$$;

-- ---- send

SELECT t.refused($$sp_send_invitations(t.a('draft'), t.id('jo'), t.ids('ann'), NULL, 72)$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_send_invitations(t.a('past'), t.id('jo'), t.ids('ann'), NULL, 72)$$, 403, 'NOT_AUTHORIZED',
                 'Only organizer or co-organizer can send invitations');
SELECT t.refused($$sp_send_invitations(t.a('draft'), t.id('mira'), t.ids('ann'), NULL, 72)$$, 400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
SELECT t.refused($$sp_send_invitations(t.a('open'), t.id('mira'), t.ids('ann'), NULL, 72)$$, 400, 'NOT_INVITE_ONLY', 'Activity is not invite-only');
SELECT t.refused($$sp_send_invitations(t.a('past'), t.id('mira'), t.ids('ann'), NULL, 72)$$, 400, 'ACTIVITY_IN_PAST', 'Activity has already occurred');
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('eve'), t.id('mira'));
SELECT is(t.members(x), 'activity_id failed_count failed_invitations invitations invited_count message', 'what inviting says')
     , is(t.members(x -> 'invitations' -> 0), 'expires_at invitation_id invited_at status user_id', 'an invitation')
     , is(jsonb_path_query_array(x, '$.invitations[*].user_id'), t.ids('jo', 'ann'), 'who is invited')
     , is(x -> 'failed_invitations', jsonb_build_array(
            jsonb_build_object('user_id', t.id('nobody'), 'reason', 'User does not exist'),
            jsonb_build_object('user_id', t.id('mira'), 'reason', 'Already a participant'),
            jsonb_build_object('user_id', t.id('jo'), 'reason', 'Already invited'),
            jsonb_build_object('user_id', t.id('eve'), 'reason', 'User is blocked')), 'who is not')
     , is((x ->> 'invited_count', x ->> 'failed_count', x ->> 'message')::text, '(2,4,"2 invitation(s) sent successfully")', 'how many')
     , is((x #>> '{invitations,0,expires_at}')::timestamptz - (x #>> '{invitations,0,invited_at}')::timestamptz, interval '2 hours', 'and until when')
  FROM t.good(sp_send_invitations(t.a('dinner'), t.id('mira'), t.ids('jo', 'nobody', 'mira', 'jo', 'ann', 'eve'), 'Come along', 2)) x;
SELECT is((x ->> 'invited_count', x ->> 'message')::text, '(0,"0 invitation(s) sent successfully")', 'nobody is invited twice')
  FROM t.good(sp_send_invitations(t.a('dinner'), t.id('mira'), t.ids('jo'), NULL, 72)) x;
SELECT is(x ->> 'invited_count', '1', 'a block means nothing in xxl') FROM t.good(sp_send_invitations(t.a('xxl'), t.id('mira'), t.ids('eve'), NULL, 72)) x;
SELECT t.good(sp_send_invitations(t.a('women'), t.id('mira'), t.ids('bob'), NULL, 72)), t.good(sp_send_invitations(t.a('full'), t.id('mira'), t.ids('bob'), NULL, 72)) \g /dev/null

-- ---- accept

SELECT t.refused($$sp_accept_invitation(gen_random_uuid(), t.id('jo'))$$, 404, 'INVITATION_NOT_FOUND', 'Invitation not found');
SELECT t.refused($$sp_accept_invitation(t.inv('dinner', 'jo'), t.id('ann'))$$, 403, 'NOT_YOUR_INVITATION', 'This invitation is not for you');
SELECT t.refused($$sp_accept_invitation(t.inv('women', 'bob'), t.id('bob'))$$, 403, 'GENDER_RESTRICTED', 'Activity is for women only');
SELECT t.refused($$sp_accept_invitation(t.inv('full', 'bob'), t.id('bob'))$$, 400, 'ACTIVITY_FULL', 'Activity is full');
SELECT is(status, 'pending', 'the invitation stays as it was') FROM activity_invitations WHERE invitation_id = t.inv('full', 'bob');
SELECT is(x - 'responded_at', jsonb_build_object('invitation_id', t.inv('dinner', 'jo'), 'activity_id', t.a('dinner'), 'status', 'accepted', 'participation_status', 'registered',
                                                 'waitlist_position', null, 'message', 'Invitation accepted and joined activity successfully'), 'accepted')
     , ok(t.is_time(x ->> 'responded_at'), 'with a time')
  FROM t.good(sp_accept_invitation(t.inv('dinner', 'jo'), t.id('jo'))) x;
SELECT t.refused($$sp_accept_invitation(t.inv('dinner', 'jo'), t.id('jo'))$$, 400, 'ALREADY_RESPONDED', 'Invitation already responded to');
SELECT t.refused($$sp_decline_invitation(t.inv('dinner', 'jo'), t.id('jo'))$$, 400, 'ALREADY_RESPONDED', 'Invitation already responded to');
SELECT is(x #>> '{failed_invitations,0,reason}', 'Already a participant', 'who has a place') FROM t.good(sp_send_invitations(t.a('dinner'), t.id('mira'), t.ids('jo'), NULL, 72)) x;

SELECT t.good(sp_send_invitations(t.a('dinner'), t.id('mira'), t.ids('bob', 'cy', 'dee', 'flo'), NULL, 72)) \g /dev/null
SELECT t.good(sp_accept_invitation(t.inv('dinner', 'bob'), t.id('bob'))) \g /dev/null
SELECT is(x - 'responded_at', jsonb_build_object('invitation_id', t.inv('dinner', 'cy'), 'activity_id', t.a('dinner'), 'status', 'accepted', 'participation_status', 'waitlisted',
                                                 'waitlist_position', 1, 'message', 'Invitation accepted and added to the waitlist at position 1.'), 'in line')
  FROM t.good(sp_accept_invitation(t.inv('dinner', 'cy'), t.id('cy'))) x;
SELECT is(x #>> '{failed_invitations,0,reason}', 'Already on the waitlist', 'who is in line') FROM t.good(sp_send_invitations(t.a('dinner'), t.id('mira'), t.ids('cy'), NULL, 72)) x;
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('mira'), t.id('dee'));
SELECT t.refused($$sp_accept_invitation(t.inv('dinner', 'dee'), t.id('dee'))$$, 403, 'BLOCKED_USER', 'Cannot join this activity');
UPDATE activity_invitations SET expires_at = now() - interval '1 second' WHERE invitation_id = t.inv('dinner', 'ann');
SELECT t.refused($$sp_accept_invitation(t.inv('dinner', 'ann'), t.id('ann'))$$, 400, 'INVITATION_EXPIRED', 'Invitation has expired');
SELECT t.refused($$sp_decline_invitation(t.inv('dinner', 'ann'), t.id('ann'))$$, 400, 'INVITATION_EXPIRED', 'Invitation has expired');
SELECT is(x #>> '{invitations,0,user_id}', t.id('ann')::text, 'an expired one is followed by a new one') FROM t.good(sp_send_invitations(t.a('dinner'), t.id('mira'), t.ids('ann'), 'again', 72)) x;

-- States that come over an activity while an invitation is pending.
SAVEPOINT s;
UPDATE activities SET status = 'cancelled', cancelled_at = now() WHERE activity_id = t.a('dinner');
SELECT t.refused($$sp_accept_invitation(t.inv('dinner', 'ann'), t.id('ann'))$$, 400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
ROLLBACK TO s;
SELECT t.begin('dinner') \g /dev/null
SELECT t.refused($$sp_accept_invitation(t.inv('dinner', 'ann'), t.id('ann'))$$, 400, 'ACTIVITY_IN_PAST', 'Activity has already occurred');
ROLLBACK TO s;
UPDATE activities SET activity_privacy_level = 'public' WHERE activity_id = t.a('dinner');
INSERT INTO waitlist_entries (activity_id, user_id, registered_at) VALUES (t.a('dinner'), t.id('ann'), clock_timestamp());
UPDATE places SET waitlist_count = waitlist_count + 1 WHERE activity_id = t.a('dinner');
SELECT t.refused($$sp_accept_invitation(t.inv('dinner', 'ann'), t.id('ann'))$$, 400, 'ALREADY_JOINED', 'Already joined this activity');
ROLLBACK TO s;

-- ---- decline, cancel

SELECT t.refused($$sp_decline_invitation(gen_random_uuid(), t.id('jo'))$$, 404, 'INVITATION_NOT_FOUND', 'Invitation not found');
SELECT t.refused($$sp_decline_invitation(t.inv('dinner', 'ann'), t.id('jo'))$$, 403, 'NOT_YOUR_INVITATION', 'This invitation is not for you');
SELECT is(x - 'responded_at', jsonb_build_object('invitation_id', t.inv('dinner', 'ann'), 'activity_id', t.a('dinner'), 'status', 'declined', 'message', 'Invitation declined'), 'declined')
     , ok(t.is_time(x ->> 'responded_at'), 'with a time')
  FROM t.good(sp_decline_invitation(t.inv('dinner', 'ann'), t.id('ann'))) x;
SELECT t.refused($$sp_join_activity(t.a('dinner'), t.id('ann'), 'free')$$, 403, 'INVITE_ONLY', 'Activity is invite only');
SELECT t.refused($$sp_cancel_invitation(gen_random_uuid(), t.id('jo'))$$, 404, 'INVITATION_NOT_FOUND', 'Invitation not found');
SELECT t.refused($$sp_cancel_invitation(t.inv('dinner', 'ann'), t.id('jo'))$$, 403, 'NOT_AUTHORIZED', 'Not authorized to cancel this invitation');
SELECT t.refused($$sp_cancel_invitation(t.inv('dinner', 'ann'), t.id('mira'))$$, 400, 'ALREADY_RESPONDED', 'Invitation already responded to');
SELECT t.inv('dinner', 'flo') AS flo \gset
SELECT is(x - 'cancelled_at', jsonb_build_object('invitation_id', :'flo', 'activity_id', t.a('dinner'), 'message', 'Invitation cancelled successfully'), 'cancelled')
     , ok(t.is_time(x ->> 'cancelled_at'), 'with a time')
  FROM t.good(sp_cancel_invitation(:'flo', t.id('mira'))) x;
SELECT t.refused(format('sp_cancel_invitation(%L, t.id(''mira''))', :'flo'), 404, 'INVITATION_NOT_FOUND', 'Invitation not found');
SELECT is(x, '{"total_count": 0, "invitations": []}', 'gone from every list') FROM t.good(sp_get_received_invitations(t.id('flo'), NULL, 20, 0)) x;
-- Left again: a new invitation with a new id.
SELECT t.good(sp_leave_activity(t.a('dinner'), t.id('jo'))) \g /dev/null
SELECT is(x ->> 'invited_count', '1', 'who left again may be invited again') FROM t.good(sp_send_invitations(t.a('dinner'), t.id('mira'), t.ids('jo'), NULL, 72)) x;

-- ---- lists

SELECT is(t.members(x), 'invitations total_count', 'a page of invitations')
     , is(t.members(x -> 'invitations' -> 0), 'activity_id activity_scheduled_at activity_title expires_at invitation_id invited_at invited_by_user_id '
                                           || 'invited_by_username message responded_at status', 'one received')
     , is(jsonb_path_query_array(x, '$.invitations[*].status'), '["declined", "expired"]', 'the newest first, by what they count as')
     , is((x #>> '{invitations,0,message}', x #>> '{invitations,1,invited_by_username}', x #>> '{invitations,1,activity_title}')::text, '(again,mira,Dinner)', 'whose and what')
     , is((x #>> '{invitations,1,responded_at}'), NULL, 'an expired one was not answered')
  FROM t.good(sp_get_received_invitations(t.id('ann'), NULL, 20, 0)) x;
SELECT is((SELECT string_agg(s || ' ' || (t.good(sp_get_received_invitations(t.id('ann'), s, 20, 0)) ->> 'total_count'), ', ' ORDER BY s)
             FROM unnest('{pending,accepted,declined,expired}'::text[]) s), 'accepted 0, declined 1, expired 1, pending 0', 'received, by status');
SELECT is(t.members(x -> 'invitations' -> 0), 'activity_id activity_title expires_at invitation_id invited_at message responded_at status user_id username', 'one sent')
     , is((x ->> 'total_count', jsonb_array_length(x -> 'invitations'))::text, '(10,3)', 'all are counted')
     , is(x #>> '{invitations,0,username}', 'jo', 'the newest first')
  FROM t.good(sp_get_sent_invitations(t.id('mira'), NULL, NULL, 3, 0)) x;
SELECT is((SELECT string_agg(s || ' ' || (t.good(sp_get_sent_invitations(t.id('mira'), t.a('dinner'), s, 20, 0)) ->> 'total_count'), ', ' ORDER BY s)
             FROM unnest('{pending,accepted,declined,expired}'::text[]) s), 'accepted 3, declined 1, expired 1, pending 2', 'sent, by activity and status');
SELECT t.good(delete_activity(t.a('dinner'), t.id('mira'))) \g /dev/null
SELECT is(x ->> 'total_count', '0', 'they go with the activity') FROM t.good(sp_get_received_invitations(t.id('ann'), NULL, 20, 0)) x;

-- ---- waitlist

SELECT t.activity('line', 'mira', '{"max_participants": 1}'), t.join('line', 'jo', 'ann', 'bob', 'cy') \g /dev/null
SELECT t.refused($$sp_get_waitlist(t.a('draft'), t.id('jo'), 50, 0)$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$sp_get_waitlist(t.a('line'), t.id('jo'), 50, 0)$$, 403, 'NOT_AUTHORIZED', 'Only organizer or co-organizer can view waitlist');
SELECT is(t.members(x), 'activity_id total_count waitlist', 'a page of the line')
     , is(t.members(x -> 'waitlist' -> 0), 'created_at first_name notified_at position profile_photo_url user_id username waitlist_id', 'an entry')
     , is(jsonb_path_query_array(x, '$.waitlist[*].username'), '["jo", "ann", "bob", "cy"]', 'in order')
     , is(jsonb_path_query_array(x, '$.waitlist[*].position'), '[1, 2, 3, 4]', 'with positions')
  FROM t.good(sp_get_waitlist(t.a('line'), t.id('mira'), 50, 0)) x;
SELECT is(jsonb_path_query_array(x, '$.waitlist[*].position'), '[2, 3]', 'a page has its own positions'), is(x ->> 'total_count', '4', 'of all')
  FROM t.good(sp_get_waitlist(t.a('line'), t.id('mira'), 2, 1)) x;
SELECT is(x -> 'waitlist', '[]', 'an empty line') FROM t.good(sp_get_waitlist(t.a('open'), t.id('mira'), 50, 0)) x;

SELECT is_empty('SELECT * FROM activity.broken()', 'nothing is broken');
SELECT * FROM finish();
ROLLBACK;
