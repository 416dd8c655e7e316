-- What the tests of schema activity share: people and activities by name, and the steps that a procedure takes around the shared functions.  Included inside the
-- transaction of each test, which is rolled back.

CREATE SCHEMA t;
SET LOCAL search_path = t, public, activity;
SET LOCAL timezone = 'Pacific/Chatham';                 -- whatever the session's zone is, nothing may depend on it

CREATE FUNCTION t.id(p_name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('core ' || p_name)::uuid $$;

CREATE FUNCTION t.person(VARIADIC p_names text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO activity.users (user_id, username) SELECT t.id(n), n FROM unnest(p_names) n
$$;

CREATE TABLE t.known (name text PRIMARY KEY, activity_id uuid NOT NULL);
CREATE FUNCTION t.a(p_name text) RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT activity_id FROM t.known WHERE name = p_name $$;

-- An activity a week ahead, unless its fields say otherwise.
CREATE FUNCTION t.make(p_name text, p_by text, p_fields jsonb DEFAULT '{}', p_takes_part boolean DEFAULT false) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO t.known
    SELECT p_name, activity_id
      FROM activity.create_activity(jsonb_build_object('organizer_user_id', t.id(p_by), 'title', p_name, 'scheduled_at', clock_timestamp() + interval '7 days') || p_fields,
                                    p_takes_part)
    RETURNING activity_id
$$;

-- Its clock is moved: started so long ago.
CREATE FUNCTION t.started(p_name text, p_ago interval DEFAULT '1 hour') RETURNS void LANGUAGE sql AS $$
    UPDATE activity.activities SET scheduled_at = clock_timestamp() - p_ago, version = version + 1 WHERE activity_id = t.a(p_name);
    INSERT INTO activity.activity_versions (activity_id, version_number, kind, data, change_summary)
    SELECT activity_id, version, 'updated', activity.version_data(a), 'the test moved the clock' FROM activity.activities a WHERE activity_id = t.a(p_name)
$$;

CREATE FUNCTION t.standing(p_name text, p_who text, p_level activity.subscription_level DEFAULT 'free') RETURNS activity.standing LANGUAGE plpgsql AS $$
DECLARE
    v_places   activity.places := activity.lock_activity(t.a(p_name));
    v_activity activity.activities;
BEGIN
    SELECT * INTO v_activity FROM activity.activities WHERE activity_id = t.a(p_name) AND deleted_at IS NULL;
    RETURN activity.standing(v_places, v_activity, t.id(p_who), p_level, activity.instant(v_places));
END $$;

CREATE FUNCTION t.join(p_name text, p_who text, p_may_wait boolean DEFAULT true) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_places activity.places := activity.lock_activity(t.a(p_name));
    v_given  activity.admission := activity.admit(v_places, t.id(p_who), t.standing(p_name, p_who), p_may_wait);
BEGIN
    RETURN v_given.outcome || coalesce(' ' || v_given.place_in_line, '');
END $$;

CREATE FUNCTION t.join_all(p_name text, VARIADIC p_who text[]) RETURNS void LANGUAGE sql AS $$ SELECT t.join(p_name, w) FROM unnest(p_who) w $$;

CREATE FUNCTION t.leave(p_name text, p_who text, p_keep boolean DEFAULT false) RETURNS activity.departure LANGUAGE sql AS $$
    SELECT activity.leave(activity.lock_activity(t.a(p_name)), t.id(p_who), p_keep, CASE WHEN p_keep THEN 'ill' END)
$$;

CREATE FUNCTION t.name(p_user uuid) RETURNS text LANGUAGE sql STABLE AS $$ SELECT activity.username_of(u) FROM activity.users u WHERE user_id = p_user $$;
CREATE FUNCTION t.names(p_users uuid[]) RETURNS text LANGUAGE sql STABLE AS $$ SELECT coalesce(string_agg(t.name(u), ' ' ORDER BY k), '') FROM unnest(p_users) WITH ORDINALITY x (u, k) $$;

-- Who is in, and who waits, in order: "a b | c d".
CREATE FUNCTION t.rows(p_name text) RETURNS text LANGUAGE sql AS $$
    SELECT t.names(ARRAY(SELECT user_id FROM activity.participants WHERE activity_id = t.a(p_name) AND participation_status = 'registered' ORDER BY joined_at))
           || ' | ' || t.names(ARRAY(SELECT user_id FROM activity.waitlist_entries WHERE activity_id = t.a(p_name) ORDER BY registered_at))
$$;
CREATE FUNCTION t.counts(p_name text) RETURNS int[] LANGUAGE sql AS $$
    SELECT ARRAY[current_participants_count, waitlist_count, attended_count] FROM activity.places WHERE activity_id = t.a(p_name)
$$;
-- Kinds of the changes since the last look.
CREATE TABLE t.looked (change_id bigint);
CREATE FUNCTION t.told() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_told text := (SELECT coalesce(string_agg(kind || coalesce(' ' || n, ''), ', ' ORDER BY change_id), '') FROM activity.outbox
                     WHERE change_id > coalesce((SELECT max(l.change_id) FROM t.looked l), 0));
BEGIN
    INSERT INTO t.looked SELECT max(change_id) FROM activity.outbox;
    RETURN v_told;
END $$;
CREATE FUNCTION t.sound() RETURNS text LANGUAGE sql AS $$ SELECT is_empty('SELECT * FROM activity.broken()', 'nothing is broken') $$;
