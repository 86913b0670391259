"""What can be written at the desk, each with a form of its own."""

from enum import Enum


class FormKind(Enum):
    """What a form writes: a new post of some kind, or an update of one."""

    PROBLEM = "problem"
    PLANNED_WORK = "planned-work"
    NOTICE = "notice"
    UPDATE = "update"
    CORRECTION = "correction"
    WAIVER = "waiver"
    END = "end"
    TRANSLATION = "translation"
    PROMISE = "promise"
    """Nothing is new, and when there will be more to say."""
    CONFIRM = "confirm"
    """Everything is still true."""

    @property
    def is_new_post(self) -> bool:
        """Whether it writes a new post."""
        return self in (FormKind.PROBLEM, FormKind.PLANNED_WORK, FormKind.NOTICE)
