-- The same as is_active false: so it may be repeated.
CREATE OR REPLACE FUNCTION attendance.sp_cancel_event(p_caller uuid, p_event bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_reply reply := sp_update_event(p_caller, p_event, '{"is_active": false}');
BEGIN
    IF v_reply.status <> 200 THEN
        RETURN v_reply;
    END IF;
    RETURN reply(204);
END $$;
