CREATE OR REPLACE FUNCTION gatherhub.get_profile(p_caller uuid, p_base text) RETURNS activity.reply
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
    SELECT reply(200, profile(u, p_base)) FROM users u WHERE u.user_id = p_caller;
$$;
