-- Both doors of registering: a place while there is one, else the end of the line.
CREATE OR REPLACE FUNCTION registration.sp_register(p_caller uuid, p_refusal text, p_user text, p_event text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_user users;
    v record;
    v_standing standing;
    v_admission admission;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.handle = p_user;
    IF NOT FOUND THEN
        RETURN problem(404, format('User with ID %s not found', p_user));
    END IF;
    v := locked_event(p_event, p_caller);
    IF (v.event).activity_id IS NULL THEN
        RETURN problem(404, format('Event with ID %s not found', p_event));
    END IF;
    IF v_user.is_guest THEN    -- against forgetting the guest at this moment: whoever forgets waits, or has been here before
        SELECT * INTO v_user FROM users u WHERE u.user_id = v_user.user_id AND u.is_active FOR KEY SHARE;
        IF NOT FOUND THEN
            RETURN problem(404, format('User with ID %s not found', p_user));
        END IF;
    END IF;
    IF p_refusal IS NOT NULL THEN
        RETURN problem(403, 'Account is not active');
    END IF;
    IF NOT may_act_for(p_caller, v_user, p_caller IS NOT NULL AND is_staff((v.event).activity_id, p_caller)) THEN
        RETURN problem(403, format('Not permitted to act for user %s', p_user));
    END IF;
    v_standing := standing(v.places, v.event, v_user.user_id, v_user.subscription_level, instant(v.places));
    IF v_standing.registered OR v_standing.waiting THEN
        RETURN problem(409, format('Registration already exists for user ''%s'' and event ''%s''', p_user, p_event));
    END IF;
    IF v_standing.status <> 'published' OR v_standing.phase <> 'ahead' OR v_standing.blocked
       OR v_standing.refused_privacy IS NOT NULL OR v_standing.refused_gender IS NOT NULL OR v_standing.refused_period THEN
        RETURN problem(409, format('Event %s takes no registrations', p_event));
    END IF;
    v_admission := admit(v.places, v_user.user_id, v_standing, true);
    IF v_admission.outcome = 'full' THEN
        RETURN problem(409, format('Event %s is full and has no waitlist', p_event));
    END IF;
    RETURN reply(201, registration_json(v_user.handle, event_id(v.event), v_admission.at, v_admission.place_in_line));
END $$;
