-- A person as shown beside things; who is not there is shown with id 0 and the name given. Never an address.
CREATE OR REPLACE FUNCTION gatherhub.summary(p_user activity.users, p_absent text DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT CASE WHEN (p_user).user_id IS NULL
        THEN jsonb_build_object('id', 0, 'username', coalesce(p_absent, 'unknown'), 'first_name', '', 'last_name', '')
        ELSE jsonb_build_object('id', (p_user).number, 'username', username_of(p_user),
                                'first_name', coalesce((p_user).first_name, ''), 'last_name', coalesce((p_user).last_name, '')) END);
END $$;
