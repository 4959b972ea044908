#!/bin/sh
# Fail when a file includes a layer that its own layer may not use.
# A layer may include itself and the layers named after it here.
allowed() {
	case $1 in
	base)	echo base ;;
	html)	echo base html ;;
	codec)	echo base codec ;;
	stats)	echo base stats ;;
	domain)	echo base stats domain ;;
	store)	echo base codec domain store ;;
	service) echo base codec stats domain store service ;;
	pages)	echo base html domain pages ;;
	web)	echo base html codec stats domain store service pages web ;;
	cmd)	echo base html codec stats domain store service pages web cmd ;;
	esac
}
bad=0
cd "${1:-.}/src" || exit 2
for f in */*.[ch] */*/*.[ch]; do
	[ -f "$f" ] || continue
	layer=${f%%/*}
	for want in $(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$f" | sort -u); do
		case " $(allowed "$layer") " in
		*" $want "*) ;;
		*) echo "$f: $layer may not include $want/"; bad=1 ;;
		esac
	done
done
exit $bad
