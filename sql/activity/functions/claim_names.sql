-- Before a password is hashed for a new account: claims its names, or says which of them others have or are about to have. Of any number of
-- simultaneous claims of a name one is granted, and it holds for as long as a request waits for its hash and a little more. Whoever is
-- granted one calls sign_up, which ends it, or release_names.
CREATE OR REPLACE FUNCTION activity.claim_names(p_fields jsonb, p_claimant text)
RETURNS text[] LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_now   timestamptz := clock_timestamp();
    v_new   users := jsonb_populate_record(NULL::users, p_fields);
    v_taken text[] := names_taken(v_new);
BEGIN
    -- Read before anything is written: of a crowd only those write who come in the first moment.
    SELECT array_agg(n.kind ORDER BY n.place) INTO v_taken FROM names_of(v_new) n
     WHERE n.kind = ANY (v_taken)
        OR EXISTS (SELECT FROM name_claims c WHERE c.kind = n.kind AND c.name = n.name AND c.expires_at > v_now);
    IF v_taken IS NOT NULL THEN
        RETURN v_taken;
    END IF;

    -- The rows are taken in one order by all, so none waits for another in a circle.
    WITH granted AS (
        INSERT INTO name_claims AS c (kind, name, claimant, expires_at)
        SELECT n.kind, n.name, p_claimant, v_now + interval '15 s' FROM names_of(v_new) n ORDER BY n.kind, n.name
            ON CONFLICT (kind, name) DO UPDATE SET claimant = excluded.claimant, expires_at = excluded.expires_at
                WHERE c.expires_at <= v_now
        RETURNING c.kind)
    SELECT array_agg(n.kind ORDER BY n.place) INTO v_taken FROM names_of(v_new) n
     WHERE NOT EXISTS (SELECT FROM granted g WHERE g.kind = n.kind);

    -- A claim that has just ended may have ended in an account, which a new statement sees.
    v_taken := coalesce(v_taken, names_taken(v_new));
    IF v_taken IS NOT NULL THEN
        PERFORM release_names(p_claimant);
    END IF;
    RETURN v_taken;
END $$;
