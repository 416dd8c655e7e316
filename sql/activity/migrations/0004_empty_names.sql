-- 0004: a display name may be the empty text.  Who registers with "" has said so, and gets it back as sent; where somebody is shown to
-- others it counts as none.

SET LOCAL search_path = activity, pg_temp;

ALTER TABLE users DROP CONSTRAINT users_name_check, ADD CONSTRAINT users_name_check CHECK (char_length(name) <= 200);
