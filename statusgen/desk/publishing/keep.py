"""The post's file: written if it is still the one that the person has seen, and never over anybody's words."""

from pathlib import Path

from statusgen.desk.publishing.job import Plan, Trouble
from statusgen.desk.publishing.more_files import are_written, find_missing, keep_files, restore_files
from statusgen.desk.publishing.troubles import StoppedError
from statusgen.editor.private_folder import private_folder
from statusgen.editor.save import save_file
from statusgen.problems import OutputError


def to_bytes(text: str | None) -> bytes | None:
    """Return a text as its file has it; None for no file."""
    return None if text is None else text.encode(errors="surrogateescape")


def to_text(content: bytes | None) -> str | None:
    """Return what a file has as a text from which `to_bytes` makes the same bytes."""
    return None if content is None else content.decode(errors="surrogateescape")


def read_post(source: Path, file: str) -> bytes | None:
    """Return a post's bytes; None if there is no such file."""
    try:
        return (source / file).read_bytes()
    except FileNotFoundError:
        return None


def is_written(source: Path, plan: Plan) -> bool:
    """Return whether the files are as the plan has them."""
    return read_post(source, plan.file) == to_bytes(plan.new) and are_written(source, plan)


def keep_post(source: Path, plan: Plan, was_begun: bool) -> None:
    """Write the post, unless it is there; raise StoppedError if somebody else has changed it.

    With `was_begun`, an attempt before this one may have written it, and colleagues may have added to it since.
    """
    if not (source / plan.file).resolve().is_relative_to(source.resolve()):
        raise OutputError(f"{plan.file} is outside this site, behind a link. Nothing was written.")
    now, folder = read_post(source, plan.file), private_folder(source)
    is_there = now == to_bytes(plan.new) or (was_begun and now is not None and _added(plan) in now)
    if not is_there and now != to_bytes(plan.old):
        raise StoppedError(Trouble.TWO_TEXTS, f"{plan.file} is not as it was when its form was opened.")
    missing = find_missing(source, plan)
    # The pictures before the post that shows them, and the translations after the post that they translate.
    pictures = [file for file in missing if not file.path.endswith(".md")]
    keep_files(source, folder, pictures)
    if not is_there:
        save_file(source / plan.file, to_bytes(plan.new) or b"", now)
    keep_files(source, folder, [file for file in missing if file not in pictures])


def _added(plan: Plan) -> bytes:
    """Return what the new text has at its end that the old one has not."""
    old, new = to_bytes(plan.old) or b"", to_bytes(plan.new) or b""
    return new.removeprefix(old).strip() or new


def restore_post(source: Path, plan: Plan) -> None:
    """Let the post's file be what it was, if it is still ours."""
    if not is_written(source, plan):
        return
    restore_files(source, private_folder(source), plan)
    if plan.old is None:
        (source / plan.file).unlink()
    else:
        save_file(source / plan.file, to_bytes(plan.old) or b"", to_bytes(plan.new))
