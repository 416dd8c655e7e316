-- Drops functions that no file makes any more: in a schema in which this transaction has made functions, those that it has not made.  A
-- schema of somebody else's API has none that were made now and is left alone; so is what something else depends on.

SELECT format('DROP ROUTINE %s', p.oid::regprocedure)
  FROM pg_proc p
 WHERE p.proowner = 'activity_owner'::regrole AND p.xmin <> pg_current_xact_id()::xid
   AND EXISTS (SELECT FROM pg_proc made WHERE made.pronamespace = p.pronamespace AND made.xmin = pg_current_xact_id()::xid)
   AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_proc'::regclass AND d.refobjid = p.oid) \gexec
