#!/bin/sh
# Install what Debian 12 lacks, and nothing when nothing is lacking.
#	packages.sh run|check|package
set -eu
run="gcc meson ninja-build pkg-config libmicrohttpd-dev libsqlite3-dev libsodium-dev
libssl-dev libjansson-dev libexpat1-dev libzip-dev libxlsxwriter-dev
libpango1.0-dev libcairo2-dev libdeflate-dev libqrencode-dev libjpeg62-turbo-dev libpng-dev
libwebp-dev libheif-dev libseccomp-dev libcurl4-openssl-dev libpq-dev gettext tzdata
fonts-noto-cjk fonts-arphic-ukai"
check="libcmocka-dev libical-dev clang clang-format clang-tidy libclang-rt-14-dev llvm-14
pmccabe postgresql-15 poppler-utils gcovr sqlite3 curl python3 chromium-headless-shell nodejs npm nginx-light wrk openssl default-jre-headless"
package="build-essential debhelper debootstrap lintian mandoc"
case ${1:-run} in
run) want=$run ;;
package) want="$run $package" ;;
check) want="$run $check" ;;
*) sed -n '2,3s/^# *//p' "$0" >&2; exit 2 ;;
esac
# node may come from elsewhere than Debian's packages
command -v node >/dev/null 2>&1 && want=$(printf '%s' "$want" | sed 's/nodejs//')
command -v npm >/dev/null 2>&1 && want=$(printf '%s' "$want" | sed 's/npm//')
missing=
for p in $want; do
	dpkg-query -W -f '${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
echo "Installing:$missing"
sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
# shellcheck disable=SC2086
{
	$sudo apt-get update -q
	DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends $missing
} >/tmp/anlan-packages.$$ 2>&1 || { tail -20 /tmp/anlan-packages.$$; exit 1; }
rm -f /tmp/anlan-packages.$$
