CREATE OR REPLACE FUNCTION attendance.sp_info(p_version text) RETURNS activity.reply
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    SELECT reply(200, json_build_object(
        'message', 'Event Attendance API', 'version', p_version, 'docs', '/docs',
        'features', json_build_array('Attendance in a time window', 'Discord commands and interactions', 'Accounts and tokens',
                                     'Event management')));
$$;
