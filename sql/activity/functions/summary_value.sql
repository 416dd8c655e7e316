-- A versioned value as summaries and text differences print it: strings as they are, null as null, the rest as JSON.
CREATE OR REPLACE FUNCTION activity.summary_value(p_data jsonb, p_field text)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(p_data ->> p_field, 'null')
$$;
