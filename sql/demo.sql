-- A small world to look at: people, what they plan and have done, who waits, who is invited, who are friends.  Every date is relative to
-- the day on which it is made.  All of it comes about through the procedures that requests use, so every count and rule holds.  Safe to
-- repeat: it does nothing where its first person exists.
--
--     psql -X -v ON_ERROR_STOP=1 -f sql/demo.sql DATABASE
--
-- Nobody here has a password; a token whose `sub` is one of these ids is theirs:
--
--     mira.claes    0d000000-0000-4000-8000-000000000001  premium, organizes most of it
--     jo.peeters    0d000000-0000-4000-8000-000000000002
--     ann.verhelst  0d000000-0000-4000-8000-000000000003  club
--     bob.martens   0d000000-0000-4000-8000-000000000004
--     cy.desmet     0d000000-0000-4000-8000-000000000005
--     dee.wouters   0d000000-0000-4000-8000-000000000006
--     eve.lambert   0d000000-0000-4000-8000-000000000007  blocks bob
--     flo.aerts     0d000000-0000-4000-8000-000000000008  club
--
-- The Discord identity 281474976710656001 is Kit's.

DO $demo$
DECLARE
    v_people jsonb := $$[
        {"key": "mira", "first_name": "Mira", "last_name": "Claes", "gender": "female", "subscription_level": "premium"},
        {"key": "jo", "first_name": "Jo", "last_name": "Peeters", "gender": "male"},
        {"key": "ann", "first_name": "Ann", "last_name": "Verhelst", "gender": "female", "subscription_level": "club"},
        {"key": "bob", "first_name": "Bob", "last_name": "Martens", "gender": "male"},
        {"key": "cy", "first_name": "Cy", "last_name": "De Smet"},
        {"key": "dee", "first_name": "Dee", "last_name": "Wouters", "gender": "female"},
        {"key": "eve", "first_name": "Eve", "last_name": "Lambert", "gender": "female"},
        {"key": "flo", "first_name": "Flo", "last_name": "Aerts", "gender": "male", "subscription_level": "club"}]$$;
    -- `in`: the start, from now; `open`: until when only club and premium may join. A start that has passed makes one that took place.
    v_activities jsonb := $$[
        {"key": "ride", "by": "mira", "in": "3 days 4 hours", "title": "Night ride along the Leie",
         "description": "Lamps, a spare tube, and no hurry. Two stops.", "duration_minutes": 150, "max_participants": 12,
         "location_name": "Dok Noord, gate 3", "city": "Gent", "tags": ["bike", "night", "outdoors"]},
        {"key": "climb", "by": "jo", "in": "2 days", "title": "Climbing for beginners",
         "description": "Shoes and harness are there. Three per rope.", "duration_minutes": 120, "max_participants": 3,
         "location_name": "Bleau", "city": "Gent", "tags": ["climbing", "indoors"]},
        {"key": "dinner", "by": "mira", "in": "9 days", "title": "Dinner at Mira's", "privacy": "invite_only",
         "description": "Six chairs, one long table.", "duration_minutes": 240, "max_participants": 6, "city": "Gent", "tags": ["food"]},
        {"key": "games", "by": "ann", "in": "5 days", "title": "Board games", "privacy": "friends_only", "duration_minutes": 180,
         "max_participants": 8, "location_name": "Ann's kitchen", "city": "Antwerpen", "tags": ["games", "indoors"]},
        {"key": "concert", "by": "mira", "in": "20 days", "open": "6 days", "title": "Seats at the harbour concert",
         "description": "Club and premium choose first.", "duration_minutes": 120, "max_participants": 20, "city": "Antwerpen",
         "tags": ["music"]},
        {"key": "picnic", "by": "mira", "in": "30 days", "title": "Summer picnic, everybody", "activity_type": "xxl",
         "location_name": "Citadelpark", "city": "Gent", "tags": ["outdoors", "food"]},
        {"key": "boulder", "by": "dee", "in": "6 days", "title": "Bouldering, women only", "activity_type": "womens_only",
         "duration_minutes": 90, "max_participants": 10, "city": "Brussel", "tags": ["climbing"]},
        {"key": "choir", "by": "flo", "in": "8 days", "title": "Low voices: choir rehearsal", "activity_type": "mens_only",
         "duration_minutes": 120, "city": "Leuven", "language": "nl", "tags": ["music"]},
        {"key": "lecture", "by": "ann", "in": "12 days", "title": "How bridges stand", "description": "Ann speaks and takes no chair.",
         "organizer_participates": false, "duration_minutes": 75, "max_participants": 40, "waitlist_enabled": false, "city": "Leuven",
         "language": "en", "tags": ["talk"]},
        {"key": "ardennes", "by": "mira", "in": "45 days", "title": "Weekend in the Ardennes", "description": "Still looking for a house.",
         "status": "draft", "max_participants": 10, "tags": ["outdoors"]},
        {"key": "kayak", "by": "bob", "in": "4 days", "title": "Kayaks on the Lesse", "duration_minutes": 300, "max_participants": 8,
         "city": "Dinant", "tags": ["outdoors", "water"]},
        {"key": "run", "by": "jo", "in": "-2 days", "title": "Ten kilometres, slowly", "duration_minutes": 75, "city": "Gent",
         "tags": ["running", "outdoors"]},
        {"key": "film", "by": "mira", "in": "-10 days", "title": "Film in the garden", "duration_minutes": 160, "max_participants": 15,
         "location_name": "Coupure 12", "city": "Gent", "tags": ["film"]}]$$;
    v_deeds jsonb := $$[
        ["befriend", "mira", "ann"], ["befriend", "mira", "jo"], ["befriend", "ann", "dee"], ["befriend", "ann", "cy"],
        ["ask", "flo", "mira"], ["ask", "cy", "jo"],
        ["block", "eve", "bob"],
        ["join", "ride", "jo"], ["join", "ride", "ann"], ["join", "ride", "bob"], ["join", "ride", "dee"], ["join", "ride", "flo"],
        ["promote", "ride", "mira", "ann"],
        ["cancel", "ride", "flo", "A cold"],
        ["join", "climb", "dee"], ["join", "climb", "cy"], ["join", "climb", "eve"], ["join", "climb", "ann"], ["join", "climb", "flo"],
        ["invite", "dinner", "mira", "jo"], ["invite", "dinner", "mira", "ann"], ["invite", "dinner", "mira", "cy"],
        ["invite", "dinner", "mira", "dee"],
        ["accept", "dinner", "jo"], ["accept", "dinner", "ann"], ["decline", "dinner", "cy"],
        ["join", "games", "mira"], ["join", "games", "dee"],
        ["join", "concert", "ann"], ["join", "concert", "flo"],
        ["join", "picnic", "jo"], ["join", "picnic", "ann"], ["join", "picnic", "bob"], ["join", "picnic", "cy"], ["join", "picnic", "dee"],
        ["join", "picnic", "eve"],
        ["join", "boulder", "ann"], ["join", "boulder", "eve"], ["join", "choir", "bob"],
        ["join", "lecture", "mira"], ["join", "lecture", "jo"], ["join", "lecture", "cy"],
        ["join", "kayak", "flo"], ["join", "kayak", "jo"], ["status", "kayak", "bob", "cancelled"],
        ["admit", "run", "ann"], ["admit", "run", "bob"],
        ["admit", "film", "jo"], ["admit", "film", "ann"], ["admit", "film", "dee"], ["admit", "film", "bob"],
        ["mark", "film", "mira", "attended", "mira"], ["mark", "film", "mira", "attended", "jo"],
        ["mark", "film", "mira", "attended", "ann"], ["mark", "film", "mira", "attended", "dee"],
        ["mark", "film", "mira", "no_show", "bob"],
        ["confirm", "film", "jo", "ann"], ["confirm", "film", "dee", "ann"], ["confirm", "film", "ann", "mira"],
        ["status", "film", "mira", "completed"]]$$;
    v_ids        jsonb := '{}';       -- names and keys to ids
    v_item       jsonb;
    v_n          bigint;
    v_name       text;
    v_reply      activity.reply;
    v_activity   activity.activities;
    v_places     activity.places;
    v_id         uuid;
    v_who        uuid;
    v_other      uuid;
