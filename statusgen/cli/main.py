"""The command `statusgen`: options in, one call, one message out."""

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

import click

from statusgen import __version__

# A module is imported when its command is used: the list of all commands should not take longer than reading it.
COMMANDS = {
    "init": "Lay out a new site, with what publishes it.",
    "build": "Build the site: all of it or nothing.",
    "check": "Name every mistake, and give advice.",
    "diff": "Tell what residents will see change.",
    "verify": "Compare a copy of the site with its manifest.",
    "status": "Show how every service stands.",
    "serve": "Show the site on this computer as you write.",
    "schema": "Print the format's JSON Schema, for editors.",
    "new": "Write a new post, from five answers at most.",
    "update": "Add an update to a post.",
    "resolve": "End an incident: all that it held works again.",
    "correct": "Put right what an update says.",
    "waive": "Say that a fee or a deadline does not apply.",
    "promise": "Say when there will be an update.",
    "set": "Say how a service stands now.",
}
"""Each command, in the order in which they are listed, and what it does."""

_MODULES = {"set": "set_status"}


class _LazyGroup(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Their names."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (likewise)
        """The command of a name, if there is one."""
        if cmd_name not in COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name)
        command: click.Command = getattr(import_module(f"statusgen.cli.{module}"), module)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (likewise)
        """The list in the help."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


# By these click tells what was meant by a name that is none.
_COMMAND_STUBS = {name: click.Command(name, help=summary) for name, summary in COMMANDS.items()}


@click.group(cls=_LazyGroup, commands=_COMMAND_STUBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="statusgen")
def main() -> None:
    """Turn a folder of service definitions and incident posts into a public status site.

    The folder has a services.yaml and the posts in incidents/. The site is a folder of plain files
    that any web server or file host can publish.
    """
    # Pydantic would look through everything that is installed for what plugs into it, and run that.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A site is a great many small values that stay to the end, and which the collector would look through again
    # and again for circles that are not there.
    gc.set_threshold(50_000, 20, 100)


def run() -> NoReturn:
    """The command itself, as the shell calls it.

    One that did what it was asked to ends as soon as all is said: to take every value apart first takes longer than to
    read some posts, and the system takes the memory back as a whole.
    """
    try:
        main(prog_name="statusgen")
    except SystemExit as end:
        if end.code == 0:
            with suppress(OSError):  # Python itself tells what cannot be said to the end
                for stream in (sys.stdout, sys.stderr):
                    if stream:  # none where the shell has closed it
                        stream.flush()
                os._exit(0)
        raise
    raise AssertionError("click ends each command with an exit")
