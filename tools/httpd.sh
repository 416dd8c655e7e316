#!/usr/bin/env bash
# httpd.sh start|stop|graceful|status|configtest: the httpd of an instance.
#
# Its configuration is written anew at each start, into $SERVER (default: $VAR), where its error.log, access.log
# and httpd.pid are too. It loads no more than it needs, includes conf/activities.conf as it is shipped, and then
# EXTRA_CONF. A second httpd on the same database is one with another SERVER and PORT (the tests do so).
. "$(dirname "$0")/common.sh"

SERVER=${SERVER:-$VAR}
conf=$SERVER/httpd.conf
program=$(apxs -q SBINDIR)/$(apxs -q PROGNAME)
modules=$(apxs -q LIBEXECDIR)

# ---- configuration -------------------------------------------------------------------------------------------

# The LoadModule lines of what is not compiled into this httpd.
load_modules() {
    local name builtin
    builtin=$("$program" -l)
    for name in "mpm_$MPM" unixd authz_core authz_host log_config reqtimeout headers remoteip unique_id status dbd; do
        case $builtin in *"mod_$name.c"* | *" $name.c"*) continue ;; esac
        [ -e "$modules/mod_$name.so" ] ||
            fail "this httpd has no module $name" "$modules/mod_$name.so does not exist" "install it; MPM is event or worker"
        printf 'LoadModule %-20s "%s"\n' "${name}_module" "$modules/mod_$name.so"
    done
    printf 'LoadModule %-20s "%s"\n' activities_module "$BUILD/mod_activities.so"
}

# The pages of /docs are read by httpd's children, who may not be able to reach the checkout.
docs_directory() {
    if as "$web_user" test -r "$BUILD/docs/index.html" 2>/dev/null || [ ! -d "$BUILD/docs" ]; then
        echo "$BUILD/docs"
    else
        rm -rf "$place/docs"
        cp -R "$BUILD/docs" "$place/docs"
        chmod -R a+rX "$place/docs"
        echo "$place/docs"
    fi
}

