-- Activities: made, shown, found, changed, deleted.
BEGIN;
SELECT plan(80);
\ir lib/participation.sql

SELECT t.person('mira'), t.person('jo'), t.person('ann'), t.person('bob'), t.person('eve') \g /dev/null

-- A time so far from now, as a request says it.
CREATE FUNCTION t.at(p_from_now interval) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char((now() + p_from_now) AT TIME ZONE 'UTC' + interval '2 hours', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+02:00'
$$;
CREATE FUNCTION t.wire(p_from_now interval) RETURNS text LANGUAGE sql STABLE AS $$ SELECT activity.wire_time(now() + p_from_now) $$;

-- ---- create

SELECT t.refused($$create_activity(t.id('mira'), jsonb_build_object('title', 'x', 'scheduled_at', t.at('-1 second'), 'joinable_at_free', t.at('1 day')), '/m')$$,
                 400, 'INVALID_SCHEDULE', 'scheduled_at must be in the future');
SELECT t.refused($$create_activity(t.id('mira'), jsonb_build_object('title', 'x', 'scheduled_at', t.at('1 day'), 'joinable_at_free', t.at('1 day 1 second')), '/m')$$,
                 400, 'INVALID_SCHEDULE', 'joinable_at_free must not be after scheduled_at');
SELECT (r.r).body::jsonb AS body, (r.r).status AS status, (r.r).headers AS headers
  FROM (SELECT create_activity(t.id('mira'), jsonb_build_object(
            'title', '  Night ride ', 'description', 'Lamps, please', 'activity_type', 'standard', 'privacy', 'public', 'status', 'published',
            'scheduled_at', t.at('7 days'), 'duration_minutes', 120, 'joinable_at_free', t.at('6 days'), 'max_participants', 12, 'waitlist_enabled', true,
            'organizer_participates', true, 'location_name', 'Dock 3', 'city', 'Gent', 'language', 'nl-BE', 'tags', '["bike", "night", "bike", "Night"]'::jsonb), '/m') AS r OFFSET 0) r \gset
SELECT is(:status, 201, 'made');
SELECT is(:'headers'::jsonb, jsonb_build_object('Location', '/m/activities/' || (:'body'::jsonb ->> 'activity_id')), 'and where it is');
SELECT is(t.members(:'body'), 'activity_id activity_type cancelled_at city completed_at created_at current_participants_count description duration_minutes joinable_at_free '
                           || 'language location_name max_participants number organizer_participates organizer_user_id organizer_username privacy scheduled_at slug status tags '
                           || 'title updated_at waitlist_count waitlist_enabled', 'all members of an activity');
SELECT is(:'body'::jsonb - '{activity_id,number,created_at,updated_at}'::text[], jsonb_build_object(
              'slug', null, 'organizer_user_id', t.id('mira'), 'organizer_username', 'mira', 'title', '  Night ride ', 'description', 'Lamps, please',
              'activity_type', 'standard', 'privacy', 'public', 'status', 'published', 'scheduled_at', t.wire('7 days'), 'duration_minutes', 120,
              'joinable_at_free', t.wire('6 days'), 'max_participants', 12, 'waitlist_enabled', true, 'organizer_participates', true,
              'current_participants_count', 1, 'waitlist_count', 0, 'location_name', 'Dock 3', 'city', 'Gent', 'language', 'nl-BE',
              'tags', '["bike", "night", "Night"]'::jsonb, 'completed_at', null, 'cancelled_at', null), 'as it was sent');
SELECT is(:'body'::jsonb ->> 'created_at', :'body'::jsonb ->> 'updated_at', 'not changed yet');
SELECT is((SELECT (role, participation_status)::text FROM participants WHERE activity_id = (:'body'::jsonb ->> 'activity_id')::uuid), '(organizer,registered)', 'the organizer has a place');
SELECT is(x - '{activity_id,number,created_at,updated_at,scheduled_at,title}'::text[], jsonb_build_object(
              'slug', null, 'organizer_user_id', t.id('jo'), 'organizer_username', 'jo', 'description', null,
              'activity_type', 'standard', 'privacy', 'public', 'status', 'published', 'duration_minutes', null,
              'joinable_at_free', null, 'max_participants', null, 'waitlist_enabled', true, 'organizer_participates', false,
              'current_participants_count', 0, 'waitlist_count', 0, 'location_name', null, 'city', null, 'language', 'en',
              'tags', '[]'::jsonb, 'completed_at', null, 'cancelled_at', null), 'with what is understood')
  FROM t.good(create_activity(t.id('jo'), jsonb_build_object('title', 'plain', 'scheduled_at', t.at('1 hour'), 'organizer_participates', false), ''), 201) x;
SELECT is(x ->> 'scheduled_at', '9999-12-31T23:59:59.999999Z', 'the end of time does not round over')
  FROM t.good(create_activity(t.id('jo'), '{"title": "late", "scheduled_at": "9999-12-31T23:59:59.9999999Z"}', ''), 201) x;

-- ---- get

SELECT t.activity('ride', 'mira', '{"max_participants": 2, "city": "Gent", "tags": ["bike"]}' || jsonb_build_object('scheduled_at', t.at('7 days 1 hour'))), t.activity('draft', 'mira', '{"status": "draft"}'),
       t.activity('friends', 'mira', '{"privacy": "friends_only"}'), t.activity('invited', 'mira', '{"privacy": "invite_only", "city": "Brugge"}') \g /dev/null
SELECT t.refused($$get_activity(gen_random_uuid(), t.id('mira'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$get_activity(t.a('draft'), t.id('jo'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$get_activity(t.a('friends'), t.id('jo'))$$, 403, 'ACCESS_DENIED', 'Access denied');
SELECT t.refused($$get_activity(t.a('invited'), t.id('jo'))$$, 403, 'ACCESS_DENIED', 'Access denied');
INSERT INTO user_blocks (blocker_user_id, blocked_user_id) VALUES (t.id('mira'), t.id('eve'));
SELECT t.refused($$get_activity(t.a('ride'), t.id('eve'))$$, 403, 'ACCESS_DENIED', 'Access denied');
SELECT is(t.good(get_activity(t.a('draft'), t.id('mira'))) ->> 'status', 'draft', 'staff see a draft');
SELECT is(t.good(get_activity(t.a('ride'), t.id('jo'))) ->> 'title', 'ride', 'everybody sees what is public');
SELECT t.good(sp_send_invitations(t.a('invited'), t.id('mira'), jsonb_build_array(t.id('jo')), NULL, 1)) \g /dev/null
SELECT is(t.good(get_activity(t.a('invited'), t.id('jo'))) ->> 'title', 'invited', 'who is invited sees it');

-- What other APIs made.
INSERT INTO activities (title, organizer_name, scheduled_at, ends_at, location, slug, clockless)
VALUES ('Foreign', 'The committee', '2031-01-01 10:00:00+00', '2031-01-01 11:30:20.5+00', repeat('x', 500), 'foreign', true) RETURNING activity_id AS foreign \gset
INSERT INTO places (activity_id) VALUES (:'foreign');
SELECT is((x ->> 'organizer_user_id', x ->> 'organizer_username', x ->> 'duration_minutes', length(x ->> 'location_name'), x ->> 'slug', x ->> 'organizer_participates')::text,
          '(,"The committee",90,500,foreign,false)', 'an event of another API')
  FROM t.good(get_activity(:'foreign', t.id('jo'))) x;
DELETE FROM activities WHERE activity_id = :'foreign';

-- ---- list

SELECT t.activity('xxl', 'mira', jsonb_build_object('activity_type', 'xxl', 'scheduled_at', t.at('3 days'))) \g /dev/null
CREATE FUNCTION t.titles(p_who text, p_status text DEFAULT 'published', p_type text DEFAULT NULL, p_city text DEFAULT NULL, p_tag text DEFAULT NULL, p_by text DEFAULT 'mira',
                         p_from text DEFAULT NULL, p_to text DEFAULT NULL, p_limit int DEFAULT 20, p_offset int DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT (x ->> 'total_count') || ': ' || coalesce((SELECT string_agg(trim(a ->> 'title'), ', ' ORDER BY n) FROM jsonb_array_elements(x -> 'activities') WITH ORDINALITY e (a, n)), '')
      FROM t.good(participation.list_activities(t.id(p_who), p_status, p_type, p_city, p_tag, CASE WHEN p_by <> '' THEN t.id(p_by) END, p_from, p_to, p_limit, p_offset)) x
$$;
UPDATE activities SET scheduled_at = now() + interval '8 days' WHERE activity_id = t.a('invited');
UPDATE activities SET scheduled_at = now() + interval '9 days' WHERE activity_id = t.a('friends');
SELECT is(t.titles('mira'), '5: xxl, Night ride, ride, invited, friends', 'one''s own, by date');
SELECT is(t.titles('jo'), '4: xxl, Night ride, ride, invited', 'what one may see');
SELECT is(t.titles('ann'), '3: xxl, Night ride, ride', 'what everybody may see');
SELECT is(t.titles('eve'), '1: xxl', 'what a blocked pair sees');
SELECT is(t.titles('jo', p_by => ''), '6: plain, xxl, Night ride, ride, invited, late', 'by anybody');
SELECT is(t.titles('mira', 'draft'), '1: draft', 'drafts of one''s own');
SELECT is(t.titles('jo', 'draft'), '0: ', 'and of nobody else');
SELECT is(t.titles('jo', p_type => 'xxl'), '1: xxl', 'by type');
SELECT is(t.titles('jo', p_city => 'Gent'), '2: Night ride, ride', 'by city');
SELECT is(t.titles('jo', p_city => 'gent'), '0: ', 'exactly');
SELECT is(t.titles('jo', p_city => ''), '0: ', 'an empty city is no city');
SELECT is(t.titles('jo', p_tag => 'night'), '1: Night ride', 'by tag');
SELECT is(t.titles('jo', p_tag => 'NIGHT'), '0: ', 'exactly');
SELECT is(t.titles('jo', p_by => 'ann'), '0: ', 'by organizer');
SELECT is(t.titles('jo', p_from => t.at('7 days')), '3: Night ride, ride, invited', 'from, inclusive');
SELECT is(t.titles('jo', p_to => t.at('7 days')), '1: xxl', 'to, exclusive');
SELECT is(t.titles('jo', p_city => 'Gent', p_tag => 'bike', p_from => t.at('1 day'), p_to => t.at('10 days'), p_type => 'standard'), '2: Night ride, ride', 'all at once');
SELECT is(t.titles('jo', p_limit => 2, p_offset => 1), '4: Night ride, ride', 'a page');
SELECT is(t.titles('jo', p_offset => 2147483647), '4: ', 'past the end');

-- ---- update

SELECT t.join('ride', 'jo', 'ann', 'bob') \g /dev/null
SELECT t.activity('past', 'mira'), t.activity('pastdraft', 'mira', '{"status": "draft"}'), t.activity('off', 'mira'), t.activity('done', 'mira') \g /dev/null
SELECT t.begin('past'), t.begin('pastdraft'), t.begin('done') \g /dev/null
SELECT t.good(update_activity(t.a('off'), t.id('mira'), '{"status": "cancelled"}')) \g /dev/null
SELECT ok(t.is_time(x ->> 'completed_at') AND x ->> 'status' = 'completed', 'completed as soon as it has begun')
  FROM t.good(update_activity(t.a('done'), t.id('mira'), '{"status": "completed"}')) x;

SELECT t.refused($$update_activity(t.a('draft'), t.id('jo'), '{"title": "x"}')$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$update_activity(t.a('off'), t.id('jo'), '{"title": "x"}')$$, 403, 'NOT_AUTHORIZED', 'Only organizer or co-organizer can update activity');
SELECT t.refused($$update_activity(t.a('off'), t.id('mira'), '{"title": "off", "status": "draft"}')$$, 400, 'ACTIVITY_CLOSED', 'Activity can no longer be changed');
SELECT t.refused($$update_activity(t.a('done'), t.id('mira'), '{"description": null}')$$, 400, 'ACTIVITY_CLOSED', 'Activity can no longer be changed');
SELECT t.refused($$update_activity(t.a('off'), t.id('mira'), '{"status": "published"}')$$, 400, 'INVALID_STATUS', 'Cannot change status from cancelled to published');
SELECT t.refused($$update_activity(t.a('done'), t.id('mira'), '{"status": "cancelled"}')$$, 400, 'INVALID_STATUS', 'Cannot change status from completed to cancelled');
SELECT t.refused($$update_activity(t.a('draft'), t.id('mira'), '{"status": "completed"}')$$, 400, 'INVALID_STATUS', 'Cannot change status from draft to completed');
SELECT t.refused($$update_activity(t.a('past'), t.id('mira'), '{"status": "draft"}')$$, 400, 'INVALID_STATUS', 'Cannot change status from published to draft');
SELECT t.refused($$update_activity(t.a('ride'), t.id('mira'), '{"status": "completed", "max_participants": 1}')$$, 400, 'ACTIVITY_NOT_COMPLETED', 'Activity has not yet completed');
SELECT t.refused($$update_activity(t.a('past'), t.id('mira'), jsonb_build_object('scheduled_at', t.at('-1 day')))$$, 400, 'ACTIVITY_IN_PAST', 'Activity has already occurred');
SELECT t.refused($$update_activity(t.a('pastdraft'), t.id('mira'), '{"status": "published"}')$$, 400, 'ACTIVITY_IN_PAST', 'Activity has already occurred');
SELECT t.refused($$update_activity(t.a('pastdraft'), t.id('mira'), jsonb_build_object('scheduled_at', t.at('-1 day')))$$, 400, 'INVALID_SCHEDULE', 'scheduled_at must be in the future');
SELECT t.refused($$update_activity(t.a('ride'), t.id('mira'), jsonb_build_object('joinable_at_free', t.at('8 days'), 'max_participants', 1))$$, 400, 'INVALID_SCHEDULE',
                 'joinable_at_free must not be after scheduled_at');
SELECT t.refused($$update_activity(t.a('ride'), t.id('mira'), '{"max_participants": 1}')$$, 400, 'CAPACITY_TOO_LOW',
                 'max_participants is below the current number of participants');

SELECT t.good(get_activity(t.a('ride'), t.id('mira'))) AS before \gset
SELECT is(t.good(update_activity(t.a('ride'), t.id('mira'), '{}')), :'before'::jsonb, 'nothing sent, nothing changed');
SELECT is(t.good(update_activity(t.a('ride'), t.id('mira'), '{"status": "published", "title": "ride", "unknown": 1, "organizer_participates": false}')), :'before'::jsonb, 'nor by the same');
SELECT is(t.good(update_activity(t.a('off'), t.id('mira'), '{"status": "cancelled"}')) ->> 'status', 'cancelled', 'the same status is no change');
SELECT is(t.good(update_activity(t.a('off'), t.id('mira'), '{}')) ->> 'status', 'cancelled', 'nor is nothing, once closed');
SELECT is((x ->> 'max_participants', x ->> 'current_participants_count', x ->> 'waitlist_count')::text, '(3,3,1)', 'a higher limit promotes')
  FROM t.good(update_activity(t.a('ride'), t.id('mira'), '{"max_participants": 3}')) x;
SELECT is(t.good(get_my_participation(t.a('ride'), t.id('ann'))) ->> 'participation_status', 'registered', 'the first in line');
SELECT is((x ->> 'waitlist_enabled', x ->> 'waitlist_count')::text, '(false,1)', 'without a waitlist those in line stay')
  FROM t.good(update_activity(t.a('ride'), t.id('mira'), '{"waitlist_enabled": false}')) x;
SELECT t.refused($$sp_join_activity(t.a('ride'), t.id('mira'), 'free')$$, 400, 'USER_IS_ORGANIZER', 'Organizer cannot join own activity');
SELECT is((x -> 'max_participants', x ->> 'current_participants_count', x ->> 'waitlist_count')::text, '(null,4,0)', 'no limit promotes all')
  FROM t.good(update_activity(t.a('ride'), t.id('mira'), '{"max_participants": null}')) x;
SELECT is(x - '{updated_at,created_at}'::text[], :'before'::jsonb - '{updated_at,created_at}'::text[] || jsonb_build_object(
              'title', 'Day ride', 'description', 'd', 'activity_type', 'womens_only', 'privacy', 'friends_only', 'scheduled_at', t.wire('2 days'), 'duration_minutes', 30,
              'joinable_at_free', t.wire('1 day'), 'max_participants', 9, 'waitlist_enabled', true, 'location_name', 'l', 'city', null, 'language', 'de', 'tags', '["b", "a"]'::jsonb,
              'current_participants_count', 4, 'waitlist_count', 0), 'every field')
     , ok((x ->> 'updated_at')::timestamptz > (x ->> 'created_at')::timestamptz, 'and when')
  FROM t.good(update_activity(t.a('ride'), t.id('mira'), jsonb_build_object(
              'title', 'Day ride', 'description', 'd', 'activity_type', 'womens_only', 'privacy', 'friends_only', 'scheduled_at', t.at('2 days'), 'duration_minutes', 30,
              'joinable_at_free', t.at('1 day'), 'max_participants', 9, 'waitlist_enabled', true, 'location_name', 'l', 'city', null, 'language', 'de',
              'tags', '["b", "a", "b"]'::jsonb))) x;
SELECT is((x ->> 'duration_minutes', x ->> 'scheduled_at')::text, format('(30,%s)', t.wire('4 days')), 'a new start keeps the duration')
  FROM t.good(update_activity(t.a('ride'), t.id('mira'), jsonb_build_object('scheduled_at', t.at('4 days')))) x;
SELECT t.good(sp_promote_participant(t.a('ride'), t.id('mira'), t.id('jo'))) \g /dev/null
SELECT is(x ->> 'title', 'Jo''s', 'a co-organizer may, too') FROM t.good(update_activity(t.a('ride'), t.id('jo'), '{"title": "Jo''s", "duration_minutes": null}')) x;
SELECT is((x ->> 'status', x ->> 'cancelled_at' IS NULL)::text, '(published,t)', 'a past draft is published with a new start')
  FROM t.good(update_activity(t.a('pastdraft'), t.id('mira'), jsonb_build_object('status', 'published', 'scheduled_at', t.at('1 day')))) x;
SELECT is((x ->> 'status', t.is_time(x ->> 'cancelled_at'))::text, '(cancelled,t)', 'a past one may be cancelled') FROM t.good(update_activity(t.a('past'), t.id('mira'), '{"status": "cancelled"}')) x;

-- Another API stored an end: it is shown in whole minutes, and a duration replaces it.
SELECT t.activity('ends', 'mira') \g /dev/null
UPDATE activities SET ends_at = scheduled_at + interval '95 minutes 59 seconds' WHERE activity_id = t.a('ends');
SELECT is(x ->> 'duration_minutes', '95', 'in whole minutes') FROM t.good(get_activity(t.a('ends'), t.id('jo'))) x;
SAVEPOINT s;
SELECT is((x ->> 'scheduled_at', x -> 'duration_minutes')::text, '(9999-12-31T23:59:59.999999Z,null)', 'there is no room for it at the end of time')
  FROM t.good(update_activity(t.a('ends'), t.id('mira'), '{"scheduled_at": "9999-12-31T23:59:59.999999Z"}')) x;
ROLLBACK TO s;
SELECT is((t.good(update_activity(t.a('ends'), t.id('mira'), '{"duration_minutes": 10}')) ->> 'duration_minutes'), '10', 'a duration replaces an end');
SELECT is(ends_at, NULL, 'it does') FROM activities WHERE activity_id = t.a('ends');

-- ---- delete

SELECT t.refused($$participation.delete_activity(t.a('draft'), t.id('ann'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$participation.delete_activity(t.a('ride'), t.id('jo'))$$, 403, 'NOT_ORGANIZER', 'Only organizer can delete activity');
SELECT is(x - 'deleted_at', jsonb_build_object('activity_id', t.a('ride'), 'message', 'Activity deleted successfully'), 'deleted')
     , ok(t.is_time(x ->> 'deleted_at'), 'with a time')
  FROM t.good(participation.delete_activity(t.a('ride'), t.id('mira'))) x;
SELECT t.refused($$participation.delete_activity(t.a('ride'), t.id('mira'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT t.refused($$get_activity(t.a('ride'), t.id('mira'))$$, 404, 'ACTIVITY_NOT_FOUND', 'Activity not found');
SELECT is_empty(format('SELECT FROM participants WHERE activity_id = %L', t.a('ride')), 'nobody takes part any more');

UPDATE activity_versions v SET data = version_data(a) FROM activities a WHERE v.activity_id = a.activity_id AND v.version_number = a.version;
SELECT is_empty('SELECT * FROM activity.broken()', 'nothing is broken');
SELECT * FROM finish();
ROLLBACK;
