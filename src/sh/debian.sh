# The Debian packages that the tests against real programs need.
PACKAGES="openssl gsasl postfix postfix-pcre swaks msmtp postfix-policyd-spf-python nsd pflogsumm fail2ban strace procps e2fsprogs xfsprogs"

# Installs what is missing when it can (root on Debian); else says what the tests will leave out. With CI=true a missing
# package is a failure.
debian_packages() {
    missing=
    for package in $PACKAGES; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "dev: installing$missing" >&2
        # shellcheck disable=SC2086
        if (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing) >/dev/null; then
            return 0
        fi
    fi
    echo "dev: tests that need these Debian packages are left out, as they are not installed:$missing" >&2
    [ "${CI:-}" != true ] || { echo "dev: with CI=true that is a failure" >&2; return 1; }
}
