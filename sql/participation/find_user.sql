-- A person of that id who is to be met: nobody for an unknown or deactivated one.
CREATE OR REPLACE FUNCTION participation.find_user(p_user uuid) RETURNS activity.users
LANGUAGE plpgsql VOLATILE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT u FROM users u WHERE u.user_id = p_user AND u.is_active);
END $$;
