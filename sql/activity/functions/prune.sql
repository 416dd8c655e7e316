-- Throws away what nothing can use any more: changes older than p_keep (but for the newest, whose number says where the line is), tokens,
-- links and claims of names that have expired, sessions a day after their last token could be good, and activities 30 days after their
-- deletion, with their versions and permissions; confirmations stay in the counts. Once a minute; each time a bounded part of it.
CREATE OR REPLACE FUNCTION activity.prune(p_keep interval DEFAULT '10 minutes')
RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = activity, pg_temp
AS $$
DECLARE
    v_now  timestamptz := clock_timestamp();
    v_from bigint;
    v_gone int;
    v_all  int := 0;
    v_id   uuid;
BEGIN
    SELECT c.position INTO v_from FROM changes c WHERE c.created_at >= v_now - p_keep ORDER BY c.position LIMIT 1;
    DELETE FROM changes c WHERE c.position < coalesce(v_from, (SELECT max(l.position) FROM changes l));
    GET DIAGNOSTICS v_all = ROW_COUNT;
    DELETE FROM revoked_tokens WHERE expires_at < v_now;
    GET DIAGNOSTICS v_gone = ROW_COUNT;
    v_all := v_all + v_gone;
    DELETE FROM discord_links WHERE expires_at < v_now;
    GET DIAGNOSTICS v_gone = ROW_COUNT;
    v_all := v_all + v_gone;
    DELETE FROM name_claims c USING (SELECT kind, name FROM name_claims WHERE expires_at < v_now
                                      ORDER BY kind, name FOR UPDATE SKIP LOCKED) o
     WHERE c.kind = o.kind AND c.name = o.name;
    GET DIAGNOSTICS v_gone = ROW_COUNT;
    v_all := v_all + v_gone;
    DELETE FROM sessions WHERE expires_at < v_now - interval '1 day';
    GET DIAGNOSTICS v_gone = ROW_COUNT;
    v_all := v_all + v_gone;

    FOR v_id IN
        SELECT activity_id
          FROM (SELECT activity_id FROM activities WHERE deleted_at < v_now - interval '30 days' ORDER BY deleted_at LIMIT 100) old
         ORDER BY activity_id
    LOOP
        PERFORM lock_activity(v_id);
        DELETE FROM activities WHERE activity_id = v_id AND deleted_at < v_now - interval '30 days';      -- not if restored meanwhile
        GET DIAGNOSTICS v_gone = ROW_COUNT;
        v_all := v_all + v_gone;
    END LOOP;
    RETURN v_all;
END $$;
