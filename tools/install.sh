#!/usr/bin/env bash
# install.sh: puts the module, the documents and a configuration where this machine's httpd looks for them.
#
# DESTDIR is put in front of every path (for packagers); PREFIX is where shared files go. A configuration that is there
# already is the administrator's: the new one is put beside it.
. "$(dirname "$0")/common.sh"

DESTDIR=${DESTDIR:-}
PREFIX=${PREFIX:-/usr/local}
share=$PREFIX/share/activities
modules=$(apxs -q LIBEXECDIR)
sysconf=$(apxs -q SYSCONFDIR)

copy() { # FILE TO
    mkdir -p "$DESTDIR$(dirname "$2")" 2>/dev/null && install -m 0644 "$1" "$DESTDIR$2" ||
        fail "cannot install $DESTDIR$2" "it is not ours to write" "sudo make install"
}

put() {
    copy "$1" "$2"
    note "$DESTDIR$2"
}

[ -f "$BUILD/mod_activities.so" ] || fail "there is no $BUILD/mod_activities.so" "it has not been built" "make"

# Debian has a directory of modules to choose from, Fedora directories of what is included, others one directory.
if [ -d "$sysconf/mods-available" ]; then
    load=$sysconf/mods-available/activities.load conf=$sysconf/mods-available/activities.conf
    next="a2enmod activities"
elif [ -d "$(dirname "$sysconf")/conf.modules.d" ]; then
    load=$(dirname "$sysconf")/conf.modules.d/20-activities.conf conf=$(dirname "$sysconf")/conf.d/activities.conf
    next="apachectl configtest"
else
    load=$sysconf/activities.load conf=$sysconf/activities.conf
    next="include $load and $conf in httpd.conf, after mod_dbd and mod_unique_id"
fi

step "Installing"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '# Depends: dbd unique_id\nLoadModule activities_module %s/mod_activities.so\n' "$modules" >"$work/load"
sed "s|/usr/local/share/activities|$share|g" "$TOP/conf/activities.conf" >"$work/conf"

put "$BUILD/mod_activities.so" "$modules/mod_activities.so"
put "$work/load" "$load"
if [ -e "$DESTDIR$conf" ] && ! cmp -s "$work/conf" "$DESTDIR$conf"; then
    put "$work/conf" "$conf.new"
else
    put "$work/conf" "$conf"
fi
for directory in conf/api:api sql:sql; do
    (cd "$TOP/${directory%:*}" && find . -type f \( -name '*.yaml' -o -name '*.sql' \) -print) | while read -r file; do
        copy "$TOP/${directory%:*}/$file" "$share/${directory#*:}/${file#./}"
    done
    note "$DESTDIR$share/${directory#*:}/"
done
for file in "$BUILD"/docs/*; do
    [ ! -f "$file" ] || copy "$file" "$share/docs/$(basename "$file")"
done
note "$DESTDIR$share/docs/"

step "Next"
note "1. the database:  psql -d activities -X -1 -v ON_ERROR_STOP=1 -f $share/sql/install.sql"
note "2. the secret:    openssl rand -base64 48 >/etc/activities/jwt.secret, readable by root only"
note "3. $conf: the values at its top, the mounts at its end"
note "4. $next"
