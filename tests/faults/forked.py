"""What a forked process does until it ends, as a command would; its output goes into a file."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

CRASHED = 70
"""The exit code of one that ended with a traceback."""


def work_and_end(work: Callable[[], int], said: Path) -> NoReturn:
    """Do the work in this process, write what it says into `said`, and end with the exit code that it returns."""
    code = CRASHED
    try:
        output = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115 (to the end)
        code = work()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)
