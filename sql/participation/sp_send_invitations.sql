-- sendInvitations: staff invite people one by one; whom it does not reach is named with the first reason that applies.
CREATE OR REPLACE FUNCTION activity.sp_send_invitations(p_activity uuid, p_user uuid, p_user_ids jsonb, p_message text,
                                                        p_expires_in_hours int) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v            record;
    v_now        timestamptz;
    v_expires_at timestamptz;
    v_target     users;
    v_standing   standing;
    v_reason     text;
    v_invitation uuid;
    v_id         uuid;
    v_sent       json[] := '{}';
    v_failed     json[] := '{}';
BEGIN
    v := locked_activity(p_activity, p_user);
    v_now := instant(v.places);
    IF (v.activity).activity_id IS NULL THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    IF NOT is_staff(p_activity, p_user) THEN
        RETURN problem(403, 'NOT_AUTHORIZED', 'Only organizer or co-organizer can send invitations');
    END IF;
    IF (v.activity).status <> 'published' THEN
        RETURN problem(400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
    END IF;
    IF (v.activity).activity_privacy_level <> 'invite_only' THEN
        RETURN problem(400, 'NOT_INVITE_ONLY', 'Activity is not invite-only');
    END IF;
    IF phase(v.activity, v_now) <> 'ahead' THEN
        RETURN problem(400, 'ACTIVITY_IN_PAST', 'Activity has already occurred');
    END IF;

    v_expires_at := v_now + coalesce(p_expires_in_hours, 72) * interval '1 hour';
    FOR v_id IN SELECT e.item::uuid FROM jsonb_array_elements_text(p_user_ids) WITH ORDINALITY e (item, n) ORDER BY e.n LOOP
        v_target   := find_user(v_id);
        v_standing := standing(v.places, v.activity, v_id, v_target.subscription_level, v_now);
        v_reason   := CASE WHEN v_target.user_id IS NULL THEN 'User does not exist'
                           WHEN v_standing.registered OR v_standing.organizer THEN 'Already a participant'
                           WHEN v_standing.waiting THEN 'Already on the waitlist'
                           WHEN v_standing.invited THEN 'Already invited'
                           WHEN v_standing.blocked OR (v.activity).activity_type <> 'xxl' AND blocked_pair(v_id, p_user)
                           THEN 'User is blocked' END;
        IF v_reason IS NOT NULL THEN
            v_failed := v_failed || json_build_object('user_id', v_id, 'reason', v_reason);
            CONTINUE;
        END IF;
        v_invitation := invite(p_activity, v_id, p_user, p_message, v_expires_at, v_now);
        v_sent := v_sent || json_build_object('invitation_id', v_invitation, 'user_id', v_id, 'status', 'pending',
                                              'invited_at', wire_time(v_now), 'expires_at', wire_time(v_expires_at));
    END LOOP;
    RETURN reply(200, json_build_object(
        'activity_id', p_activity,
        'invited_count', cardinality(v_sent),
        'failed_count', cardinality(v_failed),
        'invitations', array_to_json(v_sent),
        'failed_invitations', array_to_json(v_failed),
        'message', format('%s invitation(s) sent successfully', cardinality(v_sent))));
END $$;
