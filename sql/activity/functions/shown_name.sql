-- The name by which somebody is shown: the display name, first and last, then what username_of says; never the address. Inlined.
CREATE OR REPLACE FUNCTION activity.shown_name(p_user activity.users)
RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT coalesce(nullif(p_user.name, ''), nullif(concat_ws(' ', p_user.first_name, p_user.last_name), ''),
                    p_user.username, p_user.handle, p_user.discord_username, 'user-' || p_user.number)
$$;
