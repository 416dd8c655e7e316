-- A claim that is a string of at most so many characters, not white space alone and without control characters; else null. Not an error:
-- what does not fit is left out.
CREATE OR REPLACE FUNCTION activity.claim_text(p_claims jsonb, p_name text, p_most int)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN jsonb_typeof(p_claims -> p_name) = 'string'
                 AND char_length(p_claims ->> p_name) <= p_most
                 AND p_claims ->> p_name !~ '[\u0001-\u001F\u007F]'
                 AND p_claims ->> p_name ~ '[^\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]'
                THEN p_claims ->> p_name END
$$;
