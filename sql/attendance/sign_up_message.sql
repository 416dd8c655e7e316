-- What a registration is answered with, on Discord and to its bots.
CREATE OR REPLACE FUNCTION attendance.sign_up_message(p_outcome text, p_name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_outcome
        WHEN 'new' THEN format('Welcome, %s! You are registered for event attendance.', p_name)
        WHEN 'updated' THEN format('Profile updated, %s.', p_name)
        WHEN 'unchanged' THEN format('You are already registered, %s.', p_name)
    END;
$$;
