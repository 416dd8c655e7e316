-- Before a password is hashed: the account's names are the request's for now, or the refusal.
CREATE OR REPLACE FUNCTION attendance.sp_claim_names(p_email text, p_discord_user_id text, p_keyed boolean, p_claimant text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_refusal reply := sp_register_refusal(p_email, p_discord_user_id, p_keyed);
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    RETURN name_taken(claim_names(jsonb_build_object('email', p_email, 'discord_user_id', p_discord_user_id), p_claimant));
END $$;
