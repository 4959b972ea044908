#!/bin/sh
# Run every fuzzer for a while, two at a time: run.sh BUILD [SECONDS]
set -eu
dir=$(cd "$(dirname "$0")" && pwd)
if [ "${3:-}" = one ]; then # run.sh FUZZER SECONDS one TMP
	f=$1 seconds=$2 tmp=$4 name=${1##*/fuzz_}
	mkdir -p "$tmp/$name"
	export LSAN_OPTIONS="suppressions=$dir/../lsan.supp:print_suppressions=0"
	if "$f" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 -max_len=65536 \
		-artifact_prefix="$tmp/$name-" "$tmp/$name" "$dir/corpus/$name" >"$tmp/$name.log" 2>&1; then
		echo "fuzz $name: $(sed -n 's/^Done \([0-9]* runs\).*/\1/p' "$tmp/$name.log") in $seconds s, no crash"
		exit 0
	fi
	tail -40 "$tmp/$name.log"
	echo "fuzz $name: a crash; put its input into $dir/corpus/$name"
	cp "$tmp/$name"-crash-* "$tmp/$name"-timeout-* "$tmp/$name"-oom-* . 2>/dev/null || true
	exit 1
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
find "$1"/tests -maxdepth 1 -type f -name 'fuzz_*' | LC_ALL=C sort |
	xargs -P 2 -I '{}' sh "$0" '{}' "${2:-27}" one "$tmp"
