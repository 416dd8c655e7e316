CREATE OR REPLACE FUNCTION collaboration.sp_get_me(p_caller uuid) RETURNS activity.reply
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
    SELECT reply(200, user_json(u)) FROM users u WHERE u.user_id = p_caller;
$$;
