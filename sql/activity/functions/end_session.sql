-- Ends a session, with all its tokens, on every API. False if it was not live.
CREATE OR REPLACE FUNCTION activity.end_session(p_sid uuid)
RETURNS boolean LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_user uuid;
BEGIN
    UPDATE sessions SET ended_at = clock_timestamp() WHERE sid = p_sid AND ended_at IS NULL RETURNING user_id INTO v_user;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM emit('session.ended', NULL, v_user, p_payload => jsonb_build_object('sid', p_sid));
    RETURN true;
END $$;
