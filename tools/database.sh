#!/usr/bin/env bash
# database.sh start|stop|status|psql|new NAME|drop NAME: the private PostgreSQL cluster of an instance.
#
#   start          makes the cluster if there is none, starts it, makes or completes the database (schema,
#                  procedures and, with DEMO=1, demo data where there are no users yet)
#   stop           stops it, ending what is connected
#   psql [ARGS]    psql as the cluster's superuser; reads standard input
#   new NAME [OF]  a database of that name: a copy of OF, or empty but for the extension pgtap
#   drop NAME      the reverse
#
# There is no TCP: the cluster listens on one socket, in a directory that only its own user, httpd's group and root
# can enter. Who operates it (this user; as root also the cluster's own user) is `postgres` there, without a
# password, by what the kernel says of the other end. The web role has a password, in $VAR/db.password.
# FSYNC=off makes a cluster that a power cut would break, for tests.
. "$(dirname "$0")/common.sh"

log=$VAR/postgresql.log

bin=$(pg_config --bindir 2>/dev/null || :)
[ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb || echo /usr/bin/initdb)")

# ---- the cluster ---------------------------------------------------------------------------------------------

running() { [ -f "$data/postmaster.pid" ] && as "$db_user" "$bin/pg_ctl" -D "$data" status >/dev/null 2>&1; }

