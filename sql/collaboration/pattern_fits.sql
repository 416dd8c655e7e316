-- A recurrence pattern has at most 4096 bytes as JSON text.
CREATE OR REPLACE FUNCTION collaboration.pattern_fits(p_body json) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(octet_length((p_body -> 'recurrence_pattern')::text), 0) <= 4096;
$$;
