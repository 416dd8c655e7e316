CREATE OR REPLACE FUNCTION collaboration.sp_set_password(p_caller uuid, p_hash text, p_sid uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = activity, pg_temp AS $$
BEGIN
    PERFORM set_password(p_caller, p_hash, p_sid);
    RETURN reply(200, json_build_object('message', 'Password changed'));
END $$;
