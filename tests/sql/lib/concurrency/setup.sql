-- What the clients of core_concurrency.sh work on, and what each of them does: one step, at random.

CREATE SCHEMA bench;
SET search_path = activity, public;

INSERT INTO users (user_id, username) SELECT md5('p' || k)::uuid, 'p' || k FROM generate_series(1, 400) k;
CREATE TABLE bench.activities (k int PRIMARY KEY, activity_id uuid, kind text);
INSERT INTO bench.activities
SELECT k, (create_activity(jsonb_build_object('title', 'e' || k, 'organizer_user_id', md5('p' || k)::uuid, 'scheduled_at', now() + interval '1 day' * CASE WHEN k <= 12 THEN 1 ELSE -0.001 END,
                                              'max_participants', CASE WHEN k % 4 = 0 THEN NULL ELSE 5 + k END), false)).activity_id,
       CASE WHEN k <= 8 THEN 'ahead' WHEN k <= 12 THEN 'deleted' ELSE 'running' END
  FROM generate_series(1, 16) k;
CREATE TABLE bench.newcomers (user_id uuid PRIMARY KEY, name text);
INSERT INTO bench.newcomers SELECT md5('new' || k)::uuid, 'shared' || k % 40 FROM generate_series(1, 300) k;
CREATE TABLE bench.hub (floor bigint, highest bigint, xid bigint);
INSERT INTO bench.hub VALUES (0);

CREATE FUNCTION bench.person() RETURNS uuid LANGUAGE sql VOLATILE AS $$ SELECT md5('p' || 1 + floor(random() * 400)::int)::uuid $$;
CREATE FUNCTION bench.one(p_kind text) RETURNS uuid LANGUAGE sql VOLATILE AS
    $$ SELECT activity_id FROM bench.activities WHERE kind = p_kind ORDER BY random() LIMIT 1 $$;

