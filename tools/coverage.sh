#!/bin/sh
# Lines of domain, store and service that no test runs, on either engine:
# coverage.sh BUILD [PERCENT]. Runs every test, and those that keep rows on
# PostgreSQL again. Fails below PERCENT (90), and where web, codec or cmd is below 80.
# BUILD was set up with -Db_coverage=true.
set -eu
build=$1
floor=${2:-90}
root=$(cd "$(dirname "$0")/.." && pwd)
out=$(mktemp)
trap 'rm -f "$out"' EXIT
find "$build" -name '*.gcda' -delete
meson test -C "$build" --print-errorlogs --timeout-multiplier $((4 * ${SLOW:-1}))
"$root/tests/postgres.sh" "$build"
if gcovr -r "$root" "$build" -j "$(nproc)" --fail-under-line "$floor" --print-summary \
	--filter "$root/src/domain/" --filter "$root/src/store/" --filter "$root/src/service/" >"$out"; then
	grep '^lines' "$out"
else
	cat "$out"
	echo "coverage: less than $floor % of the lines of domain, store and service are tested"
	exit 1
fi
# anlan-image may open nothing once it is locked in, so it cannot say what ran:
# tests/fuzz and tests/api/test_pictures.py are what it has.
for layer in web codec cmd; do
	if gcovr -r "$root" "$build" -j "$(nproc)" --fail-under-line 80 --print-summary \
		--filter "$root/src/$layer/" --exclude "$root/src/cmd/image.c" >"$out"; then
		printf '%s ' "$layer"
		grep '^lines' "$out"
	else
		cat "$out"
		echo "coverage: less than 80 % of the lines of $layer are tested"
		exit 1
	fi
done
