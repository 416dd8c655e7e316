-- The people of an event whom the caller is not shown: blocked either way, but for XXL activities.
CREATE OR REPLACE FUNCTION gatherhub.hidden_from(p_activity activity.activities, p_caller uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    IF p_activity.activity_type = 'xxl' THEN
        RETURN '{}';
    END IF;
    RETURN coalesce((sight(p_caller)).blocked, '{}');
END $$;
