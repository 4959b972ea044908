#!/bin/sh
# What only a large installation shows: rebuild, its check, the sweep after a
# long stop, copies to PostgreSQL and back.
#	tests/size/run.sh BUILD [RECORDS]
set -eu
build=$(cd "$1" && pwd) n=${2:-400000}
root=$(cd "$(dirname "$0")/../.." && pwd)
d=$(mktemp -d /tmp/anlan-size-XXXXXX)
chmod 755 "$d"
server=
clean() {
	[ -z "$server" ] || kill "$server" 2>/dev/null || true
	[ ! -d "$d/pg" ] || "$root/tools/postgres.sh" remove "$d/pg" >/dev/null 2>&1 || true
	rm -rf "$d"
}
trap clean EXIT
fail() { echo "size: $*" >&2; exit 1; }
began=$(date +%s)
told() { echo "size: $* ($(($(date +%s) - began)) s)"; }
same() { # what a check says of an installation in which nothing is wrong
	said=$("$build/anlan" rebuild --check --data "$1") || fail "rebuild --check of $1: $said"
	case $said in *" 0 tables would become different.") ;; *) fail "$said" ;; esac
	[ "${said%% *}" -ge "$n" ] || fail "only $said"
}

ninja -C "$build" anlan bench/anlan-fill >/dev/null
"$build/anlan" init --example --data "$d/data" >/dev/null
"$build/bench/anlan-fill" "$d/data" "$n" >/dev/null
told "$n records"
same "$d/data"
told "a check of the rebuild"
"$build/anlan" rebuild --data "$d/data" >"$d/said" || fail "rebuild: $(cat "$d/said")"
grep -q " 0 tables became different" "$d/said" || fail "$(cat "$d/said")"
told "a rebuild, nothing differs"

# half a year of notices, a week of keys of requests: what a stop leaves behind
python3 - "$d/data/anlan.db" "$n" <<-'PY'
	import sqlite3, sys
	db, n = sqlite3.connect(sys.argv[1]), int(sys.argv[2]) // 2
	tenant, person = db.execute("SELECT tenant_id, id FROM person LIMIT 1").fetchone()
	low = db.execute("SELECT coalesce(min(id), 1 << 40) FROM outbox").fetchone()[0] - n - 1
	db.executemany("INSERT INTO outbox VALUES (?, ?, 1, ?, 1, ?, 'old', 0, 1)",
	               ((low + i, tenant, person, i) for i in range(n)))
	db.executemany("INSERT INTO idempotency VALUES (?, ?, ?, ?, 1, x'00', 1)",
	               ((tenant, person, "old-%d" % i, i) for i in range(n)))
	db.commit()
PY
old() {
	sqlite3 -readonly "$d/data/anlan.db" "SELECT (SELECT COUNT(*) FROM outbox WHERE at_ms = 1) +
		(SELECT COUNT(*) FROM idempotency WHERE at_ms = 1)"
}
"$build/anlan" serve --data "$d/data" --port 0 2>"$d/log" &
server=$!
tries=0
while [ "$(old)" != 0 ]; do
	tries=$((tries + 1))
	[ "$tries" -lt 600 ] || fail "the sweep leaves $(old) rows: $(cat "$d/log")"
	kill -0 "$server" || fail "$(cat "$d/log")"
	sleep 1
done
kill "$server"
wait "$server" || fail "a quiet stop ended with $?"
server=
! grep -E "failed|error" "$d/log" || fail "the sweep was in somebody's way"
told "$n rows swept"

url=$("$root/tools/postgres.sh" start "$d/pg" fsync=off full_page_writes=off)
"$build/anlan" copy --from "sqlite:$d/data" --to "$url" >/dev/null || fail "the copy to PostgreSQL"
told "a copy to PostgreSQL, verified and checked"
"$build/anlan" copy --from "$url" --to "sqlite:$d/data" >/dev/null || fail "the copy to SQLite"
told "and back"
"$build/anlan" verify --data "$d/data" >"$d/said" || fail "verify: $(tail -5 "$d/said")"
same "$d/data"
told "verified and checked again"
