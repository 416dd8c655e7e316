-- What no writer can do, whatever it tries: the constraints; and what the web role can: nothing but call what is made for it.
BEGIN;
SELECT plan(77);
\ir lib/core.sql
SELECT t.person('org', 'a', 'b') \g /dev/null
SELECT t.make('e', 'org', '{"max_participants": 2}') \g /dev/null

-- A statement that breaks this constraint.
CREATE FUNCTION t.breaks(p_statement text, p_constraint text, p_state text DEFAULT '23514') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_state      text;
    v_constraint text;
BEGIN
    BEGIN
        EXECUTE p_statement;
        RETURN fail(p_constraint || ': nothing was refused');
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS v_state = RETURNED_SQLSTATE, v_constraint = CONSTRAINT_NAME;
    END;
    RETURN is(v_state || ' ' || v_constraint, p_state || ' ' || p_constraint, p_constraint || ': ' || translate(p_statement, E'\n', ' '));
END $$;
CREATE FUNCTION t.user_breaks(p_set text, p_constraint text, p_state text DEFAULT '23514') RETURNS text LANGUAGE sql AS
    $$ SELECT t.breaks(format('UPDATE activity.users SET %s WHERE username = ''a''', p_set), p_constraint, p_state) $$;
CREATE FUNCTION t.activity_breaks(p_set text, p_constraint text) RETURNS text LANGUAGE sql AS
    $$ SELECT t.breaks(format('UPDATE activity.activities SET %s WHERE title = ''e''', p_set), p_constraint) $$;

-- ---- people ----

SELECT t.user_breaks(s, c) FROM (VALUES
    ($$username = 'a@b'$$, 'users_username_check'), ($$username = ''$$, 'users_username_check'), ($$username = repeat('ä', 151)$$, 'users_username_check'),
    ($$handle = repeat('ä', 101)$$, 'users_handle_check'), ($$name = repeat('x', 201)$$, 'users_name_check'), ($$discord_user_id = '12a'$$, 'users_discord_user_id_check'),
    ($$no_show_count = -1$$, 'users_no_show_count_check'), ($$verification_count = -1$$, 'users_verification_count_check'),
    ($$is_guest = true$$, 'guest_is_bare'), ($$is_guest = true, username = NULL$$, 'guest_is_bare'), ($$is_guest = true, username = NULL, handle = 'h', name = 'n', is_active = false$$, 'guest_is_bare')) v (s, c);
SELECT t.user_breaks(format('email = %L', e), 'email_form') FROM unnest(ARRAY['', 'a', 'a@b', '@b.c', 'a@b.', 'a@.c', 'a@b..c', 'a@b@c.d', 'a b@c.d', E'a\u00a0b@c.d', E'a@b.c\n', 'a@b .c', repeat('x', 65) || '@b.c']) e;
SELECT t.user_breaks(format('email = %L', repeat('x', 60) || '@' || repeat('y.', 96) || 'zz'), 'users_email_check');
SELECT lives_ok($$UPDATE activity.users SET email = repeat('x', 64) || '@b.c', username = repeat('ä', 150) WHERE username = 'b'$$, 'the longest that fit');
SELECT t.user_breaks(format('username = %L', u), 'users_username', '23505') FROM unnest(ARRAY['ORG', repeat('Ä', 150)]) u;

-- ---- activities ----

SELECT t.activity_breaks(s, c) FROM (VALUES
    ($$title = ''$$, 'activities_title_check'), ($$title = repeat('ä', 256)$$, 'activities_title_check'), ($$tags = array_fill('x'::text, '{21}')$$, 'activities_tags_check'), ($$tags = '{NULL}'$$, 'activities_tags_check'),
    ($$ends_at = scheduled_at$$, 'end_after_start'), ($$ends_at = scheduled_at + interval '1 h', duration_minutes = 60$$, 'one_end'), ($$duration_minutes = 0$$, 'activities_duration_minutes_check'),
    ($$duration_minutes = 10081$$, 'activities_duration_minutes_check'), ($$scheduled_at = '0001-12-31 23:59:59+00 BC'$$, 'instants_in_range'), ($$ends_at = '10000-01-01 00:00:00+00'$$, 'instants_in_range'),
    ($$ends_at = 'infinity'$$, 'instants_in_range'), ($$joinable_at_free = '-infinity'$$, 'instants_in_range'), ($$status_word = 'completed'$$, 'activities_status_word_check'), ($$status = 'draft', status_word = 'active'$$, 'word_while_published'),
    ($$status = 'completed'$$, 'completed_at_in_status'), ($$completed_at = now()$$, 'completed_at_in_status'), ($$status = 'cancelled'$$, 'cancelled_at_in_status'), ($$cancelled_at = now()$$, 'cancelled_at_in_status'),
    ($$slug = 's', deleted_at = now()$$, 'no_slug_once_deleted'), ($$recurrence_pattern = '[]'$$, 'activities_recurrence_pattern_check'), ($$version = 0$$, 'activities_version_check')) v (s, c);
SELECT is(over_at, scheduled_at + interval '24 hours', 'over_at without an end') FROM activities WHERE activity_id = t.a('e');

SELECT t.breaks($$UPDATE activity.places SET current_participants_count = 3$$, 'never_over'), t.breaks($$UPDATE activity.places SET attended_count = 1$$, 'attended_hold_places'),
       t.breaks($$UPDATE activity.places SET waitlist_count = -1$$, 'places_waitlist_count_check'), t.breaks($$UPDATE activity.places SET max_participants = 0$$, 'places_max_participants_check');

