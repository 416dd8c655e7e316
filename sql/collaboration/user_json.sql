CREATE OR REPLACE FUNCTION collaboration.user_json(p_user activity.users) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN jsonb_build_object(
        'id', p_user.number, 'username', username_of(p_user), 'email', p_user.email,
        'full_name', coalesce(p_user.name, nullif(concat_ws(' ', p_user.first_name, p_user.last_name), '')),
        'role', p_user.role, 'is_active', p_user.is_active, 'uuid', p_user.user_id);
END $$;
