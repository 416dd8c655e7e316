-- Before a password is hashed: the account's names are the request's for now, or the refusal.
CREATE OR REPLACE FUNCTION collaboration.sp_claim_names(p_username text, p_email text, p_claimant text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
BEGIN
    RETURN name_taken(claim_names(jsonb_build_object('username', p_username, 'email', p_email), p_claimant));
END $$;
