CREATE OR REPLACE FUNCTION gatherhub.join_event(p_caller uuid, p_level activity.subscription_level, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_places places := lock_activity((SELECT a.activity_id FROM activities a WHERE a.number = p_event));
    v_activity activities := find_event(p_event, p_caller);
    v_standing standing;
    v_admission admission;
BEGIN
    IF v_places.activity_id IS NULL OR v_activity.activity_id IS NULL THEN
        RETURN event_missing();
    END IF;
    v_standing := standing(v_places, v_activity, p_caller, p_level, instant(v_places));
    IF v_standing.registered THEN
        RETURN problem(400, 'already_participant', 'You are already a participant of this event');
    ELSIF v_standing.phase = 'over' OR v_standing.status <> 'published' THEN
        RETURN problem(400, 'event_completed', 'This event is already completed');
    ELSIF v_standing.blocked OR v_standing.refused_privacy IS NOT NULL THEN     -- who sees it by a grant all the same
        RETURN problem(403, 'permission_denied', 'This event is by invitation only');
    ELSIF v_standing.refused_period THEN
        RETURN problem(403, 'permission_denied', 'This event is not open to you yet');
    ELSIF v_standing.refused_gender = 'womens_only' THEN
        RETURN problem(403, 'permission_denied', 'This event is for women only');
    ELSIF v_standing.refused_gender = 'mens_only' THEN
        RETURN problem(403, 'permission_denied', 'This event is for men only');
    ELSIF v_standing.waiting THEN
        RETURN problem(400, 'event_full', 'Event is full');    -- who waits, through another API, waits: places go to the head of the line
    END IF;
    v_admission := admit(v_places, p_caller, v_standing, false);
    IF v_admission.outcome <> 'registered' THEN
        RETURN problem(400, 'event_full', 'Event is full');
    END IF;
    RETURN reply(200, jsonb_build_object('message', 'Successfully joined the event', 'event', jsonb_build_object(
        'id', v_activity.number, 'title', coalesce(v_activity.title, ''), 'current_participants', v_admission.current_participants_count)));
END $$;
