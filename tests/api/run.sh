#!/bin/sh
# The running program asked from outside, as a stranger would.	run.sh ANLAN
exec python3 "$(dirname "$0")/test_api.py" "$@"
