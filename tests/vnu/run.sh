#!/bin/sh
# HTML through the Nu validator.	run.sh ANLAN [EACH]
set -eu
anlan=$(realpath "$1")
cd "$(dirname "$0")"
[ -f node_modules/vnu-jar/build/dist/vnu.jar ] || npm ci --no-audit --no-fund --loglevel=error
exec python3 pages.py "$anlan" node_modules/vnu-jar/build/dist/vnu.jar ${2:+"$2"}
