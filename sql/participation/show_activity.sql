-- One Activity as it stands now.
CREATE OR REPLACE FUNCTION participation.show_activity(p_activity uuid) RETURNS json
LANGUAGE plpgsql VOLATILE SET search_path = participation, activity, pg_temp AS $$
BEGIN
    RETURN (SELECT activity_json(a, p, o, EXISTS (SELECT FROM participants t
                                                   WHERE t.activity_id = a.activity_id AND t.user_id = a.organizer_user_id))
      FROM activities a
      JOIN places p ON p.activity_id = a.activity_id
      LEFT JOIN users o ON o.user_id = a.organizer_user_id
     WHERE a.activity_id = p_activity);
END $$;
