-- attend <event_id>
CREATE OR REPLACE FUNCTION attendance.command_attend(p_prefix text, p_arguments text[], p_user activity.users) RETURNS text
LANGUAGE plpgsql SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_activity activities;
    v_body jsonb;
BEGIN
    IF cardinality(p_arguments) <> 1 OR p_arguments[1] !~ '^[0-9]{1,19}$'
       OR p_arguments[1]::numeric NOT BETWEEN 1 AND 9223372036854775807 THEN
        RETURN format('Usage: %sattend <event_id>', p_prefix);
    END IF;
    IF p_user.user_id IS NULL THEN
        RETURN format('You are not registered yet. Use %sregister first.', p_prefix);
    END IF;
    v_activity := find_event(p_arguments[1]::bigint, NULL);
    IF v_activity.activity_id IS NULL OR NOT is_active(v_activity) THEN
        RETURN 'Event not found';
    END IF;
    v_body := discord_mark(v_activity, p_user);
    IF v_body IS NULL THEN
        RETURN 'Event not found';
    END IF;
    IF (v_body ->> 'success')::boolean AND v_body ->> 'message' LIKE 'Successfully%' THEN
        RETURN format('Successfully attended ''%s''!', said(v_activity.title));
    END IF;
    RETURN regexp_replace(v_body ->> 'message', '^Cannot attend: ', '');
END $$;
