"""Mistakes that a merge makes of contents that are sound one by one."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

from statusgen.cache import Cache
from statusgen.colleagues.trees import SHARED_PATHS, read_tree
from statusgen.colleagues.work_tree import WorkTree
from statusgen.content.reader import read_content
from statusgen.lint.mistakes import find_mistakes
from statusgen.parallel import processor_count
from statusgen.problems import Problem
from statusgen.wording.interface import available_languages


def find_new_mistakes(tree: WorkTree, merged: str, *before: str) -> list[Problem]:
    """Return the mistakes in the content of a tree or commit that none of the others has, in the order of files."""
    found = _find_mistakes(tree, merged)
    if found:
        known = {(each.place.file, each.what) for other in before for each in _find_mistakes(tree, other)}
        found = {each for each in found if (each.place.file, each.what) not in known}
    return sorted(found)


def _find_mistakes(tree: WorkTree, files: str) -> set[Problem]:
    with TemporaryDirectory() as folder:
        content = read_content(
            extract(tree, files, Path(folder)),
            available_languages(),
            cache=Cache(tree.site),
            processes=processor_count(),
        )
    mistakes = find_mistakes(content.site, content.texts, content.problems) if content.site else ()
    return {*content.problems, *mistakes}


def extract(tree: WorkTree, files: str, folder: Path) -> Path:
    """Write the content of a tree or commit into a folder, and return where the site is in it."""
    asked = [f"{tree.prefix}{name}" for name in SHARED_PATHS]
    paths = b"".join(os.fsencode(path) + b"\0" for path in read_tree(tree.git, files, asked))
    tree.git.run("read-tree", "--reset", files)
    tree.git.run("checkout-index", "-f", "-z", "--stdin", f"--prefix={folder}/", input=paths)
    return folder / tree.prefix
