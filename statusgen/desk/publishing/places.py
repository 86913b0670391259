"""Where residents read the page: it is made, sent, read back, and only then is anybody told."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import click

from statusgen import addresses
from statusgen.board.board import make_board
from statusgen.cli.build_options import BuildOptions
from statusgen.cli.build_site import build_site
from statusgen.cli.load import load_site
from statusgen.cli.moments import resolve_moment
from statusgen.cli.notify import NotifyFlags
from statusgen.cli.publish_site import choose_targets, send_to
from statusgen.cli.send_updates import send_updates
from statusgen.content.services import SERVICES_FILE, read_services
from statusgen.desk.publishing.job import Decision, Job, StepKind, Trouble
from statusgen.desk.publishing.signing import require_signing
from statusgen.desk.publishing.troubles import StoppedError
from statusgen.model.targets import Target
from statusgen.model.whole_site import Site
from statusgen.notify.deliver import Result
from statusgen.notify.published import PublishedUpdates
from statusgen.outputs.host import header_rules
from statusgen.problems import ContentError, NotifyError, StatusgenError, TrustError
from statusgen.publish.built_site import BuiltSite
from statusgen.publish.read_back import ReadBack, read_back
from statusgen.text import Json
from statusgen.theme.renderer import Renderer
from statusgen.trust.copies import CopyError, WebCopy
from statusgen.trust.manifest import MAX_BYTES, read_manifest
from statusgen.wording.interface import available_languages

_SHORT = 10.0  # seconds for a question that is only asked to say more


@dataclass(frozen=True)
class Patience:
    """How many seconds it may take until residents see it.

    `place` is for a place to show what was sent there, `host` for a host that makes the page itself, which is asked
    every `pause` seconds.
    """

    place: float = 90.0
    host: float = 300.0
    pause: float = 5.0


def build(source: Path, job: Job, keys: Sequence[Path]) -> Mapping[str, Json]:
    """Make the page in the folder from which it is sent, and sign it with the keys."""
    require_signing(source, job.plan.places.values(), keys)
    leaves_out = Decision.WITHOUT_BROKEN_POSTS in job.decisions
    content = build_site(BuildOptions(source=source, quarantine=leaves_out, keys=tuple(keys)))
    return {"left_out": len(content.left_out)}


def _open_place(source: Path, id: str) -> tuple[Target, Site, BuiltSite]:
    text = (source / SERVICES_FILE).read_bytes().decode(errors="replace")
    site, _, mistakes = read_services(text, source, available_languages())
    if site is None:
        raise ContentError(mistakes)
    return choose_targets(site, [id])[0], site, BuiltSite.open(source / "site", header_rules(site))


def send_place(source: Path, id: str) -> Mapping[str, Json]:
    """Send what was made to a place; raise PublishError."""
    target, _, built = _open_place(source, id)
    plan = send_to(target, built, source, print, lambda *_: None)
    return {"files": len(plan.sent) if plan else 0}


def read_place(source: Path, job: Job, id: str, patience: Patience) -> Mapping[str, Json]:
    """Read the page back as residents get it; raise StoppedError if it is not there."""
    if not id:
        return _await_host(source, job, patience)
    target, site, built = _open_place(source, id)
    page = addresses.file_path(addresses.incident(job.plan.post))
    seen = read_back(target.url or site.url, built, [page], patience.place)
    if not seen.arrived:
        raise _explain(seen)
    return {}


def _explain(seen: ReadBack) -> StoppedError:
    said = [f"{seen.url}: {seen.why}." if seen.why else "", *(f"{seen.url} {each}" for each in seen.findings)]
    technical = "\n".join(filter(None, said))
    if seen.findings:
        return StoppedError(Trouble.HALF_THERE, technical)
    minutes = -(-int(seen.cached_for.total_seconds()) // 60) if seen.cached_for else 0
    is_answered = "shows" in seen.why or "missing" in seen.why
    return StoppedError(Trouble.OLD_PAGE if is_answered else Trouble.HOST_SILENT, technical, minutes=minutes)


def _await_host(source: Path, job: Job, patience: Patience) -> Mapping[str, Json]:
    """Wait until the host, which makes the page itself, shows the post; once it was late, look only once."""
    is_made_elsewhere = any(step.kind is StepKind.JOIN for step in job.plan.steps)
    if not is_made_elsewhere:
        return _read_own(source, job.plan.url)
    was_late = any(entry.more.get("trouble") == Trouble.NOT_YET.value for entry in job.entries)
    ends = time.monotonic() + (0 if was_late else patience.host)
    while True:
        why = _find_words(source, job)
        if why is None:
            return {}
        if time.monotonic() + patience.pause > ends:
            raise StoppedError(Trouble.NOT_YET, why)
        time.sleep(patience.pause)  # a host does not say when it has made the page


def _find_words(source: Path, job: Job) -> str | None:
    """Return None if residents can read the post as it is here, else why not."""
    site, url = load_site(source), job.plan.url
    reading = resolve_moment(None, site)
    board = make_board(reading.site, reading.moment, with_next_change=False)
    views = [view for view in board.updates if view.incident.id == job.plan.post]
    try:
        shown = PublishedUpdates(WebCopy(url, _SHORT), board, Renderer(source))
        if views and shown.shows(views[0], site.languages[0]):
            return None
    except (CopyError, TrustError, NotifyError) as error:
        return f"{url}: {error}"
    return f"{url} does not have it yet."


def _read_own(source: Path, url: str) -> Mapping[str, Json]:
    """Return whether residents read what was made here, though nobody said that it is sent anywhere."""
    built = BuiltSite.open(source / "site", ())
    return {} if read_back(url, built, (), 0).arrived else {"nobody": True}


def find_shown(url: str) -> datetime | None:
    """Return of which moment the page is that residents see now; None if nobody can tell."""
    try:
        return read_manifest(WebCopy(url, _SHORT).read(addresses.manifest(), MAX_BYTES), url).moment if url else None
    except (CopyError, TrustError):
        return None


def tell_channels(source: Path, job: Job) -> Mapping[str, Json]:
    """Tell those who asked for it; what came of it is noted, and is no reason to say that residents do not see it."""
    again = job.again
    kept = (each for each in job.tellings if (each["channel"], each["update"]) != again)
    results: list[Json] = [{name: str(value) for name, value in each.items()} for each in kept]

    def note(result: Result) -> None:
        unit = result.parcel.unit
        said = {"channel": unit.channel.id, "update": unit.name, "event": result.event.value, "why": result.why}
        results.append(said)

    site = load_site(source)
    if not any(not channel.staff for channel in site.notify.channels) and not site.hub:
        return {"results": []}
    try:
        # It exits if something was not sent, or nobody can tell: the results say which.
        with suppress(SystemExit):
            flags = NotifyFlags(source=source, published=job.plan.url)
            send_updates(replace(flags, channel=again[0], again=again[1]) if again else flags, note)
    except (StatusgenError, click.ClickException) as error:
        return {"results": results, "why": error.message if isinstance(error, click.ClickException) else str(error)}
    return {"results": results}
