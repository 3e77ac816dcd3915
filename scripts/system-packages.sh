#!/bin/sh
# Install the Debian or Ubuntu packages that a purpose needs: `run` or `test`. Says nothing when all are there.
# As root it installs them; otherwise it names them with the command to give, and stops.
set -eu

# WeasyPrint draws the certificates with these libraries.
packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
case "${1:-}" in
    run) ;;
    # Servers, a browser, pdftotext and a second Thai font to hold against; `ps` and friends are not used.
    test)
        packages="$packages postgresql redis-server chromium poppler-utils fonts-thai-tlwg"
        # A smart card service, a virtual reader for it, and what pyscard is built with.
        packages="$packages pcscd vsmartcard-vpcd libpcsclite-dev gcc libc6-dev"
        # A token in software, for signing with PKCS#11.
        packages="$packages softhsm2"
        ;;
    *) echo "usage: $0 run|test" >&2; exit 2 ;;
esac

# Whatever Python 3.11 or newer is there will do, if it can make virtual environments: Debian splits that off.
python=$(sh "$(dirname "$0")/python.sh" --quiet || true)
if [ -z "$python" ]; then
    command -v python3 >/dev/null || packages="python3 python3-venv $packages"
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    # The split package is named after the interpreter: python3-venv for Debian's own, python3.12-venv beside it.
    packages="$(basename "$python")-venv $packages"
fi

# The headers are split off, too.
if [ "${1:-}" = test ] && [ -n "$python" ] && ! "$python" -c '
import pathlib, sys, sysconfig
sys.exit(not (pathlib.Path(sysconfig.get_path("include")) / "Python.h").exists())' 2>/dev/null; then
    packages="$packages $(basename "$python")-dev"
elif [ "${1:-}" = test ] && [ -z "$python" ]; then
    packages="$packages python3-dev"
fi

if ! command -v dpkg-query >/dev/null; then
    echo "This is not Debian or Ubuntu, so nothing is installed by itself. Needed here are the equivalents of:"
    echo "    $packages"
    exit 0
fi

missing=""
for package in $packages; do
    state=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    {
        echo "These system packages are missing:$missing"
        echo "Install them, then start again:"
        echo
        echo "    sudo apt-get update && sudo apt-get install --no-install-recommends$missing"
        echo
    } >&2
    exit 1
fi

echo "Installing system packages:$missing"
export DEBIAN_FRONTEND=noninteractive
# A policy of 101 keeps Debian from starting the servers: the tests start their own, private ones.
policy=/usr/sbin/policy-rc.d
if [ "$1" = test ] && [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
fi
log=$(mktemp)
# shellcheck disable=SC2086 # $missing is a list of words
if ! { apt-get -q update && apt-get -q install --yes --no-install-recommends $missing; } >"$log" 2>&1 </dev/null; then
    tail -n 30 "$log" >&2
    echo "The system packages could not be installed; apt-get's last words are above." >&2
    exit 1
fi
rm -f "$log"
