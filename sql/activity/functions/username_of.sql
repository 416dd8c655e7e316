-- The user name that is shown: never null for a person, never the address. Inlined.
CREATE OR REPLACE FUNCTION activity.username_of(p_user activity.users)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce(p_user.username, p_user.handle, p_user.discord_username, 'user-' || p_user.number)
$$;
