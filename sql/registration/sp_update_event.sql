-- Changes the members given; raising the capacity or opening the event promotes, within edit_activity.
CREATE OR REPLACE FUNCTION registration.sp_update_event(p_caller uuid, p_refusal text, p_event text, p_title text,
    p_description text, p_date text, p_location text, p_capacity int, p_organizer text, p_status text,
    p_has_waitlist boolean, p_waitlist_enabled boolean)
RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v record := locked_event(p_event, p_caller);
    v_why text;
    v_edition edition;
BEGIN
    IF (v.event).activity_id IS NULL THEN
        RETURN problem(404, format('Event with ID %s not found', p_event));
    END IF;
    v_why := may_change(v.event, p_caller, p_refusal, p_event, true);
    IF v_why IS NOT NULL THEN
        RETURN problem(403, v_why);
    END IF;
    IF p_capacity < (v.places).current_participants_count THEN
        RETURN problem(409, format('Capacity %s is below the %s confirmed registrations of event %s',
                                   p_capacity, (v.places).current_participants_count, p_event));
    END IF;
    v_edition := edit_activity((v.event).activity_id,
        event_patch(p_title, p_description, p_date, p_location, p_capacity, p_organizer, p_status,
                    coalesce(p_waitlist_enabled, p_has_waitlist)),
        p_caller);
    IF v_edition.outcome NOT IN ('changed', 'unchanged') THEN
        RETURN problem(409, format('Event %s cannot be changed', p_event));
    END IF;
    RETURN (SELECT reply(200, event_json(a, p))
              FROM activities a JOIN places p ON p.activity_id = a.activity_id WHERE a.activity_id = (v.event).activity_id);
END $$;
