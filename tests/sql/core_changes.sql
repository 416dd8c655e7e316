-- Making, editing, deleting and restoring; versions; the calendar; what is told, moved and pruned.
BEGIN;
SELECT plan(96);
\ir lib/core.sql
SELECT t.person('org', 'a', 'b', 'c') \g /dev/null
CREATE FUNCTION t.act(p_name text) RETURNS activities LANGUAGE sql AS $$ SELECT a FROM activities a WHERE activity_id = t.a(p_name) $$;
CREATE FUNCTION t.edit(p_name text, p_patch jsonb, p_keeps text DEFAULT 'duration') RETURNS text LANGUAGE sql AS $$
    SELECT outcome || CASE WHEN outcome = 'changed' THEN ' ' || array_to_string(changed, ' ') ELSE '' END
      FROM activity.edit_activity(t.a(p_name), p_patch, t.id('org'), NULL, p_keeps)
$$;
CREATE FUNCTION t.summary(p_name text) RETURNS text LANGUAGE sql AS $$
    SELECT change_summary FROM activity_versions WHERE activity_id = t.a(p_name) ORDER BY version_number DESC LIMIT 1
$$;

-- ---- making ----

SELECT t.make('e', 'org', '{"scheduled_at": "2031-05-04T18:00:00", "tags": ["b", "a"], "recurrence_pattern": {"x": [1, null]}, "max_participants": 7, "slug": "e-1"}') \g /dev/null
SELECT is((t.act('e')).scheduled_at, timestamptz '2031-05-04 18:00:00+00', 'without an offset it is UTC'),
       is((t.act('e')).tags, '{b,a}', 'tags as given'), is((t.act('e')).recurrence_pattern, '{"x": [1, null]}', 'a pattern as given'),
       is((t.act('e')).over_at, timestamptz '2031-05-05 18:00:00+00', 'no end: 24 hours'),
       is((t.act('e')).updated_at, NULL, 'never changed yet'),
       is((SELECT ARRAY[max_participants, current_participants_count] FROM places WHERE activity_id = t.a('e')), '{7,0}', 'its places');
SELECT is(t.told(), 'activity.created, version 1', 'told');
SELECT is((create_activity('{"title": "x", "scheduled_at": "2031-01-01T00:00:00Z", "slug": "e-1"}', false)).activity_id, NULL, 'a slug is taken once'),
       is((create_activity(jsonb_build_object('title', 'x', 'scheduled_at', now(), 'slug', upper(t.a('e')::text)), false)).activity_id, NULL, 'as is the text of an id');
SELECT is(a.status, 'completed', 'made completed'), isnt(a.completed_at, NULL, 'at some time'), is(a.date_text, '2026-05-02', 'in these words'), is(a.status_word, NULL, 'a word is for what is published')
  FROM create_activity('{"title": "x", "scheduled_at": "2026-05-02T00:00:00Z", "date_text": "2026-05-02", "status": "completed", "status_word": "ongoing"}', false) a;
SELECT is(a.date_text, NULL, 'words that mean another instant are not kept')
  FROM create_activity('{"title": "x", "scheduled_at": "2026-05-02T00:00:00Z", "date_text": "2026-05-03"}', false) a;
SELECT throws_ok($$SELECT create_activity('{"title": "x", "scheduled_at": "2026-05-02T00:00:00Z", "capacity": 3}', false)$$, '42703', NULL, 'a misspelt column is a fault');

-- ---- editing ----

SELECT t.told() \g /dev/null
SELECT is(t.edit('e', '{}'), 'unchanged', 'nothing'), is(t.edit('e', '{"title": "e", "tags": ["b", "a"], "max_participants": 7}'), 'unchanged', 'the same again');
SELECT is((t.act('e')).updated_at, NULL, 'leaves no trace'), is(t.told(), '', 'and tells nobody');
SELECT is(t.edit('e', '{"city": "Gent"}'), 'changed city', 'what is not versioned'), is(t.edit('e', '{"waitlist_enabled": false}'), 'changed waitlist_enabled', 'of either table');
SELECT isnt((t.act('e')).updated_at, NULL, 'is a change'), is((t.act('e')).version, 1, 'without a version');
SELECT is(t.told(), 'activity.updated, activity.updated', 'told as such');
SELECT is(t.edit('e', '{"title": "E", "description": "long"}'), 'changed title description', 'what is versioned');
SELECT is((t.act('e')).version, 2, 'makes a version'), is(t.summary('e'), 'Updated: title: e → E, description: null → long', 'which says what');
SELECT is(t.told(), 'activity.updated, version 2', 'and is told');
SELECT is(outcome, 'not-found', 'what is not there') FROM edit_activity(t.id('none'), '{}', NULL);
SELECT throws_ok($$SELECT t.edit('e', '{"version": 3}')$$, '42703', NULL, 'no column that is not to be set');

