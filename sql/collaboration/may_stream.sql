-- Whether a stream may go on: its event is one here, its reader has a level and a good token.
CREATE OR REPLACE FUNCTION collaboration.may_stream(p_activity activity.activities, p_user uuid, p_sub uuid, p_sid uuid, p_digest bytea, p_iat bigint)
RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    RETURN p_activity.status IN ('published', 'completed')
       AND EXISTS (SELECT FROM users u WHERE u.user_id = p_user AND u.is_active AND NOT is_banned(u, clock_timestamp()))
       AND session_live(p_sid, p_sub, p_digest, p_iat)
       AND stream_level(p_activity, p_user) IS NOT NULL;
END $$;
