-- Before a password is hashed: the account's names are the request's for now, or the refusal.
CREATE OR REPLACE FUNCTION gatherhub.claim_names(p_username text, p_email text, p_claimant text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    -- In lower case, as it will be kept, an address may be longer than it came.
    IF NOT email_fits(lower(p_email COLLATE folded)) THEN
        RETURN invalid('email', 'Enter a valid email address.');
    END IF;
    RETURN name_taken(activity.claim_names(jsonb_build_object('username', p_username, 'email', p_email), p_claimant));
END $$;
