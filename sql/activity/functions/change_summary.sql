-- What a change of the versioned fields was, in one line: "Updated: field: old → new, …", each value cut after 100 characters. Null where
-- nothing differs.
CREATE OR REPLACE FUNCTION activity.change_summary(p_old jsonb, p_new jsonb)
RETURNS text LANGUAGE plpgsql IMMUTABLE SET search_path = activity, pg_temp
AS $$
BEGIN
    RETURN (
        SELECT 'Updated: ' || string_agg(
                   format('%s: %s → %s', f.field,
                          CASE WHEN char_length(v.was) > 100 THEN left(v.was, 100) || '…' ELSE v.was END,
                          CASE WHEN char_length(v.is_now) > 100 THEN left(v.is_now, 100) || '…' ELSE v.is_now END),
                   ', ' ORDER BY f.place)
          FROM unnest(ARRAY['title', 'description', 'location', 'start_time', 'end_time', 'is_recurring', 'recurrence_type',
                            'recurrence_pattern'])
               WITH ORDINALITY f (field, place),
               LATERAL (SELECT summary_value(p_old, f.field) AS was, summary_value(p_new, f.field) AS is_now) v
         WHERE p_old -> f.field IS DISTINCT FROM p_new -> f.field);
END $$;
