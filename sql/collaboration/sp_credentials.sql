-- What a login needs to know of the account of that name or address; an unknown one gives a row of nulls.
CREATE OR REPLACE FUNCTION collaboration.sp_credentials(p_login text) RETURNS TABLE (user_id uuid, password_hash text, refusal text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
DECLARE
    v_user users := activity.credentials(p_login);
BEGIN
    RETURN QUERY SELECT v_user.user_id, v_user.password_hash,
        CASE WHEN NOT v_user.is_active THEN 'user-inactive'
             WHEN is_banned(v_user, clock_timestamp()) THEN 'user-banned' END;
END $$;
