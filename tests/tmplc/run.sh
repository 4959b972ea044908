#!/bin/sh
# run.sh TMPLC DIR: each bad_*.html must stop the compiler at the line and with
# the words that its own "expect:" names; good.html must give good.expected.
set -u
tmplc=$(realpath "$1")
cd "$2" || exit 2
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
bad=0
for f in bad_*.html; do
	want=$(sed -n 's/.*expect: \([0-9]*: .*[^ ]\) *%>.*/\1/p' "$f")
	if "$tmplc" "$f" "$tmp/out.c" 2>"$tmp/err"; then
		echo "$f: compiled, but must not"; bad=1
	elif [ -z "$want" ] || ! grep -qF "$f:${want%%:*}: error:${want#*:}" "$tmp/err"; then
		echo "$f: want $want"; echo "got $(cat "$tmp/err")"; bad=1
	fi
done
"$tmplc" good.html "$tmp/good.c" && diff -u good.expected "$tmp/good.c" || bad=1
exit $bad
