"""What a post said before an update that is being written."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from statusgen.editor.fact_values import FactValue
from statusgen.model.statuses import Status


@dataclass(frozen=True)
class Earlier:
    """What a post said before an update.

    `affected` are the services that flags can be about if --service names none; `lists` has what was known, not known
    and being done, to which the flags add. `standing` is how each service and channel stands. `blank_entry` is what a
    template says of each service that is not working.
    """

    affected: tuple[str, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    standing: Mapping[str, Status] = field(default_factory=dict)
    is_new: bool = False
    blank_entry: Mapping[str, FactValue] = field(default_factory=dict)
