-- A summary with the picture: participants and assignees.
CREATE OR REPLACE FUNCTION gatherhub.portrait(p_user activity.users, p_base text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT summary(p_user) || jsonb_build_object('avatar', avatar_url(p_user, p_base)));
END $$;
