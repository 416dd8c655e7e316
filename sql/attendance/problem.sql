-- A refusal in this API's form: the detail is a sentence, or an object.
CREATE OR REPLACE FUNCTION attendance.problem(p_status int, p_detail text) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(p_status, json_build_object('detail', p_detail)));
END $$;
