-- The user of that number, if they are a member of the event; else null.
CREATE OR REPLACE FUNCTION gatherhub.may_be_assigned(p_activity activity.activities, p_number bigint) RETURNS uuid
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT u.user_id FROM users u WHERE u.number = p_number AND is_member(p_activity, u.user_id));
END $$;
