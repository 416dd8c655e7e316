-- declineInvitation: says no; a new invitation is possible afterwards.
CREATE OR REPLACE FUNCTION activity.sp_decline_invitation(p_invitation uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v         record;
    v_now     timestamptz;
    v_refusal reply;
BEGIN
    v := locked_invitation(p_invitation);
    v_now := instant(v.places);
    v_refusal := may_respond(v.invitation, v.activity, p_user, v_now);
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    UPDATE activity_invitations i SET status = 'declined', responded_at = v_now WHERE i.invitation_id = p_invitation;
    RETURN reply(200, json_build_object(
        'invitation_id', p_invitation,
        'activity_id', (v.activity).activity_id,
        'status', 'declined',
        'responded_at', wire_time(v_now),
        'message', 'Invitation declined'));
END $$;
