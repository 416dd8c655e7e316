#!/usr/bin/env bash
# token.sh USER [SECONDS [CLAIMS]]: a token for this user_id, signed (HS256) with the instance's secret.
#
# Good for SECONDS (a day if not said). CLAIMS is the inside of a JSON object, such as '"subscription_level":"premium"'.
. "$(dirname "$0")/common.sh"

[ $# -ge 1 ] || fail "token.sh needs a user_id" "" "tools/token.sh 4c6a… [SECONDS [CLAIMS]]"
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

now=$(date +%s)
claims="{\"sub\":\"$1\",\"iat\":$now,\"exp\":$((now + ${2:-86400}))${3:+,$3}}"
signed=$(printf '{"alg":"HS256","typ":"JWT"}' | base64url).$(printf '%s' "$claims" | base64url)
# the key as hexadecimal digits, since it may be any bytes
key=$(od -An -v -tx1 "$VAR/jwt.secret" | tr -d ' \n')
printf '%s.%s\n' "$signed" \
    "$(printf '%s' "$signed" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64url)"
