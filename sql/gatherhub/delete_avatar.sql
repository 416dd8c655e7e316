CREATE OR REPLACE FUNCTION gatherhub.delete_avatar(p_caller uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp AS $$
BEGIN
    DELETE FROM avatars v WHERE v.user_id = p_caller;
    IF NOT FOUND THEN
        RETURN problem(400, 'no_avatar', 'No avatar to delete');
    END IF;
    RETURN reply(200, jsonb_build_object('message', 'Avatar deleted successfully.'));
END $$;
