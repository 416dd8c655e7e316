-- The refusal of a name or an address that somebody has.
CREATE OR REPLACE FUNCTION gatherhub.name_taken(p_taken text[]) RETURNS activity.reply
LANGUAGE sql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
    SELECT problem(409, 'already_exists', 'Username or email already exists',
        (SELECT jsonb_object_agg(t, jsonb_build_array(format('This %s is already taken.', t))) FROM unnest(p_taken) t));
$$;
