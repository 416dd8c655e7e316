CREATE OR REPLACE FUNCTION gatherhub.leave_event(p_caller uuid, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_places places := lock_activity((SELECT a.activity_id FROM activities a WHERE a.number = p_event));
    v_activity activities := find_event(p_event, p_caller);
    v_standing standing;
    v_departure departure;
BEGIN
    IF v_places.activity_id IS NULL OR v_activity.activity_id IS NULL THEN
        RETURN event_missing();
    END IF;
    v_standing := standing(v_places, v_activity, p_caller, 'free', instant(v_places));
    IF NOT v_standing.registered THEN
        RETURN problem(400, 'not_participant', 'You are not a participant of this event');
    ELSIF v_standing.organizer THEN
        RETURN problem(403, 'creator_cannot_leave', 'Event creator cannot leave the event');
    ELSIF v_standing.phase = 'over' OR v_standing.status <> 'published' THEN
        RETURN problem(400, 'event_completed', 'This event is already completed');
    END IF;
    v_departure := leave(v_places, p_caller, false, NULL);
    RETURN reply(200, jsonb_build_object('message', 'Successfully left the event', 'event', jsonb_build_object(
        'id', v_activity.number, 'title', coalesce(v_activity.title, ''), 'current_participants', v_departure.current_participants_count)));
END $$;
