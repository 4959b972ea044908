#!/bin/sh
# The Debian package on a bare machine: built, installed, started, asked, upgraded, moved, removed.
#	run.sh [DIR]	DIR: where to work, some 3 GB; kept when it was named
# As root. The machine is a folder: debootstrap, from the sources that apt has here.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ $# -gt 0 ]; then
	work=$1
	mkdir -p "$work"
else
	work=$(mktemp -d /var/tmp/anlan-package-XXXXXX)
fi
bare=$work/bare
# the commit whose package and data are upgraded: tag v0.1.0
before=e0657e78d3f2578153a273fdf9565150e6ec07a0
say() { printf -- '-- %s\n' "$*"; }
leave() {
	status=$?
	for d in dev/shm dev/pts proc; do
		umount -l "$bare/$d" 2>/dev/null || :
	done
	[ $# -gt 0 ] || rm -rf "$work"
	exit $status
}
trap 'leave ${1+"$@"}' EXIT
inside() { chroot "$bare" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }

# build COMMIT NAME: $work/NAME/anlan_*.deb
build() {
	rm -rf "${work:?}/$2"
	mkdir -p "$work/$2/source"
	git -C "$root" archive "$1" | tar -x -C "$work/$2/source"
	(cd "$work/$2/source" && DEB_BUILD_OPTIONS="parallel=$(nproc) noautodbgsym" dpkg-buildpackage -b -us -uc) >"$work/$2/log" 2>&1 ||
		{ tail -30 "$work/$2/log"; exit 1; }
}
say "build both packages"
build "$before" old
build HEAD new

say "lintian"
lintian -E --pedantic --fail-on error,warning,info,pedantic,experimental "$work"/new/*.changes

say "a bare machine"
site=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 'Created-By: Packages' | awk '$1 ~ /\/debian\/?$/ { print $1; exit }')
. /etc/os-release
[ -f "$bare/made" ] || {
	rm -rf "$bare"
	debootstrap --variant=minbase --include=systemd,python3,ca-certificates "$VERSION_CODENAME" "$bare" "$site" >"$work/debootstrap.log" 2>&1 ||
		{ tail -30 "$work/debootstrap.log"; exit 1; }
	: >"$bare/made"
}
mount -t proc proc "$bare/proc"
mount -t tmpfs -o mode=1777 tmpfs "$bare/dev/shm" 2>/dev/null || { mkdir -p "$bare/dev/shm"; mount -t tmpfs -o mode=1777 tmpfs "$bare/dev/shm"; }
printf '#!/bin/sh\nexit 101\n' >"$bare/usr/sbin/policy-rc.d"
chmod 755 "$bare/usr/sbin/policy-rc.d"
mkdir -p "$bare/pkg"
rm -rf "$bare"/pkg/*
cp "$work"/old/anlan_*.deb "$work"/new/anlan_*.deb "$root"/tests/package/*.py "$bare/pkg/"
inside apt-get update -q >/dev/null
old=$(cd "$work/old" && echo anlan_*.deb) new=$(cd "$work/new" && echo anlan_*.deb)
# what a run that broke off has left in a folder that was named
inside dpkg --purge anlan >/dev/null 2>&1 || :
rm -rf "$bare/var/lib/anlan" "$bare/var/backups/anlan" "$bare/etc/anlan"
get() { inside apt-get install -y -q --no-install-recommends "$@" >"$work/apt.log" 2>&1 || { tail -30 "$work/apt.log"; exit 1; }; }

say "install, make, start, ask"
get "/pkg/$new"
inside python3 /pkg/inside.py fresh
say "remove: data and copies stay"
inside dpkg --purge anlan >/dev/null
[ -f "$bare/var/lib/anlan/anlan.db" ] && [ ! -e "$bare/etc/anlan/anlan.conf" ] && [ ! -e "$bare/usr/bin/anlan" ]
rm -rf "$bare/var/lib/anlan" "$bare/var/backups/anlan"

say "the package of before, its data, then this one over it"
get "/pkg/$old"
inside runuser -u anlan -- anlan init --example --data /var/lib/anlan >/dev/null
echo 'mail-per-minute = 7' >"$bare/var/lib/anlan/anlan.conf"
inside chown anlan:anlan /var/lib/anlan/anlan.conf
get "/pkg/$new"
inside python3 /pkg/inside.py upgraded

say "the same behind PostgreSQL"
get postgresql
inside pg_ctlcluster "$(ls "$bare/usr/lib/postgresql" | tail -1)" main restart
inside runuser -u postgres -- dropdb --if-exists anlan
inside runuser -u postgres -- dropuser --if-exists anlan
inside runuser -u postgres -- createuser anlan
inside runuser -u postgres -- createdb -O anlan -E UTF8 -T template0 --locale=C.UTF-8 anlan
inside python3 /pkg/inside.py postgres
inside pg_ctlcluster "$(ls "$bare/usr/lib/postgresql" | tail -1)" main stop
inside dpkg --purge anlan >/dev/null
printf 'the package is built, installed, asked, upgraded, moved, removed\n'
