-- listBlocks: whom the caller blocks, the newest first.
CREATE OR REPLACE FUNCTION participation.list_blocks(p_user uuid, p_limit int, p_offset int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_total bigint;
    v_list  json;
BEGIN
    SELECT count(*) INTO v_total FROM user_blocks b WHERE b.blocker_user_id = p_user;
    WITH page AS (
        SELECT b.* FROM user_blocks b WHERE b.blocker_user_id = p_user
         ORDER BY b.created_at DESC, b.blocked_user_id LIMIT p_limit OFFSET p_offset
    )
    SELECT json_agg(json_build_object('user_id', u.user_id, 'username', username_of(u), 'created_at', wire_time(b.created_at))
                    ORDER BY b.created_at DESC, b.blocked_user_id)
      INTO v_list
      FROM page b
      JOIN users u ON u.user_id = b.blocked_user_id;
    RETURN reply(200, json_build_object('total_count', v_total, 'blocks', coalesce(v_list, '[]')));
END $$;
