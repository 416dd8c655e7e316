-- A new password ends every session but the one it was changed in.
CREATE OR REPLACE FUNCTION activity.set_password(p_user uuid, p_hash text, p_keep uuid)
RETURNS void LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
BEGIN
    UPDATE users SET password_hash = p_hash, updated_at = clock_timestamp() WHERE user_id = p_user;
    PERFORM end_sessions(p_user, p_keep);
END $$;
