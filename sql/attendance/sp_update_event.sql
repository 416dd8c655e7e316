-- Changes the members given, by the creator alone; the window is judged as it will be.
CREATE OR REPLACE FUNCTION attendance.sp_update_event(p_caller uuid, p_event bigint, p_body jsonb) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_places places;
    v_patch jsonb := '{}';
    v_edition edition;
BEGIN
    IF v_activity.activity_id IS NOT NULL THEN
        PERFORM lock_activity(v_activity.activity_id);
        SELECT * INTO v_activity FROM activities a WHERE a.activity_id = v_activity.activity_id AND a.deleted_at IS NULL;
    END IF;
    IF v_activity.activity_id IS NULL THEN
        RETURN problem(404, 'Event not found');
    END IF;
    IF v_activity.organizer_user_id IS DISTINCT FROM p_caller THEN
        RETURN problem(403, 'Not authorized to update this event');
    END IF;
    IF p_body ? 'title' THEN v_patch := v_patch || jsonb_build_object('title', p_body -> 'title'); END IF;
    IF p_body ? 'description' THEN v_patch := v_patch || jsonb_build_object('description', p_body -> 'description'); END IF;
    IF p_body ? 'start_time' THEN
        v_patch := v_patch || jsonb_build_object('scheduled_at', (p_body ->> 'start_time')::timestamptz);
        -- The end that is shown stays, also where another API has given none of its own.
        IF (p_body ->> 'start_time')::timestamptz <> v_activity.scheduled_at THEN
            v_patch := v_patch || jsonb_build_object('ends_at', v_activity.over_at);
        END IF;
    END IF;
    IF p_body ? 'end_time' THEN
        v_patch := v_patch || jsonb_build_object('ends_at', (p_body ->> 'end_time')::timestamptz);
    END IF;
    IF p_body ? 'discord_channel_id' THEN
        v_patch := v_patch || jsonb_build_object('discord_channel_id', p_body -> 'discord_channel_id');
    END IF;
    IF p_body ? 'capacity' THEN v_patch := v_patch || jsonb_build_object('max_participants', p_body -> 'capacity'); END IF;
    IF p_body ? 'is_active' AND (p_body ->> 'is_active')::boolean <> is_active(v_activity) THEN
        v_patch := v_patch || jsonb_build_object('status',
            CASE WHEN (p_body ->> 'is_active')::boolean THEN 'published' ELSE 'cancelled' END);
    END IF;
    v_edition := edit_activity(v_activity.activity_id, v_patch, p_caller, NULL, 'end');
    CASE v_edition.outcome
        WHEN 'end-before-start' THEN
            RETURN invalid('{body,end_time}', 'value_error', 'Value error, end_time must be after start_time');
        WHEN 'capacity-too-low' THEN
            RETURN problem(400, 'Capacity is below the number of participants');
        ELSE NULL;
    END CASE;
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = v_activity.activity_id;
    SELECT * INTO v_places FROM places p WHERE p.activity_id = v_activity.activity_id;
    RETURN reply(200, event_json(v_activity, v_places));
END $$;
