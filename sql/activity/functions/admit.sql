-- Gives a place, or a place in line, or neither: a newcomer gets a place only if one is free and nobody waits, so nobody overtakes. The row
-- itself decides (never_over is behind it), so a value of places that has grown old in this transaction does no harm. A cancelled row is
-- registered again; the organizer's has role organizer. Accepts the pending invitation. Presumes the lock, and somebody neither registered
-- nor waiting.
CREATE OR REPLACE FUNCTION activity.admit(p_places activity.places, p_user uuid, p_standing activity.standing, p_may_wait boolean,
                                          p_walk_in boolean DEFAULT false)
RETURNS activity.admission LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v      admission;
    v_role participant_role := CASE WHEN p_standing.organizer THEN 'organizer' ELSE 'member' END;
BEGIN
    UPDATE places
       SET current_participants_count = current_participants_count + 1,
           decided_at = greatest(p_standing.instant, decided_at + interval '1 microsecond')
     WHERE activity_id = p_places.activity_id AND waitlist_count = 0
       AND (max_participants IS NULL OR current_participants_count < max_participants)
    RETURNING 'registered', decided_at, NULL, current_participants_count, waitlist_count INTO v;

    IF FOUND THEN
        IF p_standing.participation IS NULL THEN
            INSERT INTO participants (activity_id, user_id, registered_at, joined_at, role, walk_in)
            VALUES (p_places.activity_id, p_user, v.at, v.at, v_role, p_walk_in);
        ELSE
            UPDATE participants
               SET registered_at = v.at, joined_at = v.at, left_at = NULL, role = v_role, participation_status = 'registered',
                   walk_in = p_walk_in, cancel_reason = NULL
             WHERE activity_id = p_places.activity_id AND user_id = p_user;
        END IF;
        PERFORM emit('joined', p_places.activity_id, p_user, NULL, v.current_participants_count);
    ELSE
        UPDATE places
           SET waitlist_count = waitlist_count + 1,
               decided_at = greatest(p_standing.instant, decided_at + interval '1 microsecond')
         WHERE activity_id = p_places.activity_id AND waitlist_enabled AND p_may_wait
        RETURNING 'waitlisted', decided_at, waitlist_count, current_participants_count, waitlist_count INTO v;
        IF NOT FOUND THEN
            RETURN ROW('full', p_standing.instant, NULL, p_places.current_participants_count, p_places.waitlist_count)::admission;
        END IF;
        INSERT INTO waitlist_entries (activity_id, user_id, registered_at) VALUES (p_places.activity_id, p_user, v.at);
        PERFORM emit('waiting', p_places.activity_id, p_user, NULL, v.waitlist_count);
    END IF;
    IF p_standing.invited THEN
        PERFORM use_invitation(p_places.activity_id, p_user, p_standing.instant);
    END IF;
    RETURN v;
END $$;
