-- A time of a request. Digits beyond microseconds round, but not out of the year 9999.
CREATE OR REPLACE FUNCTION participation.time_of(p_text text) RETURNS timestamptz
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT least(p_text::timestamptz, timestamptz '9999-12-31 23:59:59.999999+00'));
END $$;