BEGIN
    PERFORM set_config('role', 'activity_owner', true), set_config('search_path', 'participation, activity, pg_temp', true);
    IF EXISTS (SELECT FROM users u WHERE u.user_id = '0d000000-0000-4000-8000-000000000001') THEN
        RETURN;
    END IF;

    FOR v_item, v_n IN SELECT e.item, e.n FROM jsonb_array_elements(v_people) WITH ORDINALITY e (item, n) LOOP
        v_id := ('0d000000-0000-4000-8000-' || lpad(v_n::text, 12, '0'))::uuid;
        v_name := lower(concat_ws('.', v_item ->> 'first_name', replace(v_item ->> 'last_name', ' ', '')));
        PERFORM provision(v_id, v_item || jsonb_build_object('username', v_name, 'email', v_name || '@example.org',
                                                             'name', concat_ws(' ', v_item ->> 'first_name', v_item ->> 'last_name')));
        v_ids := v_ids || jsonb_build_object(v_item ->> 'key', v_id);
    END LOOP;

    FOR v_item IN SELECT e.item FROM jsonb_array_elements(v_activities) e (item) LOOP
        v_id := v_ids ->> (v_item ->> 'by');
        v_activity := activity.create_activity(
            activity_patch(v_item
                || jsonb_build_object('scheduled_at', date_trunc('hour', now()) + (v_item ->> 'in')::interval)
                || CASE WHEN v_item ? 'open'
                        THEN jsonb_build_object('joinable_at_free', date_trunc('hour', now()) + (v_item ->> 'open')::interval)
                        ELSE '{}' END)
                || jsonb_build_object('organizer_user_id', v_id),
            coalesce((v_item ->> 'organizer_participates')::boolean, true));
        v_ids := v_ids || jsonb_build_object(v_item ->> 'key', v_activity.activity_id);
    END LOOP;

    FOR v_item IN SELECT e.item FROM jsonb_array_elements(v_deeds) e (item) LOOP
        v_reply := NULL;
        IF v_item ->> 0 IN ('befriend', 'ask', 'block') THEN
            v_who := v_ids ->> (v_item ->> 1);
            v_other := v_ids ->> (v_item ->> 2);
        ELSE
            v_id := v_ids ->> (v_item ->> 1);
            v_who := v_ids ->> (v_item ->> 2);
            v_other := v_ids ->> (v_item ->> 3);
        END IF;
        CASE v_item ->> 0
        WHEN 'befriend' THEN
            PERFORM request_friend(v_who, v_other);
            v_reply := accept_friend(v_other, v_who);
        WHEN 'ask' THEN
            v_reply := request_friend(v_who, v_other);
        WHEN 'block' THEN
            v_reply := block_user(v_who, v_other, NULL);
        WHEN 'join' THEN
            v_reply := sp_join_activity(v_id, v_who, (SELECT u.subscription_level FROM users u WHERE u.user_id = v_who));
        WHEN 'cancel' THEN
            v_reply := sp_cancel_participation(v_id, v_who, v_item ->> 3);
        WHEN 'promote' THEN
            v_reply := sp_promote_participant(v_id, v_who, v_other);
        WHEN 'invite' THEN
            v_reply := sp_send_invitations(v_id, v_who, jsonb_build_array(v_other), 'Would be good to have you there.', 120);
        WHEN 'accept' THEN
            v_reply := sp_accept_invitation((SELECT i.invitation_id FROM activity_invitations i
                                              WHERE i.activity_id = v_id AND i.user_id = v_who), v_who);
        WHEN 'decline' THEN
            v_reply := sp_decline_invitation((SELECT i.invitation_id FROM activity_invitations i
                                               WHERE i.activity_id = v_id AND i.user_id = v_who), v_who);
        WHEN 'status' THEN
            v_reply := update_activity(v_id, v_who, jsonb_build_object('status', v_item ->> 3));
        WHEN 'admit' THEN      -- joining what has begun is refused, so those who came are let in by the rule below it
            v_places := lock_activity(v_id);
            SELECT * INTO v_activity FROM activities a WHERE a.activity_id = v_id;
            PERFORM admit(v_places, v_who, standing(v_places, v_activity, v_who, 'premium', instant(v_places)), false);
        WHEN 'mark' THEN
            v_reply := sp_mark_attendance(v_id, v_who, jsonb_build_array(
                jsonb_build_object('user_id', v_ids ->> (v_item ->> 4), 'status', v_item ->> 3)));
        WHEN 'confirm' THEN
            v_reply := sp_confirm_attendance(v_id, v_other, v_who);
        END CASE;
        IF v_reply.status >= 400 THEN
            RAISE 'demo data: % was refused: %', v_item, v_reply.body;
        END IF;
    END LOOP;
