-- markAttendance: staff note who came and who did not; what cannot be noted is named and does not stop the rest.
CREATE OR REPLACE FUNCTION activity.sp_mark_attendance(p_activity uuid, p_user uuid, p_attendances jsonb) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v          record;
    v_now      timestamptz;
    v_users    uuid[];
    v_statuses attendance_status[];
    v_marked   uuid[];
    v_list     json;
    v_failed   json;
BEGIN
    v := locked_activity(p_activity, p_user);
    v_now := instant(v.places);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF NOT is_staff(p_activity, p_user) THEN
        RETURN problem(403, 'NOT_AUTHORIZED', 'Only organizer or co-organizer can mark attendance');
    END IF;
    IF (v.activity).status NOT IN ('published', 'completed') THEN
        RETURN problem(400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
    END IF;
    IF NOT has_begun(v.activity, v_now) THEN
        RETURN problem(400, 'ACTIVITY_NOT_COMPLETED', 'Activity has not yet completed');
    END IF;
    SELECT array_agg((e.item ->> 'user_id')::uuid ORDER BY e.n), array_agg((e.item ->> 'status')::attendance_status ORDER BY e.n)
      INTO v_users, v_statuses
      FROM jsonb_array_elements(p_attendances) WITH ORDINALITY e (item, n);
    IF (SELECT count(DISTINCT u) FROM unnest(v_users) u) < cardinality(v_users) THEN
        RETURN problem(400, 'DUPLICATE_USER', 'Duplicate user_id in attendances');
    END IF;
    SELECT coalesce(array_agg(s.user_id), '{}') INTO v_marked
      FROM set_attendance(v.places, v_users, v_statuses, 'organizer', v_now) s;
    SELECT json_agg(json_build_object('user_id', e.user_id, 'attendance_status', e.status, 'updated_at', wire_time(v_now)) ORDER BY e.n)
               FILTER (WHERE e.user_id = ANY (v_marked)),
           json_agg(json_build_object('user_id', e.user_id, 'reason', 'Not a registered participant') ORDER BY e.n)
               FILTER (WHERE e.user_id <> ALL (v_marked))
      INTO v_list, v_failed
      FROM unnest(v_users, v_statuses) WITH ORDINALITY e (user_id, status, n);
    RETURN reply(200, json_build_object(
        'activity_id', p_activity,
        'updated_count', cardinality(v_marked),
        'attendances', coalesce(v_list, '[]'),
        'failed_updates', coalesce(v_failed, '[]'),
        'message', 'Attendance updated successfully'));
END $$;
