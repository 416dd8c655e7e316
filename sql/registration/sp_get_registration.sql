CREATE OR REPLACE FUNCTION registration.sp_get_registration(p_caller uuid, p_user text, p_event text) RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_activity activities := find_event(p_event, p_caller);
    v_json json;
BEGIN
    SELECT registration_json(u.handle, event_id(v_activity), r.registered_at, r.place) INTO v_json
    FROM users u
    CROSS JOIN LATERAL (
        SELECT p.registered_at, NULL::bigint AS place
        FROM participants p
        WHERE p.activity_id = v_activity.activity_id AND p.user_id = u.user_id AND p.participation_status = 'registered'
        UNION ALL
        SELECT w.registered_at, rank_of(w.activity_id, w.user_id)
        FROM waitlist_entries w
        WHERE w.activity_id = v_activity.activity_id AND w.user_id = u.user_id) r
    WHERE u.handle = p_user;
    IF v_json IS NULL THEN
        RETURN problem(404, format('Registration not found for user %s and event %s', p_user, p_event));
    END IF;
    RETURN reply(200, v_json);
END $$;
