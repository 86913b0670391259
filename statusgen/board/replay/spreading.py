"""What an update says of each way to use a service, and of services as such."""

from collections.abc import Mapping

from statusgen.board.model.spans import ChannelKey, Word
from statusgen.model.posts import Update
from statusgen.model.reports import ServiceReport
from statusgen.model.services import EVERY_WAY
from statusgen.model.statuses import Status
from statusgen.model.whole_site import Site

# For each way, and for services as such, what is said of it now, and the report that says so.
Said = dict[ChannelKey, tuple[Status, ServiceReport]]


def list_ways(service: str, site: Site) -> tuple[str, ...]:
    """Return the ids of a service's channels, except temporary ones."""
    known = site.service_by_id.get(service)
    return tuple(channel.id for channel in known.channels) if known else ()


def own_way(report: ServiceReport) -> str | None:
    """Return the channel that a report names; None if it is about the whole service."""
    return None if report.channel == EVERY_WAY else report.channel


def spread_reports(update: Update, open_words: Mapping[ChannelKey, Word], site: Site) -> Said:
    """Return what an update says of each way, and of services as such; a more exact word overrides the others.

    `open_words` are what was said before. `NOT_SAID` is for what an earlier word no longer holds for: how a service
    stood in parts once it stands as a whole, and a way said to work whose service is down now.
    """
    reports = [report for report in update.reports if report.status]
    named = {(report.service, report.channel): report for report in reports if own_way(report)}
    said: Said = {}
    for report in sorted(reports, key=lambda report: report.channel == EVERY_WAY):
        if own_way(report) or not report.status:
            continue
        service, ways = report.service, list_ways(report.service, site)
        is_general = report.channel != EVERY_WAY and not report.status.is_about_every_way
        # A word on a service whose only way has one of its own is about the service: power, and how to report it.
        is_beside = len(ways) == 1 and (service, ways[0]) in named and report.status.is_stated_problem
        if not ways or is_beside or (is_general and len(ways) > 1):
            said[service, None] = (report.status, report)
            said |= {
                (service, way): (Status.NOT_SAID, report)
                for way in ways
                if is_general and (service, way) not in named and _stands_as_its_service(open_words.get((service, way)))
            }
        else:
            if (service, None) in open_words:
                said[service, None] = (Status.NOT_SAID, report)
            for way in ways:
                before = open_words.get((service, way))
                if (service, way) not in named and (status := _taken_along(report, before, len(ways))):
                    said[service, way] = (status, report)
    return said | {key: (report.status, report) for key, report in named.items() if report.status}


def _stands_as_its_service(before: Word | None) -> bool:
    """Return whether a way was not singled out: what was said of it is what was said of its service."""
    return before is not None and before.of_service


def _taken_along(report: ServiceReport, before: Word | None, way_count: int) -> Status | None:
    """Return what a word on a whole service makes of one of its ways; None if it leaves it as it was said to be.

    What was said to work is not catching up; and of a way that was said to work, a word that the service does not
    says less than that the way does not.
    """
    works = before is not None and before.status is Status.WORKING and way_count > 1
    was_working = works or (before is not None and before.status is Status.NOT_SAID)
    if report.channel == EVERY_WAY or not was_working:
        return report.status
    if report.status is Status.CATCHING_UP:
        return None if works else report.status
    return Status.NOT_SAID if report.status in (Status.DOWN, Status.UNKNOWN) else report.status


def find_improved_keys(said: Said, open_words: Mapping[ChannelKey, Word]) -> set[ChannelKey]:
    """Return the ways that are said to be better than before, and the services as such."""
    better: set[ChannelKey] = set()
    for key, (status, report) in said.items():
        before = open_words.get(key)
        is_about_service = status is Status.NOT_SAID and not own_way(report)
        now = report.status if is_about_service else status
        is_said = before and before.status.is_stated_problem and now and now is not Status.NOT_SAID
        if before and now and is_said and now.severity < before.status.severity:
            better.add(key)
    return better
