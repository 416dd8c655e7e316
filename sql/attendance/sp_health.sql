-- That this answers is the answer.
CREATE OR REPLACE FUNCTION attendance.sp_health() RETURNS activity.reply
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    SELECT reply(200, json_build_object('status', 'healthy'));
$$;
