-- What tests of procedures hold replies against; presumes schema t.

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

-- What the call answers, and the tables that it has changed (null: none).
CREATE FUNCTION t.called(p_call text, OUT reply activity.reply, OUT changed text) LANGUAGE plpgsql AS $$
DECLARE
    v_before jsonb := t.fingerprint();
BEGIN
    EXECUTE 'SELECT (r).* FROM (SELECT ' || p_call || ' AS r OFFSET 0) x' INTO reply;
    SELECT string_agg(a.key, ', ') INTO changed FROM jsonb_each_text(t.fingerprint()) a WHERE a.value IS DISTINCT FROM v_before ->> a.key;
END $$;

-- The body of a call that must be good.
CREATE FUNCTION t.good(p_reply activity.reply, p_status int DEFAULT 200) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    IF p_reply.status IS DISTINCT FROM p_status THEN
        RAISE 'refused: %', p_reply;
    END IF;
    RETURN p_reply.body::jsonb;
END $$;
