-- The 422 for one flaw that only the database can judge.
CREATE OR REPLACE FUNCTION collaboration.invalid(p_loc jsonb, p_msg text) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(422, jsonb_build_object('detail', jsonb_build_array(violation(p_loc, p_msg)))));
END $$;
