#!/usr/bin/env bash
# Everybody at once: 30 clients join, leave, cancel, change capacity, attend, block, invite, delete and restore, forget guests, sign in for the first time and rotate sessions, while one publishes.  Afterwards
# nothing is broken, no statement has failed, and what was told is in order.  TAP on standard output; PGHOST, PGPORT and PGUSER say where.  SECONDS_LONG=10 how long.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
here=$top/tests/sql/lib/concurrency
scratch=$(mktemp -d)
db=concurrency_$$
number=0 failed=0
trap 'psql -X -q -d postgres -c "DROP DATABASE IF EXISTS $db WITH (FORCE)" >/dev/null 2>&1; rm -rf "$scratch"' EXIT
export PGOPTIONS='-c client_min_messages=warning'

check() {       # STATUS TEXT: one line of TAP
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; failed=1; fi
}
same() { if [ "$1" = "$2" ]; then check 0 "$3"; else check 1 "$3"; printf '# have: %s\n# want: %s\n' "$1" "$2"; fi; }
run() { psql -X -q -A -t -v ON_ERROR_STOP=1 -d "$db" "$@" 2>&1; }

psql -X -q -d postgres -c "CREATE DATABASE $db" || exit 1
psql -X -q -v ON_ERROR_STOP=1 -1 -f "$top/sql/install.sql" "$db" >"$scratch/out" 2>&1 || { cat "$scratch/out"; exit 1; }
run -f "$here/setup.sql" >"$scratch/out" || { cat "$scratch/out"; exit 1; }

# ---- everything at once ----

echo 'SELECT bench.step();' >"$scratch/step.sql"
echo 'SELECT bench.publish();' >"$scratch/publish.sql"
pgbench -n -M prepared -c 1 -T "$((${SECONDS_LONG:-10} + 1))" -f "$scratch/publish.sql" "$db" >"$scratch/publisher" 2>&1 &
publisher=$!
pgbench -n -M prepared -c 30 -j 2 -T "${SECONDS_LONG:-10}" -f "$scratch/step.sql" "$db" >"$scratch/clients" 2>&1 &
clients=$!
sleep "$((${SECONDS_LONG:-10} / 2))"
psql -X -q -v ON_ERROR_STOP=1 -1 -f "$top/sql/install.sql" "$db" >"$scratch/out" 2>&1
check $? 'all functions are made anew meanwhile'
sed 's/^/# /' "$scratch/out"
wait $clients
check $? 'thirty clients do everything'
wait $publisher
check $? 'while one publishes'
grep -hE 'ERROR|aborted' "$scratch/clients" "$scratch/publisher" | head -n 10 | sed 's/^/# /'
run -c 'SELECT count(*), sum(made) FROM (SELECT kind, count(*) AS made FROM activity.changes GROUP BY 1) k' | sed 's/^/# kinds of changes, changes: /'
while [ "$(run -c 'SELECT bench.publish()')" != 0 ]; do :; done

same "$(run -c 'SELECT * FROM activity.broken()')" '' 'nothing is broken'
same "$(run -c 'SELECT count(*) FROM activity.outbox')" 0 'everything was moved'
same "$(run -c 'SELECT * FROM bench.out_of_order() LIMIT 5')" '' 'each activity'\''s counts go step by step'
same "$(run -c "SELECT count(*) FROM activity.users WHERE username IS NULL AND email IS NULL AND NOT is_guest AND number > 400 AND user_id NOT IN (SELECT user_id FROM bench.newcomers)")" 0 'no account that nobody asked for'
same "$(run -c 'SELECT max(n) FROM (SELECT count(*) AS n FROM activity.users WHERE username IS NOT NULL GROUP BY lower(username)) x')" 1 'each name once'
same "$(run -c "SELECT count(DISTINCT username) FROM activity.users WHERE username LIKE 'shared%'")" \
     "$(run -c "SELECT count(DISTINCT w.name) FROM bench.newcomers w JOIN activity.users USING (user_id)")" 'and every name that somebody brought is somebody'\''s'
[ "$(run -c "SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'places' AND n_tup_upd > 0 AND n_tup_hot_upd::float / n_tup_upd > 0.9")" = 1 ]
check $? 'places are rewritten in place'

# ---- a thousand for ten places ----

run -c 'SELECT bench.rush(NULL)' >/dev/null
echo 'SELECT bench.rush(nextval($$bench.rusher$$)::int);' >"$scratch/rush.sql"
pgbench -n -c 20 -j 2 -t 50 -f "$scratch/rush.sql" "$db" >"$scratch/clients" 2>&1
check $? 'a thousand join at once'
grep -hE 'ERROR|aborted' "$scratch/clients" | head -n 5 | sed 's/^/# /'
same "$(run -c 'SELECT current_participants_count, waitlist_count FROM activity.places WHERE activity_id = bench.rushed()')" "10|$(($(run -c 'SELECT count(DISTINCT who) FROM bench.rushers') - 10))" 'ten are in, the others in line'
same "$(run -c 'SELECT * FROM activity.broken()')" '' 'and nothing is broken'

echo "1..$number"
exit $failed
