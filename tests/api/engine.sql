-- The procedures of engine.yaml.
\ir hello.sql

CREATE SCHEMA engine;

-- A subject of ones is banned.
CREATE FUNCTION engine.caller(p_sub uuid, p_claims json, OUT refusal text, OUT name text)
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN p_sub = '11111111-1111-1111-1111-111111111111' THEN 'user-banned' END, 'name of ' || p_sub
$$;

CREATE FUNCTION engine.show(p_word text, p_q text, p_declared int, p_raw text, p_body json, p_n bigint, p_sub uuid, p_claims json,
                            p_name text, p_address text, p_base text, p_mount text, p_query text, p_version text, p_bot_key boolean)
RETURNS activity.reply LANGUAGE sql AS $$
    SELECT (200, json_build_object('word', p_word, 'q', p_q, 'declared', p_declared, 'raw', p_raw, 'body', p_body, 'n', p_n, 'sub', p_sub,
        'claims', p_claims, 'name', p_name, 'address', p_address, 'base', p_base, 'mount', p_mount, 'query', p_query, 'version', p_version,
        'bot_key', p_bot_key)::text, NULL)::activity.reply
$$;

CREATE FUNCTION engine.answer(p_status int, p_body text, p_headers text) RETURNS activity.reply LANGUAGE sql AS $$
    SELECT (p_status, p_body, p_headers)::activity.reply
$$;

CREATE FUNCTION engine.ok() RETURNS activity.reply LANGUAGE sql AS $$
    SELECT (200, '{}', NULL)::activity.reply
$$;

CREATE FUNCTION engine.large(p_n int) RETURNS activity.reply LANGUAGE sql AS $$
    SELECT (200, '"' || repeat('x', p_n) || '"', NULL)::activity.reply
$$;

CREATE FUNCTION engine.fail(p_sqlstate text) RETURNS activity.reply LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'made to fail' USING ERRCODE = p_sqlstate;
END $$;

CREATE FUNCTION engine.nap(p_seconds numeric) RETURNS activity.reply LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_sleep(p_seconds::float);
    RETURN (200, '{"slept": ' || p_seconds || '}', NULL)::activity.reply;
END $$;

CREATE FUNCTION engine.show_caller(p_name text) RETURNS activity.reply LANGUAGE sql AS $$
    SELECT (200, json_build_object('name', p_name)::text, NULL)::activity.reply
$$;

GRANT USAGE ON SCHEMA engine TO activity_web;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA engine TO activity_web;
