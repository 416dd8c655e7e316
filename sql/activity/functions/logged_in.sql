-- Notes a login, of any API. It is no change of the person: updated_at stays.
CREATE OR REPLACE FUNCTION activity.logged_in(p_user uuid)
RETURNS void LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
BEGIN
    UPDATE users SET last_login = clock_timestamp() WHERE user_id = p_user;
END $$;
