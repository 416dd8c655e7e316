-- An instant as replies show it: UTC with Z, six fraction digits, none where the fraction is zero. Inlined.
CREATE OR REPLACE FUNCTION activity.wire_time(p_instant timestamptz)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT replace(to_char(p_instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z'
$$;
