-- Plans: among 100 000 events no procedure of the collaboration API reads a table through, and each reads about as many rows as its answer needs, with the
-- plans of the first calls and with those that are kept after the fifth.
BEGIN;
SELECT plan(25);
CREATE SCHEMA t;
SET LOCAL search_path = t, public, collaboration, activity;
SET LOCAL timezone = 'UTC';

CREATE FUNCTION t.p(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('person ' || n)::uuid $$;
CREATE FUNCTION t.a(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('event ' || n)::uuid $$;
CREATE FUNCTION t.e(n bigint) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT number FROM activity.activities WHERE activity_id = t.a(n) $$;
CREATE FUNCTION t.u(n bigint) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT number FROM activity.users WHERE user_id = t.p(n) $$;

-- Ten thousand people with ten events each, one after another; the third of each has a line of 60 versions among the first hundred; every event is shared with two.
INSERT INTO users (user_id, username, email) SELECT t.p(n), 'person' || n, 'person' || n || '@example.org' FROM generate_series(1, 10000) n;
INSERT INTO activities (activity_id, organizer_user_id, title, description, activity_privacy_level, scheduled_at, ends_at)
SELECT t.a(n), t.p(1 + n / 10), 'Event ' || n, repeat('What we do and where. ', 10), 'invite_only', x.at, x.at + interval '1 hour'
  FROM generate_series(0, 99999) n, LATERAL (SELECT timestamptz '2031-01-01' + n % 10 * interval '1 day' + n % 7 * interval '1 minute' AS at) x;
INSERT INTO places (activity_id) SELECT activity_id FROM activities WHERE title LIKE 'Event %';
INSERT INTO activity_versions (activity_id, version_number, kind, data, changed_by, change_summary)
SELECT activity_id, 1, 'created', version_data(a), organizer_user_id, 'Initial creation' FROM activities a WHERE title LIKE 'Event %';
INSERT INTO permissions (activity_id, user_id, level, granted_by)
SELECT t.a(n), t.p(1 + (n / 10 + k * 97) % 10000), (ARRAY['viewer', 'editor'])[k]::grant_level, t.p(1 + n / 10) FROM generate_series(0, 99999) n, generate_series(1, 2) k;
UPDATE activities SET version = 60 WHERE activity_id IN (SELECT t.a(n) FROM generate_series(3, 99) n);
INSERT INTO activity_versions (activity_id, version_number, kind, data, changed_by, change_summary)
SELECT a.activity_id, k, 'updated', version_data(a), a.organizer_user_id, 'Updated: x' FROM generate_series(3, 99) n, generate_series(2, 60) k, activities a
 WHERE a.activity_id = t.a(n);
INSERT INTO sessions (sid, user_id, api, refresh_jti, rotated_at, created_at, expires_at)
SELECT md5('session ' || n)::uuid, t.p(1 + n % 10000), 'collaboration', t.a(n), now(), now(), now() + interval '7 days' FROM generate_series(1, 20000) n;
ANALYZE;

\ir lib/lean.sql

SELECT t.lean($$sp_get_me(t.p(77))$$, 10);
SELECT t.lean($$sp_list_events(t.p(77), 0, 100, NULL, NULL, false, NULL)$$, 400);
SELECT t.lean($$sp_list_events(t.p(77), 0, 100, NULL, NULL, true, 'event')$$, 300);
SELECT t.lean($$sp_list_events(t.p(77), 5, 5, '2031-01-03', '2031-01-09', false, '7')$$, 300);
SELECT t.lean($$sp_get_event(t.p(1), t.e(3), NULL)$$, 30);
SELECT t.lean($$sp_get_event(t.p(1), t.e(3), '"60"')$$, 30, 304);
SELECT t.lean($$sp_get_event(t.p(9000), t.e(3), NULL)$$, 30, 403);
SELECT t.lean($$sp_get_history(t.p(1), t.e(3), 0, 20)$$, 120);
SELECT t.lean($$sp_get_version(t.p(1), t.e(3), 7)$$, 40);
SELECT t.lean($$sp_compare_versions(t.p(1), t.e(3), 7, 60)$$, 40);
SELECT t.lean($$sp_get_changelog(t.p(1), t.e(3), 0, 50)$$, 200);
SELECT t.lean($$sp_get_permissions(t.p(1), t.e(3))$$, 60);
SELECT t.lean($$sp_get_collaborators(t.p(1), t.e(3))$$, 60);
SELECT t.lean($$sp_create_event(t.p(5), '{"title": "x", "start_time": "2031-01-01T00:00:00Z", "end_time": "2031-01-20T00:00:00Z"}', false)$$, 200, 409);
SELECT t.lean($$sp_create_event(t.p(5), '{"title": "x", "start_time": "2032-01-01T00:00:00Z", "end_time": "2032-01-20T00:00:00Z"}', true)$$, 200, 201);
SELECT t.lean($$sp_create_events(t.p(6), '[{"title": "x", "start_time": "2031-01-01T00:00:00Z", "end_time": "2031-01-20T00:00:00Z"}]', false)$$, 200, 400);
SELECT t.lean($$sp_update_event(t.p(1), t.e(4), NULL, '{"start_time": "2031-01-01T00:00:00Z"}', false)$$, 200, 409);
SELECT t.lean($$sp_update_event(t.p(1), t.e(4), '"1"', '{"title": "y"}', false)$$, 60, 412);
SELECT t.lean($$sp_update_event(t.p(1), t.e(5), NULL, json_build_object('title', clock_timestamp()), false)$$, 100);
SELECT t.lean($$sp_rollback_event(t.p(1), t.e(6), 2, NULL, NULL, false)$$, 100);
SELECT t.lean($$sp_share_event(t.p(1), t.e(7), jsonb_build_array(jsonb_build_object('user_id', t.u(50), 'permission_level', 'viewer')))$$, 100, 201);
SELECT t.lean($$sp_update_permission(t.p(1), t.e(7), t.u(50), 'editor')$$, 100);
SELECT t.lean($$sp_revoke_permission(t.p(1), t.e(7), t.u(51))$$, 100, 404);
SELECT t.lean($$(SELECT (200, '', '')::activity.reply FROM sp_rotate(md5('session 9')::uuid, t.a(1), 600))$$, 60);
SELECT t.lean($$(SELECT (200, '', '')::activity.reply FROM sp_credentials('PERSON7@example.org'))$$, 20);

SELECT * FROM finish();
ROLLBACK;
