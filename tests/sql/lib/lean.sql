-- For tests of plans; presumes schema t.
-- One test: the call is answered with that status, reads no table through, reads at most so many rows by index and takes at most so long, seven times:
-- with the plans of the first calls and with those that are kept after the fifth.
CREATE FUNCTION t.lean(p_call text, p_rows bigint, p_status int DEFAULT 200, p_most interval DEFAULT '1 second') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    v_before record;
    v_after  record;
    v_status int;
    v_start  timestamptz;
    v_took   interval;
    c_reads  constant text := $q$
        SELECT sum(seq_tup_read) AS through, sum(coalesce(idx_tup_fetch, 0)) AS fetched
          FROM pg_stat_xact_user_tables WHERE schemaname = 'activity'$q$;
BEGIN
    FOR i IN 1 .. 7 LOOP
        EXECUTE c_reads INTO v_before;
        v_start := clock_timestamp();
        EXECUTE 'SELECT (r).status FROM (SELECT ' || p_call || ' AS r OFFSET 0) x' INTO v_status;
        v_took := clock_timestamp() - v_start;
        EXECUTE c_reads INTO v_after;
        IF v_status IS DISTINCT FROM p_status OR v_after.through > v_before.through
           OR v_after.fetched - v_before.fetched > p_rows OR v_took > p_most THEN
            RETURN fail(p_call) || E'\n' || diag(format('call %s: status %s, %s rows read through, %s by index (at most %s), %s', i, v_status,
                v_after.through - v_before.through, v_after.fetched - v_before.fetched, p_rows, v_took));
        END IF;
    END LOOP;
    RETURN pass(format('%s: %s rows', p_call, v_after.fetched - v_before.fetched));
END $$;