-- ---- rows of an activity ----

SELECT t.join('e', 'a') \g /dev/null
SELECT t.breaks('UPDATE activity.participants SET ' || s, c) FROM (VALUES
    ($$left_at = now()$$, 'left_at_unless_registered'), ($$participation_status = 'cancelled'$$, 'left_at_unless_registered'),
    ($$participation_status = 'cancelled', left_at = now(), role = 'co_organizer'$$, 'plain_unless_registered'),
    ($$participation_status = 'declined', left_at = now(), attendance_status = 'no_show'$$, 'plain_unless_registered'),
    ($$attendance_status = 'attended', attended_via = 'web'$$, 'attended_at_when_attended'), ($$attended_via = 'web'$$, 'attended_via_when_attended')) v (s, c);
SELECT t.breaks($$INSERT INTO activity.participants (activity_id, user_id, registered_at, joined_at) SELECT activity_id, user_id, now(), now() FROM activity.participants$$, 'participants_pkey', '23505');
INSERT INTO waitlist_entries VALUES (t.a('e'), t.id('b'), now());
SELECT t.breaks($$INSERT INTO activity.waitlist_entries VALUES (t.a('e'), t.id('org'), now())$$, 'waitlist_line', '23505');
SELECT t.breaks($$UPDATE activity.activity_invitations SET status = 'accepted'$$, 'responded_when_answered'), t.breaks($$INSERT INTO activity.activity_invitations (activity_id, user_id, invited_by_user_id, invited_at) VALUES (t.a('e'), t.id('a'), t.id('org'), now())$$, 'invitations_one_pending', '23505')
  FROM invite(t.a('e'), t.id('a'), t.id('org'), NULL, NULL, now());
SELECT t.breaks(format('INSERT INTO activity.friendships VALUES (%L, %L, %L, %L)', greatest(t.id('a'), t.id('b')), least(t.id('a'), t.id('b')), 'pending', t.id('a')), 'friendships_check'),
       t.breaks(format('INSERT INTO activity.friendships VALUES (%L, %L, %L, %L)', least(t.id('a'), t.id('b')), greatest(t.id('a'), t.id('b')), 'pending', t.id('org')), 'friendships_check1'),
       t.breaks($$INSERT INTO activity.user_blocks VALUES (t.id('a'), t.id('a'))$$, 'user_blocks_check'),
       t.breaks($$INSERT INTO activity.attendance_confirmations (activity_id, confirmer_user_id, confirmed_user_id) VALUES (t.a('e'), t.id('a'), t.id('a'))$$, 'attendance_confirmations_check'),
       t.breaks($$INSERT INTO activity.tasks (activity_id, creator_user_id, title, status) VALUES (t.a('e'), t.id('a'), 'x', 'completed')$$, 'completed_at_when_completed'),
       t.breaks($$INSERT INTO activity.avatars (user_id, media_type, content) VALUES (t.id('a'), 'image/gif', 'x')$$, 'avatars_media_type_check');
INSERT INTO votes (activity_id, creator_user_id, title) VALUES (t.a('e'), t.id('a'), 'v');
INSERT INTO vote_options (vote_id, position, text) SELECT vote_id, 1, 'Çay' FROM votes;
SELECT t.breaks($$INSERT INTO activity.vote_options (vote_id, position, text) SELECT vote_id, 2, 'çAY' FROM activity.votes$$, 'vote_options_text', '23505');

-- ---- rights ----

CREATE FUNCTION t.web() RETURNS name LANGUAGE sql AS $$ SELECT coalesce(nullif(current_setting('activity.web_role', true), ''), 'activity_web') $$;
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspowner = 'activity_owner'::regrole AND c.relkind IN ('r', 'v', 'm', 'p')
                     AND has_table_privilege(t.web(), c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')$$, 'the web role has no right on any table');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                   WHERE n.nspowner = 'activity_owner'::regrole AND p.proowner = 'activity_owner'::regrole AND has_function_privilege(t.web(), p.oid, 'EXECUTE') <> p.prosecdef$$,
                'it may call what runs with the owner''s rights, and nothing else');
SELECT results_eq($$SELECT proname::text COLLATE "default" FROM pg_proc WHERE pronamespace = 'activity'::regnamespace AND prosecdef AND proname !~ '^sp_' ORDER BY 1$$,
                  $$VALUES ('announce'), ('caller'), ('changes_after'), ('end_votes'), ('last_position'), ('prune'), ('publish'), ('release_names'), ('session_live')$$,
                  'which in this schema is the caller''s, the hub''s and what any registration may need');
SELECT is_empty($$SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
                   WHERE n.nspowner = 'activity_owner'::regrole AND p.proowner = 'activity_owner'::regrole AND (l.lanname = 'plpgsql' OR p.prosecdef)
                     AND NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c ~ '^search_path=.*pg_temp$')$$, 'every function that is not inlined pins its path');
SELECT is_empty($$SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'activity' AND c.relkind = 'r' AND obj_description(c.oid, 'pg_class') IS NULL$$, 'every table says why it is');
SELECT is_empty($$SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'activity'::regnamespace AND NOT t.tgisinternal$$, 'no trigger anywhere');

SELECT * FROM finish();
ROLLBACK;
