-- An activity with a patch applied and all its columns in agreement again; nothing is written. p_keeps: what a new start alone keeps, the
-- duration or the end.
CREATE OR REPLACE FUNCTION activity.patched(p_old activity.activities, p_patch jsonb, p_keeps text, p_instant timestamptz)
RETURNS activity.activities LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp SET timezone = 'UTC'
AS $$
DECLARE
    v_new activities := jsonb_populate_record(p_old, p_patch);
BEGIN
    -- One end or none: what is given replaces what was, of either kind; a new start alone keeps what it is asked to.
    IF p_patch ? 'ends_at' OR p_patch ? 'duration_minutes' THEN
        IF NOT p_patch ? 'ends_at' OR (v_new.ends_at IS NULL AND v_new.duration_minutes IS NOT NULL AND p_patch ? 'duration_minutes') THEN
            v_new.ends_at := NULL;
        ELSE
            v_new.duration_minutes := NULL;
        END IF;
    ELSIF v_new.scheduled_at <> p_old.scheduled_at THEN
        IF p_keeps = 'end' THEN
            v_new.ends_at := shown_end(p_old);
            v_new.duration_minutes := NULL;
        ELSIF p_old.ends_at IS NOT NULL THEN
            v_new.ends_at := least(v_new.scheduled_at + (p_old.ends_at - p_old.scheduled_at), timestamptz '9999-12-31 23:59:59.999999+00');
        END IF;
    END IF;

    -- Words of one API stay while they say what the columns say.
    IF v_new.date_text IS NOT NULL AND NOT words_agree(v_new.date_text, v_new.scheduled_at) THEN
        v_new.date_text := NULL;
    END IF;
    IF v_new.status <> 'published' THEN
        v_new.status_word := NULL;
    END IF;
    IF v_new.status <> p_old.status THEN
        v_new.completed_at := CASE WHEN v_new.status = 'completed' THEN p_instant END;
        v_new.cancelled_at := CASE WHEN v_new.status = 'cancelled' THEN p_instant END;
    END IF;
    RETURN v_new;
END $$;
