-- Whether a text is an address of the one form that users.email_form asks, and short enough.
CREATE OR REPLACE FUNCTION activity.email_fits(p_text text)
RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT char_length(p_text) <= 254 AND p_text ~
        '^[^@\u0001-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]{1,64}'
        '@[^@.\u0001-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+'
        '(\.[^@.\u0001-\u0020\u007F-\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+)+$'
$$;
