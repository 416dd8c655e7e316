-- The collaboration API's rules: every change makes its version and a refusal none, who may do what, and an owner's calendar without overlaps
-- unasked.
BEGIN;
SELECT no_plan();
CREATE SCHEMA t;
SET LOCAL search_path = t, public, collaboration, activity;
SET LOCAL timezone = 'Pacific/Chatham';                 -- whatever the session's zone is, nothing may depend on it
\ir lib/replies.sql

CREATE FUNCTION t.id(p_name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('collaboration ' || p_name)::uuid $$;
CREATE FUNCTION t.n(p_name text) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT number FROM activity.users WHERE user_id = t.id(p_name) $$;
INSERT INTO activity.users (user_id, username, name, email)
SELECT t.id(n), 'col-' || n, initcap(n), n || '@col.example' FROM unnest(ARRAY['mira', 'jo', 'ann', 'bob', 'cy', 'dee']) n;

CREATE TABLE t.known (name text PRIMARY KEY, number bigint NOT NULL);
CREATE FUNCTION t.e(p_name text) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT number FROM t.known WHERE name = p_name $$;
CREATE FUNCTION t.a(p_name text) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT activity_id FROM activity.activities WHERE number = t.e(p_name)
$$;

-- An event from one hour of 1 May 2031 to another.
CREATE FUNCTION t.body(p_title text, p_from text, p_until text) RETURNS json LANGUAGE sql IMMUTABLE AS $$
    SELECT json_build_object('title', p_title, 'start_time', '2031-05-01T' || p_from || ':00Z', 'end_time',
                             '2031-05-01T' || p_until || ':00Z')
$$;
CREATE FUNCTION t.makes(p_by text, p_title text, p_from text, p_until text, p_allow boolean DEFAULT false) RETURNS activity.reply
LANGUAGE plpgsql AS $$
DECLARE
    v_reply activity.reply := collaboration.sp_create_event(t.id(p_by), t.body(p_title, p_from, p_until), p_allow);
BEGIN
    IF v_reply.status = 201 THEN
        INSERT INTO t.known VALUES (p_title, (v_reply.body::jsonb ->> 'id')::bigint);
    END IF;
    RETURN v_reply;
END $$;
CREATE FUNCTION t.updates(p_by text, p_event text, p_body text, p_match text DEFAULT NULL, p_allow boolean DEFAULT false)
RETURNS activity.reply LANGUAGE sql AS $$
    SELECT collaboration.sp_update_event(t.id(p_by), t.e(p_event), p_match, p_body::json, p_allow)
$$;
CREATE FUNCTION t.rolls_back(p_by text, p_event text, p_version bigint, p_match text DEFAULT NULL, p_allow boolean DEFAULT false)
RETURNS activity.reply LANGUAGE sql AS $$
    SELECT collaboration.sp_rollback_event(t.id(p_by), t.e(p_event), p_version, p_match, NULL, p_allow)
$$;
CREATE FUNCTION t.shares(p_by text, p_event text, p_with text, p_level text) RETURNS activity.reply LANGUAGE sql AS $$
    SELECT collaboration.sp_share_event(t.id(p_by), t.e(p_event), jsonb_build_array(
        jsonb_build_object('user_id', t.n(p_with), 'permission_level', p_level)))
$$;

-- What a reply is, in one text: its status and detail.
CREATE FUNCTION t.said(p_reply activity.reply) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT p_reply.status || coalesce(' ' || (CASE WHEN p_reply.body LIKE '{%' THEN p_reply.body::jsonb ->> 'detail' END), '')
$$;
-- What the versions of an event say of themselves, oldest first.
CREATE FUNCTION t.line(p_event text) RETURNS text[] LANGUAGE sql AS $$
    SELECT array_agg(v.version_number || ' ' || v.kind || ': ' || v.change_summary ORDER BY v.version_number)
      FROM activity.activity_versions v WHERE v.activity_id = t.a(p_event)
$$;

-- One test: the call answers just this, and no row has changed.
CREATE FUNCTION t.refused(p_call text, p_said text) RETURNS text LANGUAGE sql AS $$
    SELECT is(ARRAY[t.said(c.reply), c.changed], ARRAY[p_said, NULL], p_said || ': ' || p_call) FROM t.called(p_call) c
$$;

-- ---- versions -------------------------------------------------------------------------------------------------

SELECT is(t.said(t.makes('mira', 'Rehearsal', '09:00', '10:00')), '201', 'an event is made');
SELECT is(t.line('Rehearsal'), ARRAY['1 created: Initial creation'], 'with its first version');
SELECT is((SELECT ARRAY[activity_privacy_level::text, status::text] FROM activities WHERE activity_id = t.a('Rehearsal')),
          ARRAY['invite_only', 'published'], 'seen by nobody unasked');
SELECT is((SELECT count(*) FROM participants WHERE activity_id = t.a('Rehearsal')), 0::bigint, 'owning takes no place');

SELECT t.refused($$t.updates('mira', 'Rehearsal', '{}')$$, '200');
SELECT t.refused($$t.updates('mira', 'Rehearsal', '{"change_reason": "why not"}')$$, '200');
SELECT t.refused($$t.updates('mira', 'Rehearsal', '{"title": "Rehearsal", "start_time": "2031-05-01T11:00:00+02:00", "recurrence_pattern": null}')$$,
                 '200');

SELECT is(t.good(t.updates('mira', 'Rehearsal', '{"location": "Room 4", "change_reason": "found one"}')) ->> 'version', '2',
          'a change makes a version');
SELECT is((SELECT ARRAY[change_reason, change_summary] FROM activity_versions WHERE activity_id = t.a('Rehearsal') AND version_number = 2),
          ARRAY['found one', 'Updated: location: null → Room 4'], 'that says why, and what');
SELECT is(t.good(t.updates('mira', 'Rehearsal', '{"location": null, "title": "Daily", "recurrence_pattern": {"n": 1}}')) ->> 'version',
          '3', 'several fields are one change');
SELECT is((t.line('Rehearsal'))[3],
          '3 updated: Updated: title: Rehearsal → Daily, location: Room 4 → null, recurrence_pattern: null → {"n": 1}',
          'told in the order of the fields');
SELECT is(t.good(t.rolls_back('mira', 'Rehearsal', 2)) ->> 'title', 'Rehearsal', 'what was comes back');
SELECT is(t.good(t.rolls_back('mira', 'Rehearsal', 4)) ->> 'version', '5', 'also where nothing differs');
SELECT is((t.line('Rehearsal'))[4:5], ARRAY['4 rolled_back: Rollback to version 2', '5 rolled_back: Rollback to version 4'],
          'as versions of their own');
SELECT is((SELECT data ->> 'title' FROM activity_versions WHERE activity_id = t.a('Rehearsal') AND version_number = 3), 'Daily',
          'and a stored version stays');
SELECT t.refused($$t.rolls_back('mira', 'Rehearsal', 6)$$, '404 Version 6 not found');
SELECT t.refused($$t.rolls_back('mira', 'Rehearsal', 6, '"1"')$$, '404 Version 6 not found');
SELECT t.refused($$t.rolls_back('mira', 'Rehearsal', 1, '"1"')$$, '412 Event was modified: current version is 5');

-- What makes a version elsewhere makes it here, and what is not of the eight fields makes none.
SELECT lives_ok($$SELECT lock_activity(t.a('Rehearsal')); SELECT edit_activity(t.a('Rehearsal'), '{"title": "Elsewhere"}', t.id('jo'))$$,
       'another API changes the title');
SELECT lives_ok($$SELECT edit_activity(t.a('Rehearsal'), '{"max_participants": 5, "city": "Ghent"}', t.id('jo'))$$,
       'and what is none of ours');
SELECT is(t.good(sp_get_history(t.id('mira'), t.e('Rehearsal'), 0, 1))
              #- '{versions,0,id}' #- '{versions,0,created_at}' #- '{versions,0,event_data}',
          jsonb_build_object('event_id', t.e('Rehearsal'), 'total_versions', 6, 'versions', jsonb_build_array(jsonb_build_object(
              'event_id', t.e('Rehearsal'), 'version_number', 6, 'changed_by', t.n('jo'), 'changed_by_username', 'col-jo',
              'change_reason', 'Event lifecycle',
              'change_summary', 'Updated: title: Rehearsal → Elsewhere', 'is_current', true))), 'the newest version is that one');

-- Differences, in both directions.
SELECT is(t.good(sp_compare_versions(t.id('mira'), t.e('Rehearsal'), 2, 3)) -> 'changes' -> 'location',
          '{"version_2": "Room 4", "version_3": null, "old_value": "Room 4", "new_value": null, "change_type": "removed"}', 'removed');
SELECT is(t.good(sp_compare_versions(t.id('mira'), t.e('Rehearsal'), 3, 2)) -> 'changes' -> 'location' ->> 'change_type', 'added',
          'the other way round: added');
SELECT is(t.good(sp_compare_versions(t.id('mira'), t.e('Rehearsal'), 2, 3)) ->> 'text_diff',
          E'--- Version 2\n+++ Version 3\n-title: Rehearsal\n+title: Daily\n-location: Room 4\n+recurrence_pattern: {"n": 1}', 'as text');
SELECT is(t.good(sp_compare_versions(t.id('mira'), t.e('Rehearsal'), 4, 5)) ->> 'text_diff', E'--- Version 4\n+++ Version 5',
          'no difference, no line');
SELECT t.refused($$sp_compare_versions(t.id('mira'), t.e('Rehearsal'), 1, 9)$$, '404 One or both versions not found');

-- Which version is meant.
SELECT is(ARRAY(SELECT names_version(h, 3) FROM unnest(ARRAY['"3"', 'W/"3"', '"3-gzip"', 'W/"3-br"', '"1", "3"', '*', '"33"', '3',
          '"3-zip"', 'w/"3"', '', NULL]) WITH ORDINALITY u (h, n) ORDER BY n),
          ARRAY[true, true, true, true, true, true, false, false, false, false, false, false], 'forms of If-Match');
SELECT t.refused($$t.updates('mira', 'Rehearsal', '{"title": "x"}', '"5"')$$, '412 Event was modified: current version is 6');
SELECT t.refused($$t.updates('mira', 'Rehearsal', '{"title": "Elsewhere"}', '"5"')$$, '412 Event was modified: current version is 6');
SELECT t.refused($$sp_delete_event(t.id('mira'), t.e('Rehearsal'), '"5"')$$, '412 Event was modified: current version is 6');
SELECT is((t.updates('mira', 'Rehearsal', '{"title": "Again"}', '"6"')).headers::jsonb ->> 'ETag', '"7"',
          'the version that is meant lets through');
SELECT is(t.good(t.updates('mira', 'Rehearsal', '{"end_time": "2031-05-01T09:00:00Z"}'), 422) -> 'detail',
          '[{"loc": ["body", "end_time"], "msg": "Value error, End time must be after start time", "type": "value_error"}]',
          'the resulting end is judged');
SELECT t.refused($$t.updates('mira', 'Rehearsal', '{"start_time": "2031-05-01T10:00:00Z"}', '"1"')$$,
       '412 Event was modified: current version is 7');

-- ---- levels ---------------------------------------------------------------------------------------------------

SELECT is(t.said(t.shares('mira', 'Rehearsal', 'jo', 'viewer')), '201', 'a viewer');
SELECT is(t.said(t.shares('mira', 'Rehearsal', 'ann', 'editor')), '201', 'an editor');
SELECT is(t.said(t.shares('mira', 'Rehearsal', 'bob', 'owner')), '201', 'a co-owner');

-- Each operation, and what each caller is told: a stranger, the viewer, the editor.
CREATE TABLE t.cells (call text, stranger text, viewer text, editor text);
INSERT INTO t.cells VALUES
    ('sp_get_event(%s, %s, NULL)', 'Insufficient permissions to view event', NULL, NULL),
    ('sp_get_history(%s, %s, 0, 1)', 'Insufficient permissions to view event history', NULL, NULL),
    ('sp_get_version(%s, %s, 1)', 'Insufficient permissions to view event version', NULL, NULL),
    ('sp_compare_versions(%s, %s, 1, 1)', 'Insufficient permissions to compare versions', NULL, NULL),
    ('sp_get_changelog(%s, %s, 0, 1)', 'Insufficient permissions to view changelog', NULL, NULL),
    ('sp_get_permissions(%s, %s)', 'Insufficient permissions to view event permissions', NULL, NULL),
    ('sp_get_collaborators(%s, %s)', 'Insufficient permissions to view collaborators', NULL, NULL),
    ('sp_update_event(%s, %s, NULL, ''{}'', false)', 'Insufficient permissions to update event',
     'Insufficient permissions to update event', NULL),
    ('sp_delete_event(%s, %s, NULL)', 'Only event owner can delete event', 'Only event owner can delete event',
     'Only event owner can delete event'),
    ('sp_share_event(%s, %s, ''[]'')', 'Only owners can share events', 'Only owners can share events', 'Only owners can share events'),
    ('sp_update_permission(%s, %s, t.n(''jo''), ''viewer'')', 'Only owners can modify permissions', 'Only owners can modify permissions',
     'Only owners can modify permissions'),
    ('sp_revoke_permission(%s, %s, t.n(''bob''))', 'Only owners can revoke permissions', 'Only owners can revoke permissions',
     'Only owners can revoke permissions');
SELECT t.refused(format(c.call, format('t.id(%L)', w.who), 't.e(''Rehearsal'')'), coalesce('403 ' || w.told, '200'))
  FROM t.cells c, LATERAL (VALUES ('dee', c.stranger), ('jo', c.viewer), ('ann', c.editor)) w (who, told);
SELECT t.refused($$t.rolls_back('jo', 'Rehearsal', 99)$$, '403 Insufficient permissions to rollback event');
SELECT t.refused(format(c.call, format('t.id(%L)', w), '999999999'), '404 Event not found') FROM t.cells c, unnest(ARRAY['mira', 'dee']) w;

SELECT is((SELECT array_agg(level_of(t.a('Rehearsal'), t.id(w))::text ORDER BY n) FROM unnest(
              ARRAY['mira', 'bob', 'ann', 'jo', 'dee']) WITH ORDINALITY u (w, n)),
          ARRAY['owner', 'owner', 'editor', 'viewer', NULL], 'levels');
SELECT is(t.good(t.shares('bob', 'Rehearsal', 'mira', 'viewer'), 201) -> 'shared_with' -> 0 ->> 'error',
          'Cannot modify owner''s permissions', 'nobody changes the owner''s');
SELECT t.refused($$sp_update_permission(t.id('bob'), t.e('Rehearsal'), t.n('mira'), 'viewer')$$, '400 Cannot modify owner''s permissions');
SELECT t.refused($$sp_revoke_permission(t.id('bob'), t.e('Rehearsal'), t.n('mira'))$$, '400 Cannot revoke owner''s permissions');
SELECT t.refused($$sp_revoke_permission(t.id('mira'), t.e('Rehearsal'), t.n('mira'))$$, '400 Cannot revoke owner''s permissions');
SELECT t.refused($$sp_revoke_permission(t.id('mira'), t.e('Rehearsal'), t.n('dee'))$$, '404 Permission not found');
SELECT t.refused($$sp_update_permission(t.id('mira'), t.e('Rehearsal'), 999999999, 'viewer')$$, '404 User not found');
SELECT t.refused($$sp_share_event(t.id('mira'), t.e('Rehearsal'), (SELECT jsonb_agg(jsonb_build_object('user_id', n, 'permission_level', 'viewer'))
                  FROM unnest(ARRAY[t.n('dee'), 999999999, 999999998]) n))$$, '400 Users not found: [999999998, 999999999]');
SELECT t.refused($$t.shares('mira', 'Rehearsal', 'jo', 'viewer')$$, '201');

-- A row keeps when it was granted; who set the present level, and when, it says too.
SELECT is(t.said(t.shares('bob', 'Rehearsal', 'jo', 'editor')), '201', 'another level');
SELECT is(ARRAY[p ->> 'permission_level', p ->> 'granted_by', (p ->> 'updated_at' > p ->> 'granted_at')::text],
          ARRAY['editor', t.n('bob')::text, 'true'], 'one row, by whoever set it')
  FROM jsonb_array_elements(t.good(sp_get_permissions(t.id('ann'), t.e('Rehearsal')))) p WHERE (p ->> 'user_id')::bigint = t.n('jo');
SELECT is(t.said(sp_revoke_permission(t.id('jo'), t.e('Rehearsal'), t.n('jo'))), '200', 'whoever has a permission may leave');
SELECT t.refused($$sp_revoke_permission(t.id('jo'), t.e('Rehearsal'), t.n('jo'))$$, '403 Only owners can revoke permissions');
SELECT is(t.good(sp_get_collaborators(t.id('ann'), t.e('Rehearsal'))) #>> '{collaborators,0,role}', 'owner', 'the owner comes first');

-- Who is in a block with the caller cannot be brought in.
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('cy'), t.id('mira'));
SELECT is(t.good(t.shares('mira', 'Rehearsal', 'cy', 'viewer'), 201) -> 'shared_with' -> 0 ->> 'error', 'User unavailable',
          'a block stands between');
SELECT is((SELECT count(*) FROM permissions WHERE user_id = t.id('cy')), 0::bigint, 'and nothing is granted');

-- ---- the calendar ---------------------------------------------------------------------------------------------

SELECT is(t.said(t.makes('mira', 'touches before', '08:00', '09:00')), '201', 'what touches does not overlap');
SELECT is(t.said(t.makes('mira', 'touches after', '10:00', '11:00')), '201', 'nor at the other end');
SELECT t.refused($$t.makes('mira', 'x', '09:30', '09:45')$$, '409 Event conflicts with existing event: Again');
SELECT is(t.good(t.makes('mira', 'x', '08:30', '10:30'), 409) -> 'conflict_count', '3', 'all are counted');
SELECT is(ARRAY(SELECT c ->> 'title' FROM jsonb_array_elements(t.good(t.makes('mira', 'x', '08:30', '10:30'), 409) -> 'conflicts') c),
          ARRAY['touches before', 'Again', 'touches after'], 'and told by their start');
SELECT is(t.said(t.makes('ann', 'hers', '09:30', '09:45')), '201', 'the calendars of others do not count, though their events be shared');
SELECT is(t.said(t.makes('mira', 'twice', '09:30', '09:45', true)), '201', 'people book twice on purpose');

-- It is the owner's calendar, whoever calls; the caller is told no more than they may see.
SELECT is(t.said(t.makes('mira', 'later', '14:00', '15:00')), '201', 'another of hers');
SELECT is(t.said(t.makes('mira', 'secret', '16:00', '17:00')), '201', 'that nobody else sees');
SELECT is(t.said(t.shares('mira', 'later', 'ann', 'editor')), '201', 'an editor');
SELECT t.refused($$t.updates('ann', 'later', '{"start_time": "2031-05-01T16:30:00Z", "end_time": "2031-05-01T18:00:00Z"}')$$,
       '409 Event conflicts with existing event: (private)');
SELECT is(t.good(t.updates('ann', 'later', '{"end_time": "2031-05-01T16:30:00Z"}'), 409) -> 'conflicts',
          '[{"id": null, "title": null, "start_time": "2031-05-01T16:00:00Z", "end_time": "2031-05-01T17:00:00Z"}]',
          'only the times of what the editor may not see');
SELECT is(t.said(t.updates('ann', 'later', '{"start_time": "2031-05-01T16:30:00Z", "end_time": "2031-05-01T18:00:00Z"}', NULL, true)),
          '200', 'unless it is wanted');
SELECT is(t.said(t.updates('ann', 'later', '{"title": "moved", "start_time": "2031-05-01T16:30:00Z"}')), '200',
          'an interval that stays is not looked at');
SELECT is(t.said(t.makes('mira', 'taken', '14:00', '14:30')), '201', 'its old place is taken meanwhile');
SELECT t.refused($$t.rolls_back('mira', 'later', 1)$$, '409 Event conflicts with existing event: taken');
SELECT is(t.said(t.rolls_back('mira', 'later', 1, NULL, true)), '200', 'unless it is wanted');

-- What is no event here, or has no end of its own, is in nobody's way.
SELECT lives_ok($$SELECT create_activity(jsonb_build_object('organizer_user_id', t.id('dee'), 'title', x,
                      'scheduled_at', '2031-05-01T09:00:00Z'::timestamptz) || f, false)
                  FROM (VALUES ('draft', '{"status": "draft", "duration_minutes": 60}'::jsonb),
                               ('cancelled', '{"status": "cancelled", "duration_minutes": 60}'), ('open end', '{}')) v (x, f)$$, 'made elsewhere');
SELECT is(t.said(t.makes('dee', 'among them', '09:00', '10:00')), '201', 'nothing stands in the way');
SELECT lives_ok($$SELECT create_activity(jsonb_build_object('organizer_user_id', t.id('dee'), 'title', 'lasts',
                      'scheduled_at', '2031-05-01T12:00:00Z'::timestamptz, 'duration_minutes', 60), false)$$, 'one that lasts an hour');
SELECT t.refused($$t.makes('dee', 'x', '12:59', '14:00')$$, '409 Event conflicts with existing event: lasts');

-- A batch is all or none, and its items stand in each other's way.
CREATE FUNCTION t.batch(p_by text, p_allow boolean, VARIADIC p_items json[]) RETURNS activity.reply LANGUAGE sql AS $$
    SELECT collaboration.sp_create_events(t.id(p_by), array_to_json(p_items), p_allow)
$$;
SELECT t.refused($$t.batch('dee', false, t.body('a', '18:00', '19:00'), t.body('b', '18:30', '19:30'), t.body('c', '09:30', '18:15'))$$,
                 '400 Batch creation failed: 2 of 3 events cannot be created');
SELECT is(ARRAY(SELECT concat_ws(' ', e -> 'index', c ->> 'index', c ->> 'title')
                FROM jsonb_array_elements(t.good(t.batch('dee', false, t.body('a', '18:00', '19:00'), t.body('b', '18:30', '19:30'),
                     t.body('c', '09:30', '18:15')), 400) -> 'errors')
                     WITH ORDINALITY x (e, n), jsonb_array_elements(e -> 'conflicts') WITH ORDINALITY y (c, m) ORDER BY n, m),
          ARRAY['1 0 a', '2 among them', '2 lasts', '2 0 a'], 'stored events first, then earlier items, those that fail themselves too');
SELECT is(jsonb_array_length(t.good(t.batch('dee', false, t.body('a', '18:00', '19:00'), t.body('b', '19:00', '20:00')), 201)), 2,
          'two that fit');
SELECT is(jsonb_array_length(t.good(t.batch('dee', true, t.body('a', '18:00', '19:00'), t.body('a', '18:00', '19:00')), 201)), 2,
          'or that are wanted');

-- ---- deletion and restoration ---------------------------------------------------------------------------------

SELECT is(t.said(sp_delete_event(t.id('bob'), t.e('Rehearsal'), NULL)), '204', 'a co-owner deletes');
SELECT is((t.line('Rehearsal'))[8], '8 deleted: Event deleted', 'which makes a version');
SELECT t.refused(format(c.call, 't.id(''mira'')', 't.e(''Rehearsal'')'), '404 Event not found') FROM t.cells c;
SELECT t.refused($$sp_restore_event(t.id('ann'), t.e('Rehearsal'), false)$$, '404 Event not found');
SELECT t.refused($$sp_restore_event(t.id('dee'), t.e('Rehearsal'), false)$$, '404 Event not found');
SELECT t.refused($$sp_restore_event(t.id('mira'), t.e('later'), false)$$, '404 Event not found');
SELECT t.refused($$sp_restore_event(t.id('mira'), t.e('Rehearsal'), false)$$, '409 Event conflicts with existing event: twice');
SELECT is(t.said(sp_delete_event(t.id('mira'), t.e('twice'), NULL)), '204', 'that one is deleted');
SELECT is(t.good(sp_restore_event(t.id('bob'), t.e('Rehearsal'), false)) ->> 'version', '9', 'so there is room: it is back');
SELECT is((t.line('Rehearsal'))[9], '9 restored: Event restored', 'as a version');
SELECT is(level_of(t.a('Rehearsal'), t.id('ann'))::text, 'editor', 'with its permissions');
SELECT t.refused($$sp_restore_event(t.id('mira'), t.e('twice'), false)$$, '409 Event conflicts with existing event: Again');
UPDATE activities SET deleted_at = clock_timestamp() - interval '30 days 1 second' WHERE activity_id = t.a('twice');
SELECT t.refused($$sp_restore_event(t.id('mira'), t.e('twice'), true)$$, '404 Event not found');

-- ---- the list -------------------------------------------------------------------------------------------------

SELECT is(ARRAY(SELECT e ->> 'title' FROM jsonb_array_elements(t.good(sp_list_events(t.id('ann'), 0, 100, NULL, NULL, false, NULL))) e),
          ARRAY['Again', 'hers', 'later'],
          'what one owns or has a permission on, by start');
SELECT is(ARRAY(SELECT e ->> 'title' FROM jsonb_array_elements(t.good(sp_list_events(t.id('ann'), 0, 100, NULL, NULL, true, NULL))) e),
          ARRAY['hers'], 'or owns');
SELECT is((sp_list_events(t.id('ann'), 1, 1, NULL, NULL, false, NULL)).headers::jsonb, '{"X-Total-Count": "3"}', 'the count is of all');
SELECT is(ARRAY(SELECT e ->> 'title' FROM jsonb_array_elements(t.good(sp_list_events(t.id('ann'), 0, 100, '2031-05-01T09:30:00Z',
          '2031-05-01T15:00:00Z', false, NULL))) e),
          ARRAY['hers', 'later'], 'both bounds are within');
SELECT is(ARRAY(SELECT e ->> 'title' FROM jsonb_array_elements(t.good(sp_list_events(t.id('ann'), 0, 100, NULL, NULL, false, 'ER'))) e),
          ARRAY['hers', 'later'], 'letters of any case');
SELECT is(t.good(sp_list_events(t.id('ann'), 0, 100, NULL, NULL, false, '%')), '[]', 'a percent sign is itself');

SELECT is_empty('SELECT * FROM activity.broken()', 'every invariant holds');
SELECT * FROM finish();
ROLLBACK;
