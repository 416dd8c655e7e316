-- The image of that address: bytes beside the reply. Whoever has the address may see it.
CREATE OR REPLACE FUNCTION gatherhub.get_avatar(p_file text) RETURNS TABLE (status int, body text, headers text, media_type text, content bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
#variable_conflict use_column
DECLARE
    v_avatar avatars;
BEGIN
    IF p_file ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.(jpg|png)$' THEN
        SELECT * INTO v_avatar FROM avatars v
        WHERE v.avatar_id = left(p_file, 36)::uuid
          AND v.media_type = CASE WHEN right(p_file, 3) = 'png' THEN 'image/png' ELSE 'image/jpeg' END;
    END IF;
    IF v_avatar.user_id IS NULL THEN
        RETURN QUERY SELECT p.*, NULL::text, NULL::bytea FROM problem(404, 'not_found', 'Not found') p;
        RETURN;
    END IF;
    RETURN QUERY SELECT 200, NULL::text, jsonb_build_object('ETag', format('"%s"', v_avatar.avatar_id))::text, v_avatar.media_type, v_avatar.content;
END $$;
