-- A Discord channel's public events, whatever the clock says.
CREATE OR REPLACE FUNCTION attendance.sp_channel_events(p_channel text, p_skip int, p_limit int) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = attendance, activity, pg_temp AS $$
DECLARE
    v_sight sight := sight(NULL);
    v_total bigint;
    v_list jsonb;
BEGIN
    SELECT count(*) INTO v_total FROM activities a
    WHERE a.deleted_at IS NULL AND a.discord_channel_id = p_channel AND is_active(a) AND visible(a, v_sight);
    SELECT coalesce(jsonb_agg(event_json(a, p) ORDER BY a.scheduled_at, a.number), '[]') INTO v_list
    FROM (SELECT a.activity_id FROM activities a
          WHERE a.deleted_at IS NULL AND a.discord_channel_id = p_channel AND is_active(a) AND visible(a, v_sight)
          ORDER BY a.scheduled_at, a.number LIMIT p_limit OFFSET p_skip) g
    JOIN activities a USING (activity_id) JOIN places p USING (activity_id);
    RETURN reply(200, v_list, jsonb_build_object('X-Total-Count', v_total::text));
END $$;
