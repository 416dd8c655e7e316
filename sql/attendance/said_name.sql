-- A name in a chat: whole, and nobody is pinged by it.
CREATE OR REPLACE FUNCTION attendance.said_name(p_name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(p_name, '@', '@' || U&'\200B');
$$;
