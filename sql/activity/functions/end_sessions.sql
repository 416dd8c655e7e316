-- Ends the sessions of a user but for one; with p_tokens_too also whatever token without a session was issued before now. Sessions are
-- locked in the order of their sid.
CREATE OR REPLACE FUNCTION activity.end_sessions(p_user uuid, p_keep uuid, p_tokens_too boolean DEFAULT false)
RETURNS int LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_sid   uuid;
    v_ended int := 0;
BEGIN
    IF p_tokens_too THEN
        UPDATE users SET tokens_valid_after = clock_timestamp() WHERE user_id = p_user;
    END IF;
    FOR v_sid IN SELECT sid FROM sessions WHERE user_id = p_user AND ended_at IS NULL AND sid IS DISTINCT FROM p_keep ORDER BY sid LOOP
        v_ended := v_ended + end_session(v_sid)::int;
    END LOOP;
    RETURN v_ended;
END $$;
