"""What a measure found: one row of the scoreboard."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Score:
    """What was measured, the target, the result, and each case that missed the target."""

    measure: str
    target: str
    found: str
    bad: tuple[str, ...] = ()

    def as_json(self) -> str:
        """Return the row for another process."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> "Score":
        """Return the row that another process wrote."""
        row = json.loads(text)
        return Score(row["measure"], row["target"], row["found"], tuple(row["bad"]))


def format_share(good: int, all_: int) -> str:
    """`412 of 412 (100 %)`."""
    return f"{good:,} of {all_:,} ({100 * good / all_:.4g} %)" if all_ else "none"


def first_cases(bad: Iterable[str], number: int = 20) -> tuple[str, ...]:
    """Return as many of the bad cases as a person can read."""
    cases = list(bad)
    more = [f"and {len(cases) - number} more"] if len(cases) > number else []
    return (*cases[:number], *more)
