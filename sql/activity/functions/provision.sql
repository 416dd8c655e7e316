-- The row of a token's subject that is not known yet, once, however many requests bring it at the same moment. A name or address that
-- another account has is left out, never taken over; never a look-up followed by a hope: the unique indexes decide. Called before any lock
-- is held.
CREATE OR REPLACE FUNCTION activity.provision(p_sub uuid, p_claims jsonb)
RETURNS activity.users LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_user     users;
    v_username text := coalesce(claim_text(p_claims, 'username', 150), claim_text(p_claims, 'name', 150));
    v_email    text := claim_text(p_claims, 'email', 254);
    v_level    text := claim_text(p_claims, 'subscription_level', 10);
BEGIN
    -- An address is nobody's user name: who looks like one would be taken for it at login.
    IF strpos(v_username, '@') > 0 THEN
        v_username := claim_text(p_claims, 'name', 150);
        IF strpos(v_username, '@') > 0 THEN
            v_username := NULL;
        END IF;
    END IF;
    IF NOT email_fits(v_email) THEN
        v_email := NULL;
    END IF;
    LOOP
        INSERT INTO users (user_id, username, email, name, first_name, last_name, gender, subscription_level)
        VALUES (p_sub, v_username, v_email,
                coalesce(claim_text(p_claims, 'full_name', 200), claim_text(p_claims, 'name', 200)),
                claim_text(p_claims, 'first_name', 150), claim_text(p_claims, 'last_name', 150), claim_text(p_claims, 'gender', 50),
                CASE WHEN v_level IN ('free', 'club', 'premium') THEN v_level::subscription_level ELSE 'free' END)
            ON CONFLICT DO NOTHING
        RETURNING * INTO v_user;
        EXIT WHEN FOUND;

        SELECT * INTO v_user FROM users WHERE user_id = p_sub;        -- made by another request meanwhile
        EXIT WHEN FOUND;
        IF EXISTS (SELECT FROM users u WHERE lower(u.username COLLATE folded) = lower(v_username COLLATE folded)) THEN
            v_username := NULL;
        END IF;
        IF EXISTS (SELECT FROM users u WHERE lower(u.email COLLATE folded) = lower(v_email COLLATE folded)) THEN
            v_email := NULL;
        END IF;
    END LOOP;
    RETURN v_user;
END $$;
