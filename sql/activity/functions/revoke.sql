-- Remembers a logged-out token that belongs to no session of ours, until it would have expired anyhow.
CREATE OR REPLACE FUNCTION activity.revoke(p_digest bytea, p_exp bigint)
RETURNS void LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
BEGIN
    INSERT INTO revoked_tokens (digest, expires_at) VALUES (p_digest, to_timestamp(least(p_exp, 253402300799)))
        ON CONFLICT DO NOTHING;
END $$;
