-- Where a person's picture is: the uploaded one, else the platform's photo, else nowhere.
CREATE OR REPLACE FUNCTION gatherhub.avatar_url(p_user activity.users, p_base text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT coalesce((SELECT format('%s/media/avatars/%s.%s', p_base, v.avatar_id, CASE v.media_type WHEN 'image/png' THEN 'png' ELSE 'jpg' END)
                     FROM avatars v WHERE v.user_id = (p_user).user_id), (p_user).main_photo_url));
END $$;
