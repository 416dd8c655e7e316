-- What a login needs to know of the account of that address: whose it is, the hash to compare, and what is said once it was right.
-- Here an account is known by its address alone. An unknown one gives a row of nulls.
CREATE OR REPLACE FUNCTION attendance.sp_credentials(p_login text)
RETURNS TABLE (user_id uuid, password_hash text, refusal text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_user users;
BEGIN
    IF strpos(p_login, '@') > 0 THEN
        v_user := activity.credentials(p_login);
    END IF;
    RETURN QUERY SELECT v_user.user_id, v_user.password_hash,
        CASE WHEN NOT v_user.is_active THEN 'user-inactive'
             WHEN is_banned(v_user, clock_timestamp()) THEN 'user-banned' END;
END $$;
