"""`statusgen language`: a catalog for translators."""

from pathlib import Path

import click

from statusgen.cli.errors import handle_errors
from statusgen.cli.flags import SOURCE


@click.command()
@click.argument("code")
@SOURCE
@handle_errors
def language(code: str, source: Path) -> None:
    """Create a file with the fixed words of the pages, for translation into a language.

    CODE is that of the language: so for Somali. It writes languages/CODE.po, with each text in English. Run it again
    after an upgrade: it adds new texts, keeps what is translated, and moves what no longer occurs to the end.
    """
    from statusgen.content.catalogs import parse_catalog
    from statusgen.content.disk import read_file
    from statusgen.content.languages import CATALOG_ENDING, CATALOGS_FOLDER, english_name
    from statusgen.content.services import SERVICES_FILE
    from statusgen.editor.save import save_file
    from statusgen.problems import ContentError, InvalidValue, Place, Problem
    from statusgen.text import MAX_TEXT_BYTES, decode_text
    from statusgen.wording.new_catalog import lay_out_catalog

    _refuse(code)
    file = f"{CATALOGS_FOLDER}/{code}{CATALOG_ENDING}"
    try:
        old = read_file(source, source / file, MAX_TEXT_BYTES)
    except FileNotFoundError:
        old = None
    except InvalidValue as wrong:
        raise ContentError([Problem(Place(file), wrong.what, wrong.hint)]) from None
    text, problems = decode_text(old, file) if old else (None, [])
    if text and not problems:
        problems = [*parse_catalog(text, code, file)[1]]
    if problems:
        raise ContentError(problems)
    made = lay_out_catalog(code, text)
    save_file(source / file, made.text.encode(), old)
    click.echo(f"{file}: {made.translated} of {made.total} texts are translated into {english_name(code)}.")
    if old:
        click.echo(f"New: {made.added}. No longer used, and kept at the end: {made.gone}.")
    if not _is_published(source / SERVICES_FILE, code):
        click.echo(f"To publish in it, add {code} to languages: in {SERVICES_FILE}.")


def _refuse(code: str) -> None:
    """Raise BadParameter for a code of no language, and for that of one that is there already."""
    from statusgen.content.languages import english_name, is_language
    from statusgen.wording.interface import available_languages

    if {code, code.partition("-")[0]} & {*available_languages()}:
        what = f"statusgen has its own words for {english_name(code)}: add {code} to languages: in services.yaml."
        raise click.BadParameter(what, param_hint="CODE")
    if not is_language(code):
        what = f'"{code}" is not the code of a language. Somali is so, Haitian Creole ht, Hmong hmn.'
        raise click.BadParameter(what, param_hint="CODE")


def _is_published(file: Path, code: str) -> bool:
    """Return whether services.yaml lists a language, as far as it can be read."""
    from statusgen.content.services import list_languages

    try:
        return code in list_languages(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeError):
        return False
