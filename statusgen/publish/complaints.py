"""What ssh, rsync and git say when something fails, and what to do about it."""

_HINTS = {
    "git does not start": "Check whether git is on this computer. If not, install it, and publish again.",
    "Could not resolve host": "There is no host of that name, or no network. Look at the address.",
    "Connection refused": "Nothing takes connections there. Look at the host and the port.",
    "Host key verification failed": "The host's key is not known here, or not the known one. Compare the key, then "
    "connect once by hand with ssh.",
    "Permission denied (": "The host does not let this user in. Load the key (ssh-add), and add it at the host.",
    "No space left on device": "The disk there is full. Free some space, and publish again.",
    "Disk quota exceeded": "The disk there is full for this user. Free some space, and publish again.",
    "is your shell clean": "Its shell prints something at each login. Let .bashrc there say nothing to programs.",
    **dict.fromkeys(
        ("[rejected]", "fetch first", "non-fast-forward", "cannot lock ref", "incorrect old value"),
        "Someone else pushed to it meanwhile. Publish again, and theirs is taken into account.",
    ),
    "[remote rejected]": "The host refuses what is pushed. Allow it in the settings of the branch.",
    "could not read Username": "The host asks for a password. Set up a credential helper, or use git+ssh.",
    "Authentication failed": "The host refuses this password or token. Renew the one in your credential helper.",
    **dict.fromkeys(
        ("certificate verification failed", "SSL certificate problem"),
        "This computer does not trust the host's certificate. Look at the address, or set http.sslCAInfo of git.",
    ),
    "dubious ownership": "The repository belongs to another user. If you trust it, add it to git's safe.directory.",
    "does not appear to be a git repository": "Look at the path; git init --bare makes a new repository.",
}


def find_hint(said: str) -> str:
    """Return what to do about what a program said; nothing if only another attempt can tell."""
    return next((hint for words, hint in _HINTS.items() if words in said), "")
