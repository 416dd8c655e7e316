CREATE OR REPLACE FUNCTION gatherhub.profile(p_user activity.users, p_base text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT portrait(p_user, p_base) || jsonb_build_object(
        'email', (p_user).email, 'bio', (p_user).bio, 'date_joined', wire_time((p_user).created_at),
        'last_login', wire_time((p_user).last_login)));
END $$;
