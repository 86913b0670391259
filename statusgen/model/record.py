"""What was public before: the edits of updates, and the words of earlier versions."""

from dataclasses import dataclass

from statusgen.model.format_enum import FormatEnum
from statusgen.model.times import When
from statusgen.model.words import Words


@dataclass(frozen=True, slots=True)
class Edit:
    """A change to an update after it was public: when it was committed, and the lines removed and added.

    The lines are as they were written, in the file of `language`; `after` is empty if the whole update was
    removed. If `withheld`, some or all of the lines are left out because they must not be public.
    """

    time: When
    before: str
    after: str
    language: str
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Where an update was sent: what residents call the channel, and when. `is_known` is false if nobody can tell
    whether it left; then it was tried at that time.
    """

    channel: Words
    at: When
    is_known: bool


class RecordCoverage(FormatEnum):
    """How much is known of what was public before: all of it, or only since a copy of the content was made."""

    COMPLETE = "whole"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class PastText:
    """Lines of earlier versions of an incident's files, as they were written; `incident` is its id."""

    incident: str
    text: str


@dataclass(frozen=True, slots=True)
class PastWords:
    """What git knows of earlier versions: what residents could read, and what nobody could; and the files of today."""

    public: tuple[PastText, ...]
    hidden: tuple[PastText, ...]
    current: tuple[str, ...]
