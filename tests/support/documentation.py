"""The pages in docs/, for tests that do what they say."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.support.paths import ROOT


def code_blocks(page: Path, language: str) -> Iterator[str]:
    """Yield the code blocks of a page in one language, without the indent that a list gives them."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for indent, block in found:
        yield re.sub(rf"^{indent}", "", block, flags=re.MULTILINE)


def copy_example(folder: Path) -> None:
    """Copy the example, which the pages begin with, into a folder."""
    shutil.copy(ROOT / "services.yaml", folder)
    for part in ("incidents", "templates"):
        shutil.copytree(ROOT / part, folder / part)
