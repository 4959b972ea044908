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
held=
stop() {
	[ -z "$held" ] || kill "$held" 2>/dev/null || true
	[ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || true
	rm -rf "$data"
}
trap stop EXIT
trap 'exit 130' INT TERM
"$anlan" init --example --data "$data/d" >/dev/null
port=$(node -e 's = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
# a mail server and chat robots that are held: what arrives stands in held.log
mkfifo "$data/hold"
python3 ../held/held.py "$data/held.log" <"$data/hold" >"$data/ports" &
held=$!
exec 9>"$data/hold"
until [ -s "$data/ports" ]; do :; done
read -r smtp http <"$data/ports"
"$anlan" serve --data "$data/d" --port "$port" --smtp-url "smtp://127.0.0.1:$smtp" --smtp-plain yes \
	--mail-from anlan@district.example --chat-relay "http://127.0.0.1:$http" 2>"$data/log" 9>&- &
server=$!
n=0
until node -e 'fetch(process.argv[1] + "/healthz").then(() => process.exit(0), () => process.exit(1))' "http://127.0.0.1:$port"; do
	n=$((n + 1))
	[ "$n" -lt 100 ] || { cat "$data/log" >&2; echo "the server did not start" >&2; exit 1; }
done
ANLAN_EXE=$anlan ANLAN_HELD=$data/held.log ANLAN_URL=http://127.0.0.1:$port node run.mjs "$@" || { bad=$?; tail -20 "$data/log" >&2; exit "$bad"; }
