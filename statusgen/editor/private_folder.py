"""Where is kept what somebody writes and has not published: in the user's own folder, not with the content.

Content may come from strangers, who could prepare it, and it is committed and pushed as a whole.
"""

import os
import sys
from pathlib import Path

from statusgen.speed.cache import digest


def private_folder(source: Path) -> Path:
    """Return the folder for what is being written about the site in `source`, as is usual on each system."""
    home = Path("~").expanduser()
    if sys.platform == "darwin":
        usual = home / "Library" / "Application Support"
    elif sys.platform == "win32":
        usual = Path(os.environ.get("LOCALAPPDATA") or home)
    else:
        usual = home / ".local" / "state"
    # https://specifications.freedesktop.org/basedir-spec/latest/
    root = Path(os.environ.get("XDG_STATE_HOME") or usual) / "statusgen"
    return root / digest([str(source.resolve())])[:16]
