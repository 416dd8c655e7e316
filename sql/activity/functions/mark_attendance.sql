-- Somebody says that they are there (or the organizer says it of them), while the activity runs. Who holds a place becomes attended; who
-- does not gets one if one is free, by the rules of joining with the waitlist left out, as a walk-in. Judged by the window alone: a
-- clockless activity has one too. Takes the lock.
CREATE OR REPLACE FUNCTION activity.mark_attendance(p_activity uuid, p_user uuid, p_level activity.subscription_level,
                                                    p_via activity.attendance_via)
RETURNS activity.mark LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v          mark;
    v_places   places := lock_activity(p_activity);
    v_activity activities;
    v_stand    standing;
    v_given    admission;
BEGIN
    SELECT * INTO v_activity FROM activities WHERE activity_id = p_activity AND deleted_at IS NULL;
    v.instant := instant(v_places);
    IF v_activity.activity_id IS NULL OR v_activity.status IN ('draft', 'cancelled') OR NOT may_see(v_activity, p_user) THEN
        v.outcome := 'not-found';
        RETURN v;
    END IF;
    IF v_activity.status <> 'completed' AND v.instant < v_activity.scheduled_at THEN
        v.outcome := 'not-started';
        RETURN v;
    END IF;
    IF p_via <> 'organizer' AND (v_activity.status = 'completed' OR v.instant > v_activity.over_at) THEN
        v.outcome := 'ended';
        RETURN v;
    END IF;

    v_stand := standing(v_places, v_activity, p_user, p_level, v.instant);
    IF v_stand.registered AND v_stand.attendance = 'attended' THEN
        v.outcome := 'already';
        SELECT attended_at INTO v.attended_at FROM participants WHERE activity_id = p_activity AND user_id = p_user;
        RETURN v;
    END IF;
    IF NOT v_stand.registered THEN
        -- Who waits has come through the door already: what kept others out since does not concern them, a block does.
        IF v_stand.blocked
           OR (NOT v_stand.waiting AND (v_stand.refused_period OR num_nonnulls(v_stand.refused_privacy, v_stand.refused_gender) > 0)) THEN
            v.outcome := 'not-allowed';
            RETURN v;
        END IF;
        IF v_stand.waiting THEN
            v.outcome := 'waiting';
            RETURN v;
        END IF;
        v_given := admit(v_places, p_user, v_stand, false, true);
        IF v_given.outcome = 'full' THEN
            v.outcome := 'full';
            RETURN v;
        END IF;
    END IF;
    v.outcome := 'marked';
    SELECT s.attended_at INTO v.attended_at
      FROM set_attendance(v_places, ARRAY[p_user], ARRAY['attended'::attendance_status], p_via, v.instant) s;
    RETURN v;
END $$;
