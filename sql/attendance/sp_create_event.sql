-- A new event: public, published, without a waitlist; its creator is no attendee.
CREATE OR REPLACE FUNCTION attendance.sp_create_event(p_caller uuid, p_title text, p_description text, p_start text, p_end text,
                                           p_channel text, p_capacity int) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities;
    v_places places;
BEGIN
    v_activity := create_activity(jsonb_build_object(
        'organizer_user_id', p_caller, 'title', p_title, 'description', p_description, 'activity_privacy_level', 'public',
        'scheduled_at', p_start::timestamptz, 'ends_at', p_end::timestamptz, 'discord_channel_id', p_channel,
        'max_participants', p_capacity, 'waitlist_enabled', false), false);
    SELECT * INTO v_places FROM places p WHERE p.activity_id = v_activity.activity_id;
    RETURN reply(201, event_json(v_activity, v_places));
END $$;
