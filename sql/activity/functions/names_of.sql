-- The names of an account that no other may have, by kind and folded, in the order in which they are told of.
CREATE OR REPLACE FUNCTION activity.names_of(p_user activity.users)
RETURNS TABLE (place int, kind text, name text) LANGUAGE sql IMMUTABLE ROWS 2 SET search_path = activity, pg_temp
AS $$
    SELECT n.* FROM (VALUES (1, 'username', lower(p_user.username COLLATE folded)),
                            (2, 'email', lower(p_user.email COLLATE folded)),
                            (3, 'discord_user_id', p_user.discord_user_id)) n (place, kind, name)
     WHERE n.name IS NOT NULL;
$$;
