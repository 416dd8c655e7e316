-- Which open streams must end: the event is none here any more, the reader's level is gone, or the token. A deletion is told before it ends them.
CREATE OR REPLACE FUNCTION collaboration.check_streams(p_subscribers jsonb)
RETURNS TABLE (n int, "position" bigint, id text, event text, data text, last boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
    SELECT s.n, NULL::bigint, NULL::text, NULL::text, NULL::text, true
      FROM jsonb_to_recordset(p_subscribers) s (n int, user_id uuid, activity_id uuid, sub uuid, sid uuid, digest text, iat bigint)
      LEFT JOIN activities a ON a.activity_id = s.activity_id
     WHERE may_stream(a, s.user_id, s.sub, s.sid, s.digest::bytea, s.iat) IS NOT TRUE;
$$;
