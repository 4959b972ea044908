#!/bin/sh
# Run every fuzzer for a while: run.sh BUILD [SECONDS]
set -eu
build=$1
seconds=${2:-30}
dir=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for f in "$build"/tests/fuzz_*; do
	[ -x "$f" ] && [ ! -d "$f" ] || continue
	name=${f##*/fuzz_}
	mkdir -p "$tmp/$name"
	if ! "$f" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=65536 \
		-artifact_prefix="$tmp/" "$tmp/$name" "$dir/corpus/$name" >"$tmp/log" 2>&1; then
		tail -40 "$tmp/log"
		echo "fuzz $name: a crash; put its input into $dir/corpus/$name"
		cp "$tmp"/crash-* "$tmp"/timeout-* "$tmp"/oom-* . 2>/dev/null || true
		exit 1
	fi
	echo "fuzz $name: $(sed -n 's/^Done \([0-9]* runs\).*/\1/p' "$tmp/log") in $seconds s, no crash"
done
