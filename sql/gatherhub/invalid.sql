-- A 400 that names one field, for what only the database can judge.
CREATE OR REPLACE FUNCTION gatherhub.invalid(p_field text, p_message text) RETURNS activity.reply
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT problem(400, 'validation_error', 'Invalid request data', jsonb_build_object(p_field, jsonb_build_array(p_message))));
END $$;
