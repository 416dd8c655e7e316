#!/usr/bin/env bash
# Installing: from the first state with rows in it to now, from nothing, twice, and by somebody who is no superuser.  TAP on standard output; PGHOST, PGPORT and PGUSER say where.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
scratch=$(mktemp -d)
db=upgrade_$$
number=0 failed=0
trap 'psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $db" -c "DROP DATABASE IF EXISTS ${db}_plain" -c "DROP ROLE IF EXISTS $db" >/dev/null 2>&1; rm -rf "$scratch"' EXIT
export PGOPTIONS='-c client_min_messages=warning'

check() {       # STATUS TEXT: one line of TAP
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; failed=1; fi
}
same() { if [ "$1" = "$2" ]; then check 0 "$3"; else check 1 "$3"; printf '# have: %s\n# want: %s\n' "$1" "$2"; fi; }
run() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$db" "$@" 2>"$scratch/errors" || sed 's/^/# /' "$scratch/errors" >&2; }
install() { psql -X -q -v ON_ERROR_STOP=1 -1 -f "$top/sql/install.sql" "$@" >"$scratch/out" 2>&1; }
schema() { pg_dump --schema-only --no-comments --restrict-key=x "$@" 2>/dev/null || pg_dump --schema-only --no-comments "$@"; }

# ---- every file is named where it is called ----

same "$(cd "$top/sql/activity/functions" && ls ./*.sql | grep -v install.sql | sed 's/^..//' | sort)" \
     "$(sed -n 's/^\\ir \([a-z_]*\.sql\)$/\1/p' "$top/sql/activity/functions/install.sql" | sort)" 'every function is installed'
