#!/usr/bin/env bash
# make start, psql and stop as somebody uses them: what is printed works when pasted, data stay, two instances do not meet. TAP.
cd "$(dirname "$0")/../.." || exit 1
unset EXTRA_CONF MPM BIND BUILD SERVER DOCUMENTS FSYNC DEMO
n=0
same() { # HAVE WANT NAME
    n=$((n + 1))
    if [ "$1" = "$2" ]; then echo "ok $n - $3"; else printf 'not ok %d - %s\n# have: %s\n# want: %s\n' $n "$3" "$1" "$2"; fi
}

. tools/common.sh
set +e
work=$(mktemp -d "${SCRATCH:-/tmp}/instance-XXXXXX")
chmod 0755 "$work"
one=$work/one two="$work/a rather long name for a state directory, as it happens in the homes of people and of build machines/two"
one_port=$(free_port)
two_port=$(free_port)
trap 'make -s stop VAR="$one" >/dev/null 2>&1; make -s stop VAR="$two" >/dev/null 2>&1; rm -rf "$work"' EXIT
run() { make -s --no-print-directory "$@" 2>&1; }
ask() { make -s --no-print-directory psql VAR="$1" ARGS="-qAtc '$2'"; }

out=$(run start VAR="$one" PORT="$one_port")
same $? 0 "make start: $(tail -n 1 <<<"$out")"
join=$(grep -oE 'curl -X POST .*/join' <<<"$out")
same "$(eval "$join -s" | grep -c '"participation_status" : "registered"')" 1 "the curl line that is printed joins an activity"
token=$(grep -A2 '^A token' <<<"$out" | tail -n 1 | tr -d ' ')
url=http://localhost:$one_port/api/v1/participation
same "$(curl -s -o /dev/null -w '%{http_code}' -H "Authorization: Bearer $token" "$url/activities")" 200 "the token that is printed is good"
same "$(curl -s -o /dev/null -w '%{http_code}' "$url/docs")" 200 "documentation is where it says"
page=$(grep -oE 'in a browser: .*' <<<"$out" | cut -d' ' -f4)
same "$(curl -s "$page" | grep -c '/docs">Documentation</a>')" 5 "the page that is printed leads to five APIs"
same "$(stat -c %a "$one/jwt.secret")" 600 "the secret is its owner's alone"
same "$(stat -c %a "$one/db.password")" 600 "and the web role's password"
same "$(stat -c %a "$one/httpd.conf")" 600 "and the configuration, which has it too"
same "$(run start VAR="$one" PORT="$one_port" | grep -c 'runs already')" 1 "a second start says that it runs"

cat >"$work/extra.conf" <<CONF
ActivitiesRateLimit * off
<Location "/elsewhere">
    ActivitiesAPI participation
    Require all granted
</Location>
CONF
out=$(run start VAR="$two" PORT="$two_port" DEMO=0 EXTRA_CONF="$work/extra.conf")
same $? 0 "a second instance beside it, its VAR long and with spaces: $(tail -n 1 <<<"$out")"
same "$(ask "$two" 'SELECT count(*) FROM activity.users')" 0 "DEMO=0 loads nobody"
same "$(curl -s -o /dev/null -w '%{http_code}' "http://localhost:$two_port/elsewhere/health")" 200 "EXTRA_CONF is included"
same "$(curl -s -D - -o /dev/null -H "Authorization: Bearer $token" "http://localhost:$two_port/elsewhere/activities" | grep -c '^X-RateLimit')" 0 \
    "outside of any container"
same "$(curl -s "http://localhost:$two_port/elsewhere/activities" -H "Authorization: Bearer $token" | grep -o INVALID_TOKEN)" INVALID_TOKEN \
    "each instance has its own secret"
same "$(echo 'SELECT 6 * 7;' | run psql VAR="$two" ARGS=-qAt)" 42 "make psql reads its input"

people=$(ask "$one" 'SELECT count(*) FROM activity.users')
same "$(run stop VAR="$one" >/dev/null; echo $?)" 0 "make stop"
same "$(run stop VAR="$one" >/dev/null; echo $?)" 0 "make stop, again"
same "$(curl -s -o /dev/null -w '%{http_code}' "http://localhost:$two_port/elsewhere/health")" 200 "the other one goes on"
run start VAR="$one" PORT="$one_port" >/dev/null
same "$(ask "$one" 'SELECT count(*) FROM activity.users')" "$people" "a second start finds its data"
same "$(ask "$one" 'SELECT count(*) > 0 FROM activity.participants WHERE extract(epoch FROM now() - joined_at) < 300')" t "and who has joined"
run stop VAR="$one" >/dev/null
run stop VAR="$two" >/dev/null
same "$(pgrep -f "$work" | grep -vcx $$)" 0 "nothing is left running"

out=$(run start VAR="$one" PORT="$one_port" EXTRA_CONF="$work/nothing.conf")
same "$(grep -c 'cannot read EXTRA_CONF' <<<"$out")" 1 "a file that is not there is named"
echo 'ActivitiesAuth perhaps' >"$work/extra.conf"
out=$(run start VAR="$one" PORT="$one_port" EXTRA_CONF="$work/extra.conf")
same "$(grep -c 'ActivitiesAuth' <<<"$out")" 1 "a mistake in it is shown"
same "$(pgrep -f "$one" | grep -vcx $$)" 0 "and the database does not stay behind"
echo "1..$n"
