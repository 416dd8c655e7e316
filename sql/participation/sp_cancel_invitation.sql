-- cancelInvitation: who sent it takes it back, until it is answered.
CREATE OR REPLACE FUNCTION activity.sp_cancel_invitation(p_invitation uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v record;
BEGIN
    v := locked_invitation(p_invitation);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'INVITATION_NOT_FOUND', 'Invitation not found');
    END IF;
    IF (v.invitation).invited_by_user_id <> p_user THEN
        RETURN problem(403, 'NOT_AUTHORIZED', 'Not authorized to cancel this invitation');
    END IF;
    IF (v.invitation).status IN ('accepted', 'declined') THEN
        RETURN problem(400, 'ALREADY_RESPONDED', 'Invitation already responded to');
    END IF;
    DELETE FROM activity_invitations i WHERE i.invitation_id = p_invitation;
    RETURN reply(200, json_build_object(
        'invitation_id', p_invitation,
        'activity_id', (v.invitation).activity_id,
        'cancelled_at', wire_time(instant(v.places)),
        'message', 'Invitation cancelled successfully'));
END $$;
