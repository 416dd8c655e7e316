-- The columns of a new event: invite-only and without limit, so that nobody sees it unasked.
CREATE OR REPLACE FUNCTION collaboration.new_fields(p_caller uuid, p_body json) RETURNS jsonb
LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT jsonb_build_object(
        'organizer_user_id', p_caller, 'activity_privacy_level', 'invite_only', 'waitlist_enabled', true,
        'title', p_body ->> 'title', 'description', p_body ->> 'description', 'location', p_body ->> 'location',
        'scheduled_at', (p_body ->> 'start_time')::timestamptz, 'ends_at', (p_body ->> 'end_time')::timestamptz,
        'is_recurring', coalesce((p_body ->> 'is_recurring')::boolean, false),
        'recurrence_type', coalesce(p_body ->> 'recurrence_type', 'none'),
        'recurrence_pattern', p_body::jsonb -> 'recurrence_pattern');
$$;
