#!/usr/bin/env bash
# The example of the README, twice: it may be run again.
cd "$(dirname "$0")/../.." || exit 1
echo 1..2
for n in 1 2; do
    if out=$(examples/week.sh "$ACTIVITIES_URL" 2>&1); then
        echo "ok $n - the week, run $n"
    else
        echo "not ok $n - the week, run $n"
        printf '%s\n' "$out" | sed 's/^/# /'
    fi
done
