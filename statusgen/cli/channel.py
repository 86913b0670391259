"""`statusgen channel`: a way to use a service for the time being, or what is other than usual at one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.errors import parse_flag
from statusgen.cli.fact_flags import TEXT
from statusgen.cli.flags import flag
from statusgen.cli.write_command import incident_command
from statusgen.editor.fact_values import Facts, drop_empty
from statusgen.editor.statuses import parse_service_key
from statusgen.model.posts import Incident
from statusgen.model.services import ChannelKind, Tender
from statusgen.model.states import State

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class ChannelFlags:
    """What the arguments and the flags of `channel` say."""

    service: str = flag("", click.argument("service", metavar="SERVICE[/CHANNEL]", shell_complete=completion.services))
    kind: str | None = flag(
        None, "--kind", type=click.Choice([kind.value for kind in ChannelKind]), help="What kind of channel it is."
    )
    id_: str | None = flag(
        None, "--id", "id_", metavar="ID", help="Its id. The id of an existing one changes that one. Default: its kind."
    )
    name: str | None = flag(None, "--name", metavar="TEXT", help="What people call it.")
    address: str | None = flag(None, "--address", metavar="TEXT", help="Where it is.")
    hours: str | None = flag(None, "--hours", metavar="TEXT", help="When it is open.")
    phone: str | None = flag(None, "--phone", metavar="NUMBER", help="Its number.")
    url: str | None = flag(None, "--url", metavar="URL", help="Its address on the web.")
    accepts: tuple[str, ...] = flag(
        (),
        "--accepts",
        type=click.Choice([tender.value for tender in Tender]),
        help="A way to pay that it accepts. Can be repeated.",
    )
    bring: str | None = flag(None, "--bring", metavar="TEXT", help="What to bring.")
    fee: str | None = flag(None, "--fee", metavar="TEXT", help="What it costs to use it.")
    begins: str | None = flag(None, "--from", "begins", metavar="TIME", help="From when it is there. Default: now.")
    until: str | None = flag(None, "--until", metavar="TIME", help="Until when it is there.")
    text: str | None = flag(None, TEXT)


@incident_command(ChannelFlags, click.argument("incident", shell_complete=completion.incidents))
def channel(session: "WriteSession", post: Incident, flags: ChannelFlags) -> None:
    """Say in INCIDENT that SERVICE can be used in another way for now.

    With a channel that SERVICE always has, as SERVICE/CHANNEL, say what is other than usual there for now.
    """
    service, _, way = flags.service.partition("/")
    service = parse_flag("SERVICE", parse_service_key, service, session.site)
    if way in {channel.id for channel in session.site.service_by_id[service].channels}:
        services: Facts = {f"{service}/{way}": _make_change(session, flags)}
    else:
        services = {service: {"channels": [_make_channel(session, post, flags, service, way or flags.id_ or "")]}}
    session.append_update(post, State.UPDATE, {"services": services}, session.read_text(flags.text))


def _make_change(session: "WriteSession", flags: ChannelFlags) -> Facts:
    """Return what is other than usual at a channel for now."""
    for name, value in (("--kind", flags.kind), ("--id", flags.id_), ("--name", flags.name)):
        if value:
            what = f"{flags.service} is always there: {name} cannot change it for now."
            raise click.BadParameter(what, param_hint=name)
    change = _read_details(session, flags)
    if not change.keys() - {"from", "until"}:
        what = "Say what is different there for now, for example with --hours or --accepts."
        raise click.BadParameter(what, param_hint="--hours")
    return change


def _make_channel(session: "WriteSession", post: Incident, flags: ChannelFlags, service: str, way: str) -> Facts:
    """Return a channel that is set up for the time being, or what changes of it."""
    id = way or flags.kind
    if not id:
        what = "Give its kind with --kind, or name an existing channel with --id."
        raise click.BadParameter(what, param_hint="--kind")
    reports = (report for update in post.updates for report in update.reports if report.service == service)
    if not flags.kind and id not in {channel.id for report in reports for channel in report.channels}:
        what = f'{post.id} has no channel "{id}" of "{service}" yet: add its --kind.'
        raise click.BadParameter(what, param_hint="--kind")
    return drop_empty({"id": id, "kind": flags.kind, "name": flags.name, **_read_details(session, flags)})


def _read_details(session: "WriteSession", flags: ChannelFlags) -> Facts:
    """Return what can be said of every channel."""
    return drop_empty(
        {
            **{name: getattr(flags, name) for name in ("address", "hours", "phone", "url")},
            "accepts": flags.accepts,
            "bring": flags.bring,
            "fee": flags.fee,
            "from": session.read_time("--from", flags.begins) if flags.begins else None,
            "until": session.read_time("--until", flags.until) if flags.until else None,
        }
    )
