-- cancelInvitation: who sent it takes it back, until it is answered.
CREATE OR REPLACE FUNCTION activity.sp_cancel_invitation(p_invitation uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_invitation activity_invitations;
    v_places     places;
BEGIN
    v_places := lock_activity((SELECT i.activity_id FROM activity_invitations i WHERE i.invitation_id = p_invitation));
    SELECT i.* INTO v_invitation
      FROM activity_invitations i
      JOIN activities a ON a.activity_id = i.activity_id AND a.deleted_at IS NULL
     WHERE i.invitation_id = p_invitation;
    IF NOT FOUND THEN
        RETURN problem(404, 'INVITATION_NOT_FOUND', 'Invitation not found');
    END IF;
    IF v_invitation.invited_by_user_id <> p_user THEN
        RETURN problem(403, 'NOT_AUTHORIZED', 'Not authorized to cancel this invitation');
    END IF;
    IF v_invitation.status IN ('accepted', 'declined') THEN
        RETURN problem(400, 'ALREADY_RESPONDED', 'Invitation already responded to');
    END IF;
    DELETE FROM activity_invitations i WHERE i.invitation_id = p_invitation;
    RETURN reply(200, json_build_object(
        'invitation_id', p_invitation,
        'activity_id', v_invitation.activity_id,
        'cancelled_at', wire_time(instant(v_places)),
        'message', 'Invitation cancelled successfully'));
END $$;
