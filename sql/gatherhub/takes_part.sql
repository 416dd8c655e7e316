CREATE OR REPLACE FUNCTION gatherhub.takes_part(p_activity uuid, p_user uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT EXISTS (SELECT FROM participants t
                   WHERE t.activity_id = p_activity AND t.user_id = p_user AND t.participation_status = 'registered'));
END $$;
