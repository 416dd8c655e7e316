-- The account of a Discord identity that wants to attend, or the refusal.
CREATE OR REPLACE FUNCTION attendance.discord_account(p_discord_user_id text, OUT account activity.users, OUT refusal activity.reply)
LANGUAGE plpgsql SET search_path = attendance, activity, pg_temp AS $$
BEGIN
    SELECT * INTO account FROM users u WHERE u.discord_user_id = p_discord_user_id;
    IF NOT FOUND THEN
        refusal := problem(404, 'Discord user not registered. Please register first.');
    ELSIF NOT account.is_active THEN
        refusal := problem(400, 'Inactive user');
    ELSIF is_banned(account, clock_timestamp()) THEN
        refusal := problem(403, 'Account is banned');
    END IF;
END $$;
