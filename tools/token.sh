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

# HMAC-SHA256 (RFC 2104) of standard input, made of plain digests: openssl takes a key only on its command line, which every
# user of the machine can read. The key as hexadecimal digits, since it may be any bytes.
key=$(od -An -v -tx1 "$VAR/jwt.secret" | tr -d ' \n')
[ ${#key} -le 128 ] || key=$(openssl dgst -sha256 -binary "$VAR/jwt.secret" | od -An -v -tx1 | tr -d ' \n')
while [ ${#key} -lt 128 ]; do key+=00; done
pad() {
    local i byte pad=''
    for ((i = 0; i < 128; i += 2)); do
        printf -v byte '\\x%02x' $((16#${key:i:2} ^ $1))
        pad+=$byte
    done
    printf '%b' "$pad"
}
hmac() { { pad 0x5c; { pad 0x36; cat; } | openssl dgst -sha256 -binary; } | openssl dgst -sha256 -binary; }

printf '%s.%s\n' "$signed" "$(printf '%s' "$signed" | hmac | base64url)"
