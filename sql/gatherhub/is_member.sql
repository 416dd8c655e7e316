-- The creator, and every participant.
CREATE OR REPLACE FUNCTION gatherhub.is_member(p_activity activity.activities, p_user uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce(p_activity.organizer_user_id = p_user, false) OR takes_part(p_activity.activity_id, p_user));
END $$;
