"""`statusgen notify`: tell the people who asked for it."""

from dataclasses import dataclass
from pathlib import Path

from statusgen.cli.flags import SOURCE, command, flag
from statusgen.cli.moments import AT


@dataclass(frozen=True)
class NotifyFlags:
    """What the flags of `notify` say."""

    source: Path = flag(Path(), SOURCE)
    at: str | None = flag(None, AT)
    published: str | None = flag(
        None,
        "--published",
        metavar="FOLDER|URL",
        help="The site that residents see: only what is there is sent. Default: its url; without places under "
        "publish:, site/ in the source if it is there.",
    )
    channel: str | None = flag(None, "--channel", metavar="ID", help="The only channel to send to.")
    again: str | None = flag(
        None, "--again", metavar="POST/UPDATE", help="Send an update now that was tried and may not have arrived."
    )
    dry_run: bool = flag(False, "--dry-run", help="Print each message, and send nothing.")
    yes: bool = flag(False, "--yes", help="Send them even if there are many.")


@command(NotifyFlags)
def notify(flags: NotifyFlags) -> None:
    """Send each update that residents can see to the channels under notify: in services.yaml, once.

    Exit codes: 0, everything is sent, or waits for quiet hours to end; 4, something was not sent or may not have been.
    """
    from statusgen.cli.send_updates import send_updates

    send_updates(flags)
