-- Plans: on a platform of 100 000 activities and 1 000 000 participants, no procedure of the GatherHub API reads a table through but for what it counts, and
-- each page reads about as many rows as it shows, with the plans of the first calls and with those that are kept.  Needs a database of its own.
\ir lib/generate.sql
SELECT plan(26);
CREATE SCHEMA t;
SET search_path = t, public, gatherhub, activity;

-- One task in ten activities, one vote in twenty: made here where generate.sql has made none.
INSERT INTO activity.tasks (activity_id, creator_user_id, assignee_user_id, title, created_at, updated_at)
SELECT a.activity_id, generated.person(k * 31), generated.person(k * 31 + 1009), 'Task ' || k, a.created_at, a.created_at
  FROM generate_series(0, 99999, 10) k JOIN activity.activities a ON a.activity_id = generated.event(k) AND a.deleted_at IS NULL;
WITH v AS (INSERT INTO activity.votes (activity_id, creator_user_id, title, created_at)
           SELECT a.activity_id, generated.person(k * 31), 'Vote ' || k, a.created_at
             FROM generate_series(0, 99999, 20) k JOIN activity.activities a ON a.activity_id = generated.event(k) AND a.deleted_at IS NULL RETURNING vote_id)
INSERT INTO activity.vote_options (vote_id, position, text) SELECT vote_id, i, 'Option ' || i FROM v, generate_series(1, 3) i;
ANALYZE activity.tasks, activity.votes, activity.vote_options;

CREATE FUNCTION t.p(p_k bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT generated.person(p_k) $$;
CREATE FUNCTION t.n(p_k bigint) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT number FROM activity.activities WHERE activity_id = generated.event(p_k) $$;
CREATE FUNCTION t.task(p_k bigint) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT task_id FROM activity.tasks WHERE activity_id = generated.event(p_k) ORDER BY task_id LIMIT 1 $$;
CREATE FUNCTION t.vote(p_k bigint) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT vote_id FROM activity.votes WHERE activity_id = generated.event(p_k) ORDER BY vote_id LIMIT 1 $$;

\ir lib/lean.sql

-- Lists: what is shown, and a count of what can be seen.
SELECT t.lean($$list_events(t.p(77), 1, 20, NULL, NULL, NULL, NULL, NULL, '-created_at', NULL, 'b', '')$$, 3000);
SELECT t.lean($$list_events(t.p(77), 1, 20, NULL, NULL, NULL, NULL, NULL, 'date', NULL, 'b', '')$$, 200000);
SELECT t.lean($$list_events(t.p(77), 1, 20, NULL, 'ongoing', NULL, NULL, NULL, '-created_at', NULL, 'b', '')$$, 20000);
SELECT t.lean($$list_events(t.p(77), 1, 20, NULL, 'upcoming', NULL, NULL, NULL, 'date', NULL, 'b', '')$$, 60000);
SELECT t.lean($$list_events(t.p(77), 1, 20, NULL, NULL, (SELECT number FROM activity.users WHERE user_id = t.p(31)), NULL, NULL, '-created_at', NULL, 'b', '')$$, 3000);
SELECT t.lean($$list_events(t.p(77), 1, 20, 'lantern123 harb', NULL, NULL, NULL, NULL, '-created_at', NULL, 'b', '')$$, 60000, 200, '3 seconds');
SELECT t.lean($$list_events(t.p(77), 1, 20, NULL, NULL, NULL, NULL, NULL, '-created_at', true, 'b', '')$$, 2000);
SELECT t.lean($$list_events(t.p(77), 1, 20, NULL, NULL, NULL, (now() + interval '1 day')::date::text, (now() + interval '2 days')::date::text, 'date', NULL, 'b', '')$$, 3000);
SELECT t.lean($$list_tasks(t.p(31), 1, 20, NULL, NULL, NULL, NULL, NULL, '-created_at', 'b', '')$$, 2000);
SELECT t.lean($$list_tasks(t.p(31), 1, 20, t.n(10), NULL, 'pending', NULL, NULL, 'due_date', 'b', '')$$, 2000);
SELECT t.lean($$list_votes(t.p(31), 1, 20, t.n(20), NULL, NULL, '-created_at', 'b', '')$$, 500);
SELECT t.lean($$list_votes(t.p(31), 1, 20, NULL, 'active', (SELECT number FROM activity.users WHERE user_id = t.p(0)), '-created_at', 'b', '')$$, 500);
SELECT t.lean($$list_participants(t.p(77), t.n(10), 1, 20, 'b', '')$$, 200);
-- One thing.
SELECT t.lean($$get_event(t.p(77), t.n(10), 'b')$$, 200);
SELECT t.lean($$get_task(t.p(310), t.task(10), 'b')$$, 60);
SELECT t.lean($$get_vote(t.p(620), t.vote(20))$$, 60);
SELECT t.lean($$get_results(t.p(620), t.vote(20))$$, 60);
SELECT t.lean($$get_profile(t.p(77), 'b')$$, 10);
-- What writes, and its refusals.
SELECT t.lean($$join_event(t.p(99), 'free', t.n(7))$$, 60, 400);
SELECT t.lean($$join_event(t.p(99), 'free', 0)$$, 5, 404);
SELECT t.lean($$update_event(t.p(310), t.n(10), '{"title": "Same"}')$$, 60);
SELECT t.lean($$create_task(t.p(310), t.n(10), 'T', '', 'low', NULL, NULL, 'b')$$, 60, 201);
SELECT t.lean($$update_task(t.p(310), t.task(10), '{"status": "completed"}', 'b')$$, 60);
SELECT t.lean($$create_vote(t.p(620), t.n(20), 'V', '', '[{"text": "A"}, {"text": "B"}]', NULL, false)$$, 80, 201);
SELECT t.lean($$cast_vote(t.p(620), t.vote(20), '[0]')$$, 60, 400);
SELECT t.lean($$close_vote(t.p(620), t.vote(20))$$, 60);
SELECT * FROM finish();
