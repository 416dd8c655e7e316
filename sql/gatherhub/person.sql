-- The summary of a person by id, who may be gone.
CREATE OR REPLACE FUNCTION gatherhub.person(p_user uuid, p_absent text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT summary(u, p_absent) FROM (SELECT) one LEFT JOIN users u ON u.user_id = p_user);
END $$;
