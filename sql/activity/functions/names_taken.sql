-- Which names of an account to be made another has, or null.
CREATE OR REPLACE FUNCTION activity.names_taken(p_new activity.users)
RETURNS text[] LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp
AS $$
DECLARE
    v_taken text[] := '{}';
BEGIN
    IF EXISTS (SELECT FROM users u WHERE lower(u.username COLLATE folded) = lower(p_new.username COLLATE folded)) THEN
        v_taken := v_taken || 'username'::text;
    END IF;
    IF EXISTS (SELECT FROM users u WHERE lower(u.email COLLATE folded) = lower(p_new.email COLLATE folded)) THEN
        v_taken := v_taken || 'email'::text;
    END IF;
    IF EXISTS (SELECT FROM users u WHERE u.discord_user_id = p_new.discord_user_id) THEN
        v_taken := v_taken || 'discord_user_id'::text;
    END IF;
    IF EXISTS (SELECT FROM users u WHERE u.handle = p_new.handle) THEN
        v_taken := v_taken || 'handle'::text;
    END IF;
    RETURN nullif(v_taken, '{}');
END $$;