-- The end, however it was said.
SELECT is(t.edit('e', '{"duration_minutes": 90}'), 'changed duration_minutes', 'a duration');
SELECT is(t.summary('e'), 'Updated: end_time: null → 2031-05-04T19:30:00Z', 'is an end of its own');
SELECT is(t.edit('e', '{"ends_at": "2031-05-04T19:30:00Z"}'), 'changed ends_at duration_minutes', 'an end replaces it');
SELECT is((t.act('e')).version, 3, 'the same end is no version');
SELECT is(t.edit('e', '{"scheduled_at": "2031-05-04T17:00:00Z"}'), 'changed scheduled_at ends_at', 'a new start keeps the duration');
SELECT is((t.act('e')).ends_at, timestamptz '2031-05-04 18:30:00+00', 'so the end moves'), is(t.summary('e'), 'Updated: start_time: 2031-05-04T18:00:00Z → 2031-05-04T17:00:00Z, end_time: 2031-05-04T19:30:00Z → 2031-05-04T18:30:00Z', 'in two fields');
SELECT is(t.edit('e', '{"scheduled_at": "2031-05-04T17:30:00.5Z"}', 'end'), 'changed scheduled_at', 'or keeps the end');
SELECT is(t.summary('e'), 'Updated: start_time: 2031-05-04T17:00:00Z → 2031-05-04T17:30:00.500000Z', 'in one');
SELECT is(t.edit('e', '{"scheduled_at": "2031-05-04T18:30:00Z"}', 'end'), 'end-before-start', 'which it must be ahead of'), is(t.edit('e', '{"ends_at": "2031-05-04T17:30:00.5Z"}'), 'end-before-start', 'not at');
SELECT is(t.edit('e', '{"duration_minutes": 60}'), 'changed ends_at duration_minutes', 'a duration replaces an end');
SELECT is(t.edit('e', '{"scheduled_at": "2031-05-04T18:00:00Z"}', 'end'), 'changed scheduled_at ends_at duration_minutes', 'an end that was a duration is kept as an end');
SELECT is((t.act('e')).ends_at, timestamptz '2031-05-04 18:30:00.5+00', 'at its instant');
SELECT is(t.edit('e', '{"duration_minutes": null}'), 'changed ends_at', 'none of the one kind is none of either');
SELECT is(t.edit('e', '{"scheduled_at": "2031-05-04T19:00:00Z"}', 'end'), 'changed scheduled_at', 'no end is kept as none');
SELECT is(t.edit('e', '{"scheduled_at": "9999-12-31T23:00:00Z", "duration_minutes": 10080}'), 'changed scheduled_at duration_minutes', 'the last hour there is');
SELECT is((t.act('e')).over_at, timestamptz '9999-12-31 23:59:59.999999+00', 'ends with time'), is(version_data(t.act('e')) ->> 'end_time', '9999-12-31T23:59:59.999999Z', 'as shown');

-- Words and states.
SELECT is(t.edit('e', '{"scheduled_at": "2031-05-04T00:00:00Z", "date_text": "2031-05-04", "status_word": "ongoing", "duration_minutes": null}'),
          'changed status_word scheduled_at date_text duration_minutes', 'in words');
SELECT is(t.edit('e', '{"scheduled_at": "2031-05-04T02:00:00+02:00"}'), 'unchanged', 'the same instant keeps them');
SELECT is(t.edit('e', '{"scheduled_at": "2031-05-04T00:00:01Z"}'), 'changed scheduled_at date_text', 'another does not'), is((t.act('e')).date_text, NULL, 'so they are gone');
SELECT is(t.edit('e', '{"status": "cancelled"}'), 'changed status status_word', 'a state too'), isnt((t.act('e')).cancelled_at, NULL, 'has its time'), is((t.act('e')).status_word, NULL, 'and ends its word');
SELECT is(t.edit('e', '{"status": "published", "status_word": "scheduled"}'), 'changed status status_word', 'open again'), is((t.act('e')).cancelled_at, NULL, 'no longer cancelled');
SELECT is((SELECT payload - 'changed' FROM outbox WHERE kind = 'activity.updated' ORDER BY change_id DESC LIMIT 1), '{"was": "cancelled", "status": "published"}', 'told with both');

