-- Whether a capacity is too small for who takes part already. Null, no limit, never is. Inlined.
CREATE OR REPLACE FUNCTION activity.over_full(p_places activity.places, p_capacity int)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT coalesce(p_capacity < p_places.current_participants_count, false)
$$;
