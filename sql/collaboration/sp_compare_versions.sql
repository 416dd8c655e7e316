CREATE OR REPLACE FUNCTION collaboration.sp_compare_versions(p_caller uuid, p_event bigint, p_v1 bigint, p_v2 bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    c_fields CONSTANT text[] := ARRAY['title', 'description', 'location', 'start_time', 'end_time', 'is_recurring', 'recurrence_type',
                                      'recurrence_pattern'];
    v_activity activities := find_event(p_event);
    v_refusal reply := refuse(v_activity, p_caller, 'viewer', 'Insufficient permissions to compare versions');
    v_old jsonb;
    v_new jsonb;
    v_changes jsonb;
    v_count int;
    v_text text;
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT shown_data(s.data) INTO v_old FROM activity_versions s WHERE s.activity_id = v_activity.activity_id AND s.version_number = p_v1;
    SELECT shown_data(s.data) INTO v_new FROM activity_versions s WHERE s.activity_id = v_activity.activity_id AND s.version_number = p_v2;
    IF v_old IS NULL OR v_new IS NULL THEN
        RETURN problem(404, 'One or both versions not found');
    END IF;
    -- a version with itself has one key under version_N, so both spellings are written one after the other
    SELECT coalesce(jsonb_object_agg(f.name, jsonb_build_object(
               'version_' || p_v1, v_old -> f.name, 'version_' || p_v2, v_new -> f.name, 'old_value', v_old -> f.name, 'new_value', v_new -> f.name,
               'change_type', CASE WHEN v_old ->> f.name IS NULL THEN 'added' WHEN v_new ->> f.name IS NULL THEN 'removed' ELSE 'modified' END)), '{}'),
           count(*)::int,
           string_agg(concat_ws(E'\n',
               CASE WHEN v_old ->> f.name IS NOT NULL THEN format('-%s: %s', f.name, replace(summary_value(v_old, f.name), E'\n', '\n')) END,
               CASE WHEN v_new ->> f.name IS NOT NULL THEN format('+%s: %s', f.name, replace(summary_value(v_new, f.name), E'\n', '\n')) END),
               E'\n' ORDER BY f.n)
    INTO v_changes, v_count, v_text
    FROM unnest(c_fields) WITH ORDINALITY AS f (name, n)
    WHERE CASE WHEN f.name IN ('start_time', 'end_time') THEN (v_old ->> f.name)::timestamptz IS DISTINCT FROM (v_new ->> f.name)::timestamptz
               ELSE v_old -> f.name IS DISTINCT FROM v_new -> f.name END;
    RETURN reply(200, jsonb_build_object(
        'event_id', v_activity.number, 'version1', p_v1, 'version2', p_v2, 'changes', v_changes,
        'summary', jsonb_build_object('changed_fields', v_count, 'comparison_date', wire_time(clock_timestamp())),
        'text_diff', concat_ws(E'\n', format('--- Version %s', p_v1), format('+++ Version %s', p_v2), v_text)));
END $$;
