#!/bin/sh
# Readers, writers and exports at once, then imports, the public door, sign-in and
# tokens (drive.py), on a server built with the thread
# sanitizer: run.sh ANLAN-WITH-TSAN [postgres]. Fails on any report.
set -eu
anlan=$1
postgres="$(cd "$(dirname "$0")/../.." && pwd)/tools/postgres.sh"
dir=$(mktemp -d)
chmod 755 "$dir"
pid=
trap 'kill $pid 2>/dev/null || true; [ ! -d "$dir/pg" ] || "$postgres" remove "$dir/pg"; rm -rf "$dir"' EXIT
if [ "${2:-}" = postgres ]; then
	set -- --database "$("$postgres" start "$dir/pg" fsync=off)"
else
	set --
fi
export TSAN_OPTIONS="halt_on_error=0 log_path=$dir/report suppressions=$(realpath "$(dirname "$0")")/tsan.supp"
"$anlan" init --data "$dir/data" --example "$@" >/dev/null
: >"$dir/log"
"$anlan" serve --data "$dir/data" --port 0 2>"$dir/log" &
pid=$!
for _ in $(seq 100); do
	base=$(sed -n 's/.*serving on //p' "$dir/log")
	[ -n "$base" ] && break
	sleep 0.1
done
token=$("$anlan" token add office race --scopes "read write" --data "$dir/data")
auth="Authorization: Bearer $token"
org=$(curl -sf -H "$auth" "$base/api/v1/whitefun/org" | sed 's/.*"id":"\([0-9]*\)".*/\1/')
curl -sf -o /dev/null -c "$dir/jar" -d 'login=office&password=anlan-example&to=/' "$base/sign-in"
for k in 1 2 3 4 5 6; do
	(for i in $(seq 15); do
		curl -sf -o /dev/null -H "$auth" -H 'Content-Type: application/json' \
			-d "{\"org\":\"$org\",\"description\":\"race $k $i\",\"place_text\":\"x\"}" \
			"$base/api/v1/whitefun/hazard" || echo write >>"$dir/bad"
		curl -sf -o /dev/null -b "$dir/jar" "$base/t/whitefun/hazard" || echo list >>"$dir/bad"
		curl -sf -o /dev/null -b "$dir/jar" "$base/t/whitefun/hazard.csv" || echo export >>"$dir/bad"
		curl -sf -o /dev/null -b "$dir/jar" "$base/t/whitefun" || echo board >>"$dir/bad"
	done) &
	eval "job$k=$!"
done
wait $job1 $job2 $job3 $job4 $job5 $job6
python3 "$(dirname "$0")/drive.py" "$base" "$anlan" "$dir/data" || touch "$dir/failed"
kill "$pid"
wait "$pid" || true
[ ! -f "$dir/failed" ] || exit 1
[ ! -f "$dir/bad" ] || { echo "requests failed:"; sort "$dir/bad" | uniq -c; exit 1; }
! cat "$dir"/report* 2>/dev/null | grep -A12 WARNING || exit 1
echo "no race seen"
