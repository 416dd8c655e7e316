CREATE OR REPLACE FUNCTION collaboration.sp_root(p_version text) RETURNS activity.reply
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    SELECT reply(200, json_build_object('message', 'Event Management API', 'version', p_version, 'status', 'operational'));
$$;
