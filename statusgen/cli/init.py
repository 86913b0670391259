"""`statusgen init`: a whole site to start with."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import click

from statusgen import __version__, scaffold
from statusgen.cli.errors import handle_errors
from statusgen.git_network import HOW_TO_NAME_USER, lacks_user


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
    installed = find_installation()
    new_files = {**scaffold.make_files(starter, hosts, installed.requirement), **installed.files}
    scaffold.write_files(new_files, folder)
    titles = " and ".join(scaffold.HOSTS[host].title for host in dict.fromkeys(hosts))
    where = "here" if folder == Path() else f"in {folder}"
    click.echo(f"Created a status page for {scaffold.STARTERS[starter].publisher} {where}, set up for {titles}.")
    click.echo(
        "Change what is marked with CHANGE in services.yaml. README.md explains the rest to you and your colleagues."
    )
    if installed.remark:
        click.echo(installed.remark.replace("DIR", shlex.quote(str(folder))))
    if lacks_user():
        what = "Git does not know who you are. If you keep this folder in git, type this once, with your own name"
        click.echo(f"{what} and address:\n{HOW_TO_NAME_USER}")
    click.echo("Next:")
    first = "statusgen check" if folder == Path() else f"cd {shlex.quote(str(folder))}"
    commands = [first] if folder == Path() else [first, "statusgen check"]
    for command in (*commands, "statusgen serve    (until Ctrl-C)", "statusgen new", "statusgen build"):
        click.echo(f"  {command}")


@dataclass(frozen=True)
class Installation:
    """Where a host can install the statusgen that is running from.

    `requirement` is a line of requirements.txt, `files` what it needs beside it, and `remark` what is left to do.
    """

    requirement: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    remark: str = ""


def find_installation() -> Installation:
    """Return where the statusgen that is running came from (PEP 610), if that can be reached from elsewhere.

    Otherwise its wheel has to come along. A version alone would not do: where it was installed from a folder of wheels,
    the same name in a package index can be anyone's.
    """
    try:
        origin = json.loads(distribution("statusgen").read_text("direct_url.json") or "{}")
    except (PackageNotFoundError, ValueError):
        origin = {}
    url = str(origin.get("url", ""))
    if url.startswith("https://"):
        vcs = origin.get("vcs_info", {})
        return Installation(f"statusgen @ {vcs['vcs']}+{url}@{vcs['commit_id']}" if vcs else f"statusgen @ {url}")
    path = Path(url2pathname(urlsplit(url).path))
    if path.suffix == ".whl" and path.is_file():
        return Installation(f"./{path.name}", {path.name: path.read_bytes()})
    name = f"statusgen-{__version__}-py3-none-any.whl"
    origin_words = shlex.quote(str(path)) if url and path.is_dir() else f"statusgen=={__version__}"
    remark = f"Before you publish: your host will install {name} from this folder, where it is not yet. Get it with:"
    return Installation(f"./{name}", remark=f"{remark}\n  pip wheel --no-deps --wheel-dir DIR {origin_words}")
