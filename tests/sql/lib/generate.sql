-- A large platform, made in well under a minute: 100 000 people, 100 000 activities, 1 000 000 participants and what goes with them, every invariant kept.  Not in a transaction, because lists that
-- are counted without the heap want a VACUUM.  Nothing is random: the same data each time.

SET search_path = activity, public;
SET synchronous_commit = off;
SET session_replication_role = replica;                 -- keys to other tables are right by construction and not looked up a million times
SET work_mem = '256MB';
SET maintenance_work_mem = '256MB';

CREATE SCHEMA generated;
CREATE FUNCTION generated.person(p_k bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(p_k % 100000), 12, '0'))::uuid $$;
CREATE FUNCTION generated.event(p_k bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT ('00000000-0000-4000-9000-' || lpad(to_hex(p_k % 100000), 12, '0'))::uuid $$;
CREATE FUNCTION generated.words(p_k bigint, p_n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg((ARRAY['ride', 'river', 'night', 'lantern', 'market', 'harbour', 'garden', 'chess', 'choir', 'climb', 'film', 'paper', 'stone', 'winter', 'summer', 'open'])[1 + (p_k / 3 + j * p_k + j) % 16]
                      || (p_k * j * 2654435761) % 997, ' ') FROM generate_series(1, p_n) j
$$;

-- Searching indexes are quicker made afterwards.
CREATE TABLE generated.indexes AS
    SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
      FROM pg_index i WHERE i.indrelid IN ('activities'::regclass, 'participants'::regclass) AND NOT i.indisunique;
SELECT 'DROP INDEX ' || name FROM generated.indexes \gexec

INSERT INTO users (user_id, username, email, name, handle, discord_user_id)
SELECT generated.person(k), 'user' || k, 'user' || k || '@example.org', 'User ' || k, 'handle-' || k, (100000000000 + k)::text FROM generate_series(0, 99999) k;

-- From 300 days ago to 300 days ahead; four in five published; one in ten a draft, cancelled or completed; one in fifty deleted; one in eight not public.
INSERT INTO activities (activity_id, organizer_user_id, title, description, city, tags, activity_privacy_level, status, scheduled_at, duration_minutes, discord_channel_id, created_at, updated_at, completed_at, cancelled_at, deleted_at)
SELECT generated.event(k), generated.person(k * 31), generated.words(k, 3), generated.words(k + 7, 20), 'city ' || k % 200, ARRAY['tag' || k % 500, 'all' || k % 3],
       (CASE WHEN k % 16 = 3 THEN 'friends_only' WHEN k % 16 = 5 THEN 'invite_only' ELSE 'public' END)::privacy_level, s.status, s.at, CASE WHEN k % 2 = 0 THEN 90 END,
       CASE WHEN k % 10 = 1 THEN (k % 300)::text END, s.made, CASE WHEN k % 5 = 0 THEN s.made + interval '1 day' END,
       CASE s.status WHEN 'completed' THEN s.at + interval '1 day' END, CASE s.status WHEN 'cancelled' THEN s.at END, CASE WHEN k % 50 = 49 THEN s.made + interval '2 days' END
  FROM generate_series(0, 99999) k,
       LATERAL (SELECT (CASE k % 20 WHEN 1 THEN 'draft' WHEN 2 THEN 'cancelled' WHEN 3 THEN 'completed' WHEN 4 THEN 'completed' ELSE 'published' END)::activity_status AS status,
                       now() + ((k * 7919) % 100000 - 50000) * interval '8.64 minutes' AS at, now() - interval '400 days' + k * interval '5 minutes' AS made) s;

-- Eleven in each that is not deleted; one in twenty has as many places and a line of five.
INSERT INTO places (activity_id, decided_at, max_participants, current_participants_count, waitlist_count, attended_count)
SELECT activity_id, created_at + interval '2 hours', CASE WHEN k % 20 = 7 THEN 11 WHEN k % 3 = 0 THEN 50 END,
       CASE WHEN deleted_at IS NULL THEN 11 ELSE 0 END, CASE WHEN deleted_at IS NULL AND k % 20 = 7 THEN 5 ELSE 0 END, CASE WHEN deleted_at IS NULL AND k % 20 = 3 THEN 5 ELSE 0 END
  FROM generate_series(0, 99999) k JOIN activities ON activity_id = generated.event(k);
INSERT INTO participants (activity_id, user_id, registered_at, joined_at, role, attendance_status, attended_at, attended_via)
SELECT activity_id, generated.person(k * 31 + j * 1009), created_at + j * interval '1 second', created_at + j * interval '1 second',
       (CASE WHEN j = 0 THEN 'organizer' WHEN j = 1 AND k % 10 = 0 THEN 'co_organizer' ELSE 'member' END)::participant_role,
       (CASE WHEN k % 20 = 3 AND j < 5 THEN 'attended' ELSE 'registered' END)::attendance_status,
       CASE WHEN k % 20 = 3 AND j < 5 THEN created_at + interval '1 hour' + j * interval '1 second' END, CASE WHEN k % 20 = 3 AND j < 5 THEN 'web'::attendance_via END
  FROM generate_series(0, 99999) k JOIN activities ON activity_id = generated.event(k) AND deleted_at IS NULL, generate_series(0, 10) j;
INSERT INTO waitlist_entries (activity_id, user_id, registered_at)
SELECT activity_id, generated.person(k * 31 + j * 1009), created_at + j * interval '1 second'
  FROM generate_series(7, 99999, 20) k JOIN activities ON activity_id = generated.event(k) AND deleted_at IS NULL, generate_series(11, 15) j;
INSERT INTO activity_versions (activity_id, version_number, kind, data, change_summary, created_at)
SELECT activity_id, 1, 'created', version_data(a), 'Initial creation', created_at FROM activities a;

SELECT definition FROM generated.indexes \gexec

INSERT INTO activity_invitations (activity_id, user_id, invited_by_user_id, invited_at, status, responded_at)
SELECT activity_id, generated.person(k * 17 + 5), organizer_user_id, created_at, (CASE WHEN k % 2 = 0 THEN 'pending' ELSE 'declined' END)::invitation_status, CASE WHEN k % 2 = 1 THEN created_at END
  FROM generate_series(0, 99999) k JOIN activities ON activity_id = generated.event(k) AND deleted_at IS NULL;
INSERT INTO attendance_confirmations (activity_id, confirmer_user_id, confirmed_user_id)
SELECT p.activity_id, p.user_id, q.user_id FROM participants p JOIN participants q USING (activity_id)
 WHERE p.attended_at IS NOT NULL AND q.attended_at > p.attended_at;
UPDATE users u SET verification_count = c.n FROM (SELECT confirmed_user_id, count(*) AS n FROM attendance_confirmations GROUP BY 1) c WHERE c.confirmed_user_id = u.user_id;
INSERT INTO user_blocks (blocker_user_id, blocked_user_id, created_at) SELECT generated.person(k), generated.person(k * 3 + j), now() - k * interval '1 minute' FROM generate_series(1, 49000) k, generate_series(1, 2) j;
INSERT INTO friendships (user_id_1, user_id_2, status, initiated_by, accepted_at)
SELECT least(a, b), greatest(a, b), 'accepted', a, now() FROM generate_series(0, 99999) k, generate_series(1, 3) j, LATERAL (SELECT generated.person(k) AS a, generated.person(k + j * 211) AS b) p;
INSERT INTO permissions (activity_id, user_id, level) SELECT activity_id, generated.person(k * 31 + 500), 'editor' FROM generate_series(0, 99999) k JOIN activities ON activity_id = generated.event(k);

INSERT INTO tasks (activity_id, creator_user_id, assignee_user_id, title, created_at)
SELECT activity_id, organizer_user_id, CASE WHEN k % 2 = 0 THEN generated.person(k * 31 + 2 * 1009) END, 'task', created_at FROM generate_series(0, 99999) k JOIN activities ON activity_id = generated.event(k) AND deleted_at IS NULL;
INSERT INTO votes (activity_id, creator_user_id, title, ends_at, ended_sent_at, created_at)
SELECT activity_id, organizer_user_id, 'vote', CASE WHEN k % 2 = 0 THEN scheduled_at END, CASE WHEN k % 2 = 0 AND scheduled_at < now() THEN scheduled_at END, created_at
  FROM generate_series(0, 99999) k JOIN activities ON activity_id = generated.event(k) AND deleted_at IS NULL;
INSERT INTO sessions (sid, user_id, api, refresh_jti, rotated_at, created_at, expires_at, ended_at)
SELECT md5('session' || k)::uuid, generated.person(k), 'gatherhub', md5('jti' || k)::uuid, now(), now(), now() + interval '7 days', CASE WHEN k % 10 > 0 THEN now() END FROM generate_series(0, 199999) k;
INSERT INTO outbox (kind, activity_id, user_id, n) SELECT 'joined', generated.event(k), generated.person(k), 1 FROM generate_series(0, 49999) k;
INSERT INTO changes (created_at, kind, activity_id, user_id, n) SELECT now(), 'joined', generated.event(k), generated.person(k), 1 FROM generate_series(0, 99999) k;

VACUUM (ANALYZE);
RESET session_replication_role;
RESET work_mem;
RESET maintenance_work_mem;