CREATE FUNCTION bench.join(p_activity uuid, p_user uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_places   activity.places := activity.lock_activity(p_activity);
    v_activity activity.activities;
    v_stand    activity.standing;
BEGIN
    SELECT * INTO v_activity FROM activity.activities WHERE activity_id = p_activity AND deleted_at IS NULL;
    v_stand := activity.standing(v_places, v_activity, p_user, 'free', activity.instant(v_places));
    IF v_stand.status = 'published' AND NOT v_stand.registered AND NOT v_stand.waiting AND NOT v_stand.blocked THEN
        RETURN (activity.admit(v_places, p_user, v_stand, random() < 0.8)).outcome;
    END IF;
    RETURN 'no';
END $$;

-- A guest comes, registers and is forgotten, by several at once.
CREATE FUNCTION bench.guest() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_handle   text := 'g' || floor(random() * 20)::int;
    v_guest    uuid;
    v_activity uuid := bench.one('ahead');
BEGIN
    SELECT user_id INTO v_guest FROM activity.users WHERE handle = v_handle;
    IF v_guest IS NULL THEN
        PERFORM activity.sign_up(jsonb_build_object('handle', v_handle, 'name', v_handle, 'is_guest', true));
        RETURN 'made';
    ELSIF random() < 0.2 THEN
        RETURN activity.forget_guest(v_guest)::text;
    END IF;
    PERFORM activity.lock_activity(v_activity);
    PERFORM FROM activity.users WHERE user_id = v_guest AND is_active FOR KEY SHARE;
    IF NOT FOUND THEN
        RETURN 'gone';
    END IF;
    RETURN bench.join(v_activity, v_guest);
END $$;

CREATE FUNCTION bench.attend() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_activity uuid := bench.one('running');
    v_users    uuid[];
BEGIN
    IF random() < 0.5 THEN
        PERFORM activity.mark_attendance(v_activity, bench.person(), 'free', 'web');
        RETURN;
    END IF;
    v_users := ARRAY(SELECT user_id FROM activity.participants WHERE activity_id = v_activity ORDER BY random() LIMIT 8);
    PERFORM activity.set_attendance(activity.lock_activity(v_activity), v_users,
                                    ARRAY(SELECT (enum_range(NULL::activity.attendance_status))[1 + floor(random() * 3)::int] FROM unnest(v_users)), 'organizer', clock_timestamp());
END $$;

CREATE FUNCTION bench.block() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_a uuid := bench.person();
    v_b uuid := bench.person();
BEGIN
    IF v_a <> v_b THEN
        PERFORM FROM activity.users WHERE user_id IN (v_a, v_b) ORDER BY user_id FOR NO KEY UPDATE;
        INSERT INTO activity.user_blocks VALUES (v_a, v_b) ON CONFLICT DO NOTHING;
        DELETE FROM activity.user_blocks WHERE blocker_user_id = v_b;
    END IF;
END $$;

CREATE FUNCTION bench.step() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_dice float8 := random();
    v_one  uuid := bench.one('ahead');
    v_sid  uuid;
BEGIN
    CASE
    WHEN v_dice < 0.40 THEN
        RETURN bench.join(v_one, bench.person());
    WHEN v_dice < 0.60 THEN
        PERFORM activity.leave(activity.lock_activity(v_one), (SELECT user_id FROM activity.participants WHERE activity_id = v_one AND participation_status = 'registered' ORDER BY random() LIMIT 1),
                               random() < 0.5, NULL);
    WHEN v_dice < 0.65 THEN
        PERFORM activity.lock_activity(v_one);
        PERFORM activity.edit_activity(v_one, jsonb_build_object('max_participants', 3 + floor(random() * 30)::int), NULL);
    WHEN v_dice < 0.68 THEN
        PERFORM activity.lock_activity(v_one);
        PERFORM activity.edit_activity(v_one, jsonb_build_object('status', CASE WHEN random() < 0.7 THEN 'published' ELSE 'cancelled' END, 'title', 'e' || random()), NULL);
    WHEN v_dice < 0.75 THEN
        PERFORM bench.attend();
    WHEN v_dice < 0.80 THEN
        RETURN bench.guest();
    WHEN v_dice < 0.84 THEN
        PERFORM bench.block();
    WHEN v_dice < 0.87 THEN
        v_one := bench.one('deleted');
        RETURN bench.join(v_one, bench.person());
    WHEN v_dice < 0.89 THEN
        v_one := bench.one('deleted');
        PERFORM activity.lock_activity(v_one);
        IF NOT activity.restore_activity(v_one, NULL) THEN
            PERFORM activity.delete_activity(v_one, NULL);
        END IF;
    WHEN v_dice < 0.96 THEN
        PERFORM activity.caller(user_id, NULL, 1, '\x01', NULL, jsonb_build_object('username', name, 'email', name || '@example.org')) FROM bench.newcomers ORDER BY random() LIMIT 1;
    ELSE
        SELECT sid INTO v_sid FROM activity.sessions WHERE ended_at IS NULL ORDER BY random() LIMIT 1;
        IF v_sid IS NULL OR random() < 0.1 THEN
            PERFORM activity.open_session(bench.person(), 'gatherhub', gen_random_uuid(), gen_random_uuid(), 60);
        ELSIF random() < 0.1 THEN
            PERFORM activity.end_sessions((SELECT user_id FROM activity.sessions WHERE sid = v_sid), NULL, random() < 0.5);
        ELSE
            PERFORM activity.rotate('gatherhub', v_sid, (SELECT refresh_jti FROM activity.sessions WHERE sid = v_sid), gen_random_uuid(),
                                    CASE WHEN random() < 0.5 THEN '10 s' ELSE '0' END::interval, 60);
        END IF;
    END CASE;
    RETURN 'done';
END $$;

-- The hub's part: keeps the floor as the comment of publish says.
CREATE FUNCTION bench.publish() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    v_hub  bench.hub;
    v_told record;
BEGIN
    SELECT * INTO v_hub FROM bench.hub;
    SELECT * INTO v_told FROM activity.publish(v_hub.floor);
    IF v_hub.xid IS NOT NULL AND v_told.oldest > v_hub.xid THEN
        v_hub := ROW(v_hub.highest, NULL, NULL);
    END IF;
    IF v_hub.xid IS NULL AND v_told.moved > 0 THEN
        v_hub.highest := v_told.highest;
        v_hub.xid := v_told.xid;
    END IF;
    UPDATE bench.hub SET floor = v_hub.floor, highest = v_hub.highest, xid = v_hub.xid;
    RETURN v_told.moved;
END $$;

-- Of the activities that were never deleted: a change of the count that is not one step from the change before it.
CREATE FUNCTION bench.out_of_order() RETURNS TABLE (activity_id uuid, "position" bigint) LANGUAGE sql AS $$
    SELECT c.activity_id, c.position FROM (
        SELECT o.activity_id, o.position, o.kind, o.n, lag(o.n, 1, 0) OVER (PARTITION BY o.activity_id ORDER BY o.position) AS before
          FROM activity.changes o JOIN bench.activities b ON b.activity_id = o.activity_id
         WHERE o.kind IN ('joined', 'left', 'promoted') AND b.kind <> 'deleted') c
     WHERE c.n <> c.before + CASE c.kind WHEN 'left' THEN -1 ELSE 1 END
$$;

-- A thousand for ten places.
CREATE SEQUENCE bench.rusher MINVALUE 0 START 0;
CREATE TABLE bench.rushers (who int);
CREATE FUNCTION bench.rushed() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT activity_id FROM activity.activities WHERE title = 'rush' $$;
CREATE FUNCTION bench.rush(p_who int) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF p_who IS NULL THEN
        INSERT INTO activity.users (user_id, username) SELECT md5('rush' || k)::uuid, 'rush' || k FROM generate_series(0, 999) k;
        PERFORM activity.create_activity(jsonb_build_object('title', 'rush', 'scheduled_at', now() + interval '1 day', 'max_participants', 10), false);
        RETURN NULL;
    END IF;
    INSERT INTO bench.rushers VALUES (p_who);
    RETURN bench.join_waiting(bench.rushed(), md5('rush' || p_who)::uuid);
END $$;
CREATE FUNCTION bench.join_waiting(p_activity uuid, p_user uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_places   activity.places := activity.lock_activity(p_activity);
    v_activity activity.activities;
BEGIN
    SELECT * INTO v_activity FROM activity.activities WHERE activity_id = p_activity;
    RETURN (activity.admit(v_places, p_user, activity.standing(v_places, v_activity, p_user, 'free', activity.instant(v_places)), true)).outcome;
END $$;
