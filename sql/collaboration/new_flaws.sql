-- What is wrong with a new event beyond its single fields, as entries of a 422 below p_loc.
CREATE OR REPLACE FUNCTION collaboration.new_flaws(p_body json, p_loc jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF NOT pattern_fits(p_body) THEN
        RETURN jsonb_build_array(violation(p_loc || '["recurrence_pattern"]', 'Recurrence pattern has at most 4096 bytes'));
    ELSIF (p_body ->> 'end_time')::timestamptz <= (p_body ->> 'start_time')::timestamptz THEN
        RETURN jsonb_build_array(violation(p_loc || '["end_time"]', 'End time must be after start time'));
    END IF;
    RETURN '[]';
END $$;
