-- What a batch of changes tells to which open streams. Each is judged, and filled in, as things stand now.
CREATE OR REPLACE FUNCTION participation.render_changes(p_subscribers jsonb, p_changes jsonb)
RETURNS TABLE (n int[], "position" bigint, id text, event text, data text, last boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    WITH subscriber AS MATERIALIZED (
        SELECT s.user_id, array_agg(s.n) AS n FROM jsonb_to_recordset(p_subscribers) s (n int, user_id uuid) GROUP BY s.user_id
    ), change AS MATERIALIZED (
        SELECT c.*
          FROM jsonb_to_recordset(p_changes)
               c ("position" bigint, kind text, activity_id uuid, user_id uuid, payload jsonb, created_at timestamptz)
    )
    SELECT m.n, m."position", NULL::text, m.event, m.data::text, false
      FROM (
        SELECT s.n, c."position", 'waitlist.promoted' AS event,
               json_build_object('activity_id', c.activity_id, 'promoted_at', wire_time(t.joined_at)) AS data
          FROM change c
          JOIN subscriber s ON s.user_id = c.user_id
          JOIN participants t ON t.activity_id = c.activity_id AND t.user_id = c.user_id AND t.participation_status = 'registered'
         WHERE c.kind = 'promoted'
        UNION ALL
        SELECT s.n, c."position", 'invitation.received',
               json_build_object('invitation_id', i.invitation_id, 'activity_id', i.activity_id)
          FROM change c
          JOIN subscriber s ON s.user_id = c.user_id
          JOIN activity_invitations i ON i.invitation_id = (c.payload ->> 'invitation_id')::uuid
         WHERE c.kind = 'invited'
        UNION ALL
        SELECT who.n, c."position", 'activity.updated',
               json_build_object('activity_id', a.activity_id, 'status', a.status, 'scheduled_at', wire_time(a.scheduled_at))
          FROM change c
          JOIN activities a ON a.activity_id = c.activity_id AND a.deleted_at IS NULL
         CROSS JOIN LATERAL (
               SELECT array_agg(k) AS n
                 FROM subscriber s
                CROSS JOIN unnest(s.n) k
                WHERE EXISTS (SELECT FROM participants t
                               WHERE t.activity_id = a.activity_id AND t.user_id = s.user_id AND t.participation_status = 'registered')
                   OR EXISTS (SELECT FROM waitlist_entries w WHERE w.activity_id = a.activity_id AND w.user_id = s.user_id)) who
         WHERE c.kind = 'activity.updated' AND c.payload -> 'changed' ?| '{status,scheduled_at}' AND who.n IS NOT NULL
      ) m
     ORDER BY m."position";
$$;
