#!/bin/sh
# Who may do what is as it was agreed: role by route, role by step.
#	tests/golden/run.sh ANLAN	GOLDEN=1 writes it anew
set -eu
golden=$(dirname "$0")/routes.txt
[ -z "${GOLDEN:-}" ] || "$1" routes >"$golden"
"$1" routes | diff -u "$golden" -
