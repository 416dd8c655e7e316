-- A page of invitations, in that order, as who received or who sent them sees them.
CREATE OR REPLACE FUNCTION participation.invitations_reply(p_total bigint, p_page activity.activity_invitations[], p_received boolean)
RETURNS activity.reply
LANGUAGE plpgsql STABLE SET search_path = participation, activity, pg_temp AS $$
DECLARE
    v_list jsonb;
BEGIN
    SELECT jsonb_agg(jsonb_build_object(
               'invitation_id', i.invitation_id,
               'activity_id', i.activity_id,
               'activity_title', a.title,
               'status', effective_status(i.status, i.expires_at, now()),
               'message', i.message,
               'invited_at', wire_time(i.invited_at),
               'expires_at', wire_time(i.expires_at),
               'responded_at', wire_time(i.responded_at))
           || CASE WHEN p_received
                   THEN jsonb_build_object('activity_scheduled_at', wire_time(a.scheduled_at),
                                           'invited_by_user_id', u.user_id, 'invited_by_username', username_of(u))
                   ELSE jsonb_build_object('user_id', u.user_id, 'username', username_of(u)) END
               ORDER BY i.ordinality)
      INTO v_list
      FROM unnest(p_page) WITH ORDINALITY i
      JOIN activities a ON a.activity_id = i.activity_id
      JOIN users u ON u.user_id = CASE WHEN p_received THEN i.invited_by_user_id ELSE i.user_id END;
    RETURN reply(200, jsonb_build_object('total_count', p_total, 'invitations', coalesce(v_list, '[]')));
END $$;
