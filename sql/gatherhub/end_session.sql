-- Logging out: ends the session of the refresh token, if it is one of the caller's; one that has ended already is as good.
CREATE OR REPLACE FUNCTION gatherhub.end_session(p_caller uuid, p_refresh_sub uuid, p_refresh_sid uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    IF p_refresh_sub IS DISTINCT FROM p_caller
       OR EXISTS (SELECT FROM sessions s WHERE s.sid = p_refresh_sid AND s.user_id <> p_caller) THEN
        RETURN problem(400, 'invalid_token', 'Token is invalid or expired');
    END IF;
    PERFORM activity.end_session(p_refresh_sid);
    RETURN reply(200, jsonb_build_object('message', 'Successfully logged out'));
END $$;
