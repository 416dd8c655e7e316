-- What new versions tell to those who watch their event. Each reader is judged as things stand now; who may no longer read gets nothing and is let go.
CREATE OR REPLACE FUNCTION collaboration.render_changes(p_subscribers jsonb, p_changes jsonb)
RETURNS TABLE (n int[], "position" bigint, id text, event text, data text, last boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
    WITH change AS MATERIALIZED (
        SELECT c."position", c.activity_id, c.n AS version
        FROM jsonb_to_recordset(p_changes) c ("position" bigint, kind text, activity_id uuid, n int) WHERE c.kind = 'version'
    ), watched AS MATERIALIZED (
        SELECT a AS activity FROM activities a WHERE a.activity_id IN (SELECT c.activity_id FROM change c)
    ), subscriber AS MATERIALIZED (
        SELECT s.activity_id, s.version, may_stream(w.activity, s.user_id, s.sub, s.sid, s.digest::bytea, s.iat) IS TRUE AS may, array_agg(s.n) AS n
        FROM jsonb_to_recordset(p_subscribers) s (n int, user_id uuid, activity_id uuid, version int, sub uuid, sid uuid, digest text, iat bigint)
        JOIN watched w ON (w.activity).activity_id = s.activity_id
        GROUP BY 1, 2, 3
    )
    SELECT s.n, c."position",
           CASE WHEN s.may THEN v.version_number::text END,
           CASE WHEN s.may THEN v.kind::text END,
           CASE WHEN s.may THEN json_build_object('event_id', (w.activity).number, 'version', v.version_number, 'changed_by', u.number,
                                                  'change_summary', v.change_summary)::text END,
           NOT s.may OR v.kind = 'deleted'
      FROM change c
      JOIN watched w ON (w.activity).activity_id = c.activity_id
      JOIN subscriber s ON s.activity_id = c.activity_id AND s.version < c.version
      JOIN activity_versions v ON v.activity_id = c.activity_id AND v.version_number = c.version
      LEFT JOIN users u ON u.user_id = v.changed_by
     ORDER BY c."position";
$$;
