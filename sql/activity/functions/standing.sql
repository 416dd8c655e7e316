-- All facts of joining at once, nothing written: each API answers in its own order of checks. Read under the lock. status is null where
-- there is no such activity.
CREATE OR REPLACE FUNCTION activity.standing(p_places activity.places, p_activity activity.activities, p_user uuid,
                                             p_level activity.subscription_level, p_instant timestamptz)
RETURNS activity.standing LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp
AS $$
DECLARE
    v        standing;
    v_owner  uuid := p_activity.organizer_user_id;
    v_gender text;
BEGIN
    v.activity_id := p_places.activity_id;
    v.user_id := p_user;
    v.instant := p_instant;
    IF p_activity.activity_id IS NULL OR p_activity.deleted_at IS NOT NULL THEN
        RETURN v;
    END IF;
    v.status := p_activity.status;
    v.phase := phase(p_activity, p_instant);
    v.organizer := coalesce(v_owner = p_user, false);

    SELECT role, participation_status, attendance_status INTO v.role, v.participation, v.attendance
      FROM participants WHERE activity_id = p_places.activity_id AND user_id = p_user;
    v.registered := coalesce(v.participation = 'registered', false);
    IF NOT v.registered THEN
        v.role := NULL;
    END IF;
    v.waiting := p_places.waitlist_count > 0
                 AND EXISTS (SELECT FROM waitlist_entries WHERE activity_id = p_places.activity_id AND user_id = p_user);
    v.invited := EXISTS (SELECT FROM activity_invitations
                          WHERE activity_id = p_places.activity_id AND user_id = p_user AND status = 'pending'
                            AND (expires_at IS NULL OR expires_at > p_instant));
    v.free := p_places.waitlist_count = 0
              AND (p_places.max_participants IS NULL OR p_places.current_participants_count < p_places.max_participants);
    v.blocked := false;
    v.refused_period := false;

    -- Nothing of the rest keeps the organizer out.
    IF v.organizer THEN
        RETURN v;
    END IF;
    IF v_owner IS NOT NULL AND p_activity.activity_type <> 'xxl' THEN
        v.blocked := blocked_pair(v_owner, p_user);
    END IF;
    IF p_activity.activity_privacy_level = 'friends_only' THEN
        IF NOT EXISTS (SELECT FROM friendships
                        WHERE user_id_1 = least(v_owner, p_user) AND user_id_2 = greatest(v_owner, p_user)
                          AND v_owner IS NOT NULL AND status = 'accepted') THEN
            v.refused_privacy := 'friends_only';
        END IF;
    ELSIF p_activity.activity_privacy_level = 'invite_only' AND NOT v.invited THEN
        v.refused_privacy := 'invite_only';
    END IF;
    IF p_activity.activity_type IN ('womens_only', 'mens_only') THEN
        SELECT lower(gender) INTO v_gender FROM users WHERE user_id = p_user;
        IF v_gender <> (CASE p_activity.activity_type WHEN 'womens_only' THEN 'female' ELSE 'male' END) THEN
            v.refused_gender := p_activity.activity_type;
        END IF;
    END IF;
    v.refused_period := coalesce(coalesce(p_level, 'free') = 'free' AND p_instant < p_activity.joinable_at_free, false);
    RETURN v;
END $$;
