-- Above 100 means 100.
CREATE OR REPLACE FUNCTION gatherhub.page_size(p_size bigint) RETURNS int
LANGUAGE sql IMMUTABLE AS $$ SELECT least(p_size, 100)::int $$;
