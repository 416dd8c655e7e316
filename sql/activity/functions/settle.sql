-- While the activity is open (published, and ahead or without a clock), somebody waits and a place is free, the head of the line gets it.
-- Each gets an instant of their own. Called by whatever frees or adds places or opens, before it commits. Presumes the lock.
CREATE OR REPLACE FUNCTION activity.settle(p_activity uuid)
RETURNS uuid[] LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_places   places;
    v_activity activities;
    v_at       timestamptz;
    v_promoted uuid[];
    v_before   int;
BEGIN
    SELECT * INTO v_places FROM places WHERE activity_id = p_activity;
    IF NOT FOUND OR v_places.waitlist_count = 0 OR v_places.current_participants_count >= v_places.max_participants THEN
        RETURN '{}';
    END IF;
    v_at := instant(v_places);
    SELECT * INTO v_activity FROM activities WHERE activity_id = p_activity AND deleted_at IS NULL;
    IF NOT FOUND OR v_activity.status <> 'published' OR phase(v_activity, v_at) <> 'ahead' THEN
        RETURN '{}';
    END IF;

    v_before := v_places.current_participants_count;
    WITH head AS (
        SELECT user_id, registered_at, row_number() OVER (ORDER BY registered_at)::int AS k
          FROM waitlist_entries
         WHERE activity_id = p_activity
         ORDER BY registered_at
         LIMIT v_places.max_participants - v_before
    ), gone AS (
        DELETE FROM waitlist_entries w USING head h WHERE w.activity_id = p_activity AND w.user_id = h.user_id
    ), placed AS (
        INSERT INTO participants AS p (activity_id, user_id, registered_at, joined_at, role)
        SELECT p_activity, user_id, registered_at, v_at + (k - 1) * interval '1 microsecond',
               CASE WHEN user_id = v_activity.organizer_user_id THEN 'organizer' ELSE 'member' END::participant_role
          FROM head
            ON CONFLICT (activity_id, user_id) DO UPDATE
           SET registered_at = excluded.registered_at, joined_at = excluded.joined_at, role = excluded.role,
               participation_status = 'registered', left_at = NULL, cancel_reason = NULL, walk_in = false
    )
    SELECT array_agg(user_id ORDER BY k) INTO v_promoted FROM head;

    UPDATE places
       SET current_participants_count = current_participants_count + cardinality(v_promoted),
           waitlist_count = waitlist_count - cardinality(v_promoted),
           decided_at = v_at + (cardinality(v_promoted) - 1) * interval '1 microsecond'
     WHERE activity_id = p_activity;
    PERFORM emit('promoted', p_activity, u.user_id, NULL, v_before + u.k::int)
       FROM unnest(v_promoted) WITH ORDINALITY u (user_id, k) ORDER BY u.k;
    RETURN v_promoted;
END $$;
