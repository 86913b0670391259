"""The publication that `statusgen publish` runs: one target after the other, each read back before the next."""

import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from statusgen.cli.build import EXIT_LEFT_OUT
from statusgen.cli.build_site import build_site
from statusgen.cli.load import load_site
from statusgen.cli.moments import current_time, drill_time, format_moment
from statusgen.cli.print_diff import describe_changes_between
from statusgen.cli.publish import PublishFlags
from statusgen.colleagues.published import note_published
from statusgen.colleagues.review import format_reader, is_somebody_else
from statusgen.colleagues.share import share
from statusgen.content.format.target_addresses import parse_target_address
from statusgen.content.services import SERVICES_FILE, read_services
from statusgen.diff.published import BaselineError, load_from_folder, load_from_url
from statusgen.drill.folder import find_drill
from statusgen.git import explain_missing_history, list_uncommitted, read_full_revision, repository_top, run_git
from statusgen.model.targets import Target
from statusgen.model.whole_site import Review, Site
from statusgen.outputs.host import header_rules
from statusgen.problems import InvalidValue, PublishError
from statusgen.publish.built_site import BuiltSite
from statusgen.publish.plan import Plan
from statusgen.publish.read_back import MirrorState, ReadBack, compare_mirrors, read_back
from statusgen.publish.send import Delivery, deliver, prepare_delivery
from statusgen.publish.target import Progress, PublishTarget
from statusgen.publish.targets import Say, open_target
from statusgen.text import did_you_mean, printable
from statusgen.wording.interface import available_languages

EXIT_NOT_SEEN = 4
"""The exit code of a publication that was sent, and that residents do not see."""
_MAX_SHOWN = 20  # paths


def publish_site(flags: PublishFlags) -> int:
    """Build the site, send it to each target and read it back; return the exit code; raises StatusgenError."""
    site = _check_names(flags)
    if flags.dry_run:
        # Elsewhere: site/ is what was published from here, for all who look at it.
        with TemporaryDirectory() as folder:
            return _publish_build(replace(flags, output=Path(folder) / "site"))
    if site and site.review is Review.TWO:
        _require_reader(flags)
    if not flags.no_git:
        share(flags.source, click.echo, format_reader(flags.read_by), drill_time())
    return _publish_build(flags)


def _require_reader(flags: PublishFlags) -> None:
    """Raise PublishError if something would become public that nobody but its writer has read, as far as git knows."""
    is_kept = repository_top(flags.source) is not None and not list_uncommitted(flags.source)
    if is_kept or is_somebody_else(flags.source, flags.read_by):
        return
    what = "Someone else has to read what you wrote before it is published (review: two in services.yaml)."
    if flags.read_by:
        what = f"{what} {printable(flags.read_by)} is the name under which you write."
    raise PublishError(f"{what} Nothing was published. When they have: statusgen publish --read-by NAME")


def _check_names(flags: PublishFlags) -> Site | None:
    """Raise click.UsageError for targets that cannot be meant, before anything is done; mistakes are the build's.

    Return the site as services.yaml has it; None if that has mistakes.
    """
    text = (flags.source / SERVICES_FILE).read_bytes().decode(errors="replace")
    site, _, _ = read_services(text, flags.source, available_languages())
    if site:
        choose_targets(site, flags.targets)
    return site


def _publish_build(flags: PublishFlags) -> int:
    content = build_site(flags)
    targets = choose_targets(content.site, flags.targets)
    built = BuiltSite.open(flags.target, header_rules(content.site))
    for number, target in enumerate(targets):
        if flags.dry_run:
            _describe_delivery(target, content.site, built, flags)
        elif code := _try_target(target, content.site, built, flags):
            for name in (other.id for other in targets[number + 1 :]):
                what = f"Nothing was sent to {name}, because the one before it comes first."
                click.echo(f"{what} To send it there anyway: statusgen publish {name}", err=True)
            return code
    return EXIT_LEFT_OUT if content.left_out else 0


