"""What the pages say of where updates were sent, as the ledger has it: the names of channels, and no addresses."""

from dataclasses import replace
from pathlib import Path

from statusgen.model.channels import NotifyChannel
from statusgen.model.posts import Incident
from statusgen.model.record import Told
from statusgen.model.times import When
from statusgen.model.whole_site import Site
from statusgen.notify.git_ledger import BRANCH, read_known_lines
from statusgen.notify.ledger import Event, Key, Record, parse_record


def add_told(site: Site, source: Path) -> Site:
    """Return the site with where each update was sent, if `notify:` of services.yaml wants to show that."""
    named = tuple(channel for channel in site.notify.channels if channel.name)
    if not site.notify.show or not named:
        return site
    record = parse_record(read_known_lines(source), BRANCH)
    return replace(site, incidents=tuple(_add_to_incident(each, named, record) for each in site.incidents))


def _add_to_incident(incident: Incident, channels: tuple[NotifyChannel, ...], record: Record) -> Incident:
    updates = []
    for update in incident.updates:
        told = (_find_told(Key(incident.id, update.id, channel.id), channel, record) for channel in channels)
        updates.append(replace(update, told=tuple(each for each in told if each)))
    return replace(incident, updates=tuple(updates))


def _find_told(key: Key, channel: NotifyChannel, record: Record) -> Told | None:
    standing = record.standings.get(key)
    if standing is None or channel.name is None or not record.reached(key):
        return None
    return Told(channel.name, When.moment(standing.at), standing.event is Event.SENT)
