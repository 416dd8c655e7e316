CREATE OR REPLACE FUNCTION attendance.sp_discord_attend(p_event bigint, p_discord_user_id text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v record;
    v_activity activities;
    v_body jsonb;
BEGIN
    SELECT * INTO v FROM discord_account(p_discord_user_id);
    IF (v.refusal).status IS NOT NULL THEN
        RETURN v.refusal;
    END IF;
    v_activity := find_event(p_event, NULL);
    IF v_activity.activity_id IS NULL OR NOT is_active(v_activity) THEN
        RETURN problem(404, 'Event not found');
    END IF;
    v_body := discord_mark(v_activity, v.account);
    IF v_body IS NULL THEN
        RETURN problem(404, 'Event not found');
    END IF;
    RETURN reply(200, v_body);
END $$;
