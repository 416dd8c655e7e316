-- A new event: public, without a clock, its organizer the caller or nobody.
CREATE OR REPLACE FUNCTION registration.sp_create_event(p_caller uuid, p_refusal text, p_event text, p_title text,
    p_description text, p_date text, p_location text, p_capacity int, p_organizer text, p_status text,
    p_has_waitlist boolean, p_waitlist_enabled boolean)
RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_slug text := nullif(p_event, '');
    v_activity activities;
    v_places places;
BEGIN
    IF p_refusal IS NOT NULL THEN
        RETURN problem(403, 'Account is not active');
    END IF;
    IF v_slug ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
       AND EXISTS (SELECT FROM activities a WHERE a.activity_id = v_slug::uuid AND a.deleted_at IS NULL) THEN
        RETURN problem(409, format('Event with eventId ''%s'' already exists', p_event));
    END IF;
    v_activity := create_activity(
        event_patch(p_title, p_description, p_date, p_location, p_capacity, p_organizer, p_status,
                    coalesce(p_waitlist_enabled, p_has_waitlist))
        || jsonb_build_object('slug', v_slug, 'organizer_user_id', p_caller, 'clockless', true,
                              'activity_privacy_level', 'public'),
        false);
    IF v_activity.activity_id IS NULL THEN
        RETURN problem(409, format('Event with eventId ''%s'' already exists', p_event));
    END IF;
    SELECT * INTO v_places FROM places WHERE activity_id = v_activity.activity_id;
    RETURN reply(201, event_json(v_activity, v_places));
END $$;
