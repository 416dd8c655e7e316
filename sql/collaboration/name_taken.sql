-- The refusal of names that somebody has; null of none.
CREATE OR REPLACE FUNCTION collaboration.name_taken(p_taken text[]) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    RETURN problem(400, CASE WHEN 'username' = ANY (p_taken) THEN 'Username already registered' ELSE 'Email already registered' END);
END $$;
