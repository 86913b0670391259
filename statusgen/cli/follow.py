"""`statusgen follow`: what others say of their own services, and what to say of ours."""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from statusgen.cli.errors import parse_flag
from statusgen.cli.flags import SOURCE, command, flag

if TYPE_CHECKING:
    from statusgen.follow.look import Look
    from statusgen.follow.suggest import Suggestion
    from statusgen.model.following import Followed
    from statusgen.model.whole_site import Site
    from statusgen.text import Json

EXIT_SUGGESTIONS = 3
"""The exit code if there is something to decide."""
TITLE = "Others report problems, and our status page may have to say so"
"""What the workflows call the issue that they open: one is open at a time."""
FORMATS = ("text", "json", "markdown")


@dataclass(frozen=True)
class FollowFlags:
    """What the flags of `follow` say."""

    source: Path = flag(Path(), SOURCE)
    ids: tuple[str, ...] = flag((), click.argument("ids", nargs=-1, metavar="[ID]..."))
    write: bool = flag(False, "--write", help="Write each report as a draft of a post, once for each outage.")
    document: str | None = flag(
        None, "--document", metavar="FILE", help="What a monitor sent: a file, or - for standard input."
    )
    as_: str | None = flag(None, "--as", "as_", metavar="ID", help="The monitor under follow: that sent the document.")
    format: str = flag("text", "--format", type=click.Choice(FORMATS), help="Default: text.")


@command(FollowFlags)
def follow(flags: FollowFlags) -> None:
    """Look at the pages and monitors under follow: in services.yaml, and suggest what to say of our services.

    With IDs, only what these say is shown. Nothing is published: a person reads each suggestion, and decides.

    Exit codes: 0, there is nothing to decide; 1, there are mistakes in the content; 3, there are suggestions.
    """
    from statusgen.board.board import make_board
    from statusgen.cli.load import load_site
    from statusgen.cli.moments import current_time, resolve_moment
    from statusgen.follow.following import Following

    reading = resolve_moment(None, load_site(flags.source))
    _check_ids(flags.ids, reading.site)
    documents = _read_document(flags, reading.site)
    following = Following(flags.source, reading.site, current_time())
    looks = following.look(os.environ, documents)
    _refuse_wrong_document(looks, documents)
    board = make_board(reading.site, reading.moment, with_next_change=False)
    chosen = [each for each in following.suggest(board) if not flags.ids or each.followed.id in flags.ids]
    written = {each.key: path for each in chosen if flags.write and (path := following.write(each))}
    shown = [look for look in looks if not flags.ids or look.followed.id in flags.ids]
    click.echo(_PRINTERS[flags.format](shown, chosen, written, reading.site))
    if chosen:
        raise SystemExit(EXIT_SUGGESTIONS)


def _check_ids(ids: Iterable[str], site: "Site") -> None:
    for id in ids:
        parse_flag("ID", lambda text: _find_followed(text, site), id)


def _find_followed(id: str, site: "Site") -> "Followed":
    """Return what has this id; raise InvalidValue."""
    from statusgen.content.format.values import check_known_name

    known = {each.id: each for each in site.follow}
    return known[check_known_name(id, known.keys(), "entry of follow:")]


def _read_document(flags: FollowFlags, site: "Site") -> dict[str, bytes]:
    """Return what a monitor sent, by its id; blame the flag if nobody can tell which monitor that is."""
    from statusgen.follow.fetch import MAX_BYTES

    if flags.document is None:
        if flags.as_:
            raise click.BadParameter("Name the document, too: --document FILE, or - for stdin.", param_hint="--as")
        return {}
    monitors = [each for each in site.follow if each.kind.is_monitor]
    if flags.as_:
        followed = parse_flag("--as", lambda text: _find_followed(text, site), flags.as_)
    elif len(monitors) == 1:
        followed = monitors[0]
    else:
        ids = ", ".join(each.id for each in monitors)
        hint = f"Choose from: {ids}." if monitors else "There is no monitor under follow: in services.yaml."
        raise click.BadParameter(f"Say which monitor sent the document. {hint}", param_hint="--as")
    if not followed.kind.is_monitor:
        what = f"{followed.id} is a page, and no monitor that sends documents."
        raise click.BadParameter(what, param_hint="--as")
    with click.open_file(flags.document, "rb") as file:
        content: bytes = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise click.BadParameter(f"It is larger than {MAX_BYTES:,} bytes.", param_hint="--document")
    return {followed.id: content}