write_conf() {
    local modules_conf docs
    modules_conf=$(load_modules) || exit 1
    docs=$(docs_directory) || exit 1
    make_secret "$VAR/jwt.secret"
    mkdir -p "$place/nothing"
    (umask 077 && : >"$conf") # it holds the password of the web role
    cat >"$conf" <<EOF
# Written by tools/httpd.sh at each start: changes here are lost. Your own go into a file named by EXTRA_CONF=.

ServerRoot "$SERVER"
DefaultRuntimeDir "$SERVER"
PidFile "$SERVER/httpd.pid"
ServerName localhost:$PORT
Listen ${BIND:+$BIND:}$PORT
ListenBacklog 4096

$modules_conf
$(is_root && printf 'User "%s"\nGroup "%s"\n' "$web_user" "$web_group")

# Four children of 64 threads, all from the start: small enough for a laptop, and more than one child, so that what
# children must agree on is exercised.
ServerLimit 4
StartServers 4
ThreadLimit 64
ThreadsPerChild 64
MaxRequestWorkers 256
MinSpareThreads 64
MaxSpareThreads 256
GracefulShutdownTimeout 10
# Streams are connections that hold no thread: thousands of them in a child are fine.
<IfModule mpm_event_module>
    AsyncRequestWorkerFactor 100
</IfModule>

ErrorLog "$SERVER/error.log"
LogLevel warn activities:info
LogFormat "%h %u %t \"%r\" %>s %B %Dus %L" activities
CustomLog "$SERVER/access.log" activities

# Nothing but what is mounted: all else is 404.
DocumentRoot "$place/nothing"
<Directory />
    Require all denied
</Directory>
<Directory "$place/nothing">
    Require all granted
</Directory>
<Location "/server-status">
    SetHandler server-status
    Require local
</Location>

# What conf/activities.conf leaves open.
Define ACTIVITIES_DATABASE "host=$(socket_dir) port=5432 user=$WEB_ROLE dbname=$DATABASE password=$(cat "$VAR/db.password") connect_timeout=2"
Define ACTIVITIES_CONNECTIONS ${CONNECTIONS:-16}
Define ACTIVITIES_SECRET "$VAR/jwt.secret"
Define ACTIVITIES_DOCUMENTS "${DOCUMENTS:-$TOP/conf/api}"
Define ACTIVITIES_DOCS "$docs"
Include "$TOP/conf/activities.conf"
${EXTRA_CONF:+
Include \"$EXTRA_CONF\"}
EOF
}

# ---- process -------------------------------------------------------------------------------------------------

# The pid of the parent, if it is alive and ours.
pid() {
    local pid
    pid=$(cat "$SERVER/httpd.pid" 2>/dev/null) && [ -n "$pid" ] &&
        tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "-f $conf " && echo "$pid"
}

# A module built with a sanitizer needs its runtime in the process from the start. Its reports are for the children to write, who may be
# another user; and a thread that ends as apr lets it end would be in one, but for use_sigaltstack.
run_httpd() {
    if [[ $BUILD == *asan* ]]; then
        [ "$(id -u)" != 0 ] || chmod 1777 "$SERVER"
        LD_PRELOAD=$(gcc -print-file-name=libasan.so) \
            ASAN_OPTIONS=detect_leaks=0:handle_segv=0:use_sigaltstack=0:log_path="$SERVER/sanitizer" \
            UBSAN_OPTIONS=print_stacktrace=1 "$program" -d "$SERVER" -f "$conf" "$@"
    else
        "$program" -d "$SERVER" -f "$conf" "$@"
    fi
}

listening() { (exec 3<>"/dev/tcp/${BIND:-127.0.0.1}/$PORT") 2>/dev/null; }

start() {
    place
    if pid >/dev/null; then
        note "httpd is running already"
        return
    fi
    [ -z "$EXTRA_CONF" ] || [ -r "$EXTRA_CONF" ] ||
        fail "cannot read EXTRA_CONF=$EXTRA_CONF" "there is no such file, or it is not yours to read" "name another"
    mkdir -p "$SERVER"
    touch "$SERVER/error.log"
    ulimit -S -n "$(ulimit -H -n)" 2>/dev/null || :
    if [ "$PORT" = 0 ]; then
        start_on_free_port
    elif listening; then
        fail "cannot start httpd on port $PORT" "somebody else listens there" "choose another: PORT=…"
    else
        launch || not_started
    fi
    echo "$PORT" >"$SERVER/port"
}

# Somebody else may take a free port between the look and the start.
start_on_free_port() {
    for _ in 1 2 3 4 5; do
        PORT=$(free_port)
        if launch; then return; fi
        grep -q 'Address already in use' "$SERVER/start.log" || break
    done
    not_started
}

launch() {
    local before
    step "Starting httpd on port $PORT"
    write_conf
    before=$(wc -l <"$SERVER/error.log")
    if run_httpd -k start >"$SERVER/start.log" 2>&1 </dev/null; then
        for _ in $(seq 150); do
            if pid >/dev/null && listening; then return; fi
            sleep 0.1
        done
    fi
    tail -n "+$((before + 1))" "$SERVER/error.log" | tail -n 8 >>"$SERVER/start.log"
    return 1
}

not_started() {
    fail "httpd did not start" "$(tail_of "$SERVER/start.log" 12)" \
        "put that right; its configuration is $conf, its log $SERVER/error.log"
}

stop() {
    local parent
    parent=$(pid) || { rm -f "$SERVER/httpd.pid"; return 0; }
    step "Stopping httpd"
    kill -TERM "$parent"
    for _ in $(seq 300); do
        kill -0 "$parent" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$parent" 2>/dev/null || :
    fail "httpd did not stop in 30 seconds and was killed" "$(tail_of "$SERVER/error.log")" "see $SERVER/error.log"
}

case ${1:-} in
start) start ;;
stop) stop ;;
graceful) kill -USR1 "$(pid)" ;;
status) pid >/dev/null ;;
pid) pid ;;
configtest)
    [ "$PORT" != 0 ] || PORT=80 # nobody will listen
    place
    mkdir -p "$SERVER"
    write_conf
    run_httpd -t
    ;;
*) fail "httpd.sh does not know '${1:-}'" "" "see its head" ;;
esac
