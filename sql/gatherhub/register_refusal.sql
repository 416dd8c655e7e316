-- What registering would be refused with anyhow, asked before a password is hashed for it; a null reply where nothing is known against it.
CREATE OR REPLACE FUNCTION gatherhub.register_refusal(p_username text, p_email text) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
DECLARE
    v_taken text[] := '{}';
BEGIN
    IF EXISTS (SELECT FROM users u WHERE lower(u.username COLLATE folded) = lower(p_username COLLATE folded)) THEN
        v_taken := v_taken || 'username'::text;
    END IF;
    IF EXISTS (SELECT FROM users u WHERE lower(u.email COLLATE folded) = lower(p_email COLLATE folded)) THEN
        v_taken := v_taken || 'email'::text;
    END IF;
    IF v_taken = '{}' THEN
        RETURN NULL;
    END IF;
    RETURN name_taken(v_taken);
END $$;
