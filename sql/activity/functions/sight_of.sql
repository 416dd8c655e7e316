-- The part of sight(user) that concerns one activity: the same rule by a few probes, whatever else the person takes part in. What is public
-- to them needs no further look.
CREATE OR REPLACE FUNCTION activity.sight_of(p_activity activity.activities, p_user uuid)
RETURNS activity.sight LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = activity, pg_temp
AS $$
DECLARE
    v       sight;
    v_id    uuid := p_activity.activity_id;
    v_owner uuid := p_activity.organizer_user_id;
    v_role  participant_role;
    v_now   timestamptz := clock_timestamp();
BEGIN
    v.user_id := p_user;
    v.blocked := CASE WHEN blocked_pair(v_owner, p_user) THEN ARRAY[v_owner] ELSE '{}' END;
    v.friends := '{}';
    v.staff := '{}';
    v.inside := '{}';
    v.invited := '{}';
    IF visible(p_activity, v) THEN
        RETURN v;
    END IF;

    SELECT role INTO v_role FROM participants WHERE activity_id = v_id AND user_id = p_user AND participation_status = 'registered';
    IF v_role = 'co_organizer' THEN
        v.staff := ARRAY[v_id];
    END IF;
    IF v_role IS NOT NULL
       OR EXISTS (SELECT FROM waitlist_entries WHERE activity_id = v_id AND user_id = p_user)
       OR EXISTS (SELECT FROM permissions WHERE activity_id = v_id AND user_id = p_user) THEN
        v.inside := ARRAY[v_id];
    END IF;
    IF p_activity.activity_privacy_level = 'friends_only'
       AND EXISTS (SELECT FROM friendships
                    WHERE user_id_1 = least(v_owner, p_user) AND user_id_2 = greatest(v_owner, p_user) AND status = 'accepted') THEN
        v.friends := ARRAY[v_owner];
    END IF;
    IF p_activity.activity_privacy_level = 'invite_only'
       AND EXISTS (SELECT FROM activity_invitations
                    WHERE activity_id = v_id AND user_id = p_user AND status = 'pending'
                      AND (expires_at IS NULL OR expires_at > v_now)) THEN
        v.invited := ARRAY[v_id];
    END IF;
    RETURN v;
END $$;
