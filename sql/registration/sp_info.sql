CREATE OR REPLACE FUNCTION registration.sp_info(p_version text) RETURNS activity.reply
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    SELECT reply(200, json_build_object('message', 'Events API', 'version', p_version));
$$;
