-- Sets somebody's level, also where there was none. Who is in a block with the caller cannot be brought in; a level that they have can be changed.
CREATE OR REPLACE FUNCTION collaboration.sp_update_permission(p_caller uuid, p_event bigint, p_user bigint, p_level activity.grant_level)
RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = collaboration, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_activity activities := locked_event(find_event(p_event));
    v_refusal reply := refuse(v_activity, p_caller, 'owner', 'Only owners can modify permissions');
    v_user users;
BEGIN
    IF v_refusal.status IS NOT NULL THEN
        RETURN v_refusal;
    END IF;
    SELECT * INTO v_user FROM users u WHERE u.number = p_user AND NOT u.is_guest;
    IF NOT FOUND THEN
        RETURN problem(404, 'User not found');
    ELSIF v_user.user_id = v_activity.organizer_user_id THEN
        RETURN problem(400, 'Cannot modify owner''s permissions');
    END IF;
    IF NOT EXISTS (SELECT FROM permissions g WHERE g.activity_id = v_activity.activity_id AND g.user_id = v_user.user_id) THEN
        IF blocked_pair(p_caller, v_user.user_id) THEN
            RETURN problem(404, 'User not found');
        ELSIF (SELECT count(*) >= 1000 FROM permissions g WHERE g.activity_id = v_activity.activity_id) THEN
            RETURN problem(400, 'Too many collaborators (max 1000)');
        END IF;
    END IF;
    PERFORM grant_level(v_activity.activity_id, v_user.user_id, p_level, p_caller);
    RETURN reply(200, jsonb_build_object('event_id', v_activity.number, 'user_id', v_user.number, 'new_permission_level', p_level,
                                         'message', 'Permission updated successfully'));
END $$;
