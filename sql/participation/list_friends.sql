-- listFriends: friends, or requests in both directions, the newest first.
CREATE OR REPLACE FUNCTION participation.list_friends(p_user uuid, p_status text, p_limit int, p_offset int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_status friendship_status := coalesce(p_status, 'accepted');
    v_total  bigint;
    v_list   json;
BEGIN
    WITH mine AS MATERIALIZED (
        SELECT f.user_id_2 AS other, f.created_at, f AS friendship FROM friendships f WHERE f.user_id_1 = p_user AND f.status = v_status
        UNION ALL
        SELECT f.user_id_1, f.created_at, f FROM friendships f WHERE f.user_id_2 = p_user AND f.status = v_status
    ), page AS (
        SELECT * FROM mine m ORDER BY m.created_at DESC, m.other LIMIT p_limit OFFSET p_offset
    )
    SELECT (SELECT count(*) FROM mine), json_agg(friend_json(m.friendship, u) ORDER BY m.created_at DESC, m.other)
      INTO v_total, v_list
      FROM page m
      JOIN users u ON u.user_id = m.other;
    RETURN reply(200, json_build_object('total_count', v_total, 'friends', coalesce(v_list, '[]')));
END $$;
