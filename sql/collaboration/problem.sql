CREATE OR REPLACE FUNCTION collaboration.problem(p_status int, p_detail text) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(p_status, json_build_object('detail', p_detail)));
END $$;
