-- What the tests of the participation API share: people and activities by name, a call that must be refused and must have changed nothing, and the
-- members of a reply.  Included inside the transaction of each test, which is rolled back.

CREATE SCHEMA t;
SET LOCAL search_path = t, public, participation, activity;

-- Names stand for ids, of people and activities alike.
CREATE FUNCTION t.id(p_name text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('participation ' || p_name)::uuid $$;

CREATE FUNCTION t.person(p_name text, p_level text DEFAULT 'free', p_gender text DEFAULT NULL) RETURNS uuid LANGUAGE sql AS $$
    INSERT INTO activity.users (user_id, username, first_name, email, subscription_level, gender)
    VALUES (t.id(p_name), p_name, initcap(p_name), p_name || '@example.org', p_level::activity.subscription_level, p_gender)
    RETURNING user_id
$$;

-- An activity under a name of ours, made by createActivity.
CREATE FUNCTION t.activity(p_name text, p_by text, p_body jsonb DEFAULT '{}') RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    v_reply activity.reply;
    v_id    uuid;
BEGIN
    v_reply := participation.create_activity(t.id(p_by),
        jsonb_build_object('title', p_name, 'scheduled_at', to_char(now() AT TIME ZONE 'UTC' + interval '7 days', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) || p_body, '/m');
    IF v_reply.status <> 201 THEN
        RAISE 'no activity: %', v_reply;
    END IF;
    v_id := (v_reply.body::json ->> 'activity_id')::uuid;
    INSERT INTO t.known (name, activity_id) VALUES (p_name, v_id);
    RETURN v_id;
END $$;
CREATE TABLE t.known (name text PRIMARY KEY, activity_id uuid);
CREATE FUNCTION t.a(p_name text) RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT activity_id FROM t.known WHERE name = p_name $$;

-- Time passes for one activity: it began so long ago, and its newest version knows no other start.
CREATE FUNCTION t.begin(p_name text, p_ago interval DEFAULT '1 hour') RETURNS void LANGUAGE sql AS $$
    UPDATE activity.activities SET scheduled_at = now() - p_ago WHERE activity_id = t.a(p_name);
    UPDATE activity.activity_versions v SET data = activity.version_data(a)
      FROM activity.activities a
     WHERE a.activity_id = t.a(p_name) AND v.activity_id = a.activity_id AND v.version_number = a.version;
$$;

CREATE FUNCTION t.join(p_name text, VARIADIC p_who text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_who   text;
    v_reply activity.reply;
BEGIN
    FOREACH v_who IN ARRAY p_who LOOP
        v_reply := activity.sp_join_activity(t.a(p_name), t.id(v_who), 'free');
        IF v_reply.status <> 200 THEN
            RAISE '% does not join %: %', v_who, p_name, v_reply;
        END IF;
    END LOOP;
END $$;

\ir replies.sql

-- One test: the call is refused with this status, code and detail, nothing else is in the reply, and no row has changed.
CREATE FUNCTION t.refused(p_call text, p_status int, p_code text, p_detail text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v record := t.called(p_call);
BEGIN
    RETURN is(
        ARRAY[(v.reply).status::text, ((v.reply).body::jsonb)::text, (v.reply).headers, v.changed],
        ARRAY[p_status::text, jsonb_build_object('detail', p_detail, 'code', p_code)::text, NULL, NULL],
        p_code || ': ' || p_call);
END $$;

-- The names of an object's members, sorted.
CREATE FUNCTION t.members(p_object jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys(p_object) k
$$;

-- Whether a text is a time as replies show them.
CREATE FUNCTION t.is_time(p_text text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$'
$$;
