-- Several events, all or none.
CREATE OR REPLACE FUNCTION collaboration.sp_create_events(p_caller uuid, p_events json, p_allow_conflicts boolean) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_errors jsonb;
    v_item record;
    v_activity activities;
    v_list jsonb := '[]';
BEGIN
    IF NOT p_allow_conflicts THEN
        PERFORM lock_calendar(p_caller);
        v_errors := batch_errors(p_caller, p_events);
        IF v_errors <> '[]' THEN
            RETURN reply(400, jsonb_build_object(
                'detail', format('Batch creation failed: %s of %s events cannot be created', jsonb_array_length(v_errors),
                                 json_array_length(p_events)), 'errors', v_errors));
        END IF;
    END IF;
    FOR v_item IN SELECT e.item FROM json_array_elements(p_events) WITH ORDINALITY AS e (item, n) ORDER BY e.n LOOP
        v_activity := create_activity(new_fields(p_caller, v_item.item), false);
        v_list := v_list || event_json(v_activity, 'owner');
    END LOOP;
    RETURN reply(201, v_list);
END $$;
