-- Makes an account or a guest, or says which of its names another has. The unique indexes decide, so of simultaneous ones exactly one is made. Called before any lock is held.
CREATE OR REPLACE FUNCTION activity.sign_up(p_fields jsonb)
RETURNS TABLE (taken text[], account activity.users)
LANGUAGE plpgsql ROWS 1 SET search_path = activity, pg_temp
AS $$
DECLARE
    v_new users := jsonb_populate_record(NULL::users, p_fields);
BEGIN
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
        VALUES (coalesce(v_new.user_id, gen_random_uuid()), v_new.handle, v_new.username, v_new.email, v_new.name, v_new.first_name, v_new.last_name,
                v_new.gender, v_new.password_hash, v_new.discord_user_id, v_new.discord_username,
                coalesce(v_new.discord_only, false), coalesce(v_new.is_guest, false))
            ON CONFLICT DO NOTHING
        RETURNING * INTO account;
        IF FOUND THEN
            RETURN NEXT;
            RETURN;
        END IF;

        SELECT array_agg(w.what ORDER BY w.place) INTO taken
          FROM (SELECT 1, 'username' WHERE EXISTS (SELECT FROM users u WHERE lower(u.username COLLATE folded) = lower(v_new.username COLLATE folded))
                UNION ALL
                SELECT 2, 'email' WHERE EXISTS (SELECT FROM users u WHERE lower(u.email COLLATE folded) = lower(v_new.email COLLATE folded))
                UNION ALL
                SELECT 3, 'discord_user_id' WHERE EXISTS (SELECT FROM users u WHERE u.discord_user_id = v_new.discord_user_id)
                UNION ALL
                SELECT 4, 'handle' WHERE EXISTS (SELECT FROM users u WHERE u.handle = v_new.handle)) w (place, what);
        IF taken IS NOT NULL THEN
            RETURN NEXT;
            RETURN;
        END IF;
        -- Who had it has given it up since: once more.
    END LOOP;
END $$;