END $demo$;

-- An event that runs for half a day from now, so that there is something to attend; somebody is there by the web, somebody by Discord.
DO $attendance$
DECLARE
    c_mira    CONSTANT uuid := '0d000000-0000-4000-8000-000000000001';
    c_jo      CONSTANT uuid := '0d000000-0000-4000-8000-000000000002';
    c_discord CONSTANT text := '281474976710656001';
    v_replies activity.reply[];
    v_event   bigint;
BEGIN
    PERFORM set_config('role', 'activity_owner', true);
    IF EXISTS (SELECT FROM activity.users u WHERE u.discord_user_id = c_discord) THEN
        RETURN;
    END IF;
    v_replies := ARRAY[attendance.sp_create_event(
        c_mira, 'Repair café', 'Bring what is broken, and what it takes to open it.',
        (now() - interval '1 hour')::text, (now() + interval '12 hours')::text, '281474976710656777', 40)];
    v_event := v_replies[1].body::jsonb ->> 'id';
    v_replies := v_replies || attendance.sp_attend(c_jo, 'free', v_event)
                           || attendance.sp_discord_register('Kit', c_discord, 'kit', NULL)
                           || attendance.sp_discord_attend(v_event, c_discord);
    IF EXISTS (SELECT FROM unnest(v_replies) r WHERE r.status >= 400) THEN
        RAISE 'demo data: attendance was refused: %', v_replies;
    END IF;
