-- An owner takes a permission back; whoever has one may give up their own.
CREATE OR REPLACE FUNCTION collaboration.sp_revoke_permission(p_caller uuid, p_event bigint, p_user bigint) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := locked_event(find_event(p_event));
    v_refusal reply;
    v_user uuid;
BEGIN
    SELECT u.user_id INTO v_user FROM users u WHERE u.number = p_user;
    IF (v_user = p_caller AND EXISTS (SELECT FROM permissions g WHERE g.activity_id = v_activity.activity_id AND g.user_id = p_caller))
       IS NOT TRUE THEN
        v_refusal := refuse(v_activity, p_caller, 'owner', 'Only owners can revoke permissions');
        IF v_refusal.status IS NOT NULL THEN
            RETURN v_refusal;
        END IF;
    END IF;
    IF v_user = v_activity.organizer_user_id THEN
        RETURN problem(400, 'Cannot revoke owner''s permissions');
    END IF;
    DELETE FROM permissions g WHERE g.activity_id = v_activity.activity_id AND g.user_id = v_user;
    IF NOT FOUND THEN
        RETURN problem(404, 'Permission not found');
    END IF;
    RETURN reply(200, jsonb_build_object('event_id', v_activity.number, 'user_id', p_user, 'message', 'Permission revoked successfully'));
END $$;
