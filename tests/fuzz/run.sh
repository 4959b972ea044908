#!/bin/sh
# Run every fuzzer for a while: run.sh BUILD [SECONDS]
set -eu
build=$1
seconds=${2:-30}
dir=$(cd "$(dirname "$0")" && pwd)
for f in "$build"/tests/fuzz_*; do
	[ -x "$f" ] && [ ! -d "$f" ] || continue
	name=${f##*/fuzz_}
	new=$(mktemp -d)
	echo "fuzz $name, $seconds s"
	"$f" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=65536 \
		-print_final_stats=0 -verbosity=0 "$new" "$dir/corpus/$name" 2>&1 | tail -3 ||
		{ echo "fuzz $name failed"; exit 1; }
	rm -rf "$new"
done
