-- Installs everything, or brings an older installation up to date.  One transaction, safe to repeat:
--
--     psql -X -v ON_ERROR_STOP=1 -1 -f sql/install.sql [-v web_role=NAME] DATABASE
--
-- Tables are changed by numbered migrations only; functions are made anew whole.  An API is one \ir line below.

\ir roles.sql

-- Two installs at once go one after the other.
SELECT pg_advisory_xact_lock(hashtextextended('activity install', 0)) \g /dev/null

SET LOCAL ROLE activity_owner;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

\ir activity/migrations/apply.sql
\ir activity/functions/install.sql

-- APIs: each folder makes its schema and procedures.
\ir participation/install.sql
\ir registration/install.sql

\ir rights.sql

RESET ROLE;
