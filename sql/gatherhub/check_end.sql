-- What is wrong with an end beside a start, or null.
CREATE OR REPLACE FUNCTION gatherhub.check_end(p_start timestamptz, p_end timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_end <= p_start THEN 'Must be later than date.'
                WHEN p_end > p_start + interval '31 days' THEN 'Must be within 31 days of date.' END;
$$;
