-- getSentInvitations: the newest first, by what they count as now.
CREATE OR REPLACE FUNCTION activity.sp_get_sent_invitations(p_user uuid, p_activity uuid, p_status text, p_limit int, p_offset int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_status invitation_status := p_status;
    v_total  bigint;
    v_list   json;
BEGIN
    SELECT count(*) INTO v_total
      FROM activity_invitations i
     WHERE i.invited_by_user_id = p_user AND (p_activity IS NULL OR i.activity_id = p_activity)
       AND (v_status IS NULL OR effective_status(i.status, i.expires_at, now()) = v_status);
    WITH page AS (
        SELECT i.*, effective_status(i.status, i.expires_at, now()) AS effective
          FROM activity_invitations i
         WHERE i.invited_by_user_id = p_user AND (p_activity IS NULL OR i.activity_id = p_activity)
           AND (v_status IS NULL OR effective_status(i.status, i.expires_at, now()) = v_status)
         ORDER BY i.invited_at DESC, i.invitation_id
         LIMIT p_limit OFFSET p_offset
    )
    SELECT json_agg(json_build_object(
               'invitation_id', i.invitation_id,
               'activity_id', i.activity_id,
               'activity_title', a.title,
               'user_id', i.user_id,
               'username', username_of(u),
               'status', i.effective,
               'message', i.message,
               'invited_at', wire_time(i.invited_at),
               'expires_at', wire_time(i.expires_at),
               'responded_at', wire_time(i.responded_at))
               ORDER BY i.invited_at DESC, i.invitation_id)
      INTO v_list
      FROM page i
      JOIN activities a ON a.activity_id = i.activity_id
      JOIN users u ON u.user_id = i.user_id;
    RETURN reply(200, json_build_object('total_count', v_total, 'invitations', coalesce(v_list, '[]')));
END $$;
