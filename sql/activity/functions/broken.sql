-- Every invariant that a look at the rows can judge, with the number of rows that break it; only those that are broken. Tests call it at
-- their end, an admin may at any time. (Not judged: whether the owner of two overlapping events asked for that. What one key or CHECK makes
-- impossible is not asked again.)
CREATE OR REPLACE FUNCTION activity.broken()
RETURNS TABLE (invariant text, "rows" bigint)
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    v_now timestamptz := clock_timestamp();
BEGIN
    RETURN QUERY
    WITH seats AS MATERIALIZED (
        SELECT t.activity_id, count(*) FILTER (WHERE t.participation_status = 'registered') AS registered,
               count(*) FILTER (WHERE t.attendance_status = 'attended') AS attended,
               max(t.registered_at) FILTER (WHERE t.participation_status = 'registered') AS last_in,
               max(greatest(t.registered_at, t.joined_at, t.attended_at, t.left_at)) AS last_instant
          FROM participants t GROUP BY t.activity_id
    ), line AS MATERIALIZED (
        SELECT w.activity_id, count(*) AS waiting, min(w.registered_at) AS head, max(w.registered_at) AS last_instant
          FROM waitlist_entries w GROUP BY w.activity_id
    ), state AS MATERIALIZED (
        SELECT p.*, a.status, a.deleted_at, a.scheduled_at, a.clockless, a.organizer_user_id, s.last_in, l.head,
               coalesce(s.registered, 0) AS registered, coalesce(s.attended, 0) AS attended, coalesce(l.waiting, 0) AS waiting,
               greatest(s.last_instant, l.last_instant) AS last_instant
          FROM places p
          JOIN activities a USING (activity_id)
          LEFT JOIN seats s USING (activity_id)
          LEFT JOIN line l USING (activity_id)
    ), found (invariant, "rows") AS (
        SELECT 'current_participants_count is the number of registered participants', count(*)
          FROM state WHERE current_participants_count <> registered
        UNION ALL
        SELECT 'waitlist_count is the number of waitlist entries', count(*) FROM state WHERE waitlist_count <> waiting
        UNION ALL
        SELECT 'attended_count is the number of attended participants', count(*) FROM state WHERE attended_count <> attended
        UNION ALL
        SELECT 'never one over the limit', count(*) FROM state WHERE registered > max_participants
        UNION ALL
        SELECT 'never both registered and waiting', count(*)
          FROM participants t JOIN waitlist_entries w USING (activity_id, user_id) WHERE t.participation_status = 'registered'
        UNION ALL
        SELECT 'confirmed before waiting: nobody overtakes', count(*) FROM state WHERE last_in > head
        UNION ALL
        SELECT 'nobody waits while a place is free, on an open activity', count(*) FROM state
         WHERE deleted_at IS NULL AND status = 'published' AND (clockless OR v_now < scheduled_at) AND waiting > 0
           AND (max_participants IS NULL OR registered < max_participants)
        UNION ALL
        SELECT 'decided_at is the last instant given', count(*) FROM state WHERE last_instant > decided_at
        UNION ALL
        SELECT 'a place is not given before it was asked for', count(*) FROM participants WHERE joined_at < registered_at
        UNION ALL
        SELECT 'role organizer is the organizer''s', count(*)
          FROM participants t JOIN state s USING (activity_id)
         WHERE t.participation_status = 'registered' AND (t.role = 'organizer') <> coalesce(t.user_id = s.organizer_user_id, false)
        UNION ALL
        SELECT 'a deleted activity has no rows', count(*) FROM state s
         WHERE s.deleted_at IS NOT NULL
           AND (registered + waiting > 0 OR EXISTS (SELECT FROM activity_invitations i WHERE i.activity_id = s.activity_id)
                OR EXISTS (SELECT FROM tasks t WHERE t.activity_id = s.activity_id)
                OR EXISTS (SELECT FROM votes v WHERE v.activity_id = s.activity_id))
        UNION ALL
        SELECT 'an activity has its places', count(*)
          FROM activities a WHERE NOT EXISTS (SELECT FROM places p WHERE p.activity_id = a.activity_id)
        UNION ALL
        SELECT 'who takes part or waits is a user', count(*)
          FROM (SELECT user_id FROM participants UNION ALL SELECT user_id FROM waitlist_entries UNION ALL SELECT user_id FROM ballots) r
         WHERE NOT EXISTS (SELECT FROM users u WHERE u.user_id = r.user_id)
        UNION ALL
        SELECT 'a forgotten guest takes part in nothing', count(*)
          FROM users u
         WHERE u.is_guest AND NOT u.is_active
           AND (EXISTS (SELECT FROM participants t WHERE t.user_id = u.user_id)
                OR EXISTS (SELECT FROM waitlist_entries w WHERE w.user_id = u.user_id))
        UNION ALL
        SELECT 'verification_count is the number of confirmations received', count(*)
          FROM users u
          LEFT JOIN (SELECT confirmed_user_id, count(*) AS n FROM attendance_confirmations GROUP BY 1) c ON c.confirmed_user_id = u.user_id
         WHERE u.verification_count <> coalesce(c.n, 0)
        UNION ALL
        SELECT 'no_show_count is no less than the no-shows on record', count(*)
          FROM (SELECT user_id, count(*) AS n FROM participants WHERE attendance_status = 'no_show' GROUP BY 1) t
          JOIN users u USING (user_id)
         WHERE u.no_show_count < t.n
        UNION ALL
        SELECT 'versions run 1, 2, 3 to the activity''s own', count(*)
          FROM activities a LEFT JOIN (SELECT activity_id, count(*) AS n, min(version_number) AS first, max(version_number) AS last
                                         FROM activity_versions GROUP BY 1) v USING (activity_id)
         WHERE v.n IS NULL OR v.first <> 1 OR v.last <> a.version OR v.n <> v.last
        UNION ALL
        SELECT 'the newest version is the activity as it is', count(*)
          FROM activities a JOIN activity_versions v ON v.activity_id = a.activity_id AND v.version_number = a.version
         WHERE v.data <> version_data(a)
        UNION ALL
        SELECT 'ballot_count is the number of ballots', count(*)
          FROM votes v LEFT JOIN (SELECT vote_id, count(*) AS n FROM ballots GROUP BY 1) b USING (vote_id)
         WHERE v.ballot_count <> coalesce(b.n, 0)
        UNION ALL
        SELECT 'vote_count is the number of ballots for the option', count(*)
          FROM vote_options o
          LEFT JOIN (SELECT vote_id, unnest(option_ids) AS option_id, count(*) AS n FROM ballots GROUP BY 1, 2) b USING (vote_id, option_id)
         WHERE o.vote_count <> coalesce(b.n, 0)
        UNION ALL
        SELECT 'a ballot names options of its vote, each once', count(*)
          FROM ballots b
         WHERE (SELECT count(*) FROM vote_options o WHERE o.vote_id = b.vote_id AND o.option_id = ANY (b.option_ids))
               <> cardinality(b.option_ids)
        UNION ALL
        SELECT 'an open task is assigned to a participant, the organizer or nobody', count(*)
          FROM tasks k JOIN activities a USING (activity_id)
         WHERE k.status <> 'completed' AND k.assignee_user_id IS NOT NULL AND k.assignee_user_id IS DISTINCT FROM a.organizer_user_id
           AND NOT EXISTS (SELECT FROM participants t
                            WHERE t.activity_id = k.activity_id AND t.user_id = k.assignee_user_id
                              AND t.participation_status = 'registered')
        UNION ALL
        SELECT 'no grant to the organizer or a guest', count(*)
          FROM permissions g JOIN activities a USING (activity_id) JOIN users u ON u.user_id = g.user_id
         WHERE g.user_id = a.organizer_user_id OR u.is_guest
        UNION ALL
        SELECT 'at most 1000 grants of an activity', count(*) FROM (SELECT activity_id FROM permissions GROUP BY 1 HAVING count(*) > 1000) g
    )
    SELECT f.invariant, f."rows" FROM found f WHERE f."rows" > 0;
END $$;
