-- createActivity: with its organizer's place in the same transaction, unless they only host.
CREATE OR REPLACE FUNCTION participation.create_activity(p_user uuid, p_body jsonb, p_mount text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_scheduled_at     timestamptz := time_of(p_body ->> 'scheduled_at');
    v_joinable_at_free timestamptz := time_of(p_body ->> 'joinable_at_free');
    v_activity         activities;
BEGIN
    IF v_scheduled_at <= clock_timestamp() THEN
        RETURN problem(400, 'INVALID_SCHEDULE', 'scheduled_at must be in the future');
    END IF;
    IF v_joinable_at_free > v_scheduled_at THEN
        RETURN problem(400, 'INVALID_SCHEDULE', 'joinable_at_free must not be after scheduled_at');
    END IF;
    v_activity := activity.create_activity(activity_patch(p_body) || jsonb_build_object('organizer_user_id', p_user),
                                           coalesce((p_body ->> 'organizer_participates')::boolean, true));
    RETURN reply(201, show_activity(v_activity.activity_id),
                 json_build_object('Location', p_mount || '/activities/' || v_activity.activity_id));
END $$;
