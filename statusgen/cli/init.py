"""`statusgen init`: a whole site to start with."""

import json
import shlex
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import click

from statusgen import __version__, scaffold
from statusgen.cli.errors import handle_errors

# A version alone would not do: no package index is known to have statusgen.
REQUIREMENT_PLACEHOLDER = f"""\
# Write here where your host can install statusgen from; until then it cannot build the page.
# Either the wheel, kept in this folder:
#     ./statusgen-{__version__}-py3-none-any.whl
# or the address of the wheel, or of a repository with the commit:
#     statusgen @ https://packages.example.org/statusgen-{__version__}-py3-none-any.whl
#     statusgen @ git+https://git.example.org/statusgen@COMMIT"""


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=".")
@click.option(
    "--starter",
    type=click.Choice([*scaffold.STARTERS]),
    default="city",
    show_default=True,
    help="Kind of organization.",
)
@click.option(
    "--host",
    "hosts",
    type=click.Choice([*scaffold.HOSTS]),
    multiple=True,
    default=("github",),
    help="Where it will be published. Can be repeated. Default: github.",
)
@handle_errors
def init(folder: Path, starter: str, hosts: tuple[str, ...]) -> None:
    """Create a new site in DIR, or here: services, templates of posts, and a publishing workflow.

    It overwrites nothing. What it writes is invented, and every page says that it is being set up until you have
    made it yours.
    """
    requirement_lines = make_requirement()
    new_files = scaffold.make_files(starter, hosts, requirement_lines)
    scaffold.write_files(new_files, folder)
    titles = " and ".join(scaffold.HOSTS[host].title for host in dict.fromkeys(hosts))
    where = "here" if folder == Path() else f"in {folder}"
    click.echo(f"Created a status page for {scaffold.STARTERS[starter].publisher} {where}, set up for {titles}.")
    click.echo(
        "Change what is marked with CHANGE in services.yaml. README.md explains the rest to you and your colleagues."
    )
    if requirement_lines == REQUIREMENT_PLACEHOLDER:
        click.echo(
            "Before you publish: add a line to requirements.txt that tells your host where to install statusgen from."
        )
    click.echo("Next:")
    first = "statusgen check" if folder == Path() else f"cd {shlex.quote(str(folder))}"
    commands = [first] if folder == Path() else [first, "statusgen check"]
    for command in (*commands, "statusgen serve    (until Ctrl-C)", "statusgen new", "statusgen build"):
        click.echo(f"  {command}")


def make_requirement() -> str:
    """Return the statusgen that is running as lines of a requirements file.

    If it was installed from a URL, such as a repository's, that is the URL (PEP 610); otherwise a comment asks for one.
    """
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
