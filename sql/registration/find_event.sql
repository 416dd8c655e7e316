-- The event of that id that the caller may see: by its slug; if none has it and it is written as a UUID, by that. Otherwise a null row.
CREATE OR REPLACE FUNCTION registration.find_event(p_event text, p_caller uuid) RETURNS activity.activities
LANGUAGE plpgsql STABLE SET search_path = registration, activity, pg_temp AS $$
DECLARE
    v_activity activities;
BEGIN
    SELECT * INTO v_activity FROM activities a WHERE a.slug = p_event AND a.deleted_at IS NULL;
    IF NOT FOUND AND p_event ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN
        SELECT * INTO v_activity FROM activities a WHERE a.activity_id = p_event::uuid AND a.deleted_at IS NULL;
    END IF;
    IF v_activity.activity_id IS NULL OR v_activity.status = 'draft' OR NOT may_see(v_activity, p_caller) THEN
        RETURN NULL;
    END IF;
    RETURN v_activity;
END $$;
