-- Whose login this is: an address where it holds @, else a user name, whatever the case. A null row if nobody's; guests have neither.
CREATE OR REPLACE FUNCTION activity.credentials(p_login text)
RETURNS activity.users LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp
AS $$
DECLARE
    v_user users;
BEGIN
    IF strpos(p_login, '@') > 0 THEN
        SELECT * INTO v_user FROM users u WHERE lower(u.email COLLATE folded) = lower(p_login COLLATE folded);
    ELSE
        SELECT * INTO v_user FROM users u WHERE lower(u.username COLLATE folded) = lower(p_login COLLATE folded);
    END IF;
    RETURN v_user;
END $$;
