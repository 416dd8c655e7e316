-- Tells the end of votes whose time has come, each once. A vote that is being cast in just now is told the next time.
CREATE OR REPLACE FUNCTION activity.end_votes()
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = activity, pg_temp
AS $$
DECLARE
    v_now  timestamptz := clock_timestamp();
    v_vote votes;
    v_told int := 0;
BEGIN
    FOR v_vote IN
        SELECT * FROM votes WHERE ended_sent_at IS NULL AND ends_at <= v_now ORDER BY ends_at LIMIT 1000 FOR NO KEY UPDATE SKIP LOCKED
    LOOP
        UPDATE votes SET ended_sent_at = v_now WHERE vote_id = v_vote.vote_id;
        PERFORM emit('vote.ended', v_vote.activity_id, NULL, v_vote.vote_id);
        v_told := v_told + 1;
    END LOOP;
    RETURN v_told;
END $$;
