-- The object Friend: a friendship or request as one of the two sees it; p_other is the other.
-- Inlined into its callers, so it pins nothing and names every schema.
CREATE OR REPLACE FUNCTION participation.friend_json(p_friendship activity.friendships, p_other activity.users) RETURNS json
LANGUAGE sql STABLE AS $$
    SELECT json_build_object(
        'user_id', p_other.user_id,
        'username', activity.username_of(p_other),
        'first_name', p_other.first_name,
        'profile_photo_url', p_other.main_photo_url,
        'status', p_friendship.status,
        'direction', CASE WHEN p_friendship.initiated_by = p_other.user_id THEN 'incoming' ELSE 'outgoing' END,
        'created_at', activity.wire_time(p_friendship.created_at),
        'accepted_at', activity.wire_time(p_friendship.accepted_at));
$$;
