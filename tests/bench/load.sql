-- What is measured on: 5000 accounts, 2000 activities ahead without a limit, 20 participants in each. Their ids are numbers, which
-- pgbench can make.
CREATE FUNCTION public.bench_id(p_n int) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT ('00000000-0000-4000-8000-' || lpad(p_n::text, 12, '0'))::uuid
$$;

INSERT INTO activity.users (user_id, username, email, name, first_name)
SELECT bench_id(n), 'rider' || n, 'rider' || n || '@example.org', 'Rider ' || n, 'Rider' FROM generate_series(1, 5000) n;

SELECT count(activity.create_activity(jsonb_build_object(
           'title', 'Outing ' || n, 'description', repeat('A long way along the river. ', 20), 'city', 'Gent',
           'organizer_user_id', bench_id(n), 'scheduled_at', now() + n * interval '1 hour'), true))
FROM generate_series(1, 2000) n;

SET LOCAL session_replication_role = replica;       -- all rows of an activity get its new id, foreign keys or not
CREATE TEMPORARY TABLE ids ON COMMIT DROP AS
    SELECT activity_id AS old, bench_id(split_part(title, ' ', 2)::int) AS new FROM activity.activities;
UPDATE activity.activities t SET activity_id = new FROM ids WHERE old = t.activity_id;
UPDATE activity.places t SET activity_id = new FROM ids WHERE old = t.activity_id;
UPDATE activity.participants t SET activity_id = new FROM ids WHERE old = t.activity_id;
UPDATE activity.activity_versions t SET activity_id = new FROM ids WHERE old = t.activity_id;
SET LOCAL session_replication_role = DEFAULT;

INSERT INTO activity.participants (activity_id, user_id, registered_at, joined_at)
SELECT a.activity_id, bench_id(1 + (split_part(a.title, ' ', 2)::int + nth * 7) % 5000), t.at, t.at
FROM activity.activities a, generate_series(1, 20) nth, LATERAL (SELECT a.created_at + nth * interval '1 second' AS at) t;
UPDATE activity.places p SET current_participants_count = c.n, decided_at = c.last
FROM (SELECT activity_id, count(*) AS n, max(joined_at) AS last FROM activity.participants GROUP BY activity_id) c
WHERE c.activity_id = p.activity_id;
