-- The refusal of names that somebody has; null of none.
CREATE OR REPLACE FUNCTION gatherhub.name_taken(p_taken text[]) RETURNS activity.reply
LANGUAGE plpgsql STABLE STRICT SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN problem(409, 'already_exists', 'Username or email already exists',
        (SELECT jsonb_object_agg(t, jsonb_build_array(format('This %s is already taken.', t))) FROM unnest(p_taken) t));
END $$;
