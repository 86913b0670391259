"""Pictures that belong to drafts: kept beside them, without what they say of the place, the time and the maker.

They come into the site's folder with the post, when that is published.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from statusgen.content.images.exif import says_where
from statusgen.content.images.images import clean_upload
from statusgen.desk.contents import write_private
from statusgen.desk.words import DeskWords
from statusgen.text import slugify

FILES = "incidents/files"
"""Where a site has the pictures of its posts."""
MAX_PICTURES = 8

_NAME = re.compile(r"[0-9a-z-]{1,80}\.(?:png|jpg|jpeg|webp)")
# Where a picture says how it was made: in JPEG, PNG and WebP (CIPA DC-008), or in XMP, as text.
_EXIF = re.compile(rb"(?:Exif\0\0|eXIf|EXIF.{4})(?=II\*\0|MM\0\*)", re.DOTALL)
_XMP_PLACE = b"GPSLatitude"


class Removed(Enum):
    """What a picture said that nobody needs to see it, and says no longer."""

    NOTHING = "nothing"
    DETAILS = "details"
    PLACE = "place"


@dataclass(frozen=True)
class Picture:
    """A picture as it will be published: its bytes, the ending of its name, and what was removed from it."""

    content: bytes
    ending: str
    removed: Removed

    @classmethod
    def read(cls, content: bytes) -> "Picture":
        """Read a file that somebody chose; raise InvalidValue unless it is a picture that a post can show."""
        ending, clean = clean_upload(content)
        if clean == content:
            return cls(clean, ending, Removed.NOTHING)
        named = any(says_where(content[found.end() :]) for found in _EXIF.finditer(content))
        return cls(clean, ending, Removed.PLACE if named or _XMP_PLACE in content else Removed.DETAILS)

    def name(self, shows: str, day: datetime) -> str:
        """Return the name of its file: never its own, which may say who made it, or when."""
        words = "-".join(re.findall("[0-9a-z]+", slugify(shows)))[:40].strip("-") or "picture"
        return f"{day:%Y-%m-%d}-{words}-{hashlib.sha256(self.content).hexdigest()[:8]}{self.ending}"


class PictureStore:
    """The pictures of drafts, in a folder that only its owner can read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "pictures"

    def keep(self, draft: str, name: str, picture: Picture) -> None:
        """Keep a picture with a draft; it is on the disk when this returns. Raise OSError if there is no room."""
        write_private(self._folder / draft / name, picture.content)

    def list_folders(self) -> list[Path]:
        """Return the folder of each draft that has, or had, pictures: its name is the draft's id."""
        return [path for path in self._folder.iterdir() if path.is_dir()] if self._folder.is_dir() else []

    def read(self, draft: str, name: str) -> bytes | None:
        """Return a picture; None if there is none of that name."""
        if not _NAME.fullmatch(name):
            return None
        try:
            return (self._folder / draft / name).read_bytes()
        except OSError:
            return None


def describe_removed(value: str, words: DeskWords) -> str:
    """Return what was removed from the picture that was added last; "" if nothing was said of one."""
    _ = words.gettext
    said = {
        Removed.PLACE: _("We removed where it was taken, and everything else it said about how it was made."),
        Removed.DETAILS: _("We removed what it said about how it was made, like the time and the camera."),
        Removed.NOTHING: _("It said nothing about where and when it was taken."),
    }
    return next((text for removed, text in said.items() if removed.value == value), "")
