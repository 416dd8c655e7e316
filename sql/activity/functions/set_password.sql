-- A new password in place of the one that p_old is the hash of: false if another request was there first. It ends every session but the one
-- it was changed in.
CREATE OR REPLACE FUNCTION activity.set_password(p_user uuid, p_old text, p_hash text, p_keep uuid)
RETURNS boolean LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
BEGIN
    UPDATE users SET password_hash = p_hash, updated_at = clock_timestamp() WHERE user_id = p_user AND password_hash = p_old;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM end_sessions(p_user, p_keep);
    RETURN true;
END $$;
