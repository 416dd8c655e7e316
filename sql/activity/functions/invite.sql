-- Invites somebody, unless one invitation is pending already; one that has expired is marked so first. Who may be invited is the API's
-- check. Presumes the lock.
CREATE OR REPLACE FUNCTION activity.invite(p_activity uuid, p_user uuid, p_by uuid, p_message text,
                                           p_expires_at timestamptz, p_instant timestamptz)
RETURNS uuid LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_invitation uuid;
BEGIN
    UPDATE activity_invitations
       SET status = 'expired'
     WHERE activity_id = p_activity AND user_id = p_user AND status = 'pending' AND expires_at <= p_instant;
    INSERT INTO activity_invitations (activity_id, user_id, invited_by_user_id, message, invited_at, expires_at)
    VALUES (p_activity, p_user, p_by, p_message, p_instant, p_expires_at)
        ON CONFLICT (activity_id, user_id) WHERE status = 'pending' DO NOTHING
    RETURNING invitation_id INTO v_invitation;
    IF v_invitation IS NOT NULL THEN
        PERFORM emit('invited', p_activity, p_user, p_payload => jsonb_build_object('invitation_id', v_invitation));
    END IF;
    RETURN v_invitation;
END $$;
