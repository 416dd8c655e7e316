-- A 422 that only the database can judge.
CREATE OR REPLACE FUNCTION attendance.invalid(p_loc text[], p_type text, p_msg text) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(422, json_build_object('detail', json_build_array(
        json_build_object('loc', to_json(p_loc), 'msg', p_msg, 'type', p_type)))));
END $$;