-- ---- versions ----

SELECT is(change_summary('{"title": "a", "recurrence_pattern": null, "is_recurring": false}',
                         jsonb_build_object('title', repeat('é', 101), 'recurrence_pattern', '{"b": 1}'::jsonb, 'is_recurring', true)),
          'Updated: title: a → ' || repeat('é', 100) || '…, is_recurring: false → true, recurrence_pattern: null → {"b": 1}', 'summaries: cut after 100 characters, the rest as JSON');
SELECT is(change_summary('{"title": "a"}', '{"title": "a"}'), NULL, 'none where nothing differs');
CREATE TABLE t.second AS SELECT data FROM activity_versions WHERE activity_id = t.a('e') AND version_number = 2;
SELECT is(x.outcome, 'changed', 'rolled back') FROM t.second, edit_activity(t.a('e'), version_patch(data), t.id('a'), 'why', 'duration', 2) x;
SELECT is(version_data(t.act('e')), data, 'to what it was') FROM t.second;
SELECT is(ARRAY[kind::text, change_summary, change_reason, t.name(changed_by)], ARRAY['rolled_back', 'Rollback to version 2', 'why', 'a'], 'in a version of its own')
  FROM activity_versions WHERE activity_id = t.a('e') ORDER BY version_number DESC LIMIT 1;
SELECT is(x.version, (t.act('e')).version, 'again, though nothing differs') FROM t.second, edit_activity(t.a('e'), version_patch(data), t.id('a'), NULL, 'duration', 2) x;
SELECT is((SELECT array_agg(version_number ORDER BY id) FROM activity_versions WHERE activity_id = t.a('e')), ARRAY(SELECT generate_series(1, (t.act('e')).version)), 'without gap');

-- ---- the calendar ----

SELECT t.make('c1', 'org', '{"scheduled_at": "2031-06-01T10:00:00Z", "duration_minutes": 60}'), t.make('c2', 'org', '{"scheduled_at": "2031-06-01T11:00:00Z", "ends_at": "2031-06-01T12:00:00Z"}'),
       t.make('c3', 'org', '{"scheduled_at": "2031-06-01T10:00:00Z"}'), t.make('c4', 'org', '{"scheduled_at": "2031-06-01T10:00:00Z", "duration_minutes": 60, "status": "draft"}'),
       t.make('c5', 'org', '{"scheduled_at": "2031-06-01T10:00:00Z", "duration_minutes": 60, "status": "cancelled"}'), t.make('c6', 'a', '{"scheduled_at": "2031-06-01T10:00:00Z", "duration_minutes": 60}') \g /dev/null
CREATE FUNCTION t.conflicts(p_from time, p_to time, p_except text DEFAULT NULL) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(title, ' ') FROM calendar_conflicts(t.id('org'), '2031-06-01 UTC'::timestamptz + p_from, '2031-06-01 UTC'::timestamptz + p_to, t.a(p_except))
$$;
SELECT is(t.conflicts('10:30', '11:30'), 'c1 c2', 'what has an end of its own and takes place'), is(t.conflicts('10:30', '11:00'), 'c1', 'what touches does not conflict'),
       is(t.conflicts('12:00', '13:00'), NULL, 'on either side'), is(t.conflicts('10:00', '12:00', 'c1'), 'c2', 'never with itself');

-- ---- deleting, restoring ----

SELECT t.make('d', 'org', '{"slug": "d-1", "max_participants": 1}'), t.join_all('d', 'a', 'b') \g /dev/null
SELECT invite(t.a('d'), t.id('c'), t.id('org'), NULL, NULL, clock_timestamp()) \g /dev/null
INSERT INTO tasks (activity_id, creator_user_id, title) VALUES (t.a('d'), t.id('org'), 'x');
INSERT INTO votes (activity_id, creator_user_id, title) VALUES (t.a('d'), t.id('org'), 'x');
INSERT INTO permissions (activity_id, user_id, level) VALUES (t.a('d'), t.id('c'), 'owner');
INSERT INTO attendance_confirmations (activity_id, confirmer_user_id, confirmed_user_id) VALUES (t.a('d'), t.id('a'), t.id('b'));
UPDATE users SET verification_count = 1 WHERE user_id = t.id('b');
SELECT t.told() \g /dev/null
SELECT isnt(delete_activity(t.a('d'), t.id('org')), NULL, 'deleted'), is(delete_activity(t.a('d'), t.id('org')), NULL, 'once');
SELECT is(t.counts('d'), '{0,0,0}', 'no counts'), is(t.rows('d'), ' | ', 'no rows'), is((t.act('d')).slug, NULL, 'no slug'), is(t.told(), 'activity.deleted, version 2', 'told');
SELECT is((SELECT audience FROM outbox WHERE kind = 'activity.deleted'), ARRAY(SELECT number FROM users WHERE user_id IN (t.id('a'), t.id('b'), t.id('c')) ORDER BY 1), 'to whoever saw it by a row');
SELECT is(ARRAY[(SELECT count(*) FROM tasks WHERE activity_id = t.a('d')), (SELECT count(*) FROM votes WHERE activity_id = t.a('d')), (SELECT count(*) FROM activity_invitations WHERE activity_id = t.a('d')),
                (SELECT count(*) FROM permissions WHERE activity_id = t.a('d')), (SELECT count(*) FROM attendance_confirmations WHERE activity_id = t.a('d'))], '{0,0,0,1,1}', 'what goes and what stays');
