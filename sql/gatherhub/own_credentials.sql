-- What changing a password needs to know of the caller.
CREATE OR REPLACE FUNCTION gatherhub.own_credentials(p_caller uuid) RETURNS TABLE (user_id uuid, password_hash text, username text, email text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    SELECT u.user_id, u.password_hash, u.username, u.email FROM users u WHERE u.user_id = p_caller;
$$;
