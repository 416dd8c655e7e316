-- Who has a place and who waits, in the order of registration. Only people with a userId are named; the others count in line all the same.
CREATE OR REPLACE FUNCTION registration.sp_list_event_registrations(p_caller uuid, p_event text, p_status text, p_limit int, p_offset int)
RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    c_most CONSTANT int := 10000;
    v_activity activities := find_event(p_event, p_caller);
    v_total bigint;
    v_list json;
BEGIN
    IF v_activity.activity_id IS NULL THEN
        RETURN problem(404, format('Event with ID %s not found', p_event));
    END IF;
    WITH everybody AS (
        SELECT p.user_id, p.registered_at, NULL::bigint AS place
        FROM participants p
        WHERE p.activity_id = v_activity.activity_id AND p.participation_status = 'registered'
          AND p_status IS DISTINCT FROM 'waitlisted'
        UNION ALL
        SELECT w.user_id, w.registered_at, row_number() OVER (ORDER BY w.registered_at)
        FROM waitlist_entries w
        WHERE w.activity_id = v_activity.activity_id AND p_status IS DISTINCT FROM 'confirmed'),
    named AS MATERIALIZED (
        SELECT u.handle, e.registered_at, e.place
        FROM everybody e JOIN users u USING (user_id)
        WHERE u.handle IS NOT NULL),
    page AS (
        SELECT * FROM named
        ORDER BY registered_at, handle
        LIMIT coalesce(p_limit, c_most) OFFSET coalesce(p_offset, 0))
    SELECT (SELECT count(*) FROM named),
           (SELECT coalesce(json_agg(registration_json(g.handle, event_id(v_activity), g.registered_at, g.place)
                                     ORDER BY g.registered_at, g.handle), '[]'::json) FROM page g)
    INTO v_total, v_list;
    IF p_limit IS NULL AND v_total - coalesce(p_offset, 0) > c_most THEN
        RETURN too_many_rows();
    END IF;
    RETURN reply(200, v_list, json_build_object('X-Total-Count', v_total::text));
END $$;
