-- The one instant of a decision under the lock, for the clock and the order: later than every instant given before. Inlined.
CREATE OR REPLACE FUNCTION activity.instant(p_places activity.places)
RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$
    SELECT greatest(clock_timestamp(), p_places.decided_at + interval '1 microsecond')
$$;
