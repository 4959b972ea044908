#!/bin/sh
# Gather the English texts of the program into po/anlan.pot.
#	texts.sh TMPLC			write po/anlan.pot
#	texts.sh --check TMPLC		fail on texts without Chinese, list them
#	texts.sh --update TMPLC		merge new texts into po/zh_CN.po
set -eu
mode=
case ${1:-} in
--check|--update) mode=$1; shift ;;
esac
[ $# -eq 1 ] || { sed -n '2,5s/^# *//p' "$0" >&2; exit 2; }
case $1 in
*/*) tmplc=$(realpath "$1") ;;
*) tmplc=$(command -v "$1") ;;
esac
cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for page in src/pages/*.html; do
	[ -f "$page" ] || continue
	"$tmplc" "$page" "$tmp/$(basename "$page" .html).page.c"
done
find src "$tmp" -name "*.[ch]" | LC_ALL=C sort |
xgettext --files-from=- --language=C --from-code=UTF-8 --omit-header \
	--no-location --sort-output --keyword --keyword=N_ --keyword=tr:2 \
	--keyword=trn:2,3 --keyword=err_set:4 --force-po -o "$tmp/all.pot"
{
	printf 'msgid ""\nmsgstr ""\n'
	printf '"Project-Id-Version: anlan\\n"\n"MIME-Version: 1.0\\n"\n'
	printf '"Content-Type: text/plain; charset=UTF-8\\n"\n'
	printf '"Content-Transfer-Encoding: 8bit\\n"\n\n'
	cat "$tmp/all.pot"
} >"$tmp/anlan.pot"
if [ -z "$mode" ]; then
	cp "$tmp/anlan.pot" po/anlan.pot
	exit 0
fi
if [ "$mode" = --update ]; then
	cp "$tmp/anlan.pot" po/anlan.pot
	msgmerge --quiet --no-fuzzy-matching --no-location --sort-output \
		--update --backup=none po/zh_CN.po po/anlan.pot
	exit 0
fi
# a text takes four arguments (base/err.h): a fifth would not be there
msgattrib --no-wrap "$tmp/anlan.pot" | awk '/^msgid /{ s = $0; gsub(/%%/, "", s)
	if (gsub(/%/, "", s) > 4) { print "more than four arguments: " $0; bad = 1 } } END { exit bad }'
msgfmt --check-format -o /dev/null po/zh_CN.po
msgmerge --quiet --no-fuzzy-matching --no-location -o "$tmp/zh.po" \
	po/zh_CN.po "$tmp/anlan.pot"
{
	msgattrib --untranslated --no-obsolete --no-wrap "$tmp/zh.po"
	msgattrib --only-fuzzy --no-obsolete --no-wrap "$tmp/zh.po"
} | awk '
	/^msgid ""$/ { long = 1; text = ""; next }
	/^msgid / { print; next }
	long && /^"/ { text = text $0; next }
	long { if (text != "") print "msgid " text; long = 0 }
	' >"$tmp/missing"
if [ -s "$tmp/missing" ]; then
	echo "no Chinese text in po/zh_CN.po for:"
	sed 's/^msgid /  /' "$tmp/missing"
	exit 1
fi
