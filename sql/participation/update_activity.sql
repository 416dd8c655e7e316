-- updateActivity: staff change what was sent, and nothing else.
CREATE OR REPLACE FUNCTION participation.update_activity(p_activity uuid, p_user uuid, p_body jsonb) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v          record;
    v_now      timestamptz;
    v_patch    jsonb := activity_patch(p_body);
    v_status   activity_status := p_body ->> 'status';
    v_start    timestamptz := time_of(p_body ->> 'scheduled_at');
    v_edition  edition;
BEGIN
    v := locked_activity(p_activity, p_user);
    v_now := instant(v.places);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF NOT is_staff(p_activity, p_user) THEN
        RETURN problem(403, 'NOT_AUTHORIZED', 'Only organizer or co-organizer can update activity');
    END IF;
    IF (v.activity).status IN ('cancelled', 'completed') AND v_patch - 'status' <> '{}' THEN
        RETURN problem(400, 'ACTIVITY_CLOSED', 'Activity can no longer be changed');
    END IF;
    IF v_status <> (v.activity).status AND ((v.activity).status, v_status) NOT IN (
           ('draft', 'published'), ('draft', 'cancelled'), ('published', 'completed'), ('published', 'cancelled')) THEN
        RETURN problem(400, 'INVALID_STATUS', format('Cannot change status from %s to %s', (v.activity).status, v_status));
    END IF;
    IF v_status = 'completed' AND NOT has_begun(v.activity, v_now) THEN
        RETURN problem(400, 'ACTIVITY_NOT_COMPLETED', 'Activity has not yet completed');
    END IF;
    IF has_begun(v.activity, v_now)
       AND (CASE WHEN (v.activity).status = 'draft' THEN v_status = 'published' AND v_start IS NULL ELSE v_start IS NOT NULL END) THEN
        RETURN problem(400, 'ACTIVITY_IN_PAST', 'Activity has already occurred');
    END IF;
    IF v_start <= v_now THEN
        RETURN problem(400, 'INVALID_SCHEDULE', 'scheduled_at must be in the future');
    END IF;
    IF p_body ?| '{scheduled_at,joinable_at_free}'
       AND (CASE WHEN p_body ? 'joinable_at_free' THEN time_of(p_body ->> 'joinable_at_free') ELSE (v.activity).joinable_at_free END)
           > coalesce(v_start, (v.activity).scheduled_at) THEN
        RETURN problem(400, 'INVALID_SCHEDULE', 'joinable_at_free must not be after scheduled_at');
    END IF;
    v_edition := edit_activity(p_activity, v_patch, p_user);
    IF v_edition.outcome = 'end-before-start' THEN      -- at the end of time there is no room for the end that another API stored
        v_edition := edit_activity(p_activity, v_patch || '{"ends_at": null}', p_user);
    END IF;
    IF v_edition.outcome = 'capacity-too-low' THEN
        RETURN problem(400, 'CAPACITY_TOO_LOW', 'max_participants is below the current number of participants');
    END IF;
    RETURN reply(200, show_activity(p_activity));
END $$;
