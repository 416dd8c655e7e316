-- 0005: what a search compares is caseless(): folded letter by letter it did not find Straße by STRASSE, nor İstanbul by istanbul.
-- The expression is that function's, written out, so that the function can be replaced in place.

SET LOCAL search_path = activity, pg_temp;

DROP INDEX activities_search;
CREATE INDEX activities_search ON activities
    USING gin ((CASE WHEN octet_length((title || E'\n' || coalesce(description, '')) COLLATE folded)
                        = char_length((title || E'\n' || coalesce(description, '')) COLLATE folded)
                     THEN lower(((title || E'\n' || coalesce(description, '')) COLLATE folded) COLLATE "C") COLLATE folded
                     ELSE replace(replace(replace(replace(lower((title || E'\n' || coalesce(description, '')) COLLATE folded),
                                                          U&'\00DF', 'ss'), U&'\03C2', U&'\03C3'), U&'\0131', 'i'), U&'i\0307', 'i')
                END) :"trgm".gin_trgm_ops)
    WHERE deleted_at IS NULL;
