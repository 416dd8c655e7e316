-- The words of a line: what stands between white space, Unicode's.
CREATE OR REPLACE FUNCTION attendance.words(p_line text) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
    SELECT array_remove(regexp_split_to_array(p_line,
        '[\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]+'), '');
$$;
