# The Debian packages that the tests against real programs need.
PACKAGES="openssl gsasl postfix postfix-pcre swaks msmtp postfix-policyd-spf-python nsd pflogsumm fail2ban python3-dkim opendkim strace procps e2fsprogs xfsprogs fetchmail getmail6 mpop curl slapd postfix-ldap dovecot-pop3d dovecot-imapd dovecot-lmtpd iproute2"

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

# Exim, which Debian does not install beside Postfix: unpacked in build/exim, with the libraries that it needs installed.
debian_exim() {
    [ ! -x build/exim/usr/sbin/exim4 ] || return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "dev: unpacking exim4-daemon-light" >&2
        mkdir -p build/exim
        if (
            [ -n "$(apt-cache depends exim4-daemon-light 2>/dev/null)" ] || apt-get update -qq
            libraries=$(apt-cache depends exim4-daemon-light | sed -n 's/^ *Depends: \(lib.*\)/\1/p')
            # shellcheck disable=SC2086
            DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $libraries
            cd build/exim
            apt-get download -qq -o APT::Sandbox::User=root exim4-daemon-light
            dpkg -x exim4-daemon-light_*.deb .
            rm exim4-daemon-light_*.deb
            chmod u-s usr/sbin/exim4
        ) >/dev/null; then
            return 0
        fi
    fi
    echo "dev: tests that need Exim are left out" >&2
    [ "${CI:-}" != true ] || { echo "dev: with CI=true that is a failure" >&2; return 1; }
}
