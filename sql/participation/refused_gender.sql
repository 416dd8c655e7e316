-- The refusal of somebody who is known not to be of those whom an activity is for.
CREATE OR REPLACE FUNCTION participation.refused_gender(p_standing activity.standing) RETURNS activity.reply
LANGUAGE plpgsql IMMUTABLE SET search_path = participation, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT problem(403, 'GENDER_RESTRICTED',
                   CASE p_standing.refused_gender WHEN 'womens_only' THEN 'Activity is for women only'
                                                  ELSE 'Activity is for men only' END));
END $$;