def _try_target(target: Target, site: Site, built: BuiltSite, flags: PublishFlags) -> int:
    """Publish at a target, and return 0, or the exit code for what went wrong."""
    try:
        return 0 if _publish_at(target, site, built, flags) else EXIT_NOT_SEEN
    except PublishError as error:
        name = "" if str(error).startswith(f"{target.id}:") else f"{target.id}: "  # an address is its own name
        click.echo(f"{name}{error}", err=True)
        return 1
    except KeyboardInterrupt:
        click.echo(f"Stopped while {target.id} was published. To continue: statusgen publish", err=True)
        return 130  # as shells have it for Ctrl-C


def choose_targets(site: Site, names: Iterable[str]) -> list[Target]:
    """Return the targets that the names mean, all of the site's if there are no names; raises click.UsageError."""
    known = {target.id: target for target in site.targets}
    chosen = [_find_target(name, known, site) for name in names] or [*site.targets]
    if not chosen:
        hint = "Name one, like ssh://web@host/var/www/status, or write publish: into services.yaml."
        raise click.UsageError(f"There is nowhere to publish to yet. {hint}")
    return chosen


def _find_target(name: str, known: dict[str, Target], site: Site) -> Target:
    if name in known:
        return known[name]
    same = next((target for target in site.targets if target.to.text == name), None)
    if same:
        return same
    if ":" not in name:
        hint = did_you_mean(name, known) if known else "Write publish: into services.yaml, or give an address."
        raise click.BadParameter(f'There is no target "{printable(name)}". {hint}', param_hint="TARGET")
    try:
        return Target(id=name, to=parse_target_address(name))
    except InvalidValue as wrong:
        raise click.BadParameter(f"{wrong.what} {wrong.hint}", param_hint="TARGET") from None


def _prepare(
    target: Target, built: BuiltSite, source: Path, now: datetime, force: bool, say: Say
) -> tuple[PublishTarget, Delivery]:
    drill = find_drill(source)
    # What is sent from the site of a drill stays in the drill, with any place named.
    opened = open_target(drill.place, None, say) if drill else open_target(target.to, target.endpoint, say)
    return opened, prepare_delivery(opened, built, now, force, partial(contains_revision, source))


def send_to(
    target: Target, built: BuiltSite, source: Path, say: Say, progress: Progress, force: bool = False
) -> Plan | None:
    """Send the site to a target; return what was sent, None if it was there already; raise PublishError."""
    now = current_time()
    opened, delivery = _prepare(target, built, source, now, force, say)
    if delivery.plan is not None:
        # Before it: wherever this ends, residents may have read it.
        note_published(source, built.manifest.revision, drill_time())
        deliver(delivery, opened, built, now, progress)
    return delivery.plan


def _publish_at(target: Target, site: Site, built: BuiltSite, flags: PublishFlags) -> bool:
    """Send the site to a target, and say what residents see; return whether that is what was sent."""
    say, progress = partial(click.echo, err=True), partial(_show_progress, target.id)
    plan = send_to(target, built, flags.source, say, progress, flags.force)
    if plan is None:
        click.echo(f"{target.id}: nothing changed since it was sent last.")
    else:
        click.echo(f"{target.id}: {_count(len(plan.sent), 'file')} sent, {len(plan.deletions)} removed.")
    seen = read_back(target.url or site.url, built, plan.sent if plan else (), flags.wait)
    since = "" if plan is None else f" since {_format_clock(current_time(), site)}"
    if seen.arrived:
        click.echo(f"Residents see it at {seen.url}{since}.")
    else:
        _explain_read_back(seen)
    return seen.arrived


def _format_clock(moment: datetime, site: Site) -> str:
    """Return the time of day as people say it: 2:14 AM."""
    return f"{moment.astimezone(site.zone):%I:%M %p}".removeprefix("0")


