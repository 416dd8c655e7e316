-- A refusal in this API's one shape.
CREATE OR REPLACE FUNCTION gatherhub.problem(p_status int, p_error text, p_message text, p_details jsonb DEFAULT '{}') RETURNS activity.reply
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT reply(p_status, jsonb_build_object('error', p_error, 'message', p_message, 'details', p_details,
                                              'timestamp', wire_time(clock_timestamp()), 'detail', p_message)));
END $$;
