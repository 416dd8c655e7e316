-- A misspelt column of fields or a patch is a fault of the procedure, found at its first call and not lost in silence.
CREATE OR REPLACE FUNCTION activity.check_columns(p_fields jsonb, p_allowed text[])
RETURNS void LANGUAGE plpgsql IMMUTABLE SET search_path = activity, pg_temp
AS $$
DECLARE
    v_unknown text := (SELECT string_agg(k, ', ') FROM jsonb_object_keys(p_fields) k WHERE k <> ALL (p_allowed));
BEGIN
    IF v_unknown IS NOT NULL THEN
        RAISE EXCEPTION 'no such column to set: %', v_unknown USING ERRCODE = 'undefined_column';
    END IF;
END $$;
