"""A site that is edited again and again, and built with what is kept and without."""

from datetime import datetime
from pathlib import Path

from statusgen.audit.audit import audit_files
from statusgen.audit.part_cache import PartCache
from statusgen.board.board import make_board
from statusgen.content.reader import read_content
from statusgen.files import File
from statusgen.folder.write import write
from statusgen.lint.mistakes import find_mistakes
from statusgen.outputs.registry import all_files
from statusgen.speed.cache import Cache
from statusgen.theme.renderer import Renderer
from statusgen.wording.interface import available_languages

Files = dict[str, bytes]
# The theme's templates are the same in every folder that has none of its own; reading them takes longest.
PLAIN = Renderer(Path("a folder without templates"))
# In how many ways a city changes its words.
KINDS = ("word", "title", "status", "delete", "add", "rename", "rename a service", "unrelated")


def build_files(folder: Path, cache: Cache | None, at: datetime | None = None) -> Files:
    """Return every file of the site in a folder, with a cache or without."""
    content = read_content(folder, available_languages(), cache=cache)
    site = content.site
    assert site is not None
    assert [*content.problems, *find_mistakes(site, content.texts)] == []
    moment = at or site.last_update_at
    assert moment
    look = Renderer(folder) if (folder / "templates").exists() else PLAIN
    now = make_board(site, moment)
    kept = PartCache(now, look, cache or Cache(), folder / "site")
    made = kept.note_parts(all_files(now, look, provide=kept.provide))
    files = {file.path: file.content for file in audit_files(made, now, site)}
    kept.prune()
    if cache:
        write((File(*file) for file in files.items()), folder / "site", source=folder)
    return files


def edit(folder: Path, kind: str, number: int) -> None:
    """Change something; which post it is depends on the number."""
    posts = [path for path in sorted((folder / "incidents").glob("*.md")) if ".es" not in path.name]
    post, other = posts[number % len(posts)], posts[(number + 1) % len(posts)]
    if kind == "delete" and len(posts) > 2:
        post.unlink()
        post.with_suffix(".es.md").unlink(missing_ok=True)
    elif kind == "rename":
        for path in sorted((folder / "incidents").glob(f"{post.stem}.*")):
            path.rename(path.with_name(f"again-{path.name}"))
    elif kind == "add":
        text = post.read_text(encoding="utf-8").replace("trouble", "older", 1)
        post.with_name(f"2010-01-{number + 10}-added.md").write_text(text, encoding="utf-8")
    elif kind == "rename a service":
        services = folder / "services.yaml"
        words = services.read_text(encoding="utf-8")
        services.write_text(words.replace(f"name: Bills payments {number % 4}", "name: Payments"), encoding="utf-8")
    else:
        path = post.with_suffix(".es.md") if kind == "translation" else post
        path.write_text(_edit_text(path.read_text(encoding="utf-8"), kind, number, other.stem), encoding="utf-8")


def _edit_text(text: str, kind: str, number: int, other: str) -> str:
    """Change the text of a post; `other` is the id of another one."""
    if kind in ("word", "translation"):
        return f"{text}\nWord {number}.\n"
    if kind == "title":
        return text.replace("trouble", "misfortune", 1)
    if kind == "status":
        return text.replace(": down", ": limited", 1).replace(": degraded", ": down", 1)
    if kind == "unrelated" and "unrelated_to" not in text:
        return text.replace("services:", f"unrelated_to: [{other}]\nservices:", 1)
    return text
