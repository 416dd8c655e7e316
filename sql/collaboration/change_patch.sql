-- The columns that the members of an update set. An end that is shown already is left as it is stored, unless the start moves: then it is said, so that
-- a duration gives way to it.
CREATE OR REPLACE FUNCTION collaboration.change_patch(p_activity activity.activities, p_body json) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_body jsonb := p_body::jsonb;
    v_start timestamptz := coalesce((v_body ->> 'start_time')::timestamptz, p_activity.scheduled_at);
    v_end timestamptz := (v_body ->> 'end_time')::timestamptz;
    v_patch jsonb;
BEGIN
    SELECT coalesce(jsonb_object_agg(k, v_body -> k), '{}') INTO v_patch
    FROM unnest(ARRAY['title', 'description', 'location', 'is_recurring', 'recurrence_type', 'recurrence_pattern']) k WHERE v_body ? k;
    IF v_start <> p_activity.scheduled_at THEN
        v_patch := v_patch || jsonb_build_object('scheduled_at', v_start);
    END IF;
    IF v_end IS NOT NULL AND (v_end IS DISTINCT FROM shown_end(p_activity) OR v_start <> p_activity.scheduled_at) THEN
        v_patch := v_patch || jsonb_build_object('ends_at', v_end);
    END IF;
    RETURN v_patch;
END $$;
