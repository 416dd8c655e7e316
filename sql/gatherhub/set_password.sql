CREATE OR REPLACE FUNCTION gatherhub.set_password(p_caller uuid, p_old text, p_hash text, p_sid uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    IF NOT activity.set_password(p_caller, p_old, p_hash, p_sid) THEN
        RETURN invalid('current_password', 'Current password is incorrect.');
    END IF;
    RETURN reply(200, jsonb_build_object('message', 'Password changed successfully.'));
END $$;
