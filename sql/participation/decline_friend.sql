-- declineFriend: says no to who has asked; they may ask again.
CREATE OR REPLACE FUNCTION participation.decline_friend(p_user uuid, p_target uuid) RETURNS activity.reply
LANGUAGE plpgsql SECURITY DEFINER SET search_path = participation, activity, pg_temp AS $$
BEGIN
    PERFORM lock_pair(p_user, p_target);
    DELETE FROM friendships f
     WHERE f.user_id_1 = least(p_user, p_target) AND f.user_id_2 = greatest(p_user, p_target)
       AND f.status = 'pending' AND f.initiated_by = p_target AND p_target <> p_user;
    IF NOT FOUND THEN
        RETURN problem(404, 'REQUEST_NOT_FOUND', 'Friend request not found');
    END IF;
    RETURN reply(200, json_build_object('user_id', p_target, 'status', 'declined', 'message', 'Friend request declined'));
END $$;