same "$(cd "$top/sql/activity/migrations" && ls 0*.sql)" "$(sed -n 's/^\\ir \(0.*\)$/\1/p' "$top/sql/activity/migrations/apply.sql")" 'every migration is applied, in order'
same "$(cd "$top/sql/activity/functions" && for f in *.sql; do grep -qE "FUNCTION activity\.${f%.sql}\(" "$f" || echo "$f"; done)" install.sql 'a function a file, named after it'

# ---- from the first state ----

psql -X -q -d postgres -c "CREATE DATABASE $db" || exit 1
{ echo '\set upto 1'; echo "\\ir $top/sql/roles.sql"; echo 'SET LOCAL ROLE activity_owner;'; echo "\\ir $top/sql/activity/migrations/apply.sql"; } >"$scratch/first.sql"
run -1 -f "$scratch/first.sql" >/dev/null
same "$(run -c 'SELECT array_agg(version ORDER BY version) FROM activity.schema_versions')" '{1}' 'the first state stands'
run >/dev/null <<'SQL'
SET search_path = activity;
INSERT INTO users (username, email) SELECT 'user ' || k, 'user' || k || '@example.org' FROM generate_series(1, 100) k;
INSERT INTO activities (title, description, organizer_user_id, scheduled_at, tags) SELECT 'Ride ' || number, repeat('far ', 50), user_id, now() + number * interval '1 day', '{bike}' FROM users;
INSERT INTO places (activity_id, current_participants_count) SELECT activity_id, 1 FROM activities;
INSERT INTO participants (activity_id, user_id, registered_at, joined_at, role) SELECT activity_id, organizer_user_id, created_at, created_at, 'organizer' FROM activities;
INSERT INTO activity_versions (activity_id, version_number, kind, data, change_summary)
SELECT activity_id, 1, 'created', jsonb_build_object('title', title, 'description', description, 'location', NULL,
       'start_time', replace(to_char(scheduled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '.000000', '') || 'Z', 'end_time', NULL, 'is_recurring', false, 'recurrence_type', 'none', 'recurrence_pattern', NULL),
       'Initial creation' FROM activities;
UPDATE places SET decided_at = clock_timestamp();
SQL
rows() { run -c "SELECT md5(string_agg(x, chr(10) ORDER BY x)) FROM (SELECT u::text FROM activity.users u UNION ALL SELECT a::text FROM activity.activities a
                 UNION ALL SELECT p::text FROM activity.places p UNION ALL SELECT t::text FROM activity.participants t UNION ALL SELECT v::text FROM activity.activity_versions v) r (x)"; }
before=$(rows)
# A server goes on meanwhile: a request has read one table that is altered, and comes to another that is.
psql -X -q -1 -v ON_ERROR_STOP=1 -d "$db" -c 'SELECT count(*) FROM activity.activities' -c 'SELECT pg_sleep(1.5)' \
    -c 'SELECT count(*) FROM activity.users' >"$scratch/request" 2>&1 &
request=$!
for _ in $(seq 100); do
    [ "$(run -c "SELECT count(*) FROM pg_locks WHERE relation = 'activity.activities'::regclass")" = 0 ] || break
    sleep 0.02
done
install "$db"; check $? 'it is brought up to date'; sed 's/^/# /' "$scratch/out"
wait "$request"; check $? 'and a request that was under way is answered'; grep ERROR "$scratch/request" | sed 's/^/# /'
same "$(rows)" "$before" 'with every row as it was'
same "$(run -c 'SELECT count(*) FROM activity.schema_versions')" "$(ls "$top"/sql/activity/migrations/0*.sql | wc -l)" 'every migration once'
same "$(run -c 'SELECT count(*) FROM activity.broken()')" 0 'and nothing broken'
schema "$db" >"$scratch/upgraded"

# ---- again ----

install "$db"; check $? 'again'; sed 's/^/# /' "$scratch/out"
schema "$db" | diff "$scratch/upgraded" - >"$scratch/diff"; check $? 'changes nothing'; head -n 20 "$scratch/diff" | sed 's/^/# /'
same "$(rows)" "$before" 'in no row either'

# A function that no file makes any more, or of another shape: neither stays behind; somebody else's does.
run -c 'SET ROLE activity_owner; CREATE FUNCTION activity.wire_time(p_instant text) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
        CREATE SCHEMA theirs; CREATE FUNCTION theirs.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_temp AS $$ SELECT 1 $$' >/dev/null
install "$db"; check $? 'over functions of long ago'; sed 's/^/# /' "$scratch/out"
same "$(run -c "SELECT has_function_privilege('activity_web', 'theirs.f()', 'EXECUTE')")" t 'what another hand has made stays, and may be called'
run -c 'DROP SCHEMA theirs CASCADE' >/dev/null
schema "$db" | diff "$scratch/upgraded" - >"$scratch/diff"; check $? 'what is no more is gone'; head -n 20 "$scratch/diff" | sed 's/^/# /'
run -c 'DROP FUNCTION activity.rank_of; SET ROLE activity_owner; CREATE FUNCTION activity.rank_of(p_activity uuid, p_user uuid) RETURNS text LANGUAGE sql AS $$ SELECT 1::text $$' >/dev/null
install "$db"; [ $? != 0 ]; check $? 'a function of another shape is refused'
install -v renew=1 "$db"; check $? 'in development over functions of another shape too'; sed 's/^/# /' "$scratch/out"
schema "$db" | diff "$scratch/upgraded" - >"$scratch/diff"; check $? 'which are gone'; head -n 20 "$scratch/diff" | sed 's/^/# /'

# A migration that fails leaves what was there.
mkdir "$scratch/sql" && cp -r "$top/sql/." "$scratch/sql/"
echo 'ALTER TABLE activity.users ADD COLUMN half_done int; SELECT 1/0;' >"$scratch/sql/activity/migrations/9999_broken.sql"
echo '\ir 9999_broken.sql' >>"$scratch/sql/activity/migrations/apply.sql"
psql -X -q -v ON_ERROR_STOP=1 -1 -f "$scratch/sql/install.sql" "$db" >"$scratch/out" 2>&1
grep -q 'division by zero' "$scratch/out"; check $? 'a migration that fails'
schema "$db" | diff "$scratch/upgraded" - >"$scratch/diff"; check $? 'leaves everything as it was'; head -n 20 "$scratch/diff" | sed 's/^/# /'

# ---- by the database's owner, who is no superuser ----

psql -X -q -d postgres -c "CREATE ROLE $db LOGIN CREATEROLE" -c "CREATE DATABASE ${db}_plain OWNER $db" || exit 1
run_as() { { echo "SET SESSION AUTHORIZATION $db;"; echo "\\ir $top/sql/install.sql"; } >"$scratch/plain.sql"; psql -X -q -v ON_ERROR_STOP=1 -1 -f "$scratch/plain.sql" "${db}_plain" >"$scratch/out" 2>&1; }
run_as; check $? 'its owner installs it'; sed 's/^/# /' "$scratch/out"
run_as; check $? 'and again'; sed 's/^/# /' "$scratch/out"
same "$(psql -X -q -A -t -d "${db}_plain" -c "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'activity' AND c.relkind = 'r' AND c.relowner <> 'activity_owner'::regrole")" 0 'activity_owner owns every table'

psql -X -q -d postgres -c "DROP DATABASE ${db}_plain" -c "REVOKE activity_owner FROM $db" -c "DROP ROLE $db" >/dev/null 2>&1
echo "1..$number"
exit $failed
