-- A new event: public, without a waitlist, its creator the first participant.
CREATE OR REPLACE FUNCTION gatherhub.create_event(p_caller uuid, p_title text, p_description text, p_date text, p_location text, p_max int, p_end text)
RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_flaw text := check_end(p_date::timestamptz, p_end::timestamptz);
    v_activity activities;
    v_places places;
BEGIN
    IF v_flaw IS NOT NULL THEN
        RETURN invalid('end_date', v_flaw);
    END IF;
    v_activity := create_activity(jsonb_build_object(
        'organizer_user_id', p_caller, 'title', p_title, 'description', p_description, 'location', p_location,
        'scheduled_at', p_date::timestamptz, 'ends_at', p_end::timestamptz, 'max_participants', p_max,
        'activity_privacy_level', 'public', 'waitlist_enabled', false), true);
    SELECT * INTO v_places FROM places p WHERE p.activity_id = v_activity.activity_id;
    RETURN reply(201, event_json(v_activity, v_places, p_caller));
END $$;
