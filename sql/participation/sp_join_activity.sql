-- joinActivity: a place while there is one, else the end of the line.
CREATE OR REPLACE FUNCTION activity.sp_join_activity(p_activity uuid, p_user uuid, p_level activity.subscription_level)
RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_places    places;
    v_activity  activities;
    v_standing  standing;
    v_admission admission;
BEGIN
    v_places := lock_activity(p_activity);
    SELECT * INTO v_activity FROM activities a WHERE a.activity_id = p_activity AND a.deleted_at IS NULL;
    IF NOT FOUND THEN
        RETURN problem(404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
    END IF;
    v_standing := standing(v_places, v_activity, p_user, p_level, instant(v_places));
    IF v_standing.status <> 'published' THEN
        RETURN problem(400, 'ACTIVITY_NOT_PUBLISHED', 'Activity is not published');
    END IF;
    IF v_standing.phase <> 'ahead' THEN
        RETURN problem(400, 'ACTIVITY_IN_PAST', 'Cannot join past activities');
    END IF;
    IF v_standing.organizer THEN
        RETURN problem(400, 'USER_IS_ORGANIZER', 'Organizer cannot join own activity');
    END IF;
    IF v_standing.registered OR v_standing.waiting THEN
        RETURN problem(400, 'ALREADY_JOINED', 'Already joined this activity');
    END IF;
    IF v_standing.blocked THEN
        RETURN problem(403, 'BLOCKED_USER', 'Cannot join this activity');
    END IF;
    IF v_standing.refused_privacy = 'friends_only' THEN
        RETURN problem(403, 'FRIENDS_ONLY', 'Activity is friends only');
    END IF;
    IF v_standing.refused_privacy = 'invite_only' THEN
        RETURN problem(403, 'INVITE_ONLY', 'Activity is invite only');
    END IF;
    IF v_standing.refused_gender IS NOT NULL THEN
        RETURN refused_gender(v_standing);
    END IF;
    IF v_standing.refused_period THEN
        RETURN problem(403, 'PREMIUM_ONLY_PERIOD', 'Activity is currently only open to Premium members');
    END IF;
    v_admission := admit(v_places, p_user, v_standing, v_places.waitlist_enabled);
    IF v_admission.outcome = 'full' THEN
        RETURN problem(400, 'ACTIVITY_FULL', 'Activity is full');
    END IF;
    RETURN reply(200, json_build_object(
        'activity_id', p_activity,
        'user_id', p_user,
        'role', CASE WHEN v_admission.outcome = 'registered' THEN 'member' END,
        'participation_status', v_admission.outcome,
        'waitlist_position', v_admission.place_in_line,
        'joined_at', wire_time(v_admission.at),
        'message', CASE WHEN v_admission.outcome = 'registered' THEN 'Successfully joined activity'
                        ELSE format('Activity is full. You have been added to the waitlist at position %s.',
                                    v_admission.place_in_line) END));
END $$;
