-- With `-v renew=1`, drops the functions of the schema that the psql variable `schema` names before its files make them, so that return
-- types and parameter names may change.  That is for development: calls that are under way meanwhile fail ("cache lookup failed for
-- function").  Without it functions are replaced in place, and one whose shape changes is dropped by the numbered migration that comes with
-- the change.  Included by the install.sql of each folder.

\if :{?renew}
SELECT format('DROP ROUTINE %s', p.oid::regprocedure)
  FROM pg_proc p
 WHERE p.pronamespace = :'schema'::regnamespace AND p.proowner = 'activity_owner'::regrole
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid) \gexec
\endif
