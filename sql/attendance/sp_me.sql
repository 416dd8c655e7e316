CREATE OR REPLACE FUNCTION attendance.sp_me(p_caller uuid) RETURNS activity.reply
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
    SELECT reply(200, user_json(u, true)) FROM users u WHERE u.user_id = p_caller;
$$;
