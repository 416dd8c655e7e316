-- The sentence for an attendance that was not possible, or null for one that was.
CREATE OR REPLACE FUNCTION attendance.mark_error(p_mark activity.mark, p_activity activity.activities) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE p_mark.outcome
        WHEN 'not-started' THEN format('Event hasn''t started yet. Starts in %s minutes',
            greatest(1, ceil(extract(epoch FROM p_activity.scheduled_at - p_mark.instant) / 60)::bigint))
        WHEN 'ended' THEN 'Event has already ended'
        WHEN 'already' THEN 'Already marked as attended'
        WHEN 'not-allowed' THEN 'Not allowed to attend this event'
        WHEN 'waiting' THEN 'You are on the waitlist of this event'
        WHEN 'full' THEN 'Event is full'
    END;
$$;
