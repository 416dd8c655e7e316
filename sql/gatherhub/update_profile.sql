-- Changes the members given. p_avatar: the bytes of an upload, judged by how they begin; p_avatar_text: what JSON said of it, and only the
-- present address leaves it alone.
CREATE OR REPLACE FUNCTION gatherhub.update_profile(p_caller uuid, p_first_name text, p_last_name text, p_bio text, p_avatar bytea, p_avatar_text text,
                                         p_base text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
DECLARE
    v_user users;
    v_type text;
BEGIN
    SELECT * INTO v_user FROM users u WHERE u.user_id = p_caller FOR NO KEY UPDATE;
    IF p_avatar IS NOT NULL THEN
        v_type := CASE WHEN substr(p_avatar, 1, 3) = '\xffd8ff'::bytea THEN 'image/jpeg'
                       WHEN substr(p_avatar, 1, 8) = '\x89504e470d0a1a0a'::bytea THEN 'image/png' END;
        IF octet_length(p_avatar) = 0 THEN
            RETURN invalid('avatar', 'Avatar file is empty.');
        ELSIF octet_length(p_avatar) > 5242880 THEN
            RETURN invalid('avatar', 'Avatar file must be at most 5 MiB.');
        ELSIF v_type IS NULL THEN
            RETURN invalid('avatar', 'Avatar must be a JPEG or PNG image.');
        END IF;
    ELSIF p_avatar_text IS NOT NULL AND p_avatar_text IS DISTINCT FROM avatar_url(v_user, p_base) THEN
        RETURN invalid('avatar', 'Send the avatar as a multipart/form-data file.');
    END IF;
    IF p_avatar IS NOT NULL THEN
        INSERT INTO avatars AS v (user_id, media_type, content) VALUES (p_caller, v_type, p_avatar)
        ON CONFLICT (user_id) DO UPDATE SET avatar_id = gen_random_uuid(), media_type = excluded.media_type, content = excluded.content,
                                            updated_at = clock_timestamp();
    END IF;
    UPDATE users u SET first_name = CASE WHEN p_first_name IS NULL THEN u.first_name ELSE nullif(p_first_name, '') END,
                       last_name = CASE WHEN p_last_name IS NULL THEN u.last_name ELSE nullif(p_last_name, '') END,
                       bio = coalesce(p_bio, u.bio), updated_at = clock_timestamp()
    WHERE u.user_id = p_caller
      AND (p_avatar IS NOT NULL
           OR (coalesce(p_first_name, u.first_name, ''), coalesce(p_last_name, u.last_name, ''), coalesce(p_bio, u.bio))
              IS DISTINCT FROM (coalesce(u.first_name, ''), coalesce(u.last_name, ''), u.bio))
    RETURNING * INTO v_user;
    SELECT * INTO v_user FROM users u WHERE u.user_id = p_caller;
    RETURN reply(200, profile(v_user, p_base));
END $$;
