-- Who sees an activity: the platform's one rule, as a single expression that the planner inlines into every list (so it pins no path and
-- names every schema). Never null. Of deleted_at it says nothing.
CREATE OR REPLACE FUNCTION activity.visible(p_activity activity.activities, p_sight activity.sight)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(p_activity.organizer_user_id = p_sight.user_id, false)
        OR p_activity.activity_id = ANY (p_sight.staff)
        OR (p_activity.status <> 'draft'
            AND (p_activity.activity_id = ANY (p_sight.inside)
                 OR ((p_activity.activity_type = 'xxl' OR NOT coalesce(p_activity.organizer_user_id = ANY (p_sight.blocked), false))
                     AND (p_activity.activity_privacy_level = 'public'
                          OR (p_activity.activity_privacy_level = 'friends_only'
                              AND coalesce(p_activity.organizer_user_id = ANY (p_sight.friends), false))
                          OR (p_activity.activity_privacy_level = 'invite_only' AND p_activity.activity_id = ANY (p_sight.invited))))))
$$;
