-- A platform of some size, for the tests that look at plans: :people, :activities (half of them past, one :crowd strong), with everything that hangs on them.
-- Counts agree with rows, so the audit holds.
\if :{?people}
\else
\set people 10000
\set activities 12000
\set crowd 10000
\endif

-- The n-th person, and the n-th activity.
CREATE SCHEMA IF NOT EXISTS t;
CREATE FUNCTION t.p(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('person ' || n)::uuid $$;
CREATE FUNCTION t.n(n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT md5('activity ' || n)::uuid $$;

INSERT INTO activity.users (user_id, username, first_name) SELECT t.p(n), 'person' || n, 'Person' FROM generate_series(1, :people) n;
INSERT INTO activity.activities (activity_id, organizer_user_id, title, description, city, tags, activity_privacy_level, status, scheduled_at, created_at)
SELECT t.n(n), t.p(1 + n % :people), 'Activity ' || n, repeat('What we do and where. ', 20), 'City ' || n % 50, ARRAY['tag' || n % 20, 'tag' || n % 31],
       (ARRAY['public', 'public', 'friends_only', 'invite_only'])[1 + n % 4]::activity.privacy_level, CASE WHEN n % 10 = 9 THEN 'draft' ELSE 'published' END::activity.activity_status,
       now() + (n % 2 * 2 - 1) * (1 + n % 90) * interval '1 day' + n * interval '1 second', now() - interval '100 days' + n * interval '1 second'
  FROM generate_series(1, :activities) n;
INSERT INTO activity.places (activity_id, max_participants) SELECT t.n(n), CASE WHEN n = 1 THEN NULL ELSE 40 END FROM generate_series(1, :activities) n;
-- Activity 1 has the crowd; person 1 is in many.
INSERT INTO activity.participants (activity_id, user_id, registered_at, joined_at, role)
SELECT t.n(n), t.p(1 + n % :people), x.at, x.at, 'organizer' FROM generate_series(1, :activities) n, LATERAL (SELECT now() - interval '99 days' AS at) x;
INSERT INTO activity.participants (activity_id, user_id, registered_at, joined_at, role, attendance_status, attended_at, attended_via)
SELECT t.n(n), t.p(CASE WHEN k = 1 AND n % 20 = 0 THEN 1 ELSE 1 + (n * 37 + k * 101) % :people END), x.at, x.at, CASE WHEN k = 2 THEN 'co_organizer' ELSE 'member' END::activity.participant_role,
       CASE WHEN n % 2 = 0 THEN 'attended' ELSE 'registered' END::activity.attendance_status, CASE WHEN n % 2 = 0 THEN x.at END, CASE WHEN n % 2 = 0 THEN 'organizer' END::activity.attendance_via
  FROM generate_series(2, :activities) n, generate_series(1, 7) k, LATERAL (SELECT now() - interval '98 days' + k * interval '1 second' AS at) x
    ON CONFLICT DO NOTHING;
INSERT INTO activity.participants (activity_id, user_id, registered_at, joined_at)
SELECT t.n(1), t.p(n), now() - interval '98 days' + n * interval '1 millisecond', now() - interval '98 days' + n * interval '1 millisecond' FROM generate_series(3, :crowd) n;
INSERT INTO activity.waitlist_entries (activity_id, user_id, registered_at)
SELECT t.n(n), t.p(1 + (n * 37 + k * 103 + 50) % :people), now() - interval '97 days' + k * interval '1 second' FROM generate_series(5, :activities, 10) n, generate_series(1, 6) k
    ON CONFLICT DO NOTHING;
DELETE FROM activity.waitlist_entries w USING activity.participants p WHERE p.activity_id = w.activity_id AND p.user_id = w.user_id;
UPDATE activity.places a
   SET current_participants_count = c.n, attended_count = c.attended, max_participants = CASE WHEN a.activity_id <> t.n(1) THEN c.n END,
       waitlist_count = (SELECT count(*) FROM activity.waitlist_entries w WHERE w.activity_id = a.activity_id)
  FROM (SELECT p.activity_id, count(*) AS n, count(p.attended_at) AS attended FROM activity.participants p GROUP BY 1) c
 WHERE c.activity_id = a.activity_id;
INSERT INTO activity.activity_invitations (activity_id, user_id, invited_by_user_id, invited_at, expires_at)
SELECT t.n(n), t.p(1 + (n * 41 + k * 107 + 70) % :people), t.p(1 + n % :people), now() - interval '1 day' + n * interval '1 second', now() + (k - 3) * interval '1 day'
  FROM generate_series(3, :activities, 4) n, generate_series(1, 8) k ON CONFLICT DO NOTHING;
INSERT INTO activity.friendships (user_id_1, user_id_2, initiated_by, status, accepted_at)
SELECT least(a, b), greatest(a, b), a, 'accepted', now()
  FROM (SELECT t.p(n) AS a, t.p(1 + (n * 13 + k) % :people) AS b FROM generate_series(1, :people) n, generate_series(1, 3) k) x WHERE a <> b ON CONFLICT DO NOTHING;
INSERT INTO activity.user_blocks (blocker_user_id, blocked_user_id)
SELECT a, b FROM (SELECT t.p(n) AS a, t.p(1 + (n * 17 + 7) % :people) AS b FROM generate_series(1, :people, 4) n) x WHERE a <> b ON CONFLICT DO NOTHING;
INSERT INTO activity.attendance_confirmations (activity_id, confirmer_user_id, confirmed_user_id)
SELECT p.activity_id, p.user_id, q.user_id
  FROM activity.participants p JOIN activity.participants q ON q.activity_id = p.activity_id AND q.user_id > p.user_id AND q.attended_at = p.attended_at + interval '1 second'
    ON CONFLICT DO NOTHING;
UPDATE activity.users u SET verification_count = c.n
  FROM (SELECT confirmed_user_id, count(*) AS n FROM activity.attendance_confirmations GROUP BY 1) c WHERE c.confirmed_user_id = u.user_id;
ANALYZE activity.users, activity.activities, activity.places, activity.participants, activity.waitlist_entries, activity.activity_invitations, activity.friendships,
        activity.user_blocks, activity.attendance_confirmations;
