-- Everything that decides what somebody sees, gathered once a list: whom a block stands between, friends, and the activities they help to
-- run, are in (or wait for, or have a grant of), are invited to now.
CREATE OR REPLACE FUNCTION activity.sight(p_user uuid)
RETURNS activity.sight LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
DECLARE
    v_now timestamptz := clock_timestamp();
BEGIN
    RETURN ROW(
        p_user,
        ARRAY(SELECT blocked_user_id FROM user_blocks WHERE blocker_user_id = p_user
              UNION
              SELECT blocker_user_id FROM user_blocks WHERE blocked_user_id = p_user),
        ARRAY(SELECT user_id_2 FROM friendships WHERE user_id_1 = p_user AND status = 'accepted'
              UNION ALL
              SELECT user_id_1 FROM friendships WHERE user_id_2 = p_user AND status = 'accepted'),
        ARRAY(SELECT activity_id FROM participants
               WHERE user_id = p_user AND role = 'co_organizer' AND participation_status = 'registered'),
        ARRAY(SELECT activity_id FROM participants WHERE user_id = p_user AND participation_status = 'registered'
              UNION ALL
              SELECT activity_id FROM waitlist_entries WHERE user_id = p_user
              UNION ALL
              SELECT activity_id FROM permissions WHERE user_id = p_user),
        ARRAY(SELECT activity_id FROM activity_invitations
               WHERE user_id = p_user AND status = 'pending' AND (expires_at IS NULL OR expires_at > v_now))
    )::sight;
END $$;
