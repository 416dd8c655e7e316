CREATE OR REPLACE FUNCTION gatherhub.get_results(p_caller uuid, p_vote bigint) RETURNS activity.reply
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = gatherhub, activity, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    v_json jsonb;
BEGIN
    SELECT results_json(f.vote) INTO v_json FROM find_vote(p_vote, p_caller) f WHERE (f.vote).vote_id IS NOT NULL;
    IF v_json IS NULL THEN
        RETURN vote_missing();
    END IF;
    RETURN reply(200, v_json);
END $$;
