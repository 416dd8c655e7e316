-- Whom an event's details show: a participating creator and the caller always, then by time of joining, 500 at most, without people
-- hidden from the caller.
CREATE OR REPLACE FUNCTION gatherhub.people_of(p_activity activity.activities, p_caller uuid)
RETURNS TABLE (user_id uuid, joined_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = gatherhub, activity, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_hidden uuid[] := hidden_from(p_activity, p_caller);
BEGIN
    RETURN QUERY
    WITH always AS (
        SELECT t.user_id, t.joined_at FROM participants t
        WHERE t.activity_id = p_activity.activity_id AND t.user_id IN (p_caller, p_activity.organizer_user_id)
          AND t.participation_status = 'registered' AND t.user_id <> ALL (v_hidden)),
    others AS (
        SELECT t.user_id, t.joined_at FROM participants t
        WHERE t.activity_id = p_activity.activity_id AND t.participation_status = 'registered' AND t.user_id <> ALL (v_hidden)
          AND t.user_id NOT IN (SELECT a.user_id FROM always a)
        ORDER BY t.joined_at, t.user_id LIMIT 500 - (SELECT count(*) FROM always))
    SELECT a.user_id, a.joined_at FROM always a UNION ALL SELECT o.user_id, o.joined_at FROM others o;
END $$;
