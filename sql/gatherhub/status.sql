-- What the database says of itself, coarsely: open to all.
CREATE OR REPLACE FUNCTION gatherhub.status() RETURNS activity.reply
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    SELECT reply(200, jsonb_build_object(
        'version', 'PostgreSQL ' || (current_setting('server_version_num')::int / 10000),
        'table_count', (SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'activity'::regnamespace AND c.relkind IN ('r', 'p'))));
$$;
