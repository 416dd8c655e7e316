-- Deletes an activity everywhere: rows, line, invitations, tasks, votes and slug go; versions, permissions and confirmations stay, for
-- restoring and for the counts. Whoever saw it through a row that goes is named as audience, since later nothing tells. Null where it is
-- gone already. Presumes the lock.
CREATE OR REPLACE FUNCTION activity.delete_activity(p_activity uuid, p_by uuid)
RETURNS timestamptz LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_activity activities;
    v_audience bigint[];
    v_now      timestamptz;
BEGIN
    SELECT instant(p) INTO v_now FROM places p WHERE activity_id = p_activity;
    UPDATE activities SET deleted_at = v_now, deleted_by = p_by, slug = NULL, version = version + 1
     WHERE activity_id = p_activity AND deleted_at IS NULL
    RETURNING * INTO v_activity;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    v_audience := ARRAY(
        SELECT u.number
          FROM (SELECT user_id FROM participants WHERE activity_id = p_activity AND participation_status = 'registered'
                UNION
                SELECT user_id FROM waitlist_entries WHERE activity_id = p_activity
                UNION
                SELECT user_id FROM activity_invitations WHERE activity_id = p_activity AND status = 'pending') saw
          JOIN users u USING (user_id)
         ORDER BY u.number);

    DELETE FROM participants WHERE activity_id = p_activity;
    DELETE FROM waitlist_entries WHERE activity_id = p_activity;
    DELETE FROM activity_invitations WHERE activity_id = p_activity;
    DELETE FROM tasks WHERE activity_id = p_activity;
    DELETE FROM votes WHERE activity_id = p_activity;
    UPDATE places SET current_participants_count = 0, waitlist_count = 0, attended_count = 0, decided_at = v_now
     WHERE activity_id = p_activity;

    PERFORM emit('activity.deleted', p_activity, p_by, p_audience => v_audience);
    PERFORM record_version(v_activity, p_by, 'deleted', 'Event deleted', NULL);
    RETURN v_now;
END $$;
