-- unblockUser: takes the caller's own block back.
CREATE OR REPLACE FUNCTION participation.unblock_user(p_user uuid, p_target uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
BEGIN
    DELETE FROM user_blocks b WHERE b.blocker_user_id = p_user AND b.blocked_user_id = p_target;
    IF NOT FOUND THEN
        RETURN problem(404, 'BLOCK_NOT_FOUND', 'Block not found');
    END IF;
    RETURN reply(200, json_build_object('blocker_user_id', p_user, 'blocked_user_id', p_target, 'message', 'User unblocked'));
END $$;
