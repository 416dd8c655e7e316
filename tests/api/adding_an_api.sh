#!/usr/bin/env bash
# The worked example of docs/adding-an-api.md, taken out of the page: its document, its procedures, its mount and its requests. TAP.
set -u
cd "$ACTIVITIES_TOP" || exit 1
page=docs/adding-an-api.md
n=0

same() { # HAVE WANT NAME
    n=$((n + 1))
    if [ "$1" = "$2" ]; then echo "ok $n - $3"; else printf 'not ok %d - %s\n# have: %s\n# want: %s\n' $n "$3" "$1" "$2"; fi
}

# The NTH fenced block of that language.
block() { awk -v language="$1" -v nth="${2:-1}" '/^```/ { inside = ($0 == "```" language && ++n == nth); next } inside' "$page"; }

# What the page says the answers are: the NTH indented block behind a heading "## 4".
answers() { awk -v nth="$1" '/^## 4/ { on = 1 } on && /^    [{]/ { if (!inside) n++; inside = 1; if (n == nth) print substr($0, 5); next } { inside = 0 }' "$page"; }

block yaml >"$DOCUMENTS/noticeboard.yaml"
block sql >"$ACTIVITIES_VAR/noticeboard.sql"
mkdir -p "$ACTIVITIES_VAR/server-noticeboard"
block apache >"$ACTIVITIES_VAR/server-noticeboard/extra.conf"

out=$(tools/database.sh psql -v ON_ERROR_STOP=1 -q <"$ACTIVITIES_VAR/noticeboard.sql" 2>&1)
same "$?:$out" "0:" "the procedures are installed"
out=$(SERVER=$ACTIVITIES_VAR/server-noticeboard EXTRA_CONF=$ACTIVITIES_VAR/server-noticeboard/extra.conf PORT=0 tools/httpd.sh start 2>&1)
same $? 0 "httpd accepts document and mount: ${out##*$'\n'}"

user=$(tools/database.sh psql -qAt -c "INSERT INTO activity.users (username) VALUES ('mira') RETURNING user_id")
URL=http://127.0.0.1:$(cat "$ACTIVITIES_VAR/server-noticeboard/port")
TOKEN=$(tools/token.sh "$user")
export URL TOKEN

# each command's answer is a line of the page
ask() { # NTH block of requests
    { echo 'curl() { command curl "$@"; echo; }'; block sh "$1"; } >"$ACTIVITIES_VAR/ask.sh"
    bash "$ACTIVITIES_VAR/ask.sh"
}
same "$(ask 1)" "$(answers 1)" "the requests are answered as the page says"
same "$(ask 2)" "$(answers 2)" "the document refuses as the page says"
same "$(curl -s -o /dev/null -w '%{http_code}' "$URL/noticeboard/docs")" 200 "it has its page"
post() { curl -s -X POST -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"words": "x"}' "$URL/noticeboard/notices"; }
post >/dev/null
same "$(post)" '{"notice_id" : 3, "words" : "x"}' "a third notice"
same "$(post)" '{"detail" : "Three notices a day are enough"}' "a fourth is refused by the procedure"
echo "1..$n"
