-- streamEvent: the version that the event is at, and the position of that moment, both of one snapshot. Changes get their positions a little after
-- their commit, so what is told is what has a higher version too.
CREATE OR REPLACE FUNCTION collaboration.open_stream(p_caller uuid, p_event bigint, p_sub uuid, p_sid uuid, p_digest bytea, p_iat bigint,
                                          OUT status int, OUT body text, OUT headers text, OUT subscriber text, OUT "position" bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp AS $$
DECLARE
    v_now record;
    v_activity activities;
    v_refusal reply;
BEGIN
    SELECT find_event(p_event) AS event, last_position() AS place INTO v_now;
    v_activity := v_now.event;
    v_refusal := refuse(v_activity, p_caller, 'viewer', 'Insufficient permissions to view event');
    IF v_refusal.status IS NOT NULL THEN
        status := v_refusal.status;
        body := v_refusal.body;
        RETURN;
    END IF;
    status := 200;
    body := format(E'event: ready\ndata: {"event_id":%s,"version":%s}\n\n', v_activity.number, v_activity.version);
    subscriber := json_build_object('user_id', p_caller, 'activity_id', v_activity.activity_id, 'version', v_activity.version,
                                    'sub', p_sub, 'sid', p_sid, 'digest', p_digest, 'iat', p_iat);
    "position" := v_now.place;
END $$;
