-- The demo data: what it makes keeps every rule, and making it again makes nothing.
BEGIN;
SELECT plan(4);
\ir ../../sql/demo.sql
RESET ROLE;
RESET search_path;
SELECT is((SELECT count(*) FROM activity.users u WHERE u.user_id::text LIKE '0d000000-%'), 8::bigint, 'people');
SELECT is((SELECT count(DISTINCT (a.status, a.activity_privacy_level)) FROM activity.activities a WHERE a.organizer_user_id::text LIKE '0d000000-%'), 6::bigint,
          'activities of every status and privacy');
CREATE TEMP TABLE before AS SELECT (SELECT count(*) FROM activity.outbox) AS told, (SELECT count(*) FROM activity.participants) AS taking_part;
\ir ../../sql/demo.sql
RESET ROLE;
RESET search_path;
SELECT is((SELECT b::text FROM before b), ((SELECT count(*) FROM activity.outbox), (SELECT count(*) FROM activity.participants))::text, 'only once');
SELECT is_empty('SELECT * FROM activity.broken()', 'nothing is broken');
SELECT * FROM finish();
ROLLBACK;
