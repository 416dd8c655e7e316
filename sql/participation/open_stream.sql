-- openStream: everybody may who could call at all. What was committed up to `position` is not told.
CREATE OR REPLACE FUNCTION participation.open_stream(p_user uuid, p_sub uuid, p_sid uuid, p_digest bytea, p_iat bigint,
                                          OUT status int, OUT body text, OUT headers text, OUT subscriber text, OUT "position" bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = activity, pg_temp AS $$
    SELECT 200, NULL::text, NULL::text,
           json_build_object('user_id', p_user, 'sub', p_sub, 'sid', p_sid, 'digest', p_digest, 'iat', p_iat)::text,
           last_position();
$$;
