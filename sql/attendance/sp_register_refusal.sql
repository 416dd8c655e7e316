-- Why a registration would be refused as things stand, or null.
CREATE OR REPLACE FUNCTION attendance.sp_register_refusal(p_email text, p_discord_user_id text, p_keyed boolean) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
BEGIN
    -- Who knows a Discord id has not proved it where a bot key says that Discord can.
    IF p_keyed AND p_discord_user_id IS NOT NULL THEN
        RETURN problem(403, 'Discord identity is set through Discord');
    END IF;
    RETURN name_taken(names_taken(jsonb_populate_record(NULL::users,
        jsonb_build_object('email', p_email, 'discord_user_id', p_discord_user_id))));
END $$;
