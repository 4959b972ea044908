#!/bin/sh
# clang-tidy over src and tools, a process for each core: tidy.sh BUILD
# BUILD was made by clang: its compile_commands.json says how each file is built.
# One file a process: in its second file, clang-tidy 14 takes every va_list for uninitialized.
set -eu
build=$(cd "$1" && pwd)
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
find src tools -name '*.c' | LC_ALL=C sort |
	xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p "$build" >"$log" 2>&1 || {
	grep -v ' warnings\{0,1\} generated' "$log"
	exit 1
}
