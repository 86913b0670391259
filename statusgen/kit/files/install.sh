#!/bin/sh
# Installs statusgen from this folder, without a network: sh install.sh
# It uses no other program than Python, so that it works where little is installed.
case "$0" in */*) cd "${0%/*}" || exit 1 ;; esac
for python in python3 $(for version in @VERSIONS@; do echo "python$version"; done); do
  if command -v "$python" >/dev/null 2>&1 &&
    "$python" -c 'import sys; sys.exit(sys.version_info[:2] not in @TUPLES@)' 2>/dev/null; then
    exec "$python" install.py "$@"
  fi
done
echo "This kit needs one of these versions of Python, which is not here: @VERSIONS@" >&2
echo "Get it from https://www.python.org/downloads/ and try again. See CARD.txt." >&2
exit 1
