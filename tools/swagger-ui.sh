#!/usr/bin/env bash
# swagger-ui.sh DIRECTORY: the files of Swagger UI that /docs shows, from npm, into DIRECTORY.
#
# One version, and its archive is accepted only with the digest written here (the registry's `dist.integrity`).
# To take another: npm view swagger-ui-dist@VERSION dist.integrity. npm keeps what it has fetched, so a rebuild
# needs no network.
. "$(dirname "$0")/common.sh"

version=5.35.0
integrity=sha512-U06rpMtW9V3XPGOBeamTUSr0Z09jMX4IJuANpE/EZbAhw0G8CgwrzU4YmXkn/h0wCDNsXdGarTNNHC3sU8yVUQ==

directory=$1
[ ! -f "$directory/swagger-ui.version" ] || [ "$(cat "$directory/swagger-ui.version")" != "$version" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

step "Fetching Swagger UI $version"
(cd "$work" && npm pack --loglevel=error --prefer-offline "swagger-ui-dist@$version" >npm.log 2>&1) ||
    fail "npm could not fetch swagger-ui-dist@$version" "$(tail_of "$work/npm.log")" \
        "see that the registry ($(npm config get registry 2>/dev/null)) can be reached; make tries it again"
archive=$work/swagger-ui-dist-$version.tgz
found=sha512-$(openssl dgst -sha512 -binary "$archive" | openssl base64 -A)
[ "$found" = "$integrity" ] ||
    fail "the archive of Swagger UI is not the one that is meant" "its digest is $found" \
        "look where npm gets it from (npm config get registry); do not use it"

mkdir -p "$directory"
tar -xzf "$archive" -C "$work"
for file in swagger-ui.css swagger-ui-bundle.js LICENSE NOTICE; do
    cp "$work/package/$file" "$directory/$file"
done
mv "$directory/LICENSE" "$directory/swagger-ui.LICENSE"
mv "$directory/NOTICE" "$directory/swagger-ui.NOTICE"
chmod 0644 "$directory"/swagger-ui*
echo "$version" >"$directory/swagger-ui.version"
