-- Applies every migration that this database has not seen, in order.  A new one is a file and six lines here; nothing here is ever changed
-- or removed.  Part of install.sql; `-v upto=N` stops after number N (the tests of upgrades begin from an old state so).

\if :{?upto}
\else
\set upto 2147483647
\endif

CREATE TABLE IF NOT EXISTS activity.schema_versions (
    version    int         NOT NULL PRIMARY KEY,
    name       text        NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE activity.schema_versions IS 'Which migrations this database has; written by the transaction that applies them.';

SELECT n.nspname AS trgm FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm' \gset

SELECT 1 <= :upto AND NOT EXISTS (SELECT FROM activity.schema_versions WHERE version = 1) AS pending \gset
\if :pending
\ir 0001_core.sql
INSERT INTO activity.schema_versions (version, name) VALUES (1, 'core');
\endif

SELECT 2 <= :upto AND NOT EXISTS (SELECT FROM activity.schema_versions WHERE version = 2) AS pending \gset
\if :pending
\ir 0002_indexes.sql
INSERT INTO activity.schema_versions (version, name) VALUES (2, 'indexes');
\endif

SELECT 3 <= :upto AND NOT EXISTS (SELECT FROM activity.schema_versions WHERE version = 3) AS pending \gset
\if :pending
\ir lock.sql
\ir 0003_name_claims.sql
INSERT INTO activity.schema_versions (version, name) VALUES (3, 'name claims');
\endif

SELECT 4 <= :upto AND NOT EXISTS (SELECT FROM activity.schema_versions WHERE version = 4) AS pending \gset
\if :pending
\ir lock.sql
\ir 0004_empty_names.sql
INSERT INTO activity.schema_versions (version, name) VALUES (4, 'empty names');
\endif

SELECT 5 <= :upto AND NOT EXISTS (SELECT FROM activity.schema_versions WHERE version = 5) AS pending \gset
\if :pending
\ir lock.sql
\ir 0005_search.sql
INSERT INTO activity.schema_versions (version, name) VALUES (5, 'search');
\endif

SET LOCAL search_path = pg_catalog;
