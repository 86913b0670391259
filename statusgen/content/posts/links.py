"""Where the links and pictures of a post lead within the site."""

import re
from collections.abc import Collection
from pathlib import PurePosixPath
from urllib.parse import unquote

from statusgen.english import English
from statusgen.problems import InvalidValue
from statusgen.text import did_you_mean, quote_text

INCIDENTS_FOLDER = "incidents"


def find_image_path(file: str, target: str) -> PurePosixPath:
    """Return the path below incidents/ of a picture that the post in `file` shows; ".." leads out of the folder."""
    folder = PurePosixPath(file).parent.relative_to(INCIDENTS_FOLDER)
    return _normalize_path(folder / unquote(target))


def parse_post_link(target: str, posts: Collection[str]) -> tuple[str, str]:
    """Return the id of the post that a link leads to, and its fragment; raise InvalidValue if it is not in `posts`."""
    name, _, fragment = unquote(target).partition("#")
    if not name.endswith(".md") or not re.fullmatch(r"[\w-]*", fragment):
        raise InvalidValue(English("The link %(target)s leads nowhere.", target=quote_text(target)), _link_hint(target))
    id = PurePosixPath(name).stem
    if id not in posts:
        raise InvalidValue(
            English("There is no post %(name)s to link to.", name=quote_text(name)), did_you_mean(id[:100], posts)
        )
    return id, fragment


def _link_hint(target: str) -> str:
    """Return what to write instead of a link that leads nowhere."""
    if re.match(r"(www\.|[\w-]+(\.[\w-]+)*\.(org|com|gov|net|us|edu)\b)", target):
        return English('Write "https://%(target)s.', target=quote_text(target)[1:])
    if re.fullmatch(r"[^@\s]+@[^@\s]+", target):
        return English('Write "mailto:%(target)s.', target=quote_text(target)[1:])
    return English("Write a full address, like https://www.example.org/page, or the file name of a post, like name.md.")


def _normalize_path(path: PurePosixPath) -> PurePosixPath:
    """Return a path without "..", except those that lead out of it."""
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return PurePosixPath(*parts)
