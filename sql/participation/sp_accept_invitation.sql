-- acceptInvitation: joins without regard to privacy and to who may join first.
CREATE OR REPLACE FUNCTION activity.sp_accept_invitation(p_invitation uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v           record;
    v_standing  standing;
    v_admission admission;
    v_now       timestamptz;
    v_refusal   reply;
BEGIN
    v := locked_invitation(p_invitation);
    v_now := instant(v.places);
    v_refusal := may_respond(v.invitation, v.activity, p_user, v_now);
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    v_standing := standing(v.places, v.activity, p_user, NULL, v_now);
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
    v_admission := admit(v.places, p_user, v_standing, (v.places).waitlist_enabled);
    IF v_admission.outcome = 'full' THEN
        RETURN problem(400, 'ACTIVITY_FULL', 'Activity is full');
    END IF;
    RETURN reply(200, json_build_object(
        'invitation_id', p_invitation,
        'activity_id', (v.activity).activity_id,
        'status', 'accepted',
        'participation_status', v_admission.outcome,
        'waitlist_position', v_admission.place_in_line,
        'responded_at', wire_time((SELECT i.responded_at FROM activity_invitations i WHERE i.invitation_id = p_invitation)),
        'message', CASE WHEN v_admission.outcome = 'registered' THEN 'Invitation accepted and joined activity successfully'
                        ELSE format('Invitation accepted and added to the waitlist at position %s.', v_admission.place_in_line) END));
END $$;
