-- blockUser: ends what friendship there is. Again, it answers the same and changes nothing.
CREATE OR REPLACE FUNCTION participation.block_user(p_user uuid, p_target uuid, p_reason text) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_target users;
BEGIN
    IF p_target = p_user THEN
        RETURN problem(400, 'SELF_BLOCK', 'Cannot block yourself');
    END IF;
    v_target := find_user(p_target);
    IF v_target.user_id IS NULL THEN
        RETURN problem(404, 'USER_NOT_FOUND', 'User not found');
    END IF;
    PERFORM lock_pair(p_user, p_target);
    INSERT INTO user_blocks (blocker_user_id, blocked_user_id, reason) VALUES (p_user, p_target, p_reason) ON CONFLICT DO NOTHING;
    DELETE FROM friendships f WHERE f.user_id_1 = least(p_user, p_target) AND f.user_id_2 = greatest(p_user, p_target);
    RETURN reply(200, json_build_object(
        'blocker_user_id', p_user,
        'blocked_user_id', p_target,
        'created_at', wire_time((SELECT b.created_at FROM user_blocks b WHERE b.blocker_user_id = p_user AND b.blocked_user_id = p_target)),
        'message', 'User blocked'));
END $$;
