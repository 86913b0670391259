"""What a measure found: one row of the scoreboard."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Score:
    """What was measured, what must be so, what was found, and each case in which it was not so."""

    measure: str
    target: str
    found: str
    bad: tuple[str, ...] = ()

    def as_json(self) -> str:
        """The row for another process."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "Score":
        """The row that another process found."""
        row = json.loads(text)
        return Score(row["measure"], row["target"], row["found"], tuple(row["bad"]))


def format_share(good: int, all_: int) -> str:
    """`412 of 412 (100 %)`."""
    return f"{good:,} of {all_:,} ({100 * good / all_:.4g} %)" if all_ else "none"


def first_cases(bad: Iterable[str], number: int = 20) -> tuple[str, ...]:
    """As many of the bad cases as one can read."""
    cases = list(bad)
    more = [f"and {len(cases) - number} more"] if len(cases) > number else []
    return (*cases[:number], *more)
