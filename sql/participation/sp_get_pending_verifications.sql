-- getPendingVerifications: what the caller attended with people whom they have not confirmed yet.
CREATE OR REPLACE FUNCTION activity.sp_get_pending_verifications(p_user uuid, p_limit int, p_offset int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_blocked uuid[] := coalesce((sight(p_user)).blocked, '{}');
    v_total   bigint;
    v_list    json;
BEGIN
    WITH attended AS MATERIALIZED (
        SELECT a.activity_id, a.title, a.scheduled_at, CASE WHEN a.activity_type = 'xxl' THEN '{}' ELSE v_blocked END AS hidden
          FROM participants t
          JOIN activities a ON a.activity_id = t.activity_id
         WHERE t.user_id = p_user AND t.attended_at IS NOT NULL
           AND a.deleted_at IS NULL AND a.status IN ('published', 'completed') AND has_begun(a, now())
    ), open AS MATERIALIZED (
        SELECT m.*
          FROM attended m
         WHERE EXISTS (
               SELECT FROM participants t
                WHERE t.activity_id = m.activity_id AND t.attended_at IS NOT NULL AND t.user_id <> p_user AND t.user_id <> ALL (m.hidden)
                  AND NOT EXISTS (SELECT FROM attendance_confirmations c
                                   WHERE c.activity_id = m.activity_id AND c.confirmer_user_id = p_user
                                     AND c.confirmed_user_id = t.user_id))
    ), page AS (
        SELECT * FROM open o ORDER BY o.scheduled_at DESC, o.activity_id LIMIT p_limit OFFSET p_offset
    )
    SELECT (SELECT count(*) FROM open),
           json_agg(json_build_object(
               'activity_id', m.activity_id,
               'title', m.title,
               'scheduled_at', wire_time(m.scheduled_at),
               'participants_to_confirm', (
                   SELECT json_agg(json_build_object(
                              'user_id', u.user_id,
                              'username', username_of(u),
                              'first_name', u.first_name,
                              'profile_photo_url', u.main_photo_url)
                              ORDER BY t.joined_at, t.user_id)
                     FROM participants t
                     JOIN users u ON u.user_id = t.user_id
                    WHERE t.activity_id = m.activity_id AND t.attended_at IS NOT NULL AND t.user_id <> p_user
                      AND t.user_id <> ALL (m.hidden)
                      AND NOT EXISTS (SELECT FROM attendance_confirmations c
                                       WHERE c.activity_id = m.activity_id AND c.confirmer_user_id = p_user
                                         AND c.confirmed_user_id = t.user_id)))
               ORDER BY m.scheduled_at DESC, m.activity_id)
      INTO v_total, v_list
      FROM page m;
    RETURN reply(200, json_build_object('total_count', v_total, 'pending_verifications', coalesce(v_list, '[]')));
END $$;