def _explain_read_back(seen: ReadBack) -> None:
    """Say what residents see instead of what was sent."""
    if seen.lacks_pages:  # all of them, for one reason
        what = f"{seen.url} has the files, but does not answer the addresses of folders with their index.html."
        hint = "A bucket does so at its website address, or behind a CDN (docs/hosts/buckets.md)."
        click.echo(f"{what} {hint}", err=True)
        return
    for finding in seen.findings[:_MAX_SHOWN]:
        click.echo(f"{seen.url} {finding}", err=True)
    if len(seen.findings) > _MAX_SHOWN:
        click.echo(f"And {len(seen.findings) - _MAX_SHOWN} more.", err=True)
    if seen.findings:
        click.echo(f"Sent, but residents do not see all of it at {seen.url}. Publish again.", err=True)
        return
    click.echo(f"Sent, but residents do not see it yet: {seen.url}: {seen.why}.", err=True)
    if seen.cached_for:
        minutes = -(-seen.cached_for.total_seconds() // 60)
        click.echo(f"A cache in front of it may show the old one for {_count(int(minutes), 'more minute')}.", err=True)
    click.echo("Does this address lead to what was sent? (url: in services.yaml)", err=True)
    click.echo("Check again with: statusgen publish --check", err=True)


def _describe_delivery(target: Target, site: Site, built: BuiltSite, flags: PublishFlags) -> None:
    """Say what would be sent, and what residents would see change."""
    _, delivery = _prepare(target, built, flags.source, current_time(), flags.force, partial(click.echo, err=True))
    url = target.url or site.url
    click.echo(f"{target.id}, which residents see at {url}:")
    try:
        before, after = partial(load_from_url, url), partial(load_from_folder, built.folder)
        sentences = [*describe_changes_between(before, after, site.languages[0])]
        for sentence in sentences or ["Residents will see no change."]:
            click.echo(f"- {sentence}")
    except BaselineError as error:
        unknown = f"What residents see now cannot be read, so what changes for them is not known: {error}"
        click.echo(f"- {'Nothing is published there yet.' if delivery.published.manifest is None else unknown}")
    if delivery.plan is None:
        click.echo("Nothing would be sent.")
        return
    for verb, paths in (("send", delivery.plan.sent), ("remove", delivery.plan.deletions)):
        shown = ", ".join(map(printable, paths[:_MAX_SHOWN])) + (" …" if len(paths) > _MAX_SHOWN else "")
        if paths:
            click.echo(f"Would {verb} {_count(len(paths), 'file')}: {shown}")


def check_targets(flags: PublishFlags) -> int:
    """Say what residents see at each target; return 0 if it is the newest everywhere, else EXIT_NOT_SEEN."""
    site = load_site(flags.source, at=flags.at)
    targets = choose_targets(site, flags.targets) if flags.targets else site.targets
    urls = dict.fromkeys(target.url or site.url for target in targets) or (site.url,)
    states = compare_mirrors(urls, current_time(), timedelta(minutes=15))
    for state in states:
        click.echo(_describe_mirror(state, site))
    unpublished = any(_lacks_ours(state, site, flags.source) for state in states)
    if unpublished:
        click.echo("What was committed here since is not published yet: statusgen publish")
    return EXIT_NOT_SEEN if unpublished or not all(state.is_sound for state in states) else 0


def _lacks_ours(state: MirrorState, site: Site, source: Path) -> bool:
    """Return whether an address shows content that was changed since by commits here."""
    ours, theirs = read_full_revision(source, site.revision), state.manifest and state.manifest.revision
    return bool(ours and theirs and contains_revision(source, ours, theirs))


def _describe_mirror(state: MirrorState, site: Site) -> str:
    if state.manifest is None:
        return f"{state.url} cannot be judged: {state.why}."
    shows = f"{state.url} shows {format_moment(state.manifest.moment, site)}"
    if state.is_behind:
        return f"{shows} and is behind."
    return f"{shows}." if not state.findings else f"{shows}, but its {state.findings[0]}"


def contains_revision(source: Path, ours: str, theirs: str) -> bool | None:
    """Return whether our revision contains theirs; None if git cannot tell, as in a copy without the whole history."""
    names = ours.removesuffix("+"), theirs.removesuffix("+")
    if names[0] == names[1] or not all(name.isalnum() for name in names) or explain_missing_history(source):
        return None
    return run_git(source, "merge-base", "--is-ancestor", names[1], names[0]) is not None


def _show_progress(name: str, done: int, total: int) -> None:
    """Count the files in the terminal, if there is one and they are many."""
    if sys.stderr.isatty() and total > 50:
        end = "\r\x1b[K" if done == total else f"\r{name}: {done} of {total} files …"
        click.echo(end, nl=False, err=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
