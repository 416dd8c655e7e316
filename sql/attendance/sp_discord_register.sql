CREATE OR REPLACE FUNCTION attendance.sp_discord_register(p_name text, p_discord_user_id text, p_discord_username text, p_email text)
RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v record;
BEGIN
    SELECT * INTO v FROM discord_sign_up(p_name, NULL, p_discord_user_id, p_discord_username, p_email);
    IF v.outcome = 'inactive' THEN
        RETURN problem(400, 'Inactive user');
    ELSIF v.outcome = 'email-taken' THEN
        RETURN problem(400, 'Email already registered');
    END IF;
    RETURN reply(200, jsonb_build_object(
        'user', user_json(v.account, false), 'is_new_user', v.outcome = 'new',
        'message', sign_up_message(v.outcome, shown_name(v.account)), 'changes', to_jsonb(v.changes)));
END $$;
