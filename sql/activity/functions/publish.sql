-- Moves what is committed from outbox to changes, where position numbers it; one caller at a time, so numbers appear in order. Rows of
-- outbox appear late behind higher ones, since change_id is taken before commit: a reader of "id > last" would lose these. What becomes
-- visible together is sorted by change_id, which within an activity (a task, a vote) is the order of commit, because such rows are written
-- under one lock. p_floor only spares the dead front of the index; once a later call says oldest > xid, every transaction that could still
-- write below highest is over, and highest is the floor.
CREATE OR REPLACE FUNCTION activity.publish(p_floor bigint)
RETURNS TABLE (moved int, "position" bigint, highest bigint, xid bigint, oldest bigint)
LANGUAGE plpgsql ROWS 1 SECURITY DEFINER SET search_path = activity, pg_temp
AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('activity publish', 0));
    -- Before anything is looked at: who is over by now has been seen when rows are moved below, not perhaps a moment later.
    oldest := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

    -- The lowest first: what is left for the next call is above what goes now.
    WITH taken AS (
        DELETE FROM outbox
         WHERE change_id IN (SELECT o.change_id FROM outbox o WHERE o.change_id > p_floor ORDER BY o.change_id LIMIT 10000)
        RETURNING *
    ), put AS (
        INSERT INTO changes (created_at, activity_id, user_id, object_id, n, kind, payload, audience)
        SELECT t.created_at, t.activity_id, t.user_id, t.object_id, t.n, t.kind, t.payload, t.audience FROM taken t ORDER BY t.change_id
        RETURNING position
    )
    SELECT (SELECT count(*) FROM put), (SELECT max(p.position) FROM put p), (SELECT max(t.change_id) FROM taken t)
      INTO moved, "position", highest;
    IF moved > 0 THEN
        xid := pg_current_xact_id()::text::bigint;              -- after the snapshot that saw what was moved
    END IF;
    RETURN NEXT;
END $$;
