#!/bin/sh
# Prints the browser that the tests drive: $WHISTLE_BROWSER, else Chromium or Chrome on PATH,
# else Debian's chromium, installed where this user may install it.
set -eu

find_browser() {
    if [ -n "${WHISTLE_BROWSER:-}" ]; then
        printf '%s\n' "$WHISTLE_BROWSER"
        return 0
    fi
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && return 0
    done
    return 1
}

find_browser && exit 0

if [ "$(id -u)" = 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "The tests need a browser: install Chromium, or name one in WHISTLE_BROWSER." >&2
    exit 1
fi
{
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium
} >&2

find_browser || {
    echo "The tests need a browser: install Chromium, or name one in WHISTLE_BROWSER." >&2
    exit 1
}
