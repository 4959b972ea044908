#!/bin/sh
# The API's description, asked of a running server: linted, held against what really comes, and a client made from it
# alone.	run.sh ANLAN
# Makes its own example district, serves it on a free port, stops it again.
set -eu
[ $# -eq 1 ] || { sed -n '2,4s/^# *//p' "$0" >&2; exit 2; }
anlan=$(realpath "$1")
cd "$(dirname "$0")"
[ -d node_modules/openapi-fetch ] || npm ci --no-audit --no-fund --loglevel=error
data=$(mktemp -d)
server=
: >"$data/log"
stop() {
	[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
	rm -rf "$data" made
}
trap stop EXIT
trap 'exit 130' INT TERM
"$anlan" init --example --data "$data/d" >/dev/null
"$anlan" serve --data "$data/d" --port 0 2>"$data/log" &
server=$!
n=0
until url=$(sed -n 's/.*serving on \(http:[^ ]*\).*/\1/p' "$data/log") && [ -n "$url" ]; do
	n=$((n + 1))
	{ [ "$n" -lt 200 ] && kill -0 "$server"; } || { cat "$data/log" >&2; exit 1; }
	node -e 'setTimeout(() => {}, 50)'
done
rm -rf made && mkdir made
for lang in en zh; do
	node -e 'fetch(process.argv[1] + "/api/v1/openapi.json", { headers: { "Accept-Language": process.argv[2] } })
		.then((a) => a.text()).then((t) => require("fs").writeFileSync("made/openapi." + process.argv[2] + ".json", t))' "$url" "$lang"
	node_modules/.bin/redocly lint --config redocly.yaml "made/openapi.$lang.json"
	node_modules/.bin/spectral lint --ruleset spectral.yaml --fail-severity warn "made/openapi.$lang.json"
done
cmp -s made/openapi.en.json made/openapi.zh.json && { echo "the description speaks one language" >&2; exit 1; }
node_modules/.bin/openapi-typescript made/openapi.en.json -o made/api.d.ts >/dev/null
node_modules/.bin/tsc -p tsconfig.json
token() { "$anlan" token add "$1" openapi --scopes "$2" --data "$data/d" | sed -n 's/.*\(anlan_[A-Za-z0-9_-]*\).*/\1/p'; }
ANLAN_URL=$url ANLAN_TOKEN=$(token manager "read write sign") node made/client.js
ANLAN_URL=$url ANLAN_TOKEN=$(token office "read write sign") node truth.mjs made/openapi.en.json
