-- What one account takes part in becomes another's: rows and places in line move over, where both are in the better of the two stays (a
-- place before a wait, the earlier place in line, the higher role, the earlier attendance), a place that was held twice is free for the
-- next in line. No-shows, confirmations received and tasks move along. Returns how many activities it touched. Locks them by id, then both
-- people.
CREATE OR REPLACE FUNCTION activity.move_participation(p_from uuid, p_to uuid)
RETURNS int LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_ids   uuid[] := ARRAY(SELECT activity_id FROM participants WHERE user_id = p_from
                            UNION SELECT activity_id FROM waitlist_entries WHERE user_id = p_from
                            UNION SELECT activity_id FROM tasks WHERE assignee_user_id = p_from
                            ORDER BY 1);
    v_id    uuid;
    v_lost  int := 0;
    v_moved int;
BEGIN
    FOREACH v_id IN ARRAY v_ids LOOP
        PERFORM lock_activity(v_id);
    END LOOP;
    PERFORM FROM users WHERE user_id IN (p_from, p_to) ORDER BY user_id FOR NO KEY UPDATE;

    FOREACH v_id IN ARRAY v_ids LOOP
        v_lost := v_lost + move_one(v_id, p_from, p_to);
    END LOOP;

    UPDATE attendance_confirmations c SET confirmed_user_id = p_to
     WHERE c.confirmed_user_id = p_from AND c.confirmer_user_id <> p_to
       AND NOT EXISTS (SELECT FROM attendance_confirmations o
                        WHERE o.activity_id = c.activity_id AND o.confirmer_user_id = c.confirmer_user_id AND o.confirmed_user_id = p_to);
    GET DIAGNOSTICS v_moved = ROW_COUNT;
    UPDATE users u
       SET verification_count = verification_count + (CASE user_id WHEN p_to THEN v_moved ELSE -v_moved END),
           no_show_count = CASE user_id WHEN p_to
                           THEN no_show_count + (SELECT f.no_show_count FROM users f WHERE f.user_id = p_from) - v_lost
                           ELSE 0 END
     WHERE user_id IN (p_from, p_to);
    RETURN cardinality(v_ids);
END $$;
