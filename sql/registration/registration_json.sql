-- A registration as every reply shows it; p_position is null for a confirmed one.
CREATE OR REPLACE FUNCTION registration.registration_json(p_user text, p_event text, p_registered_at timestamptz, p_position bigint)
RETURNS json
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT json_build_object(
        'userId', p_user,
        'eventId', p_event,
        'status', CASE WHEN p_position IS NULL THEN 'confirmed' ELSE 'waitlisted' END,
        'registeredAt', wire_time_six(p_registered_at),
        'waitlistPosition', p_position));
END $$;
