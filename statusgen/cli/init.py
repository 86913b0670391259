"""`statusgen init`: a whole site to begin with."""

import json
import shlex
from pathlib import Path

import click

from statusgen import __version__, scaffold
from statusgen.cli.shared import handle_errors

# Hosts find no statusgen by its version alone: no package index is known to have it.
REQUIREMENT_PLACEHOLDER = f"""\
# Write here where the hosts get statusgen from; before that they cannot build the page.
# Either the wheel, kept in this folder:
#     ./statusgen-{__version__}-py3-none-any.whl
# or the address of the wheel, or of a repository with the commit:
#     statusgen @ https://packages.example.org/statusgen-{__version__}-py3-none-any.whl
#     statusgen @ git+https://git.example.org/statusgen@COMMIT"""


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option(
    "--starter", type=click.Choice([*scaffold.STARTERS]), default="city", show_default=True, help="Whose page it is."
)
@click.option(
    "--host",
    "hosts",
    type=click.Choice([*scaffold.HOSTS]),
    multiple=True,
    default=("github",),
    help="Where it will be published; can be given several times. Default: github.",
)
@handle_errors
def init(folder: Path, starter: str, hosts: tuple[str, ...]) -> None:
    """Lay out a new site in DIR, or here: services, templates of posts, and what publishes it.

    It overwrites nothing. What it writes is invented, and every page says that it is being set up, until you have
    made it yours.
    """
    requirement_lines = make_requirement()
    new_files = scaffold.make_files(starter, hosts, requirement_lines)
    scaffold.write_files(new_files, folder)
    titles = " and ".join(scaffold.HOSTS[host].title for host in dict.fromkeys(hosts))
    where = "here" if folder == Path() else f"in {folder}"
    click.echo(f"Laid out a page for {scaffold.STARTERS[starter].publisher} {where}, to be published on {titles}.")
    click.echo("Change what services.yaml marks with CHANGE. README.md has the rest, for you and your colleagues.")
    if requirement_lines == REQUIREMENT_PLACEHOLDER:
        click.echo("requirements.txt does not say yet where the hosts get statusgen from: write it there.")
    click.echo("Next:")
    first = "statusgen check" if folder == Path() else f"cd {shlex.quote(str(folder))}"
    commands = [first] if folder == Path() else [first, "statusgen check"]
    for command in (*commands, "statusgen serve    (until Ctrl-C)", "statusgen new", "statusgen build"):
        click.echo(f"  {command}")


def make_requirement() -> str:
    """The statusgen that runs now, as lines of a requirements file.

    Where it came from an address, such as a repository's, that address (PEP 610); else a remark that asks for one.
    """
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        origin = json.loads(distribution("statusgen").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    url = str(origin.get("url", ""))
    # Other machines cannot reach a path on this one.
    if not url.startswith("https://"):
        return REQUIREMENT_PLACEHOLDER
    vcs = origin.get("vcs_info", {})
    return f"statusgen @ {vcs['vcs']}+{url}@{vcs['commit_id']}" if vcs else f"statusgen @ {url}"
