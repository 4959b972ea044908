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
meson test -C "$build" --suite database --print-errorlogs --timeout-multiplier 3
python3 "$root/tests/crash/backup.py" "$build/anlan" "$root/tools/postgres.sh"
