-- Before a migration alters tables under a server that goes on: locks all that any migration alters, or none. Who locked one and waited for
-- the next would wait in a circle with a request that holds the next and wants the first, and one of the two would be thrown out. So the
-- first is waited for, the others for a moment, and else what is held is given back and another is the first. Mostly that is shorter than
-- deadlock_timeout; every third time it is long enough for slow requests to end and for an autovacuum to go, and a request that is thrown
-- out by that is repeated by the module. Requests wait for such moments, and then for the end of the installation.

DO $$
DECLARE
    c_altered constant text[] := '{activity.users,activity.activities}';
    v_table   text;
    v_before  text := current_setting('lock_timeout');
BEGIN
    FOR v_try IN 1 .. 100 LOOP
        BEGIN
            PERFORM set_config('lock_timeout', CASE WHEN v_try % 3 = 0 THEN '5s' ELSE '500ms' END, true);
            FOR v_table IN SELECT t.name FROM unnest(c_altered) WITH ORDINALITY t (name, place)
                            ORDER BY (t.place + v_try) % cardinality(c_altered) LOOP
                EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', v_table);
                PERFORM set_config('lock_timeout', CASE WHEN v_try % 3 = 0 THEN '900ms' ELSE '200ms' END, true);
            END LOOP;
            PERFORM set_config('lock_timeout', v_before, true);
            RETURN;
        EXCEPTION WHEN lock_not_available OR deadlock_detected THEN
            PERFORM pg_sleep(0.1 + random() / 10);
        END;
    END LOOP;
    RAISE EXCEPTION 'the tables that a migration alters cannot be locked: something holds one for long'
        USING HINT = 'Find it in pg_stat_activity (a dump, perhaps), wait for it or end it, and install again: nothing has been changed.';
END $$;
