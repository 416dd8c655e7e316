-- The one writer of attendance, with all that follows: attended_at, the activity's count, each person's no-shows. For many at once, because
-- people's rows are locked in one order; each person once. Returns those who hold a place, changed or not. Presumes the lock.
CREATE OR REPLACE FUNCTION activity.set_attendance(p_places activity.places, p_users uuid[], p_statuses activity.attendance_status[],
                                                   p_via activity.attendance_via, p_instant timestamptz)
RETURNS TABLE (user_id uuid, attendance_status activity.attendance_status, attended_at timestamptz)
LANGUAGE plpgsql ROWS 10 SET search_path = activity, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_base     timestamptz;
    v_rose     uuid[];
    v_fell     uuid[];
    v_attended int;
BEGIN
    SELECT greatest(p_instant, p.decided_at + interval '1 microsecond') INTO v_base
      FROM places p WHERE p.activity_id = p_places.activity_id;

    SELECT array_agg(w.id) FILTER (WHERE w.status = 'no_show'), array_agg(w.id) FILTER (WHERE p.attendance_status = 'no_show'),
           coalesce(sum((w.status = 'attended')::int - (p.attendance_status = 'attended')::int), 0)
      INTO v_rose, v_fell, v_attended
      FROM unnest(p_users, p_statuses) w (id, status)
      JOIN participants p ON p.activity_id = p_places.activity_id AND p.user_id = w.id AND p.participation_status = 'registered'
     WHERE p.attendance_status <> w.status;

    IF FOUND THEN
        UPDATE participants p
           SET attendance_status = w.status,
               attended_at = CASE WHEN w.status = 'attended' THEN v_base + (w.k - 1) * interval '1 microsecond' END,
               attended_via = CASE WHEN w.status = 'attended' THEN p_via END
          FROM unnest(p_users, p_statuses) WITH ORDINALITY w (id, status, k)
         WHERE p.activity_id = p_places.activity_id AND p.user_id = w.id AND p.participation_status = 'registered'
           AND p.attendance_status <> w.status;
        IF FOUND THEN
            UPDATE places SET attended_count = attended_count + v_attended,
                              decided_at = v_base + (cardinality(p_users) - 1) * interval '1 microsecond'
             WHERE activity_id = p_places.activity_id;
        END IF;
        IF num_nonnulls(v_rose, v_fell) > 0 THEN
            PERFORM FROM users u WHERE u.user_id = ANY (v_rose || v_fell) ORDER BY u.user_id FOR NO KEY UPDATE;
            UPDATE users u SET no_show_count = u.no_show_count + (CASE WHEN u.user_id = ANY (v_rose) THEN 1 ELSE -1 END)
             WHERE u.user_id = ANY (v_rose || v_fell);
        END IF;
    END IF;

    RETURN QUERY
    SELECT p.user_id, p.attendance_status, p.attended_at
      FROM unnest(p_users) WITH ORDINALITY w (id, k)
      JOIN participants p ON p.activity_id = p_places.activity_id AND p.user_id = w.id AND p.participation_status = 'registered'
     ORDER BY w.k;
END $$;
