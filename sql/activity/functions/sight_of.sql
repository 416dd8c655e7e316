-- The part of sight(user) that concerns one activity: the same rule by a few probes, whatever else the person takes part in.
CREATE OR REPLACE FUNCTION activity.sight_of(p_activity activity.activities, p_user uuid)
RETURNS activity.sight LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
DECLARE
    v_id    uuid := p_activity.activity_id;
    v_owner uuid := p_activity.organizer_user_id;
    v_role  participant_role;
    v_now   timestamptz := clock_timestamp();
BEGIN
    SELECT role INTO v_role FROM participants WHERE activity_id = v_id AND user_id = p_user AND participation_status = 'registered';
    RETURN ROW(
        p_user,
        CASE WHEN blocked_pair(v_owner, p_user) THEN ARRAY[v_owner] ELSE '{}' END,
        CASE WHEN p_activity.activity_privacy_level = 'friends_only'
              AND EXISTS (SELECT FROM friendships
                           WHERE user_id_1 = least(v_owner, p_user) AND user_id_2 = greatest(v_owner, p_user) AND status = 'accepted')
             THEN ARRAY[v_owner] ELSE '{}' END,
        CASE WHEN v_role = 'co_organizer' THEN ARRAY[v_id] ELSE '{}' END,
        CASE WHEN v_role IS NOT NULL
               OR EXISTS (SELECT FROM waitlist_entries WHERE activity_id = v_id AND user_id = p_user)
               OR EXISTS (SELECT FROM permissions WHERE activity_id = v_id AND user_id = p_user)
             THEN ARRAY[v_id] ELSE '{}' END,
        CASE WHEN p_activity.activity_privacy_level = 'invite_only'
              AND EXISTS (SELECT FROM activity_invitations
                           WHERE activity_id = v_id AND user_id = p_user AND status = 'pending' AND (expires_at IS NULL OR expires_at > v_now))
             THEN ARRAY[v_id] ELSE '{}' END
    )::sight;
END $$;
