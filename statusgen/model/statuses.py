"""How a service or one of its channels stands."""

from statusgen.model.format_enum import FormatEnum


class Status(FormatEnum):
    """The status of a service or of one of its channels, from best to worst.

    Nobody writes `not_said` (nothing was said of it) and `partly_down` (some ways cannot be used, and nothing was
    said of the others): they follow from what was written.
    """

    WORKING = "working"
    NOT_SAID = "not_said"
    MAINTENANCE = "maintenance"
    CATCHING_UP = "catching_up"
    DIFFERENTLY = "differently"
    DEGRADED = "degraded"
    UNKNOWN = "unknown"
    LIMITED = "limited"
    PARTLY_DOWN = "partly_down"
    DOWN = "down"

    @property
    def severity(self) -> int:
        """Its rank: 0 is working, 9 is not available."""
        return _SEVERITY[self]

    @property
    def is_usable(self) -> bool:
        """Whether somebody said that a channel with this status can be used."""
        return self not in (Status.DOWN, Status.MAINTENANCE, Status.UNKNOWN, Status.NOT_SAID, Status.PARTLY_DOWN)

    @property
    def is_closed(self) -> bool:
        """Whether somebody said that a channel with this status cannot be used."""
        return self in (Status.DOWN, Status.MAINTENANCE)

    @property
    def is_about_every_way(self) -> bool:
        """Whether it is about all ways, if it is said of a service: "Partly working" does not say which."""
        return self not in (Status.LIMITED, Status.DEGRADED, Status.DIFFERENTLY)

    @property
    def is_back(self) -> bool:
        """Whether it can be used again, though not as before: the question is when it will be back to normal."""
        return self in (Status.CATCHING_UP, Status.DIFFERENTLY)

    @property
    def is_stated_problem(self) -> bool:
        """Whether somebody said something else of it than that it works as usual."""
        return self not in (Status.WORKING, Status.NOT_SAID)

    @property
    def is_broken(self) -> bool:
        """Whether somebody said that it does not work as usual; not for planned work, nor if that is not known."""
        return self.is_stated_problem and self not in (Status.MAINTENANCE, Status.UNKNOWN)


# The statuses that a post can give.
WRITTEN_STATUSES = tuple(status for status in Status if status not in (Status.NOT_SAID, Status.PARTLY_DOWN))


_SEVERITY = {status: rank for rank, status in enumerate(Status)}
