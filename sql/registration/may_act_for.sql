-- Whether the caller (null: anonymous) may act for that person: anybody for a guest, an account only for itself, and who has the
-- organizer's privilege here (p_staff) for guests too.
CREATE OR REPLACE FUNCTION registration.may_act_for(p_caller uuid, p_user activity.users, p_staff boolean) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN p_caller IS NULL THEN p_user.is_guest
        WHEN p_caller = p_user.user_id THEN true
        ELSE p_staff AND p_user.is_guest
    END;
$$;
