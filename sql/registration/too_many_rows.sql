-- A list is never shortened in silence: beyond 10000 rows the client pages.
CREATE OR REPLACE FUNCTION registration.too_many_rows() RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(422, json_build_object('detail', json_build_array(json_build_object(
        'type', 'too_many_rows', 'loc', json_build_array('query', 'limit'),
        'msg', 'More than 10000 rows match: page with limit and offset')))));
END $$;
