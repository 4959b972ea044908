#!/bin/sh
# A PostgreSQL of our own on a socket, for tests and measurements.
#	postgres.sh start DIR [SETTING=VALUE...]	makes it, prints its address
#	postgres.sh stop DIR [fast|immediate]	stops it
#	postgres.sh again DIR	starts it again
#	postgres.sh remove DIR	stops it and removes all of it
set -eu
verb=${1:-} dir=${2:-}
[ -n "$verb" ] && [ -n "$dir" ] || { sed -n '2,6s/^# *//p' "$0" >&2; exit 2; }
shift 2
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
# the server will not run as root
as() {
	if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi
}
up() {
	as "$bin/pg_ctl" -D "$dir/pg" -l "$dir/log" -w -t 60 start >/dev/null
}
case $verb in
start)
	mkdir -p "$dir"
	dir=$(cd "$dir" && pwd)
	[ "$(id -u)" != 0 ] || chown postgres "$dir"
	as "$bin/initdb" -D "$dir/pg" -U anlan -A trust -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
	as sh -c 'cat >>"$0"' "$dir/pg/postgresql.conf" <<-CONF
	listen_addresses = ''
	unix_socket_directories = '$dir'
	max_connections = 200
	$(for s in "$@"; do echo "$s"; done)
	CONF
	up
	as "$bin/createdb" -h "$dir" -U anlan anlan
	echo "postgresql://anlan@/anlan?host=$dir" ;;
stop) as "$bin/pg_ctl" -D "$dir/pg" -m "${1:-fast}" -w stop >/dev/null ;;
again) up ;;
remove)
	as "$bin/pg_ctl" -D "$dir/pg" -m immediate -w stop >/dev/null 2>&1 || true
	rm -rf "$dir" ;;
*) sed -n '2,6s/^# *//p' "$0" >&2; exit 2 ;;
esac
