CREATE OR REPLACE FUNCTION attendance.status_json(p_activity activity.activities, p_now timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = attendance, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
        'id', p_activity.number, 'event_id', p_activity.number, 'title', coalesce(p_activity.title, ''),
        'status', s, 'can_attend', s = 'active',
        'start_time', wire_time(p_activity.scheduled_at), 'end_time', wire_time(p_activity.over_at),
        'current_time', wire_time(p_now),
        'time_until_start', CASE WHEN s = 'upcoming' THEN ceil(extract(epoch FROM p_activity.scheduled_at - p_now))::bigint END,
        'time_until_end', CASE WHEN s = 'active' THEN ceil(extract(epoch FROM p_activity.over_at - p_now))::bigint END)
    FROM event_status(p_activity, p_now) s);
END $$;
