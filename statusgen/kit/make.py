"""Puts a kit together: one zip."""

import hashlib
import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from statusgen.kit.card import CardFacts, format_page, format_text, make_card
from statusgen.kit.gather import EXTRAS, Gathered
from statusgen.kit.site_files import SiteFiles
from statusgen.kit.systems import System, format_python
from statusgen.kit.zip_file import add_to_zip
from statusgen.model.whole_site import Site

FOLDER = "status-kit"
"""What a kit is unpacked into."""
_INSTALLERS = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Kit:
    """What goes into a kit; it says nothing but this and the files that install it."""

    site: Site
    site_files: SiteFiles
    gathered: Gathered
    systems: Sequence[System]
    pythons: Sequence[tuple[int, int]]
    contacts: Sequence[str]
    version: str
    moment: datetime

    def write(self, output: Path) -> str:
        """Write the zip, all of it or nothing, and return its SHA-256 as hexadecimal digits."""
        files = self._make_files()
        sums = "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files)).encode()
        files |= {"SHA256SUMS": sums, **self._make_cards(hashlib.sha256(sums).hexdigest())}
        with tempfile.NamedTemporaryFile(dir=output.parent, prefix=f".{output.name}.", delete=False) as written:
            part = Path(written.name)
        try:
            with zipfile.ZipFile(part, "w") as archive:
                for path in sorted(files):
                    add_to_zip(archive, f"{FOLDER}/{path}", files[path], self.moment)
            digest = hashlib.sha256(part.read_bytes()).hexdigest()
            part.replace(output)
        finally:
            part.unlink(missing_ok=True)
        return digest

    def _make_files(self) -> dict[str, bytes]:
        """Return every file that SHA256SUMS names, by its path in the kit."""
        files = {f"site/{path}": content for path, content in self.site_files.files.items()}
        files |= {f"wheels/{wheel.path.name}": wheel.path.read_bytes() for wheel in self.gathered.wheels}
        if self.site_files.history:
            files["history.bundle"] = self.site_files.history
        about = {
            "made": self.moment.isoformat(),
            "statusgen": self.version,
            "pythons": [format_python(python) for python in self.pythons],
            "extras": [*EXTRAS],
            "site": "/".join(filter(None, ("site", self.site_files.folder))),
            "branch": self.site_files.branch,
            "origin": self.site_files.origin,
        }
        files["kit.json"] = json.dumps(about, indent=2).encode()
        return files | self._fill_in_installers()

    def _fill_in_installers(self) -> dict[str, bytes]:
        """Return what installs the kit, with the versions of Python that it is for, the newest first."""
        pythons = sorted(self.pythons, reverse=True)
        values = {
            b"@VERSIONS@": " ".join(map(format_python, pythons)).encode(),
            b"@TUPLES@": f"[{', '.join(map(str, pythons))}]".encode(),
        }
        files = {}
        for path in sorted(_INSTALLERS.glob("install.*")):
            content = path.read_bytes()
            for name, value in values.items():
                content = content.replace(name, value)
            files[path.name] = content
        return files

    def _make_cards(self, sums_hash: str) -> Mapping[str, bytes]:
        facts = CardFacts(
            self.site,
            self.moment,
            self.version,
            [format_python(python) for python in sorted(self.pythons)],
            [system.title for system in self.systems],
            self.gathered,
            self.site_files,
            self.contacts,
            sums_hash,
        )
        card = make_card(facts)
        return {
            "CARD.txt": format_text(facts.title, card).encode(),
            "CARD.html": format_page(facts.title, card).encode(),
        }
