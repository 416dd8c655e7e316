-- One entry of a 422 that only the database can judge.
CREATE OR REPLACE FUNCTION collaboration.violation(p_loc jsonb, p_msg text) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_build_object('type', 'value_error', 'loc', p_loc, 'msg', 'Value error, ' || p_msg);
$$;
