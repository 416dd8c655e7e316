-- The share of ballots that hold an option, half up to one decimal.
CREATE OR REPLACE FUNCTION gatherhub.percentage(p_count int, p_total int) RETURNS numeric
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_total = 0 THEN 0 ELSE trim_scale(round(100.0 * p_count / p_total, 1)) END;
$$;
