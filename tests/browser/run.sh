#!/bin/sh
# What a person sees, in a real browser.	run.sh ANLAN [words of a test's name]
# Makes its own example district, serves it on a free port, stops it again.
set -eu
[ $# -ge 1 ] || { sed -n '2,3s/^# *//p' "$0" >&2; exit 2; }
anlan=$(realpath "$1")
shift
cd "$(dirname "$0")"
[ -d node_modules/playwright-core ] || npm ci --no-audit --no-fund --loglevel=error
data=$(mktemp -d)
server=
stop() {
	[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
	rm -rf "$data"
}
trap stop EXIT
trap 'exit 130' INT TERM
"$anlan" init --example --data "$data/d" >/dev/null
port=$(node -e 's = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
"$anlan" serve --data "$data/d" --port "$port" 2>"$data/log" &
server=$!
n=0
until node -e 'fetch(process.argv[1] + "/healthz").then(() => process.exit(0), () => process.exit(1))' "http://127.0.0.1:$port"; do
	n=$((n + 1))
	[ "$n" -lt 100 ] || { cat "$data/log" >&2; echo "the server did not start" >&2; exit 1; }
done
ANLAN_URL=http://127.0.0.1:$port node run.mjs "$@" || { bad=$?; tail -20 "$data/log" >&2; exit "$bad"; }