SELECT is(level_of(t.a('d'), t.id('c')), 'owner', 'grants hold, for who restores'), is(x.outcome, 'not-found', 'but nobody edits it') FROM edit_activity(t.a('d'), '{}', NULL) x;
SELECT isnt((create_activity('{"title": "x", "scheduled_at": "2031-01-01T00:00:00Z", "slug": "d-1"}', false)).activity_id, NULL, 'the slug is free');
SELECT is(restore_activity(t.a('d'), t.id('c')), true, 'restored'), is(restore_activity(t.a('d'), t.id('c')), false, 'once');
SELECT is((SELECT string_agg(kind::text || ' ' || change_summary, ', ' ORDER BY version_number) FROM activity_versions WHERE activity_id = t.a('d')),
          'created Initial creation, deleted Event deleted, restored Event restored', 'a version each');

-- ---- told, moved, pruned ----

SELECT t.sound();
CREATE TABLE t.box AS SELECT kind, n, activity_id, row_number() OVER (ORDER BY change_id) AS place FROM outbox;
SELECT is(x.moved, (SELECT count(*) FROM t.box)::int, 'all moved') FROM publish(0) x;
SELECT results_eq('SELECT kind, n, activity_id FROM changes_after(0)', 'SELECT kind, n, activity_id FROM t.box ORDER BY place', 'in their order');
SELECT is(last_position(), (SELECT max(position) FROM changes), 'the last'), is(x.moved, 0, 'nothing twice') FROM publish(0) x;
SELECT is((SELECT count(*) FROM changes_after(last_position() - 3)), 3::bigint, 'from a position on'), is((SELECT count(*) FROM changes_after(0, 2)), 2::bigint, 'so many at most');
INSERT INTO votes (activity_id, creator_user_id, title, ends_at, ended_sent_at) VALUES (t.a('e'), t.id('a'), 'over', now() - interval '1 s', NULL), (t.a('e'), t.id('a'), 'told', now() - interval '1 s', now()), (t.a('e'), t.id('a'), 'runs', now() + interval '1 h', NULL);
SELECT is(end_votes(), 1, 'one vote is over'), is(end_votes(), 0, 'and told once');

UPDATE changes SET created_at = created_at - interval '11 minutes';
INSERT INTO revoked_tokens VALUES ('\x01', now() - interval '1 s'), ('\x02', now() + interval '1 h');
SELECT open_session(t.id('a'), 'gatherhub', t.id('s1'), t.id('j'), -86401), open_session(t.id('a'), 'gatherhub', t.id('s2'), t.id('j'), -86000) \g /dev/null
SELECT delete_activity(t.a('d'), NULL) \g /dev/null
UPDATE activities SET deleted_at = now() - interval '30 days 1 second' WHERE activity_id = t.a('d');
SELECT is(prune(), (SELECT count(*) - 1 + 3 FROM changes)::int, 'what nothing can use is pruned');
SELECT is(ARRAY[(SELECT count(*) FROM changes), (SELECT count(*) FROM revoked_tokens), (SELECT count(*) FROM sessions), (SELECT count(*) FROM activities WHERE activity_id = t.a('d')),
                (SELECT count(*) FROM places WHERE activity_id = t.a('d')), (SELECT count(*) FROM attendance_confirmations WHERE activity_id IS NULL)], '{1,1,1,0,0,1}', 'but for the newest change, and what counts');
SELECT t.sound();
SELECT * FROM finish();
ROLLBACK;
