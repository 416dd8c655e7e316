-- Installs everything, or brings an older installation up to date.  One transaction, safe to repeat, and harmless to a server that goes on
-- meanwhile:
--
--     psql -X -v ON_ERROR_STOP=1 -1 -f sql/install.sql [-v web_role=NAME] [-v renew=1] DATABASE
--
-- Tables are changed by numbered migrations only; functions are replaced whole, in place.  An API is one \ir line below.  renew=1 is for
-- development (renew.sql).

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
\ir attendance/install.sql
\ir collaboration/install.sql
\ir gatherhub/install.sql

\ir sweep.sql
\ir rights.sql

RESET ROLE;
