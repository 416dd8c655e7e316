-- People, what they take part in, blocks, friends, the stream.
BEGIN;
SELECT plan(79);
\ir lib/participation.sql

SELECT t.person('mira'), t.person('jo'), t.person('ann'), t.person('bob'), t.person('gone') \g /dev/null
UPDATE users SET is_active = false WHERE user_id = t.id('gone');
UPDATE users SET last_name = 'Doe', main_photo_url = 'https://example.org/j.jpg', is_verified = true, no_show_count = 0 WHERE user_id = t.id('jo');

-- ---- getUser

SELECT is(t.good(get_user(t.id('jo'), t.id('mira'))), jsonb_build_object('user_id', t.id('jo'), 'username', 'jo', 'first_name', 'Jo', 'last_name', 'Doe',
              'profile_photo_url', 'https://example.org/j.jpg', 'is_verified', true, 'verification_count', 0, 'no_show_count', null), 'another');
SELECT is(t.good(get_user(t.id('jo'), t.id('jo'))) ->> 'no_show_count', '0', 'oneself');
UPDATE users SET username = NULL WHERE user_id = t.id('ann');
SELECT is(t.good(get_user(t.id('ann'), t.id('jo'))) ->> 'username', 'user-' || number, 'a name is made up') FROM users WHERE user_id = t.id('ann');
UPDATE users SET username = 'ann' WHERE user_id = t.id('ann');
SELECT t.refused($$get_user(t.id('nobody'), t.id('jo'))$$, 404, 'USER_NOT_FOUND', 'User not found');
SELECT t.refused($$get_user(t.id('gone'), t.id('jo'))$$, 404, 'USER_NOT_FOUND', 'User not found');

-- ---- friends

SELECT t.refused($$request_friend(t.id('jo'), t.id('jo'))$$, 400, 'SELF_FRIEND', 'Cannot befriend yourself');
SELECT t.refused($$request_friend(t.id('jo'), t.id('nobody'))$$, 404, 'USER_NOT_FOUND', 'User not found');
SELECT is(x - 'created_at', jsonb_build_object('user_id', t.id('mira'), 'username', 'mira', 'first_name', 'Mira', 'profile_photo_url', null, 'status', 'pending',
                                               'direction', 'outgoing', 'accepted_at', null), 'asked')
     , ok(t.is_time(x ->> 'created_at'), 'with a time')
  FROM t.good(request_friend(t.id('jo'), t.id('mira'))) x;
