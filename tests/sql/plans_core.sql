-- Every index serves the list that it was made for, on a large platform: what PostgreSQL plans for 1 000 000 participants in 100 000 activities.  Needs a database of its own.
\ir lib/generate.sql
SELECT plan(62);

-- What a plan does: its indexes, and the large tables that it reads from end to end.
CREATE FUNCTION generated.plan(p_query text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON, VERBOSE) ' || p_query INTO v_plan;
    RETURN v_plan;
END $$;
CREATE FUNCTION generated.uses(p_query text, p_index text, p_node text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_plan    jsonb := generated.plan(p_query);
    v_indexes text[] := ARRAY(SELECT DISTINCT x #>> '{}' FROM jsonb_path_query(v_plan, 'strict $.**."Index Name"') x);
    v_whole   text[] := ARRAY(SELECT DISTINCT x #>> '{}' FROM jsonb_path_query(v_plan, 'strict $.** ? (@."Node Type" == "Seq Scan")."Relation Name"') x);
    v_nodes   text[] := ARRAY(SELECT DISTINCT x #>> '{}' FROM jsonb_path_query(v_plan, 'strict $.**."Node Type"') x);
    v_good    boolean := p_index = ANY (v_indexes) AND v_whole = '{}' AND (p_node IS NULL OR p_node = ANY (v_nodes));
BEGIN
    RETURN ok(v_good, p_index || coalesce(' (' || p_node || ')', '') || ': ' || regexp_replace(p_query, '\s+', ' ', 'g'))
           || CASE WHEN v_good THEN '' ELSE E'\n' || diag(jsonb_pretty(v_plan)) END;
END $$;
-- A list as somebody sees it: v is what they see, known when the list is planned.
CREATE FUNCTION generated.list(p_where text, p_order text, p_index text, p_node text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
    SELECT generated.uses(format('SELECT a.activity_id, a.title FROM activity.activities a WHERE a.deleted_at IS NULL AND %s AND activity.visible(a, %L::activity.sight) ORDER BY %s LIMIT 20',
                                 p_where, activity.sight(generated.person(4711)), p_order), p_index, p_node)
$$;
CREATE FUNCTION generated.count(p_where text, p_index text) RETURNS text LANGUAGE sql AS $$
    SELECT generated.uses(format('SELECT count(*) FROM activity.activities a WHERE a.deleted_at IS NULL AND %s AND activity.visible(a, %L::activity.sight)',
                                 p_where, activity.sight(generated.person(4711))), p_index, 'Index Only Scan')
$$;
SET max_parallel_workers_per_gather = 0;

-- ---- activities ----

SELECT generated.list($$a.status = 'published' AND a.scheduled_at > now()$$, 'a.scheduled_at, a.number', 'activities_agenda');
SELECT generated.list($$a.status = 'published' AND a.scheduled_at >= '2020-01-01' AND a.scheduled_at < now()$$, 'a.scheduled_at DESC, a.number DESC', 'activities_agenda');
SELECT generated.count($$a.status = 'published'$$, 'activities_agenda');
SELECT generated.count($$a.status = 'published' AND a.scheduled_at > now()$$, 'activities_agenda');
SELECT generated.count($$a.status = 'published' AND a.over_at < now()$$, 'activities_agenda');
SELECT generated.list(format('a.status = %L', s), 'a.scheduled_at, a.number', 'activities_closed') FROM unnest('{draft,cancelled,completed}'::activity_status[]) s;
SELECT generated.list($$a.status = 'published' AND tstzrange(a.scheduled_at, a.over_at, '[]') @> now()$$, 'a.scheduled_at, a.number', 'activities_now');
SELECT generated.list($$a.status <> 'draft'$$, 'a.created_at, a.number', 'activities_newest');
SELECT generated.list($$a.status IN ('published', 'completed')$$, 'a.created_at DESC, a.number DESC', 'activities_newest');
SELECT generated.count($$a.status <> 'draft'$$, 'activities_newest');
SELECT generated.list($$a.status IN ('published', 'completed')$$, 'coalesce(a.updated_at, a.created_at) DESC, a.number DESC', 'activities_changed');
SELECT generated.list($$a.status IN ('published', 'completed')$$, 'a.title COLLATE activity.folded, a.number', 'activities_title');
SELECT generated.list($$a.organizer_user_id = generated.person(31)$$, 'a.scheduled_at DESC', 'activities_organizer');
SELECT generated.list($$a.status = 'published' AND a.city = 'city 7' AND a.scheduled_at > now()$$, 'a.scheduled_at, a.number', 'activities_city');
SELECT generated.list($$a.status = 'published' AND a.tags @> '{tag77}'$$, 'a.scheduled_at, a.number', 'activities_tags');
SELECT generated.list($$a.discord_channel_id = '51'$$, 'a.scheduled_at, a.number', 'activities_channel');
SELECT generated.list($$activity.mentions(a, 'Lantern12') AND activity.mentions(a, 'harbour')$$, 'a.created_at DESC', 'activities_search');
SELECT generated.list('a.number > 500', 'a.number', 'activities_number_key');
SELECT generated.uses('SELECT * FROM activity.activities WHERE number = 4711', 'activities_number_key');
SELECT generated.uses($$SELECT * FROM activity.activities WHERE slug = 'x'$$, 'activities_slug_key');
SELECT generated.uses($$SELECT activity_id FROM activity.activities WHERE deleted_at < now() - interval '30 days' ORDER BY deleted_at LIMIT 100$$, 'activities_purge');
SELECT generated.uses($$SELECT * FROM activity.activities a WHERE a.organizer_user_id = generated.person(31) AND a.deleted_at IS NULL AND a.scheduled_at < now() + interval '1 day' AND a.over_at > now()
                          AND a.status IN ('published', 'completed') AND num_nonnulls(a.ends_at, a.duration_minutes) > 0 ORDER BY a.scheduled_at, a.number$$, 'activities_organizer');

-- ---- taking part ----

SELECT generated.uses('SELECT * FROM activity.participants WHERE activity_id = generated.event(5) ORDER BY joined_at LIMIT 50', 'participants_joined');
SELECT generated.uses($$SELECT * FROM activity.participants WHERE activity_id = generated.event(5) AND user_id = generated.person(5)$$, 'participants_pkey');
SELECT generated.uses($$SELECT * FROM activity.participants WHERE activity_id = generated.event(5) AND role <> 'member'$$, 'participants_staff');
SELECT generated.uses('SELECT * FROM activity.participants WHERE user_id = generated.person(5) ORDER BY registered_at LIMIT 50', 'participants_user');
SELECT generated.uses('SELECT * FROM activity.participants WHERE activity_id = generated.event(3) AND attended_at IS NOT NULL ORDER BY attended_at LIMIT 1000', 'participants_attended');
SELECT generated.uses('SELECT * FROM activity.participants WHERE user_id = generated.person(5) AND attended_at IS NOT NULL ORDER BY attended_at LIMIT 1000', 'participants_attended_user');
SELECT generated.uses('SELECT * FROM activity.waitlist_entries WHERE activity_id = generated.event(7) ORDER BY registered_at LIMIT 1', 'waitlist_line');
SELECT generated.uses('SELECT count(*) FROM activity.waitlist_entries WHERE activity_id = generated.event(7) AND registered_at <= now()', 'waitlist_line');
SELECT generated.uses('SELECT * FROM activity.waitlist_entries WHERE user_id = generated.person(5) ORDER BY registered_at LIMIT 50', 'waitlist_user');
SELECT generated.uses('SELECT * FROM activity.activity_invitations WHERE user_id = generated.person(5) ORDER BY invited_at DESC, invitation_id LIMIT 20', 'invitations_received');
SELECT generated.uses('SELECT * FROM activity.activity_invitations WHERE invited_by_user_id = generated.person(31) ORDER BY invited_at DESC, invitation_id LIMIT 20', 'invitations_sent');
SELECT generated.uses($$SELECT * FROM activity.activity_invitations WHERE activity_id = generated.event(5) AND user_id = generated.person(5) AND status = 'pending'$$, 'invitations_one_pending');
SELECT generated.uses('DELETE FROM activity.activity_invitations WHERE activity_id = generated.event(5)', 'invitations_activity');
SELECT generated.uses('SELECT count(*) FROM activity.attendance_confirmations WHERE confirmed_user_id = generated.person(5)', 'confirmations_confirmed');
SELECT generated.uses('SELECT * FROM activity.attendance_confirmations WHERE activity_id = generated.event(3) AND confirmer_user_id = generated.person(5)', 'confirmed_once');

-- ---- people ----

SELECT generated.uses($$SELECT * FROM activity.users WHERE lower(username COLLATE activity.folded) = lower('USER7' COLLATE activity.folded)$$, 'users_username');
SELECT generated.uses($$SELECT * FROM activity.users WHERE lower(email COLLATE activity.folded) = lower('User7@example.org' COLLATE activity.folded)$$, 'users_email');
SELECT generated.uses($$SELECT * FROM activity.users WHERE handle = 'handle-7'$$, 'users_handle_key');
SELECT generated.uses($$SELECT * FROM activity.users WHERE discord_user_id = '100000000007'$$, 'users_discord_user_id_key');
SELECT generated.uses('SELECT * FROM activity.users WHERE number = 7', 'users_number_key');
SELECT generated.uses('SELECT * FROM activity.user_blocks WHERE blocker_user_id = generated.person(5) ORDER BY created_at DESC, blocked_user_id LIMIT 50', 'blocks_newest');
SELECT generated.uses('SELECT blocker_user_id FROM activity.user_blocks WHERE blocked_user_id = generated.person(5)', 'blocks_blocked', 'Index Only Scan');
SELECT generated.uses('SELECT * FROM activity.friendships WHERE user_id_1 = generated.person(5)', 'friendships_pkey');
SELECT generated.uses('SELECT * FROM activity.friendships WHERE user_id_2 = generated.person(500)', 'friendships_other');
SELECT generated.uses('SELECT * FROM activity.permissions WHERE user_id = generated.person(531)', 'permissions_user');
SELECT generated.uses('SELECT sid FROM activity.sessions WHERE user_id = generated.person(5) AND ended_at IS NULL ORDER BY sid', 'sessions_live');

-- ---- tasks, votes, changes ----

SELECT generated.uses('SELECT * FROM activity.tasks WHERE activity_id = generated.event(5) ORDER BY created_at DESC, task_id DESC LIMIT 20', 'tasks_activity');
SELECT generated.uses('SELECT * FROM activity.tasks WHERE assignee_user_id = generated.person(62 + 2018) ORDER BY created_at DESC, task_id DESC LIMIT 20', 'tasks_assignee');
SELECT generated.uses('SELECT * FROM activity.tasks WHERE creator_user_id = generated.person(31)', 'tasks_creator');
SELECT generated.uses('SELECT * FROM activity.votes WHERE activity_id = generated.event(5) ORDER BY created_at DESC, vote_id DESC LIMIT 20', 'votes_activity');
SELECT generated.uses('SELECT * FROM activity.votes ORDER BY created_at DESC, vote_id DESC LIMIT 20', 'votes_newest');
SELECT generated.uses('SELECT * FROM activity.votes WHERE creator_user_id = generated.person(31)', 'votes_creator');
SELECT generated.uses('SELECT * FROM activity.votes WHERE ended_sent_at IS NULL AND ends_at <= now() ORDER BY ends_at LIMIT 1000', 'votes_ending');
SELECT generated.uses('SELECT change_id FROM activity.outbox WHERE change_id > 49000 ORDER BY change_id LIMIT 10000', 'outbox_pkey');
SELECT generated.uses('SELECT * FROM activity.changes WHERE position > 99000 ORDER BY position LIMIT 1000', 'changes_pkey');

-- ---- what is inlined, is ----

CREATE FUNCTION generated.calls(p_expression text) RETURNS boolean LANGUAGE sql AS $$
    SELECT (generated.plan('SELECT ' || p_expression || ' FROM activity.activities a, activity.users u, activity.places p') -> 0 -> 'Plan' -> 'Output')::text
           ~ ('\m' || split_part(p_expression, '(', 1) || '\(')
$$;
SELECT ok(generated.calls('version_data(a)'), 'a function that is not inlined shows in the plan');
SELECT is_empty($$SELECT f FROM unnest(ARRAY['wire_time(a.created_at)', 'wire_time_six(a.created_at)', 'phase(a, now())', 'shown_end(a)', 'username_of(u)', 'shown_name(u)', 'is_banned(u, now())',
                                             'visible(a, NULL::sight)', 'instant(p)', 'reply(200, to_json(a.title))', 'reply(204)', 'token_lives(u, NULL::sessions, false, 1)',
                                             'session_granted(NULL, u.number, NULL::sessions)', 'mentions(a, u.name)', 'caseless(a.title)', 'contains(a.title)']) f WHERE generated.calls(f)$$, 'what is called for each row does not');

SELECT is_empty('SELECT * FROM activity.broken()', 'and the generated platform is sound');
SELECT * FROM finish();
