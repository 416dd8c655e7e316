-- acceptInvitation: joins without regard to privacy and to who may join first.
CREATE OR REPLACE FUNCTION activity.sp_accept_invitation(p_invitation uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_invitation activity_invitations;
    v_places     places;
    v_activity   activities;
    v_standing   standing;
    v_admission  admission;
    v_now        timestamptz;
    v_refusal    reply;
BEGIN
    -- Which activity it is for never changes; everything else is read again once the lock is held.
    v_places := lock_activity((SELECT i.activity_id FROM activity_invitations i WHERE i.invitation_id = p_invitation));
    v_now := instant(v_places);
    SELECT * INTO v_invitation FROM activity_invitations i WHERE i.invitation_id = p_invitation;
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = v_invitation.activity_id AND a.deleted_at IS NULL;
    v_refusal := may_respond(v_invitation, v_activity, p_user, v_now);
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    v_standing := standing(v_places, v_activity, p_user, NULL, v_now);
    IF v_standing.status <> 'published' THEN
        RETURN problem(400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
    END IF;
    IF v_standing.phase <> 'ahead' THEN
        RETURN problem(400, 'ACTIVITY_IN_PAST', 'Activity has already occurred');
    END IF;
    IF v_standing.registered OR v_standing.waiting THEN
        RETURN problem(400, 'ALREADY_JOINED', 'Already joined this activity');
    END IF;
    IF v_standing.blocked THEN
        RETURN problem(403, 'BLOCKED_USER', 'Cannot join this activity');
    END IF;
    IF v_standing.refused_gender IS NOT NULL THEN
        RETURN refused_gender(v_standing);
    END IF;
    v_admission := admit(v_places, p_user, v_standing, v_places.waitlist_enabled);
    IF v_admission.outcome = 'full' THEN
        RETURN problem(400, 'ACTIVITY_FULL', 'Activity is full');
    END IF;
    RETURN reply(200, json_build_object(
        'invitation_id', p_invitation,
        'activity_id', v_activity.activity_id,
        'status', 'accepted',
        'participation_status', v_admission.outcome,
        'waitlist_position', v_admission.place_in_line,
        'responded_at', wire_time((SELECT i.responded_at FROM activity_invitations i WHERE i.invitation_id = p_invitation)),
        'message', CASE WHEN v_admission.outcome = 'registered' THEN 'Invitation accepted and joined activity successfully'
                        ELSE format('Invitation accepted and added to the waitlist at position %s.', v_admission.place_in_line) END));
END $$;
