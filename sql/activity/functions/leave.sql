-- Takes somebody out, from a place or from the line, with all that hangs on taking part: counters, open tasks, the place for the next in
-- line. p_keep leaves the row behind as cancelled. Whether one may leave now is each API's check. Presumes the lock.
CREATE OR REPLACE FUNCTION activity.leave(p_places activity.places, p_user uuid, p_keep boolean, p_reason text)
RETURNS activity.departure LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v     departure;
    v_row participants;
BEGIN
    v.promoted := '{}';
    SELECT * INTO v_row FROM participants
     WHERE activity_id = p_places.activity_id AND user_id = p_user AND participation_status = 'registered';
    IF FOUND THEN
        v.was := 'registered';
        UPDATE places
           SET current_participants_count = current_participants_count - 1,
               attended_count = attended_count - (v_row.attendance_status = 'attended')::int,
               decided_at = greatest(clock_timestamp(), decided_at + interval '1 microsecond')
         WHERE activity_id = p_places.activity_id
        RETURNING decided_at, current_participants_count INTO v.at, v.current_participants_count;
        IF p_keep THEN
            UPDATE participants
               SET participation_status = 'cancelled', role = 'member', attendance_status = 'registered', attended_at = NULL,
                   attended_via = NULL, walk_in = false, left_at = v.at, cancel_reason = p_reason
             WHERE activity_id = p_places.activity_id AND user_id = p_user;
        ELSE
            DELETE FROM participants WHERE activity_id = p_places.activity_id AND user_id = p_user;
        END IF;
        PERFORM release_tasks(p_places.activity_id, p_user, v.at);
        PERFORM emit('left', p_places.activity_id, p_user, NULL, v.current_participants_count);

        v.promoted := settle(p_places.activity_id);
        IF v.promoted <> '{}' THEN
            SELECT joined_at INTO v.promoted_at FROM participants WHERE activity_id = p_places.activity_id AND user_id = v.promoted[1];
            v.current_participants_count := v.current_participants_count + cardinality(v.promoted);
        END IF;
        RETURN v;
    END IF;

    DELETE FROM waitlist_entries WHERE activity_id = p_places.activity_id AND user_id = p_user;
    IF FOUND THEN
        v.was := 'waiting';
        UPDATE places
           SET waitlist_count = waitlist_count - 1,
               decided_at = greatest(clock_timestamp(), decided_at + interval '1 microsecond')
         WHERE activity_id = p_places.activity_id
        RETURNING decided_at, current_participants_count INTO v.at, v.current_participants_count;
    END IF;
    RETURN v;
END $$;
