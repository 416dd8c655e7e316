-- Which open streams must end: their session is over, their token was logged out, or the account is no longer welcome.
CREATE OR REPLACE FUNCTION participation.check_streams(p_subscribers jsonb)
RETURNS TABLE (n int, "position" bigint, id text, event text, data text, last boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    SELECT s.n, NULL::bigint, NULL::text, NULL::text, NULL::text, true
      FROM jsonb_to_recordset(p_subscribers) s (n int, user_id uuid, sub uuid, sid uuid, digest text, iat bigint)
      LEFT JOIN users u ON u.user_id = s.user_id
     WHERE u.user_id IS NULL OR NOT u.is_active OR is_banned(u, now())
        OR NOT session_live(s.sid, s.sub, s.digest::bytea, s.iat);
$$;
