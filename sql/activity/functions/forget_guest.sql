-- A guest leaves everything, each place going to the next in line, and is then emptied: the row stays, so no reference breaks, and the
-- handle is free. The activities are locked by id, the guest last; if a row slipped into another activity meanwhile, all is undone and
-- begun again.
CREATE OR REPLACE FUNCTION activity.forget_guest(p_user uuid)
RETURNS boolean LANGUAGE plpgsql SET search_path = activity, pg_temp
AS $$
DECLARE
    v_ids    uuid[];
    v_id     uuid;
    v_places places;
BEGIN
    LOOP
        BEGIN
            v_ids := activities_of(p_user);
            FOREACH v_id IN ARRAY v_ids LOOP
                PERFORM lock_activity(v_id);
            END LOOP;
            PERFORM FROM users WHERE user_id = p_user AND is_guest AND is_active FOR UPDATE;
            IF NOT FOUND THEN
                RETURN false;
            END IF;
            IF NOT activities_of(p_user) <@ v_ids THEN
                RAISE EXCEPTION 'once more' USING ERRCODE = 'AC001';
            END IF;

            FOREACH v_id IN ARRAY v_ids LOOP
                SELECT * INTO v_places FROM places WHERE activity_id = v_id;
                PERFORM leave(v_places, p_user, false, NULL);
                DELETE FROM participants WHERE activity_id = v_id AND user_id = p_user;               -- one that was cancelled
                DELETE FROM activity_invitations WHERE activity_id = v_id AND user_id = p_user;
            END LOOP;
            UPDATE users
               SET is_active = false, handle = NULL, name = NULL, first_name = NULL, last_name = NULL, gender = NULL, bio = '',
                   main_photo_url = NULL, updated_at = clock_timestamp()
             WHERE user_id = p_user;
            RETURN true;
        EXCEPTION WHEN SQLSTATE 'AC001' THEN
            NULL;
        END;
    END LOOP;
END $$;
