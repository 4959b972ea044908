#!/bin/sh
# Fail when a file includes a layer that its own layer may not use.
#	check-layers.sh [FOLDER]
cd "${1:-.}/src" || exit 2
find . -name '*.[ch]' -exec awk '
	# a layer, and the layers that its files may include
	BEGIN {
		may["base"] = " base "
		may["html"] = " base html "
		may["codec"] = " base codec "
		may["stats"] = " base stats "
		may["domain"] = " base stats domain "
		may["store"] = " base codec domain store "
		may["service"] = " base codec stats domain store service "
		may["pages"] = " base html domain pages "
		may["web"] = " base html codec stats domain store service pages web "
		may["cmd"] = " base html codec stats domain store service pages web cmd "
	}
	/^#include "[a-z]*\// {
		split(FILENAME, at, "/")
		want = substr($2, 2, index($2, "/") - 2)
		if (!index(may[at[2]], " " want " ")) {
			print FILENAME ": " at[2] " may not include " want "/"
			bad = 1
		}
	}
	END { exit bad }' {} +
