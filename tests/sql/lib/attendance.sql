-- What the tests of the attendance API share: people and events by name, calls that are refused and have changed nothing.  Included inside the
-- transaction of each test, which is rolled back.

CREATE SCHEMA t;
SET LOCAL search_path = t, public, attendance, activity;
SET LOCAL timezone = 'Pacific/Chatham';                 -- whatever the session's zone is, nothing may depend on it

CREATE FUNCTION t.id(p_name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('attendance ' || p_name)::uuid $$;
CREATE FUNCTION t.n(p_name text) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT number FROM activity.users WHERE user_id = t.id(p_name) $$;

CREATE FUNCTION t.person(VARIADIC p_names text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO activity.users (user_id, name, email) SELECT t.id(n), n, n || '@example.org' FROM unnest(p_names) n
$$;

-- Events by name, made by createEvent, from and until so long from now.
CREATE TABLE t.known (name text PRIMARY KEY, number bigint NOT NULL);
CREATE FUNCTION t.e(p_name text) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT number FROM t.known WHERE name = p_name $$;
CREATE FUNCTION t.a(p_name text) RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT activity_id FROM activity.activities WHERE number = t.e(p_name) $$;

CREATE FUNCTION t.event(p_name text, p_by text, p_from interval DEFAULT '-1 hour', p_until interval DEFAULT '1 hour', p_capacity int DEFAULT NULL) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_reply activity.reply := attendance.sp_create_event(t.id(p_by), p_name, NULL, (clock_timestamp() + p_from)::text, (clock_timestamp() + p_until)::text, NULL, p_capacity);
BEGIN
    IF v_reply.status <> 201 THEN
        RAISE 'no event: %', v_reply;
    END IF;
    INSERT INTO t.known VALUES (p_name, (v_reply.body::jsonb ->> 'id')::bigint);
END $$;

-- The same, made by another API: any fields of an activity.
CREATE FUNCTION t.foreign_event(p_name text, p_by text, p_fields jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO t.known
    SELECT p_name, number FROM activity.create_activity(jsonb_build_object('organizer_user_id', t.id(p_by), 'title', p_name, 'scheduled_at', clock_timestamp() - interval '1 hour') || p_fields, false)
$$;

-- Somebody takes part, or waits, without the clock of any API.
CREATE FUNCTION t.join(p_name text, p_who text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_places   activity.places := activity.lock_activity(t.a(p_name));
    v_activity activity.activities;
BEGIN
    SELECT * INTO v_activity FROM activity.activities WHERE activity_id = t.a(p_name);
    RETURN (activity.admit(v_places, t.id(p_who), activity.standing(v_places, v_activity, t.id(p_who), 'free', activity.instant(v_places)), true)).outcome;
END $$;

CREATE FUNCTION t.attend(p_name text, p_who text) RETURNS activity.reply LANGUAGE sql AS $$ SELECT attendance.sp_attend(t.id(p_who), 'free', t.e(p_name)) $$;

-- What a reply is, in one text: its status and detail, or the sentence of a mark.
CREATE FUNCTION t.said(p_reply activity.reply) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT p_reply.status || coalesce(' ' || coalesce(p_reply.body::jsonb #>> '{detail,error}', p_reply.body::jsonb ->> 'detail', p_reply.body::jsonb ->> 'message'), '')
$$;

\ir replies.sql

-- One test: the call answers just this, and no row has changed.
CREATE FUNCTION t.refused(p_call text, p_said text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v record := t.called(p_call);
BEGIN
    RETURN is(ARRAY[t.said(v.reply), v.changed], ARRAY[p_said, NULL], p_said || ': ' || p_call);
END $$;

-- current_participants_count, waitlist_count, attended_count
CREATE FUNCTION t.counts(p_name text) RETURNS int[] LANGUAGE sql AS $$
    SELECT ARRAY[current_participants_count, waitlist_count, attended_count] FROM activity.places WHERE activity_id = t.a(p_name)
$$;
