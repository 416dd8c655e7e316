-- The 422 for one flaw that only the database can judge.
CREATE OR REPLACE FUNCTION collaboration.invalid(p_loc jsonb, p_msg text) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(422, jsonb_build_object('detail', jsonb_build_array(
        jsonb_build_object('type', 'value_error', 'loc', p_loc, 'msg', 'Value error, ' || p_msg)))));
END $$;
