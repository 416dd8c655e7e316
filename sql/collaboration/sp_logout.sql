-- Ends the session of the token; a token of no session of ours is remembered itself. A good refresh token of the caller's ends its session too.
CREATE OR REPLACE FUNCTION collaboration.sp_logout(p_caller uuid, p_sid uuid, p_digest bytea, p_exp bigint, p_refresh_sub uuid, p_refresh_sid uuid,
                                                   p_refresh_jti uuid, p_all boolean) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
DECLARE
    v_sid uuid;
BEGIN
    FOR v_sid IN SELECT s.sid FROM sessions s
                 WHERE s.user_id = p_caller
                   AND (s.sid = p_sid OR (s.sid = p_refresh_sid AND p_refresh_sub = p_caller AND s.refresh_jti = p_refresh_jti))
                 ORDER BY s.sid LOOP
        PERFORM end_session(v_sid);
    END LOOP;
    IF p_all THEN
        PERFORM end_sessions(p_caller, NULL, true);
    END IF;
    IF NOT EXISTS (SELECT FROM sessions s WHERE s.sid = p_sid AND s.user_id = p_caller) THEN
        PERFORM revoke(p_digest, p_exp);
    END IF;
    RETURN reply(200, json_build_object('message', 'Successfully logged out'));
END $$;
