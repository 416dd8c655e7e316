-- The procedures of hello.yaml.  Each returns one activity.reply: status, body (JSON text or null), headers (JSON text or null).
-- Install it once, as the owner of the database.

CREATE SCHEMA hello;

CREATE TABLE hello.greetings (
    greeting_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id     uuid NOT NULL,
    whom        text NOT NULL,
    words       text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

-- Who calls: here every token's subject is somebody, but the nil UUID.
CREATE FUNCTION hello.caller(p_sub uuid, OUT refusal text, OUT user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = hello, pg_temp AS $$
    SELECT CASE WHEN p_sub = '00000000-0000-0000-0000-000000000000' THEN 'user-unknown' END, p_sub
$$;

CREATE FUNCTION hello.greeting_json(g hello.greetings) RETURNS json
LANGUAGE sql STABLE SET search_path = hello, pg_temp AS $$
    SELECT json_build_object('greeting_id', g.greeting_id, 'user_id', g.user_id, 'whom', g.whom, 'words', g.words,
                             'created_at', to_char(g.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
$$;

CREATE FUNCTION hello.list_greetings(p_limit int) RETURNS activity.reply
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = hello, pg_temp AS $$
    SELECT (200,
            (SELECT coalesce(json_agg(hello.greeting_json(g)), '[]')
             FROM (SELECT * FROM hello.greetings ORDER BY greeting_id DESC LIMIT p_limit) g)::text,
            json_build_object('X-Total-Count', (SELECT count(*) FROM hello.greetings))::text)::activity.reply
$$;

CREATE FUNCTION hello.greet(p_user uuid, p_whom text, p_words text, p_mount text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hello, pg_temp AS $$
DECLARE
    g hello.greetings;
BEGIN
    INSERT INTO greetings (user_id, whom, words) VALUES (p_user, p_whom, p_words) RETURNING * INTO g;
    RETURN (201, greeting_json(g)::text, json_build_object('Location', p_mount || '/greetings/' || g.greeting_id)::text);
END $$;

CREATE FUNCTION hello.get_greeting(p_greeting bigint) RETURNS activity.reply
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = hello, pg_temp AS $$
    SELECT coalesce((SELECT (200, hello.greeting_json(g)::text, NULL)::activity.reply FROM hello.greetings g
                     WHERE greeting_id = p_greeting),
                    (404, '{"detail": "Greeting not found"}', NULL)::activity.reply)
$$;

CREATE FUNCTION hello.take_back(p_user uuid, p_greeting bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = hello, pg_temp AS $$
BEGIN
    DELETE FROM greetings WHERE greeting_id = p_greeting AND user_id = p_user;
    IF NOT found THEN
        RETURN (404, '{"detail": "Greeting not found"}', NULL)::activity.reply;
    END IF;
    RETURN (204, NULL, NULL)::activity.reply;
END $$;

-- httpd's role may call these, and touch nothing else.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA hello FROM PUBLIC;
GRANT USAGE ON SCHEMA hello TO activity_web;
GRANT EXECUTE ON FUNCTION hello.caller, hello.list_greetings, hello.greet, hello.get_greeting, hello.take_back TO activity_web;
