"""What a publication made: links to it, and the message of one line to copy."""

from dataclasses import dataclass, replace
from pathlib import Path

from statusgen import addresses
from statusgen.board.model.whole_board import Board
from statusgen.content.languages import native_name
from statusgen.desk.publishing.job import Job
from statusgen.desk.publishing.keep import is_written
from statusgen.desk.text_messages import describe_length
from statusgen.desk.words import DeskWords
from statusgen.wording.phrasing import Phrasing
from statusgen.wording.short_forms import incident_message


@dataclass(frozen=True)
class ReadableEdition:
    """What residents can read in one language, `language` by its code and `name` by its name in itself.

    `links` are what each is called, and its address. `message` is "" if the post was changed since, so that nobody
    copies words that are not public; `length` says how long it is.
    """

    language: str
    name: str
    links: tuple[tuple[str, str], ...]
    message: str = ""
    length: str = ""


def list_editions(source: Path, job: Job, board: Board, words: DeskWords) -> list[ReadableEdition]:
    """Return what residents can read of a publication in each language; nothing before they can."""
    if not job.live_since:
        return []
    # If the first place does not answer, its address would lead nobody to the post.
    board = replace(board, site=replace(board.site, url=job.live_url))
    incident = board.incident_by_id.get(job.plan.post)
    is_unchanged = incident is not None and is_written(source, job.plan)
    editions = []
    for code in board.site.languages:
        message = ""
        if incident and is_unchanged:
            message = incident_message(incident, board, Phrasing(board.site, code, plain=True))
        length = describe_length(message, words) if message else ""
        links = tuple(
            (name, job.live_url + addresses.in_language(address, code, board.site))
            for name, address in _name_pages(job.plan.post, words)
        )
        editions.append(ReadableEdition(code, native_name(code), links, message, length))
    return editions


def _name_pages(post: str, words: DeskWords) -> tuple[tuple[str, str], ...]:
    _ = words.gettext
    return (
        (_("Page of the post"), addresses.incident(post)),
        (_("Front page"), addresses.front()),
        (_("Call sheet, for those who answer the phone"), addresses.call_sheet()),
        (_("Poster to hang up"), addresses.poster()),
    )
