#!/bin/sh
# Rules a machine keeps: format, layers, sizes, complexity, banned calls.
set -u
cd "$(dirname "$0")/.."
bad=0
fail() { echo "$*"; bad=1; }
c=$(find src tools tests bench -name '*.[ch]' | LC_ALL=C sort)
src=$(find src tools -name '*.c' | LC_ALL=C sort)
# shellcheck disable=SC2086
clang-format --dry-run --Werror $c 2>&1 | head -20 | grep . && bad=1
sh tools/check-layers.sh . || bad=1
for f in $src $(find src -name '*.h'); do
	n=$(wc -l <"$f")
	[ "$n" -le 600 ] || fail "$f: $n lines; at most 600"
done
# shellcheck disable=SC2086
pmccabe $src | awk '$1 > 15 { print $6 ": " $7 ": complexity " $1 "; at most 15"; x = 1 }
	$5 > 70 { print $6 ": " $7 ": " $5 " lines; at most 70"; x = 1 } END { exit x }' || bad=1
# shellcheck disable=SC2086
grep -nE '\b(strcpy|strcat|sprintf|vsprintf|strtok|gets|gmtime|localtime|atoi|system|popen)[[:space:]]*\(' $src && bad=1
exit $bad