END $attendance$;

-- What the collaboration API shows: a rehearsal that Mira shares with Jo (editor) and Ann (viewer), moved once by Jo.
DO $collaboration$
DECLARE
    c_mira    CONSTANT uuid := '0d000000-0000-4000-8000-000000000001';
    c_jo      CONSTANT uuid := '0d000000-0000-4000-8000-000000000002';
    c_ann     CONSTANT uuid := '0d000000-0000-4000-8000-000000000003';
    v_start   timestamptz := date_trunc('day', now()) + interval '15 days 9 hours';
    v_replies activity.reply[];
    v_event   bigint;
BEGIN
    PERFORM set_config('role', 'activity_owner', true);
    IF EXISTS (SELECT FROM activity.permissions g WHERE g.user_id = c_ann AND g.granted_by = c_mira) THEN
        RETURN;
    END IF;
    v_replies := ARRAY[collaboration.sp_create_event(c_mira, json_build_object(
        'title', 'Release rehearsal', 'location', 'Room 4', 'start_time', v_start, 'end_time', v_start + interval '90 minutes'), true)];
    v_event := v_replies[1].body::jsonb ->> 'id';
    v_replies := v_replies || collaboration.sp_share_event(c_mira, v_event, (
        SELECT jsonb_agg(jsonb_build_object('user_id', u.number, 'permission_level',
                                            CASE u.user_id WHEN c_jo THEN 'editor' ELSE 'viewer' END))
          FROM activity.users u WHERE u.user_id IN (c_jo, c_ann)))
        || collaboration.sp_update_event(
            c_jo, v_event, '"1"', json_build_object('location', 'Room 7', 'change_reason', 'Room 4 is being painted'), false);
    IF EXISTS (SELECT FROM unnest(v_replies) r WHERE r.status >= 400) THEN
        RAISE 'demo data: collaboration was refused: %', v_replies;
    END IF;
END $collaboration$;

-- What the GatherHub API shows: for the night ride a task, and a vote that two have cast.
DO $gatherhub$
DECLARE
    c_mira    CONSTANT uuid := '0d000000-0000-4000-8000-000000000001';
    c_jo      CONSTANT uuid := '0d000000-0000-4000-8000-000000000002';
    v_event   bigint;
    v_vote    jsonb;
    v_replies activity.reply[];
BEGIN
    PERFORM set_config('role', 'activity_owner', true);
    SELECT a.number INTO v_event FROM activity.activities a
     WHERE a.organizer_user_id = c_mira AND a.title = 'Night ride along the Leie' AND a.deleted_at IS NULL;
    IF v_event IS NULL OR EXISTS (SELECT FROM activity.tasks k JOIN activity.activities a USING (activity_id) WHERE a.number = v_event) THEN
        RETURN;
    END IF;
    v_replies := ARRAY[
        gatherhub.create_task(c_mira, v_event, 'Bring the pump', '', 'medium', NULL,
                              (SELECT u.number FROM activity.users u WHERE u.user_id = c_jo), ''),
        gatherhub.create_vote(c_jo, v_event, 'Where to stop', '', '[{"text": "At the lock"}, {"text": "At the mill"}]', NULL, true)];
    v_vote := v_replies[2].body;
    v_replies := v_replies
        || gatherhub.cast_vote(c_mira, (v_vote ->> 'id')::bigint, jsonb_build_array(v_vote #> '{options,0,id}'))
        || gatherhub.cast_vote(c_jo, (v_vote ->> 'id')::bigint, jsonb_build_array(v_vote #> '{options,0,id}', v_vote #> '{options,1,id}'));
    IF EXISTS (SELECT FROM unnest(v_replies) r WHERE r.status >= 400) THEN
        RAISE 'demo data: gatherhub was refused: %', v_replies;
    END IF;
END $gatherhub$;
