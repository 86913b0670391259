"""`statusgen init`: a whole site to begin with."""

import json
import shlex
from pathlib import Path

import click

from statusgen import __version__
from statusgen.cli.shared import explained

STARTERS = ("city", "library", "utility", "transit", "school")
HOSTS = ("github", "gitlab", "cloudflare", "netlify", "server")


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option("--starter", type=click.Choice(STARTERS), default="city", show_default=True, help="Whose page it is.")
@click.option(
    "--host",
    "hosts",
    type=click.Choice(HOSTS),
    multiple=True,
    default=("github",),
    help="Where it will be published; can be given several times. Default: github.",
)
@explained
def init(folder: Path, starter: str, hosts: tuple[str, ...]) -> None:
    """Lay out a new site in DIR, or here: services, templates of posts, and what publishes it.

    It overwrites nothing. What it writes is invented, and every page says that it is being set up, until you have
    made it yours.
    """
    from statusgen import starting

    laid_out = starting.files(starter, hosts, requirement())
    starting.place(laid_out, folder)
    titles = " and ".join(starting.HOSTS[host].title for host in dict.fromkeys(hosts))
    where = "here" if folder == Path() else f"in {folder}"
    click.echo(f"Laid out a page for {starting.STARTERS[starter].whose} {where}, to be published on {titles}.")
    click.echo("Change what services.yaml marks with CHANGE. README.md has the rest, for you and your colleagues.")
    click.echo("Next:")
    first = "statusgen check" if folder == Path() else f"cd {shlex.quote(str(folder))}"
    for command in (first, "statusgen serve", "statusgen build"):
        click.echo(f"  {command}")


def requirement() -> str:
    """The statusgen that runs now, as a line of a requirements file.

    Where it came from an address, such as a repository's, that address (PEP 610); else its version.
    """
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        origin = json.loads(distribution("statusgen").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    url = str(origin.get("url", ""))
    # Other machines cannot reach a path on this one.
    if not url.startswith("https://"):
        return f"statusgen=={__version__}"
    vcs = origin.get("vcs_info", {})
    return f"statusgen @ {vcs['vcs']}+{url}@{vcs['commit_id']}" if vcs else f"statusgen @ {url}"
