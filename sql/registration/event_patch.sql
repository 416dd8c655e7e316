-- The members that a request gives, as columns; what is null is left out.
CREATE OR REPLACE FUNCTION registration.event_patch(p_title text, p_description text, p_date text, p_location text, p_capacity int,
                                         p_organizer text, p_status text, p_waitlist boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    RETURN (SELECT jsonb_strip_nulls(jsonb_build_object(
        'title', p_title, 'description', p_description, 'location', p_location, 'organizer_name', p_organizer,
        'scheduled_at', p_date::timestamptz, 'date_text', p_date,
        'status', CASE WHEN p_status IN ('active', 'scheduled', 'ongoing') THEN 'published' ELSE p_status END,
        'status_word', CASE WHEN p_status IN ('active', 'scheduled', 'ongoing') THEN p_status END,
        'max_participants', p_capacity, 'waitlist_enabled', p_waitlist)));
END $$;
