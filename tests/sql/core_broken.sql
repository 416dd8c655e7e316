-- broken() reports each thing that can be broken, and how many rows break it; and nothing while nothing is.
BEGIN;
SELECT plan(25);
\ir lib/core.sql
SELECT t.person('org', 'a', 'b', 'c') \g /dev/null
SELECT t.make('e', 'org', '{"max_participants": 2}'), t.make('f', 'org') \g /dev/null
SELECT t.join_all('e', 'a', 'b', 'c') \g /dev/null
INSERT INTO tasks (activity_id, creator_user_id, assignee_user_id, title) VALUES (t.a('e'), t.id('org'), t.id('a'), 'x');
INSERT INTO votes (activity_id, creator_user_id, title, ballot_count) VALUES (t.a('e'), t.id('org'), 'v', 1);
INSERT INTO vote_options (vote_id, position, text, vote_count) SELECT vote_id, k, 'option ' || k, 2 - k FROM votes, generate_series(1, 2) k;
INSERT INTO ballots SELECT vote_id, t.id('a'), ARRAY[option_id], now() FROM vote_options WHERE position = 1;
INSERT INTO users (user_id, handle, name, is_guest) VALUES (t.id('guest'), 'g', 'g', true);
SELECT t.sound();

-- Breaks something, looks, and mends it.
CREATE FUNCTION t.reports(p_statement text, VARIADIC p_expected text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_found text[];
BEGIN
    BEGIN
        EXECUTE p_statement;
        v_found := ARRAY(SELECT invariant || ': ' || rows FROM activity.broken());
        RAISE EXCEPTION 'mended';
    EXCEPTION WHEN raise_exception THEN
        RETURN is(v_found, p_expected, p_statement);
    END;
END $$;

SELECT t.reports($$UPDATE places SET current_participants_count = 1 WHERE activity_id = t.a('e')$$, 'current_participants_count is the number of registered participants: 1');
SELECT t.reports($$UPDATE places SET waitlist_count = 7$$, 'waitlist_count is the number of waitlist entries: 2');
SELECT t.reports($$UPDATE places SET attended_count = 1 WHERE activity_id = t.a('e')$$, 'attended_count is the number of attended participants: 1');
SELECT t.reports($$UPDATE places SET current_participants_count = 1, max_participants = 1 WHERE activity_id = t.a('e')$$,
                 'current_participants_count is the number of registered participants: 1', 'never one over the limit: 1');
SELECT t.reports($$UPDATE waitlist_entries SET user_id = t.id('b')$$, 'never both registered and waiting: 1');
SELECT t.reports($$UPDATE waitlist_entries SET registered_at = (SELECT max(registered_at) - interval '1 us' FROM participants)$$, 'confirmed before waiting: nobody overtakes: 1');
SELECT t.reports($$UPDATE places SET max_participants = 3 WHERE activity_id = t.a('e')$$, 'nobody waits while a place is free, on an open activity: 1');
SELECT t.reports($$UPDATE places SET decided_at = decided_at - interval '1 s'$$, 'decided_at is the last instant given: 1');
SELECT t.reports($$UPDATE participants SET joined_at = joined_at - interval '1 us'$$, 'a place is not given before it was asked for: 2');
SELECT t.reports($$UPDATE participants SET role = 'organizer'$$, 'role organizer is the organizer''s: 2');
SELECT t.reports($$UPDATE activities SET deleted_at = now() WHERE activity_id = t.a('e')$$, 'a deleted activity has no rows: 1');
SELECT t.reports($$DELETE FROM places WHERE activity_id = t.a('f')$$, 'an activity has its places: 1');
SELECT t.reports($$UPDATE waitlist_entries SET user_id = t.id('none')$$, 'who takes part or waits is a user: 1');
SELECT t.reports($$UPDATE waitlist_entries SET user_id = t.id('guest'); UPDATE users SET is_active = false, handle = NULL, name = NULL WHERE is_guest$$, 'a forgotten guest takes part in nothing: 1');
SELECT t.reports($$UPDATE users SET verification_count = 1 WHERE username IN ('a', 'b')$$, 'verification_count is the number of confirmations received: 2');
SELECT t.reports($$UPDATE participants SET attendance_status = 'no_show'$$, 'no_show_count is no less than the no-shows on record: 2');
SELECT t.reports($$UPDATE activities SET version = 2 WHERE title = 'f'$$, 'versions run 1, 2, 3 to the activity''s own: 1');
SELECT t.reports($$UPDATE activities SET title = 'g' WHERE title = 'f'$$, 'the newest version is the activity as it is: 1');
SELECT t.reports($$UPDATE votes SET ballot_count = 0$$, 'ballot_count is the number of ballots: 1');
SELECT t.reports($$UPDATE vote_options SET vote_count = 0$$, 'vote_count is the number of ballots for the option: 1');
SELECT t.reports($$UPDATE ballots SET option_ids = option_ids || (SELECT max(option_id) + 1 FROM vote_options)$$, 'a ballot names options of its vote, each once: 1');
SELECT t.reports($$UPDATE tasks SET assignee_user_id = t.id('c')$$, 'an open task is assigned to a participant, the organizer or nobody: 1');
SELECT t.reports($$INSERT INTO permissions (activity_id, user_id, level) VALUES (t.a('e'), t.id('guest'), 'viewer'), (t.a('e'), t.id('org'), 'owner'), (t.a('e'), t.id('a'), 'owner')$$, 'no grant to the organizer or a guest: 2');
SELECT t.reports($$INSERT INTO users (user_id, username) SELECT t.id('g' || k), 'g' || k FROM generate_series(1, 1001) k;
                   INSERT INTO permissions (activity_id, user_id, level) SELECT t.a('e'), t.id('g' || k), 'viewer' FROM generate_series(1, 1001) k$$, 'at most 1000 grants of an activity: 1');
SELECT * FROM finish();
ROLLBACK;
