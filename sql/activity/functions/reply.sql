-- What every procedure of a document returns: a status, a body that goes out as it is, and rarely headers. Three forms, so that no NULL
-- needs a cast. Inlined.
CREATE OR REPLACE FUNCTION activity.reply(p_status int)
RETURNS activity.reply LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT ROW(p_status, NULL::text, NULL::text)::activity.reply
$$;

CREATE OR REPLACE FUNCTION activity.reply(p_status int, p_body json, p_headers json DEFAULT NULL)
RETURNS activity.reply LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT ROW(p_status, p_body::text, p_headers::text)::activity.reply
$$;

CREATE OR REPLACE FUNCTION activity.reply(p_status int, p_body jsonb, p_headers jsonb DEFAULT NULL)
RETURNS activity.reply LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT ROW(p_status, p_body::text, p_headers::text)::activity.reply
$$;
