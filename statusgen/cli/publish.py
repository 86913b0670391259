"""`statusgen publish`: built, sent, and read back as residents see it."""

from dataclasses import dataclass

import click

from statusgen.cli.build_options import BuildOptions
from statusgen.cli.flags import command, flag


@dataclass(frozen=True)
class PublishFlags(BuildOptions):
    """What the arguments and the flags of `publish` say: what `build` takes, and where and how to send it."""

    targets: tuple[str, ...] = flag((), click.argument("targets", metavar="[TARGET]...", nargs=-1))
    dry_run: bool = flag(
        False, "--dry-run", help="Say what residents will see change and what would be sent; send nothing."
    )
    check: bool = flag(False, "--check", help="Compare what residents see at each target; build and send nothing.")
    force: bool = flag(False, "--force", help="Replace a newer site by this one.")
    no_git: bool = flag(False, "--no-git", help="Publish what is here; commit, fetch and push nothing.")
    read_by: str = flag(
        "", "--read-by", metavar="NAME", help="Who else has read what you wrote; git keeps the name with the change."
    )
    wait: int = flag(
        90, "--wait", metavar="SECONDS", show_default=True, help="How long to wait until residents see it."
    )
    drafts: bool = False  # no flag: drafts are not for residents


@command(PublishFlags)
def publish(flags: PublishFlags) -> None:
    """Build the site and send it to each TARGET, in order; then look at what residents see.

    A TARGET is the id of one under publish: in services.yaml, or an address, such as ssh://web@host/var/www/status.
    Default: all of those in services.yaml.
    """
    from statusgen.cli.publish_site import check_targets, publish_site

    if flags.read_by and flags.no_git:
        raise click.UsageError("--read-by is kept in git with the change, so it cannot be used with --no-git.")
    if flags.check and (flags.dry_run or flags.force):
        raise click.UsageError("--check sends nothing, so it cannot be used with --dry-run or --force.")
    raise SystemExit(check_targets(flags) if flags.check else publish_site(flags))
