-- What stands against a person's answering an invitation (a refusal), or a null row. It and its activity as locked_invitation read them.
CREATE OR REPLACE FUNCTION participation.may_respond(p_invitation activity.activity_invitations, p_activity activity.activities,
                                          p_user uuid, p_instant timestamptz) RETURNS activity.reply
LANGUAGE plpgsql STABLE SET search_path = participation, activity, pg_temp AS $$
BEGIN
    IF p_activity.activity_id IS NULL THEN
        RETURN problem(404, 'INVITATION_NOT_FOUND', 'Invitation not found');
    END IF;
    IF p_invitation.user_id <> p_user THEN
        RETURN problem(403, 'NOT_YOUR_INVITATION', 'This invitation is not for you');
    END IF;
    IF p_invitation.status IN ('accepted', 'declined') THEN
        RETURN problem(400, 'ALREADY_RESPONDED', 'Invitation already responded to');
    END IF;
    IF effective_status(p_invitation.status, p_invitation.expires_at, p_instant) = 'expired' THEN
        RETURN problem(400, 'INVITATION_EXPIRED', 'Invitation has expired');
    END IF;
    RETURN NULL;
END $$;
