"""The overview at the top of the front page: every problem in one line, in the order in which people look for it.

People look for a name, not for the worst: the essential services come first, then all others as the city orders its
groups, and last what only its staff use. Too many lines would push each other off the screen, so some fold into one.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from statusgen.board.model.services import ServiceStatus
from statusgen.board.model.whole_board import Board
from statusgen.model.services import Group, Operator, OperatorKind
from statusgen.model.whole_site import Site

# With more lines than this, whole groups fold into one line, until no more than `MAX_FULL_ROWS` stand alone.
MAX_ROWS = 14
MAX_FULL_ROWS = 10
# So many letters of advice fit into a line: what is longer stands on the card alone.
MAX_ANSWER_LENGTH = 110


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One line: a service or, folded, several that one `operator` runs, that are of one `group`, or all others."""

    services: tuple[ServiceStatus, ...]
    operator: Operator | None = None
    group: Group | None = None

    @property
    def is_folded(self) -> bool:
        """Whether it stands for several services."""
        return len(self.services) > 1


@dataclass(frozen=True, slots=True)
class Overview:
    """All services in few lines.

    `problems` are those that do not work as usual, or may not, in order. If there is only one and somebody said that it
    does not work as usual, the headline names it: it is `named`. Otherwise each has its line in `rows`. What works has
    a line too if there is something to know, for example where an open shelter is. `closing` are the others, which need
    nothing done, by where the page lists them: those that work, those that worked when last checked, and those of which
    nothing was said.
    """

    problems: tuple[ServiceStatus, ...]
    named: ServiceStatus | None
    rows: tuple[OverviewRow, ...]
    closing: tuple[tuple[str, tuple[ServiceStatus, ...]], ...]


def make_overview(board: Board) -> Overview:
    """Return the overview of a Board."""
    problems = sort_for_reading((service for service in board.services if service.is_unusual), board.site)
    told = sort_for_reading((*problems, *board.working_with_advice), board.site)
    named = problems[0] if len(problems) == 1 and problems[0].has_problem else None
    rows = () if named and told == problems else tuple(_fold(told, board.site))
    lists = (
        ("working", board.working_services),
        ("checked", board.formerly_working_services),
        ("unsaid", board.not_said_services),
    )
    is_calm = not (problems or board.open_incidents)
    closing = () if is_calm else tuple((id, services) for id, services in lists if services)
    return Overview(problems, named, rows, closing)


def sort_for_reading(services: Iterable[ServiceStatus], site: Site) -> tuple[ServiceStatus, ...]:
    """Return services in the order in which people look for them."""
    position = {group.id: number for number, group in enumerate(site.groups)}
    staff = staff_groups(site)

    def order(service: ServiceStatus) -> tuple[bool, bool, int]:
        group = service.service.group or ""
        return group in staff, not service.service.essential, position.get(group, len(position))

    return tuple(sorted(services, key=order))


def sort_for_poster(problems: Sequence[ServiceStatus], site: Site) -> tuple[OverviewRow, ...]:
    """Return the lines of a poster, the most weighty first, without what only staff use.

    After the essential services come those of which dates or fees depend. What other agencies run comes last.
    """
    staff = staff_groups(site)
    rows = _fold_operators([OverviewRow((each,)) for each in problems if each.service.group not in staff])

    def order(row: OverviewRow) -> tuple[bool, bool, bool]:
        first = row.services[0]
        return row.is_folded, not first.service.essential, not (first.waivers or first.deadlines)

    return tuple(sorted(rows, key=order))


def staff_groups(site: Site) -> frozenset[str]:
    """Return the ids of the groups of what only staff use."""
    return frozenset(group.id for group in site.groups if group.staff)


def _fold(problems: Sequence[ServiceStatus], site: Site) -> list[OverviewRow]:
    """Return the lines of the problems."""
    rows = _fold_operators(_fold_groups(problems, site, staff_groups(site)))
    if len(rows) <= MAX_ROWS:
        return rows
    alone = [row.services[0] for row in rows if not row.is_folded]
    urgent = [each for each in alone if each.service.essential]
    urgent += [each for each in alone if not each.service.essential and (each.waivers or each.deadlines)]
    kept = {service.id for service in urgent[:MAX_FULL_ROWS]}
    rest = [service for service in alone if service.id not in kept]
    return [
        *(OverviewRow((service,)) for service in alone if service.id in kept),
        *_fold_groups(rest, site, {service.service.group for service in rest}),
        *(row for row in rows if row.is_folded),
    ]


def _fold_groups(services: Sequence[ServiceStatus], site: Site, ids: Set[str | None]) -> list[OverviewRow]:
    """Return the lines of services, in one those of the same one of these groups, where the first of them stood."""
    group_by_id = {group.id: group for group in site.groups}
    rows: dict[str, OverviewRow] = {}
    for service in services:
        id = service.service.group
        members = tuple(each for each in services if each.service.group == id) if id in ids else (service,)
        group = group_by_id.get(id or "") if len(members) > 1 else None
        rows.setdefault(members[0].id, OverviewRow(members, group=group))
    return [*rows.values()]


def _fold_operators(rows: Sequence[OverviewRow]) -> list[OverviewRow]:
    """Return the lines, in one those of which one agency beside the city says the same."""
    folded: dict[str, OverviewRow] = {}
    for row in rows:
        service = row.services[0]
        alike = tuple(each.services[0] for each in rows if not each.is_folded and _says_same(each.services[0], service))
        if row.is_folded or len(alike) < 2:
            folded[service.id] = row
        else:
            folded.setdefault(alike[0].id, OverviewRow(alike, operator=service.service.operator))
    return [*folded.values()]


def _says_same(one: ServiceStatus, other: ServiceStatus) -> bool:
    """Return whether one agency beside the city says the same of two services: how they stand, and until when."""
    operator = one.service.operator
    if operator is None or operator.kind is OperatorKind.CITY or one.service.essential or other.service.essential:
        return False
    facts = [
        (
            each.service.operator,
            each.status,
            each.stale,
            tuple(published.estimate for published in each.current_estimates),
            each.outage_estimate and each.outage_estimate.estimate,
        )
        for each in (one, other)
    ]
    return facts[0] == facts[1]
