# shellcheck shell=bash disable=SC2034 # what is set here is used by those who source it
# What the other tools share: the settings that make passes on, the messages, and which system user does what.
# To be sourced by bash. Everything of an instance is below $VAR; a tool that needs the instance says so by
# calling `place`.
#
#   VAR         the state directory of the instance (default: var/ in the checkout)
#   PORT        where its httpd listens (8080); BIND: on which address alone (default: all)
#   MPM         event (default) or worker
#   EXTRA_CONF  an httpd configuration file, included last in the main server
#   BUILD       where the module was built (build/, or build-asan/ for a sanitizer build)

set -euo pipefail
unset CDPATH
export LC_ALL=C.UTF-8

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
from_top() { case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s/%s\n' "$TOP" "$1" ;; esac; }

VAR=$(from_top "${VAR:-var}")
BUILD=$(from_top "${BUILD:-build}")
PORT=${PORT:-8080}
BIND=${BIND:-}
MPM=${MPM:-event}
EXTRA_CONF=${EXTRA_CONF:-}
[ -z "$EXTRA_CONF" ] || EXTRA_CONF=$(from_top "$EXTRA_CONF")
export TOP VAR BUILD PORT BIND MPM EXTRA_CONF

DATABASE=${DATABASE:-activities}        # the name of the database in the private cluster
WEB_ROLE=activity_web                   # as whom httpd connects

# ---- messages ------------------------------------------------------------------------------------------------

if [ -t 1 ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

step() { printf '%s==>%s %s\n' "$bold" "$plain" "$*"; }
note() { printf '    %s\n' "$*"; }

# fail WHAT WHY REMEDY: the three things that somebody who reads it has to know.
fail() {
    {
        printf '%sfailed:%s %s\n' "$bold" "$plain" "$1"
        [ -z "${2:-}" ] || printf '   why: %s\n' "$2"
        [ -z "${3:-}" ] || printf '    do: %s\n' "$3"
    } >&2
    exit 1
}

# The end of a log, for the WHY of a failure.
tail_of() { [ -s "$1" ] && { tail -n "${2:-8}" "$1" | sed '2,$s/^/        /'; } || echo "nothing was written to $1"; }

# ---- who does what -------------------------------------------------------------------------------------------
# PostgreSQL refuses to run as root, and httpd's children should not: as root the first runs as its own system
# user, the second as the web server's. An ordinary user does everything as itself.

is_root() { [ "$(id -u)" = 0 ]; }

first_user() {
    local name
    for name in "$@"; do
        if getent passwd "$name" >/dev/null; then echo "$name"; return; fi
    done
    return 1
}

if is_root; then
    db_user=$(first_user "${DATABASE_USER:-postgres}" nobody) || db_user=''
    web_user=$(first_user "${HTTPD_USER:-www-data}" apache nobody) || web_user=''
    web_group=$(id -gn "${web_user:-root}")
else
    db_user=$(id -un) web_user=$(id -un) web_group=$(id -gn)
fi

# as USER COMMAND…: as that user where we are root. From /, since USER may not be allowed to stand where we do.
as() {
    local user=$1
    shift
    if is_root && [ "$user" != root ]; then
        (cd / && exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups --reset-env \
            env LC_ALL=C.UTF-8 PATH="$PATH" "$@")
    else
        "$@"
    fi
}

# ---- where things are ----------------------------------------------------------------------------------------

# The state directory itself, which only its owner need be able to read.
make_var() {
    mkdir -p "$VAR" 2>/dev/null || fail "cannot make the state directory $VAR" "$(mkdir -p "$VAR" 2>&1 || :)" \
        "choose another with VAR=…"
    [ -w "$VAR" ] || fail "cannot write to the state directory $VAR" "it belongs to $(stat -c %U "$VAR")" \
        "choose another with VAR=…, or use it as that user"
}

# `place` is the part of the state that PostgreSQL's and httpd's users must reach: data, socket, pages of /docs.
# That is VAR, where those users can get to it; else (root, and a checkout below a private directory) a directory
# of its own in /var/lib, remembered as the link $VAR/place.
place() {
    if [ -L "$VAR/place" ]; then
        place=$(readlink "$VAR/place")
        [ -d "$place" ] || { rm -f "$VAR/place"; place; }
        return
    fi
    make_var
    if as "$db_user" test -x "$VAR" && as "$web_user" test -x "$VAR"; then
        place=$VAR
    else
        mkdir -p /var/lib/mod_activities
        place=$(mktemp -d "/var/lib/mod_activities/$(basename "$(dirname "$VAR")")-XXXXXX")
        chmod 0755 /var/lib/mod_activities "$place"
        ln -s "$place" "$VAR/place"
        note "$VAR cannot be reached by the users $db_user and $web_user: the database is in $place"
    fi
}

# Where the cluster's socket is, or nothing while it is down.
socket_dir() { cat "$VAR/socket.path" 2>/dev/null || :; }

# A port on which nobody listens, below those that the system gives to outgoing connections.
free_port() {
    local port
    for _ in $(seq 100); do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
    fail "found no free port" "a hundred tries between 20000 and 32000 were all taken" "give one with PORT=…"
}

# A secret of 48 random bytes in base64, in a file that only its owner reads; an existing one is kept.
make_secret() {
    [ -s "$1" ] || (umask 077 && openssl rand -base64 48 | tr -d '\n' >"$1.new" && mv "$1.new" "$1")
}
