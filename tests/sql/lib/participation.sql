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

-- Every row of the platform, in one number a table.
CREATE FUNCTION t.fingerprint() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    v_table text;
    v_sum   text;
    v_all   jsonb := '{}';
BEGIN
    FOR v_table IN SELECT tablename FROM pg_tables WHERE schemaname = 'activity' LOOP
        EXECUTE format('SELECT md5(coalesce(string_agg(x::text, chr(10) ORDER BY x::text), '''')) FROM activity.%I x', v_table) INTO v_sum;
        v_all := v_all || jsonb_build_object(v_table, v_sum);
    END LOOP;
    RETURN v_all;
END $$;

-- One test: the call is refused with this status, code and detail, nothing else is in the reply, and no row has changed.
CREATE FUNCTION t.refused(p_call text, p_status int, p_code text, p_detail text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_before jsonb := t.fingerprint();
    v_reply  activity.reply;
    v_after  jsonb;
BEGIN
    EXECUTE 'SELECT (r).* FROM (SELECT ' || p_call || ' AS r OFFSET 0) x' INTO v_reply;
    v_after := t.fingerprint();
    RETURN is(
        ARRAY[v_reply.status::text, (v_reply.body::jsonb)::text, v_reply.headers,
              (SELECT string_agg(a.key, ', ') FROM jsonb_each_text(v_after) a WHERE a.value IS DISTINCT FROM v_before ->> a.key)],
        ARRAY[p_status::text, jsonb_build_object('detail', p_detail, 'code', p_code)::text, NULL, NULL],
        p_code || ': ' || p_call);
END $$;

-- The body of a call that must be good.
CREATE FUNCTION t.good(p_reply activity.reply, p_status int DEFAULT 200) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    IF p_reply.status IS DISTINCT FROM p_status THEN
        RAISE 'refused: %', p_reply;
    END IF;
    RETURN p_reply.body::jsonb;
END $$;

-- The names of an object's members, sorted.
CREATE FUNCTION t.members(p_object jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(k, ' ' ORDER BY k) FROM jsonb_object_keys(p_object) k
$$;

-- Whether a text is a time as replies show them.
CREATE FUNCTION t.is_time(p_text text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT p_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$'
$$;
