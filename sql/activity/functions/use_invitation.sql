-- Accepts the pending, unexpired invitation, if there is one. Presumes the lock.
CREATE OR REPLACE FUNCTION activity.use_invitation(p_activity uuid, p_user uuid, p_instant timestamptz)
RETURNS uuid LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_invitation uuid;
BEGIN
    UPDATE activity_invitations
       SET status = 'accepted', responded_at = p_instant
     WHERE activity_id = p_activity AND user_id = p_user AND status = 'pending' AND (expires_at IS NULL OR expires_at > p_instant)
    RETURNING invitation_id INTO v_invitation;
    RETURN v_invitation;
END $$;
