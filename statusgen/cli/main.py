"""The command `statusgen`: options in, one call, one message out."""

import gc
import os
import sys
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn

import click

from statusgen import __version__

# A module is imported when its command is used, so that the list of all commands is printed at once.
COMMANDS = {
    "init": "Create a new site, with a publishing workflow.",
    "import": "Make a site from another status page.",
    "build": "Build the site: all of it or nothing.",
    "publish": "Build the site, send it, and look at what residents see.",
    "check": "List every mistake, and give advice.",
    "diff": "Describe what residents will see change.",
    "verify": "Compare a copy of the site with its manifest.",
    "notify": "Send updates to those who asked for them, once.",
    "remind": "Remind staff of what is due, late or old.",
    "follow": "Look at the status of others, and suggest what to say.",
    "status": "Show the status of every service.",
    "serve": "Show the site on this computer as you write.",
    "desk": "Write and publish in a browser, with forms.",
    "submit": "Write what a form of the host says, and share it.",
    "forms": "Renew the choices in the forms of the host.",
    "upgrade": "Show what a site needs after a new version.",
    "kit": "Make one zip to publish with from any laptop.",
    "drill": "Hold a drill: a made-up bad night, in a copy of the site.",
    "export": "Print the history, a year's report, or redirects.",
    "schema": "Print the format's JSON Schema, for editors.",
    "language": "Create a file of the pages' words to translate.",
    "new": "Write a new post by answering a few questions.",
    "update": "Add an update to a post.",
    "confirm": "Confirm that what a post last said is still true.",
    "resolve": "End an incident and mark its services as working.",
    "correct": "Correct an update.",
    "undo": "Take back the last change.",
    "waive": "Announce that a fee or a deadline does not apply.",
    "deadline": "Announce a deadline.",
    "channel": "Add a temporary way to use a service.",
    "translate": "Prepare the translation of a post.",
    "promise": "Promise a time for the next update.",
    "set": "Set the status of a service.",
}
"""Each command and what it does, in the order of the list."""

# The module and the name of each command that is elsewhere than in the module of its name beside this one. The desk
# plays the other commands, so its folder comes after this.
_PLACES = {
    "import": ("cli.import_site", "import_site"),
    "set": ("cli.set_status", "set_status"),
    "desk": ("desk.command", "desk"),
}


class _LazyGroup(click.Group):
    """Commands that are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Return the names of all commands."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (likewise)
        """Return the command with this name, if there is one."""
        if cmd_name not in COMMANDS:
            return None
        module, name = _PLACES.get(cmd_name, (f"cli.{cmd_name}", cmd_name))
        command: click.Command = getattr(import_module(f"statusgen.{module}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (likewise)
        """Write the list of commands into the help."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


# With these, click suggests a command for a mistyped name.
_COMMAND_STUBS = {name: click.Command(name, help=summary) for name, summary in COMMANDS.items()}


@click.group(cls=_LazyGroup, commands=_COMMAND_STUBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="statusgen")
def main() -> None:
    """Turn a folder of service definitions and incident posts into a public status site.

    The folder has a services.yaml and the posts in incidents/. The site is a folder of plain files
    that any web server or file host can publish.
    """
    # Pydantic would search everything that is installed for its plugins, and run them.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    # A site is a great many small values that live until the end. The garbage collector would search them again and
    # again for cycles that are not there.
    gc.set_threshold(200_000, 20, 100)


def run() -> NoReturn:
    """Run the command that the shell asked for.

    One that succeeded exits as soon as its output is written. To free each value first would take longer than reading
    a few posts; the operating system frees all memory at once.
    """
    for output in (sys.stdout, sys.stderr):
        # What goes into a file or a pipe on Windows may be in an encoding that has no such letter.
        if isinstance(output, TextIOWrapper):
            output.reconfigure(errors="backslashreplace")
    try:
        main(prog_name="statusgen")
    except SystemExit as end:
        if end.code == 0:
            with suppress(OSError):  # Python itself reports output that cannot be written
                for stream in (sys.stdout, sys.stderr):
                    if stream:  # None if the shell has closed it
                        stream.flush()
                os._exit(0)
        raise
    raise AssertionError("click ends each command with an exit")
