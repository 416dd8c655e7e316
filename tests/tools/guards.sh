#!/usr/bin/env bash
# What has to agree in the repository although it stands in two places. TAP.
cd "$(dirname "$0")/../.." || exit 1
export LC_ALL=C.UTF-8
shopt -s lastpipe

n=0
# guard NAME: what is read from standard input is wrong; nothing is well.
guard() {
    local wrong
    wrong=$(cat)
    n=$((n + 1))
    if [ -z "$wrong" ]; then
        echo "ok $n - $1"
    else
        echo "not ok $n - $1"
        printf '%s\n' "$wrong" | head -n 30 | sed 's/^/  wrong: /'
    fi
}

only_in_first() { comm -23 <(sort -u "$1") <(sort -u "$2"); }

# Files of the repository whose names match: what git knows, or in an unpacked archive everything but what is built.
files() { # REGEX
    if [ -e .git ]; then
        git ls-files --cached --others --exclude-standard
    else
        find . -type f ! -path './build*' ! -path './var/*' | sed 's|^\./||'
    fi | grep -E "$1" | while read -r file; do [ ! -f "$file" ] || echo "$file"; done
}

scratch=$(mktemp -d "${SCRATCH:-/tmp}/guards-XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# ---- directives and messages ---------------------------------------------------------------------------------

grep -ohE '(AP_INIT_[A-Z0-9_]+|NUMBER)\("Activities[A-Za-z]+"' src/config/directives.c | grep -oE 'Activities[A-Za-z]+' >"$scratch/directives"
grep -oE '^## Activities[A-Za-z]+' docs/directives.md | cut -c4- >"$scratch/described"
only_in_first "$scratch/directives" "$scratch/described" | guard "every directive is described in docs/directives.md"
only_in_first "$scratch/described" "$scratch/directives" | guard "docs/directives.md describes no directive that does not exist"
grep -qc . "$scratch/directives" || echo "no directive was found in src/config/directives.c" | guard "directives are found"

grep -rhoE 'ACT0[0-9]{3}' src mod_activities.c >"$scratch/tags"
grep -ohE 'ACT0[0-9]{3}' docs/log-messages.md >"$scratch/explained"
only_in_first "$scratch/tags" "$scratch/explained" | guard "every tag of a log message is in docs/log-messages.md"
only_in_first "$scratch/explained" "$scratch/tags" | guard "docs/log-messages.md explains no tag that is not logged"
sort "$scratch/tags" | uniq -d | guard "every tag stands at one place in the source"

# a directive that conf/activities.conf shows must exist
grep -ohE '^ *#?Activities[A-Za-z]+' conf/activities.conf | tr -d ' #' >"$scratch/shown"
only_in_first "$scratch/shown" "$scratch/directives" | guard "conf/activities.conf uses no directive that does not exist"

# ---- tools take their files ------------------------------------------------------------------------------------

if command -v clang-format >/dev/null; then
    clang-format --style=file --dump-config 2>&1 >/dev/null | guard "clang-format takes .clang-format"
fi

# ---- the repository stands by itself -------------------------------------------------------------------------

files . | grep -vE '^(LICENSE|tests/tools/guards\.sh)$' | xargs grep -nIE '(^|[^a-z.])/(work|home|Users)/|\.\./shared|farm-' /dev/null | guard "no file names a path of somebody's machine"
files '\.(c|h|sql|yaml|sh)$' | grep -v '^tests/tools/guards\.sh$' | xargs grep -nE '\b(TODO|FIXME|XXX)\b' /dev/null | guard "nothing is left to do in the sources"
files '^(src|sql)/.*\.(c|h|sql)$' | xargs grep -nE '^.{161}' /dev/null | cut -c1-100 | guard "no line of the sources is over 160 columns"
# httpd's log writes every byte beyond ASCII as \xhh, on the terminal of `apachectl configtest` too
files '^(src/.*|mod_activities)\.c$' | xargs grep -nP '^(?! *(/\*|\*)).*"[^"]*[^\x00-\x7F]' /dev/null | guard "what the module says is ASCII"
files . | while read -r file; do [ "$(stat -c %s "$file")" -lt 1000000 ] || echo "$file"; done | guard "no file is over a megabyte"
files '\.md$' | while read -r file; do
    grep -oE '\]\([^)#]+' "$file" | cut -c3- | grep -vE '^(https?:|mailto:|/)' | while read -r link; do
        [ -e "$(dirname "$file")/$link" ] || echo "$file: $link"
    done
done | guard "no link in the documentation leads nowhere"

# ---- rooms ---------------------------------------------------------------------------------------------------

# docs/architecture.md has them in order: each knows the faces of those above it.
grep -oE '^\| `[a-z]+/`' docs/architecture.md | tr -cd 'a-z\n' >"$scratch/rooms"
for directory in src/*/; do basename "$directory"; done >"$scratch/folders"
{ only_in_first "$scratch/rooms" "$scratch/folders"; only_in_first "$scratch/folders" "$scratch/rooms"; } | guard "every room is in docs/architecture.md"
place() { grep -nx "$1" "$scratch/rooms" | cut -d: -f1; }
grep -oE '^ *# *include "[^"]+/[^"]+"' src/*/*.[ch] | tr -d ' "' | while IFS=: read -r file included; do
    room=${file#src/} room=${room%%/*} used=${included#\#include} face=${used#*/} used=${used%%/*}
    [ "$room" != "$used" ] || continue
    [ "$(place "$used")" -lt "$(place "$room")" ] || echo "$file uses src/$used, which comes after src/$room"
    [ "$face" = "$used.h" ] || echo "$file uses src/$used/$face, which is not its face"
done | guard "a room uses only the faces of rooms before it"

# ---- tests ---------------------------------------------------------------------------------------------------

grep -LE '\bmain\(' /dev/null tests/unit/*.c | grep -v /dev/null | guard "every tests/unit/*.c is a program"
for file in tests/fuzz/*.c; do
    name=$(basename "$file" .c)
    [ ! -f "$file" ] || [ "$name" = replay ] || [ -n "$(ls -A "tests/fuzz/corpus/$name" 2>/dev/null)" ] || echo "$file"
done | guard "every fuzz target has a corpus"
for file in tests/sql/*.sql; do
    [ ! -f "$file" ] || grep -qiE '\b(no_plan|plan)\(' "$file" || echo "$file"
done | guard "every tests/sql/*.sql has a plan"

# ---- SQL -----------------------------------------------------------------------------------------------------

for directory in sql/*/ sql/*/functions/; do
    [ -f "$directory/install.sql" ] || continue
    for file in "$directory"*.sql; do
        name=$(basename "$file")
        [ "$name" = install.sql ] || grep -qE "^\\\\ir +$name" "$directory/install.sql" || echo "$file"
    done
done | guard "every procedure is installed"
for file in sql/activity/migrations/[0-9]*.sql; do
    grep -q "\\\\ir $(basename "$file")" sql/activity/migrations/apply.sql || echo "$file"
done | guard "every migration is applied"

echo "1..$n"
