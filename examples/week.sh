#!/usr/bin/env bash
# One person's week on the platform, through all five APIs:   examples/week.sh [http://localhost:8080]
#
# Mira signs up, makes an event, shares it; others come in by other doors, one waits and is promoted; they vote, a change is taken
# back, and on the evening itself attendance is noted on Discord. At the end every API says the same. Needs curl and nothing else.
set -eu
base=${1:-http://localhost:8080}
hub=$base/gatherhub/api/v1 shared=$base/collaboration/api/v1 taking_part=$base/api/v1/participation sheet=$base/registration
there=$base/attendance
tag=$(date +%s)$RANDOM                       # so that it can be run again

say() { printf '\n== %s\n' "$*"; }

# ask METHOD URL [TOKEN [JSON]]: shows the request, keeps the reply in $reply.
ask() {
    printf '   %s %s\n' "$1" "${2#"$base"}"
    reply=$(curl -sS --fail-with-body -X "$1" "$2" ${3:+-H "Authorization: Bearer $3"} ${4:+-H 'Content-Type: application/json' -d "$4"}) ||
        { printf '   refused: %s\n' "$reply" >&2; exit 1; }
}

# The first member of that name in the reply, a string or a number.
first() { printf '%s' "$reply" | grep -o "\"$1\" *: *\"\{0,1\}[^\",}]*" | head -n 1 | sed 's/.*: *"\{0,1\}//'; }

expect() { # WHAT IS WANTED
    [ "$2" = "$3" ] || { printf '   %s is %s, not %s: %s\n' "$1" "$2" "$3" "$reply" >&2; exit 1; }
    printf '      %s: %s\n' "$1" "$2"
}

say "Mira signs up in GatherHub and makes an event for three, herself included"
ask POST "$hub/auth/register/" "" "{\"username\": \"mira$tag\", \"email\": \"mira$tag@example.org\", \"password\": \"lakeside 2031\"}"
mira=$(first access)
ask POST "$hub/events/" "$mira" "{\"title\": \"Lakeside clean-up\", \"date\": \"2031-05-04T09:00:00Z\", \"max_participants\": 3}"
id=$(first activity_id)
number=$(printf '%s' "$reply" | sed 's/"creator".*//' | grep -o '"id" *: *[0-9]*' | head -n 1 | grep -o '[0-9]*$')
[ -n "$number" ] || number=$(curl -sS -H "Authorization: Bearer $mira" "$there/events?mine=true" | grep -o '"id" *: *[0-9]*' | head -n 1 | grep -o '[0-9]*$')

say "Jo signs up in Collaboration; Mira shares the event with him as an editor"
ask POST "$shared/auth/register" "" "{\"username\": \"jo$tag\", \"email\": \"jo$tag@example.org\", \"password\": \"correct horse\"}"
jo=$(first access_token) jo_number=$(first user_id)
ask POST "$shared/collaboration/$number/share" "$mira" "{\"users\": [{\"user_id\": $jo_number, \"permission_level\": \"editor\"}]}"
expect "shared" "$(first status)" granted

say "Jo renames it, Mira takes that back: three versions"
ask PUT "$shared/events/$number" "$jo" '{"title": "Lakeside party"}'
ask POST "$shared/events/$number/rollback/1" "$mira" '{"change_reason": "It is work, after all"}'
expect "version" "$(first version)" 3
ask GET "$hub/events/$number/" "$mira"
expect "title in GatherHub" "$(printf '%s' "$reply" | grep -o '"title" *: *"Lakeside [a-z-]*"' | head -n 1 | sed 's/.*: *"//; s/"//')" "Lakeside clean-up"

say "Jo joins through Participation, Lea is put down on the sign-up sheet of Registration: it is full"
ask POST "$taking_part/activities/$id/join" "$jo"
expect "Jo" "$(first participation_status)" registered
ask POST "$sheet/users" "" "{\"userId\": \"lea-$tag\", \"name\": \"Lea\"}"
ask POST "$sheet/registrations" "" "{\"userId\": \"lea-$tag\", \"eventId\": \"$id\"}"
expect "Lea" "$(first status)" confirmed

say "Mira opens a waiting line; Ann, with an account of Attendance, is the first in it"
ask PATCH "$taking_part/activities/$id" "$mira" '{"waitlist_enabled": true}'
ask POST "$there/auth/register" "" "{\"email\": \"ann$tag@example.org\", \"name\": \"Ann\", \"password\": \"battery staple\"}"
ask POST "$there/auth/login" "" "{\"email\": \"ann$tag@example.org\", \"password\": \"battery staple\"}"
ann=$(first access_token)
ask POST "$taking_part/activities/$id/join" "$ann"
expect "Ann" "$(first participation_status)" waitlisted
ask DELETE "$sheet/registrations/lea-$tag/$id"
ask GET "$taking_part/activities/$id/participation" "$ann"
expect "Ann, now that Lea has left" "$(first participation_status)" registered

say "They vote on lunch"
ask POST "$hub/voting/" "$mira" "{\"event\": $number, \"title\": \"Lunch\", \"options\": [{\"text\": \"Soup\"}, {\"text\": \"Bread\"}]}"
vote=$(printf '%s' "$reply" | sed 's/"event" *: *{[^}]*}//; s/"creator" *: *{[^}]*}//; s/"options" *: *\[[^]]*\]//' | grep -o '"id" *: *[0-9]*' | grep -o '[0-9]*$')
soup=$(printf '%s' "$reply" | sed 's/.*"options" *: *\[//' | grep -o '"id" *: *[0-9]*' | head -n 1 | grep -o '[0-9]*$')
for who in "$mira" "$jo" "$ann"; do
    ask POST "$hub/voting/$vote/vote/" "$who" "{\"options\": [$soup]}"
done
ask GET "$hub/voting/$vote/results/" "$mira"
expect "ballots" "$(first total_votes)" 3

say "The day has come. Ann links her Discord account and says that she is there"
ask PATCH "$hub/events/$number/" "$mira" "{\"date\": \"$(date -u -d '-10 minutes' +%Y-%m-%dT%H:%M:%SZ)\"}"
ask POST "$there/users/me/discord-link" "$ann"
code=$(first code)
discord=$(printf '%s' "$tag" | cut -c1-18)
ask POST "$there/discord/commands" "" "{\"discord_user_id\": \"$discord\", \"discord_username\": \"ann\", \"content\": \"!link $code\"}"
ask POST "$there/discord/commands" "" "{\"discord_user_id\": \"$discord\", \"discord_username\": \"ann\", \"content\": \"!attend $number\"}"
expect "the bot" "$(first reply)" "Successfully attended 'Lakeside clean-up'!"

say "Everybody sees the same"
ask GET "$hub/events/$number/" "$jo"
expect "participants in GatherHub" "$(first current_participants)" 3
ask GET "$taking_part/activities/$id" "$jo"
expect "participants in Participation" "$(first current_participants_count)" 3
ask GET "$sheet/events/$id"
expect "confirmed in Registration" "$(first confirmedCount)" 3
ask GET "$there/events/$number" "$jo"
expect "attended in Attendance" "$(first attendee_count)" 1
ask GET "$shared/events/$number" "$jo"
expect "version in Collaboration, the new date counted" "$(first version)" 4
printf '\nAll five agree.\n'
