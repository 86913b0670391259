#!/bin/sh
# Copies a built site with rclone to a host that takes only SFTP, FTPS or WebDAV: in an order in which no page lacks what
# it loads, the front page and the list of files last, and deletions after that.
#
#   rclone config                                  # once: gives the host a name, here "host"
#   sh sftp.sh site host:htdocs --dry-run
#   sh sftp.sh site host:htdocs
#
# Give it a folder that holds nothing else. What is not part of the site is deleted there, except for .htaccess, what the
# host needs for its certificate, and scripts of earlier builds, which pages that are open still ask for.
# From version 1.63 on, rclone shows no half file. FTP servers that keep no times need --ignore-times as well.

set -eu
site=$1 to=$2
shift 2

send() { rclone copy "$site" "$to" --filter-from - "$@"; }

# What pages load.
send "$@" <<'END'
+ *.{js,css,svg,png,jpg,jpeg,webp,gif}
- *
END

# The pages, but for the front page.
send "$@" <<'END'
- /index.html
+ *.html
- *
END

# Feeds and data.
send "$@" <<'END'
- /index.html
- /manifest.json*
- /{.statusgen,_headers,_redirects}
END

# The front page; the signatures; the list of files, by which `statusgen verify` knows that all is there.
send "$@" <<'END'
+ /index.html
- *
END
send "$@" <<'END'
+ /manifest.json.*
- *
END
send "$@" <<'END'
+ /manifest.json
- *
END

# What is gone.
rclone sync "$site" "$to" --filter-from - "$@" <<'END'
- /{.statusgen,_headers,_redirects}
- .htaccess
- /.well-known/acme-challenge/**
- /{script,find,print}-*.{js,css}
END
