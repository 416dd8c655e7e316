-- Both doors of unregistering: the place goes to the first of the line.
CREATE OR REPLACE FUNCTION registration.sp_unregister(p_caller uuid, p_refusal text, p_user text, p_event text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_user users;
    v record;
    v_standing standing;
    v_departure departure;
    v_staff boolean;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.handle = p_user;
    IF FOUND THEN
        v := locked_event(p_event, p_caller);
        v_standing := standing(v.places, v.event, v_user.user_id, v_user.subscription_level, instant(v.places));
    END IF;
    IF NOT coalesce(v_standing.registered OR v_standing.waiting, false) THEN
        RETURN problem(404, format('Registration not found for user %s and event %s', p_user, p_event));
    END IF;
    IF p_refusal IS NOT NULL THEN
        RETURN problem(403, 'Account is not active');
    END IF;
    v_staff := p_caller IS NOT NULL AND is_staff((v.event).activity_id, p_caller);
    IF NOT v_staff AND NOT may_act_for(p_caller, v_user, false) THEN
        RETURN problem(403, format('Not permitted to act for user %s', p_user));
    END IF;
    IF NOT (v.event).clockless AND (v_standing.phase <> 'ahead' OR v_standing.organizer) THEN
        RETURN problem(409, format('Registration for event %s cannot be removed', p_event));
    END IF;
    v_departure := leave(v.places, v_user.user_id, false, NULL);
    RETURN reply(200, json_build_object(
        'message', 'Registration deleted successfully',
        'promotedUserId', (SELECT u.handle FROM users u WHERE u.user_id = v_departure.promoted[1])));
END $$;
