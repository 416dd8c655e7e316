-- What a person has a place in or waits for, as far as the caller may see it.
CREATE OR REPLACE FUNCTION registration.sp_list_user_registrations(p_caller uuid, p_user text, p_status text, p_limit int, p_offset int)
RETURNS activity.reply
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = registration, activity, pg_temp AS $$
DECLARE
    c_most CONSTANT int := 10000;
    v_sight sight := sight(p_caller);
    v_user users;
    v_total bigint;
    v_list json;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.handle = p_user;
    IF NOT FOUND THEN
        RETURN problem(404, format('User with ID %s not found', p_user));
    END IF;
    WITH own AS (
        SELECT p.activity_id, p.registered_at, false AS waits
        FROM participants p
        WHERE p.user_id = v_user.user_id AND p.participation_status = 'registered' AND p_status IS DISTINCT FROM 'waitlisted'
        UNION ALL
        SELECT w.activity_id, w.registered_at, true
        FROM waitlist_entries w
        WHERE w.user_id = v_user.user_id AND p_status IS DISTINCT FROM 'confirmed'),
    seen AS MATERIALIZED (
        SELECT o.*, event_id(a) AS event, a.title
        FROM own o JOIN activities a USING (activity_id)
        WHERE a.deleted_at IS NULL AND a.status <> 'draft' AND visible(a, v_sight)),
    page AS (
        SELECT * FROM seen
        ORDER BY registered_at, event COLLATE "C"
        LIMIT coalesce(p_limit, c_most) OFFSET coalesce(p_offset, 0))
    SELECT (SELECT count(*) FROM seen),
           (SELECT coalesce(json_agg(json_build_object(
                       'eventId', g.event,
                       'eventTitle', coalesce(g.title, ''),
                       'status', CASE WHEN g.waits THEN 'waitlisted' ELSE 'confirmed' END,
                       'registeredAt', wire_time_six(g.registered_at),
                       'waitlistPosition', CASE WHEN g.waits THEN rank_of(g.activity_id, v_user.user_id) END)
                   ORDER BY g.registered_at, g.event COLLATE "C"), '[]'::json) FROM page g)
    INTO v_total, v_list;
    IF p_limit IS NULL AND v_total - coalesce(p_offset, 0) > c_most THEN
        RETURN too_many_rows();
    END IF;
    RETURN reply(200, v_list, json_build_object('X-Total-Count', v_total::text));
END $$;