# A socket's path has 107 bytes at most, and its directory must be reachable by httpd's children.
make_socket_dir() {
    local dir=$place/socket
    if [ ${#dir} -gt 80 ] || [[ $dir == *[[:space:]]* ]]; then
        dir=$(mktemp -d /tmp/activities-XXXXXX)
    fi
    mkdir -p "$dir"
    if is_root; then
        chown "$db_user:$web_group" "$dir"
        chmod 0750 "$dir"
    else
        chmod 0700 "$dir"
    fi
    echo "$dir" >"$VAR/socket.path"
}

make_cluster() {
    step "Making a PostgreSQL cluster in $data"
    mkdir -p "$data"
    chmod 0700 "$data"
    ! is_root || chown "$db_user:" "$data"
    as "$db_user" "$bin/initdb" -D "$data" -U postgres -E UTF8 --locale=C.UTF-8 --auth-local=peer --auth-host=reject \
        ${FSYNC:+--no-sync} >>"$log" 2>&1 ||
        { rm -rf "$data"; fail "initdb did not make a cluster" "$(tail_of "$log")" "put that right; $log has it all"; }
    {
        echo "# Written by tools/database.sh, once."
        echo "listen_addresses = ''"
        echo "max_connections = 300"
        echo "shared_buffers = 128MB"
        echo "wal_level = minimal"
        echo "max_wal_senders = 0"
        echo "max_wal_size = 1GB"
        echo "log_line_prefix = '%m [%p] %q%u@%d %a '"
        [ -z "${FSYNC:-}" ] || echo "fsync = $FSYNC"
    } >>"$data/postgresql.conf"
    {
        echo "# Written by tools/database.sh, once."
        echo "local  all  postgres   peer  map=operators"
        echo "local  all  $WEB_ROLE  scram-sha-256"
    } >"$data/pg_hba.conf"
    {
        echo "operators  $(id -un)  postgres"
        ! is_root || echo "operators  $db_user  postgres"
    } >"$data/pg_ident.conf"
}

start() {
    [ -n "$db_user" ] || fail "cannot run PostgreSQL" "it does not run as root, and there is no user postgres" \
        "install PostgreSQL's server package, or name a user with DATABASE_USER=…"
    place
    data=$place/db
    [ -f "$data/PG_VERSION" ] || make_cluster
    [ "$(stat -c %U "$data")" = "$db_user" ] ||
        fail "cannot start the database in $data" "it belongs to $(stat -c %U "$data")" \
            "call make as that user, or choose another directory with VAR=…"
    [ "$(cat "$data/PG_VERSION")" = "$("$bin/postgres" -V | grep -oE '[0-9]+' | head -n 1)" ] ||
        fail "cannot start the database in $data" \
            "it was made by PostgreSQL $(cat "$data/PG_VERSION"), and $("$bin/postgres" -V) is installed" \
            "upgrade it with pg_upgrade, or make distclean to begin anew without its data"
    if ! running; then
        step "Starting PostgreSQL"
        make_socket_dir
        # the log is opened here: the cluster's own user may not be able to reach it
        as "$db_user" "$bin/pg_ctl" -D "$data" -w -t 60 -o "-k $(socket_dir)" start >>"$log" 2>&1 </dev/null ||
            fail "PostgreSQL did not start" "$(tail_of "$log")" "put that right; $log has it all"
    fi
}

stop() {
    place
    data=$place/db
    if running; then
        step "Stopping PostgreSQL"
        as "$db_user" "$bin/pg_ctl" -D "$data" -w -t 60 -m fast stop >>"$log" 2>&1 ||
            fail "PostgreSQL did not stop" "$(tail_of "$log")" "see $log"
    fi
    case $(socket_dir) in /tmp/activities-*) rmdir "$(socket_dir)" 2>/dev/null || : ;; esac
    rm -f "$VAR/socket.path"
}

# ---- databases -----------------------------------------------------------------------------------------------

run_psql() {
    [ -n "$(socket_dir)" ] || fail "the database of $VAR is not running" "" "make start VAR=$VAR"
    PGHOST=$(socket_dir) PGPORT=5432 PGUSER=postgres PGDATABASE=${PGDATABASE:-$DATABASE} "$bin/psql" -X "$@"
}

ask() { run_psql -v ON_ERROR_STOP=1 -qAt -c "$1"; }

# The schema into the database $1: psql runs as us, who can read the checkout.
install_schema() {
    PGDATABASE=$1 PGOPTIONS='-c client_min_messages=warning' run_psql -v ON_ERROR_STOP=1 -q -1 -f "$TOP/sql/install.sql" \
        >"$VAR/install.log" 2>&1 ||
        fail "the schema could not be installed" "$(tail_of "$VAR/install.log")" \
            "this is a mistake in sql/; $VAR/install.log has it all"
}

make_database() {
    local sum
    if [ "$(PGDATABASE=postgres ask "SELECT count(*) FROM pg_database WHERE datname = '$DATABASE'")" = 0 ]; then
        step "Making the database '$DATABASE'"
        PGDATABASE=postgres ask "CREATE DATABASE $DATABASE"
    fi
    # installing again what is there already is right, and slow: only when the files have changed
    sum=$(cd "$TOP/sql" && find . -name '*.sql' ! -name demo.sql -type f -print0 | sort -z | xargs -0 cat | cksum)
    if [ "$sum" != "$(PGDATABASE=postgres ask "SELECT shobj_description(oid, 'pg_database') FROM pg_database
                                               WHERE datname = '$DATABASE'")" ]; then
        step "Installing schema and procedures"
        install_schema "$DATABASE"
        ask "COMMENT ON DATABASE $DATABASE IS '$sum'"
    fi
    make_secret "$VAR/db.password"
    # on standard input: a command line can be seen by everybody
    PGDATABASE=postgres run_psql -v ON_ERROR_STOP=1 -q <<-SQL
	ALTER ROLE $WEB_ROLE LOGIN PASSWORD '$(cat "$VAR/db.password")';
	SQL
    if [ "${DEMO:-1}" != 0 ] && [ -f "$TOP/sql/demo.sql" ] && [ "$(ask 'SELECT count(*) FROM activity.users')" = 0 ]; then
        step "Loading demo data"
        run_psql -v ON_ERROR_STOP=1 -q -1 -f "$TOP/sql/demo.sql" >"$VAR/demo.log" 2>&1 ||
            fail "the demo data could not be loaded" "$(tail_of "$VAR/demo.log")" "start without it: DEMO=0"
    fi
}

case ${1:-} in
start)
    start
    make_database
    ;;
restart-cluster) # as it is, without looking at schema and data
    start
    ;;
stop)
    stop
    ;;
status)
    place
    data=$place/db
    running
    ;;
psql)
    shift
    run_psql "$@"
    ;;
new)
    PGDATABASE=postgres
    ask "CREATE DATABASE $2 TEMPLATE ${3:-template0}"
    # what install.sql has granted on the database itself is not copied
    if [ -z "${3:-}" ]; then
        PGDATABASE=$2 ask "CREATE EXTENSION pgtap"
    else
        ask "GRANT CREATE ON DATABASE $2 TO activity_owner; GRANT CONNECT ON DATABASE $2 TO $WEB_ROLE"
    fi
    ;;
drop)
    PGDATABASE=postgres ask "DROP DATABASE IF EXISTS $2 WITH (FORCE)"
    ;;
*)
    fail "database.sh does not know '${1:-}'" "" "see its head"
    ;;
esac
