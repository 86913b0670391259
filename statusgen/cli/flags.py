'''Flags as fields of a frozen dataclass: declared once, and handed to the command with their types.

@dataclass(frozen=True)
class GreetFlags:
    name: str | None = flag(None, "--name", help="The person to greet.")

@command(GreetFlags)
def greet(flags: GreetFlags) -> None:
    """Greet somebody."""
'''

from collections.abc import Callable, Iterable
from dataclasses import field, fields
from functools import wraps
from inspect import get_annotations
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from statusgen.cli.errors import handle_errors

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
F = TypeVar("F", bound="DataclassInstance")
Option = Callable[[click.Command], click.Command]
"""What click.option and click.argument return: it adds a flag, or an argument, to a command."""

_OPTION = "option"


def _keep_time(_context: click.Context, _option: click.Parameter, source: Path) -> Path:
    """Return the folder of the site, once the clock of its drill counts, if it is that of one."""
    from statusgen.cli.moments import keep_time_of

    keep_time_of(source)
    return source


SOURCE = click.option(
    "--source",
    callback=_keep_time,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    help="The folder with services.yaml and incidents/. Default: the current folder.",
)


def flag(default: T, option: Option | str, /, *names: str, **settings: Any) -> T:
    """Return a dataclass field that an option fills: one that exists already, or a new one with these names.

    A new one whose default is False is a switch, and one whose default is () can be repeated, unless the settings,
    which are those of click.option, say otherwise.
    """
    if isinstance(option, str):
        derived = {"default": default, "is_flag": default is False, "multiple": default == ()}
        option = click.option(option, *names, **{**derived, **settings})
    return field(default=default, metadata={_OPTION: option})


def options_of(flags: "type[DataclassInstance]") -> list[Option]:
    """Return the options that the fields of a class declare: first its own, then those that it inherits.

    A class can take one back that it inherits, by a field with a default alone.
    """
    names = dict.fromkeys(name for owner in flags.__mro__ for name in get_annotations(owner))
    options = {each.name: each.metadata.get(_OPTION) for each in fields(flags)}
    return [option for name in names if (option := options[name])]


def make_command(
    function: Callable[..., None], run: Callable[..., None], options: Iterable[Option], name: str | None = None
) -> click.Command:
    """Return a command that calls `run`; its help is that of `function`, and its name, too, without a `name`."""
    made = click.command(name)(handle_errors(wraps(function)(run)))
    for option in options:
        option(made)
    return made


def command(flags: type[F]) -> Callable[[Callable[[F], None]], click.Command]:
    """Make a command of a function whose argument is what the flags say."""

    def make(function: Callable[[F], None]) -> click.Command:
        def run(**values: object) -> None:  # click calls it with the name and the value of each flag
            function(flags(**values))

        return make_command(function, run, options_of(flags))

    return make
