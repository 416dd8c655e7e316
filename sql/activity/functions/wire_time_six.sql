-- An instant as replies show it that always have six fraction digits. Inlined.
CREATE OR REPLACE FUNCTION activity.wire_time_six(p_instant timestamptz)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT to_char(p_instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;
