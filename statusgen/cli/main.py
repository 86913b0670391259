"""The command `statusgen`: options in, one call, one message out."""

import click

from statusgen import __version__
from statusgen.cli.build import build
from statusgen.cli.check import check
from statusgen.cli.correct import correct
from statusgen.cli.diff import diff
from statusgen.cli.init import init
from statusgen.cli.new import new
from statusgen.cli.promise import promise
from statusgen.cli.resolve import resolve
from statusgen.cli.schema import schema
from statusgen.cli.serve import serve
from statusgen.cli.set_status import set_status
from statusgen.cli.status import status
from statusgen.cli.update import update
from statusgen.cli.verify import verify
from statusgen.cli.waive import waive


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="statusgen")
def main() -> None:
    """Turn a folder of service definitions and incident posts into a public status site.

    The folder has a services.yaml and the posts in incidents/. The site is a folder of plain files
    that any web server or file host can publish.
    """


for command in (
    init,
    build,
    check,
    diff,
    verify,
    status,
    serve,
    schema,
    new,
    update,
    resolve,
    correct,
    waive,
    promise,
    set_status,
):
    main.add_command(command)