SELECT t.refused($$request_friend(t.id('jo'), t.id('mira'))$$, 400, 'ALREADY_REQUESTED', 'Friend request already sent');
SELECT t.refused($$accept_friend(t.id('jo'), t.id('mira'))$$, 404, 'REQUEST_NOT_FOUND', 'Friend request not found');
SELECT t.refused($$decline_friend(t.id('jo'), t.id('mira'))$$, 404, 'REQUEST_NOT_FOUND', 'Friend request not found');
SELECT t.refused($$accept_friend(t.id('mira'), t.id('nobody'))$$, 404, 'REQUEST_NOT_FOUND', 'Friend request not found');
SELECT is(x, '{"total_count": 0, "friends": []}', 'no friend yet') FROM t.good(list_friends(t.id('mira'), 'accepted', 50, 0)) x;
SELECT is((x ->> 'total_count', x #>> '{friends,0,direction}')::text, '(1,incoming)', 'but a request') FROM t.good(list_friends(t.id('mira'), 'pending', 50, 0)) x;
SELECT is((x ->> 'status', x ->> 'direction', t.is_time(x ->> 'accepted_at'))::text, '(accepted,incoming,t)', 'accepted') FROM t.good(accept_friend(t.id('mira'), t.id('jo'))) x;
SELECT t.refused($$accept_friend(t.id('mira'), t.id('jo'))$$, 404, 'REQUEST_NOT_FOUND', 'Friend request not found');
SELECT t.refused($$request_friend(t.id('mira'), t.id('jo'))$$, 400, 'ALREADY_FRIENDS', 'Already friends');
SELECT t.refused($$request_friend(t.id('jo'), t.id('mira'))$$, 400, 'ALREADY_FRIENDS', 'Already friends');
SELECT t.good(request_friend(t.id('ann'), t.id('jo'))) \g /dev/null
SELECT is((x ->> 'status', x ->> 'direction')::text, '(accepted,incoming)', 'asking who has asked') FROM t.good(request_friend(t.id('jo'), t.id('ann'))) x;
SELECT is(t.members(x -> 'friends' -> 0), 'accepted_at created_at direction first_name profile_photo_url status user_id username', 'a friend')
     , is(jsonb_path_query_array(x, '$.friends[*].username'), '["ann", "mira"]', 'the newest first')
     , is(jsonb_path_query_array(x, '$.friends[*].direction'), '["incoming", "outgoing"]', 'who asked')
  FROM t.good(list_friends(t.id('jo'), NULL, 50, 0)) x;
SELECT is((x ->> 'total_count', x #>> '{friends,0,username}')::text, '(2,mira)', 'a page') FROM t.good(list_friends(t.id('jo'), 'accepted', 1, 1)) x;
SELECT t.good(request_friend(t.id('bob'), t.id('jo'))) \g /dev/null
SELECT is(t.good(decline_friend(t.id('jo'), t.id('bob'))), jsonb_build_object('user_id', t.id('bob'), 'status', 'declined', 'message', 'Friend request declined'), 'declined');
SELECT is(t.good(request_friend(t.id('bob'), t.id('jo'))) ->> 'status', 'pending', 'and asked again');
SELECT is(t.good(remove_friend(t.id('bob'), t.id('jo'))), jsonb_build_object('user_id', t.id('jo'), 'status', 'removed', 'message', 'Friend removed'), 'a request is taken back');
SELECT is(t.good(remove_friend(t.id('mira'), t.id('jo'))) ->> 'status', 'removed', 'a friendship ends');
SELECT t.refused($$remove_friend(t.id('mira'), t.id('jo'))$$, 404, 'NOT_FRIENDS', 'Not friends');

-- ---- blocks

SELECT t.refused($$block_user(t.id('jo'), t.id('jo'), NULL)$$, 400, 'SELF_BLOCK', 'Cannot block yourself');
SELECT t.refused($$block_user(t.id('jo'), t.id('nobody'), NULL)$$, 404, 'USER_NOT_FOUND', 'User not found');
SELECT t.refused($$unblock_user(t.id('jo'), t.id('ann'))$$, 404, 'BLOCK_NOT_FOUND', 'Block not found');
SELECT block_user(t.id('jo'), t.id('ann'), 'rude') AS once \gset
SELECT is(x - 'created_at', jsonb_build_object('blocker_user_id', t.id('jo'), 'blocked_user_id', t.id('ann'), 'message', 'User blocked'), 'blocked')
     , ok(t.is_time(x ->> 'created_at'), 'with a time')
  FROM t.good(:'once'::reply) x;
SELECT t.fingerprint() AS before \gset
SELECT is(block_user(t.id('jo'), t.id('ann'), 'again')::text, :'once', 'and once only');
SELECT is(t.fingerprint(), :'before'::jsonb, 'nothing more is written');
SELECT is_empty(format('SELECT FROM friendships WHERE %L IN (user_id_1, user_id_2)', t.id('ann')), 'no longer friends');
SELECT t.refused($$request_friend(t.id('ann'), t.id('jo'))$$, 403, 'BLOCKED_USER', 'Cannot send friend request');
SELECT t.refused($$request_friend(t.id('jo'), t.id('ann'))$$, 403, 'BLOCKED_USER', 'Cannot send friend request');
SELECT t.refused($$get_user(t.id('jo'), t.id('ann'))$$, 404, 'USER_NOT_FOUND', 'User not found');
SELECT t.refused($$get_user(t.id('ann'), t.id('jo'))$$, 404, 'USER_NOT_FOUND', 'User not found');
SELECT t.refused($$unblock_user(t.id('ann'), t.id('jo'))$$, 404, 'BLOCK_NOT_FOUND', 'Block not found');
SELECT t.good(block_user(t.id('jo'), t.id('bob'), NULL)) \g /dev/null
SELECT is(t.members(x -> 'blocks' -> 0), 'created_at user_id username', 'a block')
     , is(jsonb_path_query_array(x, '$.blocks[*].username'), '["bob", "ann"]', 'the newest first')
     , is(x ->> 'total_count', '2', 'all of them')
  FROM t.good(list_blocks(t.id('jo'), 50, 0)) x;
SELECT is(x, '{"total_count": 0, "blocks": []}', 'told to nobody else') FROM t.good(list_blocks(t.id('ann'), 50, 0)) x;
SELECT is(t.good(unblock_user(t.id('jo'), t.id('bob'))), jsonb_build_object('blocker_user_id', t.id('jo'), 'blocked_user_id', t.id('bob'), 'message', 'User unblocked'), 'unblocked');

-- ---- what people take part in

SELECT t.activity('ride', 'mira', '{"max_participants": 2, "city": "Gent"}'), t.activity('past', 'mira'), t.activity('off', 'mira'), t.activity('hosted', 'mira', '{"organizer_participates": false}'),
       t.activity('draft', 'mira', '{"status": "draft"}'), t.activity('secret', 'mira', '{"privacy": "invite_only"}'), t.activity('line', 'mira', '{"max_participants": 1}') \g /dev/null
SELECT t.join('ride', 'jo'), t.join('past', 'jo', 'ann'), t.join('off', 'jo'), t.join('line', 'jo') \g /dev/null
SELECT t.good(sp_cancel_participation(t.a('off'), t.id('jo'), NULL)), t.begin('past') \g /dev/null
SELECT t.good(sp_mark_attendance(t.a('past'), t.id('mira'), jsonb_build_array(jsonb_build_object('user_id', t.id('jo'), 'status', 'attended')))) \g /dev/null
SELECT t.begin('hosted', '2 hours') \g /dev/null
UPDATE activities SET scheduled_at = now() + CASE activity_id WHEN t.a('ride') THEN interval '5 days' WHEN t.a('off') THEN interval '4 days' WHEN t.a('line') THEN interval '3 days' END
 WHERE activity_id IN (t.a('ride'), t.a('off'), t.a('line'));
CREATE FUNCTION t.titles(p_target text, p_who text, p_type text DEFAULT NULL, p_status text DEFAULT NULL, p_limit int DEFAULT 20, p_offset int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT (x ->> 'total_count') || ': ' || coalesce((SELECT string_agg(a ->> 'title', ', ' ORDER BY n) FROM jsonb_array_elements(x -> 'activities') WITH ORDINALITY e (a, n)), '')
      FROM t.good(activity.sp_get_user_activities(t.id(p_target), t.id(p_who), p_type, p_status, p_limit, p_offset)) x
$$;
SELECT t.refused($$sp_get_user_activities(t.id('nobody'), t.id('jo'), NULL, NULL, 20, 0)$$, 404, 'USER_NOT_FOUND', 'User not found');
SELECT is(t.members(x), 'activities total_count user_id', 'a page of a person''s activities')
     , is(t.members(x -> 'activities' -> 0), 'activity_id activity_type attendance_status city current_participants_count joined_at location_name max_participants organizer_user_id '
                                          || 'organizer_username participation_status role scheduled_at status title', 'one of them')
     , is(x -> 'activities' -> 0, jsonb_build_object('activity_id', t.a('ride'), 'title', 'ride', 'scheduled_at', wire_time(now() + interval '5 days'), 'location_name', null,
              'city', 'Gent', 'organizer_user_id', t.id('mira'), 'organizer_username', 'mira', 'current_participants_count', 2, 'max_participants', 2, 'activity_type', 'standard',
              'status', 'published', 'role', 'member', 'participation_status', 'registered', 'attendance_status', 'registered', 'joined_at', x #>> '{activities,0,joined_at}'), 'as it is')
     , is(jsonb_path_query(x, '$.activities[*] ? (@.title == "line")') - '{joined_at,scheduled_at}'::text[],
          jsonb_build_object('activity_id', t.a('line'), 'title', 'line', 'location_name', null, 'city', null, 'organizer_user_id', t.id('mira'), 'organizer_username', 'mira',
              'current_participants_count', 1, 'max_participants', 1, 'activity_type', 'standard', 'status', 'published', 'role', null, 'participation_status', 'waitlisted',
              'attendance_status', 'registered'), 'one waited for')
  FROM t.good(sp_get_user_activities(t.id('jo'), t.id('jo'), NULL, NULL, 20, 0)) x;
SELECT is(t.titles('jo', 'jo'), '4: ride, off, line, past', 'one''s own');
SELECT is(t.titles('jo', 'mira'), '3: ride, off, past', 'another''s, without the waitlist');
SELECT is(t.titles('jo', 'ann'), '0: ', 'a block is not told');
SELECT is(t.titles('jo', 'jo', 'upcoming'), '3: ride, off, line', 'upcoming');
SELECT is(t.titles('jo', 'jo', 'past'), '1: past', 'past');
SELECT is(t.titles('jo', 'jo', 'attended'), '1: past', 'attended');
SELECT is(t.titles('jo', 'jo', 'organized'), '0: ', 'organized');
SELECT is(t.titles('jo', 'jo', NULL, 'cancelled'), '1: off', 'cancelled');
SELECT is(t.titles('jo', 'jo', NULL, 'waitlisted'), '1: line', 'waitlisted');
SELECT is(t.titles('jo', 'mira', NULL, 'waitlisted'), '0: ', 'which is nobody else''s business');
SELECT is(t.titles('jo', 'jo', NULL, NULL, 2, 1), '4: off, line', 'a page');
SELECT is(t.titles('mira', 'jo', 'organized'), '5: ride, off, line, past, hosted', 'what somebody organizes, as others see it');
SELECT is(t.titles('mira', 'mira', 'organized'), '6: secret, ride, off, line, past, hosted', 'and as they do; drafts never');
SELECT is(x - '{activity_id,joined_at,scheduled_at}'::text[], jsonb_build_object('title', 'hosted', 'location_name', null, 'city', null, 'organizer_user_id', t.id('mira'), 'organizer_username', 'mira',
              'current_participants_count', 0, 'max_participants', null, 'activity_type', 'standard', 'status', 'published', 'role', 'organizer', 'participation_status', 'registered',
              'attendance_status', 'registered'), 'who only hosts')
     , is(x ->> 'joined_at', (SELECT wire_time(created_at) FROM activities WHERE activity_id = t.a('hosted')), 'since it was made')
  FROM jsonb_path_query(t.good(sp_get_user_activities(t.id('mira'), t.id('bob'), NULL, NULL, 20, 0)), '$.activities[*] ? (@.title == "hosted")') x;
UPDATE places SET max_participants = 1 WHERE activity_id = t.a('off');
SELECT t.join('off', 'jo') \g /dev/null
SELECT is(t.titles('jo', 'jo', NULL, 'cancelled') || ' / ' || t.titles('jo', 'jo', NULL, 'waitlisted'), '0:  / 2: off, line', 'waiting hides a cancelled row');
SELECT is(t.titles('jo', 'mira', NULL, 'cancelled'), '1: off', 'from oneself, who sees the waiting');

-- ---- stream

SELECT is((s.status, s.body, s.subscriber::jsonb)::text, (200, NULL::text, jsonb_build_object('user_id', t.id('jo'), 'sub', t.id('jo'), 'sid', null, 'digest', '\xab', 'iat', 1))::text, 'a subscriber')
     , is(s."position", last_position(), 'from now on')
  FROM open_stream(t.id('jo'), t.id('jo'), NULL, '\xab', 1) s;
CREATE FUNCTION t.change(p_position bigint, p_kind text, p_activity uuid, p_user uuid, p_payload jsonb DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_object('position', p_position, 'kind', p_kind, 'activity_id', p_activity, 'user_id', p_user, 'object_id', null, 'n', 1, 'payload', p_payload,
                              'audience', null, 'created_at', now())
$$;
CREATE FUNCTION t.heard(VARIADIC p_changes jsonb[]) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(concat_ws(' ', array_to_string(ARRAY(SELECT unnest(r.n) ORDER BY 1), '+'), r.position, r.event, r.data::jsonb - 'promoted_at' - 'scheduled_at'), '; ' ORDER BY k), '')
      FROM participation.render_changes(jsonb_build_array(jsonb_build_object('n', 1, 'user_id', t.id('jo')), jsonb_build_object('n', 2, 'user_id', t.id('jo')),
                                                          jsonb_build_object('n', 3, 'user_id', t.id('mira')), jsonb_build_object('n', 4, 'user_id', t.id('bob'))),
                                        to_jsonb(p_changes)) WITH ORDINALITY r (n, position, id, event, data, last, k)
$$;
SELECT is(t.heard(t.change(5, 'promoted', t.a('ride'), t.id('jo')), t.change(6, 'promoted', t.a('past'), t.id('ann')), t.change(7, 'joined', t.a('ride'), t.id('jo'))),
          format('1+2 5 waitlist.promoted {"activity_id": "%s"}', t.a('ride')), 'promoted');
SELECT t.good(sp_send_invitations(t.a('secret'), t.id('mira'), jsonb_build_array(t.id('jo')), NULL, 1)) #>> '{invitations,0,invitation_id}' AS inv \gset
SELECT is(t.heard(t.change(8, 'invited', t.a('secret'), t.id('jo'), jsonb_build_object('invitation_id', :'inv'))),
          format('1+2 8 invitation.received {"activity_id": "%s", "invitation_id": "%s"}', t.a('secret'), :'inv'), 'invited');
SELECT is(t.heard(t.change(9, 'activity.updated', t.a('line'), t.id('mira'), '{"changed": ["title", "scheduled_at"]}')),
          format('1+2+3 9 activity.updated {"status": "published", "activity_id": "%s"}', t.a('line')), 'updated, to who takes part or waits');
SELECT is(t.heard(t.change(10, 'activity.updated', t.a('ride'), t.id('mira'), '{"changed": ["title"]}')), '', 'another title is not told');
SELECT is(t.heard(t.change(11, 'activity.updated', t.a('secret'), t.id('mira'), '{"changed": ["status"]}')),
          format('3 11 activity.updated {"status": "published", "activity_id": "%s"}', t.a('secret')), 'nor to who is only invited');
SELECT ok((SELECT bool_and(t.is_time(data::jsonb ->> 'scheduled_at')) FROM render_changes(jsonb_build_array(jsonb_build_object('n', 1, 'user_id', t.id('jo'))),
              jsonb_build_array(t.change(9, 'activity.updated', t.a('line'), t.id('mira'), '{"changed": ["status"]}')))), 'with the start');
SELECT is(string_agg(n || ' ' || last, ', ' ORDER BY n), '2 true, 3 true', 'who is gone or banned hears no more')
  FROM check_streams(jsonb_build_array(jsonb_build_object('n', 1, 'user_id', t.id('jo'), 'sub', t.id('jo'), 'sid', null, 'digest', '\xab', 'iat', 1),
                                       jsonb_build_object('n', 2, 'user_id', t.id('gone'), 'sub', t.id('gone'), 'sid', null, 'digest', '\xac', 'iat', 1),
                                       jsonb_build_object('n', 3, 'user_id', t.id('nobody'), 'sub', t.id('nobody'), 'sid', null, 'digest', '\xad', 'iat', 1)));

UPDATE activity_versions v SET data = version_data(a) FROM activities a WHERE v.activity_id = a.activity_id AND v.version_number = a.version;
SELECT is_empty('SELECT * FROM activity.broken()', 'nothing is broken');
SELECT * FROM finish();
ROLLBACK;
