#!/bin/sh
# Installs the system packages that tests use, where they are missing and where it may. Where it may not, the tests that
# need them are skipped with a word; in CI that is an error.
set -eu

missing=""
command -v strace >/dev/null 2>&1 || missing="$missing strace"
command -v mutt >/dev/null 2>&1 || missing="$missing mutt"
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
    command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
[ -x /usr/sbin/postfix ] || command -v postfix >/dev/null 2>&1 || missing="$missing postfix"
[ -x /usr/sbin/dovecot ] || command -v dovecot >/dev/null 2>&1 || missing="$missing dovecot-imapd dovecot-lmtpd"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
[ -z "$missing" ] && exit 0

if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing$missing …"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 (a list of words)
    if { apt-get install -y -qq --no-install-recommends $missing || {
        apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; }; } >/dev/null 2>&1; then
        exit 0
    fi
fi
if [ -n "${CI:-}" ]; then
    echo "These packages are missing and could not be installed:$missing" >&2
    exit 1
fi
echo "Not installed:$missing. The tests that need them will be skipped; as root, make test installs them."
