"""One measure, in a process that has the shim: `python -m tests.faults NAME EVERY SCRATCH` prints a score."""

import sys
from pathlib import Path

from tests.faults.measures import find_measure

name, every, scratch = sys.argv[1:]
print(find_measure(name)(Path(scratch), int(every)).as_json())
