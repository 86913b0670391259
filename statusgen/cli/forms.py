"""`statusgen forms`: the choices in the forms of the host, as services.yaml has them now."""

from pathlib import Path

import click

from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE
from statusgen.content.disk import read_file
from statusgen.forms import FILES, compare_choices, fill_choices, has_choices
from statusgen.problems import InvalidValue, StatusgenError
from statusgen.text import MAX_TEXT_BYTES


@click.command()
@SOURCE
@handle_errors
def forms(source: Path) -> None:
    """Renew the choices in the forms of the host, from services.yaml.

    Only the lines between the two remarks are replaced. The host shows them once the file is pushed.
    """
    from statusgen.editor.save import save_file
    from statusgen.editor.workspace import Workspace
    from statusgen.wording.interface import available_languages

    texts = {file: text for file, text in read_forms(source).items() if has_choices(text)}
    if not texts:
        hint = (
            "statusgen init --host github (or gitlab) creates one: make a site in an empty folder, and take it there."
        )
        raise StatusgenError(f"There is no form here, neither {' nor '.join(FILES)}. {hint}")
    # A mistake in a post is no reason for a form that is out of date.
    site = Workspace(source, available_languages()).site
    for file, text in texts.items():
        difference = compare_choices(text, site, file)
        if difference is None:
            click.echo(f"{file} has the services of services.yaml.")
            continue
        old = read_file(source, source / file, MAX_TEXT_BYTES)
        new = fill_choices(text, site, file)
        save_file(source / file, new.replace("\n", _line_end(old)).encode(), old)
        changes = [
            *(f"added {name}" for name in difference.missing),
            *(f"removed {name}" for name in difference.outdated),
        ]
        click.echo(f"{file}: {', '.join(changes) or 'in another order now'}. The host shows it once it is pushed.")


def _line_end(content: bytes) -> str:
    return "\r\n" if b"\r\n" in content else "\n"


def read_forms(source: Path) -> dict[str, str]:
    """Return the files that can have forms of the host, with newlines only; those that cannot be read are left out."""
    found = {}
    for file in FILES:
        try:
            content = read_file(source, source / file, MAX_TEXT_BYTES).decode()
        except (FileNotFoundError, InvalidValue, UnicodeDecodeError):
            continue
        found[file] = content.replace("\r\n", "\n")
    return found
