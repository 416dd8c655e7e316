-- declineInvitation: says no; a new invitation is possible afterwards.
CREATE OR REPLACE FUNCTION activity.sp_decline_invitation(p_invitation uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_invitation activity_invitations;
    v_places     places;
    v_activity   activities;
    v_now        timestamptz;
    v_refusal    reply;
BEGIN
    v_places := lock_activity((SELECT i.activity_id FROM activity_invitations i WHERE i.invitation_id = p_invitation));
    v_now := instant(v_places);
    SELECT * INTO v_invitation FROM activity_invitations i WHERE i.invitation_id = p_invitation;
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = v_invitation.activity_id AND a.deleted_at IS NULL;
    v_refusal := may_respond(v_invitation, v_activity, p_user, v_now);
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    UPDATE activity_invitations i SET status = 'declined', responded_at = v_now WHERE i.invitation_id = p_invitation;
    RETURN reply(200, json_build_object(
        'invitation_id', p_invitation,
        'activity_id', v_activity.activity_id,
        'status', 'declined',
        'responded_at', wire_time(v_now),
        'message', 'Invitation declined'));
END $$;
