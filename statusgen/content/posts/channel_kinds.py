"""The kind of a temporary channel, which only the first entry with its id in a post has to give."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches

from statusgen.model.posts import Update
from statusgen.model.services import Channel, ChannelKind
from statusgen.problems import Place

KIND_MISSING = 'The key "kind" is missing here.'
KIND_EXAMPLE = "Write it like kind: in_person"


def fill_in_kinds(updates: Iterable[Update], add_problem: Callable[[Place, str, str], None]) -> Iterator[Update]:
    """Yield the updates with the kind of each temporary channel; of one that never gives it, collect the mistake."""
    known: dict[str, dict[str, ChannelKind]] = {}

    def fill_in(service: str, channel: Channel) -> Channel:
        kinds = known.setdefault(service, {})
        if channel.kind_given:
            kinds[channel.id] = channel.kind
        elif channel.id in kinds:
            return replace(channel, kind=kinds[channel.id], kind_given=True)
        else:
            near = get_close_matches(channel.id, kinds, n=1)
            hint = f'{KIND_EXAMPLE}. Or did you mean the id "{near[0]}"?' if near else KIND_EXAMPLE
            add_problem(channel.place, KIND_MISSING, hint)
        return channel

    for update in updates:
        reports = tuple(
            replace(report, channels=tuple(fill_in(report.service, channel) for channel in report.channels))
            if report.channels
            else report
            for report in update.reports
        )
        yield replace(update, reports=reports) if reports != update.reports else update
