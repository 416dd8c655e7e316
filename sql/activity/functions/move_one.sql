-- move_participation for one activity, under its lock. Returns how many no-shows the two rows had more than the one that is left.
CREATE OR REPLACE FUNCTION activity.move_one(p_activity uuid, p_from uuid, p_to uuid)
RETURNS int LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_from   participants;
    v_to     participants;
    v_count  int;
    v_lost   int := 0;
    v_is_org boolean := EXISTS (SELECT FROM activities WHERE activity_id = p_activity AND organizer_user_id = p_to);
    v_merged boolean := false;
BEGIN
    SELECT * INTO v_from FROM participants WHERE activity_id = p_activity AND user_id = p_from;
    SELECT * INTO v_to FROM participants WHERE activity_id = p_activity AND user_id = p_to;

    IF v_from.participation_status = 'registered' AND v_to.participation_status = 'registered' THEN
        v_merged := true;
        v_lost := (v_from.attendance_status = 'no_show')::int + (v_to.attendance_status = 'no_show')::int;
        IF v_from.attendance_status = 'attended' AND (v_to.attended_at IS NULL OR v_from.attended_at < v_to.attended_at)
           OR v_from.attendance_status = 'no_show' AND v_to.attendance_status = 'registered' THEN
            v_to.attendance_status := v_from.attendance_status;
            v_to.attended_at := v_from.attended_at;
            v_to.attended_via := v_from.attended_via;
        END IF;
        v_lost := v_lost - (v_to.attendance_status = 'no_show')::int;
        DELETE FROM participants WHERE activity_id = p_activity AND user_id = p_from;
        UPDATE participants
           SET attendance_status = v_to.attendance_status, attended_at = v_to.attended_at, attended_via = v_to.attended_via,
               role = CASE WHEN v_is_org THEN 'organizer' ELSE greatest(least(role, v_from.role), 'co_organizer') END,
               registered_at = least(registered_at, v_from.registered_at), joined_at = least(joined_at, v_from.joined_at),
               walk_in = walk_in AND v_from.walk_in
         WHERE activity_id = p_activity AND user_id = p_to;
    ELSIF v_from.participation_status = 'registered' OR (v_from.user_id IS NOT NULL AND v_to.user_id IS NULL) THEN
        DELETE FROM participants WHERE activity_id = p_activity AND user_id = p_to;
        UPDATE participants
           SET user_id = p_to,
               role = CASE WHEN v_is_org AND participation_status = 'registered' THEN 'organizer' ELSE greatest(role, 'co_organizer') END
         WHERE activity_id = p_activity AND user_id = p_from;
    ELSE
        DELETE FROM participants WHERE activity_id = p_activity AND user_id = p_from;
    END IF;

    -- One entry at most is left, the earlier, and none beside a place.
    DELETE FROM waitlist_entries w
     WHERE w.activity_id = p_activity AND w.user_id IN (p_from, p_to)
       AND (EXISTS (SELECT FROM participants t
                     WHERE t.activity_id = p_activity AND t.user_id = p_to AND t.participation_status = 'registered')
            OR EXISTS (SELECT FROM waitlist_entries o
                        WHERE o.activity_id = p_activity AND o.user_id IN (p_from, p_to) AND o.registered_at < w.registered_at));
    UPDATE waitlist_entries SET user_id = p_to WHERE activity_id = p_activity AND user_id = p_from;
    UPDATE tasks SET assignee_user_id = p_to WHERE activity_id = p_activity AND assignee_user_id = p_from;

    UPDATE places p
       SET current_participants_count = (SELECT count(*) FROM participants t
                                          WHERE t.activity_id = p_activity AND t.participation_status = 'registered'),
           waitlist_count = (SELECT count(*) FROM waitlist_entries w WHERE w.activity_id = p_activity),
           attended_count = (SELECT count(*) FROM participants t WHERE t.activity_id = p_activity AND t.attended_at IS NOT NULL)
     WHERE p.activity_id = p_activity
    RETURNING current_participants_count INTO v_count;
    IF v_from.participation_status = 'registered' THEN
        PERFORM emit('left', p_activity, p_from, NULL, v_count);
        IF NOT v_merged THEN
            PERFORM emit('joined', p_activity, p_to, NULL, v_count);
        END IF;
    END IF;
    PERFORM settle(p_activity);
    RETURN v_lost;
END $$;
