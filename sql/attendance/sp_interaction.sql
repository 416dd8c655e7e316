-- A request of Discord's own, whose signature has been found good.
CREATE OR REPLACE FUNCTION attendance.sp_interaction(p_body jsonb) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_user jsonb := coalesce(nullif(p_body #> '{member,user}', 'null'), p_body -> 'user');
    v_command text := p_body #>> '{data,name}';
    v_username text;
    v_arguments text[];
    v_text text;
BEGIN
    IF (p_body ->> 'type')::numeric = 1 THEN
        RETURN reply(200, jsonb_build_object('type', 1));
    ELSIF (p_body ->> 'type')::numeric <> 2 THEN
        RETURN problem(400, 'Unsupported interaction type');
    END IF;
    IF (jsonb_typeof(v_user) = 'object' AND jsonb_typeof(v_user -> 'id') = 'string' AND v_user ->> 'id' ~ '^[0-9]{1,20}$'
        AND jsonb_typeof(v_user -> 'username') = 'string' AND v_user ->> 'username' <> '') IS NOT TRUE THEN
        RETURN invalid('{body,user}', 'missing', 'Field required');
    ELSIF jsonb_typeof(p_body #> '{data,name}') IS DISTINCT FROM 'string' THEN
        RETURN invalid('{body,data}', 'missing', 'Field required');
    END IF;
    v_username := left((v_user ->> 'username')
        || CASE WHEN coalesce(v_user ->> 'discriminator', '0') <> '0' THEN '#' || (v_user ->> 'discriminator') ELSE '' END, 64);
    SELECT words(o ->> 'value') INTO v_arguments
    FROM jsonb_array_elements(CASE jsonb_typeof(p_body #> '{data,options}') WHEN 'array' THEN p_body #> '{data,options}' ELSE '[]' END) o
    WHERE o ->> 'name' = CASE v_command WHEN 'register' THEN 'name' WHEN 'attend' THEN 'event_id' WHEN 'link' THEN 'code' END
    LIMIT 1;
    v_text := run_command('/', v_command, coalesce(v_arguments, '{}'), v_user ->> 'id', v_username,
                          nullif(v_user ->> 'global_name', ''),
                          CASE WHEN p_body ->> 'channel_id' ~ '^[0-9]{1,20}$' THEN p_body ->> 'channel_id' END);
    RETURN reply(200, jsonb_build_object('type', 4, 'data', jsonb_build_object(
        'content', coalesce(v_text, 'Unknown command. Use /help.'), 'flags', 64,
        'allowed_mentions', jsonb_build_object('parse', '[]'::jsonb))));
END $$;
