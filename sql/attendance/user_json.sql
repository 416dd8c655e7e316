-- A user as replies show them; the address only to whom the contract names.
CREATE OR REPLACE FUNCTION attendance.user_json(p_user activity.users, p_with_email boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', p_user.number, 'uuid', p_user.user_id,
        'email', CASE WHEN p_with_email THEN p_user.email END,
        'name', shown_name(p_user),
        'discord_user_id', p_user.discord_user_id, 'discord_username', p_user.discord_username,
        'is_active', p_user.is_active,
        'created_at', wire_time(p_user.created_at), 'updated_at', wire_time(p_user.updated_at)));
END $$;
