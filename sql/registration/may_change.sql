-- Why the caller may not change the event, or null: nobody's events are everybody's, others their organizer's and, but for deletion, the
-- co-organizers'.
CREATE OR REPLACE FUNCTION registration.may_change(p_activity activity.activities, p_caller uuid, p_refusal text, p_event text,
                                        p_co_organizers boolean) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT CASE
        WHEN p_refusal IS NOT NULL THEN 'Account is not active'
        WHEN p_activity.organizer_user_id IS NULL OR p_activity.organizer_user_id = p_caller THEN NULL
        WHEN p_co_organizers AND p_caller IS NOT NULL AND is_staff(p_activity.activity_id, p_caller) THEN NULL
        ELSE format('Event %s may only be changed by its organizer', p_event)
    END);
END $$;
