CREATE OR REPLACE FUNCTION collaboration.etag(p_version int) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('ETag', format('"%s"', p_version));
$$;
