-- Whether an If-Match or If-None-Match names the version. A weak mark and the suffix of httpd's compression are disregarded.
CREATE OR REPLACE FUNCTION collaboration.names_version(p_header text, p_version int) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN coalesce((SELECT bool_or(btrim(t, E' \t') = '*' OR btrim(t, E' \t') ~ format('^(W/)?"%s(-gzip|-br)?"$', p_version))
                     FROM regexp_split_to_table(p_header, ',') t), false);
END $$;
