-- One attendance by a Discord identity whose account is known and good: the body of the reply, by the clock and rules of every mark. Null where
-- the event has gone meanwhile. That it is public has been seen; who is blocked from it is not allowed to attend, and no more is told.
CREATE OR REPLACE FUNCTION attendance.discord_mark(p_activity activity.activities, p_user activity.users) RETURNS jsonb
LANGUAGE plpgsql SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_mark mark := mark_attendance(p_activity.activity_id, p_user.user_id, p_user.subscription_level, 'discord');
    v_activity activities;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = p_activity.activity_id;
    IF v_mark.outcome = 'not-found' THEN
        IF v_activity.activity_id IS NULL OR v_activity.deleted_at IS NOT NULL OR NOT is_active(v_activity) THEN
            RETURN NULL;
        END IF;
        v_mark.outcome := 'not-allowed';
    END IF;
    IF v_mark.outcome NOT IN ('marked', 'already') THEN
        RETURN jsonb_build_object('success', false, 'message', 'Cannot attend: ' || mark_error(v_mark, v_activity),
                                  'event_status', status_json(v_activity, v_mark.instant));
    END IF;
    RETURN jsonb_build_object(
        'success', true,
        'message', CASE v_mark.outcome WHEN 'marked' THEN format('Successfully attended ''%s''!', coalesce(v_activity.title, ''))
                                       ELSE 'You have already been marked as attended for this event' END,
        'event', jsonb_build_object('id', v_activity.number, 'title', coalesce(v_activity.title, ''), 'end_time', wire_time(v_activity.over_at)),
        'user', jsonb_build_object('name', shown_name(p_user), 'discord_username', p_user.discord_username),
        'attended_at', wire_time(v_mark.attended_at));
END $$;
