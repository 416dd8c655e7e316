-- Ends the claims of a registration that comes to nothing: whoever tries again finds the names free.
CREATE OR REPLACE FUNCTION activity.release_names(p_claimant text)
RETURNS activity.reply LANGUAGE plpgsql SECURITY DEFINER SET search_path = activity, pg_temp
AS $$
BEGIN
    DELETE FROM name_claims c USING (SELECT kind, name FROM name_claims WHERE claimant = p_claimant ORDER BY kind, name FOR UPDATE) o
     WHERE c.kind = o.kind AND c.name = o.name;
    RETURN NULL;
END $$;
