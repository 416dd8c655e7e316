-- What an invitation counts as: a pending one whose time is over is expired.
-- Inlined into its callers, so it pins nothing and names every schema.
CREATE OR REPLACE FUNCTION participation.effective_status(p_status activity.invitation_status, p_expires_at timestamptz,
                                               p_instant timestamptz)
RETURNS activity.invitation_status
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_status = 'pending' AND p_expires_at <= p_instant THEN 'expired'::activity.invitation_status ELSE p_status END;
$$;
