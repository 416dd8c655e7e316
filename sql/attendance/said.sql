-- A name or a title as it may stand in a chat: no longer than 60 characters, and nobody is pinged by it.
CREATE OR REPLACE FUNCTION attendance.said(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
    SELECT replace(CASE WHEN p_text IS NULL THEN '' WHEN char_length(p_text) > 60 THEN left(p_text, 59) || '…' ELSE p_text END, '@', '@' || U&'\200B');
$$;
