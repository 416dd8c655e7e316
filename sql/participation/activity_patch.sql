-- A body of createActivity or updateActivity in the columns of the model: only what was sent, null where null was sent.
CREATE OR REPLACE FUNCTION participation.activity_patch(p_body jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = participation, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(jsonb_object_agg(f.column_name, CASE
               WHEN f.field IN ('scheduled_at', 'joinable_at_free') THEN to_jsonb(wire_time_six(time_of(p_body ->> f.field)))
               WHEN f.field = 'tags' THEN (SELECT coalesce(jsonb_agg(t.tag ORDER BY t.n), '[]')
                                             FROM (SELECT e.tag, min(e.n) AS n
                                                     FROM jsonb_array_elements_text(p_body -> 'tags') WITH ORDINALITY e (tag, n)
                                                    GROUP BY e.tag) t)
               ELSE p_body -> f.field END), '{}')
      FROM (VALUES ('title', 'title'), ('description', 'description'), ('activity_type', 'activity_type'),
                   ('privacy', 'activity_privacy_level'), ('status', 'status'), ('scheduled_at', 'scheduled_at'),
                   ('duration_minutes', 'duration_minutes'), ('joinable_at_free', 'joinable_at_free'),
                   ('max_participants', 'max_participants'), ('waitlist_enabled', 'waitlist_enabled'),
                   ('location_name', 'location'), ('city', 'city'), ('language', 'language'), ('tags', 'tags')) f (field, column_name)
     WHERE p_body ? f.field);
END $$;
