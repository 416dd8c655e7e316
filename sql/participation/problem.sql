-- A refusal in this API's form: for people `detail`, for programs `code`.
CREATE OR REPLACE FUNCTION participation.problem(p_status int, p_code text, p_detail text) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(p_status, json_build_object('detail', p_detail, 'code', p_code)));
END $$;
