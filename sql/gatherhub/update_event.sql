-- Changes the members given, by the creator alone. A new date without an end keeps the duration. What comes back as it is shown is no
-- change, where something is shown that is not there: no text as "", no limit as 100000.
CREATE OR REPLACE FUNCTION gatherhub.update_event(p_caller uuid, p_event bigint, p_body jsonb) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := locked_event(p_event, p_caller);
    v_places places;
    v_shown jsonb;
    v_patch jsonb;
    v_start timestamptz;
    v_end timestamptz := p_body ->> 'end_date';
    v_flaw text;
    v_flaws jsonb := '{}';
    v_edition edition;
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN event_missing();
    ELSIF v_activity.organizer_user_id IS DISTINCT FROM p_caller THEN
        RETURN problem(403, 'permission_denied', 'Only the event creator can update this event');
    END IF;
    SELECT * INTO v_places FROM places p WHERE p.activity_id = v_activity.activity_id;
    v_shown := jsonb_build_object(
        'title', v_activity.title, 'description', coalesce(v_activity.description, ''), 'location', coalesce(v_activity.location, ''),
        'max_participants', coalesce(v_places.max_participants, 100000));
    SELECT coalesce(jsonb_object_agg(k, p_body -> k), '{}') INTO v_patch
    FROM jsonb_object_keys(v_shown) k WHERE p_body -> k <> v_shown -> k;
    v_start := coalesce((p_body ->> 'date')::timestamptz, v_activity.scheduled_at);
    IF p_body ? 'date' THEN
        v_patch := v_patch || jsonb_build_object('scheduled_at', v_start);
    END IF;
    -- shown as null, an end may still follow from a duration of another API
    IF p_body ? 'end_date' AND num_nonnulls(v_end, v_activity.ends_at) > 0 THEN
        v_patch := v_patch || jsonb_build_object('ends_at', v_end);
        v_flaw := check_end(v_start, v_end);
        -- what another API made may be longer, and comes back as it is
        IF v_flaw IS NOT NULL AND (v_start, v_end) IS DISTINCT FROM (v_activity.scheduled_at, v_activity.ends_at) THEN
            v_flaws := jsonb_build_object('end_date', jsonb_build_array(v_flaw));
        END IF;
    END IF;
    IF over_full(v_places, (v_patch -> 'max_participants')::int) THEN
        v_flaws := v_flaws || jsonb_build_object('max_participants', jsonb_build_array(
            format('Cannot be less than the current number of participants (%s).', v_places.current_participants_count)));
    END IF;
    IF v_flaws <> '{}' THEN
        RETURN problem(400, 'validation_error', 'Invalid request data', v_flaws);
    END IF;
    v_edition := edit_activity(v_activity.activity_id, v_patch, p_caller);
    IF v_edition.outcome = 'end-before-start' THEN          -- a duration that was kept, at the end of time
        RETURN invalid('end_date', 'Must be later than date.');
    END IF;
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = v_activity.activity_id;
    SELECT * INTO v_places FROM places p WHERE p.activity_id = v_activity.activity_id;
    RETURN reply(200, event_json(v_activity, v_places, p_caller));
END $$;
