#!/usr/bin/env bash
# packages.sh GROUP…: installs what is missing of tools/packages.txt for these groups, saying what and why.
#
# Uses apt-get or dnf, as root or through sudo. Nothing that is there is touched, and nothing is started: for the
# time of an installation services may not start and PostgreSQL's packages make no cluster of their own. Where
# nothing is missing this needs no network, no rights, and a few milliseconds.
. "$(dirname "$0")/common.sh"

groups=" $* "

# Programs of PostgreSQL's server stand beside one another, where pg_config says, and seldom on PATH.
server_program() {
    command -v "$1" >/dev/null || [ -x "$(pg_config --bindir 2>/dev/null)/$1" ]
}

present() {
    local name=${1#*:}
    case $1 in
    command:*) command -v "$name" ;;
    pkg-config:*) pkg-config --exists "$name" ;;
    header:*) [ -e "/usr/include/$name" ] || echo "#include <$name>" | gcc -E - ;;
    httpd:*) [ -e "$(apxs -q LIBEXECDIR)/mod_$name.so" ] && [ -x "$(apxs -q SBINDIR)/$(apxs -q PROGNAME)" ] ;;
    dbd:*) ls "$(pkg-config --variable=libdir apr-util-1)"/apr-util-1/apr_dbd_"$name"*.so ;;
    server:*) server_program "$name" ;;
    extension:*) [ -e "$(pg_config --sharedir)/extension/$name.control" ] ;;
    trust:*) [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ] ;;
    *) fail "tools/packages.txt has a line that says '$1'" "no such kind of thing is known" "see its head" ;;
    esac >/dev/null 2>&1
}

missing=() why=()
look() {
    local thing group debian fedora reason
    missing=() why=()
    while read -r thing group debian fedora reason; do
        case $thing in '' | '#'*) continue ;; esac
        case $groups in *" $group "*) ;; *) continue ;; esac
        if ! present "$thing"; then
            if [ "$manager" = dnf ]; then debian=$fedora; fi
            missing+=("$debian")
            why+=("$(printf '%-28s %s' "$debian" "$reason")")
        fi
    done <"$TOP/tools/packages.txt"
}

# ---- apt -----------------------------------------------------------------------------------------------------

restore=()
undo() {
    local command
    for command in "${restore[@]}"; do eval "$command"; done
    restore=()
}

# While packages are installed no service starts and no cluster is made; both as before afterwards.
hold_services() {
    local policy=/usr/sbin/policy-rc.d cluster=/etc/postgresql-common/createcluster.d
    trap undo EXIT
    trap 'exit 130' INT TERM
    if [ -e $policy ]; then
        mv $policy $policy.mod_activities
        restore+=("mv $policy.mod_activities $policy")
    else
        restore+=("rm -f $policy")
    fi
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    if ! dpkg-query -W -f '${db:Status-Abbrev}' postgresql-common 2>/dev/null | grep -q '^ii'; then
        mkdir -p $cluster
        echo 'create_main_cluster = false' >$cluster/mod_activities.conf
        restore+=("rm -f $cluster/mod_activities.conf; rmdir --ignore-fail-on-non-empty $cluster 2>/dev/null || :")
    elif ! ls /etc/postgresql/*/* >/dev/null 2>&1; then
        mkdir -p $cluster
        echo 'create_main_cluster = false' >$cluster/mod_activities.conf
        restore+=("rm -f $cluster/mod_activities.conf")
    fi
}

apt_install() {
    local log=$1 name known=yes
    for name in "${packages[@]}"; do
        LC_ALL=C apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [0-9]' || known=no
    done
    export DEBIAN_FRONTEND=noninteractive
    if [ $known = no ]; then
        note "reading the package lists (apt-get update)"
        apt-get -q -o DPkg::Lock::Timeout=300 update >>"$log" 2>&1 || return 1
    fi
    note "apt-get install: this can take a few minutes"
    hold_services
    apt_get_install "$log" "${packages[@]}" && return
    # lists that are out of date name files that are gone
    apt-get -q -o DPkg::Lock::Timeout=300 update >>"$log" 2>&1 && apt_get_install "$log" "${packages[@]}"
}

apt_get_install() {
    local log=$1
    shift
    apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
        install --no-install-recommends "$@" >>"$log" 2>&1 </dev/null
}

# ---- the whole -----------------------------------------------------------------------------------------------

manager=none
if command -v apt-get >/dev/null; then
    manager=apt-get
elif command -v dnf >/dev/null; then
    manager=dnf
fi
look
[ ${#missing[@]} -gt 0 ] || exit 0
mapfile -t packages < <(printf '%s\n' "${missing[@]}" | sort -u)

step "Installing what is missing on this machine"
printf '%s\n' "${why[@]}" | sort -u | while read -r line; do note "$line"; done

if [ $manager = none ]; then
    fail "cannot install these" "neither apt-get nor dnf is here" "install them by hand and call make again"
fi
if ! is_root; then
    if command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        note "this needs root: asking sudo"
        # shellcheck disable=SC2086 # the groups are words
        exec sudo VAR="$VAR" "$TOP/tools/packages.sh" $groups
    fi
    fail "cannot install these as $(id -un)" "there is no sudo that can be asked" \
        "as root: $manager install ${packages[*]}"
fi

exec 9>/run/lock/mod_activities.packages && flock 9
log=$(mktemp)
if [ $manager = dnf ]; then
    dnf -y install "${packages[@]}" >"$log" 2>&1 </dev/null || failed=yes
else
    apt_install "$log" || failed=yes
fi
if [ -n "${failed:-}" ]; then
    fail "$manager could not install them (all it said: $log)" "$(tail_of "$log" 12)" \
        "install them by hand, or put the network or the package sources right, and call make again"
fi
rm -f "$log"

look
[ ${#missing[@]} -eq 0 ] || fail "still missing after the installation: ${missing[*]}" \
    "these packages do not hold what was looked for on this system" "see tools/packages.txt for what is looked for"
