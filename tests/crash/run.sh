#!/bin/sh
# kill -9 under load: what was acknowledged is there.
#	tests/crash/run.sh ANLAN [ROUNDS] [SEED]
exec python3 "$(dirname "$0")/crash.py" "$@"