def _refuse_wrong_document(looks: "Iterable[Look]", documents: Mapping[str, bytes]) -> None:
    """Raise StatusgenError if a document is not what its monitor sends."""
    from statusgen.problems import StatusgenError

    for look in looks:
        if look.failure and look.followed.id in documents:
            what = f"The document is not what a monitor of the kind {look.followed.kind.value} sends"
            raise StatusgenError(f"{what}: {look.failure}. See docs/hosts/following.md.")


def _as_text(
    looks: "Sequence[Look]", suggestions: "Sequence[Suggestion]", written: Mapping[str, str], site: "Site"
) -> str:
    """Return what was seen, and each suggestion with what to do."""
    lines = [f"{look.followed.id}: {words}" for look in looks for words in _describe_look(look, site)]
    if not lines:
        lines = ["Nothing is followed: there is no follow: in services.yaml."]
    for each in suggestions:
        lines += ["", each.headline, *(f"  {words}" for words in _list_details(each, written))]
    if not suggestions:
        lines += ["", "There is nothing to decide."]
    return "\n".join(lines)


def _describe_look(look: "Look", site: "Site") -> Iterator[str]:
    """Yield how each component that matters to us stands by what they say, or why that cannot be told."""
    from statusgen.editor.times import format_time
    from statusgen.follow.seen import NotReadError
    from statusgen.model.times import When

    for dependence in look.followed.dependences:
        name = dependence.component or "as a whole"
        try:
            seen = look.find(dependence) if look.is_asked else None
        except NotReadError as error:
            yield f"{name}: cannot be read: {error}"
            continue
        if seen is None:
            yield f"{name}: it sends what changes, and nothing was given"
        else:
            since = f", since {format_time(When.moment(seen.since), site.zone)}" if seen.since else ""
            title = f" ({seen.title})" if seen.title else ""
            yield f"{name}: {seen.status.value}{since}{title}"


def _list_details(suggestion: "Suggestion", written: Mapping[str, str]) -> Iterator[str]:
    yield from suggestion.decide
    if suggestion.link:
        yield f"They report it at {suggestion.link}"
    if path := written.get(suggestion.key):
        yield f"Wrote {path}, a draft. Read it; without the line draft: true it is published with the page."
    else:
        yield f"What to do: {suggestion.command}"


def _as_json(
    looks: "Sequence[Look]", suggestions: "Sequence[Suggestion]", written: Mapping[str, str], site: "Site"
) -> str:
    """Return the same for programs."""
    document = {
        "looked": [{"id": look.followed.id, "said": [*_describe_look(look, site)]} for look in looks],
        "suggestions": [_make_record(each, written, site) for each in suggestions],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _make_record(suggestion: "Suggestion", written: Mapping[str, str], site: "Site") -> "dict[str, Json]":
    return {
        "kind": suggestion.kind.value,
        "id": suggestion.followed.id,
        "key": suggestion.key,
        "headline": suggestion.headline,
        "decide": [*suggestion.decide],
        "link": suggestion.link,
        "command": suggestion.command,
        "posts": [*suggestion.posts],
        "draft": suggestion.draft.as_post(site.zone) if suggestion.draft else None,
        "written": written.get(suggestion.key),
    }


def _as_markdown(
    looks: "Sequence[Look]",  # noqa: ARG001 - an issue has what is to be decided alone
    suggestions: "Sequence[Suggestion]",
    written: Mapping[str, str],
    site: "Site",
) -> str:
    """Return the suggestions for an issue; nothing of theirs is a link, a picture, or calls anybody."""
    if not suggestions:
        return "There is nothing to decide."
    parts = ["Nothing here is published. Check it yourself, and decide."]
    for each in suggestions:
        parts += [f"## {_escape(each.headline)}", *(f"- {_escape(words)}" for words in _list_details(each, written))]
        if each.draft:
            parts.append(_fence(each.draft.as_post(site.zone)))
    return "\n\n".join(parts)


def _escape(words: str) -> str:
    """Return words as Markdown shows them; a comment behind @ and # keeps a host from making a name or number of it."""
    from statusgen.cli.submit import escape

    return re.sub("&#(?:35|64);", lambda sign: f"{sign[0]}<!-- -->", escape(words))


def _fence(text: str) -> str:
    """Return a text as code, in a fence that is longer than any in it."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{text.rstrip()}\n{fence}"


_Printer = Callable[["Sequence[Look]", "Sequence[Suggestion]", Mapping[str, str], "Site"], str]
_PRINTERS: Mapping[str, _Printer] = {"text": _as_text, "json": _as_json, "markdown": _as_markdown}
