CREATE OR REPLACE FUNCTION collaboration.sp_set_password(p_caller uuid, p_old text, p_hash text, p_sid uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    IF NOT set_password(p_caller, p_old, p_hash, p_sid) THEN
        RETURN problem(400, 'Incorrect password');
    END IF;
    RETURN reply(200, json_build_object('message', 'Password changed'));
END $$;
