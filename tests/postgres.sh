#!/bin/sh
# Every test that keeps rows, again with PostgreSQL behind it.	postgres.sh BUILD
set -eu
build=$1
root=$(cd "$(dirname "$0")/.." && pwd)
dir=$(mktemp -d /tmp/anlan-pg-XXXXXX)
chmod 755 "$dir"
trap '"$root/tools/postgres.sh" remove "$dir"' EXIT
TEST_DATABASE=$("$root/tools/postgres.sh" start "$dir" fsync=off full_page_writes=off)
export TEST_DATABASE
"$build/tests/store_test_postgres"

# a wrong password: one line, which does not repeat it
psql -qXd "$TEST_DATABASE" -c "CREATE ROLE locked LOGIN PASSWORD 'right'"
sed -i '1i local all locked scram-sha-256' "$dir/pg/pg_hba.conf"
psql -qXd "$TEST_DATABASE" -c 'SELECT pg_reload_conf()' >/dev/null
sleep 1
data=$(mktemp -d)
echo "postgresql://locked:sesame@/anlan?host=$dir" >"$data/database"
if "$build/anlan" migrate --data "$data" 2>"$data/said"; then
	echo "a wrong password opened the database"; exit 1
fi
grep -q "password authentication failed" "$data/said" && ! grep -q sesame "$data/said" &&
	[ "$(wc -l <"$data/said")" = 1 ] || { cat "$data/said"; exit 1; }
rm -rf "$data"
meson test -C "$build" --suite database --print-errorlogs --timeout-multiplier $((3 * ${SLOW:-1}))
python3 "$root/tests/crash/backup.py" "$build/anlan" "$root/tools/postgres.sh"
