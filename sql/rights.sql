-- Every right there is, given in this one place.  The web role sees schemas and executes what is made for it to call: the SECURITY DEFINER
-- functions of the schemas that activity_owner owns (the procedures of the documents, caller, release_names, the hub's functions).  It has
-- no right on any table, sequence or other function.

SET LOCAL search_path = pg_catalog;
SELECT set_config('activity.web_role', :'web_role', true) \g /dev/null

DO $$
DECLARE
    v_web    name := current_setting('activity.web_role');
    v_schema record;
    v_call   record;
BEGIN
    FOR v_schema IN SELECT oid, nspname FROM pg_namespace WHERE nspowner = 'activity_owner'::regrole LOOP
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', v_schema.nspname);
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', v_schema.nspname, v_web);
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM PUBLIC, %I', v_schema.nspname, v_web);
        EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM PUBLIC, %I', v_schema.nspname, v_web);
        FOR v_call IN SELECT oid::regprocedure AS signature, prosecdef
                        FROM pg_proc WHERE pronamespace = v_schema.oid AND proowner = 'activity_owner'::regrole LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, %I', v_call.signature, v_web);
            IF v_call.prosecdef THEN
                EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %I', v_call.signature, v_web);
            END IF;
        END LOOP;
    END LOOP;
END $$;
