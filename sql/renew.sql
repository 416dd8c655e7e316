-- Drops the functions of the schema that the psql variable `schema` names, before its files make them anew: so a signature may change.  Included by the install.sql of each folder.
-- What something else depends on (an index of a hosting team's own, say) and what belongs to an extension stays, and is replaced in place.  All in one transaction: callers have the
-- old ones until the new ones are there.

SELECT format('DROP ROUTINE %s', p.oid::regprocedure)
  FROM pg_proc p
 WHERE p.pronamespace = :'schema'::regnamespace
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid)
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') \gexec
