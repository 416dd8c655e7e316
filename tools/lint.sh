#!/usr/bin/env bash
# lint.sh: reads sources and scripts for mistakes that a compiler lets pass. Exit code 1 when it finds one.
. "$(dirname "$0")/common.sh"
cd "$TOP"
failed=0

step "Scripts (shellcheck)"
# Not asked for: following of sourced files (their path is computed), and with it names that those set; `cd || exit` under set -e;
# ls where names are our own.
mapfile -t scripts < <(grep -lE '^#!.*\b(ba)?sh\b' tools/* tests/run tests/*/run tests/*/*.sh .ci/run 2>/dev/null)
shellcheck -x --severity=warning --exclude=SC1091,SC2154,SC2164,SC2010 "${scripts[@]}" tools/common.sh --shell=bash || failed=1

step "C (cppcheck)"
cppcheck --quiet --std=c11 --language=c --inline-suppr --enable=warning,portability --error-exitcode=1 -j "$(nproc)" \
    --suppress=missingIncludeSystem --suppress=unknownMacro --suppress=nullPointerOutOfMemory --suppress=varFuncNullUB -Isrc mod_activities.c src || failed=1

step "Repository (tests/tools/guards.sh)"
SCRATCH=$(mktemp -d) bash tests/tools/guards.sh | grep -vE '^(ok|1\.\.)' && failed=1

[ $failed = 0 ] || fail "there are mistakes" "see above" "mend them; make lint again"
note "nothing found"
