-- A new account with a password. Of simultaneous ones the unique indexes let one through.
CREATE OR REPLACE FUNCTION attendance.sp_register(p_email text, p_name text, p_hash text, p_discord_user_id text, p_discord_username text,
                                                  p_keyed boolean) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_refusal reply := sp_register_refusal(p_email, p_discord_user_id, p_keyed);
    v_made record;
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT s.* INTO v_made FROM sign_up(jsonb_strip_nulls(jsonb_build_object(
        'email', p_email, 'name', p_name, 'password_hash', p_hash,
        'discord_user_id', p_discord_user_id, 'discord_username', p_discord_username))) s;
    IF v_made.taken IS NOT NULL THEN
        RETURN name_taken(v_made.taken);
    END IF;
    RETURN reply(201, user_json(v_made.account, true));
END $$;
