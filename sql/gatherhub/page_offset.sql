-- How many rows come before a page; a page beyond any list is as good as the last number.
CREATE OR REPLACE FUNCTION gatherhub.page_offset(p_page bigint, p_size int) RETURNS bigint
LANGUAGE sql IMMUTABLE AS $$ SELECT (least(p_page, 1000000000) - 1) * p_size $$;
