-- removeFriend: ends a friendship, or a request of either side.
CREATE OR REPLACE FUNCTION participation.remove_friend(p_user uuid, p_target uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
BEGIN
    PERFORM lock_pair(p_user, p_target);
    DELETE FROM friendships f WHERE f.user_id_1 = least(p_user, p_target) AND f.user_id_2 = greatest(p_user, p_target);
    IF NOT FOUND THEN
        RETURN problem(404, 'NOT_FRIENDS', 'Not friends');
    END IF;
    RETURN reply(200, json_build_object('user_id', p_target, 'status', 'removed', 'message', 'Friend removed'));
END $$;
