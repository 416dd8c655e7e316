-- Whether an activity exists for a person: a draft does not but for its staff. A null row never does.
-- Inlined into its callers, so it pins nothing and names every schema.
CREATE OR REPLACE FUNCTION participation.is_there(p_activity activity.activities, p_user uuid) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT p_activity.activity_id IS NOT NULL
           AND (p_activity.status <> 'draft' OR activity.is_staff(p_activity.activity_id, p_user));
$$;
