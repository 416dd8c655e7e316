-- Roles, the schema's place and the one extension.  Run by the database's owner (with CREATEROLE where the roles do not exist yet) or a
-- superuser.

\if :{?web_role}
\else
\set web_role activity_web
\endif

SET LOCAL search_path = pg_catalog;
SET LOCAL client_min_messages = warning;

DO $$
BEGIN
    IF current_setting('server_encoding') <> 'UTF8' THEN
        RAISE EXCEPTION 'this database is encoded in %', current_setting('server_encoding')
            USING HINT = 'Make one with ENCODING ''UTF8'' TEMPLATE template0: texts are Unicode and lengths count characters.';
    END IF;
    IF current_setting('server_version_num')::int < 150000 OR NOT EXISTS (SELECT FROM pg_collation WHERE collprovider = 'i') THEN
        RAISE EXCEPTION 'PostgreSQL 15 or later with ICU is needed, this is %', current_setting('server_version');
    END IF;
END $$;

SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'activity_owner') AS absent \gset
\if :absent
CREATE ROLE activity_owner NOLOGIN;
\endif
SELECT NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'web_role') AS absent \gset
\if :absent
CREATE ROLE :"web_role" LOGIN;
\endif

-- Who installs acts as the owner below.
SELECT NOT pg_has_role('activity_owner', 'MEMBER') AS absent \gset
\if :absent
GRANT activity_owner TO CURRENT_USER;
\endif

CREATE SCHEMA IF NOT EXISTS activity AUTHORIZATION activity_owner;
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA activity;

-- Schemas of APIs are made by the owner.
SELECT format('GRANT CREATE ON DATABASE %I TO activity_owner', current_database())
 WHERE NOT has_database_privilege('activity_owner', current_database(), 'CREATE') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), :'web_role')
 WHERE NOT has_database_privilege(:'web_role', current_database(), 'CONNECT') \gexec
-- The owner finds pg_trgm's operator class wherever an earlier hand has put it.
SELECT format('GRANT USAGE ON SCHEMA %I TO activity_owner', n.nspname)
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
 WHERE e.extname = 'pg_trgm' AND NOT has_schema_privilege('activity_owner', n.oid, 'USAGE') \gexec
