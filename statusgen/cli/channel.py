"""`statusgen channel`: a way to use a service that is set up for the time being."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from statusgen.cli import completion
from statusgen.cli.errors import parse_flag
from statusgen.cli.fact_flags import TEXT
from statusgen.cli.flags import flag
from statusgen.cli.write_command import incident_command
from statusgen.editor.fact_values import drop_empty
from statusgen.editor.statuses import parse_service_key
from statusgen.model import ChannelKind, Incident, State, Tender

if TYPE_CHECKING:
    from statusgen.cli.write_session import WriteSession


@dataclass(frozen=True)
class ChannelFlags:
    """What the arguments and the flags of `channel` say."""

    service: str = flag("", click.argument("service", shell_complete=completion.services))
    kind: str | None = flag(
        None, "--kind", type=click.Choice([kind.value for kind in ChannelKind]), help="In what way it is used."
    )
    id_: str | None = flag(
        None, "--id", "id_", metavar="ID", help="Its id; that of an existing one changes it. Default: its kind."
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
        help="What can be paid with there. Can be repeated.",
    )
    bring: str | None = flag(None, "--bring", metavar="TEXT", help="What to bring.")
    fee: str | None = flag(None, "--fee", metavar="TEXT", help="What it costs to use it.")
    begins: str | None = flag(None, "--from", "begins", metavar="TIME", help="From when it is there. Default: now.")
    until: str | None = flag(None, "--until", metavar="TIME", help="Until when it is there.")
    text: str | None = flag(None, TEXT)


@incident_command(ChannelFlags, click.argument("incident", shell_complete=completion.incidents))
def channel(session: "WriteSession", post: Incident, flags: ChannelFlags) -> None:
    """Say in INCIDENT that SERVICE can be used in another way for the time being."""
    service = parse_flag("SERVICE", parse_service_key, flags.service, session.site)
    if "/" in service:
        raise click.UsageError(f"Name the service, not one of its channels: {service.partition('/')[0]}.")
    id = flags.id_ or flags.kind
    if not id:
        raise click.UsageError("Say in what way it is used with --kind, or name an existing channel with --id.")
    known = {
        (report.service, each.id): each
        for update in post.updates
        for report in update.reports
        for each in report.channels
    }
    old = known.get((service, id))
    if old is None and not flags.kind:
        raise click.UsageError(f'{post.id} has no channel "{id}" of "{service}" yet: say its --kind.')
    entry = drop_empty(
        {
            "id": id,
            "kind": flags.kind or (old.kind.value if old else None),
            **{name: getattr(flags, name) for name in ("name", "address", "hours", "phone", "url")},
            "accepts": flags.accepts,
            "bring": flags.bring,
            "fee": flags.fee,
            "from": session.read_time("--from", flags.begins) if flags.begins else None,
            "until": session.read_time("--until", flags.until) if flags.until else None,
        }
    )
    session.append_update(
        post, State.UPDATE, {"services": {service: {"channels": [entry]}}}, session.read_text(flags.text)
    )
