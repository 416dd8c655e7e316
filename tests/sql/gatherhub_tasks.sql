-- GatherHub's procedures: tasks, votes and what is emitted for streams; what nobody may be told.
BEGIN;
SELECT plan(38);
CREATE SCHEMA t;
SET LOCAL search_path = t, public, gatherhub, activity;
SET LOCAL timezone = 'Pacific/Chatham';                 -- whatever the session's zone is, nothing may depend on it

CREATE FUNCTION t.id(p_name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('gatherhub ' || p_name)::uuid $$;
CREATE FUNCTION t.n(p_name text) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT number FROM activity.users WHERE user_id = t.id(p_name) $$;
INSERT INTO activity.users (user_id, username, email, first_name)
SELECT t.id(n), 'hub-' || n, n || '@hub.example', initcap(n) FROM unnest(ARRAY['mira', 'jo', 'ann', 'bob', 'cy']) n;

\ir lib/replies.sql
-- What a reply says in one text.
CREATE FUNCTION t.said(p_reply activity.reply) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT p_reply.status || coalesce(' ' || (p_reply.body::jsonb ->> 'error'), '')
$$;
-- The kinds emitted since the last look.
CREATE TABLE t.seen (change_id bigint);
CREATE FUNCTION t.emitted() RETURNS text LANGUAGE sql AS $$
    WITH fresh AS (INSERT INTO t.seen SELECT o.change_id FROM activity.outbox o WHERE o.change_id NOT IN (SELECT change_id FROM t.seen) RETURNING change_id)
    SELECT coalesce(string_agg(o.kind, ' ' ORDER BY o.change_id), '') FROM activity.outbox o JOIN fresh USING (change_id)
$$;

CREATE TABLE t.things AS
SELECT (t.good(create_event(t.id('mira'), 'Lake', '', '2031-05-04T09:00:00Z', '', 4, NULL), 201) ->> 'id')::bigint AS event, 0::bigint AS task, 0::bigint AS vote;
SELECT is(t.emitted(), 'activity.created version', 'an event is made; that its creator takes part is part of that');
SELECT is(t.said(join_event(t.id('jo'), 'free', event)), '200', 'joins') FROM t.things;
SELECT is(t.said(join_event(t.id('ann'), 'free', event)), '200', 'joins') FROM t.things;
SELECT is(t.emitted(), 'joined joined', 'each is told once');

-- ---- tasks ----

UPDATE t.things SET task = (t.good(create_task(t.id('jo'), event, 'Bags', '', 'medium', '2031-05-03', t.n('ann'), 'b'), 201) ->> 'id')::bigint;
SELECT is(t.emitted(), 'task.created', 'a task that is made with an assignee is made, not assigned');
SELECT is(t.good(get_task(t.id('ann'), task, 'b')) ->> 'due_date', '2031-05-03T00:00:00Z', 'a date alone is midnight UTC') FROM t.things;
SELECT is(t.good(get_task(t.id('mira'), task, 'b')) #>> '{assignee,email}', 'ann@hub.example', 'getTask tells the address') FROM t.things;
SELECT is((list_tasks(t.id('mira'), 1, 20, NULL, NULL, NULL, NULL, NULL, '-created_at', 'b', '')).body LIKE '%@hub.example%', false, 'no list does') FROM t.things;
SELECT is(t.said(get_task(t.id('bob'), task, 'b')), '404 task_not_found', 'a stranger sees none') FROM t.things;
SELECT is(t.said(update_task(t.id('ann'), task, '{"title": "Bags", "assignee": null}', 'b')), '403 permission_denied', 'an assignee gives it to nobody else') FROM t.things;
SELECT is(t.good(update_task(t.id('ann'), task, '{"title": "Bags"}', 'b')) ->> 'title', 'Bags', 'nothing differs') FROM t.things;
SELECT is(t.emitted(), '', 'and so nothing is told');
SELECT is(t.good(update_task(t.id('jo'), task, jsonb_build_object('assignee', t.n('mira'), 'status', 'completed'), 'b')) ->> 'status', 'completed', 'all at once') FROM t.things;
SELECT is(t.emitted(), 'task.updated task.assigned task.completed', 'is told in this order');
SELECT is(t.said(complete_task(t.id('mira'), task)), '200', 'completed again') FROM t.things;
SELECT is(t.emitted(), '', 'is not told again');
SELECT is(t.good(update_task(t.id('jo'), task, jsonb_build_object('assignee', t.n('ann')), 'b')) #>> '{assignee,username}', 'hub-ann', 'given to Ann') FROM t.things;
SELECT is(t.said(leave_event(t.id('ann'), event)), '200', 'who leaves') FROM t.things;
SELECT is(t.good(get_task(t.id('ann'), task, 'b')) #>> '{assignee,username}', 'hub-ann', 'keeps what is completed, and sees it') FROM t.things;
SELECT is(t.good(update_task(t.id('jo'), task, '{"status": "pending"}', 'b')) -> 'assignee', 'null', 'opened again it is nobody''s') FROM t.things;
SELECT is(t.said(assign_task(t.id('mira'), task, t.n('ann'), 'b')), '400 validation_error', 'who has left is assigned nothing') FROM t.things;
SELECT is(t.said(assign_task(t.id('jo'), task, t.n('mira'), 'b')), '200', 'the creator always can be') FROM t.things;
SELECT is(t.emitted(), 'task.updated task.assigned left task.updated task.assigned task.updated task.assigned', 'each change in its order');
SELECT is(t.said(delete_task(t.id('jo'), task)), '204', 'by its maker') FROM t.things;
SELECT is((SELECT audience @> ARRAY[t.n('mira'), t.n('jo')] FROM activity.outbox WHERE kind = 'task.deleted' ORDER BY change_id DESC LIMIT 1), true, 'who could see it is told');

-- ---- votes ----

SELECT is(t.emitted(), 'task.deleted', 'so far');
UPDATE t.things SET vote = (t.good(create_vote(t.id('jo'), event, 'Lunch', '', '[{"text": "Soup"}, {"text": "Bread"}, {"text": "Tea"}]', NULL, true), 201) ->> 'id')::bigint;
CREATE FUNCTION t.o(p_position int) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT option_id FROM activity.vote_options o JOIN t.things ON o.vote_id = vote ORDER BY position OFFSET p_position - 1 LIMIT 1
$$;
SELECT is(t.good(cast_vote(t.id('jo'), vote, jsonb_build_array(t.o(3), t.o(1)))) #> '{vote,user_vote,option_ids}', jsonb_build_array(t.o(1), t.o(3)), 'in the order of the options') FROM t.things;
SELECT is(t.said(cast_vote(t.id('mira'), vote, jsonb_build_array(t.o(1), t.o(1)))), '400 invalid_options', 'no option twice') FROM t.things;
SELECT is(t.said(cast_vote(t.id('bob'), vote, jsonb_build_array(t.o(1)))), '403 permission_denied', 'no stranger') FROM t.things;
SELECT is(t.said(cast_vote(t.id('mira'), vote, jsonb_build_array(t.o(1)))), '200', 'one option') FROM t.things;
SELECT is(t.emitted(), 'vote.created vote.cast vote.cast', 'what was refused is not told');
SELECT is(t.good(get_results(t.id('bob'), vote)) -> 'winner', jsonb_build_object('option_id', t.o(1), 'text', 'Soup'), 'strictly the most') FROM t.things;
SELECT is((get_vote(t.id('bob'), vote)).body::jsonb -> 'user_vote', 'null', 'of others'' ballots nothing is told') FROM t.things;
SELECT is(t.good(close_vote(t.id('mira'), vote)) ->> 'status', 'ended', 'closed by the event''s creator') FROM t.things;
SELECT is(t.said(close_vote(t.id('jo'), vote)), '200', 'again, by its own') FROM t.things;
SELECT is(t.emitted(), 'vote.ended', 'once');
SELECT is(activity.end_votes(), 0, 'and the clock ends it no second time');
SELECT is_empty('SELECT * FROM activity.broken()', 'every rule holds');
SELECT * FROM finish();
ROLLBACK;
