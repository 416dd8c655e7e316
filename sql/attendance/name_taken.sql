-- The refusal of names that somebody has; null of none.
CREATE OR REPLACE FUNCTION attendance.name_taken(p_taken text[]) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = attendance, activity, pg_temp AS $$
BEGIN
    RETURN problem(400, CASE WHEN 'email' = ANY (p_taken) THEN 'Email already registered' ELSE 'Discord user already registered' END);
END $$;
