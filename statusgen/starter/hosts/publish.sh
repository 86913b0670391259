#!/bin/sh
# Builds this site and copies it to a web server:
#
#   sh publish.sh status@web.example.org:/srv/status/
#
# The page changes by the clock too: planned work begins, a promise falls due, a day turns. So let cron do it every
# five minutes (crontab -e), which copies only what has changed:
#
#   */5 * * * * cd /home/status/site && sh publish.sh status@web.example.org:/srv/status/ >/dev/null
#
# Cron sends an email when something goes wrong. On the web server itself, give the folder alone: /srv/status/
set -eu
cd "$(dirname "$0")"
target=${1:?Say where to, like: sh publish.sh status@web.example.org:/srv/status/}
if [ -x .venv/bin/statusgen ]; then PATH=$PWD/.venv/bin:$PATH; fi

# Without git, or without the network, what is here is published.
if git rev-parse --abbrev-ref '@{upstream}' >/dev/null 2>&1; then
  git pull --quiet --ff-only || echo "No news from git: publishing what is here." >&2
fi

statusgen build --output site
# New pages appear last and at once; what is no longer there goes after that.
rsync --recursive --times --delay-updates --delete-after --chmod=D755,F644 \
  --exclude=/.statusgen --exclude=/_headers site/ "$target"
