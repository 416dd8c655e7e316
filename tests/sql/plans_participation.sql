-- Plans: on a platform of some size, no procedure reads a table through, and each reads about as many rows as its answer needs, with the plans of the first
-- calls and with those that are kept after the fifth.
BEGIN;
SELECT plan(34);
\ir lib/participation_many.sql
SET LOCAL search_path = t, public, participation, activity;

\ir lib/lean.sql

SELECT t.lean($$sp_list_participants(t.n(4), t.p(5), NULL, NULL, 50, 0)$$, 300);
SELECT t.lean($$sp_list_participants(t.n(4), t.p(5), 'registered', 'co_organizer', 50, 0)$$, 300);
SELECT t.lean($$sp_get_user_activities(t.p(77), t.p(77), NULL, NULL, 20, 0)$$, 1000);
SELECT t.lean($$sp_get_user_activities(t.p(77), t.p(78), 'upcoming', 'registered', 20, 0)$$, 1000);
SELECT t.lean($$sp_get_user_activities(t.p(77), t.p(78), 'organized', NULL, 20, 0)$$, 1000);
SELECT t.lean($$sp_get_pending_verifications(t.p(77), 20, 0)$$, 2000);
SELECT t.lean($$sp_get_received_invitations(t.p(77), NULL, 20, 0)$$, 100);
SELECT t.lean($$sp_get_received_invitations(t.p(77), 'pending', 20, 0)$$, 100);
SELECT t.lean($$sp_get_sent_invitations(t.p(4), NULL, NULL, 20, 0)$$, 100);
SELECT t.lean($$sp_get_sent_invitations(t.p(4), t.n(3), 'expired', 20, 0)$$, 100);
SELECT t.lean($$sp_get_waitlist(t.n(5), t.p(6), 50, 0)$$, 200);
SELECT t.lean($$get_my_participation(t.n(5), t.p(6))$$, 50);
SELECT t.lean($$get_activity(t.n(4), t.p(9))$$, 50);
SELECT t.lean($$list_activities(t.p(77), 'published', NULL, 'City 7', NULL, NULL, NULL, NULL, 20, 0)$$, 1000);
SELECT t.lean($$list_activities(t.p(77), 'published', NULL, NULL, NULL, t.p(77), NULL, NULL, 20, 0)$$, 300);
SELECT t.lean($$list_activities(t.p(77), 'published', NULL, NULL, NULL, NULL, (now() + interval '85 days')::text, NULL, 20, 0)$$, 2000);
SELECT t.lean($$list_activities(t.p(77), 'published', NULL, NULL, 'tag7', NULL, NULL, NULL, 20, 0)$$, 4000);
SELECT t.lean($$list_activities(t.p(10), 'draft', NULL, NULL, NULL, NULL, NULL, NULL, 20, 0)$$, 300);
SELECT t.lean($$list_activities(t.p(10), 'cancelled', NULL, NULL, NULL, NULL, NULL, NULL, 20, 0)$$, 300);
SELECT t.lean($$get_user(t.p(9), t.p(77))$$, 20);
SELECT t.lean($$list_friends(t.p(9), 'accepted', 50, 0)$$, 50);
SELECT t.lean($$list_blocks(t.p(5), 50, 0)$$, 50);
-- Of a crowd, a page reads the page; only counting goes through it.
SELECT t.lean($$sp_list_participants(t.n(1), t.p(2), NULL, NULL, 50, 0)$$, 10500);
-- What writes, and its refusals.
SELECT t.lean($$sp_join_activity(t.n(4), t.p(8), 'free')$$, 60, 400);
SELECT t.lean($$sp_join_activity(gen_random_uuid(), t.p(8), 'free')$$, 5, 404);
SELECT t.lean($$sp_mark_attendance(t.n(4), t.p(5), '[]')$$, 60, 200);
SELECT t.lean($$sp_confirm_attendance(t.n(4), t.p(4), t.p(9))$$, 40, 400);
SELECT t.lean($$sp_send_invitations(t.n(3), t.p(4), jsonb_build_array(t.p(20)), NULL, 1)$$, 60);
SELECT t.lean($$request_friend(t.p(1), t.p(1000))$$, 20, 400) FROM request_friend(t.p(1), t.p(1000));
SELECT t.lean($$block_user(t.p(1), t.p(1001), NULL)$$, 20);
SELECT t.lean($$update_activity(t.n(3), t.p(4), '{"city": "Elsewhere"}')$$, 60);
-- Joining, leaving, again and again.
SELECT t.lean($$sp_leave_activity(t.n(1), t.p(500))$$, 60, 400) FROM sp_leave_activity(t.n(1), t.p(500));
SELECT t.lean($$sp_join_activity(t.n(1), t.p(500), 'free')$$, 60, 400) FROM sp_join_activity(t.n(1), t.p(500), 'free');
SELECT is_empty('SELECT * FROM activity.broken() WHERE invariant NOT LIKE ''%version%''', 'the platform that this made keeps every rule');
SELECT * FROM finish();
ROLLBACK;
