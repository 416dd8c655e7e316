-- getSentInvitations: the newest first, by what they count as now.
CREATE OR REPLACE FUNCTION activity.sp_get_sent_invitations(p_user uuid, p_activity uuid, p_status text, p_limit int, p_offset int)
RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_status invitation_status := p_status;
    v_total  bigint;
BEGIN
    SELECT count(*) INTO v_total
      FROM activity_invitations i
     WHERE i.invited_by_user_id = p_user AND (p_activity IS NULL OR i.activity_id = p_activity)
       AND (v_status IS NULL OR effective_status(i.status, i.expires_at, now()) = v_status);
    RETURN invitations_reply(v_total, ARRAY(
        SELECT i
          FROM activity_invitations i
         WHERE i.invited_by_user_id = p_user AND (p_activity IS NULL OR i.activity_id = p_activity)
           AND (v_status IS NULL OR effective_status(i.status, i.expires_at, now()) = v_status)
         ORDER BY i.invited_at DESC, i.invitation_id
         LIMIT p_limit OFFSET p_offset), false);
END $$;
