-- Who got the place that somebody gave up, or null.
CREATE OR REPLACE FUNCTION participation.promotion(p_departure activity.departure) RETURNS json
LANGUAGE plpgsql STABLE SET search_path = activity, pg_temp AS $$
BEGIN
    RETURN (SELECT CASE WHEN cardinality(p_departure.promoted) > 0 THEN
        json_build_object('user_id', p_departure.promoted[1], 'promoted_at', wire_time(p_departure.promoted_at)) END);
END $$;
