-- acceptFriend: says yes to who has asked.
CREATE OR REPLACE FUNCTION participation.accept_friend(p_user uuid, p_target uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_friendship friendships;
BEGIN
    PERFORM lock_pair(p_user, p_target);
    UPDATE friendships f SET status = 'accepted', accepted_at = clock_timestamp()
     WHERE f.user_id_1 = least(p_user, p_target) AND f.user_id_2 = greatest(p_user, p_target)
       AND f.status = 'pending' AND f.initiated_by = p_target AND p_target <> p_user
    RETURNING * INTO v_friendship;
    IF NOT FOUND THEN
        RETURN problem(404, 'REQUEST_NOT_FOUND', 'Friend request not found');
    END IF;
    RETURN reply(200, (SELECT friend_json(v_friendship, u) FROM users u WHERE u.user_id = p_target));
END $$;
