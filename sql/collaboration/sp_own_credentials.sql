CREATE OR REPLACE FUNCTION collaboration.sp_own_credentials(p_caller uuid) RETURNS TABLE (user_id uuid, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    SELECT u.user_id, u.password_hash FROM users u WHERE u.user_id = p_caller;
$$;
