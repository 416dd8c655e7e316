-- Makes an account or a guest, or says which of its names another has. The unique indexes decide, so of simultaneous ones exactly one is
-- made; whether its names were claimed before plays no part, but claims end here. Called before any lock is held.
CREATE OR REPLACE FUNCTION activity.sign_up(p_fields jsonb)
RETURNS TABLE (taken text[], account activity.users)
LANGUAGE plpgsql ROWS 1 SET search_path = activity, pg_temp
AS $$
DECLARE
    v_new users := jsonb_populate_record(NULL::users, p_fields);
BEGIN
    IF v_new.password_hash IS NOT NULL THEN
        DELETE FROM name_claims c USING (SELECT l.kind, l.name FROM name_claims l JOIN names_of(v_new) n USING (kind, name)
                                          ORDER BY l.kind, l.name FOR UPDATE OF l) o
         WHERE c.kind = o.kind AND c.name = o.name;
    END IF;
    LOOP
        taken := NULL;
        -- A handle that reads as somebody's user_id would be ambiguous in paths.
        IF v_new.handle ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
           AND EXISTS (SELECT FROM users u WHERE u.user_id = v_new.handle::uuid) THEN
            taken := ARRAY['handle'];
            RETURN NEXT;
            RETURN;
        END IF;
        INSERT INTO users (user_id, handle, username, email, name, first_name, last_name, gender, password_hash,
                           discord_user_id, discord_username, discord_only, is_guest)
        VALUES (coalesce(v_new.user_id, gen_random_uuid()), v_new.handle, v_new.username, v_new.email, v_new.name, v_new.first_name,
                v_new.last_name, v_new.gender, v_new.password_hash, v_new.discord_user_id, v_new.discord_username,
                coalesce(v_new.discord_only, false), coalesce(v_new.is_guest, false))
            ON CONFLICT DO NOTHING
        RETURNING * INTO account;
        IF NOT FOUND THEN
            taken := names_taken(v_new);
        END IF;
        IF taken IS NOT NULL OR account.user_id IS NOT NULL THEN
            RETURN NEXT;
            RETURN;
        END IF;
        -- Who had it has given it up since: once more.
    END LOOP;
END $$;
