-- An invitation once its activity's lock is held, with places and activity; null rows where it, or the activity, is gone. Which activity it
-- is for never changes, so that may be read before.
CREATE OR REPLACE FUNCTION participation.locked_invitation(p_invitation uuid, OUT invitation activity.activity_invitations,
                                                OUT places activity.places, OUT activity activity.activities)
LANGUAGE plpgsql VOLATILE SET search_path = participation, activity, pg_temp AS $$
BEGIN
    places := lock_activity((SELECT i.activity_id FROM activity_invitations i WHERE i.invitation_id = p_invitation));
    SELECT * INTO invitation FROM activity_invitations i WHERE i.invitation_id = p_invitation;
    SELECT * INTO activity FROM activities a WHERE a.activity_id = invitation.activity_id AND a.deleted_at IS NULL;
END $$;
