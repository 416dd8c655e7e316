#!/usr/bin/env bash
# instance.sh run|start|stop|remove: database and httpd together. `run` stays in the foreground until Ctrl-C.
. "$(dirname "$0")/common.sh"

here=$TOP/tools

up() {
    make_var
    if "$here/httpd.sh" status; then
        fail "an instance runs already in $VAR" "its httpd is process $("$here/httpd.sh" pid)" \
            "make stop VAR=$VAR, or another one beside it with VAR=… PORT=…"
    fi
    "$here/database.sh" start
    "$here/httpd.sh" start || { "$here/database.sh" stop; exit 1; }
}

down() {
    local failed=0
    "$here/httpd.sh" stop || failed=1
    "$here/database.sh" stop || failed=1
    return $failed
}

# ---- what a newcomer needs -----------------------------------------------------------------------------------

# A demo user, and an activity which that user may join and has not: user_id, name, activity_id, title, between tabs.
something_to_join() {
    "$here/database.sh" psql -qAtF $'\t' <<-'SQL' 2>/dev/null || :
	SELECT u.user_id, activity.username_of(u), a.activity_id, a.title
	FROM activity.users u, activity.activities a JOIN activity.places p USING (activity_id)
	WHERE u.is_active AND NOT u.is_guest AND u.status = 'active'
	AND a.status = 'published' AND a.deleted_at IS NULL AND a.scheduled_at > now() + interval '1 hour'
	AND a.activity_privacy_level = 'public' AND a.activity_type IN ('standard', 'xxl') AND a.joinable_at_free IS NULL
	AND u.user_id IS DISTINCT FROM a.organizer_user_id
	AND (p.max_participants IS NULL OR p.current_participants_count < p.max_participants OR p.waitlist_enabled)
	AND NOT EXISTS (SELECT FROM activity.participants x WHERE x.activity_id = a.activity_id AND x.user_id = u.user_id)
	AND NOT EXISTS (SELECT FROM activity.waitlist_entries x WHERE x.activity_id = a.activity_id AND x.user_id = u.user_id)
	AND NOT EXISTS (SELECT FROM activity.user_blocks b
	                WHERE (b.blocker_user_id, b.blocked_user_id) IN ((u.user_id, a.organizer_user_id), (a.organizer_user_id, u.user_id)))
	ORDER BY (p.max_participants IS NULL OR p.current_participants_count < p.max_participants) DESC, u.number, a.number LIMIT 1
	SQL
}

# As one would write it in a shell.
quoted() { case $1 in *[!A-Za-z0-9_./-]*) printf "'%s'" "$1" ;; *) printf '%s' "$1" ;; esac; }

# What conf/activities.conf mounts: "path name" in each line.
mounts() {
    sed -nE -e '/^<Location/{s/.*"(.*)".*/\1/;h;d' -e '}' -e '/^ *ActivitiesAPI +/{s///;G;s/(.*)\n(.*)/\2 \1/p' -e '}' \
        "$TOP/conf/activities.conf"
}

welcome() {
    local url=http://localhost:$PORT user name activity title token given=''
    [ "$VAR" = "$TOP/var" ] || given=" VAR=$(quoted "$VAR")"
    IFS=$'\t' read -r user name activity title < <(something_to_join) || :
    echo
    echo "${bold}mod_activities is running.${plain}"
    echo
    mounts | while read -r path name; do printf '  %-15s %-48s documentation: %s/docs\n' "$name" "$url$path" "$url$path"; done
    echo
    echo "All of them in a browser: $url/"
    echo
    if [ -n "${user:-}" ]; then
        token=$("$here/token.sh" "$user")
        echo "A token for the demo user $name, good for a day:"
        echo
        echo "  $token"
        echo
        echo "Join \"$title\":"
        echo
        echo "  curl -X POST -H 'Authorization: Bearer $token' $url/api/v1/participation/activities/$activity/join"
    else
        echo "There is nobody here yet who could join something. A token for any user_id:$given tools/token.sh USER_ID"
    fi
    echo
    echo "  error log   $VAR/error.log"
    echo "  database    make psql$given"
    echo "  secret      $VAR/jwt.secret"
}

# ---- foreground ----------------------------------------------------------------------------------------------

run() {
    # Whatever ends this: both are stopped, once. Keyboard signals reach our children too, so they are told to let go.
    local parent=$PPID
    trap 'trap "" INT TERM HUP; echo; down; exit 0' INT TERM HUP
    up
    welcome
    echo "  to stop     Ctrl-C"
    while kill -0 "$parent" 2>/dev/null; do
        sleep 1 &
        wait $! || :
        if ! "$here/httpd.sh" status; then
            trap '' INT TERM HUP
            "$here/database.sh" stop
            fail "httpd has ended" "$(tail_of "$VAR/error.log")" "see $VAR/error.log"
        fi
    done
    trap '' INT TERM HUP
    down
}

case ${1:-} in
run) run ;;
start)
    up
    welcome
    echo "  to stop     make stop$([ "$VAR" = "$TOP/var" ] || echo " VAR=$(quoted "$VAR")")"
    ;;
stop) down ;;
remove) # what is stopped, with its data; only what is seen to be an instance
    [ -f "$VAR/jwt.secret" ] || [ -d "$VAR/db" ] || [ -L "$VAR/place" ] || exit 0
    if [ -L "$VAR/place" ]; then
        rm -rf "$(readlink "$VAR/place")"
        rmdir --ignore-fail-on-non-empty /var/lib/mod_activities
    fi
    rm -rf "$VAR"
    ;;
*) fail "instance.sh does not know '${1:-}'" "" "see its head" ;;
esac
