-- Why a registration would be refused as things stand, or null: asked before the password is hashed, which costs a thousand times as much.
CREATE OR REPLACE FUNCTION attendance.sp_register_refusal(p_email text, p_discord_user_id text, p_keyed boolean) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
BEGIN
    -- Who knows a Discord id has not proved it where a bot key says that Discord can.
    IF p_keyed AND p_discord_user_id IS NOT NULL THEN
        RETURN problem(403, 'Discord identity is set through Discord');
    ELSIF EXISTS (SELECT FROM users u WHERE lower(u.email COLLATE folded) = lower(p_email COLLATE folded)) THEN
        RETURN problem(400, 'Email already registered');
    ELSIF EXISTS (SELECT FROM users u WHERE u.discord_user_id = p_discord_user_id) THEN
        RETURN problem(400, 'Discord user already registered');
    END IF;
    RETURN NULL;
END $$;
