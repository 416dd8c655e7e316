-- getUser: what everybody may know of a person. VOLATILE because it may be the caller, whom this statement has just provisioned.
CREATE OR REPLACE FUNCTION participation.get_user(p_target uuid, p_user uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_target users;
BEGIN
    v_target := find_user(p_target);
    IF v_target.user_id IS NULL OR blocked_pair(p_target, p_user) THEN
        RETURN problem(404, 'USER_NOT_FOUND', 'User not found');
    END IF;
    RETURN reply(200, json_build_object(
        'user_id', v_target.user_id,
        'username', username_of(v_target),
        'first_name', v_target.first_name,
        'last_name', v_target.last_name,
        'profile_photo_url', v_target.main_photo_url,
        'is_verified', v_target.is_verified,
        'verification_count', v_target.verification_count,
        'no_show_count', CASE WHEN p_target = p_user THEN v_target.no_show_count END));
END $$;
