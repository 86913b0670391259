"""What residents see change from one state of the site to another, in sentences, each once."""

from functools import partial
from pathlib import Path

from statusgen.board.model.whole_board import Board
from statusgen.cli.print_diff import LoadLanguage, describe_changes_between, make_data_files
from statusgen.desk.words import DeskWords
from statusgen.diff.published import BaselineError, load_from_files, load_from_folder
from statusgen.theme.renderer import Renderer


def list_changes(source: Path, before: Board, after: Board, words: DeskWords) -> list[str]:
    """Return what changes from one board of the site in `source` to another."""
    return _compare(_load(source, before), source, after, words)


def list_unpublished_changes(source: Path, now: Board, words: DeskWords) -> list[str]:
    """Return what changes from the page that was made here last to the folder as it is; nothing if none was made."""
    built = source / "site"
    if not (built / "status.json").exists():
        return []
    try:
        return _compare(partial(load_from_folder, built), source, now, words)
    except BaselineError:
        return []  # an older statusgen made it, say; it is made again


def _load(source: Path, board: Board) -> LoadLanguage:
    return partial(load_from_files, make_data_files(board, Renderer(source)))


def _compare(before: LoadLanguage, source: Path, after: Board, words: DeskWords) -> list[str]:
    sentences = describe_changes_between(before, _load(source, after), after.site.languages[0], words.language)
    return list(dict.fromkeys(map(words.say, sentences)))
