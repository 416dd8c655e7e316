-- requestFriend: asks, or, where the other has asked already, makes them friends.
CREATE OR REPLACE FUNCTION participation.request_friend(p_user uuid, p_target uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_target     users;
    v_friendship friendships;
BEGIN
    IF p_target = p_user THEN
        RETURN problem(400, 'SELF_FRIEND', 'Cannot befriend yourself');
    END IF;
    v_target := find_user(p_target);
    IF v_target.user_id IS NULL THEN
        RETURN problem(404, 'USER_NOT_FOUND', 'User not found');
    END IF;
    PERFORM lock_pair(p_user, p_target);
    IF blocked_pair(p_user, p_target) THEN
        RETURN problem(403, 'BLOCKED_USER', 'Cannot send friend request');
    END IF;
    SELECT * INTO v_friendship FROM friendships f WHERE f.user_id_1 = least(p_user, p_target) AND f.user_id_2 = greatest(p_user, p_target);
    IF v_friendship.status = 'accepted' THEN
        RETURN problem(400, 'ALREADY_FRIENDS', 'Already friends');
    END IF;
    IF v_friendship.initiated_by = p_user THEN
        RETURN problem(400, 'ALREADY_REQUESTED', 'Friend request already sent');
    END IF;
    INSERT INTO friendships (user_id_1, user_id_2, initiated_by) VALUES (least(p_user, p_target), greatest(p_user, p_target), p_user)
    ON CONFLICT (user_id_1, user_id_2) DO UPDATE SET status = 'accepted', accepted_at = clock_timestamp()
    RETURNING * INTO v_friendship;
    RETURN reply(200, friend_json(v_friendship, v_target));
END $$;
