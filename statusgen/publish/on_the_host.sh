# What publishing does on the host of a target: server.py sends this to the standard input of `sh -s`, after a line that
# sets the arguments. All of it is functions until the last line, so that half of it, after a cut, does nothing.
#
#   read BASE                                        print the release that is shown, its record, its manifest
#   prepare BASE SHOWN PARTIAL                       make the folder for a new release; print one that was given up
#   discard BASE PARTIAL                             remove it
#   finish BASE SHOWN PARTIAL NAME RECORD RETIRED…   show it, if SHOWN still is what is shown
#
# The exit codes are those of server.py. Whatever happens, `current` leads to a whole release.

umask 022
lock=.statusgen-publishing
record_file=statusgen-publish.json

find_shown() {
    shown=
    if [ -L current ]; then
        shown=$(readlink current)
        case $shown in
            releases/*/*) exit 43 ;;
            releases/?*) shown=${shown#releases/} ;;
            *) exit 43 ;;
        esac
    elif [ -e current ]; then
        exit 43
    fi
}

print_file() {
    if [ -f "$1" ]; then
        wc -c <"$1" && cat "$1"
    else
        echo -
    fi
}

read_shown() {
    if [ -e "$1" ]; then
        cd "$1" || exit 44
        find_shown
    fi
    printf 'statusgen-publish 1\n%s\n' "${shown-}"
    print_file "releases/${shown:--}/$record_file"
    print_file "releases/${shown:--}/manifest.json"
}

# A slip in an address must not make a folder of something else into a target.
refuse_foreign() {
    [ ! -e "$1/releases" ] || return 0
    for each in "$1"/*; do
        [ ! -e "$each" ] || [ "${each##*/}" = lost+found ] || exit 47
    done
}

prepare() {
    refuse_foreign "$1"
    mkdir -p "$1/releases" || exit 44
    cd "$1" || exit 44
    find_shown
    [ "$shown" = "$2" ] || exit 41
    command -v rsync >/dev/null || exit 46
    # What is as old as this, nobody is sending any more.
    find releases -maxdepth 1 -name '.*.partial' -mmin +120 -exec rm -rf {} +
    given_up=
    for each in releases/.[0-9]*.partial; do
        [ ! -d "$each" ] || given_up=${each#releases/}
    done
    mkdir "releases/$3" || exit 44
    printf 'statusgen-publish 1\n%s\n' "$given_up"
}

# Whether the process that holds the lock is surely gone: it is of this host and of this user.
is_dead() {
    read -r host pid <"$lock/holder" && [ "$host" = "$(uname -n)" ] && [ -O "$lock" ] && ! kill -0 "$pid"
} 2>/dev/null

# One at a time. A lock of which nobody can tell whether its holder is gone holds for ten minutes.
take_lock() {
    tries=0
    until mkdir "$lock" 2>/dev/null; do
        tries=$((tries + 1))
        [ -d "$lock" ] || [ "$tries" -le 3 ] || exit 44
        [ "$tries" -le 20 ] || exit 42
        find "$lock" -prune -mmin +10 -exec rm -rf {} + 2>/dev/null
        # Only one may take it away, and may find another lock in its place by then.
        if is_dead && mkdir "$lock/taken" 2>/dev/null; then
            if is_dead; then rm -rf "$lock"; else rmdir "$lock/taken"; fi
        elif [ -d "$lock" ]; then
            sleep 1
        fi
    done
    trap 'rm -rf "$lock"' EXIT
    trap 'exit 1' HUP INT TERM PIPE
    printf '%s %s\n' "$(uname -n)" "$$" >"$lock/holder"
}

# Pages that were loaded before still ask for these.
keep_retired() {
    for each; do
        old=releases/$shown/$each new=releases/$partial/$each
        if [ -f "$old" ] && [ ! -e "$new" ]; then
            mkdir -p "${new%/*}" || exit 44
            ln "$old" "$new" 2>/dev/null || cp -p "$old" "$new" || exit 44
        fi
    done
}

show() {
    mv "releases/$partial" "releases/$1" || exit 44
    # All of it has to be on the disk before anything leads to it.
    sync -f "releases/$1" 2>/dev/null || sync
    rm -f .current.new
    ln -s "releases/$1" .current.new || exit 44
    # GNU and BusyBox; BSD. Without it, a link to a folder would be moved into that folder.
    mv -T .current.new current 2>/dev/null || mv -h .current.new current || exit 45
}

remove_old_releases() {
    set -- releases/[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]T[0-9][0-9][0-9][0-9][0-9][0-9]Z-????????????
    while [ "$#" -gt 3 ]; do
        [ "$1" = "releases/$name" ] || rm -rf "$1"
        shift
    done
}

finish() {
    cd "$1" || exit 44
    before=$2 partial=$3 name=$4 record=$5
    shift 5
    take_lock
    find_shown
    [ "$shown" = "$before" ] && [ "$shown" != "$name" ] || exit 41
    [ -d "releases/$partial" ] || exit 41
    keep_retired "$@"
    printf '%s' "$record" >"releases/$partial/$record_file" || exit 44
    # Who is still sending began before this, and will be refused: what they sent can go.
    set -- releases/.[0-9]*.partial
    rm -rf "releases/$name"
    show "$name"
    printf 'statusgen-publish 1\n'
    for each; do
        rm -rf "$each"
    done
    remove_old_releases
}

main() {
    action=${1:-nothing}
    [ "$#" -eq 0 ] || shift
    case $action in
        read) read_shown "$@" ;;
        prepare) prepare "$@" ;;
        discard) rm -rf "$1/releases/$2" ;;
        finish) finish "$@" ;;
        *) exit 40 ;;
    esac
}

main "$@" </dev/null
