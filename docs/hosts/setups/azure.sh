#!/bin/sh
# Copies a built site with rclone to the container $web of a storage account at Azure, with the type and the age of each
# file, in an order in which no page lacks what it loads, the front page and the list of files last.
#
#   export RCLONE_CONFIG_AZURE_TYPE=azureblob RCLONE_CONFIG_AZURE_ACCOUNT=springfieldstatus
#   export RCLONE_CONFIG_AZURE_KEY=…                          # or RCLONE_CONFIG_AZURE_ENV_AUTH=true, after: az login
#   sh azure.sh site 'azure:$web' --dry-run
#   sh azure.sh site 'azure:$web'
#
# Give it a container that holds nothing else: what is not part of the site is deleted there, except for scripts of
# earlier builds, which pages that are open still ask for.

set -eu
site=$1 to=$2
shift 2

forever="public, max-age=31536000, immutable"
briefly="public, max-age=0, s-maxage=30, stale-while-revalidate=30, stale-if-error=86400"

# Sends the files that the rules on standard input choose.
send() {
    type=$1 age=$2
    shift 2
    rclone copy "$site" "$to" --header-upload "Content-Type: $type" --header-upload "Cache-Control: $age" \
        --filter-from - "$@"
}
# Sends the files of one name that are left; the front page and the list of files are not among them.
send_all() {
    type=$1 name=$2
    shift 2
    printf '%s\n' "- /index.html" "- /manifest.json*" "+ $name" "- *" | send "$type" "$briefly" "$@"
}

# What pages load.
printf '%s\n' "+ /{script,find}-*.js" "- *" | send "text/javascript; charset=utf-8" "$forever" "$@"
printf '%s\n' "+ /print-*.css" "- *" | send "text/css; charset=utf-8" "$forever" "$@"
send_all "image/svg+xml" "*.svg" "$@"
send_all "image/png" "*.png" "$@"
send_all "image/jpeg" "*.{jpg,jpeg}" "$@"
send_all "image/webp" "*.webp" "$@"
send_all "text/javascript; charset=utf-8" "/embed.js" "$@"

# The pages, but for the front page.
send_all "text/html; charset=utf-8" "*.html" "$@"

# Feeds and data. What is there already is not sent again with another type.
send_all "application/rss+xml; charset=utf-8" "{feed.xml,history.rss}" "$@"
send_all "application/atom+xml; charset=utf-8" "{atom.xml,history.atom}" "$@"
send_all "application/cap+xml; charset=utf-8" "/alerts/**.xml" "$@"
send_all "application/feed+json" "feed.json" "$@"
send_all "text/calendar; charset=utf-8" "*.ics" "$@"
send_all "text/csv; charset=utf-8" "*.csv" "$@"
send_all "text/x-opml; charset=utf-8" "*.opml" "$@"
send_all "text/plain; charset=utf-8" "*.txt" "$@"
send_all "application/json" "*.json" "$@"
send_all "application/xml" "*.xml" "$@"

# The front page; the signatures; the list of files, by which `statusgen verify` knows that all is there.
printf '%s\n' "+ /index.html" "- *" | send "text/html; charset=utf-8" "$briefly" "$@"
printf '%s\n' "+ /manifest.json.*" "- *" | send "application/octet-stream" "$briefly" "$@"
printf '%s\n' "+ /manifest.json" "- *" | send "application/json" "$briefly" "$@"

# What is gone.
rclone sync "$site" "$to" --filter-from - "$@" <<'END'
- /{.statusgen,_headers,_redirects}
- /{script,find,print}-*.{js,css}
END
